"""Data sets in the store, and the concepts that their standards share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from graph.repository import query_text
from ontology.model import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.store import RdfStore

__all__ = ["ConceptSummary", "DatasetSummary", "list_concepts", "list_datasets", "list_names"]


@dataclass(frozen=True, slots=True)
class ConceptSummary:
    """A shared concept in a line. ``code`` is its notation, empty where it has none but its name."""

    iri: str
    kind: ConceptKind
    code: str
    name: str
    language: str
    framework: str
    description: str


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """A loaded release; ``attribution`` is the sentence that its publisher asks to be shown."""

    iri: str
    title: str
    version: str
    framework: str
    licence: str
    attribution: str


def list_datasets(store: RdfStore) -> tuple[DatasetSummary, ...]:
    """The loaded releases, by framework and title; empty while nothing was loaded."""
    if not store.graphs():
        return ()
    found = [
        DatasetSummary(
            str(row["dataset"]),
            str(row["title"]),
            str(row.get("version", "")),
            _last_segment(str(row["framework"])),
            str(row.get("licence", "")),
            str(row.get("attribution", "")),
        )
        for row in store.select(query_text("datasets.rq"))
    ]
    return tuple(sorted(found, key=lambda one: (one.framework, one.title, one.iri)))


def list_concepts(store: RdfStore) -> Iterator[ConceptSummary]:
    """The shared concepts of all releases, each once, in the order of their IRIs."""
    if not store.graphs():
        return
    rows = store.select(query_text("concepts.rq"))
    seen: set[str] = set()
    for row in sorted(rows, key=lambda one: (str(one["concept"]), str(one["name"]))):
        iri, name = str(row["concept"]), str(row["name"])
        if iri in seen:
            continue
        seen.add(iri)
        code = str(row.get("code", ""))
        yield ConceptSummary(
            iri,
            ConceptKind(str(row["kind"])),
            "" if code == name else code,
            name,
            getattr(row["name"], "language", None) or "und",
            _last_segment(str(row["framework"])),
            str(row.get("description", "")),
        )


def list_names(store: RdfStore) -> dict[str, list[tuple[str, str]]]:
    """What standards and concepts are called besides their names, by IRI: texts with their language."""
    names: dict[str, list[tuple[str, str]]] = {}
    if store.graphs():
        for row in store.select(query_text("alternative-names.rq")):
            language = getattr(row["name"], "language", None) or "und"
            names.setdefault(str(row["of"]), []).append((str(row["name"]), language))
    return names


def _last_segment(iri: str) -> str:
    return unquote(iri.replace("#", "/").rpartition("/")[2])

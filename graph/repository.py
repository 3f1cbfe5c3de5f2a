"""Standards in the store: publish them, list them, find one by what people call it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from rdflib import URIRef

from ontology.errors import NotFound
from ontology.identifiers import standard_key
from ontology.model import Kind
from ontology.rdf import from_graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graph.store import RdfStore
    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = [
    "StandardSummary",
    "find_standard",
    "list_standards",
    "load_standard",
    "load_standards",
    "query_text",
]


@dataclass(frozen=True, slots=True)
class StandardSummary:
    """A loaded standard in a line. ``counts`` has the number of elements by kind, sub-items not among them;
    ``code`` is the code with its version, ``series`` the IRI of all its versions together."""

    iri: str
    code: str
    name: str
    language: str
    framework: str
    version: str
    level: int | None
    series: str
    counts: Mapping[Kind, int]


@cache
def query_text(name: str) -> str:
    """One of the project's own queries, from ``graph/queries``."""
    return files("graph").joinpath("queries", name).read_text(encoding="utf-8")


def list_standards(store: RdfStore) -> tuple[StandardSummary, ...]:
    """All loaded standards, by code; empty while nothing was loaded. One query, whatever their number."""
    if not store.graphs():
        return ()
    counts: dict[str, dict[Kind, int]] = {}
    for row in store.select(query_text("element-counts.rq")):
        kind = str(row["class"]).rpartition("#")[2].lower()
        counts.setdefault(str(row["standard"]), {})[Kind(kind)] = int(str(row["count"]))
    found: dict[str, StandardSummary] = {}
    for row in store.select(query_text("standards.rq")):
        iri = str(row["standard"])
        name = row["name"]
        found[iri] = StandardSummary(
            iri=iri,
            code=str(row["code"]),
            name=str(name),
            language=getattr(name, "language", None) or "und",
            framework=str(row["framework"]),
            version=str(row.get("version", "")),
            level=int(str(row["level"])) if "level" in row else None,
            series=str(row.get("series", "")),
            counts=counts.get(iri, {}),
        )
    return tuple(sorted(found.values(), key=lambda one: (one.framework, one.code)))


def find_standard(standards: Sequence[StandardSummary], key: str) -> StandardSummary:
    """The standard that ``key`` names: its IRI, its code in any case, or its code without the version, which
    means the latest version that is loaded.

    Raises ``NotFound`` with the nearest codes there are.
    """
    wanted = key.strip()
    folded = wanted.casefold()
    for one in standards:
        if wanted == one.iri or folded == one.code.casefold() or folded == standard_key(one.code).casefold():
            return one
    versions = [one for one in standards if one.code.casefold().rpartition("v")[0] == folded]
    if versions:
        return max(versions, key=lambda one: int(one.code.casefold().rpartition("v")[2]))
    codes = [one.code for one in standards]
    near = difflib.get_close_matches(wanted, codes, n=3, cutoff=0.5) or codes[:3]
    hint = f"; there is {', '.join(near)}" if near else "; none has been loaded"
    raise NotFound(key, f"no standard is known under {key!r}{hint}")


def load_standard(store: RdfStore, identifiers: Identifiers, iri: str) -> Standard:
    """A standard by its IRI. Raises ``NotFound``."""
    return from_graph(store.graph(iri), URIRef(iri), identifiers)


def load_standards(store: RdfStore, identifiers: Identifiers) -> Iterator[Standard]:
    """All loaded standards, by code."""
    for one in list_standards(store):
        yield load_standard(store, identifiers, one.iri)

"""What the loaded standards say of themselves as a whole: profile, versions and notes, without elements."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote

from graph.repository import query_text
from ontology.model import Classification, Note, Standard, VersionEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.store import RdfStore, Row
    from ontology.identifiers import Identifiers

__all__ = ["load_headers"]


def load_headers(store: RdfStore, identifiers: Identifiers, details: Sequence[str]) -> Mapping[str, Standard]:
    """Each standard without its elements, by IRI, by framework and code; of the further fields of its source
    only those named. Four queries, whatever the number of standards."""
    if not store.graphs():
        return {}
    versions = _grouped(store, "header-versions.rq")
    notes = _grouped(store, "header-notes.rq")
    classes = _grouped(store, "header-classifications.rq")
    found: dict[str, Standard] = {}
    for row in store.select(query_text("headers.rq")):
        iri = str(row["standard"])
        if iri in found:
            continue
        framework = unquote(re.split("[/#]", str(row["framework"]))[-1])
        kept = json.loads(_text(row, "details") or "[]")
        by_kind: dict[str, list[Classification]] = defaultdict(list)
        for one in classes[iri]:
            by_kind[str(one["kind"])].append(Classification(_text(one, "code"), _text(one, "name")))
        found[iri] = Standard(
            framework=framework,
            code=_text(row, "printed") or str(row["code"]),
            name=str(row["name"]),
            version=_text(row, "version"),
            language=_text(row, "language") or "und",
            status=_text(row, "status"),
            description=_text(row, "description"),
            category=tuple(by_kind["category"]),
            occupation=tuple(by_kind["occupation"]),
            industry=tuple(by_kind["industry"]),
            history=tuple(
                VersionEntry(
                    _text(one, "version"),
                    _text(one, "code"),
                    "",
                    "",
                    _text(one, "note"),
                    _text(one, "date"),
                )
                for one in versions[iri]
            ),
            notes=tuple(
                Note(
                    _text(one, "kind"), _text(one, "text"), str(one["heading"]) if "heading" in one else None
                )
                for one in notes[iri]
            ),
            modified=_text(row, "modified"),
            iri="" if iri == identifiers.standard(framework, str(row["code"])) else iri,
            details=tuple((name, text) for name, text in kept if name in details),
        )
    return dict(sorted(found.items(), key=lambda pair: (pair[1].framework, pair[1].code)))


def _grouped(store: RdfStore, name: str) -> Mapping[str, list[Row]]:
    """The rows of a query by standard, in their order there."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(store.select(query_text(name)), key=lambda one: int(str(one["position"]))):
        found[str(row["standard"])].append(row)
    return found


def _text(row: Row, name: str) -> str:
    return str(row.get(name, ""))

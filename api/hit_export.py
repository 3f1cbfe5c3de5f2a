"""A list of hits as a file for spreadsheets, or as JSON: one row a hit, the same columns in each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from api.exporting import Export
from api.spreadsheets import CSV_MEDIA, XLSX_MEDIA, Table, safe_name, to_csv, to_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.spreadsheets import Cell
    from search import Hit, Step

__all__ = ["COLUMNS", "MOST_HITS", "HitFormat", "export_hits"]

MOST_HITS = 1000
"""So many hits a file has at most."""

COLUMNS = {
    "rank": 6,
    "score": 8,
    "weak": 7,
    "code": 14,
    "kind": 12,
    "text": 60,
    "language": 10,
    "level": 7,
    "standard": 18,
    "standard_name": 28,
    "framework": 11,
    "path": 50,
    "required_by": 40,
    "found_by": 26,
    "other_places": 12,
    "iri": 60,
}
"""The columns in their order, each with its width in characters."""


class HitFormat(StrEnum):
    """The files that a list of hits can be had as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


_MEDIA = {
    HitFormat.CSV: CSV_MEDIA,
    HitFormat.XLSX: XLSX_MEDIA,
    HitFormat.JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A hit in the order of ``COLUMNS``."""

    rank: int
    score: float
    weak: bool
    code: str
    kind: str
    text: str
    language: str
    level: int | None
    standard: str
    standard_name: str
    framework: str
    path: str
    required_by: str
    found_by: str
    other_places: int
    iri: str

    def cells(self) -> list[Cell]:
        return [getattr(self, name) for name in COLUMNS]


def export_hits(hits: Sequence[Hit], query: str, form: HitFormat, *, first: int = 1) -> Export:
    """The hits, whose best has rank ``first``, as a file named for the query."""
    rows = [_row(hit, rank) for rank, hit in enumerate(hits, first)]
    if form is HitFormat.JSON:
        content = _json(rows)
    else:
        content = to_csv(_table(rows)) if form is HitFormat.CSV else to_xlsx(_table(rows))
    name = safe_name(query, "hits")
    return Export(f"search-{name}.{form.value}", _MEDIA[form], iter([content]))


def _row(hit: Hit, rank: int) -> _Row:
    words = ", ".join(dict.fromkeys(hit.text[start:end] for start, end in hit.reason.spans))
    return _Row(
        rank=rank,
        score=round(hit.score, 4),
        weak=hit.weak,
        code=hit.code,
        kind=hit.kind,
        text=hit.text,
        language=hit.lang,
        level=hit.level,
        standard=hit.standard,
        standard_name=hit.standard_name,
        framework=hit.framework,
        path=" › ".join(map(_step, hit.path)),
        required_by="; ".join(map(_step, hit.required_by)),
        found_by=f"{hit.reason.found_by}: {words}" if words else hit.reason.found_by,
        other_places=hit.place_count,
        iri=hit.iri,
    )


def _step(step: Step) -> str:
    return f"{step.code} {step.text}".strip()


def _table(rows: Sequence[_Row]) -> Table:
    return Table("hits", COLUMNS, [row.cells() for row in rows])


def _json(rows: Sequence[_Row]) -> bytes:
    listed = [dict(zip(COLUMNS, row.cells(), strict=True)) for row in rows]
    return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()

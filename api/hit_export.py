"""A list of hits as a file for spreadsheets, or as JSON: one row a hit, the same columns in each.

Texts are always texts: in CSV a cell that a spreadsheet would run as a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from api.exporting import Export

if TYPE_CHECKING:
    from collections.abc import Sequence

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

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_CELL = 32_767
# A workbook must say when it was made; a fixed day, so that the same hits give the same bytes.
_CREATED = datetime(1980, 1, 1)


class HitFormat(StrEnum):
    """The files that a list of hits can be had as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


_MEDIA = {
    HitFormat.CSV: "text/csv; charset=utf-8",
    HitFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    HitFormat.JSON: "application/json",
}


_Cell = str | int | float | bool | None


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

    def cells(self) -> list[_Cell]:
        return [getattr(self, name) for name in COLUMNS]


def export_hits(hits: Sequence[Hit], query: str, form: HitFormat, *, first: int = 1) -> Export:
    """The hits, whose best has rank ``first``, as a file named for the query."""
    rows = [_row(hit, rank) for rank, hit in enumerate(hits, first)]
    write = {HitFormat.CSV: _csv, HitFormat.XLSX: _xlsx, HitFormat.JSON: _json}[form]
    name = _UNSAFE.sub("-", query).strip("-.")[:60] or "hits"
    return Export(f"search-{name}.{form.value}", _MEDIA[form], iter([write(rows)]))


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


def _csv(rows: Sequence[_Row]) -> bytes:
    """RFC 4180, with the mark by which Excel knows UTF-8."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row.cells()])
    return stream.getvalue().encode("utf-8-sig")


def _plain(cell: _Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if _FORMULA.match(cell) else cell
    return "" if cell is None else str(cell).lower()


def _json(rows: Sequence[_Row]) -> bytes:
    listed = [dict(zip(COLUMNS, row.cells(), strict=True)) for row in rows]
    return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(rows: Sequence[_Row]) -> bytes:
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    workbook = Workbook(stream, {"in_memory": True})
    workbook.set_properties({"created": _CREATED})
    head = workbook.add_format({"bold": True, "bg_color": "#1F4E66", "font_color": "#FFFFFF"})
    body = workbook.add_format({"text_wrap": True, "valign": "top"})
    score = workbook.add_format({"num_format": "0.00", "valign": "top"})
    sheet = workbook.add_worksheet("hits")
    for column, (name, width) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row.cells()):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell[:_LONGEST_CELL], body)
            elif isinstance(cell, bool):
                sheet.write_boolean(number, column, cell, body)
            elif cell is not None:
                sheet.write_number(number, column, cell, score if isinstance(cell, float) else body)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    workbook.close()
    return stream.getvalue()

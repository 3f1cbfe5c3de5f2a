"""A course outline as a workbook: a sheet for the course, one for its units, one for their competencies.

Everything of it stands in cells that people see, and these are what is read again.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from ontology.outline import FORMAT, VERSION
from ontology.outline_words import COMPETENCY_COLUMNS, UNIT_COLUMNS, outline_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.outline import Outline

__all__ = ["XLSX_MEDIA", "outline_xlsx"]

XLSX_MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_CREATED = datetime(1980, 1, 1)
_WIDTHS = {
    "number": 9,
    "unit": 40,
    "hours": 8,
    "note": 50,
    "code": 12,
    "kind": 12,
    "text": 60,
    "standard": 18,
    "level": 8,
    "language": 10,
    "iri": 60,
}
_Cell = str | int | float | None


def outline_xlsx(outline: Outline) -> bytes:
    """The workbook, with headings in the outline's language; the same outline gives the same bytes."""
    from xlsxwriter import Workbook

    def word(key: str) -> str:
        return outline_word(outline.language, key)

    stream = io.BytesIO()
    workbook = Workbook(stream, {"in_memory": True})
    workbook.set_properties({"created": _CREATED, "title": outline.title[:255]})
    head = workbook.add_format({"bold": True, "bg_color": "#1F4E66", "font_color": "#FFFFFF"})
    body = workbook.add_format({"text_wrap": True, "valign": "top"})

    course = workbook.add_worksheet(word("outline"))
    course.set_column(0, 0, 20)
    course.set_column(1, 1, 70)
    facts: list[tuple[str, str]] = [
        ("title", outline.title),
        ("language", outline.language),
        *(("standards", key) for key in outline.standards),
        ("format", f"{FORMAT} {VERSION}"),
    ]
    for row, (key, value) in enumerate(facts):
        course.write_string(row, 0, word(key), head)
        course.write_string(row, 1, value, body)

    def table(name: str, columns: Sequence[str], rows: Sequence[Sequence[_Cell]]) -> None:
        sheet = workbook.add_worksheet(word(name))
        for column, key in enumerate(columns):
            sheet.set_column(column, column, _WIDTHS[key])
            sheet.write_string(0, column, word(key), head)
        for number, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(number, column, cell, body)
                elif cell is not None:
                    sheet.write_number(number, column, cell, body)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    table(
        "units",
        UNIT_COLUMNS,
        [(number, unit.title, unit.hours, unit.note) for number, unit in enumerate(outline.units, 1)],
    )
    table(
        "competencies",
        COMPETENCY_COLUMNS,
        [
            (
                number,
                one.code,
                word(f"kind_{one.kind}"),
                one.text,
                one.standard,
                one.level,
                one.language,
                one.iri,
            )
            for number, unit in enumerate(outline.units, 1)
            for one in unit.competencies
        ],
    )
    workbook.close()
    return stream.getvalue()

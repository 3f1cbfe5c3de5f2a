"""Tables as files for spreadsheets. Texts are always texts: in CSV a cell that a spreadsheet would run as a
formula begins with an apostrophe."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["CSV_MEDIA", "XLSX_MEDIA", "Cell", "Table", "safe_name", "to_csv", "to_xlsx"]

CSV_MEDIA = "text/csv; charset=utf-8"
XLSX_MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | bool | None

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_CELL = 32_767
# A workbook must say when it was made; a fixed day, so that the same rows give the same bytes.
_CREATED = datetime(1980, 1, 1)


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` in their order, each with its width in characters; the rows have a cell for each."""

    name: str
    columns: Mapping[str, int]
    rows: Sequence[Sequence[Cell]]


def safe_name(text: str, otherwise: str) -> str:
    """A text as a part of a file's name; ``otherwise`` where nothing of it can stand there."""
    return _UNSAFE.sub("-", text).strip("-.")[:60] or otherwise


def to_csv(table: Table) -> bytes:
    """RFC 4180, with the mark by which Excel knows UTF-8."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if _FORMULA.match(cell) else cell
    return "" if cell is None else str(cell).lower()


def to_xlsx(*tables: Table) -> bytes:
    """A workbook with a sheet a table, ready to be filtered and printed."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    workbook = Workbook(stream, {"in_memory": True})
    workbook.set_properties({"created": _CREATED})
    head = workbook.add_format({"bold": True, "bg_color": "#1F4E66", "font_color": "#FFFFFF"})
    body = workbook.add_format({"text_wrap": True, "valign": "top"})
    score = workbook.add_format({"num_format": "0.00", "valign": "top"})
    for table in tables:
        sheet = workbook.add_worksheet(table.name)
        for column, (name, width) in enumerate(table.columns.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell[:_LONGEST_CELL], body)
                elif isinstance(cell, bool):
                    sheet.write_boolean(number, column, cell, body)
                elif cell is not None:
                    sheet.write_number(number, column, cell, score if isinstance(cell, float) else body)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    workbook.close()
    return stream.getvalue()

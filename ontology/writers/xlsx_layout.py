"""Sheets as values: cells with text, laid out in rows whose heights are worked out from the texts.

A spreadsheet does not fit the height of merged cells to their text, so it is estimated here. Widths are those
of spreadsheet columns, one narrow character each; a wide one takes nearly two.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

__all__ = ["LONGEST", "Cell", "Sheet", "cut", "is_too_long"]

LONGEST = 32_767
"""UTF-16 code units that a cell holds."""

_CUT = " …"
_LINE_HEIGHT = 14.5
_PADDING = 4.0
_TALLEST = 400.0


def is_too_long(text: str) -> bool:
    """Whether a cell cannot hold the text."""
    return len(text.encode("utf-16-le")) > 2 * LONGEST


def cut(text: str) -> str:
    """As much of the text as a cell holds, with a mark where something is missing."""
    if not is_too_long(text):
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST - len(_CUT))]
    return kept.decode("utf-16-le", errors="ignore") + _CUT


@dataclass(frozen=True, slots=True)
class Cell:
    """A text over one cell or several; rows and columns count from 0, the last ones are inside.

    ``style`` is a name of ``ontology.writers.xlsx_styles``; ``sheet`` the key of a sheet the cell leads to.
    """

    row: int
    column: int
    text: str
    style: str = "text"
    last_row: int = -1
    last_column: int = -1
    number: float | None = None
    sheet: str = ""

    @property
    def bottom(self) -> int:
        return max(self.row, self.last_row)

    @property
    def right(self) -> int:
        return max(self.column, self.last_column)


@dataclass(slots=True)
class Sheet:
    """A sheet that is being laid out: ``key`` names it among the sheets, ``title`` is the name it should
    have, ``frozen`` how many rows stay in view and are repeated on each page."""

    key: str
    title: str
    heading: str
    language: str
    widths: tuple[float, ...]
    frozen: int = 0
    cells: list[Cell] = field(default_factory=list)
    rows: int = 0

    def row(self, *texts: str, style: str = "text") -> None:
        """A row of single cells from the left."""
        for column, text in enumerate(texts):
            self.cells.append(Cell(self.rows, column, text, style))
        self.rows += 1

    def wide(self, text: str, style: str = "text", *, first: int = 0, last: int | None = None) -> None:
        """A row that is one cell, over all columns or those from ``first`` to ``last``."""
        right = len(self.widths) - 1 if last is None else last
        self.cells.append(Cell(self.rows, first, text, style, last_column=right))
        self.rows += 1

    def pair(self, label: str, text: str, *, labels: int = 2) -> None:
        """A label over the first columns, and a text over the others."""
        self.cells.append(Cell(self.rows, 0, label, "label", last_column=labels - 1))
        self.cells.append(Cell(self.rows, labels, text, last_column=len(self.widths) - 1))
        self.rows += 1

    def gap(self) -> None:
        """An empty row."""
        self.rows += 1

    def heights(self) -> list[float]:
        """The height of each row in points; what merged cells need beyond their rows is shared by these."""
        tall = [_LINE_HEIGHT + _PADDING] * self.rows
        for cell in self.cells:
            if cell.bottom == cell.row:
                tall[cell.row] = max(tall[cell.row], self.needed(cell))
        for cell in sorted(self.cells, key=lambda one: one.bottom - one.row):
            rows = range(cell.row, cell.bottom + 1)
            missing = self.needed(cell) - sum(tall[row] for row in rows)
            if missing > 0:
                for row in rows:
                    tall[row] += missing / len(rows)
        return [min(height, _TALLEST) for height in tall]

    def needed(self, cell: Cell) -> float:
        """The height in points that the cell's text takes."""
        width = sum(self.widths[cell.column : cell.right + 1]) - 1.0
        scale = 1.5 if cell.style == "title" else 1.0
        lines = sum(max(1, -(-_width(line) * scale // width)) for line in cell.text.split("\n"))
        return lines * _LINE_HEIGHT * scale + _PADDING

    def rows_for(self, texts: list[tuple[int, str]]) -> int:
        """How many rows a block must have at least, so that each text of a column finds room in it."""
        most = max((self.needed(Cell(0, column, text)) for column, text in texts), default=0)
        return max(1, int(-(-most // (_TALLEST - 50))))


def _width(text: str) -> float:
    return sum(1.9 if unicodedata.east_asian_width(character) in "WF" else 1.0 for character in text)

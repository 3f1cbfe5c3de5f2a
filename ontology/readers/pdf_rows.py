"""Rows of cells out of the tables on the pages of a PDF, with what a page break parted put together again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.geometry import find_tables
from ontology.readers.lines import Line, lines_of, settle_gaps, with_limit, with_whole_codes, without_gaps
from ontology.readers.text import is_page_furniture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.readers.geometry import Cell, Glyph, Page, Table

__all__ = ["Box", "Row", "rows_of"]

_SAME_PLACE = 4.0
_EDGE = 6.0
_PADDING = 1.5
_MARGIN = 0.12
_HUGE = 2.0
_NEXT_LINE, _NEXT_LINE_CLOSED = 2.6, 1.7


@dataclass(slots=True, eq=False)
class Box:
    """A cell, or a run of lines outside tables. ``before`` is the box on the page before that it goes on
    with; the lines of a box that has one are those of its ``root``."""

    x0: float
    x1: float
    lines: list[Line]
    open_top: bool = False
    open_bottom: bool = False
    before: Box | None = None

    @property
    def root(self) -> Box:
        box = self
        while box.before is not None:
            box = box.before
        return box

    @property
    def text(self) -> str:
        """The lines as they stand, for telling labels and headings."""
        return "\n".join(line.text for line in self.lines)

    def continue_in(self, box: Box) -> None:
        """Makes ``box`` the rest of this one."""
        root = self.root
        root.lines.extend(box.lines)
        box.lines = []
        box.before = self


@dataclass(slots=True)
class Row:
    """A row of a table: the boxes that begin in it and all that cover it, from left to right; or a run of
    lines outside tables (``free``). ``first`` says that it begins a page."""

    page: int
    starts: list[Box]
    covers: list[Box] = field(default_factory=list)
    free: bool = False
    first: bool = False

    @property
    def texts(self) -> list[str]:
        return [box.text for box in self.starts]

    @property
    def is_blank(self) -> bool:
        return not any(box.lines for box in self.starts)


def rows_of(pages: Sequence[Page], name: str) -> tuple[list[Row], list[Line]]:
    """All rows of a document, and the lines set aside as marks printed over the pages.

    Page numbers and lines that run along on the pages are left out.
    """
    sheets = [_Sheet(page, name) for page in pages]
    _drop_running_lines(sheets)
    rows = [row for sheet in sheets for row in sheet.rows()]
    boxes = [box for row in rows for box in row.starts]
    settled = iter(settle_gaps([line for box in boxes for line in box.lines]))
    for box in boxes:
        box.lines = [next(settled) for _ in box.lines]
    _set_limits(rows)
    return rows, [line for sheet in sheets for line in sheet.marks]


class _Sheet:
    """One page: its tables and the lines outside them."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        try:
            self._tables, outside = find_tables(page)
        except ValueError as error:
            raise DocumentError(
                f"the ruled lines make no form: {error}",
                file=name,
                page=page.number,
                expected="the ruled tables of a form",
            ) from error
        outside = _overflowing(self._tables, outside, page.number)
        turned = [glyph for glyph in page.glyphs if not glyph.level]
        self.marks = _turned_line(turned, page.number)
        self._cells: dict[int, list[Line]] = {}
        size = _usual_height(
            [glyph for table in self._tables for cell in table.cells for glyph in cell.glyphs]
        )
        huge: list[Glyph] = []
        for table in self._tables:
            for cell in table.cells:
                huge.extend(glyph for glyph in cell.glyphs if glyph.height > _HUGE * size)
                plain = [glyph for glyph in cell.glyphs if glyph.height <= _HUGE * size]
                lines = lines_of(plain, page.number)
                self._cells[id(cell)] = [
                    line for line in lines if not _is_page_number(line, len(lines), page)
                ]
        self.marks.extend(lines_of(huge, page.number))
        self.outside = lines_of(outside, page.number)

    def rows(self) -> list[Row]:
        """The rows from top to bottom; of tables side by side the left one first."""
        rows: list[Row] = []
        waiting = list(self.outside)
        for table in self._tables:
            above = [line for line in waiting if line.baseline <= table.top + _SAME_PLACE]
            waiting = waiting[len(above) :]
            rows.extend(self._free(above))
            boxes = {id(cell): self._box(cell) for cell in table.cells}
            for number in range(table.rows):
                covering = [cell for cell in table.cells if cell.row <= number < cell.row_end]
                covering.sort(key=lambda cell: cell.x0)
                starts = [boxes[id(cell)] for cell in covering if cell.row == number]
                rows.append(Row(self.page.number, starts, [boxes[id(cell)] for cell in covering]))
        rows.extend(self._free(waiting))
        if rows:
            rows[0].first = True
        return rows

    def _box(self, cell: Cell) -> Box:
        lines = self._cells[id(cell)]
        return Box(cell.x0, cell.x1, with_whole_codes(lines), cell.open_top, cell.open_bottom)

    def _free(self, lines: list[Line]) -> list[Row]:
        if not lines:
            return []
        left = min([line.x0 for line in lines] + [table.x0 for table in self._tables])
        right = max([line.x1 for line in lines] + [table.x1 - _EDGE for table in self._tables])
        box = Box(left, right, with_limit(lines, right))
        return [Row(self.page.number, [box], [box], free=True)]


def _overflowing(tables: Sequence[Table], outside: Sequence[Glyph], page: int) -> list[Glyph]:
    """Gives the lines below the last table to the cells above them: a carrier may print the rest of a cell
    that spans rows under the end of its borders. Under a cell with a border only a line that follows close,
    in another column than the first, is one. Returns the glyphs that belong to none."""
    cells = [cell for cell in tables[-1].cells if cell.row_end == tables[-1].rows] if tables else []
    left: list[Glyph] = []
    rows: list[list[Glyph]] = []
    for glyph in sorted(outside, key=lambda glyph: glyph.baseline):
        if rows and glyph.baseline - rows[-1][0].baseline < _SAME_PLACE / 2:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    for row in rows:
        furniture = any(is_page_furniture(without_gaps(line.text)) for line in lines_of(row, page))
        height = max(glyph.height for glyph in row)
        first = min(glyph.x0 for glyph in row)
        beside = any(cell.x0 > tables[-1].x0 + _SAME_PLACE and cell.x0 < first < cell.x1 for cell in cells)
        for glyph in row:
            cell = next((cell for cell in cells if cell.x0 <= (glyph.x0 + glyph.x1) / 2 <= cell.x1), None)
            if cell is None or furniture or glyph.baseline < tables[-1].bottom:
                left.append(glyph)
                continue
            lowest = max((known.baseline for known in cell.glyphs), default=tables[-1].bottom)
            near = _NEXT_LINE if cell.open_bottom else _NEXT_LINE_CLOSED
            if (cell.open_bottom or beside) and glyph.baseline - lowest <= near * height:
                cell.glyphs.append(glyph)
            else:
                left.append(glyph)
    return left


def _is_page_number(line: Line, count: int, page: Page) -> bool:
    """Whether a line at the foot of a cell is the number of the page, where the borders reach down to it."""
    if line.baseline < (1 - _MARGIN) * page.height or not is_page_furniture(without_gaps(line.text)):
        return False
    return not line.text.isdigit() or (count > 1 and line.text == str(page.number))


def _usual_height(glyphs: Sequence[Glyph]) -> float:
    heights = sorted(glyph.height for glyph in glyphs)
    return heights[len(heights) // 2] if heights else float("inf")


def _turned_line(glyphs: Sequence[Glyph], page: int) -> list[Line]:
    """What is printed at an angle, as one line in the order of the document."""
    text = "".join(glyph.sign for glyph in glyphs).strip()
    return [Line(text, page, 0, 0, 0, 0, 0, 0, spaced=False)] if text else []


def _drop_running_lines(sheets: Sequence[_Sheet]) -> None:
    """Takes out page numbers, and the lines that stand at one place in the margin of several pages with the
    same words."""
    seen: dict[tuple[str, int], set[int]] = {}
    for sheet in sheets:
        for line in sheet.outside:
            seen.setdefault(_running_key(line), set()).add(sheet.page.number)
    for sheet in sheets:
        height = sheet.page.height
        sheet.outside = [
            line
            for line in sheet.outside
            if not (
                _is_marginal(line, height)
                and (is_page_furniture(without_gaps(line.text)) or len(seen[_running_key(line)]) > 1)
            )
        ]


def _running_key(line: Line) -> tuple[str, int]:
    return re.sub(r"[0-9０-９]+", "0", line.text), round(line.baseline / _SAME_PLACE)


def _is_marginal(line: Line, height: float) -> bool:
    return line.baseline < _MARGIN * height or line.baseline > (1 - _MARGIN) * height


def _set_limits(rows: Sequence[Row]) -> None:
    """Gives each line how far the lines of its column are known to reach: as far as the longest of them, and
    as near to the right edge of the cell as the text stands to the left one."""
    columns: dict[tuple[int, int], list[Line]] = {}
    for row in rows:
        for box in row.starts:
            columns.setdefault(_column_key(box), []).extend(box.lines)
    for row in rows:
        for box in row.starts:
            lines = columns[_column_key(box)]
            if not lines:
                continue
            reach = max(line.x1 for line in lines)
            padding = max(min(line.x0 for line in lines) - box.x0, 0)
            box.lines = with_limit(box.lines, max(reach, box.x1 - _PADDING * padding - 1))


def _column_key(box: Box) -> tuple[int, int]:
    return round(box.x0 / _SAME_PLACE), round(box.x1 / _SAME_PLACE)

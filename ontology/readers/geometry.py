"""Ruled tables found by their geometry: from glyphs and lines on a page to cells with lines of text.

Units are points, the origin is the top left corner of the page as shown.
"""

from __future__ import annotations

import itertools
import statistics
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Cell", "Glyph", "Page", "Rule", "Table", "find_tables"]

_NEAR = 2.5
_COVERED = 0.6
_SHORTEST_RULE = 3.0
_OPEN_END = 4.0
_MOST_CELLS = 40_000


@dataclass(frozen=True, slots=True)
class Glyph:
    """One sign and the box of its advance; ``level`` is false where it is turned."""

    sign: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    level: bool = True

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, or a filled bar as thin as one; upright or level by its longer side."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows; ``images`` counts its pictures."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    images: int = 0


@dataclass(slots=True)
class Cell:
    """A cell of a table: the grid rows and columns that it spans (ends exclusive), and its glyphs.

    ``open_top`` and ``open_bottom`` say that no line closes it there, as where a page breaks a row.
    """

    row: int
    row_end: int
    column: int
    column_end: int
    x0: float
    x1: float
    open_top: bool
    open_bottom: bool
    glyphs: list[Glyph] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A ruled table; ``cells`` by row, then from left to right."""

    x0: float
    top: float
    x1: float
    bottom: float
    rows: int
    cells: list[Cell]

    def starting_in(self, row: int) -> list[Cell]:
        return [cell for cell in self.cells if cell.row == row]


@dataclass(slots=True)
class _Segment:
    """A line at ``at`` on one axis, from ``start`` to ``end`` on the other."""

    at: float
    start: float
    end: float


def find_tables(page: Page) -> tuple[list[Table], list[Glyph]]:
    """The tables of a page from top to bottom, and the level glyphs that stand in none of them.

    Raises ``ValueError`` where the lines make a grid of more cells than a page can show.
    """
    level, upright = _segments(page.rules)
    grids = [_Grid(*group) for group in _connected(level, upright)]
    grids = [grid for grid in grids if grid.is_table]
    grids = [grid for grid in grids if not (grid.is_frame and any(grid.holds(other) for other in grids))]
    grids.sort(key=lambda grid: grid.area)
    outside = []
    for glyph in page.glyphs:
        if not glyph.level:
            continue
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for grid in grids:
            if grid.take(glyph, x, y):
                break
        else:
            outside.append(glyph)
    tables = [grid.table() for grid in grids]
    tables.sort(key=lambda table: (table.top, table.x0))
    return tables, outside


def _segments(rules: Iterable[Rule]) -> tuple[list[_Segment], list[_Segment]]:
    level, upright = [], []
    for rule in rules:
        width, height = rule.x1 - rule.x0, rule.bottom - rule.top
        if max(width, height) < _SHORTEST_RULE:
            continue
        if width >= height:
            level.append(_Segment((rule.top + rule.bottom) / 2, rule.x0, rule.x1))
        else:
            upright.append(_Segment((rule.x0 + rule.x1) / 2, rule.top, rule.bottom))
    return _merged(level), _merged(upright)


def _merged(segments: list[_Segment]) -> list[_Segment]:
    """Lines drawn piece by piece, or twice, as one."""
    merged: list[_Segment] = []
    segments.sort(key=lambda segment: segment.at)
    for _, group in itertools.groupby(
        zip(segments, _levels(segments), strict=True), key=lambda pair: pair[1]
    ):
        pieces = sorted((segment for segment, _ in group), key=lambda segment: segment.start)
        at = statistics.fmean(piece.at for piece in pieces)
        current = _Segment(at, pieces[0].start, pieces[0].end)
        for piece in pieces[1:]:
            if piece.start <= current.end + _NEAR:
                current.end = max(current.end, piece.end)
            else:
                merged.append(current)
                current = _Segment(at, piece.start, piece.end)
        merged.append(current)
    return merged


def _levels(segments: Sequence[_Segment]) -> list[int]:
    """A number for each of the sorted segments, equal for those that lie on one line."""
    numbers: list[int] = []
    number, first = 0, None
    for segment in segments:
        if first is None or segment.at - first > _NEAR:
            number += 1
            first = segment.at
        numbers.append(number)
    return numbers


def _connected(
    level: Sequence[_Segment], upright: Sequence[_Segment]
) -> list[tuple[list[_Segment], list[_Segment]]]:
    """The lines grouped by whether they touch; upright ones also by whether they begin and end together, as
    where a page holds the middle of a row and no line across."""
    if len(level) * len(upright) > _MOST_CELLS * 25:
        raise ValueError("too many lines")
    parents = list(range(len(level) + len(upright)))

    def root(item: int) -> int:
        while parents[item] != item:
            parents[item] = parents[parents[item]]
            item = parents[item]
        return item

    for row, flat in enumerate(level):
        for column, tall in enumerate(upright, len(level)):
            meets = flat.start - _NEAR <= tall.at <= flat.end + _NEAR
            if meets and tall.start - _NEAR <= flat.at <= tall.end + _NEAR:
                parents[root(row)] = root(column)
    columns = sorted(range(len(upright)), key=lambda item: (upright[item].start, upright[item].end))
    for one, other in itertools.pairwise(columns):
        if _same_extent(upright[one], upright[other]):
            parents[root(len(level) + one)] = root(len(level) + other)
    groups: dict[int, tuple[list[_Segment], list[_Segment]]] = {}
    for item, segment in enumerate([*level, *upright]):
        groups.setdefault(root(item), ([], []))[0 if item < len(level) else 1].append(segment)
    return list(groups.values())


def _same_extent(one: _Segment, other: _Segment) -> bool:
    return abs(one.start - other.start) <= _NEAR and abs(one.end - other.end) <= _NEAR


def _positions(lines: Iterable[_Segment], across: Sequence[_Segment]) -> list[float]:
    """Where the lines of a group lie, with the ends of those across them where these stand out."""
    values = sorted(line.at for line in lines)
    found: list[float] = []
    for value in values:
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    if across:
        first, last = min(line.start for line in across), max(line.end for line in across)
        if not found or first < found[0] - _OPEN_END:
            found.insert(0, first)
        if last > found[-1] + _OPEN_END:
            found.append(last)
    return found


class _Grid:
    """One group of touching lines as a grid, its cells merged where no line parts them."""

    def __init__(self, level: list[_Segment], upright: list[_Segment]) -> None:
        self._xs = _positions(upright, level)
        self._ys = _positions(level, upright)
        self._columns, self._rows = len(self._xs) - 1, len(self._ys) - 1
        self.is_table = self._columns > 0 and self._rows > 0 and len(upright) > (0 if level else 2)
        self._cells: list[Cell] = []
        self._at: dict[tuple[int, int], Cell] = {}
        if not self.is_table:
            return
        if self._columns * self._rows > _MOST_CELLS:
            raise ValueError("too many cells")
        self._above = _covered(level, self._ys, self._xs)
        self._beside = _covered(upright, self._xs, self._ys)
        self._merge()

    @property
    def area(self) -> float:
        return (self._xs[-1] - self._xs[0]) * (self._ys[-1] - self._ys[0])

    @property
    def is_frame(self) -> bool:
        return len(self._cells) == 1

    def holds(self, other: _Grid) -> bool:
        return (
            other is not self
            and self._xs[0] <= other._xs[0]
            and other._xs[-1] <= self._xs[-1]
            and self._ys[0] <= other._ys[0]
            and other._ys[-1] <= self._ys[-1]
        )

    def _merge(self) -> None:
        parents = {place: place for place in itertools.product(range(self._rows), range(self._columns))}

        def root(place: tuple[int, int]) -> tuple[int, int]:
            while parents[place] != place:
                parents[place] = parents[parents[place]]
                place = parents[place]
            return place

        for row, column in list(parents):
            if row + 1 < self._rows and (row + 1, column) not in self._above:
                parents[root((row + 1, column))] = root((row, column))
            if column + 1 < self._columns and (column + 1, row) not in self._beside:
                parents[root((row, column + 1))] = root((row, column))
        groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for place in parents:
            groups.setdefault(root(place), []).append(place)
        for places in groups.values():
            cell = self._cell(places)
            self._cells.append(cell)
            self._at.update(dict.fromkeys(places, cell))

    def _cell(self, places: Sequence[tuple[int, int]]) -> Cell:
        rows, columns = [row for row, _ in places], [column for _, column in places]
        first, last = min(rows), max(rows) + 1
        left, right = min(columns), max(columns) + 1
        return Cell(
            row=first,
            row_end=last,
            column=left,
            column_end=right,
            x0=self._xs[left],
            x1=self._xs[right],
            open_top=(first, left) not in self._above and first == 0,
            open_bottom=(last, left) not in self._above and last == self._rows,
        )

    def take(self, glyph: Glyph, x: float, y: float) -> bool:
        """Puts a glyph into the cell that holds its middle; whether there is one."""
        if not (self._xs[0] <= x <= self._xs[-1] and self._ys[0] - 1 <= y <= self._ys[-1] + 1):
            return False
        column = min(max(bisect_right(self._xs, x) - 1, 0), self._columns - 1)
        row = min(max(bisect_right(self._ys, y) - 1, 0), self._rows - 1)
        self._at[row, column].glyphs.append(glyph)
        return True

    def table(self) -> Table:
        cells = sorted(self._cells, key=lambda cell: (cell.row, cell.x0))
        return Table(self._xs[0], self._ys[0], self._xs[-1], self._ys[-1], self._rows, cells)


def _covered(
    segments: Iterable[_Segment], lines: Sequence[float], steps: Sequence[float]
) -> set[tuple[int, int]]:
    """Which pieces are drawn: ``(line, step)``, where ``lines`` are the places of the segments and ``steps``
    the places that part them. The line under row ``n`` is the one above row ``n + 1``."""
    drawn = set()
    for segment in segments:
        line = min(range(len(lines)), key=lambda index: abs(lines[index] - segment.at))
        for step, (start, end) in enumerate(itertools.pairwise(steps)):
            shared = min(end, segment.end) - max(start, segment.start)
            if shared >= _COVERED * (end - start):
                drawn.add((line, step))
    return drawn

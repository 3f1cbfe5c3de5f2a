"""The running text of a PDF of any layout: its lines in the order in which they are read."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.geometry import find_tables
from ontology.readers.lines import lines_of, settle_gaps, without_gaps
from ontology.readers.pdf_pages import read_pages
from ontology.readers.text import UNSURE_SPACE, is_page_furniture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ontology.readers.geometry import Glyph, Page, Table
    from ontology.readers.limits import Limits
    from ontology.readers.lines import Line

__all__ = ["pdf_text"]

_MARGIN = 0.1
_SAME_PLACE = 4.0
_SAME_LINE = 0.45
_APART = 1.6
_NEW_PARAGRAPH = 1.5
_LEAST_COLUMN_LINES = 4
_LEAST_COLUMN = 0.22
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class _Fragment:
    """Glyphs of one line with no wide gap between them, and their box."""

    glyphs: tuple[Glyph, ...]
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(slots=True)
class _Column:
    """Lines that stand one below the other."""

    lines: list[Line]


def pdf_text(data: bytes, name: str, limits: Limits) -> str:
    """The lines of all pages, an empty line where a gap shows a new paragraph; without page numbers and what
    runs along in the margins. Columns of text are read one after the other, the cells of a ruled table row by
    row.

    Raises ``DocumentError`` as ``read_pages`` does, and where the PDF has no text.
    """
    pages = read_pages(data, name, max_pages=limits.pages)
    if not any(glyph.sign.strip() for page in pages for glyph in page.glyphs):
        shown = "it is only a picture" if any(page.images for page in pages) else "its pages are empty"
        raise DocumentError(
            f"the PDF has no text in it, {shown}; run OCR over it first, or send the text",
            file=name,
            page=1,
            expected="a PDF with text",
        )
    columns = [_columns(page) for page in pages]
    _drop_running_lines(pages, columns)
    settled = iter(settle_gaps([line for page in columns for column in page for line in column.lines]))
    for page_columns in columns:
        for column in page_columns:
            column.lines = [next(settled) for _ in column.lines]
    return "\n".join(text for page_columns in columns for column in page_columns for text in _texts(column))


def _texts(column: _Column) -> Iterator[str]:
    pitches = [
        below.baseline - above.baseline for above, below in zip(column.lines, column.lines[1:], strict=False)
    ]
    usual = statistics.median_low(pitches) if pitches else 0.0
    for number, line in enumerate(column.lines):
        if number and pitches[number - 1] > max(_NEW_PARAGRAPH * usual, _NEW_PARAGRAPH * line.height):
            yield ""
        yield re.sub(" {2,}", " ", line.text.replace(UNSURE_SPACE, " ")).strip()


def _columns(page: Page) -> list[_Column]:
    """The columns and cells of a page in the order of reading."""
    try:
        tables, outside = find_tables(page)
    except ValueError:
        # too many rules for tables: they are a picture
        tables, outside = find_tables(replace(page, rules=()))
    found: list[_Column] = []
    for table in tables:
        above = [glyph for glyph in outside if glyph.baseline <= table.top + _SAME_PLACE]
        outside = [glyph for glyph in outside if glyph.baseline > table.top + _SAME_PLACE]
        found.extend(_running(above, page))
        found.extend(_cells(table, page))
    found.extend(_running(outside, page))
    return [column for column in found if column.lines]


def _cells(table: Table, page: Page) -> Iterator[_Column]:
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        yield _Column(lines_of(cell.glyphs, page.number))


def _running(glyphs: Sequence[Glyph], page: Page) -> Iterator[_Column]:
    for part in _in_order(_fragments(glyphs), page.width, 0):
        yield _Column(lines_of([glyph for one in part for glyph in one.glyphs], page.number))


def _fragments(glyphs: Sequence[Glyph]) -> list[_Fragment]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.baseline, glyph.x0)):
        if not glyph.sign.strip():
            continue
        if rows and glyph.baseline - rows[-1][0].baseline <= _SAME_LINE * max(glyph.height, 1):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    spaces = [glyph for glyph in glyphs if not glyph.sign.strip()]
    found = [_fragment(part) for row in rows for part in _parted(sorted(row, key=lambda glyph: glyph.x0))]
    return _with_spaces(found, spaces)


def _parted(row: list[Glyph]) -> Iterator[list[Glyph]]:
    part = [row[0]]
    for glyph in row[1:]:
        if glyph.x0 - part[-1].x1 > _APART * max(glyph.height, 1):
            yield part
            part = []
        part.append(glyph)
    yield part


def _fragment(glyphs: list[Glyph]) -> _Fragment:
    return _Fragment(
        tuple(glyphs),
        min(glyph.x0 for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
    )


def _with_spaces(fragments: list[_Fragment], spaces: Sequence[Glyph]) -> list[_Fragment]:
    """The fragments with the printed blanks that stand in them, by lines."""
    by_line: dict[int, list[Glyph]] = {}
    for space in spaces:
        by_line.setdefault(round(space.baseline), []).append(space)
    found = []
    for one in fragments:
        line = round(one.glyphs[0].baseline)
        near = [space for at in (line - 1, line, line + 1) for space in by_line.get(at, ())]
        inside = [space for space in near if one.x0 <= space.x0 <= one.x1]
        found.append(replace(one, glyphs=(*one.glyphs, *inside)))
    return found


def _in_order(fragments: list[_Fragment], width: float, depth: int) -> Iterator[list[_Fragment]]:
    """Parts of a page that are read one after the other: columns, and what stands above and below them."""
    if not fragments:
        return
    gutter = _gutter(fragments, width)
    if gutter is not None:
        for side in (True, False):
            yield from _in_order([one for one in fragments if (one.x1 <= gutter) == side], width, depth + 1)
        return
    cut = _crossing(fragments, width) if depth < _DEEPEST else None
    if cut is None:
        yield fragments
        return
    for side in (True, False):
        yield from _in_order([one for one in fragments if (one.bottom <= cut) == side], width, depth + 1)


def _gutter(fragments: list[_Fragment], width: float) -> float | None:
    """The right edge of the left of two columns of running text; ``None`` where there is one, or where what
    stands at the left are labels of what stands beside them."""
    reach = 0.0
    ordered = sorted(fragments, key=lambda one: one.x0)
    for number, one in enumerate(ordered):
        if number and one.x0 > reach and _are_columns(ordered[:number], ordered[number:], width):
            return reach
        reach = max(reach, one.x1)
    return None


def _are_columns(left: list[_Fragment], right: list[_Fragment], width: float) -> bool:
    return all(
        len(side) >= _LEAST_COLUMN_LINES
        and statistics.median(one.x1 - one.x0 for one in side) >= _LEAST_COLUMN * width
        for side in (left, right)
    )


def _crossing(fragments: list[_Fragment], width: float) -> float | None:
    """Where to cut a page across, so that columns are below or above; ``None`` where that shows none."""
    ordered = sorted(fragments, key=lambda one: one.top)
    bottoms: list[float] = []
    for one in ordered:
        bottoms.append(max(one.bottom, bottoms[-1] if bottoms else one.bottom))
    cuts = [
        number for number in range(1, len(ordered)) if ordered[number].top >= bottoms[number - 1] - _SAME_LINE
    ]
    for number in cuts[:20]:
        if _gutter(ordered[number:], width) is not None:
            return bottoms[number - 1]
    for number in reversed(cuts[-20:]):
        if _gutter(ordered[:number], width) is not None:
            return bottoms[number - 1]
    return None


def _drop_running_lines(pages: Sequence[Page], columns: Sequence[list[_Column]]) -> None:
    """Takes out page numbers in the margins, and lines that stand there on several pages."""
    seen: dict[tuple[str, int], set[int]] = {}
    for own in columns:
        for column in own:
            for line in column.lines:
                seen.setdefault(_key(line), set()).add(line.page)
    for page, own in zip(pages, columns, strict=True):
        top, bottom = _MARGIN * page.height, (1 - _MARGIN) * page.height
        for column in own:
            column.lines = [
                line
                for line in column.lines
                if top < line.baseline < bottom
                or not (is_page_furniture(without_gaps(line.text)) or len(seen[_key(line)]) > 1)
            ]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.baseline / _SAME_PLACE)

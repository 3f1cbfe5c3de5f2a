"""Prints a form as PDF with a layout engine of its own, on ReportLab's canvas.

It breaks pages anywhere: between rows, inside a row, inside an item; with the row closed by lines at the
break or left open. The fonts are the standard ones of PDF for Chinese, which need no font file.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from pdf_forms import PAGES, FormCell, FormTable, FreeText, Layout
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase._cidfontdata import defaultUnicodeEncodings
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["print_pdf"]

FONT = "MSung-Light"
_NOT_FIRST = set("，、。．；：？！）」』》〉】)]},.;:?!%")
_NOT_LAST = set("（「『《〈【([{")


def print_pdf(blocks: Sequence[FormTable | FreeText], layout: Layout, title: str = "") -> bytes:
    """The bytes of the document."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        defaultUnicodeEncodings[FONT] = (
            "cht",
            "UniCNS-UCS2-H",
        )  # ReportLab's own entry is of another collection
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    pages = None
    if "{all}" in layout.page_numbers:
        plain = _Printer(layout, title, pages=None)
        plain.print(blocks)
        pages = plain.number
    printer = _Printer(layout, title, pages=pages)
    printer.print(blocks)
    return printer.finish()


@dataclass(frozen=True, slots=True)
class _Text:
    """A line of a cell: ``gap`` is the space above it, ``stretch`` what justification adds to each sign."""

    text: str
    width: float
    gap: float
    stretch: float = 0.0


@dataclass(slots=True, eq=False)
class _Active:
    """A cell that is being printed over the rows and pages that it spans."""

    cell: FormCell
    x0: float
    x1: float
    last_row: int
    lines: list[_Text]
    top: float
    open_top: bool = False
    y: float = 0.0
    fresh: bool = field(default=True)


class _Printer:
    def __init__(self, layout: Layout, title: str, pages: int | None) -> None:
        self._layout = layout
        self._title = title
        self._pages = pages
        self._buffer = io.BytesIO()
        self._width, self._height = PAGES[layout.page]
        self._canvas = Canvas(self._buffer, pagesize=(self._width, self._height), pageCompression=1)
        self._chances = Random(layout.seed)
        self.number = 0
        self._new_page()

    def finish(self) -> bytes:
        self._canvas.save()
        return self._buffer.getvalue()

    @property
    def _bottom(self) -> float:
        return self._height - self._layout.margin - 14

    def _new_page(self) -> None:
        if self.number:
            self._canvas.showPage()
        self.number += 1
        self._y = self._layout.margin + 14
        size = self._layout.font_size
        if self._layout.running_title:
            self._draw(self._layout.margin, self._layout.margin, self._title, size * 0.9)
        if self._layout.page_numbers:
            text = self._layout.page_numbers.format(n=self.number, all=self._pages or 9)
            width = _width(text, size)
            self._draw((self._width - width) / 2, self._height - self._layout.margin + 6, text, size)
        if self._layout.history_mark == "watermark":
            self._canvas.saveState()
            self._canvas.translate(self._width / 2, self._height / 2)
            self._canvas.rotate(35)
            self._canvas.setFillGray(0.8)
            self._canvas.setFont(FONT, 60)
            self._canvas.drawCentredString(0, 0, "《歷史資料》")
            self._canvas.restoreState()

    def _draw(self, x: float, baseline: float, text: str, size: float, stretch: float = 0.0) -> None:
        self._canvas.setFont(FONT, size)
        if not self._layout.per_sign:
            self._canvas.drawString(x, self._height - baseline, text, charSpace=stretch)
            return
        for sign in text:
            self._canvas.drawString(x, self._height - baseline, sign)
            x += _width(sign, size) + stretch

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        y0, y1 = self._height - y0, self._height - y1
        if self._layout.borders == "bars":
            self._canvas.rect(
                min(x0, x1) - 0.3, min(y0, y1) - 0.3, abs(x1 - x0) + 0.6, abs(y1 - y0) + 0.6, 0, 1
            )
        else:
            self._canvas.setLineWidth(0.5)
            self._canvas.line(x0, y0, x1, y1)

    def print(self, blocks: Iterable[FormTable | FreeText]) -> None:
        for block in blocks:
            if isinstance(block, FreeText):
                self._free(block)
            else:
                self._table(block)
            self._y += self._layout.font_size

    def _free(self, block: FreeText) -> None:
        size = self._layout.font_size * block.size
        height = self._layout.line_height * block.size
        room = self._width - 2 * self._layout.margin
        for line in self._lines(block.paragraphs, room, size, centred=block.centred):
            if self._y + line.gap + height > self._bottom:
                self._new_page()
            self._y += line.gap + height
            x = self._layout.margin + ((room - line.width) / 2 if block.centred else 0)
            self._draw(x, self._y - 0.3 * size, line.text, size, line.stretch)

    def _lines(self, paragraphs: Sequence[str], room: float, size: float, *, centred: bool) -> list[_Text]:
        lines = []
        for number, paragraph in enumerate(paragraphs):
            indent = "　" * (len(paragraph) - len(paragraph.lstrip("　")))
            wrapped = _wrap(paragraph, room, size, keep=self._layout.trailing_blanks)
            for position, text in enumerate(wrapped):
                gap = self._layout.paragraph_gap if number and position == 0 else 0
                shown = indent + text if position and indent else text
                width = _width(shown.rstrip(), size)
                spare = room - width
                last = position == len(wrapped) - 1
                stretch = (
                    spare / max(len(shown) - 1, 1)
                    if self._layout.justified and not (centred or last) and 0 < spare < 2 * size
                    else 0
                )
                lines.append(_Text(shown, width, gap, stretch))
        return lines

    def _table(self, table: FormTable) -> None:
        layout = self._layout
        total = sum(table.widths)
        room = self._width - 2 * layout.margin
        edges = [layout.margin]
        for share in table.widths:
            edges.append(edges[-1] + room * share / total)
        if self._y + 8 * layout.line_height > self._bottom:
            self._new_page()
        placed = _placed(table)
        active: list[_Active] = []
        for number, row in enumerate(placed):
            for column, cell in row:
                x0, x1 = edges[column], edges[column + cell.columns]
                room = x1 - x0 - 2 * layout.padding
                lines = self._lines(cell.paragraphs, room, layout.font_size, centred=cell.centred)
                active.append(_Active(cell, x0, x1, number + cell.rows - 1, lines, self._y))
            self._row(table, number, active, edges)
            active = [item for item in active if item.last_row > number]

    def _row(self, table: FormTable, number: int, active: list[_Active], edges: Sequence[float]) -> None:
        layout = self._layout
        extra = self._chances.uniform(0, layout.extra_height) if number >= table.header else 0
        whole = self._chances.random() < layout.keep_rows or number < table.header
        for item in active:
            if item.fresh:
                item.y, item.fresh = self._y + layout.padding, False
                item.top = self._y
        while True:
            ends = [item for item in active if item.last_row <= number]
            need = max((item.y + self._need(item.lines) for item in ends), default=self._y) + layout.padding
            bottom = max(need, self._y + layout.line_height + 2 * layout.padding) + extra
            if bottom <= self._bottom or (number < table.header and self._y < layout.margin + 30):
                for item in active:
                    self._place(item, bottom, ends=item in ends)
                for item in ends:
                    self._close(item, bottom, open_bottom=False)
                self._y = bottom
                return
            extra = 0
            moved = (
                whole
                and self._y > layout.margin + 100
                and need - self._y < 0.7 * (self._bottom - layout.margin)
            )
            limit = self._y if moved else self._bottom
            for item in active:
                if not (moved and item.top >= self._y):
                    self._place(item, limit, ends=False)
                    self._close(item, limit, open_bottom=layout.open_breaks)
            whole = False
            self._new_page()
            if layout.repeat_header and table.header and number >= table.header:
                self._header(table, edges)
            for item in active:
                item.open_top = layout.open_breaks and not (moved and item.top >= limit)
                item.top, item.y = self._y, self._y + layout.padding

    def _header(self, table: FormTable, edges: Sequence[float]) -> None:
        inner = FormTable(table.widths, table.rows[: table.header], header=table.header)
        self._table(inner)

    def _need(self, lines: Iterable[_Text]) -> float:
        return sum(line.gap + self._layout.line_height for line in lines)

    def _place(self, item: _Active, bottom: float, *, ends: bool) -> None:
        layout = self._layout
        while item.lines:
            line = item.lines[0]
            if not ends and item.y + line.gap + layout.line_height > bottom - layout.padding:
                return
            item.lines.pop(0)
            item.y += line.gap + layout.line_height
            room = item.x1 - item.x0 - 2 * layout.padding
            x = item.x0 + layout.padding + ((room - line.width) / 2 if item.cell.centred else 0)
            self._draw(x, item.y - 0.3 * layout.font_size, line.text, layout.font_size, line.stretch)

    def _close(self, item: _Active, bottom: float, *, open_bottom: bool) -> None:
        if bottom - item.top < 1:
            return
        if self._layout.borders == "rectangles" and not (open_bottom or item.open_top):
            self._canvas.setLineWidth(0.5)
            self._canvas.rect(item.x0, self._height - bottom, item.x1 - item.x0, bottom - item.top)
            return
        for _ in range(2 if self._layout.borders == "twice" else 1):
            self._rule(item.x0, item.top, item.x0, bottom)
            self._rule(item.x1, item.top, item.x1, bottom)
            if not item.open_top:
                self._rule(item.x0, item.top, item.x1, item.top)
            if not open_bottom:
                self._rule(item.x0, bottom, item.x1, bottom)


def _placed(table: FormTable) -> list[list[tuple[int, FormCell]]]:
    """The cells of each row with their columns, those that reach down from above left out."""
    taken: set[tuple[int, int]] = set()
    rows = []
    for number, row in enumerate(table.rows):
        column = 0
        placed = []
        for cell in row:
            while (number, column) in taken:
                column += 1
            placed.append((column, cell))
            taken.update(
                (number + down, column + right) for down in range(cell.rows) for right in range(cell.columns)
            )
            column += cell.columns
        rows.append(placed)
    return rows


def _wrap(text: str, room: float, size: float, *, keep: bool) -> list[str]:
    """Lines no wider than ``room``: broken at blanks and beside Chinese signs, not before closing signs nor
    after opening ones; a word too long is broken in its middle. ``keep`` leaves the blank at a line's end."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and _width((line + word).rstrip(), size) > room:
            lines.append(line if keep else line.rstrip())
            line = ""
            word = word.lstrip()
        while _width(word.rstrip(), size) > room and len(word) > 1:
            end = next(n for n in range(len(word), 0, -1) if n == 1 or _width(word[:n], size) <= room)
            lines.append(word[:end])
            word = word[end:]
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


@lru_cache(maxsize=20_000)
def _width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))


def _words(text: str) -> list[str]:
    words: list[str] = []
    for sign in text:
        last = words[-1] if words else ""
        glued = bool(last) and (
            sign in _NOT_FIRST
            or sign == " "
            or last[-1] in _NOT_LAST
            or (sign < "\u2e80" and last[-1] < "\u2e80" and last[-1] not in " -/–")
            or not last.strip("　")
        )
        if glued:
            words[-1] += sign
        else:
            words.append(sign)
    return words

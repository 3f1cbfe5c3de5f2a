"""The official form out of paragraphs and tables, as word processors and web pages hold it.

The readers of ODT, DOCX and HTML make blocks; here their cells become the rows that ``FormReader`` takes.
A merged cell belongs to every row that it spans: level, knowledge and skills are repeated where a row
begins an activity (in the older template a task), since they hold for it too; elsewhere the row goes on
with what stands above it.
"""

from __future__ import annotations

import dataclasses
import html
from typing import TYPE_CHECKING, Any

from ontology.model import Place, Standard
from ontology.readers.codes import leading_code
from ontology.readers.columns import Columns, find_columns
from ontology.readers.form import FormReader
from ontology.readers.grid import Paragraph, Table, lay_out, lines_of
from ontology.readers.labels import section_of
from ontology.readers.profile import is_profile_row, is_version_header
from ontology.readers.text import BULLETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.readers.grid import Block, Row, Slot
    from ontology.readers.limits import Limits

__all__ = ["read_blocks"]

_SHARED = ("level", "knowledge", "skills")
_CODED = ("T.", "T", "O", "P", "K", "S")


def read_blocks(blocks: Sequence[Block], name: str, limits: Limits) -> Standard:
    """The standard that the blocks of a document hold; raises ``DocumentError`` as ``FormReader`` does."""
    feeder = _Feeder(name, limits)
    feeder.blocks(blocks)
    standard: Standard = _without_empty_places(feeder.form.finish())
    return standard


class _Feeder:
    """Gives the blocks of a document to a form, row by row."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.form = FormReader(name)
        self._name = name
        self._limits = limits
        self._columns: Columns | None = None
        self._spans: list[tuple[int, int]] = []
        self._after_break = False
        self._section = ""

    def blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            if isinstance(block, Paragraph):
                self._line(block)
            elif _is_for_layout(block):
                for row in block.rows:
                    for cell in row.cells:
                        self.blocks(cell.blocks)
            else:
                grid = lay_out(block, self._name, self._limits)
                for row, slots in zip(block.rows, grid, strict=True):
                    self._row(row, slots)

    def _line(self, line: Paragraph) -> None:
        """A paragraph outside the cells of a row; a paragraph is whole, so what follows begins anew."""
        if not line.text.strip():
            return
        if section := section_of(line.text):
            self._columns = None
            self._section = section
        text = _escaped(line, bullets=self._section == "notes")
        self.form.row([text], line.place, after_break=True)

    def _row(self, row: Row, slots: list[Slot | None]) -> None:
        filled = [cell for cell in row.cells if any(line.text.strip() for line in lines_of(cell.blocks))]
        whole = len(row.cells) == 1 and all(slot and slot.begins_row for slot in slots)
        heading = bool(filled) and section_of(_text(filled[0].blocks)) is not None
        if whole or heading:
            for cell in filled:
                for line in lines_of(cell.blocks):
                    self._line(line)
            return
        cells = [_own_text(slot) for slot in slots]
        if columns := find_columns(cells):
            self._columns = columns
            self._spans = _spans(slots)
        elif is_version_header(cells) or is_profile_row(cells):
            self._columns = None
        elif self._columns:
            cells = self._under_headings(slots, self._columns)
        self._after_break = self.form.row(cells, row.place, after_break=self._after_break)

    def _under_headings(self, slots: list[Slot | None], columns: Columns) -> list[str]:
        """The texts of a row of the table of tasks under each heading, wherever in its span they begin."""
        owner = columns.positions.get("activity" if columns.per_activity else "task", -1)
        begins_owner = any(_own_text(slot) for slot in self._beneath(slots, owner))
        shared = {columns.positions.get(column) for column in _SHARED} if begins_owner else set()
        listed = {columns.positions.get(column) for column in ("knowledge", "skills")}
        cells = []
        for position in range(len(slots)):
            parts = [
                _text(slot.cell.blocks, bullets=position in listed)
                for slot in self._beneath(slots, position)
                if slot and slot.begins_column and (slot.begins_row or position in shared)
            ]
            cells.append("\n".join(part for part in parts if part))
        return cells

    def _beneath(self, slots: list[Slot | None], position: int) -> list[Slot | None]:
        for first, last in self._spans:
            if first == position:
                return slots[first:last]
        covered = any(first < position < last for first, last in self._spans)
        return [] if covered else slots[position : position + 1]


def _is_for_layout(table: Table) -> bool:
    """Whether a table only arranges others, one of which is a part of the form."""
    return any(
        _is_part_of_form(inner)
        for row in table.rows
        for cell in row.cells
        for inner in cell.blocks
        if isinstance(inner, Table)
    )


def _is_part_of_form(table: Table) -> bool:
    if _is_for_layout(table):
        return True
    for row in table.rows:
        texts = [_text(cell.blocks) for cell in row.cells]
        if find_columns(texts) or is_version_header(texts) or is_profile_row(texts):
            return True
    return False


def _spans(slots: list[Slot | None]) -> list[tuple[int, int]]:
    """First column and the one after the last of each cell of a row."""
    begins = [number for number, slot in enumerate(slots) if slot is None or slot.begins_column]
    return list(zip(begins, [*begins[1:], len(slots)], strict=True))


def _own_text(slot: Slot | None) -> str:
    """The text of a cell in the place where it begins, else the empty string."""
    return _text(slot.cell.blocks) if slot and slot.begins_row and slot.begins_column else ""


def _text(blocks: Sequence[Block], *, bullets: bool = False) -> str:
    """The lines of a cell. List items have bullets where asked for, so that they are sub-items of what
    stands above them: not those that have a code, nor where nothing has one."""
    lines = [line for line in lines_of(blocks) if line.text.strip()]
    bullets = bullets and any(leading_code(line.text, _CODED) for line in lines)
    return "\n".join(
        _escaped(line, bullets=bullets and not leading_code(line.text, _CODED)) for line in lines
    )


def _escaped(line: Paragraph, *, bullets: bool) -> str:
    """The line as the form has it: without signs that could pass for tags, indented as deep as its list."""
    text = line.text.strip()
    if line.bulleted and not bullets:
        text = text.lstrip(BULLETS).strip()
    elif line.bulleted and not text.startswith(tuple(BULLETS)):
        text = f"{BULLETS[0]} {text}"
    return "  " * line.depth + html.escape(text, quote=False)


def _without_empty_places(value: Any) -> Any:
    """The same value with ``None`` for every place that names neither line nor page."""
    if isinstance(value, tuple):
        return tuple(_without_empty_places(member) for member in value)
    if value == Place():
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        return type(value)(**{name: _without_empty_places(member) for name, member in members.items()})
    return value

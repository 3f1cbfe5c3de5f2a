"""The rows of the table of tasks in a PDF, by column, and what a page break parted put together again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.readers.codes import leading_code
from ontology.readers.columns import Columns, find_columns
from ontology.readers.labels import COLUMNS, label_in
from ontology.readers.pdf_rows import Box, Row
from ontology.readers.profile import is_profile_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "OWNED",
    "SHAPES",
    "Header",
    "PageBreaks",
    "TaskRow",
    "header_of",
    "is_header",
    "join_plain_rows",
    "second_header",
    "task_row",
]

SHAPES = {
    "task": ("T",),
    "activity": ("T.",),
    "outputs": ("O", "P"),
    "indicators": ("P", "O"),
    "knowledge": ("K", "S"),
    "skills": ("S", "K"),
}
OWNED = ("level", "knowledge", "skills")
_SAME_EDGE = 4.0


@dataclass(slots=True)
class TaskRow:
    """A row of the table of tasks, its boxes by column. ``repeated`` are the columns that print the name
    above them again, on a new page."""

    row: Row
    starts: dict[str, Box]
    covers: dict[str, Box]
    repeated: set[str] = field(default_factory=set)

    def opens(self, column: str) -> bool:
        """Whether a task or an activity begins in this row."""
        box = self.starts.get(column)
        return box is not None and box.before is None and bool(box.lines) and column not in self.repeated


@dataclass(slots=True)
class Header:
    """A header row: its columns and the x where each begins and ends."""

    row: Row
    columns: Columns
    ranges: dict[str, tuple[float, float]]


def is_header(row: Row) -> bool:
    return "indicators" in [label_in(COLUMNS, text) for text in row.texts]


def header_of(row: Row, boxes: Sequence[Box]) -> Header | None:
    columns = find_columns([box.text for box in boxes])
    if columns is None:
        return None
    ranges = {column: (boxes[at].x0, boxes[at].x1) for column, at in columns.positions.items()}
    ranges |= {str(at): (boxes[at].x0, boxes[at].x1) for at, _ in columns.unknown}
    return Header(Row(row.page, list(boxes), list(boxes)), columns, ranges)


def second_header(row: Row, following: Row) -> Header | None:
    """The header where its cells stand in two rows, 職能內涵 over K and S."""
    found = find_columns(row.texts)
    if following.free or not is_header(row) or (found and {"knowledge", "skills"} <= set(found.positions)):
        return None
    return header_of(following, following.covers)


def task_row(row: Row, header: Header) -> TaskRow:
    covers = _by_column(row.covers, header)
    starts = {column: box for column, box in covers.items() if any(box is start for start in row.starts)}
    return TaskRow(row, starts, covers)


def _by_column(boxes: Iterable[Box], header: Header) -> dict[str, Box]:
    """The boxes under the headings they share most of their width with; two under one heading are one."""
    found: dict[str, Box] = {}
    for box in boxes:
        column = max(header.ranges, key=lambda name: _shared(box, *header.ranges[name]))
        if known := found.get(column):
            known.lines, box.lines = [*known.lines, *box.lines], []
        else:
            found[column] = box
    return found


def _shared(box: Box, x0: float, x1: float) -> float:
    return min(box.x1, x1) - max(box.x0, x0)


class PageBreaks:
    """Joins the rows that a page break parted. ``unsure`` are the cells of which it is not certain."""

    def __init__(self, rows: Iterable[Row], tables: Sequence[TaskRow]) -> None:
        self.unsure: list[Box] = []
        self._has_open_edges = any(box.open_bottom for row in rows for box in row.starts)
        self._has_merged_cells = any(
            part.covers.get(column) is not part.starts.get(column)
            for part in tables
            for column in ("knowledge", "skills")
            if part.covers.get("activity") is part.starts.get("activity")
        )

    def join_task_rows(self, before: TaskRow, part: TaskRow, *, per_activity: bool) -> None:
        """Joins the first row of a page to the last of the page before, cell by cell, where it goes on.

        A cell with a new code of its own is new; but a name printed in the middle of a cell that the page
        breaks stands on the later page, and belongs to the earlier one, whose codes show it.
        """
        new_task = _is_new(before, part, "task", "T")
        new_activity = new_task or _is_new(before, part, "activity", "T.")
        for column, new in part.covers.items():
            old = before.covers.get(column)
            if old is None or old is new:
                continue
            of_task = column == "task" or (column in OWNED and not per_activity)
            if new_task if of_task else new_activity:
                if new_task or column not in OWNED or not self._spans(old, new, part, column):
                    continue
            elif new.lines and old.root.lines and _stands_alone(new, column):
                part.repeated.add(column)
                continue
            old.continue_in(new)

    def _spans(self, old: Box, new: Box, part: TaskRow, column: str) -> bool:
        """Whether a cell of level, knowledge or skills at the top of a page is the rest of the one at the end
        of the page before, though an activity of its own begins beside it.

        An open edge tells, where the document leaves edges open at all. Else it is certain only for a text
        without a code; a blank cell is taken for a rest, and one with a code for a rest where the level
        beside it is blank, with a doubt.
        """
        if old.open_bottom or self._has_open_edges:
            return old.open_bottom
        if not old.root.lines:
            return False
        if not new.lines or column == "level":
            self.unsure.extend([] if new.lines else [old.root])
            return not new.lines
        if leading_code(new.lines[0].text, SHAPES[column]) is None:
            return True
        if not self._has_merged_cells:
            return False
        level = part.covers.get("level")
        rest = level is not None and (level.before is not None or not level.lines)
        self.unsure.extend([old.root] if rest else [old.root, new])
        return rest


def _code_of(box: Box | None, shape: str) -> str | None:
    if box is None or not box.root.lines:
        return None
    code = leading_code(box.root.lines[0].text, (shape,))
    return code.code if code else None


def _stands_alone(new: Box, column: str) -> bool:
    """Whether a cell at the top of a page repeats or replaces the one above it, rather than go on with it."""
    if column == "level":
        return True
    return column in {"task", "activity"} and leading_code(new.lines[0].text, SHAPES[column]) is not None


def _is_new(before: TaskRow, part: TaskRow, column: str, shape: str) -> bool:
    """Whether a page begins with a new task or activity: with a code that is not the one still open."""
    new, old = part.covers.get(column), before.covers.get(column)
    if new is None or not new.lines:
        return False
    code = leading_code(new.lines[0].text, (shape,))
    if code is None:
        return False
    if old is None:
        return True
    if old.root.lines:
        return code.code != _code_of(old, shape)
    if not any(box.root.lines for box in before.starts.values()):
        return False
    return code.numbers != _numbers_above(before, shape)


def _numbers_above(before: TaskRow, shape: str) -> tuple[int, ...] | None:
    """The numbers that the codes of a row give its task or activity."""
    length = 1 if shape == "T" else 2
    for column, shapes in (("activity", ("T.",)), ("indicators", ("P",)), ("outputs", ("O",))):
        box = before.covers.get(column)
        if box is None or not box.root.lines or (column == "activity" and shape == "T."):
            continue
        if code := leading_code(box.root.lines[0].text, shapes):
            return code.numbers[:length]
    return None


def join_plain_rows(before: Row, row: Row) -> None:
    """Joins the first row of a page to the last of the page before where they are one row of the profile:
    only one of them has a label, or neither has and the last cell of the later one is blank."""
    if len(before.covers) != len(row.covers) or any(
        abs(old.x0 - new.x0) > _SAME_EDGE for old, new in zip(before.covers, row.covers, strict=True)
    ):
        return
    labelled = [any(is_profile_row([box.root.text]) for box in each.covers) for each in (before, row)]
    if all(labelled) or (not any(labelled) and row.covers[-1].lines):
        return
    for old, new in zip(before.covers, row.covers, strict=True):
        if old is not new:
            old.continue_in(new)

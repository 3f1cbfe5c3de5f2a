"""The table of tasks of an iCAP standard, put together row by row.

Readers of any carrier (extracted text, PDF, ODT) feed the same rows: cells under the headings of the
official form, broken by pages anywhere. What a heading means depends on the template: the older one heads
tasks 工作任務 and activities 工作活動, and states level, knowledge and skills per task; the newer one
heads them 主要職責 and 工作任務 and states these per activity.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontology.readers.codes import Piece, split_items
from ontology.readers.columns import Columns, find_columns, read_level
from ontology.readers.doubtful import unfinished_reason
from ontology.readers.drafts import Block, Draft, Item, Journal, TableContent, squeezed
from ontology.readers.text import join, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.model import Place
    from ontology.readers.codes import Code, Inner

__all__ = ["Columns", "TableContent", "TaskTable", "find_columns", "read_level"]

_REFERS = re.compile(
    r"(?:依據|根據|依照|按照|參照|參見|參考|見|詳|對應|(?<![參賦給授])與|(?<![溫緩飽])和|(?<![普涉顧])及|或"
    r"|(?<![A-Za-z])(?:see|with|and|or|of|to|in|per|from|under))$",
    re.IGNORECASE,
)


_LONGEST_CELL = 20_000
_HANGS_ON = re.compile(r"[之的所及與和或、，,。；;)）」』》]")


class TaskTable:
    """Takes the rows of the table in order and gives what they say together.

    Every problem that leaves the content uncertain becomes a doubt; one that leaves it unknown (a row too
    short, a level that is none, an activity before any task, one code with two contents) a
    ``DocumentError`` with file, place and field.
    """

    def __init__(self, file: str) -> None:
        self._journal = Journal(file)
        self._draft = Draft(self._journal)
        self._columns: Columns | None = None
        self._task: Block | None = None
        self._row_activities: list[Block] = []
        self._highest: dict[str, int] = {}
        self._named: dict[str, Block] = {}
        self._seen: dict[str, Item] = {}

    @property
    def is_empty(self) -> bool:
        return not self._draft.tasks

    def header(self, columns: Columns, place: Place) -> None:
        """A header row, the first or one repeated on a new page."""
        required = {
            "task": "工作任務",
            "activity": "工作活動",
            "knowledge": "K=knowledge",
            "skills": "S=skills",
        }
        missing = [label for column, label in required.items() if column not in columns.positions]
        if missing:
            raise self._journal.error(
                "the table lacks a column", place, "、".join(missing), "all seven headings of the form"
            )
        if self._columns and self._columns.per_activity != columns.per_activity:
            raise self._journal.error(
                "the template changes within the table", place, "工作任務", "the headings of the first page"
            )
        self._columns = columns

    def row(self, cells: Sequence[str], place: Place, *, after_break: bool) -> None:
        """A row of cells as printed; ``after_break`` says that it is the first on a new page."""
        columns = self._columns
        if columns is None:
            raise self._journal.error(
                "a row stands before any header row", place, None, "a row of headings first"
            )
        if len(cells) < columns.width:
            count = f"{len(cells)} cell" + ("" if len(cells) == 1 else "s")
            raise self._journal.error(
                f"the row is too short: {count}", place, None, f"{columns.width} cells parted by tabs"
            )
        for cell in cells:
            if len(cell) > _LONGEST_CELL:
                raise self._journal.error(
                    f"a cell has {len(cell)} characters", place, None, f"at most {_LONGEST_CELL} in a cell"
                )
        if any(paragraphs(cell) for cell in cells[columns.width :]):
            raise self._journal.error(
                "the row is too long", place, None, f"{columns.width} cells parted by tabs"
            )
        for position, heading in columns.unknown:
            if text := " ".join(paragraphs(cells[position])):
                self._journal.doubt(
                    "unknown-column", heading, text, f"no field is known for the column {heading}", place
                )
        opened_task = self._tasks_of(paragraphs(columns.cell(cells, "task")), place, after_break=after_break)
        opened = self._activities_of(
            paragraphs(columns.cell(cells, "activity")), place, after_break=after_break and not opened_task
        )
        self._level_of(columns.cell(cells, "level"), place)
        for column, shape in (("outputs", "O"), ("indicators", "P")):
            if parts := paragraphs(columns.cell(cells, column)):
                fresh = bool(opened or opened_task)
                self._items_of(parts, shape, place, continues=not fresh, after_break=after_break)
        for column, shape in (("knowledge", "K"), ("skills", "S")):
            if parts := paragraphs(columns.cell(cells, column)):
                fresh = bool(opened_task or (opened and columns.per_activity))
                self._members_of(parts, shape, place, continues=not fresh, after_break=after_break)

    def finish(self) -> TableContent:
        """What the rows said, with codes derived where the source has none."""
        return self._draft.finish()

    def _tasks_of(self, parts: list[str], place: Place, *, after_break: bool) -> bool:
        if not parts:
            return False
        opened = False
        for piece in split_items(parts, ("T",), _next_number):
            if piece.code is None and after_break and self._task and not opened:
                self._task.name = join(self._task.name, piece.text)
                continue
            known = self._named.get(piece.code.code) if piece.code else None
            if known is None:
                known = self._block(piece, place)
                self._draft.tasks.append(known)
            else:
                self._check_same_name(known, piece, place)
            if known is not self._task:
                self._task = known
                self._row_activities = []
                opened = True
        return opened

    def _activities_of(self, parts: list[str], place: Place, *, after_break: bool) -> bool:
        if not parts:
            return False
        opened: list[Block] = []
        for piece in split_items(parts, ("T.",), _next_number):
            if piece.code is None and after_break and self._row_activities and not opened:
                last = self._row_activities[-1]
                last.name = join(last.name, piece.text)
                continue
            if self._task is None:
                where = piece.code.code if piece.code else piece.text
                raise self._journal.error(
                    "an activity stands before any task", place, where, "a task (T1) first"
                )
            known = self._named.get(piece.code.code) if piece.code else None
            if known is None:
                known = self._block(piece, place)
                self._task.children.append(known)
                self._check_prefix(known, self._task, place)
            else:
                self._check_same_name(known, piece, place)
            opened.append(known)
        if opened:
            self._row_activities = opened
        return bool(opened)

    def _block(self, piece: Piece, place: Place) -> Block:
        if piece.code is None:
            return Block(None, "", place, name=piece.text)
        self._note_malformed(piece.code, place)
        if not piece.text:
            raise self._journal.error(
                "a code stands without a name", place, piece.code.code, "a name after the code"
            )
        printed = piece.code.printed if piece.code.is_malformed else None
        block = Block(piece.code.code, printed, place, name=piece.text)
        self._named[piece.code.code] = block
        return block

    def _check_same_name(self, known: Block, piece: Piece, place: Place) -> None:
        if piece.text and squeezed(piece.text) != squeezed(known.name):
            raise self._journal.doubled(known.code or "", known.name, known.place, piece.text, place)

    def _check_prefix(self, activity: Block, task: Block, place: Place) -> None:
        if activity.code and task.code and not activity.code.startswith(f"{task.code}."):
            message = f"{activity.code} stands under {task.code}"
            self._journal.doubt("misplaced-code", activity.code, activity.name, message, place)

    def _level_of(self, cell: str, place: Place) -> None:
        text = " ".join(paragraphs(cell))
        if not text:
            return
        owners = self._owners()
        if not owners:
            raise self._journal.error(
                "a level stands before any task", place, "職能級別", "a task and an activity first"
            )
        level = read_level(text, file=self._journal.file, place=place, field="職能級別")
        for owner in owners:
            if owner.level is None or owner.level == level:
                owner.level = level
                continue
            message = f"{owner.code} already has level {owner.level}; the row says {level}"
            self._journal.doubt("conflicting-level", owner.code or owner.name, text, message, place)
            if not self._per_activity:
                for activity in self._row_activities:
                    activity.level = activity.level or level

    def _items_of(
        self, parts: list[str], shape: str, place: Place, *, continues: bool, after_break: bool
    ) -> None:
        if not self._row_activities:
            field = "工作產出" if shape == "O" else "行為指標"
            raise self._journal.error(
                "a cell has no activity to belong to", place, field, "an activity (T1.1) first"
            )
        prefixes = {
            tuple(map(int, activity.code[1:].split(".")))
            for activity in self._row_activities
            if activity.code
        }

        latest: dict[str, Code] = {}

        def begins(inner: Inner) -> bool:
            if inner.before:
                latest[inner.before.shape] = inner.before
            if inner.code.numbers[:2] not in prefixes:
                return self._mention(inner, place)
            return self._decide(inner, latest.get(inner.code.shape), place, certain=False)

        last = self._last_of(shape)
        for piece in split_items(parts, _in_order(shape, "OP"), begins):
            if piece.code is None:
                if continues and last and (after_break or last.code):
                    self._note_join(last, piece, place, after_break=after_break)
                    last.extend(piece.text, place, bulleted=False)
                    continue
                for text in piece.paragraphs:
                    self._row_activities[-1].items.append(Item(shape, None, "", place, text))
                continue
            item = self._new_item(piece, shape, place)
            item.extend(piece.text, place, bulleted=False)
            self._owner_of(piece.code, place).items.append(item)
            last = item

    def _last_of(self, shape: str) -> Item | None:
        found = (item for activity in reversed(self._row_activities) for item in reversed(activity.items))
        return next((item for item in found if item.shape == shape), None)

    def _owner_of(self, code: Code, place: Place) -> Block:
        wanted = "T" + code.code[1:].rpartition(".")[0]
        for activity in self._row_activities:
            if activity.code == wanted or activity.code is None:
                return activity
        owner = self._row_activities[-1]
        message = f"{code.code} stands under {owner.code}"
        self._journal.doubt("misplaced-code", code.code, code.printed, message, place)
        return owner

    def _members_of(
        self, parts: list[str], shape: str, place: Place, *, continues: bool, after_break: bool
    ) -> None:
        owners = self._owners()
        if not owners:
            raise self._journal.error(
                "a cell has no task to belong to", place, f"{shape} column", "a task (T1) first"
            )

        latest: dict[str, Code] = {}

        def begins(inner: Inner) -> bool:
            if inner.before:
                latest[inner.before.shape] = inner.before
            code, known = inner.code, self._seen.get(inner.code.code)
            again = known is not None and squeezed(inner.right).startswith(squeezed(known.text))
            if code.shape != shape and not again and not self._is_due(code):
                return False
            return self._decide(inner, latest.get(code.shape), place, certain=again)

        last = next((item for item in reversed(owners[-1].members) if item.shape == shape), None)
        for piece in split_items(parts, _in_order(shape, "KS"), begins):
            if piece.code is None:
                if continues and last and (after_break or last.code):
                    self._note_join(last, piece, place, after_break=after_break)
                    last.extend(piece.text, place, bulleted=True)
                    continue
                for text in piece.paragraphs:
                    item = Item(shape, None, "", place)
                    item.extend(text, place, bulleted=True)
                    self._add_member(item, owners)
                continue
            item = self._new_item(piece, shape, place)
            item.extend(piece.text, place, bulleted=True)
            self._add_member(item, owners)
            self._highest[item.shape] = max(self._highest.get(item.shape, 0), *piece.code.numbers)
            self._seen.setdefault(piece.code.code, item)
            if item.shape == shape:
                last = item

    def _add_member(self, item: Item, owners: Iterable[Block]) -> None:
        self._draft.competencies.append(item)
        for owner in owners:
            owner.members.append(item)

    @property
    def _per_activity(self) -> bool:
        return self._columns is not None and self._columns.per_activity

    def _owners(self) -> list[Block]:
        """What level, knowledge and skills of the row in hand belong to."""
        if self._per_activity:
            return self._row_activities
        return [self._task] if self._task else []

    def _new_item(self, piece: Piece, shape: str, place: Place) -> Item:
        code = piece.code
        assert code is not None
        self._note_malformed(code, place)
        if code.shape != shape:
            message = f"{code.code} stands in the column of {shape}"
            self._journal.doubt("misplaced-code", code.code, code.printed, message, place)
        return Item(code.shape, code.code, code.printed if code.is_malformed else None, place)

    def _decide(self, inner: Inner, before: Code | None, place: Place, *, certain: bool) -> bool:
        """Whether a code inside a text begins an item, given the one of its letter ``before`` it in the
        cell: not after a word that leads up to it, nor before one that hangs on it, nor where it does not
        count on, nor where the code that should stand there comes later."""
        code, left = inner.code, inner.left
        is_next = before is not None and _counts_on(before, code)
        leads_up = bool(left.strip()) and unfinished_reason(left) is not None
        refers = _REFERS.search(left.rstrip()) is not None
        if _HANGS_ON.match(inner.right) or refers or (leads_up and not is_next):
            return self._mention(inner, place)
        if certain:
            return True
        if before is not None:
            if code.numbers <= before.numbers:
                return self._mention(inner, place)
            later = (other.numbers for other in inner.later if other.shape == code.shape)
            if any(before.numbers < numbers <= code.numbers for numbers in later):
                return self._mention(inner, place)
        if not (is_next or self._is_due(code) or code.code in self._seen or not (before or left.strip())):
            message = f"{code.code} does not follow the code before it; it was read as the start of an item"
            self._journal.doubt("code-gap", code.code, (code.printed + inner.right)[:80], message, place)
        return True

    def _is_due(self, code: Code) -> bool:
        """Whether a knowledge or skill is the next after the highest so far."""
        return len(code.numbers) == 1 and code.numbers[0] == self._highest.get(code.shape, 0) + 1

    def _mention(self, inner: Inner, place: Place) -> bool:
        code, right = inner.code, inner.right
        message = f"{code.printed} stands inside a text and was not read as the start of an item"
        self._journal.doubt("code-in-text", code.code, (code.printed + right)[:80], message, place)
        return False

    def _note_join(self, item: Item, piece: Piece, place: Place, *, after_break: bool) -> None:
        if not after_break:
            message = "text without a code was joined to the item above it"
            self._journal.doubt("joined-text", item.code or item.text, piece.text, message, place)

    def _note_malformed(self, code: Code, place: Place) -> None:
        if code.is_malformed:
            message = f"the code is printed {code.printed}; it was read as {code.code}"
            self._journal.doubt("malformed-code", code.code, code.printed, message, place)


def _counts_on(before: Code, code: Code) -> bool:
    """Whether ``code`` is the next of its letter: one more, or the first of another activity."""
    same_owner = before.numbers[:-1] == code.numbers[:-1]
    return code.numbers[-1] == (before.numbers[-1] + 1 if same_owner else 1)


def _in_order(first: str, shapes: str) -> tuple[str, ...]:
    return (first, *(shape for shape in shapes if shape != first))


def _next_number(inner: Inner) -> bool:
    """Several tasks or activities in one cell count on, and none is mentioned in another's name."""
    return (
        inner.before is not None
        and inner.before.numbers[:-1] == inner.code.numbers[:-1]
        and inner.before.numbers[-1] + 1 == inner.code.numbers[-1]
        and unfinished_reason(inner.left) is None
    )

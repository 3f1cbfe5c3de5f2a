"""Tasks, activities and their items while a reader still puts them together, and their final form."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from ontology.errors import DocumentError
from ontology.model import Activity, Competency, Doubt, Indicator, Output, Place, SubItem, Task
from ontology.readers.text import BULLETS, UNSURE_BREAK, UNSURE_SPACE, join, shorten

__all__ = ["Block", "Draft", "Item", "Journal", "TableContent", "squeezed"]

_BULLET = re.compile(rf"(?:^|\s)[{BULLETS}]\s*")


@dataclass(slots=True, eq=False)
class Item:
    """An output, indicator, knowledge or skill that is still being put together."""

    shape: str
    code: str | None
    printed: str | None
    place: Place
    text: str = ""
    items: list[tuple[str, Place]] = field(default_factory=list)

    def extend(self, text: str, place: Place, *, bulleted: bool) -> None:
        parts = _BULLET.split(text) if bulleted else [text]
        if self.items:
            last, last_place = self.items[-1]
            self.items[-1] = (join(last, parts[0]), last_place)
        else:
            self.text = join(self.text, parts[0].strip())
        self.items.extend((part.strip(), place) for part in parts[1:])

    @property
    def whole(self) -> str:
        """The text with its sub-items."""
        return f" {BULLETS[0]} ".join([self.text, *(text for text, _ in self.items)])

    def same_content(self, other: Item) -> bool:
        return squeezed(self.text) == squeezed(other.text) and [squeezed(text) for text, _ in self.items] == [
            squeezed(text) for text, _ in other.items
        ]


@dataclass(slots=True, eq=False)
class Block:
    """A task or an activity that is still being put together; ``members`` are its K and S."""

    code: str | None
    printed: str | None
    place: Place
    name: str = ""
    level: int | None = None
    children: list[Block] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    members: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TableContent:
    """What a whole table says."""

    tasks: tuple[Task, ...]
    knowledge: tuple[Competency, ...]
    skills: tuple[Competency, ...]
    doubts: tuple[Doubt, ...]


class Journal:
    """What a reader notes while it reads one file: doubts to keep, errors to raise."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.doubts: list[Doubt] = []

    def doubt(self, kind: str, where: str, text: str, message: str, place: Place | None) -> None:
        self.doubts.append(Doubt(kind, where, text, message, place))

    def error(self, message: str, place: Place, field: str | None, expected: str) -> DocumentError:
        return DocumentError(
            message, file=self.file, line=place.line, page=place.page, field=field, expected=expected
        )

    def doubled(self, code: str, text: str, first: Place, again: str, place: Place) -> DocumentError:
        at = _at(first)
        same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(text, again, strict=False))
        start = max(0, sum(1 for _ in same) - 10)
        parts = [("…" if start else "") + shorten(each[start:]) for each in (text, again)]
        return self.error(
            f"the code is doubled with another content: {parts[0]!r} ({at}) and {parts[1]!r}",
            place,
            code,
            "each code once, or with the same content again",
        )


class Draft:
    """All tasks and competencies of a table, in the order of its rows."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.tasks: list[Block] = []
        self.competencies: list[Item] = []

    def finish(self) -> TableContent:
        """The final form: codes derived where the source has none, doubled ones merged or refused."""
        self._name_blocks(self.tasks, "T", 0)
        for task in self.tasks:
            self._name_blocks(task.children, f"{task.code}.", 1)
        printed: dict[str, Item] = {}
        activities = [child for task in self.tasks for child in task.children]
        for activity in activities:
            activity.items = self._without_doubles(activity.items, printed)
        for activity in activities:
            for shape in "OP":
                prefix = f"{shape}{(activity.code or '')[1:]}."
                self._name_items([item for item in activity.items if item.shape == shape], prefix, printed)
        knowledge, skills = self._competency_list("K"), self._competency_list("S")
        tasks = tuple(self._finished_task(task) for task in self.tasks)
        return TableContent(tasks, knowledge, skills, tuple(self._journal.doubts))

    def _name_blocks(self, blocks: list[Block], prefix: str, depth: int) -> None:
        taken = {block.code for block in blocks}
        for position, block in enumerate(blocks, 1):
            if block.code is not None:
                continue
            code = f"{prefix}{position}"
            if depth == 0 and (child := next((child.code for child in block.children if child.code), None)):
                code = child.partition(".")[0]
            block.code = _free(code, prefix, taken)
            self._note_missing(block.code, block.name, block.place)

    def _without_doubles(self, items: list[Item], printed: dict[str, Item]) -> list[Item]:
        kept = []
        for item in items:
            first = printed.setdefault(item.code, item) if item.code else item
            if first is item:
                kept.append(item)
            elif first.same_content(item):
                message = f"the code is doubled with the same content (first in {_at(first.place)})"
                self._journal.doubt("doubled-code", first.code or "", item.text, message, item.place)
            else:
                raise self._journal.doubled(first.code or "", first.text, first.place, item.text, item.place)
        return kept

    def _name_items(self, items: list[Item], prefix: str, printed: dict[str, Item]) -> None:
        taken: set[str | None] = set(printed)
        for position, item in enumerate(items, 1):
            if item.code is None:
                item.code = _free(f"{prefix}{position}", prefix, taken)
                printed[item.code] = item
                self._note_missing(item.code, item.text, item.place)

    def _note_missing(self, code: str, text: str, place: Place) -> None:
        self._journal.doubt("missing-code", code, text, f"no code is printed; it was given {code}", place)

    def _competency_list(self, shape: str) -> tuple[Competency, ...]:
        items = [item for item in self.competencies if item.shape == shape]
        digits = [item.code[1:] for item in items if item.code]
        width = len(digits[0]) if digits else 1
        taken: set[str | None] = {item.code for item in items}
        first: dict[str, Item] = {}
        for item in items:
            if item.code is None:
                item.code = _free(f"{shape}{len(first) + 1:0{width}}", shape, taken, width)
                self._note_missing(item.code, item.text, item.place)
            known = first.setdefault(item.code, item)
            if not item.text and not item.items:
                continue
            if not known.text and not known.items:
                known.text, known.items = item.text, item.items
            elif not known.same_content(item):
                raise self._journal.doubled(item.code, known.whole, known.place, item.whole, item.place)
        for code, item in first.items():
            if not item.text and not item.items:
                raise self._journal.error(
                    "a code stands without a text", item.place, code, "a text after the code"
                )
        return tuple(_competency(item) for item in first.values())

    def _finished_task(self, task: Block) -> Task:
        return Task(
            code=task.code or "",
            name=task.name,
            level=task.level,
            activities=tuple(self._finished_activity(activity) for activity in task.children),
            knowledge=_members(task, "K"),
            skills=_members(task, "S"),
            printed=task.printed,
            place=task.place,
        )

    def _finished_activity(self, activity: Block) -> Activity:
        for item in activity.items:
            if not item.text:
                raise self._journal.error(
                    "a code stands without a text", item.place, item.code, "a text after the code"
                )
        return Activity(
            code=activity.code or "",
            name=activity.name,
            level=activity.level,
            outputs=tuple(
                Output(item.code or "", item.text, item.printed, item.place)
                for item in activity.items
                if item.shape == "O"
            ),
            indicators=tuple(
                Indicator(item.code or "", item.text, item.printed, item.place)
                for item in activity.items
                if item.shape == "P"
            ),
            knowledge=_members(activity, "K"),
            skills=_members(activity, "S"),
            printed=activity.printed,
            place=activity.place,
        )


def _at(place: Place) -> str:
    return f"line {place.line}" if place.line else f"page {place.page}"


def _members(block: Block, shape: str) -> tuple[str, ...]:
    codes = (item.code for item in block.members if item.shape == shape and item.code)
    return tuple(dict.fromkeys(codes))


def _competency(item: Item) -> Competency:
    filled = [(text, place) for text, place in item.items if text]
    items = tuple(SubItem(number, text, place) for number, (text, place) in enumerate(filled, 1))
    return Competency(item.code or "", item.text, items, item.printed, item.place)


def squeezed(text: str) -> str:
    return re.sub(rf"[\s{UNSURE_SPACE}{UNSURE_BREAK}]+", "", text)


def _free(code: str, prefix: str, taken: set[str | None], width: int = 1) -> str:
    """``code``, or where it is taken the first free number after it under the same prefix."""
    number = int(code.removeprefix(prefix))
    while code in taken:
        number += 1
        code = f"{prefix}{number:0{width}}"
    taken.add(code)
    return code

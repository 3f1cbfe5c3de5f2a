"""Units, tasks and competency blocks of the public iCAP JSON (``icap_json``), as the model has them."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ontology.json_object import JsonObject, read_object
from ontology.model import Activity, Competency, Indicator, Output, Task
from ontology.readers.codes import leading_code
from ontology.readers.columns import read_level
from ontology.readers.drafts import squeezed
from ontology.readers.text import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.readers.mending import Mender

__all__ = ["Codes", "ContentReader", "Entry", "keep_unread", "known_text", "member", "read_json_level"]

_TWO_DIGITS = ("K", "S", "A")
_UNKNOWN = {"", "unknown", "none", "null", "n/a"}


def known_text(text: str | None) -> str:
    """The text without blanks at its ends; empty where the collection writes ``Unknown``."""
    plain = (text or "").strip()
    return "" if plain.casefold() in _UNKNOWN else plain


def member(owner: JsonObject, key: str) -> JsonObject:
    """The object under a key; an empty one where there is none, so that its fields count as missing."""
    value = owner.take(key)
    return read_object({} if value is None else value, owner.at(key), owner.file)


def keep_unread(item: JsonObject, mender: Mender) -> None:
    """Keeps as doubts what no field is known for."""
    for key in sorted(item.unread):
        text = json.dumps(item.values[key], ensure_ascii=False)
        mender.doubt("unread-text", item.at(key), text, "no field is known for this text")


def read_json_level(owner: JsonObject, key: str) -> int | None:
    """A level as a number or as printed; raises ``DocumentError`` for one that is not 1–6."""
    value = owner.values.get(key)
    text = known_text(value) if isinstance(value, str) else str(owner.number(key) or "")
    owner.unread.discard(key)
    return read_level(text, file=owner.file, place=None, field=owner.at(key)) if text else None


@dataclass(frozen=True, slots=True)
class Entry:
    """A coded text: ``shape`` is the letter of its code, ``code`` its regular form or ``None`` where none
    can be read, ``printed`` what stands there where that differs, ``source`` the object it is from."""

    shape: str
    code: str | None
    printed: str | None
    text: str
    source: JsonObject
    text_key: str = "name"


class Codes:
    """The codes of one document: each stands for one text, and what has none gets a free one."""

    def __init__(self, mender: Mender) -> None:
        self._mender = mender
        self._printed: dict[str, list[str]] = {}
        self._texts: dict[str, str] = {}
        self._given: dict[tuple[str, str, str], str] = {}

    def entry(self, item: JsonObject, shapes: Sequence[str], code_key: str, text_key: str) -> Entry:
        """An object of a code and a text. A code may have any of the ``shapes``; the first is expected."""
        printed = item.optional_text(code_key) or ""
        text = known_text(item.optional_text(text_key))
        plain = known_text(printed)
        code = leading_code(plain, shapes) if plain else None
        if code is None or code.end < len(plain):
            return Entry(shapes[0][0], None, plain, self._mender.text(text, item.path), item)
        if code.shape != shapes[0]:
            message = f"{code.code} stands among those of {shapes[0]}"
            self._mender.doubt("misplaced-code", code.code, printed, message)
        if code.is_malformed:
            message = f"the code is printed {printed}; it was read as {code.code}"
            self._mender.doubt("malformed-code", code.code, printed, message)
        text = self._mender.text(text, code.code)
        self._printed.setdefault(code.code, []).append(text)
        return Entry(code.shape[0], code.code, printed if code.is_malformed else None, text, item)

    def settle(self, entry: Entry, prefix: str, wanted: str = "") -> tuple[Entry, bool]:
        """The entry with the code by which it is known, and whether it is there for the first time.

        All entries must have been made before. A code with another text than before, and a text without a
        code, get ``wanted`` where it is free, else the next free code after ``prefix``, with a doubt.
        """
        text = self._whole(entry)
        known = self._texts.get(entry.code or "", "")
        if entry.code and squeezed(known) == squeezed(text):
            return entry, False
        if entry.code and not known:
            self._texts[entry.code] = text
            return replace(entry, text=text), True
        key = (prefix, entry.code or "", squeezed(text))
        if key in self._given:
            return replace(entry, code=self._given[key]), False
        code = wanted if wanted and not self._is_taken(wanted) else self._free(prefix, entry.code)
        if entry.code:
            message = f"the code is there twice, with {shorten(known)!r} and with this; this was given {code}"
            self._mender.doubt("doubled-code", code, text, message)
        else:
            printed = f"{entry.printed!r} is no code" if entry.printed else "no code is there"
            self._mender.doubt("missing-code", code, text, f"{printed}; it was given {code}")
        self._given[key] = code
        self._texts[code] = text
        return replace(entry, code=code, text=text, printed=entry.printed or entry.code or ""), True

    def _whole(self, entry: Entry) -> str:
        """The text of an entry; where the document has the same code with a text that goes on further, or
        with a text at all, that one."""
        longest = entry.text
        for text in self._printed.get(entry.code or "", []):
            if len(text) > len(longest) and squeezed(text).startswith(squeezed(longest)):
                longest = text
        if not longest:
            raise entry.source.error(entry.text_key, "a text, here or elsewhere under the same code")
        if entry.text and longest != entry.text:
            message = f"the text is cut; elsewhere under {entry.code} it goes on"
            self._mender.doubt("cut-text", entry.code or "", entry.text, message)
        return longest

    def _is_taken(self, code: str) -> bool:
        return code in self._texts or code in self._printed

    def _free(self, prefix: str, like: str | None) -> str:
        known = (code.removeprefix(prefix) for code in self._printed if code.startswith(prefix))
        usual = "01" if prefix in _TWO_DIGITS else "1"
        digits = like.removeprefix(prefix) if like else next((one for one in known if one.isdecimal()), usual)
        width = len(digits) if digits.isdecimal() else 1
        numbers = itertools.count(1)
        return next(code for number in numbers if not self._is_taken(code := f"{prefix}{number:0{width}}"))


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of competencies: what stands beside one or several activities."""

    level: int | None
    items: tuple[Entry, ...]
    members: tuple[Entry, ...]

    def numbers(self) -> set[str]:
        """The numbers of the activities that its outputs and indicators name, such as ``1.1``."""
        return {_owner(entry) for entry in self.items if entry.code}


@dataclass(frozen=True, slots=True)
class _Group:
    """Activities that stand in one cell, and the blocks beside them."""

    activities: tuple[Entry, ...]
    blocks: tuple[_Block, ...]


@dataclass(slots=True)
class _Activity:
    """An activity that is still being put together."""

    entry: Entry
    level: int | None = None
    outputs: list[Output] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=lambda: {"K": [], "S": []})

    @property
    def code(self) -> str:
        return self.entry.code or ""

    def finish(self) -> Activity:
        return Activity(
            code=self.code,
            name=self.entry.text,
            level=self.level,
            outputs=tuple(self.outputs),
            indicators=tuple(self.indicators),
            knowledge=tuple(dict.fromkeys(self.members["K"])),
            skills=tuple(dict.fromkeys(self.members["S"])),
            printed=self.entry.printed,
        )


@dataclass(frozen=True, slots=True)
class Content:
    """All that stands in the table of tasks."""

    tasks: tuple[Task, ...]
    knowledge: tuple[Competency, ...]
    skills: tuple[Competency, ...]


class ContentReader:
    """Reads ``ocs_content``: first all of it as it stands, then the codes, since those that are given must
    not be among those that are printed."""

    def __init__(self, mender: Mender) -> None:
        self._mender = mender
        self._codes = Codes(mender)
        self._competencies: dict[str, list[Competency]] = {"K": [], "S": []}

    def read(self, content: JsonObject) -> Content:
        """Raises ``DocumentError`` where there is no unit, or one without what it must have."""
        units = content.objects("ocu_units", self._unit)
        keep_unread(content, self._mender)
        if not units:
            raise content.error("ocu_units", "at least one unit")
        tasks: dict[str, tuple[Entry, dict[str, _Activity]]] = {}
        for unit, groups in units:
            child = next((one.code for group in groups for one in group.activities if one.code), "")
            task, _ = self._codes.settle(unit, "T", child.partition(".")[0])
            activities = tasks.setdefault(task.code or "", (task, {}))[1]
            for group in groups:
                self._add(group, task, activities)
        finished = tuple(
            Task(
                code=code,
                name=task.text,
                activities=tuple(activity.finish() for activity in activities.values()),
                printed=task.printed,
            )
            for code, (task, activities) in tasks.items()
        )
        return Content(finished, tuple(self._competencies["K"]), tuple(self._competencies["S"]))

    def _unit(self, item: JsonObject) -> tuple[Entry, tuple[_Group, ...]]:
        groups = item.objects("tasks", self._group)
        return self._named(item, "T", "ocu_code", "ocu_name"), groups

    def _group(self, item: JsonObject) -> _Group:
        activities = item.objects("task_codes", lambda one: self._named(one, "T.", "code", "name"))
        blocks = item.objects("competency_blocks", self._block)
        keep_unread(item, self._mender)
        if not activities:
            raise item.error("task_codes", "at least one task")
        return _Group(activities, blocks)

    def _named(self, item: JsonObject, shape: str, code_key: str, name_key: str) -> Entry:
        """A task or an activity; where the collection knows no name, what it writes for one stays."""
        entry = self._codes.entry(item, (shape,), code_key, name_key)
        keep_unread(item, self._mender)
        if entry.text:
            return entry
        printed = item.text(name_key)
        self._mender.doubt("missing-field", entry.code or item.at(name_key), printed, "no name is known")
        return replace(entry, text=printed)

    def _block(self, item: JsonObject) -> _Block:
        outputs = item.objects("outputs", lambda one: self._coded(one, ("O",), "name"))
        indicators = item.objects("indicators", lambda one: self._coded(one, ("P",), "text"))
        knowledge = item.objects("knowledge", lambda one: self._coded(one, ("K", "S"), "name"))
        skills = item.objects("skills", lambda one: self._coded(one, ("S", "K"), "name"))
        level = read_json_level(item, "competency_level")
        keep_unread(item, self._mender)
        return _Block(level, (*outputs, *indicators), (*knowledge, *skills))

    def _coded(self, item: JsonObject, shapes: Sequence[str], text_key: str) -> Entry:
        entry = replace(self._codes.entry(item, shapes, "code", text_key), text_key=text_key)
        keep_unread(item, self._mender)
        return entry

    def _add(self, group: _Group, task: Entry, activities: dict[str, _Activity]) -> None:
        owners = []
        for one in group.activities:
            entry, _ = self._codes.settle(one, f"{task.code}.")
            code = entry.code or ""
            if not code.startswith(f"{task.code}."):
                message = f"{code} stands under {task.code}"
                self._mender.doubt("misplaced-code", code, entry.text, message)
            owners.append(activities.setdefault(code, _Activity(entry)))
        for block in group.blocks:
            named = block.numbers()
            beside = [owner for owner in owners if owner.code[1:] in named] or owners
            self._level_of(block, beside)
            for entry in block.items:
                self._item(entry, beside)
            for entry in block.members:
                self._member(entry, beside)

    def _level_of(self, block: _Block, owners: Sequence[_Activity]) -> None:
        for owner in owners if block.level else ():
            if owner.level is None:
                owner.level = block.level
            elif owner.level != block.level:
                message = f"{owner.code} already has level {owner.level}; another block says {block.level}"
                self._mender.doubt("conflicting-level", owner.code, str(block.level), message)

    def _item(self, entry: Entry, owners: Sequence[_Activity]) -> None:
        owner = next((one for one in owners if one.code[1:] == _owner(entry)), owners[-1])
        if entry.code and owner.code[1:] != _owner(entry):
            message = f"{entry.code} stands under {owner.code}"
            self._mender.doubt("misplaced-code", entry.code, entry.text, message)
        settled, first = self._codes.settle(entry, f"{entry.shape}{owner.code[1:]}.")
        code, text, printed = settled.code or "", settled.text, settled.printed
        if not first:
            self._mender.doubt("doubled-code", code, text, "the code is doubled with the same content")
        elif entry.shape == "O":
            owner.outputs.append(Output(code, text, printed))
        else:
            owner.indicators.append(Indicator(code, text, printed))

    def _member(self, entry: Entry, owners: Sequence[_Activity]) -> None:
        settled, first = self._codes.settle(entry, entry.shape)
        code = settled.code or ""
        if first:
            competency = Competency(code, settled.text, printed=settled.printed)
            self._competencies[entry.shape].append(competency)
        for owner in owners:
            owner.members[entry.shape].append(code)


def _owner(entry: Entry) -> str:
    """The number of the activity that the code of an output or indicator names."""
    return (entry.code or "")[1:].rpartition(".")[0]

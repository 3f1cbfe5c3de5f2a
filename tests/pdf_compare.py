"""Compares a standard with the one that was read back, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ontology.model import Activity, Indicator, Output, Standard, Task

__all__ = ["Comparison", "compare"]


@dataclass(slots=True)
class Comparison:
    """How many fields are equal, which differ with a doubt that says so, and which differ silently."""

    exact: int = 0
    doubted: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    doubts: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """The numbers that a summary shows."""
        return {
            "fields exact": self.exact,
            "doubted": len(self.doubted),
            "silent errors": len(self.silent),
            "doubts": self.doubts,
        }

    def add(self, other: Comparison) -> None:
        self.exact += other.exact
        self.doubted += other.doubted
        self.silent += other.silent
        self.doubts += other.doubts


def compare(expected: Standard, found: Standard) -> Comparison:
    """Every field of either, those of elements by their codes."""
    left, right = dict(_fields(expected)), dict(_fields(found))
    doubted = {doubt.where for doubt in found.doubts}
    result = Comparison(doubts=len(found.doubts))
    for key in dict.fromkeys([*left, *right]):
        one, other = left.get(key), right.get(key)
        if one == other:
            result.exact += 1
            continue
        where, _ = key
        known = where in doubted or where.partition("#")[0] in doubted
        note = f"{where} {key[1]}: {one!r} was read as {other!r}"
        (result.doubted if known else result.silent).append(note)
    return result


def _fields(standard: Standard) -> Iterator[tuple[tuple[str, str], object]]:
    """``(where, name)`` and the value; ``where`` is what a doubt about it would name."""
    for name in ("code", "name", "version", "level", "status", "description", "occupational_category"):
        yield (name, name), getattr(standard, name)
    for name in ("category", "occupation", "industry", "history", "notes"):
        for number, value in enumerate(getattr(standard, name)):
            yield (name, str(number)), value
    yield ("tasks", "codes"), [task.code for task in standard.tasks]
    for task in standard.tasks:
        owners: tuple[Task | Activity, ...] = (task, *task.activities)
        for owner in owners:
            for name in ("name", "level", "knowledge", "skills", "printed"):
                yield (owner.code, name), getattr(owner, name)
        yield (task.code, "activities"), [activity.code for activity in task.activities]
        for activity in task.activities:
            items: tuple[Output | Indicator, ...] = (*activity.outputs, *activity.indicators)
            for item in items:
                yield (item.code, "owner"), activity.code
                yield (item.code, "text"), item.text
                yield (item.code, "printed"), item.printed
    for competency in (*standard.knowledge, *standard.skills):
        yield (competency.code, "text"), competency.text
        yield (competency.code, "printed"), competency.printed
        for sub in competency.items:
            yield (f"{competency.code}#{sub.number}", "text"), sub.text
    for attitude in standard.attitudes:
        for name in ("name", "text", "printed"):
            yield (attitude.code, name), getattr(attitude, name)

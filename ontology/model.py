"""What an occupational competency standard says, as immutable values.

The words are those of the field: the official English terms of the iCAP 職能基準 where it has them
(DESIGN, "Domain model"). Codes are local to their document: ``K4`` of one standard has nothing to do
with ``K4`` of another. A value keeps the document's own order; nothing here is sorted or completed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Activity",
    "Attitude",
    "Classification",
    "Competency",
    "Doubt",
    "Element",
    "Indicator",
    "Kind",
    "Note",
    "Output",
    "Place",
    "Standard",
    "SubItem",
    "Task",
    "VersionEntry",
]


class Kind(StrEnum):
    """The kinds of element that a standard is made of."""

    TASK = "task"
    ACTIVITY = "activity"
    OUTPUT = "output"
    INDICATOR = "indicator"
    KNOWLEDGE = "knowledge"
    SKILL = "skill"
    ATTITUDE = "attitude"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its source a statement stands; ``line`` and ``page`` count from 1."""

    line: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the source leaves doubtful: shown to people, never silently repaired.

    ``kind`` is a short stable word in kebab-case (``unfinished-sentence``, ``malformed-code``,
    ``missing-code`` …), ``where`` the code of the element or the name of the field, ``text`` what the
    source prints there, ``message`` a sentence for a person.
    """

    kind: str
    where: str
    text: str
    message: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """A code of a classification with the name printed beside it, both as the document has them."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Output:
    """工作產出, ``O1.1.1``. ``printed`` is the code as the source prints it where that differs."""

    code: str
    text: str
    printed: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """行為指標, ``P1.1.1``."""

    code: str
    text: str
    printed: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class SubItem:
    """One bulleted item under a knowledge or skill; ``number`` counts from 1, so ``S1#2`` is number 2."""

    number: int
    text: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Competency:
    """A knowledge (``K4``) or a skill (``S1``) with its bulleted sub-items."""

    code: str
    text: str
    items: tuple[SubItem, ...] = ()
    printed: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Attitude:
    """態度, ``A01``: a name and, where the source gives one, a description (else the empty string)."""

    code: str
    name: str
    text: str = ""
    printed: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """工作活動 (newer template: 工作任務), ``T1.1``.

    ``level``, ``knowledge`` and ``skills`` are filled where the template states them per activity (the
    newer one); the codes refer to the standard's own lists.
    """

    code: str
    name: str
    level: int | None = None
    outputs: tuple[Output, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    knowledge: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    printed: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """工作任務 (newer template: 主要職責), ``T1``.

    ``level``, ``knowledge`` and ``skills`` are filled where the template states them per task (the older
    one).
    """

    code: str
    name: str
    level: int | None = None
    activities: tuple[Activity, ...] = ()
    knowledge: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    printed: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A row of the version table (版本): every cell as printed, the date too (``2018/12/21``)."""

    version: str
    code: str
    name: str
    status: str
    note: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A statement of 說明與補充事項. ``kind`` is ``note`` or ``prerequisite``; ``heading`` the line it
    stands under, where there is one."""

    kind: str
    text: str
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Standard:
    """A whole occupational competency standard in one version.

    ``code`` is the full code with its version (``BGM1219-002v2``), ``version`` the version as printed
    (``V2``), ``level`` the 基準級別 1–6, ``language`` a BCP 47 tag of the texts, ``source`` the name of
    the file it was read from. ``occupational_category`` is the 職類 when the document names the standard
    by it instead of by occupation.
    """

    framework: str
    code: str
    name: str
    version: str = ""
    level: int | None = None
    language: str = "zh-Hant"
    status: str = ""
    description: str = ""
    occupational_category: str = ""
    category: tuple[Classification, ...] = ()
    occupation: tuple[Classification, ...] = ()
    industry: tuple[Classification, ...] = ()
    tasks: tuple[Task, ...] = ()
    knowledge: tuple[Competency, ...] = ()
    skills: tuple[Competency, ...] = ()
    attitudes: tuple[Attitude, ...] = ()
    history: tuple[VersionEntry, ...] = ()
    notes: tuple[Note, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    source: str = ""

    def elements(self) -> Iterator[Element]:
        """Every element with text, sub-items included, in document order: tasks with what belongs to
        them, then knowledge, skills and attitudes."""
        for task in self.tasks:
            yield Element(Kind.TASK, task.code, task.name, place=task.place)
            for activity in task.activities:
                yield Element(Kind.ACTIVITY, activity.code, activity.name, (task.code,), place=activity.place)
                path = (task.code, activity.code)
                for output in activity.outputs:
                    yield Element(Kind.OUTPUT, output.code, output.text, path, place=output.place)
                for indicator in activity.indicators:
                    yield Element(Kind.INDICATOR, indicator.code, indicator.text, path, place=indicator.place)
        for kind, competencies in ((Kind.KNOWLEDGE, self.knowledge), (Kind.SKILL, self.skills)):
            for competency in competencies:
                yield Element(kind, competency.code, competency.text, place=competency.place)
                for item in competency.items:
                    code = f"{competency.code}#{item.number}"
                    yield Element(kind, code, item.text, (competency.code,), place=item.place)
        for attitude in self.attitudes:
            yield Element(Kind.ATTITUDE, attitude.code, attitude.name, place=attitude.place)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a standard, flat. ``path`` holds the codes above it, outermost first; the code of a
    sub-item is its parent's with ``#`` and its number (``S1#2``)."""

    kind: Kind
    code: str
    text: str
    path: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)

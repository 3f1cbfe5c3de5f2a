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
    from collections.abc import Iterator, Mapping

__all__ = [
    "Activity",
    "Association",
    "Attitude",
    "Classification",
    "Competency",
    "ConceptKind",
    "Doubt",
    "Element",
    "Indicator",
    "Kind",
    "Note",
    "Output",
    "Place",
    "RelatedStandard",
    "Requirement",
    "Standard",
    "Statement",
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
    STATEMENT = "statement"


class ConceptKind(StrEnum):
    """The kinds of what the standards of a framework share, such as the skills of ESCO."""

    KNOWLEDGE = "knowledge"
    SKILL = "skill"
    ATTITUDE = "attitude"
    ACTIVITY = "activity"
    TECHNOLOGY = "technology"
    GROUP = "group"


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
    one); ``category`` and ``work_activities`` in O*NET: ``Core`` or ``Supplemental``, and references (see
    ``Identifiers.absolute``) to the shared work activities that the task is an instance of.
    """

    code: str
    name: str
    level: int | None = None
    activities: tuple[Activity, ...] = ()
    knowledge: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    printed: str | None = None
    place: Place | None = None
    category: str = ""
    work_activities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a framework whose items are of no kind of ours, such as a CASE ``CFItem``.

    ``parents`` are the codes of the statements above it (none at the top; several where the framework hangs
    it in several places), ``category`` the name of its type as the framework has it, ``iri`` its own IRI
    (else the empty string). ``details`` keeps further fields of the source by their own names.
    """

    code: str
    text: str
    parents: tuple[str, ...] = ()
    category: str = ""
    printed: str | None = None
    iri: str = ""
    abbreviation: str = ""
    note: str = ""
    language: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Association:
    """A typed link of a framework between two of its statements, or from one to something elsewhere.

    ``origin`` and ``destination`` are codes of the standard's own statements or absolute IRIs, ``kind`` the
    framework's word (``exactMatchOf``, ``precedes``), ``identifier`` the framework's own for the link.
    """

    kind: str
    origin: str
    destination: str
    identifier: str = ""
    origin_title: str = ""
    destination_title: str = ""
    sequence: int | None = None
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """That an occupation takes a competency which the standards of its framework share.

    ``concept`` is a reference (see ``Identifiers.absolute``). ``relation`` is the framework's word:
    ``essential`` or ``optional`` in ESCO, ``in-demand`` or nothing for a technology of O*NET.
    ``importance`` and ``level`` are O*NET's ratings (1–5 and 0–7); ``suppressed`` says that O*NET
    recommends not to show the importance (low precision), ``level_suppressed`` that it does so for the level,
    ``not_relevant`` that most respondents found the competency not relevant to the occupation.
    """

    kind: ConceptKind
    concept: str
    relation: str = ""
    importance: float | None = None
    level: float | None = None
    suppressed: bool = False
    not_relevant: bool = False
    level_suppressed: bool = False


@dataclass(frozen=True, slots=True)
class RelatedStandard:
    """Another standard of the framework that its publisher calls related; ``standard`` is a reference,
    ``relation`` the publisher's word (``Primary-Short``), in the publisher's order."""

    standard: str
    relation: str = ""


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
    """A statement of 說明與補充事項, or what another framework says beside its description.

    ``kind`` is ``note``, ``prerequisite``, ``scope`` (a scope note), ``definition`` or ``regulation``;
    ``heading`` the line it stands under, where there is one.
    """

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

    The fields from ``iri`` on are those of frameworks other than iCAP: ``iri`` is the IRI that the framework
    itself gives the standard (ESCO; else the empty string), ``modified`` a date as printed, ``broader``
    references to what it is a kind of, ``schemes`` to the schemes and collections it stands in, ``details``
    further fields of the source by their own names.
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
    iri: str = ""
    alternative_names: tuple[str, ...] = ()
    hidden_names: tuple[str, ...] = ()
    modified: str = ""
    broader: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    related: tuple[RelatedStandard, ...] = ()
    statements: tuple[Statement, ...] = ()
    associations: tuple[Association, ...] = ()
    details: tuple[tuple[str, str], ...] = ()

    def elements(self) -> Iterator[Element]:
        """Every element with text, sub-items included, in document order: tasks with what belongs to
        them, then knowledge, skills and attitudes, then statements."""
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
        above = {one.code: one.parents for one in self.statements}
        for statement in self.statements:
            yield Element(Kind.STATEMENT, statement.code, statement.text, _path(statement.code, above))


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a standard, flat. ``path`` holds the codes above it, outermost first; the code of a
    sub-item is its parent's with ``#`` and its number (``S1#2``)."""

    kind: Kind
    code: str
    text: str
    path: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)


def _path(code: str, above: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The codes above a statement, outermost first, by each one's first parent; a circle is cut."""
    path: list[str] = []
    while (parents := above.get(code)) and parents[0] not in path:
        code = parents[0]
        path.append(code)
    return tuple(reversed(path))

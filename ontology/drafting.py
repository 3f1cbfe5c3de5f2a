"""From a standard back to a job description: duties, what they require, what can be asked or observed.

A draft is made of the standard's own elements alone, each with its code: nothing is written for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import NotFound
from ontology.identifiers import Identifiers, standard_key
from ontology.model import ConceptKind, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.model import Activity, Competency, Standard, Statement, Task

__all__ = [
    "Assessment",
    "Draft",
    "DraftItem",
    "Duty",
    "RequirementGroup",
    "SharedCompetency",
    "draft_of",
    "task_codes",
]

IMPORTANT = 3.0
"""From this rating on O*NET calls a competency important (1–5)."""

_SHOWN = 40
_FIRST = ("essential", "important")
_KINDS = (*Kind, *ConceptKind)


@dataclass(frozen=True, slots=True)
class SharedCompetency:
    """A competency that the standards of a framework share, as one of them requires it; ``relation`` and
    ``importance`` are those of ``ontology.model.Requirement``."""

    iri: str
    code: str
    kind: ConceptKind
    name: str
    relation: str = ""
    importance: float | None = None


@dataclass(frozen=True, slots=True)
class DraftItem:
    """An element. ``items`` are its sub-items, ``required_by`` the codes of the tasks and activities of the
    draft that require it, ``detail`` the description of an attitude."""

    kind: str
    code: str
    text: str
    iri: str
    detail: str = ""
    level: int | None = None
    items: tuple[DraftItem, ...] = ()
    required_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """A task with its activities."""

    task: DraftItem
    activities: tuple[DraftItem, ...]


@dataclass(frozen=True, slots=True)
class RequirementGroup:
    """What is required of one kind. ``relation`` is empty for a standard's own elements; for what its
    framework shares ``essential``, ``important`` (a rating of 3 and above), ``in-demand``, ``optional`` or
    ``other``."""

    kind: str
    relation: str
    items: tuple[DraftItem, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What shows that an activity is mastered; without outputs and indicators the activity itself does."""

    activity: DraftItem
    outputs: tuple[DraftItem, ...] = ()
    indicators: tuple[DraftItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in the order of its standard. ``tasks`` are the codes of the chosen tasks, none for the whole;
    ``code`` is the code with its version, ``language`` that of the texts (BCP 47)."""

    code: str
    name: str
    iri: str
    framework: str
    language: str
    level: int | None
    description: str
    tasks: tuple[str, ...]
    duties: tuple[Duty, ...]
    requirements: tuple[RequirementGroup, ...]
    assessment: tuple[Assessment, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the standard has no content: a name and a description, as in a catalogue."""
        return not (self.duties or self.requirements)


def task_codes(standard: Standard, wanted: Iterable[str]) -> tuple[str, ...]:
    """The codes of the tasks that ``wanted`` names, in any case, each once and in the standard's order.

    Raises ``NotFound`` with the codes that there are.
    """
    known = {task.code.casefold(): task.code for task in standard.tasks}
    found = set()
    for one in wanted:
        code = known.get(one.strip().casefold())
        if code is None:
            there = ", ".join([*known.values()][:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
            hint = f"it has {there}" if known else "it has no tasks at all"
            key = standard_key(standard.code, standard.version)
            raise NotFound(one, f"{key} has no task with the code {one!r}; {hint}")
        found.add(code)
    return tuple(task.code for task in standard.tasks if task.code in found)


def draft_of(
    standard: Standard,
    tasks: Sequence[str] = (),
    *,
    shared: Iterable[SharedCompetency] = (),
    identifiers: Identifiers | None = None,
) -> Draft:
    """The draft of a standard, or of some of its tasks by their codes.

    Where the standard says which task or activity requires a knowledge or skill, a draft of some tasks has
    only those that they require; where it says so of none, all of them. Attitudes and ``shared``, which it
    requires as a whole, are always there: essential ones, and those with a rating of 3 and above, come first,
    optional ones last. Raises ``NotFound`` for an unknown task.
    """
    maker = _Maker(standard, identifiers or Identifiers())
    codes = task_codes(standard, tasks)
    chosen = [task for task in standard.tasks if not codes or task.code in codes]
    own = maker.requirements(chosen, whole=not codes)
    return Draft(
        code=standard_key(standard.code, standard.version),
        name=standard.name,
        iri=maker.iri,
        framework=standard.framework,
        language=standard.language,
        level=standard.level,
        description=standard.description,
        tasks=codes,
        duties=tuple(maker.duty(task) for task in chosen),
        requirements=(*own, *_shared_groups(shared)),
        assessment=tuple(maker.assessment(chosen)),
    )


class _Maker:
    """Makes items of one standard."""

    def __init__(self, standard: Standard, identifiers: Identifiers) -> None:
        self._standard = standard
        self._identifiers = identifiers
        self.iri = identifiers.of_standard(standard)

    def duty(self, task: Task) -> Duty:
        activities = tuple(self._activity(one) for one in task.activities if one.name.strip())
        return Duty(self._item(Kind.TASK, task.code, task.name, level=task.level), activities)

    def assessment(self, tasks: Iterable[Task]) -> Iterable[Assessment]:
        """One for each activity that has something to show; for all of them in a standard where none has."""
        every = [activity for task in self._standard.tasks for activity in task.activities]
        stated = any(activity.outputs or activity.indicators for activity in every)
        for task in tasks:
            for activity in task.activities:
                outputs = tuple(
                    self._item(Kind.OUTPUT, one.code, one.text)
                    for one in activity.outputs
                    if one.text.strip()
                )
                indicators = tuple(
                    self._item(Kind.INDICATOR, one.code, one.text)
                    for one in activity.indicators
                    if one.text.strip()
                )
                if outputs or indicators or (not stated and activity.name.strip()):
                    yield Assessment(self._activity(activity), outputs, indicators)

    def requirements(self, tasks: Sequence[Task], *, whole: bool) -> Iterable[RequirementGroup]:
        standard = self._standard
        required_by = _required_by(tasks)
        everything = whole or not _required_by(standard.tasks)
        for kind, competencies in ((Kind.KNOWLEDGE, standard.knowledge), (Kind.SKILL, standard.skills)):
            items = tuple(
                self._competency(kind, one, required_by.get(one.code, ()))
                for one in competencies
                if (everything or one.code in required_by)
                and (one.text.strip() or any(item.text.strip() for item in one.items))
            )
            if items:
                yield RequirementGroup(kind.value, "", items)
        attitudes = tuple(
            self._item(Kind.ATTITUDE, one.code, one.name, detail=one.text)
            for one in standard.attitudes
            if one.name.strip()
        )
        if attitudes:
            yield RequirementGroup(Kind.ATTITUDE.value, "", attitudes)
        if standard.statements:
            yield RequirementGroup(Kind.STATEMENT.value, "", tuple(self._statements(standard.statements)))

    def _statements(self, statements: Sequence[Statement]) -> Iterable[DraftItem]:
        for one in statements:
            if one.text.strip():
                yield self._item(Kind.STATEMENT, one.code, one.text)

    def _activity(self, activity: Activity) -> DraftItem:
        return self._item(Kind.ACTIVITY, activity.code, activity.name, level=activity.level)

    def _competency(self, kind: Kind, one: Competency, required_by: tuple[str, ...]) -> DraftItem:
        items = tuple(
            self._item(kind, f"{one.code}#{item.number}", item.text)
            for item in one.items
            if item.text.strip()
        )
        return self._item(kind, one.code, one.text, items=items, required_by=required_by)

    def _item(
        self,
        kind: Kind,
        code: str,
        text: str,
        *,
        detail: str = "",
        level: int | None = None,
        items: tuple[DraftItem, ...] = (),
        required_by: tuple[str, ...] = (),
    ) -> DraftItem:
        iri = self._identifiers.element(self.iri, code)
        return DraftItem(kind.value, code, text, iri, detail, level, items, required_by)


def _required_by(tasks: Iterable[Task]) -> dict[str, tuple[str, ...]]:
    """The codes of the tasks and activities that require a competency, by its code."""
    found: dict[str, dict[str, None]] = {}
    for task in tasks:
        holders: tuple[Task | Activity, ...] = (task, *task.activities)
        for holder in holders:
            for code in (*holder.knowledge, *holder.skills):
                found.setdefault(code, {})[holder.code] = None
    return {code: tuple(codes) for code, codes in found.items()}


def _shared_groups(shared: Iterable[SharedCompetency]) -> Iterable[RequirementGroup]:
    """By relation and kind, the most important first; one that is required twice as the first says."""
    groups: dict[tuple[str, str], list[SharedCompetency]] = {}
    seen: set[str] = set()
    for one in sorted(shared, key=lambda one: (_rank(_relation(one)), -(one.importance or 0))):
        if one.iri not in seen:
            seen.add(one.iri)
            groups.setdefault((_relation(one), one.kind.value), []).append(one)
    order = sorted(groups, key=lambda key: (_rank(key[0]), [*map(str, _KINDS)].index(key[1])))
    for relation, kind in order:
        entries = sorted(
            groups[relation, kind], key=lambda one: (-(one.importance or 0), one.name.casefold())
        )
        items = tuple(DraftItem(kind, one.code, one.name, one.iri) for one in entries)
        yield RequirementGroup(kind, relation, items)


def _relation(one: SharedCompetency) -> str:
    if one.importance is not None:
        return "important" if one.importance >= IMPORTANT else "other"
    return one.relation or "other"


def _rank(relation: str) -> int:
    order = (*_FIRST, "in-demand", "other", "optional")
    return order.index(relation) if relation in order else len(order)

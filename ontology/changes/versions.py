"""What changed from one version of a standard to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.changes.codes import plain_code
from ontology.changes.fields import (
    classification_changes,
    keyed_changes,
    note_changes,
    reference_changes,
    requirement_changes,
    text_change,
    value_changes,
)
from ontology.changes.model import (
    Change,
    ElementChange,
    FieldChange,
    LinkChange,
    StandardLabel,
    VersionChanges,
)
from ontology.changes.pairing import pair_elements
from ontology.changes.wording import likeness, plain_words
from ontology.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontology.changes.pairing import Pair
    from ontology.model import Element, Standard

__all__ = ["compare_versions", "standard_fields"]

_ONE_VALUE = ("name", "level", "language", "status", "description", "occupational_category")


def compare_versions(
    before: Standard,
    after: Standard,
    pairs: Sequence[tuple[str, str]] = (),
    *,
    same_codes: bool = False,
    renamed: Mapping[str, str] | None = None,
) -> VersionChanges:
    """What changed from ``before`` to ``after``. Elements are paired by wording.

    ``pairs`` are codes in ``before`` and ``after`` of elements that the caller knows to mean the same; they
    are used for what wording leaves over. ``same_codes`` says that codes are kept from version to version, so
    that they tell first which element is which. ``renamed`` has references of ``before`` that are others in
    ``after``.
    """
    elements_before, elements_after = tuple(before.elements()), tuple(after.elements())
    found = pair_elements(elements_before, elements_after, pairs, same_codes=same_codes)
    sides = _Side(before, elements_before), _Side(after, elements_after)
    return VersionChanges(
        before=_label(before),
        after=_label(after),
        fields=tuple(standard_fields(before, after, renamed or {})),
        elements=_element_changes(*sides, found),
        links=_link_changes(*sides, found),
        requirements=requirement_changes(before.requirements, after.requirements, renamed or {}),
    )


def standard_fields(before: Standard, after: Standard, renamed: Mapping[str, str]) -> list[FieldChange]:
    """What changed in the profile and the notes, field by field."""
    changes: list[FieldChange] = []
    for name in _ONE_VALUE:
        changes += text_change(name, getattr(before, name), getattr(after, name))
    for name in ("category", "occupation", "industry"):
        changes += classification_changes(name, getattr(before, name), getattr(after, name))
    for name in ("alternative_names", "hidden_names"):
        changes += value_changes(name, getattr(before, name), getattr(after, name))
    for name in ("broader", "schemes"):
        changes += reference_changes(name, getattr(before, name), getattr(after, name), renamed)
    changes += keyed_changes(
        "related",
        ((renamed.get(one.standard, one.standard), one.relation) for one in before.related),
        ((one.standard, one.relation) for one in after.related),
    )
    changes += note_changes(before.notes, after.notes)
    changes += keyed_changes("details", before.details, after.details)
    return changes


class _Side:
    """One of the two versions, with what is looked up by an element's code."""

    def __init__(self, standard: Standard, elements: tuple[Element, ...]) -> None:
        self.standard = standard
        self.elements = elements
        self.levels: dict[str, tuple[int, ...]] = {}
        self.details: dict[tuple[Kind, str], dict[str, str]] = {}
        for task in standard.tasks:
            own = (task.level,) if task.level is not None else ()
            below = {one.level for one in task.activities if one.level is not None}
            self.levels[task.code] = own or tuple(sorted(below))
            self.details[Kind.TASK, task.code] = {
                "category": task.category,
                "work_activities": "\n".join(task.work_activities),
            }
            for activity in task.activities:
                self.levels[activity.code] = (activity.level,) if activity.level is not None else own
        for attitude in standard.attitudes:
            self.details[Kind.ATTITUDE, attitude.code] = {"description": attitude.text}
        for statement in standard.statements:
            self.details[Kind.STATEMENT, statement.code] = {
                "category": statement.category,
                "abbreviation": statement.abbreviation,
                "note": statement.note,
            }

    def links(self, *, by_task: bool) -> dict[str, set[str]]:
        """What each activity takes, or each task with its activities, by codes."""
        found: dict[str, set[str]] = {}
        for task in self.standard.tasks:
            for activity in task.activities:
                own = {*activity.knowledge, *activity.skills}
                found.setdefault(task.code if by_task else activity.code, set()).update(own)
            if by_task:
                found.setdefault(task.code, set()).update(task.knowledge, task.skills)
        return found


def _label(standard: Standard) -> StandardLabel:
    def holder(tasks: bool, activities: bool) -> Kind | None:  # noqa: FBT001
        return Kind.TASK if tasks else Kind.ACTIVITY if activities else None

    activities = [activity for task in standard.tasks for activity in task.activities]
    return StandardLabel(
        framework=standard.framework,
        code=standard.code,
        name=standard.name,
        version=standard.version,
        language=standard.language,
        holder=holder(
            any(one.knowledge or one.skills for one in standard.tasks),
            any(one.knowledge or one.skills for one in activities),
        ),
        level_holder=holder(
            any(one.level is not None for one in standard.tasks),
            any(one.level is not None for one in activities),
        ),
    )


def _element_changes(before: _Side, after: _Side, pairs: Sequence[Pair]) -> tuple[ElementChange, ...]:
    by_after = {pair.after: pair for pair in pairs}
    counterpart = {before.elements[pair.before].code: after.elements[pair.after].code for pair in pairs}
    changes = []
    for at, element in enumerate(after.elements):
        levels = after.levels.get(element.code, ())
        pair = by_after.get(at)
        if pair is None:
            changes.append(ElementChange(element.kind, None, element, (Change.ADDED,), levels_after=levels))
        else:
            changes.append(_kept(before, after, pair, counterpart))
    paired = {pair.before for pair in pairs}
    changes += [
        ElementChange(one.kind, one, None, (Change.REMOVED,), levels_before=before.levels.get(one.code, ()))
        for at, one in enumerate(before.elements)
        if at not in paired
    ]
    return tuple(changes)


def _kept(before: _Side, after: _Side, pair: Pair, counterpart: Mapping[str, str]) -> ElementChange:
    one, other = before.elements[pair.before], after.elements[pair.after]
    levels_before, levels_after = before.levels.get(one.code, ()), after.levels.get(other.code, ())
    details_before = before.details.get((one.kind, one.code), {})
    details_after = after.details.get((other.kind, other.code), {})
    fields: list[FieldChange] = []
    for name in details_after:
        fields += text_change(name, details_before.get(name, ""), details_after[name])
    changes = []
    if one.text != other.text:
        same = plain_words(one.text) == plain_words(other.text)
        changes.append(Change.REPRINTED if same else Change.REWORDED)
    above = counterpart.get(one.path[-1], "") if one.path else None
    if above != (other.path[-1] if other.path else None):
        changes.append(Change.MOVED)
    if one.code != other.code:
        same = plain_code(one.code) == plain_code(other.code)
        changes.append(Change.RECODED if same else Change.RENUMBERED)
    if levels_before != levels_after:
        changes.append(Change.LEVEL)
    if any(one.change is not Change.REPRINTED for one in fields):
        changes.append(Change.DETAILS)
    elif fields and one.text == other.text:
        changes.insert(0, Change.REPRINTED)
    return ElementChange(
        one.kind,
        one,
        other,
        tuple(changes),
        likeness(one.text, other.text),
        pair.found_by,
        levels_before,
        levels_after,
        tuple(fields),
    )


def _link_changes(before: _Side, after: _Side, pairs: Sequence[Pair]) -> tuple[LinkChange, ...]:
    """Of tasks where one of the versions states K and S there, else of activities."""
    labels = _label(before.standard), _label(after.standard)
    by_task = Kind.TASK in {one.holder for one in labels}
    links_before, links_after = before.links(by_task=by_task), after.links(by_task=by_task)
    holder_kind = Kind.TASK if by_task else Kind.ACTIVITY
    kept = [(before.elements[pair.before], after.elements[pair.after]) for pair in pairs]
    holders = [(one.code, other.code) for one, other in kept if one.kind is holder_kind]
    competencies = [
        (one.kind, one.code, other.code)
        for one, other in kept
        if one.kind in (Kind.KNOWLEDGE, Kind.SKILL) and not one.path and not other.path
    ]
    changes = []
    for holder_before, holder_after in holders:
        had, has = links_before.get(holder_before, set()), links_after.get(holder_after, set())
        for kind, one, other in competencies:
            if (one in had) is not (other in has):
                change = Change.REMOVED if one in had else Change.ADDED
                changes.append(LinkChange(change, kind, holder_before, holder_after, one, other))
    return tuple(changes)

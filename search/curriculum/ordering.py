"""A proposed order of units: what is needed first, then by level, then as the standards have it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ontology.model import Kind
from search.curriculum.results import PlacedUnit, Prerequisite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.comparing.standards import Comparer
    from search.curriculum.taught import Known
    from search.passages import Passage

__all__ = ["order_of"]

_WORK = (Kind.TASK.value, Kind.ACTIVITY.value, Kind.OUTPUT.value, Kind.INDICATOR.value)
_Key = tuple[float, int, int, int]
_LAST = 1_000_000


def order_of(
    comparer: Comparer, count: int, known: Sequence[Known], standards: Sequence[Passage]
) -> tuple[PlacedUnit, ...]:
    """The ``count`` units in the order that is proposed.

    A unit with work (a task, activity, output or indicator) comes after the units with the knowledge and
    skills that the standard says are required for it, which it does not have itself. Else the lower mean
    level comes first, then what stands earlier in ``standards``, and then the order as it is. Levels are
    those of the framework of the standards, or of most competencies: those of two are scales of their own.
    Where units need each other, the first by level goes first.
    """
    per_unit: dict[int, list[Known]] = {at: [] for at in range(count)}
    for one in known:
        per_unit[one.taken.unit].append(one)
    framework = _framework(known, standards)
    tasks = _task_places(comparer, standards)
    levels = {at: _level(some, framework) for at, some in per_unit.items()}
    keys = {at: _key(at, levels[at], some, tasks) for at, some in per_unit.items()}
    needs = {at: _needs(at, some, known) for at, some in per_unit.items()}
    placed: list[PlacedUnit] = []
    done: set[int] = set()
    waiting = set(per_unit)
    while waiting:
        ready = [(keys[at], at) for at in waiting if {one.taken.unit for one in needs[at]} <= done]
        # a circle has no first: it is broken where the levels say
        _, at = min(ready or [(keys[at], at) for at in waiting])
        placed.append(PlacedUnit(at, levels[at], tuple(one for one in needs[at] if one.taken.unit in done)))
        done.add(at)
        waiting.discard(at)
    return tuple(placed)


def _framework(known: Sequence[Known], standards: Sequence[Passage]) -> str:
    if standards:
        return standards[0].framework
    counts = Counter(one.passage.framework for one in known if one.passage.level is not None)
    return counts.most_common(1)[0][0] if counts else ""


def _level(some: Iterable[Known], framework: str) -> float | None:
    levels = [
        one.passage.level
        for one in some
        if one.passage.level is not None and one.passage.framework == framework
    ]
    return round(sum(levels) / len(levels), 2) if levels else None


def _task_places(comparer: Comparer, standards: Sequence[Passage]) -> dict[tuple[str, str], tuple[int, int]]:
    """Where each task and activity stands: the number of its standard and its own in it, by the IRI of the
    standard and the code."""
    places: dict[tuple[str, str], tuple[int, int]] = {}
    for number, standard in enumerate(standards):
        for at, one in enumerate(comparer.side(standard.iri).passages):
            places.setdefault((standard.iri, one.code), (number, at))
    return places


def _key(
    at: int, level: float | None, some: Iterable[Known], tasks: dict[tuple[str, str], tuple[int, int]]
) -> _Key:
    places = [tasks[name] for one in some for name in _anchors(one.passage) if name in tasks]
    number, place = min(places, default=(_LAST, _LAST))
    return (level if level is not None else float(_LAST), number, place, at)


def _anchors(passage: Passage) -> list[tuple[str, str]]:
    """The tasks and activities at which an element stands: its own, or the first that requires it."""
    codes = [step.code for step in (*passage.required_by[:1], *passage.path[:1])] or [passage.code]
    return [(passage.standard_iri, code) for code in codes]


def _needs(at: int, some: Sequence[Known], known: Sequence[Known]) -> tuple[Prerequisite, ...]:
    """What other units have and this one needs: one reason for each of these units."""
    own = {one.passage.iri for one in some}
    holders: dict[tuple[str, str], str] = {}
    for one in some:
        if one.passage.kind in _WORK:
            for code in (one.passage.code, *(step.code for step in one.passage.path)):
                holders.setdefault((one.passage.standard_iri, code), one.passage.code)
    found: dict[int, Prerequisite] = {}
    for one in known:
        if one.taken.unit == at or one.passage.iri in own:
            continue
        for step in one.passage.required_by:
            needed_by = holders.get((one.passage.standard_iri, step.code))
            if needed_by is not None:
                found.setdefault(one.taken.unit, Prerequisite(one.taken, needed_by))
    return tuple(found[unit] for unit in sorted(found))

"""How much of a standard an outline covers.

An indicator or output is covered where a unit has it, its activity or its task; as far as the outline has the
knowledge and skills that its activity requires (its task, in the older template), each counting the same; and
by what comes from other standards, where that makes a pair with it as in a comparison: ``same`` and ``near``
count whole, ``partly`` half. A pair with its activity counts half where it is ``near``, whole where it is
``same``; one with its task counts only where it is ``same``. The strongest of these holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.model import Kind
from search.comparing.pairing import assign, attach
from search.comparing.scale import Verdict
from search.curriculum.results import Evidence, StandardCoverage, Target, TargetGroup
from search.curriculum.taught import gathered, is_above, with_parts
from search.passages import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.comparing.standards import Comparer, Side
    from search.curriculum.taught import Known
    from search.passages import Passage

__all__ = ["coverage_of"]

_MEASURED = (Kind.INDICATOR.value, Kind.OUTPUT.value)
_COMPETENCIES = (Kind.KNOWLEDGE.value, Kind.SKILL.value)
_SHOWN = 5

_Held = tuple[float, tuple[Evidence, ...]]


def coverage_of(comparer: Comparer, standard: str, known: Sequence[Known]) -> StandardCoverage:
    """What is covered of the standard with this IRI. Raises ``NotFound``.

    A standard without indicators and outputs is measured by what stands at the end of its branches: tasks,
    statements, and the shared concepts that it requires, by their weights.
    """
    side = comparer.side(standard)
    return _Coverage(comparer, side, known).result()


class _Coverage:
    def __init__(self, comparer: Comparer, side: Side, known: Sequence[Known]) -> None:
        self._side = side
        self._standard = side.compared.standard
        self._by_code = {one.code: one for one in side.passages if one.standard_iri == self._standard.iri}
        content = {one.iri for one in side.passages}
        own = [one for one in known if one.passage.iri in content or self._is_own(one.passage)]
        self._own: dict[str, list[Known]] = {}
        for one in own:
            self._own.setdefault(one.passage.iri, []).append(one)
        self._paired = _pairs(comparer, side, [one for one in known if one not in own])
        self._items: dict[str, list[Passage]] = {}
        self._required: dict[str, list[Passage]] = {}
        for passage in side.passages:
            if "#" in passage.code and passage.path:
                self._items.setdefault(passage.path[-1].code, []).append(passage)
            elif passage.kind in _COMPETENCIES:
                for step in passage.required_by:
                    self._required.setdefault(step.code, []).append(passage)
        self._shares: dict[str, _Held] = {}

    def _is_own(self, passage: Passage) -> bool:
        return passage.standard_iri == self._standard.iri

    def result(self) -> StandardCoverage:
        grouped: dict[str, list[tuple[Passage, float]]] = {}
        for passage, weight in self._wanted():
            key = passage.path[0].code if passage.kind != Kind.STATEMENT and passage.path else ""
            task = self._by_code.get(key)
            grouped.setdefault(
                key if task is not None and task.kind == Kind.TASK else f"={passage.kind}", []
            ).append((passage, weight))
        groups = []
        for key, some in grouped.items():
            task = self._by_code.get(key)
            targets = tuple(self._target(passage, weight) for passage, weight in some)
            if task is not None:
                groups.append(TargetGroup(task.code, task.text, task.level, targets))
            else:
                groups.append(TargetGroup("", key.removeprefix("="), None, targets))
        return StandardCoverage(self._standard, tuple(groups))

    def _wanted(self) -> list[tuple[Passage, float]]:
        """What is measured, with its weight, in the standard's order."""
        every = list(zip(self._side.passages, self._side.weights.tolist(), strict=True))
        measured = [(one, 1.0) for one, _ in every if one.kind in _MEASURED]
        if measured:
            return measured
        above = {step.code for one, _ in every for step in one.path}
        return [(one, weight) for one, weight in every if one.code not in above or not self._is_own(one)]

    def _target(self, passage: Passage, weight: float) -> Target:
        value, evidence = self._held(passage)
        if passage.kind in _MEASURED:
            required, why = self._held_by_requirement(passage)
            if required > value:
                value, evidence = required, (*why, *evidence)
            elif value < 1:
                evidence = (*evidence, *why)
        return Target(passage, weight, round(value, 4), evidence[:_SHOWN])

    def _held(self, passage: Passage) -> _Held:
        """How much of an element the outline has by itself, by what is above it, by pairs, or by its
        sub-items."""
        found = [(1.0, Evidence(one.taken, "itself")) for one in self._own.get(passage.iri, ())]
        for some in self._own.values():
            if is_above(some[0].passage, passage):
                found += [(1.0, Evidence(one.taken, "above")) for one in some]
        found += [(verdict.covers, why) for verdict, why in self._paired.get(passage.iri, ())]
        found += self._by_pairs_above(passage)
        found.sort(key=lambda pair: -pair[0])
        value = found[0][0] if found else 0.0
        evidence = tuple(dict.fromkeys(one for _, one in found))
        items = self._items.get(passage.code, ()) if self._is_own(passage) else ()
        if value < 1 and items:
            shares = [self._held(one) for one in items]
            share = sum(one for one, _ in shares) / len(shares)
            if share > value:
                value, evidence = share, tuple(dict.fromkeys(one for _, why in shares for one in why))
        return value, evidence

    def _by_pairs_above(self, passage: Passage) -> list[tuple[float, Evidence]]:
        found = []
        for step in passage.path:
            above = self._by_code.get(step.code)
            if above is None:
                continue
            is_activity = step is passage.path[-1] and above.kind == Kind.ACTIVITY
            for verdict, why in self._paired.get(above.iri, ()):
                if verdict is Verdict.SAME:
                    found.append((1.0, why))
                elif verdict is Verdict.NEAR and is_activity:
                    found.append((0.5, why))
        return found

    def _held_by_requirement(self, passage: Passage) -> _Held:
        """The share of what the activity requires that the outline has; of what the task requires, where the
        standard says nothing of activities."""
        holder = next((step.code for step in reversed(passage.path) if step.code in self._required), None)
        if holder is None:
            return 0.0, ()
        if holder not in self._shares:
            held = [(one.code, *self._held(one)) for one in self._required[holder]]
            why = tuple(
                Evidence(evidence[0].taken, "required", evidence[0].score, code)
                for code, value, evidence in held
                if value
            )
            self._shares[holder] = sum(value for _, value, _ in held) / len(held), why
        return self._shares[holder]


def _pairs(
    comparer: Comparer, side: Side, foreign: Iterable[Known]
) -> dict[str, list[tuple[Verdict, Evidence]]]:
    """What from elsewhere makes a pair with an element of the standard, by its IRI."""
    meant = with_parts(comparer, foreign)
    found: dict[str, list[tuple[Verdict, Evidence]]] = {}
    rows = [row for row in meant if comparer.passages[row].kind != STANDARD_KIND]
    if not rows or not side.passages:
        return found
    scores, reasons = comparer.explained_scores(gathered(comparer, rows), side)
    pairs = assign(scores, comparer.scale.partly)
    pairs += attach(scores, pairs, comparer.scale.attach)
    for row, column in sorted(pairs, key=lambda pair: -float(scores[pair])):
        score = float(scores[row, column])
        verdict = comparer.scale.verdict(score)
        if verdict is None:
            continue
        reason = reasons.get((row, column), "meaning")
        for taken in meant[rows[row]]:
            evidence = Evidence(taken, reason, round(score, 4), comparer.passages[rows[row]].code)
            found.setdefault(side.passages[column].iri, []).append((verdict, evidence))
    return found

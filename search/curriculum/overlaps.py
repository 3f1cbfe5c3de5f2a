"""What two units of an outline teach both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.comparing.scale import kind_distance
from search.curriculum.results import Overlap
from search.curriculum.taught import gathered, is_above
from search.passages import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.comparing.standards import Comparer
    from search.curriculum.taught import Known

__all__ = ["MOST_OVERLAPS", "overlaps_of"]

MOST_OVERLAPS = 200
_REASONS = ("element", "part", "concept", "text", "meaning")


def overlaps_of(comparer: Comparer, known: Sequence[Known]) -> tuple[tuple[Overlap, ...], int]:
    """The surest overlaps, and how many there are: first the same elements and parts of them, then what is
    one shared concept or has the same words, then what is near in meaning, each with the nearest of other
    units."""
    found: dict[frozenset[tuple[int, str]], Overlap] = {}
    for one in (*_the_same(known), *_alike(comparer, known)):
        ends = ((taken.unit, taken.competency.iri) for taken in (one.first, one.second))
        found.setdefault(frozenset(ends), one)
    ordered = sorted(
        found.values(),
        key=lambda one: (_REASONS.index(one.reason), -one.score, one.first.unit, one.second.unit),
    )
    return tuple(ordered[:MOST_OVERLAPS]), len(ordered)


def _the_same(known: Sequence[Known]) -> Iterator[Overlap]:
    named: dict[tuple[str, str], list[Known]] = {}
    for one in known:
        named.setdefault((one.passage.standard_iri, one.passage.code), []).append(one)
    for some in named.values():
        for at, first in enumerate(some):
            for second in some[at + 1 :]:
                if first.passage.iri == second.passage.iri and first.taken.unit != second.taken.unit:
                    yield Overlap(first.taken, second.taken, "element")
    for one in known:
        passage = one.passage
        holders = [step.code for step in passage.path]
        if passage.kind != STANDARD_KIND:
            holders.append(passage.standard)
        for code in holders:
            for above in named.get((passage.standard_iri, code), ()):
                if above.taken.unit != one.taken.unit and is_above(above.passage, passage):
                    yield Overlap(above.taken, one.taken, "part")


def _alike(comparer: Comparer, known: Sequence[Known]) -> Iterator[Overlap]:
    if len({one.taken.unit for one in known}) < 2:
        return
    side = gathered(comparer, [one.row for one in known])
    scores, reasons = comparer.explained_scores(side, side)
    units = np.array([one.taken.unit for one in known])
    iris = np.array([one.passage.iri for one in known])
    scores[units[:, None] == units[None]] = 0
    scores[iris[:, None] == iris[None]] = 0
    best = scores.argmax(axis=1)
    pairs = {(min(at, other), max(at, other)) for at, other in enumerate(best.tolist())}
    pairs |= {pair for pair in reasons if pair[0] < pair[1]}
    for at, other in sorted(pairs):
        first, second = known[at], known[other]
        score = float(max(scores[at, other], scores[other, at]))
        same_standard = first.passage.standard_iri == second.passage.standard_iri
        if score < comparer.scale.near or first.taken.unit == second.taken.unit:
            continue
        reason = reasons.get((at, other), reasons.get((other, at), "meaning"))
        # a standard tells its own elements apart: a plan is an output, and what it is for an activity
        if reason == "meaning" and same_standard and kind_distance(first.passage.kind, second.passage.kind):
            continue
        if is_above(first.passage, second.passage) or is_above(second.passage, first.passage):
            continue
        yield Overlap(first.taken, second.taken, reason, round(score, 4))

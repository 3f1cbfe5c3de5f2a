"""From one standard to another, as somebody goes who works by the first: what is known and what is to be
learnt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.comparing.scale import Verdict

if TYPE_CHECKING:
    from search.comparing.results import Comparison, Pair
    from search.comparing.standards import Comparer
    from search.passages import Passage

__all__ = ["Move", "ToLearn", "move"]


@dataclass(frozen=True, slots=True)
class ToLearn:
    """An element of the standard to go to that is not known; ``pair`` is what is known of it where that is a
    part, ``level`` the nearest level that is stated, ``share`` its weight among all elements there, 0–1."""

    element: Passage
    level: int | None
    share: float
    pair: Pair | None


@dataclass(frozen=True, slots=True)
class Move:
    """``known`` are pairs that are the same or near, one for each element of the standard to go to, in the
    order of its document; ``to_learn`` is ordered by level, those without one last, then as in the document.
    The shares are of the standard to go to, by weight, and add up to 1; 0 each where it has no elements."""

    comparison: Comparison
    known: tuple[Pair, ...]
    to_learn: tuple[ToLearn, ...]
    share_known: float
    share_partly: float
    share_new: float

    @property
    def readiness(self) -> float:
        """The share that is known, what is known in part as a half."""
        return self.share_known + self.share_partly / 2


def move(comparer: Comparer, origin: str, target: str) -> Move:
    """The move from one standard to another, by IRI; either may be a part. Raises as ``Comparer.compare``
    does."""
    comparison, side = comparer.compare(origin, target), comparer.side(target)
    best: dict[str, Pair] = {}
    for pair in comparison.pairs:
        known = best.get(pair.b.iri)
        if known is None or pair.score > known.score:
            best[pair.b.iri] = pair
    total = max(float(side.weights.sum()), 1e-9)
    shares = [float(weight) / total for weight in side.weights]
    learn = [
        ToLearn(one, one.level, round(share, 4), best.get(one.iri))
        for one, share in zip(side.passages, shares, strict=True)
        if not _is_known(best.get(one.iri))
    ]
    # sorted keeps the order of the document within a level
    learn.sort(key=lambda one: (one.level is None, one.level or 0))
    # of the exact shares: many rounded ones add up to more than 1
    exact = {one.iri: share for one, share in zip(side.passages, shares, strict=True)}
    partly = min(1.0, sum(exact[one.element.iri] for one in learn if one.pair))
    new = min(1.0, sum(exact[one.element.iri] for one in learn if not one.pair))
    return Move(
        comparison,
        tuple(best[one.iri] for one in side.passages if _is_known(best.get(one.iri))),
        tuple(learn),
        round(max(0.0, 1 - partly - new), 4) if side.passages else 0.0,
        round(partly, 4),
        round(new, 4),
    )


def _is_known(pair: Pair | None) -> bool:
    return pair is not None and pair.verdict is not Verdict.PARTLY

"""How near two texts must be: scores and thresholds of links, which belong to a model and were measured."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["LinkScale", "scale_of"]


@dataclass(frozen=True, slots=True)
class LinkScale:
    """From the cosine of two texts to the probability that a person accepts a link between them.

    A logistic function with its ``middle`` and ``steepness``; texts in two languages lie further apart, by
    ``across``. It is fitted to judged pairs (``benchmarks/linking.py``). From ``upper`` on a link is
    suggested, from ``lower`` on it is grey, below there is none. ``directions`` of language were taken away
    from the vectors that it was fitted to, and are from those that it judges.
    """

    middle: float
    steepness: float
    across: float
    upper: float
    lower: float
    directions: int

    def score(self, cosine: float, *, across: bool) -> float:
        middle = self.middle - (self.across if across else 0)
        return 1 / (1 + math.exp(-self.steepness * (cosine - middle)))

    def cosine(self, score: float, *, across: bool) -> float:
        """The cosine that has this score: the reverse of ``score``."""
        middle = self.middle - (self.across if across else 0)
        return middle + math.log(score / (1 - score)) / self.steepness


_SCALES = {
    "multilingual-e5-small": LinkScale(
        middle=0.685, steepness=15.6, across=0.171, upper=0.8, lower=0.3, directions=15
    ),
}


def scale_of(model: str) -> LinkScale | None:
    """The scale of a model; ``None`` for one that was not measured, whose cosines then suggest nothing."""
    return _SCALES.get(model)

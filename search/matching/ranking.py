"""Which standards a job description fits: by its title, and by what it asks for.

For a text with requirement segments *r* and a standard *s* with content *E(s)*:

* title(s) = the rank score of the job title as a query, where *s* is the passage that stands for the standard
  with all its names (``search.ranking``);
* matter(s) = cosine of the mean of all *r* with that passage;
* nearness(s) = mean over *r* of the likeness of its best match in *E(s)*;
* covered(s) = mean over *r* of the score of its best match in *E(s)*;
* covering(s) = weighted mean over *E(s)* of the score of its best match in *r*;
* size(s) = log of the number of elements, of 60 at most: a standard of few words is seldom what is meant,
  and beyond that a long one has no advantage.

The score is a logistic function of their weighted sum, the probability that the standard is right where it is
among the best five. Both were fitted to the development half of ``data/eval/job-descriptions``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.dense import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.comparing.nearest import AllStandards
    from search.comparing.points import Points

__all__ = ["DEFAULT_WEIGHTS", "FEATURES", "MatchWeights", "features", "scores"]

FEATURES = ("title", "matter", "nearness", "covered", "covering", "size")
"""The columns of ``features``."""

_ENOUGH = 60


@dataclass(frozen=True, slots=True)
class MatchWeights:
    """The weight of each feature. ``middle`` is the sum at which the score is one half, ``steepness`` the
    slope of its logit."""

    title: float = 14.0
    matter: float = 16.0
    nearness: float = 10.0
    covered: float = 4.0
    covering: float = 1.5
    size: float = 1.0
    middle: float = 24.2
    steepness: float = 0.216


DEFAULT_WEIGHTS = MatchWeights()


def features(
    all_standards: AllStandards, title: NDArray[np.float32] | None, points: Points
) -> NDArray[np.float32]:
    """The features of each standard, a row each; ``title`` has a rank score for each, or is ``None``."""
    count = len(all_standards.contents)
    found = np.zeros((count, len(FEATURES)), np.float32)
    if title is not None:
        found[:, 0] = title
    if len(points):
        mean = unit(points.weights @ points.vectors)
        found[:, 1] = all_standards.names @ mean
        coverages = all_standards.coverage(points)
        found[:, 2] = coverages.nearness
        found[:, 3] = coverages.covered
        found[:, 4] = coverages.covering
    sizes = np.diff(all_standards.contents.starts)
    found[:, 5] = np.log(np.clip(sizes, 1, _ENOUGH))
    return found


def scores(found: NDArray[np.float32], weights: MatchWeights) -> NDArray[np.float32]:
    """The score of each standard, 0–1."""
    by_feature = np.array([getattr(weights, name) for name in FEATURES], np.float32)
    sums = found @ by_feature - weights.middle
    return np.asarray(1 / (1 + np.exp(-weights.steepness * sums)), np.float32)

"""Which standards a job description fits: by its title, and by what it asks for.

For a text with requirement segments *r* and a standard *s* with content *E(s)*:

* title(s) = the rank score of the job title as a query, where *s* is the passage that stands for the standard
  with all its names (``search.ranking``);
* matter(s) = cosine of the mean of all *r* with that passage;
* nearness(s) = mean over *r* of the likeness of its best match in *E(s)*;
* covered(s) = mean over *r* of the score of its best match in *E(s)*;
* covering(s) = weighted mean over *E(s)* of the score of its best match in *r*;
* size(s) = log of the number of elements, whose weight is below 0: among more elements the best match of
  anything is nearer by chance, and a long standard shall have no advantage.

The score is a logistic function of their weighted sum. Weights were fitted to the development half of
``data/eval/job-descriptions``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.dense import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.comparing.nearest import AllStandards, Points

__all__ = ["DEFAULT_WEIGHTS", "FEATURES", "MatchWeights", "features", "scores"]

FEATURES = ("title", "matter", "nearness", "covered", "covering", "size", "filled")
"""The columns of ``features``; ``filled`` is 1 for a standard with content."""


@dataclass(frozen=True, slots=True)
class MatchWeights:
    """The weight of each feature. ``middle`` is the sum at which the score is one half."""

    title: float = 6.0
    matter: float = 8.0
    nearness: float = 8.0
    covered: float = 1.0
    covering: float = 2.0
    size: float = -0.1
    filled: float = 0.0
    middle: float = 8.0


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
    found[:, 5] = np.log(np.maximum(sizes, 1))
    found[:, 6] = sizes > 0
    return found


def scores(found: NDArray[np.float32], weights: MatchWeights) -> NDArray[np.float32]:
    """The score of each standard, 0–1."""
    by_feature = np.array([getattr(weights, name) for name in FEATURES], np.float32)
    return np.asarray(1 / (1 + np.exp(-(found @ by_feature - weights.middle))), np.float32)

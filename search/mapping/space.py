"""The space that a map is drawn from: what each standard says of itself, beside what it consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.dense import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.comparing.nearest import AllStandards

__all__ = ["points_of_standards", "without_framework"]

_SURE = 50
"""With so many standards a framework's own mean counts half."""


def points_of_standards(standards: AllStandards) -> NDArray[np.float32]:
    """A unit vector for each standard of ``standards.contents``, shape ``(standards, 2 × dimension)``: the
    vector of its name and description, and the weighted mean of its elements, each without its framework.
    What has no elements has its name in their place."""
    contents, dense = standards.contents, standards.dense
    names = standards.names
    means = names.copy()
    for number in range(len(contents)):
        rows, weights = contents.of_standard(number)
        if len(rows):
            means[number] = weights @ np.asarray(dense.vectors[rows], np.float32)
    frameworks = [standards.passages[int(row)].framework for row in contents.standards]
    halves = [without_framework(unit(one), frameworks) for one in (names, means)]
    return np.asarray(np.concatenate(halves, axis=1) / np.sqrt(2), np.float32)


def without_framework(vectors: NDArray[np.float32], frameworks: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors with the mean of their framework taken away: ESCO lists skills where O*NET has sentences,
    which would part the map by framework and not by work. Of a framework with few standards the mean of all
    counts, too, since its own may be what they are about."""
    if len(vectors) < 2:
        return vectors
    overall = vectors.mean(axis=0)
    centred = vectors.copy()
    known = np.array(frameworks)
    for framework in sorted(set(frameworks)):
        own = known == framework
        count = int(own.sum())
        centred[own] -= (vectors[own].sum(axis=0) + _SURE * overall) / (count + _SURE)
    return unit(centred)

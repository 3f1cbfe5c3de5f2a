"""How sure a difference of two means is: the paired bootstrap (Efron and Tibshirani 1993, chapter 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["paired_interval"]

_RESAMPLES = 10_000


def paired_interval(
    one: NDArray[np.float64], other: NDArray[np.float64], *, seed: int = 1
) -> tuple[float, float]:
    """The 95 % percentile interval of the mean of ``one`` less that of ``other``.

    Both have shape ``(groups, values)``. Groups are drawn whole: the same need in several languages is not
    several needs.
    """
    differences = (one - other).mean(axis=1)
    drawn = np.random.default_rng(seed).integers(0, len(differences), (_RESAMPLES, len(differences)))
    low, high = np.quantile(differences[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)

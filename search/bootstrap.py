"""How sure a difference of two means is: the paired bootstrap (Efron and Tibshirani 1993, chapter 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["paired_interval"]

_RESAMPLES = 10_000
_TOGETHER = 2_000_000


def paired_interval(
    one: NDArray[np.float64], other: NDArray[np.float64], *, seed: int = 1
) -> tuple[float, float]:
    """The 95 % percentile interval of the mean of ``one`` less that of ``other``.

    Both have shape ``(groups, values)``; a value that a group does not have is not a number in both. The mean
    is that over the values of their means over the groups that have them. Groups are drawn whole: the same
    need in several languages is not several needs.
    """
    differences = one - other
    present = ~np.isnan(differences)
    filled = np.where(present, differences, 0.0)
    groups = len(differences)
    random = np.random.default_rng(seed)
    means = []
    at_once = max(1, _TOGETHER // groups)
    for start in range(0, _RESAMPLES, at_once):
        drawn = random.integers(0, groups, (min(at_once, _RESAMPLES - start), groups))
        # how often each group was drawn
        places = drawn + groups * np.arange(len(drawn))[:, None]
        times = np.bincount(places.ravel(), minlength=drawn.size).reshape(drawn.shape).astype(np.float64)
        with np.errstate(invalid="ignore"):
            of_values = (times @ filled) / (times @ present)
        means.append(np.nanmean(of_values, axis=1))
    low, high = np.quantile(np.concatenate(means), [0.025, 0.975])
    return float(low), float(high)

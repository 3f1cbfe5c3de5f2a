"""All rows multiplied with the query: no loss, and no faster way while rows are few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.dense import top_rows
from search.vectors.base import Nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.vectors.base import VectorRows, Wanted

__all__ = ["ExactVectors", "nearest_among"]

# rows picked from all over the matrix cost so many times what they cost in passing
_PICKED = 4


class ExactVectors:
    """The product with the matrix as it lies on disk."""

    def __init__(self, rows: VectorRows) -> None:
        self._rows = rows

    def search(self, query: NDArray[np.float32], *wanted: Wanted) -> tuple[Nearest, ...]:
        if sum(one.allowed.count for one in wanted) * _PICKED < len(self._rows):
            return tuple(nearest_among(self._rows, query, one) for one in wanted)
        scores = np.asarray(self._rows.vectors @ query + self._rows.biases, np.float32)
        return tuple(_nearest(scores, one) for one in wanted)

    def close(self) -> None:
        return


def nearest_among(rows: VectorRows, query: NDArray[np.float32], wanted: Wanted) -> Nearest:
    """The nearest rows, by multiplying none but those allowed."""
    among = np.flatnonzero(wanted.allowed.mask)
    scores = rows.scores(among, query)
    best = top_rows(scores, min(wanted.count, len(among)))
    return Nearest(among[best], scores[best])


def _nearest(scores: NDArray[np.float32], wanted: Wanted) -> Nearest:
    masked = np.where(wanted.allowed.mask, scores, -np.inf).astype(np.float32, copy=False)
    rows = top_rows(masked, min(wanted.count, wanted.allowed.count))
    return Nearest(rows, scores[rows])

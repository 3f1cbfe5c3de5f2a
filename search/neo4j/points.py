"""Scores as cosines.

A search ranks by v·q + b, where a vector index of Neo4j ranks by the cosine. So a row becomes (v, b, c) with
c such that all rows are equally long, and a query (q, 1, 0): the cosine is then (v·q + b) / (R·|(q, 1)|) and
has the order of the scores (Bachrach et al. 2014, "Speeding up the Xbox recommender system using a Euclidean
transformation for inner-product spaces").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.vectors import VectorRows

__all__ = ["EXTRA", "length_of", "query_point", "row_points"]

EXTRA = 2
"""So many numbers stand after those of a vector."""
_BLOCK = 10_000


def length_of(rows: VectorRows) -> float:
    """R: the length of every row, that of the longest (v, b)."""
    longest = 0.0
    for start in range(0, len(rows), _BLOCK):
        longest = max(longest, float(_squares(rows, slice(start, start + _BLOCK)).max()))
    return float(np.sqrt(longest)) or 1.0


def row_points(rows: VectorRows, chosen: slice, length: float) -> NDArray[np.float32]:
    """Some rows as they are kept, each of this length."""
    vectors, biases = rows.vectors[chosen], rows.biases[chosen]
    rest = np.sqrt(np.maximum(length**2 - _squares(rows, chosen), 0))
    return np.column_stack([vectors, biases, rest]).astype(np.float32)


def query_point(query: NDArray[np.float32]) -> NDArray[np.float32]:
    """A query as the vector index is asked."""
    return np.concatenate([query, np.array([1, 0], np.float32)]).astype(np.float32)


def _squares(rows: VectorRows, chosen: slice) -> NDArray[np.float64]:
    vectors = np.asarray(rows.vectors[chosen], np.float64)
    return np.asarray((vectors**2).sum(axis=1) + np.asarray(rows.biases[chosen], np.float64) ** 2)

"""Many standards with each other: how much of each every other one has, and which of them are alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ontology.errors import WrongCount
from search.comparing.results import Compared, Coverage
from search.comparing.standards import Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.comparing.standards import Comparer

__all__ = ["MOST_STANDARDS", "Matrix", "compare_many"]

MOST_STANDARDS = 50
# standards that have less of each other than this stand in clusters of their own
_LEAST_ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Matrix:
    """``standards`` in an order in which alike ones stand together. ``coverage[i][j]`` is how much of *i* the
    standard *j* has (``a``), and how much of *j* is in *i* (``b``), so that it is ``coverage[j][i]`` the
    other way round; ``None`` for a side without elements. ``clusters`` has a number for each standard, from
    1 on in their order: those with one number are alike."""

    standards: tuple[Compared, ...]
    coverage: tuple[tuple[Coverage, ...], ...]
    clusters: tuple[int, ...]
    took_ms: float


def compare_many(comparer: Comparer, iris: Sequence[str]) -> Matrix:
    """All of these standards, or parts of standards, with each other; each counts once.

    Every element counts with its best counterpart: whole from ``near`` on, half where that is only ``partly``
    the same. That is what a comparison of two finds, less that there an element is not given away twice, so
    the shares are estimates of its. Clusters are those of average linkage on 1 − the mean of both shares.

    Raises ``WrongCount`` for fewer than two or more than ``MOST_STANDARDS``, and as ``Comparer.side`` does.
    """
    started = time.perf_counter()
    wanted = list(dict.fromkeys(iris))
    if not 2 <= len(wanted) <= MOST_STANDARDS:
        raise WrongCount(
            len(wanted),
            2,
            MOST_STANDARDS,
            f"a matrix takes 2 to {MOST_STANDARDS} different standards, and {len(wanted)} were named",
        )
    sides = [comparer.side(iri) for iri in wanted]
    shares = _shares(comparer, sides)
    order, clusters = _grouped(shares)
    numbers = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters[order].tolist()), 1)}
    return Matrix(
        tuple(sides[at].compared for at in order),
        tuple(tuple(Coverage(_share(shares[i, j]), _share(shares[j, i])) for j in order) for i in order),
        tuple(numbers[int(clusters[at])] for at in order),
        (time.perf_counter() - started) * 1000,
    )


def _share(share: float) -> float | None:
    return None if np.isnan(share) else round(float(share), 4)


def _shares(comparer: Comparer, sides: Sequence[Side]) -> NDArray[np.float32]:
    """How much of each, by row, every other one has; not a number for one without elements."""
    count = len(sides)
    shares = np.zeros((count, count), np.float32)
    for i, side in enumerate(sides):
        shares[i, i] = 1 if side.rows.size else np.nan
        rest = [(j, sides[j]) for j in range(i + 1, count) if sides[j].rows.size]
        if not side.rows.size or not rest:
            continue
        scores = comparer.scores(side, [other for _, other in rest])
        covers = comparer.scale.covers(scores)
        start = 0
        for j, other in rest:
            block = covers[:, start : start + len(other.rows)]
            start += len(other.rows)
            shares[i, j] = block.max(axis=1) @ side.weights / side.weights.sum()
            shares[j, i] = block.max(axis=0) @ other.weights / other.weights.sum()
    for i, side in enumerate(sides):
        if not side.rows.size:
            shares[i, :] = np.nan
    return shares


def _grouped(shares: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The order in which alike ones stand together, and the cluster of each."""
    from scipy.cluster.hierarchy import fcluster, leaves_list, linkage, optimal_leaf_ordering
    from scipy.spatial.distance import squareform

    known = np.nan_to_num(shares)
    distances = 1 - np.clip((known + known.T) / 2, 0, 1)
    np.fill_diagonal(distances, 0)
    condensed = squareform(distances, checks=False)
    tree = optimal_leaf_ordering(linkage(condensed, "average"), condensed)
    clusters = fcluster(tree, 1 - _LEAST_ALIKE, criterion="distance")
    return np.asarray(leaves_list(tree), np.int64), np.asarray(clusters, np.int64)

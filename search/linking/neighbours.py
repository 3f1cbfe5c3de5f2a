"""Near pairs of unit vectors by blocked products: memory is bounded whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.background import Progress

__all__ = ["Pairs", "near_pairs"]

# 512 rows against 100,000 are 200 MB of float32
_BLOCK = 512


@dataclass(frozen=True)
class Pairs:
    """Rows of one matrix, rows of the other, and their cosines; sorted by the first, then the best first,
    equal ones by the second."""

    rows: NDArray[np.int64]
    others: NDArray[np.int64]
    cosines: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rows)


def near_pairs(
    vectors: NDArray[np.float32],
    others: NDArray[np.float32],
    least: float,
    *,
    most: int,
    message: str = "",
    progress: Progress | None = None,
) -> Pairs:
    """For each row of ``vectors`` at most ``most`` rows of ``others`` whose cosine is ``least`` or more."""
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]] = []
    if len(others):
        for start in range(0, len(vectors), _BLOCK):
            if progress:
                progress(message, start, len(vectors))
            # rounded, so that the last bits, which depend on the shape of the product, decide nothing
            cosines = np.round(vectors[start : start + _BLOCK] @ others.T, 5)
            if most < cosines.shape[1]:
                floor = -np.partition(-cosines, most - 1, axis=1)[:, most - 1 : most]
                keep = cosines >= np.maximum(floor, least)
            else:
                keep = cosines >= least
            rows, columns = np.nonzero(keep)
            values = cosines[rows, columns]
            order = np.lexsort((columns, -values, rows))
            rows, columns, values = rows[order], columns[order], values[order]
            rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
            kept = rank < most
            found.append((rows[kept] + start, columns[kept], values[kept].astype(np.float32)))
    if progress and message:
        progress(message, len(vectors), len(vectors))
    if not found:
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    rows, columns, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Pairs(np.asarray(rows, np.int64), np.asarray(columns, np.int64), np.asarray(values, np.float32))

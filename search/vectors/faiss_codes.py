"""faiss: every row as a short code that a query is compared with, and the best again with the exact vectors.

Each two numbers of a vector become one of 16 pairs found in a sample (4 bits); a query compares itself with
all codes at some tens of millions of rows a second and core. The bias of a row is one more number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from search.dense import top_rows
from search.vectors.base import Nearest
from search.vectors.exact import ExactVectors, nearest_among

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from search.vectors.base import VectorRows, Wanted

__all__ = ["FaissVectors"]

_FILE = "codes.faiss"
_BITS = 4
_NUMBERS_PER_CODE = 2
_TRAINING_ROWS = 20_000
_BLOCK = 65_536
# so many hits are found sooner by multiplying all rows than by scoring thrice as many again
_MOST = 10_000
_DEEPER = 3
_MARGIN = 200


class FaissVectors:
    """The codes, in memory: half a byte for each two numbers of a vector."""

    def __init__(self, index: Any, rows: VectorRows, few: int) -> None:
        self._index = index
        self._rows = rows
        self._few = few
        self._exact = ExactVectors(rows)

    @classmethod
    def build(cls, folder: Path, rows: VectorRows) -> None:
        """Writes the codes into ``folder``. There must be a row."""
        import faiss

        # a thread of its own for each core waits for the others longer than it works
        faiss.omp_set_num_threads(1)
        width = _padded(rows.vectors.shape[1] + 1)
        # a single list, since lists let filters be applied while codes are compared
        centre = faiss.IndexFlatIP(width)
        index = faiss.IndexIVFPQFastScan(
            centre, width, 1, width // _NUMBERS_PER_CODE, _BITS, faiss.METRIC_INNER_PRODUCT
        )
        index.by_residual = False
        index.cp.min_points_per_centroid = index.pq.cp.min_points_per_centroid = 1
        sample = np.random.default_rng(0).permutation(len(rows))[:_TRAINING_ROWS]
        # no fewer rows than there are codes
        sample = np.resize(np.sort(sample), max(len(sample), 2**_BITS))
        index.train(_points(rows, sample, width))
        for start in range(0, len(rows), _BLOCK):
            index.add(_points(rows, np.arange(start, min(start + _BLOCK, len(rows))), width))
        faiss.write_index(index, str(folder / _FILE))

    @classmethod
    def open(cls, folder: Path, rows: VectorRows, *, few: int) -> FaissVectors:
        """Raises ``ValueError`` for a file that is damaged or of other rows."""
        import faiss

        try:
            index = faiss.read_index(str(folder / _FILE))
        except RuntimeError as error:
            raise ValueError(str(error)) from error
        if index.ntotal != len(rows) or index.d != _padded(rows.vectors.shape[1] + 1):
            raise ValueError("its files do not belong together")
        return cls(index, rows, few)

    def search(self, query: NDArray[np.float32], *wanted: Wanted) -> tuple[Nearest, ...]:
        if any(one.count > _MOST and one.allowed.count > self._few for one in wanted):
            return self._exact.search(query, *wanted)
        return tuple(self._nearest(query, one) for one in wanted)

    def close(self) -> None:
        return

    def _nearest(self, query: NDArray[np.float32], wanted: Wanted) -> Nearest:
        if wanted.allowed.count <= max(self._few, wanted.count):
            return nearest_among(self._rows, query, wanted)
        import faiss

        # one client's threads would wait for those of the others
        faiss.omp_set_num_threads(1)
        bits = np.packbits(wanted.allowed.mask, bitorder="little")
        parameters = faiss.SearchParametersIVF(sel=faiss.IDSelectorBitmap(bits), nprobe=1)
        point = np.zeros((1, self._index.d), np.float32)
        point[0, : len(query)] = query
        point[0, len(query)] = 1
        depth = min(_DEEPER * wanted.count + _MARGIN, wanted.allowed.count)
        _, found = self._index.search(point, depth, params=parameters)
        rows = found[0][found[0] >= 0]
        if len(rows) < wanted.count:
            return self._exact.search(query, wanted)[0]
        scores = self._rows.scores(rows, query)
        best = top_rows(scores, wanted.count)
        return Nearest(rows[best], scores[best])


def _padded(width: int) -> int:
    return -(-width // _NUMBERS_PER_CODE) * _NUMBERS_PER_CODE


def _points(rows: VectorRows, chosen: NDArray[np.int64], width: int) -> NDArray[np.float32]:
    """Vectors with their biases, filled up with zeros."""
    points = np.zeros((len(chosen), width), np.float32)
    own = rows.vectors.shape[1]
    points[:, :own] = rows.vectors[chosen]
    points[:, own] = rows.biases[chosen]
    return points

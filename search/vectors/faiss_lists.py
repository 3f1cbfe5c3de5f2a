"""faiss: rows in lists around centres, of which a query reads the nearest few.

Vectors lie in the lists at 8 bits a number; what comes out is scored again with the exact vectors. The bias
of a row is one more dimension, so that lists and scores know of it.
"""

from __future__ import annotations

import math
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

_FILE = "nearest.faiss"
_TRAINING_ROWS_PER_LIST = 40
_BLOCK = 65_536
# more hits than this need all rows
_MOST = 4_000
_PROBES = 384
_SHARE_OF_LISTS = 0.4


class FaissVectors:
    """The lists as they lie on disk."""

    def __init__(self, index: Any, rows: VectorRows, few: int) -> None:
        self._index = index
        self._rows = rows
        self._few = few
        self._exact = ExactVectors(rows)

    @classmethod
    def build(cls, folder: Path, rows: VectorRows) -> None:
        """Writes the lists into ``folder``: some 4·√n of them around centres found in a sample."""
        import faiss

        lists = max(1, min(len(rows) // _TRAINING_ROWS_PER_LIST, int(4 * math.sqrt(len(rows)))))
        width = rows.vectors.shape[1] + 1
        centres = faiss.IndexFlatIP(width)
        index = faiss.IndexIVFScalarQuantizer(
            centres, width, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
        )
        index.by_residual = False
        sample = np.random.default_rng(0).permutation(len(rows))[: lists * _TRAINING_ROWS_PER_LIST]
        index.train(_with_biases(rows, np.sort(sample)))
        for start in range(0, len(rows), _BLOCK):
            index.add(_with_biases(rows, np.arange(start, min(start + _BLOCK, len(rows)))))
        faiss.write_index(index, str(folder / _FILE))

    @classmethod
    def open(cls, folder: Path, rows: VectorRows, *, few: int) -> FaissVectors:
        """Raises ``ValueError`` for a file that is damaged or of other rows."""
        import faiss

        try:
            index = faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise ValueError(str(error)) from error
        if index.ntotal != len(rows):
            raise ValueError("its files do not belong together")
        return cls(index, rows, few)

    def search(self, query: NDArray[np.float32], *wanted: Wanted) -> tuple[Nearest, ...]:
        if any(one.count > _MOST and one.allowed.count > self._few for one in wanted):
            return self._exact.search(query, *wanted)
        return tuple(self._nearest(query, one) for one in wanted)

    def close(self) -> None:
        return

    def _nearest(self, query: NDArray[np.float32], wanted: Wanted) -> Nearest:
        if wanted.allowed.count <= self._few:
            return nearest_among(self._rows, query, wanted)
        import faiss

        # one client's threads would wait for those of the others
        faiss.omp_set_num_threads(1)
        bits = np.packbits(wanted.allowed.mask, bitorder="little")
        share = wanted.allowed.count / len(self._rows)
        parameters = faiss.SearchParametersIVF(
            sel=faiss.IDSelectorBitmap(bits), nprobe=self._probes(wanted.count, share)
        )
        point = np.append(query, np.float32(1))[None]
        _, found = self._index.search(point, _with_margin(wanted.count), params=parameters)
        rows = found[0][found[0] >= 0]
        if len(rows) < min(wanted.count, wanted.allowed.count):
            return self._exact.search(query, wanted)[0]
        scores = self._rows.scores(rows, query)
        best = top_rows(scores, wanted.count)
        return Nearest(rows[best], scores[best])

    def _probes(self, count: int, share: float) -> int:
        """How many lists are read: more for many hits, and where a filter leaves few rows in each."""
        lists = int(self._index.nlist)
        least = max(_PROBES, _SHARE_OF_LISTS * lists)
        needed = least * max(1.0, math.sqrt(count / 100)) / math.sqrt(max(share, 0.01))
        return min(lists, math.ceil(needed))


def _with_margin(count: int) -> int:
    """As many as are read to find ``count``: 8 bits leave near ones in a slightly different order."""
    return count + max(20, count // 10)


def _with_biases(rows: VectorRows, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.ascontiguousarray(np.c_[rows.vectors[chosen], rows.biases[chosen]], np.float32)

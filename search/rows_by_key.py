"""Text → rows, in two arrays that lie on disk and are mapped, so that opening costs nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["RowsByKey"]


@dataclass(frozen=True)
class RowsByKey:
    """``digests`` ascend, ``rows`` ascend within one. A digest has 64 bits: among a million keys one that is
    not there is taken for another once in 10¹³ look-ups."""

    digests: NDArray[np.uint64]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]]) -> RowsByKey:
        keys, rows = [], []
        for key, row in pairs:
            keys.append(_digest(key))
            rows.append(row)
        digests, numbers = np.array(keys, np.uint64), np.array(rows, np.int32)
        order = np.lexsort((numbers, digests))
        return cls(digests[order], numbers[order])

    def find(self, key: str) -> NDArray[np.int32]:
        """The rows of ``key``, ascending; none where it is not there."""
        digest = np.uint64(_digest(key))
        first = np.searchsorted(self.digests, digest)
        last = np.searchsorted(self.digests, digest, side="right")
        return np.asarray(self.rows[first:last])

    def __contains__(self, key: str) -> bool:
        digest = np.uint64(_digest(key))
        place = int(np.searchsorted(self.digests, digest))
        return place < len(self.digests) and self.digests[place] == digest

    def write(self, folder: Path, name: str) -> None:
        np.save(folder / f"{name}-digests.npy", self.digests)
        np.save(folder / f"{name}-rows.npy", self.rows)

    @classmethod
    def read(cls, folder: Path, name: str) -> RowsByKey:
        return cls(
            np.load(folder / f"{name}-digests.npy", mmap_mode="r"),
            np.load(folder / f"{name}-rows.npy", mmap_mode="r"),
        )


def _digest(key: str) -> int:
    data = key.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")

"""In how many texts a word stands: what the full-text index knows and does not tell."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Frequencies", "count_words"]

_KEYS, _COUNTS = "word-keys.npy", "word-counts.npy"


class Frequencies:
    """Counts of texts by field and word, in two arrays that are mapped; ``texts`` is how many there are."""

    def __init__(self, keys: NDArray[np.uint64], counts: NDArray[np.int64], texts: int) -> None:
        self._keys = keys
        self._counts = counts
        self._texts = texts

    @classmethod
    def write(cls, folder: Path, seen: Counter[tuple[str, str]], texts: int) -> None:
        """Keeps what was counted in ``folder``; the last count is that of all texts."""
        by_key = sorted((_key(field, word), count) for (field, word), count in seen.items())
        np.save(folder / _KEYS, np.array([key for key, _ in by_key], np.uint64))
        np.save(folder / _COUNTS, np.array([*(count for _, count in by_key), texts], np.int64))

    @classmethod
    def open(cls, folder: Path) -> Frequencies:
        """Raises ``OSError`` or ``ValueError`` where it is damaged."""
        keys = np.load(folder / _KEYS, mmap_mode="r")
        counts = np.load(folder / _COUNTS, mmap_mode="r")
        if len(counts) != len(keys) + 1:
            raise ValueError("its files do not belong together")
        return cls(keys, counts[:-1], int(counts[-1]))

    def idf(self, field: str, word: str) -> float:
        """The weight of a word in BM25, as Lucene has it."""
        key = np.uint64(_key(field, word))
        place = int(np.searchsorted(self._keys, key))
        known = place < len(self._keys) and self._keys[place] == key
        seen = int(self._counts[place]) if known else 0
        return math.log(1 + (self._texts - seen + 0.5) / (seen + 0.5))


def count_words(fields: Iterable[tuple[str, str]], seen: Counter[tuple[str, str]]) -> None:
    """Counts each word of the fields of one text once."""
    seen.update({(field, word) for field, words in fields for word in words.split()})


def _key(field: str, word: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{field} {word}".encode(), digest_size=8).digest())

"""What every index of vectors gives: the rows nearest to a query among those that the filters let through."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from search.filters import Column

__all__ = ["Allowed", "Nearest", "VectorIndex", "VectorRows", "Wanted"]

_BLOCK = 256


@dataclass(frozen=True)
class Allowed:
    """Which rows are let through, said twice: as a mask, and as what it was made of for an engine on another
    machine. ``numbers`` maps columns of ``search.filters.FilterTable`` to the numbers of the values that are
    let through; with ``latest`` only rows of the latest version of their standard are."""

    mask: NDArray[np.bool_]
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    latest: bool = False

    @cached_property
    def count(self) -> int:
        return int(np.count_nonzero(self.mask))


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of the best rows among those allowed."""

    count: int
    allowed: Allowed


@dataclass(frozen=True, slots=True)
class Nearest:
    """Rows with the greatest scores, best first, equal ones in any order."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True)
class VectorRows:
    """What an index is built from. The score of row *i* for a query *q* is ``vectors[i] · q + biases[i]``.

    ``columns`` and ``latest`` say what ``Allowed`` refers to.
    """

    vectors: NDArray[np.float32]
    biases: NDArray[np.float32]
    columns: Mapping[str, Column]
    latest: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.vectors)

    def scores(self, rows: NDArray[np.int64], query: NDArray[np.float32]) -> NDArray[np.float32]:
        """The exact scores of some rows."""
        scores = np.array(self.biases[rows], np.float32)
        # many rows at once leave the cache, and the product would take threads that others need
        for start in range(0, len(rows), _BLOCK):
            scores[start : start + _BLOCK] += self.vectors[rows[start : start + _BLOCK]] @ query
        return scores


class VectorIndex(Protocol):
    """Rows by their scores. Safe to use from several threads."""

    def search(self, query: NDArray[np.float32], *wanted: Wanted) -> tuple[Nearest, ...]:
        """The nearest rows for each of ``wanted``; as many as are wanted, or as there are allowed.

        Scores are exact; which rows come is exact or nearly so, as the engine has it. Raises
        ``EngineUnavailable`` where an engine on another machine does not answer.
        """

    def close(self) -> None:
        """Lets go of files and connections."""

"""What a standard consists of, as rows of the index: its own elements, and concepts it requires."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.passages import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search.passages import Passage

__all__ = ["Contents"]


@dataclass(frozen=True)
class Contents:
    """``standards`` are the rows that stand for standards, ascending; the content of number *i* among them is
    ``rows[starts[i] : starts[i + 1]]``, its own elements in document order before what it requires.
    ``weights`` (0–1) say how much of the standard each is: an element and its sub-items share a weight of 1,
    and a shared concept weighs as ``search.passages.Requires`` says."""

    standards: NDArray[np.int32]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> Contents:
        rows_of = {passage.iri: row for row, passage in enumerate(passages)}
        standards = [row for row, passage in enumerate(passages) if passage.kind == STANDARD_KIND]
        numbers = {passages[row].iri: number for number, row in enumerate(standards)}
        own: list[list[tuple[int, float]]] = [[] for _ in standards]
        items: dict[tuple[str, str], int] = {}
        for passage in passages:
            if "#" in passage.code and passage.path:
                holder = passage.standard_iri, passage.path[-1].code
                items[holder] = items.get(holder, 0) + 1
        for row, passage in enumerate(passages):
            number = numbers.get(passage.standard_iri)
            if number is None or passage.kind == STANDARD_KIND:
                continue
            code = passage.path[-1].code if "#" in passage.code and passage.path else passage.code
            own[number].append((row, 1 / (1 + items.get((passage.standard_iri, code), 0))))
        for number, row in enumerate(standards):
            own[number] += [
                (rows_of[one.iri], one.weight) for one in passages[row].requires if one.iri in rows_of
            ]
        pairs = [pair for some in own for pair in some]
        return cls(
            np.array(standards, np.int32),
            np.cumsum([0, *(len(some) for some in own)], dtype=np.int64),
            np.array([row for row, _ in pairs], np.int32),
            np.array([weight for _, weight in pairs], np.float32),
        )

    def write(self, folder: Path) -> None:
        np.savez(
            folder / "contents.npz",
            standards=self.standards,
            starts=self.starts,
            rows=self.rows,
            weights=self.weights,
        )

    @classmethod
    def read(cls, folder: Path) -> Contents:
        """Raises ``ValueError``, ``KeyError`` or ``OSError`` for damaged files."""
        with np.load(folder / "contents.npz") as kept:
            return cls(kept["standards"], kept["starts"], kept["rows"], kept["weights"])

    def __len__(self) -> int:
        return len(self.standards)

    def number_of(self, row: int) -> int:
        """The number of the standard that ``row`` stands for. Raises ``KeyError``."""
        return self._numbers[row]

    def of_standard(self, number: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The rows of a standard's content and their weights."""
        content = slice(int(self.starts[number]), int(self.starts[number + 1]))
        return self.rows[content], self.weights[content]

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {row: number for number, row in enumerate(self.standards.tolist())}

"""What is compared: unit vectors with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.dense import unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.comparing.standards import Side
    from search.ranking import DenseSide

__all__ = ["Points", "points_of"]


@dataclass(frozen=True)
class Points:
    """Unit ``vectors``, one a row, how hub-like each is, its language (BCP 47) and its weight."""

    vectors: NDArray[np.float32]
    hubs: NDArray[np.float32]
    languages: tuple[str | None, ...]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.vectors)

    def heaviest(self, count: int) -> Points:
        """The ``count`` of them that weigh most."""
        if len(self) <= count:
            return self
        chosen = np.sort(np.argsort(-self.weights, kind="stable")[:count])
        languages = tuple(self.languages[at] for at in chosen.tolist())
        return Points(self.vectors[chosen], self.hubs[chosen], languages, self.weights[chosen])


def points_of(dense: DenseSide, side: Side) -> Points:
    """The elements of a standard."""
    return Points(
        unit(np.asarray(dense.vectors[side.rows], np.float32)),
        np.asarray(dense.hubs[side.rows], np.float32),
        tuple(one.lang for one in side.passages),
        side.weights,
    )

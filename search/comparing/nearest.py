"""One standard against all: which are like it, by what each says of itself and by what it consists of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.comparing.points import points_of
from search.comparing.results import Coverage, Near
from search.comparing.scale import DEFAULT_SCALE
from search.dense import top_rows, unit
from search.linking.forms import language_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.comparing.points import Points
    from search.comparing.scale import PairScale
    from search.comparing.standards import Side
    from search.contents import Contents
    from search.filters import Column
    from search.passages import Passage
    from search.ranking import DenseSide

__all__ = ["AllStandards", "Coverages", "NearestWeights"]

# so many points are compared at a time: with 200,000 elements in all standards 25 MB
_BLOCK = 32
_MOST_POINTS = 256


@dataclass(frozen=True, slots=True)
class NearestWeights:
    """What the score is made of: the likeness of names and descriptions, how much of the one standard the
    other covers, how much of the other the one does, and how near the best matches are. Fitted to half of the
    official crosswalk between ESCO and O*NET (docs/matching-quality.md)."""

    likeness: float = 0.42
    covered: float = 0.08
    covering: float = 0.08
    nearness: float = 0.42


@dataclass(frozen=True, slots=True)
class Coverages:
    """For each standard of ``Contents``, by its number: how much of the points it covers, and how much of it
    the points cover, 0–1 by scores; ``nearness`` is the mean likeness of the points' best matches in it (a
    cosine less hubs), 0 where it has no content."""

    covered: NDArray[np.float32]
    covering: NDArray[np.float32]
    nearness: NDArray[np.float32]


@dataclass(frozen=True)
class AllStandards:
    """All standards of an index, ready to be compared with something. Made once for an index: what it
    gathers is kept. Safe to use from several threads."""

    passages: Sequence[Passage]
    dense: DenseSide
    contents: Contents
    languages: Column
    scale: PairScale = DEFAULT_SCALE
    weights: NearestWeights = NearestWeights()

    def nearest(
        self, side: Side, among: NDArray[np.bool_], *, limit: int, offset: int = 0
    ) -> tuple[Near, ...]:
        """The standards most like the one on ``side``, the best first, of those that ``among`` (a mask of
        rows) lets through."""
        named = unit(np.asarray(self.dense.vectors[side.row], np.float32))
        likeness = np.clip(self.names @ named, 0, 1)
        found = self.coverage(points_of(self.dense, side))
        covered, covering = found.covered, found.covering
        weights = self.weights
        scores = weights.likeness * likeness + weights.covered * covered + weights.covering * covering
        scores += weights.nearness * np.maximum(found.nearness, 0)
        scores = np.where(among[self.contents.standards], scores, -np.inf).astype(np.float32)
        best = top_rows(scores, min(limit + offset, int(np.isfinite(scores).sum())))[offset:]
        return tuple(
            Near(
                self.passages[int(self.contents.standards[at])],
                round(float(scores[at]), 4),
                round(float(likeness[at]), 4),
                Coverage(
                    round(float(covered[at]), 4) if len(side.rows) else None,
                    round(float(covering[at]), 4) if self._filled[at] else None,
                ),
            )
            for at in best.tolist()
        )

    def coverage(self, points: Points) -> Coverages:
        """How ``points`` and each standard cover each other, by the best matches, whatever their kinds. Of
        very many points the heaviest 256 count."""
        covered, covering, nearness = (np.zeros(len(self.contents), np.float32) for _ in range(3))
        if not len(points) or not self._filled.any():
            return Coverages(covered, covering, nearness)
        points = points.heaviest(_MOST_POINTS)
        best = np.full(len(self._used), -np.inf, np.float32)
        starts = self.contents.starts[:-1][self._filled]
        for start in range(0, len(points), _BLOCK):
            likeness = self._likeness(points, slice(start, start + _BLOCK))
            np.maximum(best, likeness.max(axis=0), out=best)
            most = np.maximum.reduceat(np.take(likeness, self._places, axis=1), starts, axis=1)
            covered[self._filled] += points.weights[start : start + _BLOCK] @ self.scale.scores(most)
            nearness[self._filled] += points.weights[start : start + _BLOCK] @ most
        covered /= max(float(points.weights.sum()), 1e-6)
        nearness /= max(float(points.weights.sum()), 1e-6)
        weights = self.contents.weights
        sums = np.add.reduceat(self.scale.scores(best)[self._places] * weights, starts)
        covering[self._filled] = sums / np.maximum(np.add.reduceat(weights, starts), 1e-6)
        return Coverages(covered, covering, nearness)

    def _likeness(self, points: Points, block: slice) -> NDArray[np.float32]:
        """Likeness as ``PairScale`` has it, without kinds and places, to every element of any standard."""
        vectors, hubs = points.vectors[block], points.hubs[block]
        found = vectors @ self._vectors.T
        found -= self.scale.hubness / 2 * hubs[:, None]
        for row, language in enumerate(points.languages[block]):
            found[row] += self._offsets(language_key(language or ""))
        return np.asarray(found, np.float32)

    def _offsets(self, language: str) -> NDArray[np.float32]:
        """What is added to the cosines of a point in this language."""
        if language not in self._known_offsets:
            added = self.scale.across * (self._languages != language) - self.scale.hubness / 2 * self._hubs
            self._known_offsets[language] = np.asarray(added, np.float32)
        return self._known_offsets[language]

    @cached_property
    def _known_offsets(self) -> dict[str, NDArray[np.float32]]:
        return {}

    @cached_property
    def names(self) -> NDArray[np.float32]:
        """Unit vectors of what stands for each standard: its name and description."""
        return unit(np.asarray(self.dense.vectors[self.contents.standards], np.float32))

    @cached_property
    def mean_hub(self) -> float:
        """How hub-like an element is at the mean: what stands in for a text that is no element."""
        return float(self._hubs.mean()) if len(self._hubs) else 0.0

    @cached_property
    def _filled(self) -> NDArray[np.bool_]:
        return np.diff(self.contents.starts) > 0

    @cached_property
    def _used(self) -> NDArray[np.int32]:
        return np.unique(self.contents.rows)

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """For each element of each standard its number among those used."""
        return np.searchsorted(self._used, self.contents.rows)

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return unit(np.asarray(self.dense.vectors[self._used], np.float32))

    @cached_property
    def _hubs(self) -> NDArray[np.float32]:
        return np.asarray(self.dense.hubs[self._used], np.float32)

    @cached_property
    def _languages(self) -> NDArray[np.str_]:
        keys = np.array([language_key(value) for value in self.languages.values], np.str_)
        return np.asarray(keys[self.languages.members[self._used]])

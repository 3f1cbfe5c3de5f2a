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
from search.recent import Recent

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

_MOST_POINTS = 256
# so many likenesses of elements with points are held at a time: 32 MB
_HELD = 8_000_000
# so many standards are kept with how they and all others cover each other, at 12 bytes for each of the others
_KEPT = 64


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
        key = side.row, side.rows.tobytes()
        found = self._known_coverages.get(key, lambda: self.coverage(points_of(self.dense, side)))
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

    def gather(self) -> None:
        """Gathers all that a comparison needs, which the first one would wait for."""
        if self._filled.any():
            _ = self.names, self._vectors, self._turns

    def coverage(self, points: Points) -> Coverages:
        """How ``points`` and each standard cover each other, by the best matches, whatever their kinds. Of
        very many points the heaviest 256 count."""
        covered, covering, nearness = (np.zeros(len(self.contents), np.float32) for _ in range(3))
        if not len(points) or not self._filled.any():
            return Coverages(covered, covering, nearness)
        points = points.heaviest(_MOST_POINTS)
        best = np.full(len(self._used), -np.inf, np.float32)
        block = max(1, _HELD // len(self._used))
        for start in range(0, len(points), block):
            likeness = self._likeness(points, slice(start, start + block))
            np.maximum(best, likeness.max(axis=1), out=best)
            most = self._best_of_each(likeness)
            covered[self._filled] += self.scale.scores(most) @ points.weights[start : start + block]
            nearness[self._filled] += most @ points.weights[start : start + block]
        covered /= max(float(points.weights.sum()), 1e-6)
        nearness /= max(float(points.weights.sum()), 1e-6)
        weights, starts = self.contents.weights, self.contents.starts[:-1][self._filled]
        sums = np.add.reduceat(self.scale.scores(best)[self._places] * weights, starts)
        covering[self._filled] = sums / np.maximum(np.add.reduceat(weights, starts), 1e-6)
        return Coverages(covered, covering, nearness)

    def _likeness(self, points: Points, block: slice) -> NDArray[np.float32]:
        """Likeness as ``PairScale`` has it, without kinds and places, of every element of any standard, by
        row, to the points of the block."""
        vectors, hubs, languages = points.vectors[block], points.hubs[block], points.languages[block]
        beside = np.zeros((len(vectors), len(self._language_keys) + 2), np.float32)
        beside[:, -2] = 1
        beside[:, -1] = self.scale.across - self.scale.hubness / 2 * hubs
        for row, language in enumerate(languages):
            own = self._language_keys.get(language_key(language or ""))
            if own is not None:
                beside[row, own] = -self.scale.across
        return np.asarray(self._vectors @ np.concatenate([vectors, beside], axis=1).T, np.float32)

    def _best_of_each(self, likeness: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each standard with content, by row, the greatest likeness of its elements to each point."""
        turns, order = self._turns
        most = np.take(likeness, turns[0], axis=0)
        taken = np.empty_like(most)
        for places in turns[1:]:
            some, others = most[: len(places)], taken[: len(places)]
            # of what to do with places that are not there, as none is: without it a copy is made first
            np.take(likeness, places, axis=0, out=others, mode="clip")
            np.maximum(some, others, out=some)
        ordered = np.empty_like(most)
        ordered[order] = most
        return ordered

    @cached_property
    def _turns(self) -> tuple[tuple[NDArray[np.int64], ...], NDArray[np.int64]]:
        """The first elements of all standards with content, then the second ones and so on, as numbers among
        those used; and the standards in the order that these stand in, those with most elements first. Whole
        rows are then compared at a time, in half the time that standard after standard takes."""
        starts, lengths = (
            of[self._filled] for of in (self.contents.starts[:-1], np.diff(self.contents.starts))
        )
        order = np.argsort(-lengths, kind="stable")
        sizes, firsts = lengths[order], starts[order]
        counts = np.searchsorted(-sizes, -np.arange(sizes.max(initial=0)), side="left")
        turns = tuple(self._places[firsts[:count] + turn] for turn, count in enumerate(counts.tolist()))
        return turns, order

    @cached_property
    def _known_coverages(self) -> Recent[tuple[int, bytes], Coverages]:
        return Recent(_KEPT)

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
        """The unit vectors of the elements used, and beside them what makes likenesses of products: 1 for the
        language of each, what is taken away for how hub-like it is, and 1."""
        languages = np.zeros((len(self._used), len(self._language_keys)), np.float32)
        keys = [self._language_keys[language_key(value)] for value in self.languages.values]
        members = self.languages.members[self._used]
        languages[np.arange(len(members)), np.array(keys, np.int64)[members]] = 1
        hubs = -self.scale.hubness / 2 * self._hubs[:, None]
        vectors = unit(np.asarray(self.dense.vectors[self._used], np.float32))
        return np.concatenate([vectors, languages, hubs, np.ones_like(hubs)], axis=1, dtype=np.float32)

    @cached_property
    def _hubs(self) -> NDArray[np.float32]:
        return np.asarray(self.dense.hubs[self._used], np.float32)

    @cached_property
    def _language_keys(self) -> dict[str, int]:
        """The languages of the texts, numbered."""
        return {key: at for at, key in enumerate(dict.fromkeys(map(language_key, self.languages.values)))}

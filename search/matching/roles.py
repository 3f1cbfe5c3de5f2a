"""What rules leave open about the lines of a job description, told by likeness to lines written for it.

The lines are data, ``prototypes.tsv``: language, role, and a phrase without the words that rules know. They
and the segments are compared without their language, so that a line in a language that has no phrase is near
to those that say the like.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from search.dense import top_mean
from search.matching.cues import OTHER, REQUIREMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.background import LanguageSpace
    from search.embedding.interface import Embedder
    from search.matching.cues import Role
    from search.matching.segments import Segment

__all__ = ["RoleReader"]

_NEAREST = 3
_MARGIN = 0.0


@dataclass(frozen=True, slots=True)
class _Prototypes:
    """Unit vectors without language, shape ``(phrases, dimension)``, of each role."""

    requirement: NDArray[np.float32]
    other: NDArray[np.float32]


class RoleReader:
    """Settles the role of segments by their vectors. Keep one for each model: the vectors of the prototypes
    are computed when it is first needed, and once. It may be shared by threads."""

    def __init__(self, space: LanguageSpace, embedder: Embedder) -> None:
        self._space = space
        self._embedder = embedder

    def settle(self, segments: Sequence[Segment], vectors: NDArray[np.float32]) -> tuple[Segment, ...]:
        """The segments, those that rules left open (``why`` is ``default``) with the role that they are
        liker to.

        ``vectors`` has a row for each segment: its unit vector without language, as
        ``LanguageSpace.without_language`` gives it.
        """
        rows = [row for row, one in enumerate(segments) if one.why == "default"]
        if not rows:
            return tuple(segments)
        leaning = self.leaning(vectors[rows])
        settled = list(segments)
        for row, value in zip(rows, leaning, strict=True):
            role: Role = REQUIREMENT if value >= _MARGIN else OTHER
            settled[row] = replace(segments[row], role=role, why="likeness")
        return tuple(settled)

    def leaning(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each vector how much nearer it is to the requirements than to the others: the difference of
        its mean cosines with the nearest three of each."""
        prototypes = self._prototypes
        near = top_mean(vectors, prototypes.requirement, _NEAREST)
        return np.asarray(near - top_mean(vectors, prototypes.other, _NEAREST), np.float32)

    @cached_property
    def _prototypes(self) -> _Prototypes:
        lines = (files("search.matching") / "prototypes.tsv").read_text(encoding="utf-8").splitlines()[1:]
        rows = [line.split("\t") for line in lines]
        embedded = self._embedder.embed([phrase for _, _, phrase in rows], role="query")
        vectors = self._space.without_language(embedded, [language for language, _, _ in rows])
        is_requirement = np.array([role == REQUIREMENT for _, role, _ in rows])
        return _Prototypes(vectors[is_requirement], vectors[~is_requirement])

"""How near two elements must be to be a pair, and what the pair is called. The numbers belong to a model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from ontology.model import ConceptKind, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DEFAULT_SCALE", "PairScale", "Verdict", "kind_distance"]


class Verdict(StrEnum):
    """What a pair of elements is called, the nearest first."""

    SAME = "same"
    NEAR = "near"
    PARTLY = "partly"

    @property
    def covers(self) -> float:
        """How much of an element counts as covered by such a pair."""
        return 0.5 if self is Verdict.PARTLY else 1.0


@dataclass(frozen=True, slots=True)
class PairScale:
    """From the likeness of two elements to a score, 0–1: a logistic function with its ``middle`` and
    ``steepness``, fitted to pairs that were judged by hand (docs/matching-quality.md).

    Likeness is the cosine of the stored vectors, less ``hubness`` × the mean of how hub-like the two are,
    and less ``kinds`` × the distance of their kinds (``kind_distance``); texts in two languages lie further
    apart, by ``across``. Where what stands above two elements is a pair, they gain ``above``. From
    ``attach`` on, an element that has no pair of its own shares that of another.
    """

    middle: float = 0.56
    steepness: float = 20.0
    across: float = 0.1
    hubness: float = 0.35
    kinds: float = 0.07
    above: float = 0.08
    same: float = 0.93
    near: float = 0.6
    partly: float = 0.25
    attach: float = 0.75

    def scores(self, likeness: NDArray[Any]) -> NDArray[np.float32]:
        return np.asarray(1 / (1 + np.exp(-self.steepness * (likeness - self.middle))), np.float32)

    def likeness(self, score: float) -> float:
        """The reverse of ``scores``."""
        return self.middle + math.log(score / (1 - score)) / self.steepness

    def covers(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each score how much of an element counts as covered by such a pair, as ``Verdict.covers``."""
        return np.where(scores >= self.near, 1.0, np.where(scores >= self.partly, 0.5, 0.0)).astype(
            np.float32
        )

    def verdict(self, score: float) -> Verdict | None:
        """``None`` for what is no pair."""
        if score < self.partly:
            return None
        return Verdict.SAME if score >= self.same else Verdict.NEAR if score >= self.near else Verdict.PARTLY


DEFAULT_SCALE = PairScale()

_WORK = frozenset({Kind.TASK.value, Kind.ACTIVITY.value, Kind.OUTPUT.value, Kind.INDICATOR.value})
_SKILL = frozenset({Kind.SKILL.value, ConceptKind.TECHNOLOGY.value, ConceptKind.GROUP.value})
_FAMILIES = (_WORK, _SKILL, frozenset({Kind.KNOWLEDGE.value}), frozenset({Kind.ATTITUDE.value}))
# work, skill, knowledge, attitude: what one framework writes as a task is a skill in another
_BETWEEN = ((1, 1, 3, 4), (1, 1, 2, 3), (3, 2, 0, 4), (4, 3, 4, 0))


def kind_distance(first: str, second: str) -> int:
    """0 for elements of one kind, and more for kinds that say different sorts of things."""
    if first == second or Kind.STATEMENT.value in (first, second):
        return 0
    return _BETWEEN[_family(first)][_family(second)]


def _family(kind: str) -> int:
    return next((at for at, family in enumerate(_FAMILIES) if kind in family), 1)


def kind_distances(first: list[str], second: list[str]) -> NDArray[Any]:
    """The distances of all kinds in ``first`` to all in ``second``."""
    kinds = sorted({*first, *second})
    number = {kind: at for at, kind in enumerate(kinds)}
    distances = [kind_distance(one, other) for one in kinds for other in kinds]
    table = np.array(distances, np.float32).reshape(len(kinds), len(kinds))
    rows, columns = (np.array([number[kind] for kind in side], np.intp) for side in (first, second))
    return table[np.ix_(rows, columns)]

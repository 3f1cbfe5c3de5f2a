"""What a comparison gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.comparing.scale import Verdict
    from search.passages import Passage

__all__ = ["Compared", "Comparison", "Coverage", "KindCoverage", "Near", "NearestResult", "Pair"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A side of a comparison: the standard's passage, and the ``part`` of it that is compared where it is not
    the whole; ``size`` elements were compared."""

    standard: Passage
    part: Passage | None
    size: int

    @property
    def level(self) -> int | None:
        return (self.part or self.standard).level


@dataclass(frozen=True, slots=True)
class Pair:
    """An element of each side. ``score`` is 0–1, ``reason`` is ``text`` (the same words), ``concept`` (linked
    to the same shared concept), ``words`` (much the same words), ``meaning``, or ``accepted`` by a person;
    ``only`` is false where either of the two is in other pairs, too."""

    a: Passage
    b: Passage
    score: float
    verdict: Verdict
    reason: str
    only: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of each side the other has, 0–1: the part of the elements, by their weights, that stand in
    pairs; one that is only partly a pair counts half. ``None`` for a side without elements."""

    a: float | None
    b: float | None


@dataclass(frozen=True, slots=True)
class KindCoverage:
    """The coverage of one kind, and how many elements of it there are."""

    kind: str
    coverage: Coverage
    count_a: int
    count_b: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two standards side by side. ``pairs`` are in the order of *a*, the best first within one element;
    ``only_a`` and ``only_b`` have no pair. ``likeness`` is the likeness of names and descriptions, 0–1.
    ``notes`` are for the reader, each in English and zh-Hant."""

    a: Compared
    b: Compared
    coverage: Coverage
    kinds: tuple[KindCoverage, ...]
    pairs: tuple[Pair, ...]
    only_a: tuple[Passage, ...]
    only_b: tuple[Passage, ...]
    likeness: float
    notes: tuple[tuple[str, str], ...]
    took_ms: float

    @property
    def level_difference(self) -> int | None:
        """The level of *b* less that of *a*; ``None`` where either has none, or they are of two frameworks,
        whose levels are scales of their own."""
        if self.a.level is None or self.b.level is None:
            return None
        same = self.a.standard.framework == self.b.standard.framework
        return self.b.level - self.a.level if same else None


@dataclass(frozen=True, slots=True)
class Near:
    """A standard like another one. ``score`` (0–1) orders them; ``likeness`` is that of names and
    descriptions, ``coverage`` an estimate of what ``compare`` finds."""

    standard: Passage
    score: float
    likeness: float
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class NearestResult:
    """What ``compared`` was compared with, the best first, of ``total`` standards."""

    compared: Compared
    hits: tuple[Near, ...]
    total: int
    took_ms: float

"""What matching a job description gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.matching.segments import Segment
    from search.passages import Passage

__all__ = [
    "Alternative",
    "Evidence",
    "LikelyLevel",
    "MatchResult",
    "MatchedStandard",
    "PartCoverage",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a segment, by its number in the result, evidences an element; ``score`` is the probability that a
    person says so."""

    segment: int
    element: Passage
    score: float


@dataclass(frozen=True, slots=True)
class PartCoverage:
    """How much of a task with what it requires, or of all elements of a kind where ``task`` is ``None``, is
    evidenced, 0–1; ``evidenced`` of its ``elements`` are."""

    task: Passage | None
    kind: str
    coverage: float
    evidenced: int
    elements: int


@dataclass(frozen=True, slots=True)
class LikelyLevel:
    """The level that the evidence speaks for, on the scale of the standard's framework, and why, in English
    and zh-Hant."""

    level: int
    reason: tuple[str, str]


@dataclass(frozen=True, slots=True)
class MatchedStandard:
    """A standard that fits. ``score`` (0–1) orders them; ``coverage`` is the part of it, by weight, that the
    text evidences, and ``covered`` the part of the text's requirements that it has a place for. ``parts`` are
    its tasks, or where it has none its kinds; ``missing`` its elements without evidence, heaviest first."""

    standard: Passage
    score: float
    coverage: float
    covered: float
    parts: tuple[PartCoverage, ...]
    evidence: tuple[Evidence, ...]
    missing: tuple[Passage, ...]
    level: LikelyLevel | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A standard further down, without its evidence."""

    standard: Passage
    score: float


@dataclass(frozen=True, slots=True)
class MatchResult:
    """A text and the standards that fit it, the best first. ``title`` is the job title as it stands in the
    text, empty where none was found, ``language`` that of most of the text (BCP 47). ``notes`` are for the
    reader, each in English and zh-Hant."""

    title: str
    language: str | None
    segments: tuple[Segment, ...]
    standards: tuple[MatchedStandard, ...]
    alternatives: tuple[Alternative, ...]
    notes: tuple[tuple[str, str], ...]
    took_ms: float

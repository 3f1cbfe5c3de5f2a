"""A job description with the standards that fit it: segments, ranking, evidence, in one pass."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.background import script_of
from search.comparing.points import Points
from search.dense import top_rows
from search.matching.evidence import DEFAULT_SCALE, DEFAULT_THRESHOLD, StandardEvidence
from search.matching.ranking import DEFAULT_WEIGHTS, features, scores
from search.matching.results import Alternative, MatchedStandard, MatchResult
from search.matching.segments import split_segments, title_of
from search.passages import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from search.comparing.nearest import AllStandards
    from search.comparing.standards import Comparer
    from search.embedding.interface import Embedder
    from search.lexical import WordIndex
    from search.matching.evidence import EvidenceScale
    from search.matching.ranking import MatchWeights
    from search.matching.segments import Segment

    Settle = Callable[[tuple[Segment, ...], NDArray[np.float32]], tuple[Segment, ...]]

__all__ = ["MAX_STANDARDS", "Matcher", "Reading"]

MAX_STANDARDS = 50
_ALTERNATIVES = 10
_NO_REQUIREMENTS = (
    "no sentence of the text says what the job requires; paste its duties and requirements",
    "文字中找不到工作內容或條件要求；請貼上工作內容與職務需求",
)
_NO_STANDARDS = ("no standard is let through by the options", "沒有符合篩選條件的職能基準")


@dataclass(frozen=True)
class Reading:
    """A text that was read: its segments with their roles, those that are requirements by number with their
    points, the title, and the language of most of it."""

    segments: tuple[Segment, ...]
    requirements: tuple[int, ...]
    points: Points
    title: str
    title_point: NDArray[np.float32] | None
    language: str | None


def _as_they_are(segments: tuple[Segment, ...], _: NDArray[np.float32]) -> tuple[Segment, ...]:
    return segments


@dataclass(frozen=True)
class Matcher:
    """Job descriptions against the standards of an index. Cheap to make. ``settle`` gives roles to segments
    that rules left open, by their vectors."""

    comparer: Comparer
    all_standards: AllStandards
    embedder: Embedder
    words: WordIndex
    settle: Settle = _as_they_are
    weights: MatchWeights = DEFAULT_WEIGHTS
    scale: EvidenceScale = DEFAULT_SCALE

    def match(
        self,
        text: str,
        among: NDArray[np.bool_],
        *,
        limit: int = 5,
        threshold: float = DEFAULT_THRESHOLD,
        title: str = "",
    ) -> MatchResult:
        """The ``limit`` standards that fit best, of those that ``among`` (a mask of rows) lets through.

        Evidence counts from the score ``threshold`` on. ``title`` is the job title where it stands beside the
        text; without one it is looked for in the text. Raises ``InvalidInput`` for a text that is empty, has
        no letters or is too long.
        """
        started = time.perf_counter()
        reading = self.read(text, title)
        found = scores(self.features(reading), self.weights)
        standards = self.all_standards.contents.standards
        allowed = among[standards]
        found = np.where(allowed, found, -np.inf).astype(np.float32)
        best = top_rows(found, min(limit + _ALTERNATIVES, int(np.count_nonzero(allowed)))).tolist()
        notes = []
        if not reading.requirements:
            notes.append(_NO_REQUIREMENTS)
        if not best:
            notes.append(_NO_STANDARDS)
        passages = self.all_standards.passages
        return MatchResult(
            reading.title,
            reading.language,
            reading.segments,
            tuple(self._matched(reading, at, float(found[at]), threshold) for at in best[:limit]),
            tuple(
                Alternative(passages[int(standards[at])], round(float(found[at]), 4)) for at in best[limit:]
            ),
            tuple(notes),
            (time.perf_counter() - started) * 1000,
        )

    def read(self, text: str, title: str = "") -> Reading:
        """The text in segments, each with its role and its vector; embeds all at once."""
        segments = split_segments(text)
        if not title and (found := title_of(text, segments)):
            title = found.text
        texts = [one.text for one in segments]
        vectors = self.embedder.embed(texts, role="query") if texts else np.zeros((0, 1), np.float32)
        languages = self._languages(texts, vectors)
        space = self.comparer.dense.space
        vectors = space.without_language(vectors, languages) if texts else vectors
        segments = self.settle(segments, vectors)
        chosen = [at for at, one in enumerate(segments) if one.role == "requirement" and not one.is_heading]
        points = Points(
            vectors[chosen],
            np.full(len(chosen), self.all_standards.mean_hub, np.float32),
            tuple(languages[at] for at in chosen),
            np.ones(len(chosen), np.float32),
        )
        title_point = None
        if title:
            vector = self.embedder.embed([title], role="query")
            title_point = space.without_language(vector, self._languages([title], vector))[0]
        common = Counter(languages).most_common(1)
        return Reading(
            segments,
            tuple(chosen),
            points,
            title,
            title_point,
            common[0][0] if common else None,
        )

    def features(self, reading: Reading) -> NDArray[np.float32]:
        """What each standard is ranked by (``search.matching.ranking.FEATURES``)."""
        return features(self.all_standards, self._title_scores(reading), reading.points)

    def _title_scores(self, reading: Reading) -> NDArray[np.float32] | None:
        """The rank score of the title for each standard, as a search would have it."""
        if reading.title_point is None:
            return None
        standards = np.asarray(self.all_standards.contents.standards, np.int64)
        words = self.words.search(reading.title, filters={"kind": (STANDARD_KIND,)})
        arms = self.comparer.dense.arms(reading.title_point, standards, words)
        return np.asarray(arms.fused[np.searchsorted(arms.rows, standards)], np.float32)

    def _matched(self, reading: Reading, number: int, score: float, threshold: float) -> MatchedStandard:
        iri = self.all_standards.passages[int(self.all_standards.contents.standards[number])].iri
        side = self.comparer.side(iri)
        likeness = self.comparer.likeness_to_side(reading.points, side)
        evidence = StandardEvidence(side, reading.requirements, self.scale.scores(likeness), threshold)
        return MatchedStandard(
            side.compared.standard,
            round(score, 4),
            evidence.coverage(),
            evidence.covered(),
            evidence.parts(),
            evidence.evidence(),
            evidence.missing(),
            evidence.level(),
        )

    def _languages(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> list[str | None]:
        """The language of each text: the commonest of those in its script, since a short text alone tells
        little."""
        space = self.comparer.dense.space
        found = [space.language_of(text, vector) for text, vector in zip(texts, vectors, strict=True)]
        scripts = [script_of(text) for text in texts]
        common: dict[str, str | None] = {}
        for script in set(scripts):
            # long texts tell more
            weights: Counter[str | None] = Counter()
            for text, own, language in zip(texts, scripts, found, strict=True):
                if own == script:
                    weights[language] += len(text)
            common[script] = weights.most_common(1)[0][0]
        return [common[script] for script in scripts]

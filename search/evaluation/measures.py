"""The figures of one way to search; the formulas stand at the head of the package."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from search.evaluation.judged import Judged

    Ranking = Callable[[Sequence[str]], Iterable[Sequence[str]]]
    """Queries → for each the IRIs of its hits, best first, at least ``DEPTH`` where there are so many."""

__all__ = ["CUT", "DEEP", "DEPTH", "MethodScores", "Ranking", "Scores", "measure"]

CUT, DEEP, DEPTH = 10, 20, 100


@dataclass(frozen=True, slots=True)
class Scores:
    """Each from 0 to 1, higher is better."""

    ndcg: float
    mrr: float
    recall: float

    def to_json(self) -> dict[str, float]:
        return {f"ndcg@{CUT}": self.ndcg, "mrr": self.mrr, f"recall@{DEEP}": self.recall}

    @classmethod
    def mean(cls, scores: Sequence[Scores]) -> Scores:
        return cls(*(fmean(getattr(one, name) for one in scores) for name in ("ndcg", "mrr", "recall")))

    @classmethod
    def of(cls, hits: Sequence[str], relevant: Mapping[str, int]) -> Scores:
        """Of the keys of hits, best first; ``relevant`` maps keys to their grade."""
        gain = _dcg([relevant.get(key, 0) for key in hits[:CUT]])
        ideal = _dcg(sorted(relevant.values(), reverse=True)[:CUT])
        first = next((rank for rank, key in enumerate(hits[:DEPTH], 1) if key in relevant), None)
        found = sum(key in relevant for key in hits[:DEEP])
        return cls(gain / ideal, 1 / first if first else 0.0, found / len(relevant))


def _dcg(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


@dataclass(frozen=True, slots=True)
class MethodScores:
    """The figures of one way to search; ``needs[language][i]`` belongs to need *i* of the set, ``None`` where
    it has no words in that language."""

    method: str
    description: str
    needs: Mapping[str, tuple[Scores | None, ...]]

    @property
    def languages(self) -> dict[str, Scores]:
        """The mean over the needs, by language."""
        return {
            language: Scores.mean([one for one in scores if one]) for language, scores in self.needs.items()
        }

    @property
    def mean(self) -> Scores:
        """The mean over the languages."""
        return Scores.mean(tuple(self.languages.values()))

    @property
    def ndcg(self) -> NDArray[np.float64]:
        """Of shape ``(needs, languages)``, not a number where a need has no words in a language."""
        rows = [[one.ndcg if one else math.nan for one in scores] for scores in self.needs.values()]
        return np.array(rows, np.float64).T


def measure(method: str, description: str, ranking: Ranking, judged: Judged) -> MethodScores:
    """The figures of ``ranking`` on a set whose judgements have the keys that it gives."""
    asked = [
        (at, language)
        for language in judged.languages
        for at, need in enumerate(judged.needs)
        if language in need.queries
    ]
    found: dict[str, list[Scores | None]] = {one: [None] * len(judged.needs) for one in judged.languages}
    queries = [judged.needs[at].queries[language] for at, language in asked]
    for (at, language), hits in zip(asked, ranking(queries), strict=True):
        found[language][at] = Scores.of(hits, judged.needs[at].relevant)
    return MethodScores(method, description, {language: tuple(own) for language, own in found.items()})

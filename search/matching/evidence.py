"""Which sentence evidences which element of a standard, what is covered by that and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.matching.results import Evidence, LikelyLevel, PartCoverage
from search.passages import SEARCH_KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.comparing.standards import Side
    from search.passages import Passage

__all__ = ["DEFAULT_SCALE", "DEFAULT_THRESHOLD", "EvidenceScale", "StandardEvidence"]

DEFAULT_THRESHOLD = 0.25
"""The least score of evidence, where a caller names no other."""

_MOST_ELEMENTS = 5


@dataclass(frozen=True, slots=True)
class EvidenceScale:
    """From the likeness of segments and elements to the probability that the one evidences the other.

    An element that is near to all segments is evidenced by none of them in particular, and a segment that is
    near to all elements evidences none: of what an element's and a segment's mean likeness are above
    ``usual``, the ``share`` is taken away (each mean is drawn to ``usual`` by as many ``prior`` ones). The
    rest goes through a logistic function. All was fitted to the development half of
    ``data/eval/job-description-evidence.tsv``.
    """

    share: float = 0.7
    usual: float = 0.2
    prior: int = 5
    middle: float = 0.469
    steepness: float = 15.9

    def scores(self, likeness: NDArray[np.float32]) -> NDArray[np.float32]:
        """The scores of all segments (rows) with all elements (columns), 0–1."""
        if not likeness.size:
            return likeness
        segments, elements = likeness.shape
        of_elements = (likeness.sum(axis=0) + self.prior * self.usual) / (segments + self.prior)
        of_segments = (likeness.sum(axis=1) + self.prior * self.usual) / (elements + self.prior)
        above = (of_elements - self.usual)[None] + (of_segments - self.usual)[:, None]
        return np.asarray(
            1 / (1 + np.exp(-self.steepness * (likeness - self.share * above - self.middle))), np.float32
        )


DEFAULT_SCALE = EvidenceScale()


@dataclass(frozen=True)
class StandardEvidence:
    """The evidence for one standard. ``scores`` has a row for each of ``segments`` (numbers in the result),
    a column for each element of ``side``. Of a segment the five best that reach the threshold are evidence,
    and nothing else counts: what is covered can be traced to a sentence."""

    side: Side
    segments: tuple[int, ...]
    scores: NDArray[np.float32]
    threshold: float

    @cached_property
    def _counted(self) -> NDArray[np.float32]:
        """The scores, 0 for what is no evidence."""
        best = np.argsort(-self.scores, axis=1, kind="stable")[:, :_MOST_ELEMENTS]
        found = np.zeros_like(self.scores)
        np.put_along_axis(found, best, np.take_along_axis(self.scores, best, axis=1), axis=1)
        return np.where(found >= self.threshold, found, 0)

    def evidence(self) -> tuple[Evidence, ...]:
        """For each segment what it is evidence for, best first, in the order of the text."""
        found = []
        for segment, scores in zip(self.segments, self._counted, strict=True):
            best = np.argsort(-scores, kind="stable")[: np.count_nonzero(scores)]
            found += [
                Evidence(segment, self.side.passages[at], round(float(scores[at]), 4)) for at in best.tolist()
            ]
        return tuple(found)

    @cached_property
    def _best(self) -> NDArray[np.float32]:
        """For each element the score of its best evidence, 0 where it has none."""
        return np.asarray(self._counted.max(axis=0, initial=0), np.float32)

    def coverage(self) -> float:
        """The part of the standard that is evidenced, by the weights of its elements."""
        return self._coverage(np.ones(len(self.side.rows), np.bool_))

    def covered(self) -> float:
        """The part of the segments that evidence anything."""
        if not len(self.segments) or not len(self.side.rows):
            return 0.0
        return round(float(self._counted.any(axis=1).mean()), 4)

    def parts(self) -> tuple[PartCoverage, ...]:
        """The tasks with their coverage; its kinds where it has no tasks, or tasks with little below them."""
        passages = self.side.passages
        tasks = [one for one in passages if one.kind == "task"]
        parts = tuple(self._part(self._of_task(task), task, "task") for task in tasks)
        if sum(one.elements for one in parts) > 2 * len(parts):
            return parts
        kinds = [one.kind for one in passages]
        return tuple(
            self._part(np.array([one == kind for one in kinds], np.bool_), None, kind)
            for kind in SEARCH_KINDS
            if kind in kinds
        )

    def missing(self) -> tuple[Passage, ...]:
        """The elements without evidence: the heaviest first, equal ones in their order."""
        lacking = np.flatnonzero(self._best == 0)
        order = lacking[np.argsort(-self.side.weights[lacking], kind="stable")]
        return tuple(self.side.passages[at] for at in order.tolist())

    def level(self) -> LikelyLevel | None:
        """The mean level of the tasks and activities that are evidenced, by the weight of the evidence."""
        best = self._best
        found: dict[int, float] = {}
        holders: dict[int, list[str]] = {}
        for one, score in zip(self.side.passages, best.tolist(), strict=True):
            if one.level is not None and score and one.kind in _WORK:
                found[one.level] = found.get(one.level, 0) + score
                holder = one.path[-1].code if one.path and one.kind != "task" else one.code
                holders.setdefault(one.level, []).append(holder)
        if not found:
            return None
        total = sum(found.values())
        likely = round(sum(level * weight for level, weight in found.items()) / total)
        shares = ", ".join(
            f"{level}: {round(100 * weight / total)} %" for level, weight in sorted(found.items())
        )
        codes = ", ".join(dict.fromkeys(holders.get(likely, ())))
        return LikelyLevel(
            likely,
            (
                f"evidence by level {shares}" + (f"; at level {likely} {codes}" if codes else ""),
                f"各級別的佐證比例 {shares}" + (f"；第 {likely} 級為 {codes}" if codes else ""),
            ),
        )

    def _of_task(self, task: Passage) -> NDArray[np.bool_]:
        return np.array(
            [
                one.iri == task.iri
                or any(step.code == task.code for step in one.path)
                or any(_belongs(step.code, task.code) for step in one.required_by)
                for one in self.side.passages
            ],
            np.bool_,
        )

    def _part(self, chosen: NDArray[np.bool_], task: Passage | None, kind: str) -> PartCoverage:
        evidenced = int(np.count_nonzero(self._best[chosen]))
        return PartCoverage(task, kind, self._coverage(chosen), evidenced, int(np.count_nonzero(chosen)))

    def _coverage(self, chosen: NDArray[np.bool_]) -> float:
        weights = self.side.weights[chosen]
        total = float(weights.sum())
        covered = float((weights * (self._best[chosen] > 0)).sum())
        return round(covered / total, 4) if total else 0.0


_WORK = frozenset({"task", "activity", "output", "indicator"})


def _belongs(code: str, task: str) -> bool:
    return code == task or code.startswith(f"{task}.")

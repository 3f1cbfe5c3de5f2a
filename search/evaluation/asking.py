"""Needs asked as questions: each in the frames of its language, "which competencies cover {}?"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.errors import InvalidInput
from search.evaluation.judged import Judged, Need
from search.evaluation.measures import MethodScores, Scores, measure
from search.questions.judged_frames import question_frames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.background import LanguageSpace
    from search.evaluation.measures import Ranking

    Frames = Mapping[str, tuple[str, ...]]

__all__ = ["Framed", "bundled_frames"]

_QUESTION_MARKS = ("?", "？", "؟")


def bundled_frames() -> dict[str, Frames]:
    """The frames that come with the program (``search.questions.judged_frames``), by part and language."""
    parts: dict[str, dict[str, tuple[str, ...]]] = {}
    for one in question_frames():
        own = parts.setdefault(one.part, {})
        own[one.language] = (*own.get(one.language, ()), one.frame)
    return dict(parts)


class Framed:
    """The needs of a set that are no questions as they stand, in the languages that have frames.

    ``bare`` has them as they are. Raises ``InvalidInput`` where there are none.
    """

    def __init__(self, judged: Judged, frames: Frames, space: LanguageSpace) -> None:
        known = {space.known(language) or language: own for language, own in frames.items()}
        self._frames = {
            language: known[space.known(language) or language]
            for language in judged.languages
            if (space.known(language) or language) in known
        }
        needs = [
            replace(need, queries={one: need.queries[one] for one in self._frames if one in need.queries})
            for need in judged.needs
            if not any(query.rstrip().endswith(_QUESTION_MARKS) for query in need.queries.values())
        ]
        asked = tuple(need for need in needs if need.queries)
        if not asked:
            raise InvalidInput(f"no need of {judged.name} is a phrase in a language that has frames")
        self.bare = Judged(judged.name, tuple(self._frames), asked)

    @property
    def counts(self) -> dict[str, int]:
        """How many frames each language has."""
        return {language: len(own) for language, own in self._frames.items()}

    def queries(self) -> list[str]:
        """Every question."""
        return [
            frame.replace("{}", query)
            for need in self.bare.needs
            for language, query in need.queries.items()
            for frame in self._frames[language]
        ]

    def measure(self, method: str, description: str, ranking: Ranking) -> MethodScores:
        """The figures of ``ranking`` on the questions: for a need the mean over the frames."""
        asked = [
            Need(need.name, need.relevant, {language: frame.replace("{}", query)})
            for need in self.bare.needs
            for language, query in need.queries.items()
            for frame in self._frames[language]
        ]
        of_all = measure(method, description, ranking, replace(self.bare, needs=tuple(asked)))
        found: dict[str, list[Scores | None]] = {language: [] for language in self._frames}
        at = 0
        for need in self.bare.needs:
            for language in self._frames:
                scores: Scores | None = None
                if language in need.queries:
                    own = of_all.needs[language][at : at + len(self._frames[language])]
                    scores = Scores.mean([one for one in own if one])
                    at += len(own)
                found[language].append(scores)
        return MethodScores(method, description, {one: tuple(own) for one, own in found.items()})

"""Frames of questions for measuring: how people ask, with the need left open.

``data/eval/question-frames.tsv`` is UTF-8, tab-separated, one frame a line: ``language`` (BCP 47, as the
columns of judged files name them), ``frame`` with ``{}`` where the need stands, and ``part``: ``open`` for
those that whoever changes the reading of questions may look at, ``held-out`` for those kept for the last
measurement. They were written before, and apart from, all that ``search.questions.reading`` knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

__all__ = ["QuestionFrame", "question_frames"]


@dataclass(frozen=True, slots=True)
class QuestionFrame:
    """One way to ask in ``language``; ``part`` is ``open`` or ``held-out``."""

    language: str
    frame: str
    part: str

    def around(self, need: str) -> str:
        """The question for a need."""
        return self.frame.replace("{}", need)


def question_frames(language: str | None = None, part: str | None = None) -> tuple[QuestionFrame, ...]:
    """The bundled frames, of one language and one part where these are given."""
    lines = (files("data") / "eval" / "question-frames.tsv").read_text(encoding="utf-8").splitlines()[1:]
    frames = (QuestionFrame(*line.split("\t")) for line in lines)
    return tuple(one for one in frames if language in (None, one.language) and part in (None, one.part))

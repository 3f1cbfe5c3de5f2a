"""What a person is told of an error: a sentence in the language of the page, and the English detail."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.messages import translate
from ontology.errors import CompetencyError, DocumentError, EmptyText, NotFound, TextTooLong

__all__ = ["ProblemView", "problem_view"]


@dataclass(frozen=True, slots=True)
class ProblemView:
    """``detail`` is what the error itself says, in English; empty where the sentence says it all."""

    sentence: str
    detail: str = ""


def problem_view(language: str, error: CompetencyError) -> ProblemView:
    """The most common errors have sentences of their own: what is not known, no text, too much text, a file
    that cannot be read."""
    kind, data = _told(error)
    return ProblemView(translate(language, "problem_" + kind, **data), str(error))


def _told(error: CompetencyError) -> tuple[str, dict[str, str | int]]:
    """The kind of an error, with what its sentence says of it."""
    match error:
        case NotFound():
            return "unknown", {"name": error.key}
        case EmptyText():
            return "empty", {}
        case TextTooLong():
            return "long", {"number": error.count, "most": error.most}
        case DocumentError():
            return "document", {"name": error.file}
    return "other", {}

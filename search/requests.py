"""What a search asks for, as the public method has checked and shaped it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.errors import EmptyText, InvalidInput, TextTooLong
from search.filters import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from search.lexical import WordMatches

__all__ = [
    "MAX_LIMIT",
    "MAX_OFFSET",
    "QUERY_LIMIT",
    "Asked",
    "Embedded",
    "Request",
    "check_window",
    "checked_text",
    "with_shortcuts",
]

QUERY_LIMIT = 1000
"""How many characters (code points) a query may have; longer texts are for matching, not for search."""
MAX_LIMIT = 1000
MAX_OFFSET = 100_000


@dataclass(frozen=True, slots=True)
class Request:
    """``query`` is one line with letters or digits; hits ``offset`` to ``offset + limit`` are wanted, with
    ``spans`` where the words of the query stand in them, with ``fold`` one for all that say the same.
    With ``group_hits`` they are grouped by standard, so many a group; limit and offset are then of groups."""

    query: str
    limit: int
    offset: int
    filters: Filters
    language: str | None
    all_versions: bool
    facets: bool
    spans: bool = True
    fold: bool = False
    group_hits: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it is searched: ``matter`` is the query without its question frame, ``language`` the one it
    is taken to be in, ``point`` its vector, ``words`` what its words found."""

    matter: str
    language: str | None
    point: NDArray[np.float32]
    words: WordMatches


@dataclass(frozen=True, slots=True)
class Embedded:
    """A query as vectors and words are compared with it: ``matter`` and ``language`` as in ``Asked``,
    ``vector`` of length 1, ``words`` folded, for a full-text index."""

    matter: str
    language: str | None
    vector: NDArray[np.float32]
    words: str


def checked_text(query: str) -> str:
    """``query`` with single blanks and without what no engine can take. Raises ``EmptyText`` and
    ``TextTooLong``."""
    # a lone surrogate has no UTF-8 and a NUL ends a C string
    text = " ".join(query.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").split())
    if len(text) > QUERY_LIMIT:
        raise TextTooLong(
            f"the query has {len(text)} characters and a search takes at most {QUERY_LIMIT}: "
            "give a phrase or a question, and send whole documents to matching",
            count=len(text),
            most=QUERY_LIMIT,
        )
    if not any(character.isalnum() for character in text):
        raise EmptyText("the query is empty; give a phrase, a question or a code, such as: conflict handling")
    return text


def check_window(limit: int, offset: int) -> None:
    """Raises ``InvalidInput`` for bounds out of range."""
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidInput(f"limit must be from 1 to {MAX_LIMIT}, not {limit}")
    if not 0 <= offset <= MAX_OFFSET:
        raise InvalidInput(f"offset must be from 0 to {MAX_OFFSET}, not {offset}")


def with_shortcuts(
    filters: Filters | None,
    *,
    standards: Sequence[str],
    kinds: Sequence[str],
    frameworks: Sequence[str],
    languages: Sequence[str],
) -> Filters:
    """``filters`` with those four instead of its own where they are given."""
    chosen = filters or Filters()
    return replace(
        chosen,
        standards=tuple(standards) or chosen.standards,
        kinds=tuple(kinds) or chosen.kinds,
        frameworks=tuple(frameworks) or chosen.frameworks,
        languages=tuple(languages) or chosen.languages,
    )

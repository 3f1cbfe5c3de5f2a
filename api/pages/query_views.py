"""What the template of the query page is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.views import Download, Table

__all__ = ["QueryView", "QuestionGroup", "QuestionLink"]


@dataclass(frozen=True, slots=True)
class QuestionLink:
    """A question that the page offers; ``href`` fills it in."""

    title: str
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions that need the same data; ``needs`` is empty for what is bundled."""

    needs: str
    questions: tuple[QuestionLink, ...]


@dataclass(frozen=True, slots=True)
class QueryView:
    """``other`` leads to the page in the other language; ``cut`` says that there are more rows than shown,
    ``row_count`` counts all of them as far as they are known."""

    query: str
    language: str
    other: str
    groups: tuple[QuestionGroup, ...]
    permalink: str = ""
    shows: str = ""
    table: Table | None = None
    row_count: int = 0
    cut: bool = False
    graph_text: str = ""
    too_large: bool = False
    took_ms: int = 0
    downloads: tuple[Download, ...] = ()
    error: str = ""

    def failed(self, message: str) -> QueryView:
        """The same page with a message instead of an answer."""
        return replace(self, error=message)

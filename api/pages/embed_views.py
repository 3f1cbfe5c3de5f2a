"""What the pages about a search box on other sites are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.hits import HitView
    from api.pages.problem_views import ProblemView
    from api.pages.views import Choice

__all__ = ["EmbedSearchView", "EmbedView"]


@dataclass(frozen=True, slots=True)
class EmbedView:
    """The HTML to copy, under the chosen filters: a form, and a frame whose page is at ``address``."""

    form: str
    frame: str
    address: str
    standard: str
    frameworks: tuple[Choice, ...]
    query_limit: int
    kept: tuple[tuple[str, str], ...]
    problem: ProblemView | None = None


@dataclass(frozen=True, slots=True)
class EmbedSearchView:
    """The search box in a frame, with the first hits; ``all_hits`` leads to the whole search page."""

    query: str
    query_limit: int
    kept: tuple[tuple[str, str], ...]
    hits: tuple[HitView, ...] = ()
    all_hits: str = ""
    problem: ProblemView | None = None

"""What the search page is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.pages.views import Choice

if TYPE_CHECKING:
    from api.pages.hits import GroupView, HitView
    from api.pages.problem_views import ProblemView
    from api.pages.views import Download, Example

__all__ = ["ChosenLink", "FacetLink", "FacetView", "LoadedFramework", "SearchView"]


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet; its link chooses it, or takes the choice back. ``depth`` counts from 0."""

    label: str
    count: int
    href: str
    chosen: bool
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FacetView:
    """``name`` is the filter's, ``occupation`` for one."""

    name: str
    links: tuple[FacetLink, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ChosenLink:
    """A filter that is set, in words; its link takes it away."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class LoadedFramework:
    """How many standards of a framework are loaded; ``key`` is the one that filters take."""

    key: str
    name: str
    standards: int


@dataclass(frozen=True, slots=True)
class SearchView:
    """``fitting`` hits are not weak, of ``total`` that were ranked, and with ``more_fit`` at least so many.
    ``in_older`` hits stand in older versions only, where the latest have none, and ``older_href`` leads to
    them."""

    query: str
    query_limit: int
    fitting: int = 0
    more_fit: bool = False
    in_older: int = 0
    older_href: str = ""
    kinds: tuple[Choice, ...] = ()
    standards: tuple[Choice, ...] = ()
    standard: str = ""
    frameworks: tuple[Choice, ...] = ()
    older: Choice | None = None
    level_min: tuple[Choice, ...] = ()
    level_max: tuple[Choice, ...] = ()
    apart: Choice | None = None
    grouped: Choice | None = None
    groups: tuple[GroupView, ...] = ()
    filters: tuple[ChosenLink, ...] = ()
    without_filters: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    facets: tuple[FacetView, ...] = ()
    hits: tuple[HitView, ...] = ()
    total: int = 0
    first: int = 1
    last: int = 0
    previous: str | None = None
    next: str | None = None
    took_ms: int = 0
    notes: tuple[str, ...] = ()
    error: ProblemView | None = None
    examples: tuple[Example, ...] = ()
    downloads: tuple[Download, ...] = ()
    permalink: str = ""
    loaded: tuple[LoadedFramework, ...] = ()
    elements: int = 0

    @property
    def standard_count(self) -> int:
        return sum(one.standards for one in self.loaded)

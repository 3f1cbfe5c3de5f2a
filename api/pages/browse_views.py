"""What the pages of the trees are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.views import Choice, StandardRow

__all__ = ["BranchView", "BrowseHomeView", "BrowseView", "PlaceLink"]


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """A place of a tree. ``label`` is its name, in ``language`` where that is not the page's; ``count``
    standards stand at and below it under the filters; ``is_open`` says that there are places below."""

    code: str
    label: str
    language: str
    count: int
    href: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class BranchView:
    """One tree on the first page: its highest places, and how many more there are."""

    facet: str
    href: str
    places: tuple[PlaceLink, ...]
    more: int


@dataclass(frozen=True, slots=True)
class BrowseHomeView:
    total: int
    branches: tuple[BranchView, ...]


@dataclass(frozen=True, slots=True)
class BrowseView:
    """A place in a tree: the way to it, what is below it, and the standards there. ``kept`` are the filters
    that a search in it has; there is none where it cannot be searched by itself, and ``searched_by`` names
    the framework where the search is of all of that."""

    facet: str
    path: tuple[PlaceLink, ...]
    here: PlaceLink
    below: tuple[PlaceLink, ...]
    standards: tuple[StandardRow, ...]
    total: int
    action: str
    entity_iri: str
    frameworks: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    filtered: bool
    searched_by: str
    kept: tuple[tuple[str, str], ...] | None
    first: int
    last: int
    previous: str | None
    next: str | None
    permalink: str

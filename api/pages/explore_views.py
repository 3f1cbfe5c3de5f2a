"""What the page of the graph around a node is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.problem_views import ProblemView

__all__ = ["ExploreExample", "ExploreGroup", "ExploreKind", "ExploreRow", "ExploreView", "RelationChoice"]


@dataclass(frozen=True, slots=True)
class ExploreExample:
    """A node to start from."""

    href: str
    kind: str
    code: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class ExploreRow:
    """A node; ``explore`` leads to the graph around it, ``href`` to its page, empty where it has none.
    ``place`` names the standard that an element stands in, ``count`` with how many others it is connected."""

    iri: str
    href: str
    explore: str
    kind: str
    code: str
    text: str
    language: str
    count: int
    place: str
    place_language: str
    description: str = ""
    description_language: str = ""


@dataclass(frozen=True, slots=True)
class ExploreGroup:
    """The neighbours by one relation that this page of the list has; ``more`` leads to all ``total``."""

    label: str
    rows: tuple[ExploreRow, ...]
    total: int
    more: str | None


@dataclass(frozen=True, slots=True)
class ExploreKind:
    """A kind of neighbours, for the filter."""

    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class RelationChoice:
    """A relation to neighbours, for the filter."""

    key: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ExploreView:
    """``typed`` is what stands in the box, ``example`` the code of a loaded standard; without ``node`` the
    page says what it is. ``opened`` are the IRIs of the nodes expanded so far."""

    typed: str
    example: str
    examples: tuple[ExploreExample, ...]
    problem: ProblemView | None = None
    node: ExploreRow | None = None
    kinds: tuple[ExploreKind, ...] = ()
    relations: tuple[RelationChoice, ...] = ()
    groups: tuple[ExploreGroup, ...] = ()
    opened: tuple[str, ...] = ()
    is_filtered: bool = False
    first: int = 0
    last: int = 0
    total: int = 0
    previous: str | None = None
    next: str | None = None

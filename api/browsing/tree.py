"""The trees that standards are browsed by, and what stands at each place in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph import StandardSummary

__all__ = ["FACETS", "UNCLASSIFIED", "BrowseTree", "Place"]

FACETS = ("framework", "level", "category", "occupation", "industry")
"""The trees there are, in the order in which they are shown."""
UNCLASSIFIED = "-"
"""The value of the place of the standards that say nothing in a tree."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a tree.

    ``value`` names it in its tree and is empty for the top; ``code`` is the code that people know, empty
    where there is none; ``name`` is empty where nobody told it, and where the page has words for it;
    ``language`` is that of the name. ``scheme`` is the code list that it belongs to, or the framework.
    ``above`` is the value of the place above, ``None`` at the top, ``below`` those of the places below in
    their order, and ``standards`` the numbers of the standards at and below it.
    """

    facet: str
    value: str
    scheme: str
    code: str
    name: str
    language: str
    above: str | None
    below: tuple[str, ...]
    standards: frozenset[int]


@dataclass(frozen=True)
class BrowseTree:
    """The trees over ``standards``, which places name by their numbers there."""

    standards: tuple[StandardSummary, ...]
    places: Mapping[tuple[str, str], Place]

    def place(self, facet: str, value: str = "") -> Place:
        """A place of the tree ``facet``; case does not count. Raises ``NotFound``."""
        found = self.places.get((facet, value)) or self.places.get((facet, value.upper()))
        if found is None:
            found = self.places.get((facet, value.lower()))
        if found is None:
            raise NotFound(value or facet, f"nothing is classified under {value or facet!r} by {facet}")
        return found

    def path(self, place: Place) -> tuple[Place, ...]:
        """The places from the top of the tree down to ``place``, itself last."""
        found = [place]
        while found[-1].above is not None:
            found.append(self.places[place.facet, found[-1].above])
        return tuple(reversed(found))

    def below(self, place: Place) -> tuple[Place, ...]:
        """The places right below."""
        return tuple(self.places[place.facet, value] for value in place.below)

    def within(self, framework: str = "", level: int | None = None) -> frozenset[int]:
        """The numbers of the standards of a framework and of a level; each empty one lets all through."""
        return frozenset(
            number
            for number, one in enumerate(self.standards)
            if (not framework or one.framework == framework) and (level is None or one.level == level)
        )

    def tops(self) -> tuple[Place, ...]:
        """The top of each tree."""
        return tuple(self.places[facet, ""] for facet in FACETS)

    def group_of(self, facet: str, scheme: str) -> Mapping[int, Place]:
        """For each standard that a code list classifies, by its number, the first of the list's highest
        places that it stands in."""
        found: dict[int, Place] = {}
        root = self.places.get((facet, scheme))
        for place in self.below(root) if root else ():
            for number in place.standards:
                found.setdefault(number, place)
        return found

    def schemes(self, facet: str) -> tuple[str, ...]:
        """The code lists that a tree has under its top."""
        return tuple(value for value in self.places[facet, ""].below if value != UNCLASSIFIED)

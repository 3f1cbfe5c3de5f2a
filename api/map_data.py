"""The map with what people colour it by: the frameworks, levels and code lists of its standards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.browsing import UNCLASSIFIED

if TYPE_CHECKING:
    from api.browsing import BrowseTree, Place
    from graph import StandardSummary
    from search.mapping import Region, StandardMap

__all__ = ["Grouping", "JoinedMap", "MapData", "join_map"]

_SIDE = 10_000
"""Places are whole numbers from 0 to this."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to colour the map: its ``groups``, the largest first, and for each standard the number of its
    group, −1 where it has none. ``name`` is a code list, ``framework`` or ``level``."""

    name: str
    groups: tuple[Place, ...]
    of_standards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MapData:
    """The standards of the map with their places, ``x`` to the right and ``y`` down, 0 to 10,000."""

    version: str
    standards: tuple[StandardSummary, ...]
    x: tuple[int, ...]
    y: tuple[int, ...]
    groupings: tuple[Grouping, ...]
    regions: tuple[Region, ...]


class JoinedMap:
    """The last map that was joined with a tree, which is asked for again until one of the two changes."""

    def __init__(self) -> None:
        self._known: tuple[StandardMap, BrowseTree, MapData] | None = None

    def of(self, drawn: StandardMap, tree: BrowseTree) -> MapData:
        """As ``join_map``."""
        known = self._known
        if known is None or known[0] is not drawn or known[1] is not tree:
            self._known = known = drawn, tree, join_map(drawn, tree)
        return known[2]


def join_map(drawn: StandardMap, tree: BrowseTree) -> MapData:
    """The map as the store has its standards now; those that it does not have any more are left out."""
    numbers = {one.iri: number for number, one in enumerate(tree.standards)}
    kept = [(numbers[iri], at) for at, iri in enumerate(drawn.iris) if iri in numbers]
    places = (drawn.places[[at for _, at in kept]] * _SIDE).round().astype(int)
    order = [number for number, _ in kept]
    groupings = [
        _grouping(tree, facet, scheme, order)
        for facet in ("category", "occupation", "industry")
        for scheme in tree.schemes(facet)
    ]
    # the code list that tells most standards apart is the first choice
    groupings.sort(key=lambda one: sum(number >= 0 for number in one.of_standards), reverse=True)
    groupings += [_grouping(tree, facet, "", order) for facet in ("framework", "level")]
    return MapData(
        drawn.version,
        tuple(tree.standards[number] for number in order),
        tuple(places[:, 0].tolist()),
        tuple(places[:, 1].tolist()),
        tuple(one for one in groupings if one.groups),
        drawn.regions,
    )


def _grouping(tree: BrowseTree, facet: str, scheme: str, order: list[int]) -> Grouping:
    tops = tree.below(tree.place(facet, scheme))
    if facet == "level":
        # levels of two frameworks are scales of their own
        tops = tuple(one for top in tops for one in tree.below(top))
    groups = sorted((one for one in tops if one.value != UNCLASSIFIED), key=lambda one: -len(one.standards))
    of_number: dict[int, int] = {}
    for number, group in enumerate(groups):
        for standard in group.standards:
            of_number.setdefault(standard, number)
    return Grouping(scheme or facet, tuple(groups), tuple(of_number.get(number, -1) for number in order))

"""How the map of an index is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.mapping.placing import place
from search.mapping.regions import regions_of
from search.mapping.space import points_of_standards
from search.mapping.standard_map import StandardMap

if TYPE_CHECKING:
    from search.comparing.nearest import AllStandards

__all__ = ["build_map"]


def build_map(standards: AllStandards, version: str) -> StandardMap:
    """The map of all standards of the index whose ``version`` it is. Of 4,000 standards it takes seconds."""
    passages = [standards.passages[int(row)] for row in standards.contents.standards]
    places = place(points_of_standards(standards))
    regions = regions_of(places, [one.text for one in passages], [one.lang for one in passages])
    return StandardMap(version, tuple(one.iri for one in passages), places, regions)

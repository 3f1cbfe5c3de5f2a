"""All standards of an index on a plane, those of like meaning beside each other."""

from search.mapping.making import build_map
from search.mapping.standard_map import Region, StandardMap

__all__ = ["Region", "StandardMap", "build_map"]

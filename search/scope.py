"""Which rows a search is about: those of the versions and filters that were asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.facets import FACETS
from search.vectors import Allowed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from search.filters import FilterTable

__all__ = ["Scope"]


@dataclass(frozen=True)
class Scope:
    """``values`` are what each filtered column lets through. Only the latest versions are searched unless
    ``all_versions`` is true; a standard that was asked for is searched in whatever version."""

    table: FilterTable
    latest: NDArray[np.bool_]
    values: Mapping[str, Sequence[str]]
    all_versions: bool

    @cached_property
    def allowed(self) -> Allowed:
        return self._allowed(set(self.values))

    def scores(self, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """The scores of ``rows``, −∞ for those that are not let through."""
        return np.where(self.allowed.mask[rows], scores, -np.inf).astype(np.float32)

    def without(self, facet: str) -> Allowed:
        """What is let through where the filter of ``facet`` is not set."""
        if facet not in self.values:
            return self.allowed
        return self.relaxed[facet]

    @cached_property
    def relaxed(self) -> Mapping[str, Allowed]:
        """What is let through without the filter of each facet that has one."""
        names = set(self.values)
        return {facet: self._allowed(names - {facet}) for facet in FACETS if facet in names}

    @cached_property
    def _masks(self) -> Mapping[str, NDArray[np.bool_]]:
        return self.table.masks(self.values)

    def _allowed(self, names: set[str]) -> Allowed:
        latest = not self.all_versions and "standard" not in names
        mask = self.latest.copy() if latest else np.ones(len(self.latest), np.bool_)
        for name in names:
            mask &= self._masks[name]
        numbers = self.table.numbers({name: self.values[name] for name in self.values if name in names})
        return Allowed(mask, numbers, latest)

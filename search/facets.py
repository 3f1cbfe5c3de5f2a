"""How many of the relevant hits have each value of each field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from search.filters import FilterTable

__all__ = ["FACETS", "FACET_DEPTH", "FACET_VALUES", "FacetValue", "count_facets"]

FACETS = ("framework", "kind", "standard", "level", "category", "occupation", "industry")
FACET_DEPTH = 1000
"""Facets are counted over at most so many hits, the best."""
FACET_VALUES = 20
"""So many values of a facet are given, those with the most hits."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """``value`` is what the filter of the facet's name takes; ``count`` hits have it."""

    value: str
    label: str
    count: int


def count_facets(
    table: FilterTable,
    scores: NDArray[np.float32],
    base: NDArray[np.bool_],
    masks: Mapping[str, NDArray[np.bool_]],
) -> dict[str, tuple[FacetValue, ...]]:
    """The values of each facet, most hits first (levels in their order).

    ``scores`` are −∞ for hits that do not count, ``base`` rows that are searched at all. A facet is counted
    over what the filters of the other facets let through, so that its own choice can be widened.
    """
    candidates = np.flatnonzero(base & (scores > -np.inf))
    passing = {name: mask[candidates] for name, mask in masks.items()}
    facets = {}
    for facet in FACETS:
        kept = np.ones(len(candidates), np.bool_)
        for name, mask in passing.items():
            if name != facet:
                kept &= mask
        rows = candidates[kept]
        if len(rows) > FACET_DEPTH:
            rows = rows[np.argpartition(-scores[rows], FACET_DEPTH)[:FACET_DEPTH]]
        column = table.columns[facet]
        counts = column.count(rows)
        best = [int(one) for one in np.argsort(-counts, kind="stable")[:FACET_VALUES] if counts[one]]
        values = [FacetValue(column.values[one], column.labels[one], int(counts[one])) for one in best]
        facets[facet] = tuple(sorted(values, key=_level) if facet == "level" else values)
    return facets


def _level(one: FacetValue) -> int:
    return int(one.value)

"""How many of the relevant hits have each value of each field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.scope import Scope

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
    rows: NDArray[np.int64],
    scores: NDArray[np.float32],
    scope: Scope,
    folds: NDArray[np.int32] | None = None,
) -> dict[str, tuple[FacetValue, ...]]:
    """The values of each facet, most hits first (levels in their order).

    ``rows`` are the hits that count, ``scores`` tell the best of them. A facet is counted over what the
    filters of the other facets let through, so that its own choice can be widened. With ``folds``, the
    number of each row's hit, a hit counts once for each value that one of its rows has.
    """
    facets = {}
    for facet in FACETS:
        kept = scope.without(facet).mask[rows]
        counted, strength = rows[kept], scores[kept]
        if len(counted) > FACET_DEPTH:
            counted = counted[np.argpartition(-strength, FACET_DEPTH)[:FACET_DEPTH]]
        column = scope.table.columns[facet]
        counts = column.count(counted, None if folds is None else folds[counted])
        best = [int(one) for one in np.argsort(-counts, kind="stable")[:FACET_VALUES] if counts[one]]
        values = [FacetValue(column.values[one], column.labels[one], int(counts[one])) for one in best]
        facets[facet] = tuple(sorted(values, key=_level) if facet == "level" else values)
    return facets


def _level(one: FacetValue) -> int:
    return int(one.value)

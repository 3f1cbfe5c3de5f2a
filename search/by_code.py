"""What a query by code finds: the elements that it names, and what stands under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.duplicates import first_of_each
from search.facets import count_facets
from search.grouping import rows_by_standard, to_group
from search.hits import to_hit
from search.results import Reason, SearchResult
from search.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.codes import CodeMatches
    from search.facets import FacetValue
    from search.filters import FilterTable
    from search.places import PlaceTable
    from search.requests import Request
    from search.results import Hit

__all__ = ["search_by_code"]


def search_by_code(
    codes: CodeMatches,
    request: Request,
    table: FilterTable,
    latest: NDArray[np.bool_],
    places: PlaceTable,
) -> SearchResult:
    """The elements named, then what is below them, in document order."""
    named = request.all_versions or bool(codes.standards)
    scope = Scope(table, latest, table.values(request.filters), named)
    allowed = scope.allowed.mask
    exact = [row for row in codes.exact if allowed[row]]
    below = [row for row in codes.below if allowed[row] and row not in codes.exact]
    found = dict.fromkeys(exact, 1.0) | dict.fromkeys(below, 0.5)
    folds = places.duplicates.folds if request.fold else None
    rows = list(found)
    if folds is not None:
        rows = [rows[at] for at in first_of_each(folds[rows])]

    def hits(shown: Sequence[int]) -> tuple[Hit, ...]:
        reason = Reason("code", None, None)
        made = tuple(to_hit(places.passages[row], found[row], reason) for row in shown)
        return places.on(shown, made, all_versions=named) if request.fold else made

    facets: dict[str, tuple[FacetValue, ...]] = {}
    if request.facets:
        counted = np.unique(np.array([*codes.exact, *codes.below], np.int64))
        facets = count_facets(counted, np.ones(len(counted), np.float32), scope, folds)
    window = slice(request.offset, request.offset + request.limit)
    if not request.group_hits:
        return SearchResult(hits(rows[window]), len(rows), request.query, None, (), 0.0, facets)
    standards = list(rows_by_standard(rows, places.passages).values())
    groups = tuple(
        to_group(places.passages[own[0]], len(own), hits(own[: request.group_hits]))
        for own in standards[window]
    )
    total = len(standards)
    return SearchResult((), len(rows), request.query, None, (), 0.0, facets, groups=groups, group_total=total)

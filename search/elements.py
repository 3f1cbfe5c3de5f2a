"""From one element of the index on: where else the same stands, and what is like it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from search.comparing.results import NearestResult
from search.dense import top_rows
from search.duplicates import first_of_each
from search.hits import explained_hit, to_hit
from search.lexical import no_words
from search.passages import SEARCH_KINDS, STANDARD_KIND
from search.requests import check_window
from search.results import Reason, SimilarResult
from search.scope import Scope
from search.vectors import Wanted
from search.versions import series_and_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.codes import CodeTable
    from search.comparing.nearest import AllStandards
    from search.comparing.standards import Side
    from search.filters import Filters, FilterTable
    from search.passages import Passage
    from search.places import PlacesResult, PlaceTable
    from search.ranking import Arms, DenseSide
    from search.vectors import VectorIndex

__all__ = ["Elements"]


@dataclass(frozen=True)
class Elements:
    """The elements of an index by IRI. Cheap to make; it holds what the index holds."""

    passages: Sequence[Passage]
    dense: DenseSide
    vectors: VectorIndex
    codes: CodeTable
    table: FilterTable
    latest: NDArray[np.bool_]
    table_of_places: PlaceTable

    def passage(self, iri: str) -> Passage:
        """The passage with this IRI. Raises ``NotFound``."""
        return self.passages[self.codes.row_of(iri)]

    def iri_of(self, code: str, standard: str = "") -> str:
        """The IRI of the element with this code in a standard, named with its version; of the only one with
        it where none is named. Raises ``NotFound``, and ``Ambiguous`` where several have it."""
        return self.passages[self.codes.row_named(code, standard)].iri

    def places(
        self, iri: str, *, limit: int = 10, offset: int = 0, all_versions: bool = False
    ) -> PlacesResult:
        """Where the same stands as at ``iri``, beside it: in the latest versions, unless all are asked for.

        Raises ``NotFound`` for an IRI that the index does not have, ``InvalidInput`` like a search.
        """
        check_window(limit, offset)
        row = self.codes.row_of(iri)
        return self.table_of_places.of(row, limit=limit, offset=offset, all_versions=all_versions)

    def similar(
        self,
        iri: str,
        filters: Filters,
        *,
        limit: int = 10,
        offset: int = 0,
        same_standard: bool = False,
        all_versions: bool = False,
        fold: bool = True,
    ) -> SimilarResult:
        """What is nearest in meaning to the element at ``iri``, by its stored vector; nothing is embedded.

        Without a kind in ``filters``, a standard is compared with standards and anything else with
        everything else. The standard of the element is left out unless ``same_standard`` is true, its other
        versions unless ``all_versions`` is; of other standards the latest versions are compared, or all.
        With ``fold`` hits are folded as in a search, and what says the same as the element is no hit but a
        place of it. Scores are those of a search, without words. Raises ``NotFound`` for an IRI that the
        index does not have, ``InvalidInput`` like a search.
        """
        started = time.perf_counter()
        check_window(limit, offset)
        row = self.codes.row_of(iri)
        scope = Scope(self.table, self.latest, self.table.values(self._kinds(row, filters)), all_versions)
        left_out = self._left_out(row, same_standard=same_standard, all_versions=all_versions)
        left_out[self.table_of_places.duplicates.alike(row) if fold else row] = True
        compared = scope.allowed.mask & ~left_out
        point = np.array(self.dense.vectors[row], np.float32)
        arms, scores, places = self._ranked(point, scope, compared, offset + limit, fold=fold)
        places = places[offset:]
        rows = arms.rows[places].tolist()
        shown = rows
        if fold:

            def scored(some: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
                known = self.dense.arms(point, some, no_words())
                return known.rows, _masked(known, compared)

            shown = self.table_of_places.shown(rows, scores[places], scored)
        hits = tuple(
            explained_hit(self.passages[one], at, arms, set(), self.dense.recipe)
            for one, at in zip(shown, places.tolist(), strict=True)
        )
        total = int(np.count_nonzero(compared))
        itself = to_hit(self.passages[row], 1.0, Reason("meaning", None, 1.0))
        if fold:
            hits = self.table_of_places.on(shown, hits, all_versions=all_versions)
            itself = self.table_of_places.on([row], [itself], all_versions=all_versions)[0]
            total = self.table_of_places.duplicates.count(compared)
        return SimilarResult(itself, hits, total, (time.perf_counter() - started) * 1000)

    def _ranked(
        self,
        point: NDArray[np.float32],
        scope: Scope,
        compared: NDArray[np.bool_],
        wanted: int,
        *,
        fold: bool,
    ) -> tuple[Arms, NDArray[np.float32], NDArray[np.int64]]:
        """The scores of rows near to ``point``, −∞ for those that are not ``compared``, and the places of the
        ``wanted`` best in them. The engine knows only the filters, so that as many more are asked of it as
        are left out, and more again where folding leaves too few."""
        total = scope.allowed.count
        reach = min(2 * wanted + total - int(np.count_nonzero(compared)), total)
        while True:
            nearest = self.vectors.search(point, Wanted(reach, scope.allowed))[0].rows
            arms = self.dense.arms(point, nearest, no_words())
            scores = _masked(arms, compared)
            places = top_rows(scores, len(scores))
            places = places[scores[places] > -np.inf]
            if fold:
                places = places[first_of_each(self.table_of_places.duplicates.folds[arms.rows[places]])]
            if len(places) >= wanted or reach >= total:
                return arms, scores, places[:wanted]
            reach = min(4 * reach, total)

    def _kinds(self, row: int, filters: Filters) -> Filters:
        if filters.kinds:
            return filters
        if self.passages[row].kind == STANDARD_KIND:
            return replace(filters, kinds=(STANDARD_KIND,))
        return replace(filters, kinds=tuple(kind for kind in SEARCH_KINDS if kind != STANDARD_KIND))

    def nearest_standards(
        self,
        all_standards: AllStandards,
        side: Side,
        filters: Filters,
        *,
        limit: int,
        offset: int,
        all_versions: bool,
    ) -> NearestResult:
        """As ``SearchIndex.nearest_standards``."""
        started = time.perf_counter()
        scope = Scope(self.table, self.latest, self.table.values(filters), all_versions)
        left_out = self._left_out(side.row, same_standard=False, all_versions=all_versions)
        among = scope.allowed.mask & ~left_out
        hits = all_standards.nearest(side, among, limit=limit, offset=offset)
        total = int(np.count_nonzero(among[all_standards.contents.standards]))
        return NearestResult(side.compared, hits, total, (time.perf_counter() - started) * 1000)

    def _left_out(self, row: int, *, same_standard: bool, all_versions: bool) -> NDArray[np.bool_]:
        """The rows of the element's own standard and of its other versions, as asked for; a shared concept
        has no standard, only the release that it came with."""
        own = self.passages[row].standard
        if own == self.passages[row].framework:
            return np.zeros(len(self.passages), np.bool_)
        column = self.table.columns["standard"]
        versions = set(column.versions[series_and_version(own)[0]]) - {own}
        codes = (set() if all_versions else versions) | (set() if same_standard else {own})
        return column.having(column.numbers[code] for code in codes)


def _masked(arms: Arms, compared: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.where(compared[arms.rows], arms.fused, -np.inf).astype(np.float32)

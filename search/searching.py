"""One search: codes, filters, meaning and words, into hits that explain themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from search.by_code import search_by_code
from search.dense import top_rows
from search.duplicates import first_of_each
from search.facets import FACET_DEPTH, count_facets
from search.folding import tokens
from search.grouping import to_group
from search.hits import explained_hit
from search.questions.reading import read_query
from search.requests import Asked
from search.results import SearchResult
from search.scope import Scope
from search.vectors import Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.codes import CodeTable
    from search.embedding.interface import Embedder
    from search.facets import FacetValue
    from search.filters import FilterTable
    from search.lexical import WordIndex
    from search.passages import Passage
    from search.places import PlaceTable
    from search.ranking import Arms, DenseSide
    from search.requests import Request
    from search.results import Group, Hit
    from search.vectors import VectorIndex

    Ranked: TypeAlias = tuple[Arms, NDArray[np.float32], NDArray[np.int64]]

__all__ = ["NOTHING_FITS", "Searcher"]

NOTHING_FITS = (
    "nothing here fits the query well; the hits fit only loosely",
    "沒有真正符合查詢的內容；以下僅略為相關",
)
"""What the notes of an answer say, in both languages, where even the best hit is weak."""


# most standards have fewer elements that fit a query
_FIRST_FITTING = 100


@dataclass(frozen=True)
class Searcher:
    """What a search looks into: the parts of an index. Cheap to make; it holds what the index holds."""

    passages: Sequence[Passage]
    dense: DenseSide
    vectors: VectorIndex
    lexical: WordIndex
    embedder: Embedder
    codes: CodeTable
    latest: NDArray[np.bool_]
    table: FilterTable
    places: PlaceTable

    def search(self, request: Request) -> SearchResult:
        codes = self.codes.find(request.query)
        if codes.exact:
            return search_by_code(codes, request, self.table, self.latest, self.places)
        query, filters = request.query, request.filters
        notes: list[str] = []
        if codes.standards and codes.rest and not filters.standards:
            query, filters = codes.rest, replace(filters, standards=codes.standards)
            notes.append(f"searched in {', '.join(codes.standards)} only, because the query names it")
        scope = Scope(self.table, self.latest, self.table.values(filters), request.all_versions)
        asked = self._asked(query, request, scope)
        folds = self.places.duplicates.folds if request.fold else None
        members = self.table.columns["standard"].members
        arms, scores, places = self._ranked(asked, request, scope, members if request.group_hits else folds)
        recipe = self.dense.recipe
        groups: tuple[Group, ...] = ()
        hits: tuple[Hit, ...] = ()
        if request.group_hits:
            found = arms.rows[places[request.offset :]].tolist()
            groups = tuple(self._group(row, asked, request, scope) for row in found)
        else:
            hits = self._hits(asked, request, scope, (arms, scores, places[request.offset :]))
        allowed = scope.allowed
        total = self.places.duplicates.count(allowed.mask) if request.fold else allowed.count
        group_total = len(np.unique(members[allowed.mask])) if request.group_hits else 0
        nothing_fits = total > 0 and recipe.is_weak(float(scores.max()), arms.elsewhere)
        if nothing_fits:
            notes.extend(NOTHING_FITS)
        facets: dict[str, tuple[FacetValue, ...]] = {}
        if request.facets:
            relevant = arms.fused >= recipe.score(recipe.weak_below, arms.elsewhere)
            facets = count_facets(arms.rows[relevant], arms.fused[relevant], scope, folds)
        return SearchResult(
            hits,
            total,
            asked.matter,
            asked.language,
            tuple(notes),
            0.0,
            facets,
            nothing_fits,
            groups,
            group_total,
        )

    def _hits(self, asked: Asked, request: Request, scope: Scope, ranked: Ranked) -> tuple[Hit, ...]:
        """The hits at the places of what was ranked."""
        arms, scores, places = ranked
        wanted = {token.text for token in tokens(asked.matter)} if request.spans else set()
        rows = arms.rows[places].tolist()
        shown = rows
        if request.fold:
            shown = self.places.shown(rows, scores[places], lambda some: self._scored(asked, some, scope))
        hits = tuple(
            explained_hit(self.passages[row], at, arms, wanted, self.dense.recipe)
            for row, at in zip(shown, places.tolist(), strict=True)
        )
        return self.places.on(shown, hits, all_versions=request.all_versions) if request.fold else hits

    def _group(self, row: int, asked: Asked, request: Request, scope: Scope) -> Group:
        """The hits in the standard of ``row``, and how many of them are not weak."""
        passage = self.passages[row]
        within = replace(scope, values={**scope.values, "standard": (passage.standard,)})
        whole = replace(request, limit=FACET_DEPTH, offset=0, facets=False)
        # words of other standards would be scored for each group again
        asked = replace(asked, words=asked.words.among(within.allowed.mask[asked.words.rows]))
        folds = self.places.duplicates.folds if request.fold else None
        arms, scores, places = self._ranked(asked, whole, within, folds, weak=request.group_hits)
        fitting = sum(not self._is_weak(score, arms) for score in scores[places].tolist())
        hits = self._hits(asked, request, within, (arms, scores, places[: request.group_hits]))
        return to_group(passage, fitting, hits)

    def point(self, query: str, language: str | None) -> tuple[str, str | None, NDArray[np.float32]]:
        """The query without its frame, its language and its vector."""
        reading = read_query(query)
        vectors = self.embedder.embed([text for text, _ in reading.views], role="query")
        space = self.dense.space
        found = space.known(language) if language else space.language_of(reading.matter, vectors[0])
        shares = np.array([share for _, share in reading.views], np.float32)
        return reading.matter, language or found, self.dense.point(vectors, shares, found)

    def _asked(self, query: str, request: Request, scope: Scope) -> Asked:
        """The query and its vector, and the rows found by its words."""
        matter, language, point = self.point(query, request.language)
        words = self.lexical.search(matter, filters=scope.values)
        if request.facets and scope.values:
            words = words.with_others(self.lexical.search(matter))
        return Asked(matter, language, point, words)

    def _ranked(
        self,
        asked: Asked,
        request: Request,
        scope: Scope,
        keys: NDArray[np.int32] | None,
        *,
        weak: int | None = None,
    ) -> Ranked:
        """The scores of all rows that can be among the best wanted, or with facets among those that are
        counted; the same, −∞ for what is not let through; and the places of the best in them, the best row of
        each key where there are ``keys``. Where ``weak`` is a number, there need not be more than so many if
        the others are weak.

        Words only add to a score, so that the best so many are among the nearest so many or were found by
        words. Where they have too few keys, more are fetched.
        """
        wanted = request.offset + request.limit
        total = scope.allowed.count
        depth = min(wanted if weak is None else _FIRST_FITTING, wanted, total)
        while True:
            reach = min(max(depth, FACET_DEPTH), total) if request.facets else depth
            arms = self._arms(asked, request, scope, reach)
            scores = scope.scores(arms.rows, arms.fused)
            places = top_rows(scores, depth if keys is None else reach)
            # an approximate engine may find fewer
            places = places[scores[places] > -np.inf]
            last = float(scores[places[-1]]) if len(places) else -np.inf
            if keys is not None:
                places = places[first_of_each(keys[arms.rows[places]])]
            all_fitting = weak is not None and len(places) >= weak and self._is_weak(last, arms)
            if len(places) >= wanted or reach >= total or all_fitting:
                return arms, scores, places[:wanted]
            depth = min(4 * reach, total)

    def _is_weak(self, score: float, arms: Arms) -> bool:
        return self.dense.recipe.is_weak(score, arms.elsewhere)

    def _scored(
        self, asked: Asked, rows: NDArray[np.int64], scope: Scope
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        words = asked.words.among(np.isin(asked.words.rows, rows))
        arms = self.dense.arms(asked.point, rows, words)
        return arms.rows, scope.scores(arms.rows, arms.fused)

    def _arms(self, asked: Asked, request: Request, scope: Scope, depth: int) -> Arms:
        """The scores of the nearest ``depth`` rows and of those found by words; with facets also of the rows
        that are counted. Where all are wanted, the engine is not asked which are near."""
        if depth >= scope.allowed.count and not request.facets:
            return self.dense.arms(asked.point, np.flatnonzero(scope.allowed.mask), asked.words)
        wanted = [Wanted(depth, scope.allowed)]
        if request.facets:
            wanted += (Wanted(FACET_DEPTH, allowed) for allowed in scope.relaxed.values())
        nearest = np.concatenate([one.rows for one in self.vectors.search(asked.point, *wanted)])
        return self.dense.arms(asked.point, nearest, asked.words)

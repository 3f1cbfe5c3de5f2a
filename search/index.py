"""The search index: passages, their vectors and their words in one versioned folder.

    FOLDER/CURRENT            the name of the version in force, replaced by a rename
    FOLDER/cache/             vectors of texts by model, kept over versions (search.remembering)
    FOLDER/VERSION/           manifest.json, passages.jsonl, vectors.npy, hubs.npy, means.npy,
                              directions.npy, elsewhere.npy, lexical/

A version's name is a digest of all that shapes it, so that building the same again finds it there.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.background import load_background
from search.codes import CodeTable
from search.dense import top_rows
from search.facets import FACET_DEPTH, count_facets
from search.filters import FilterTable
from search.folding import tokens
from search.hits import explained_hit, to_hit
from search.index_files import (
    damage_as_stale,
    find_version,
    manifest_of,
    put_in_force,
    put_in_place,
    read_version,
    rows_of,
    version_in_force,
    version_name,
    write_version,
)
from search.lexical import LexicalIndex
from search.passages import SEARCH_KINDS, Passage
from search.questions import read_query
from search.ranking import DenseSide, Recipe
from search.remembering import RememberingEmbedder
from search.requests import (
    MAX_LIMIT,
    MAX_OFFSET,
    QUERY_LIMIT,
    Request,
    check_window,
    checked_text,
    with_shortcuts,
)
from search.results import Reason, SearchResult
from search.scope import Scope
from search.vectors import DEFAULT_VECTORS, Wanted, choose_engine
from search.versions import latest_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.background import Background, Progress
    from search.codes import CodeMatches
    from search.embedding import Embedder
    from search.facets import FacetValue
    from search.filters import Filters
    from search.ranking import Arms
    from search.vectors import VectorIndex

__all__ = ["MAX_LIMIT", "MAX_OFFSET", "QUERY_LIMIT", "SearchIndex"]

NOTHING_FITS = (
    "nothing here fits the query well; the hits fit only loosely",
    "沒有真正符合查詢的內容；以下僅略為相關",
)
"""What the notes of an answer say, in both languages, where even the best hit is weak."""


class SearchIndex:
    """Text → competencies. Opened once and then read by any number of threads."""

    def __init__(
        self,
        passages: Sequence[Passage],
        dense: DenseSide,
        vectors: VectorIndex,
        lexical: LexicalIndex,
        embedder: Embedder,
    ) -> None:
        self.passages = tuple(passages)
        self.dense = dense
        self._vectors = vectors
        self.lexical = lexical
        self._embedder = embedder
        self._codes = CodeTable(self.passages)
        self._latest = latest_rows(self.passages)
        self._table = FilterTable(self.passages)

    def __len__(self) -> int:
        return len(self.passages)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its passages, in the order of ``SEARCH_KINDS``."""
        found = self._table.columns["kind"].values
        return tuple(kind for kind in SEARCH_KINDS if kind in found)

    @property
    def has_older_versions(self) -> bool:
        """Whether a standard is held in several versions."""
        return not bool(self._latest.all())

    @property
    def model(self) -> str:
        """The name of the embedding model."""
        return self._embedder.model

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        embedder: Embedder,
        folder: Path,
        *,
        progress: Progress | None = None,
        background: Background | None = None,
        recipe: Recipe | None = None,
        cache: Path | None = None,
        vectors: str = DEFAULT_VECTORS,
    ) -> SearchIndex:
        """Builds the index and puts it in force, whole or not at all, then opens it.

        Building the same passages with the same model again changes nothing. ``progress`` is called with
        a message, how many are done and how many there are; ``cache`` (default: in ``folder``) keeps the
        vectors of all texts, so that each is computed once for a model, also where a build was broken off.
        ``vectors`` is the descriptor of the engine for vectors (``search.vectors.choice``).
        """
        background = background or load_background()
        recipe = recipe or Recipe()
        engine = choose_engine(vectors, len(passages))
        manifest = manifest_of(passages, embedder, background, recipe, engine)
        version = version_name(manifest)
        target = folder / version
        if not target.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            with RememberingEmbedder.around(embedder, cache or folder / "cache") as remembering:
                dense = DenseSide.build(passages, remembering, background, recipe=recipe, progress=progress)
            beside = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
            try:
                write_version(beside, manifest, passages, dense, engine)
                put_in_place(beside, target)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
        engine.keep_only(put_in_force(folder, version))
        return cls.open(folder, embedder, background=background, recipe=recipe, vectors=vectors)

    @staticmethod
    def version(folder: Path) -> str | None:
        """The name of the version in force, ``None`` where nothing was built yet. Cheap: one small file."""
        return version_in_force(folder)

    @classmethod
    def open(
        cls,
        folder: Path,
        embedder: Embedder,
        *,
        background: Background | None = None,
        recipe: Recipe | None = None,
        vectors: str = DEFAULT_VECTORS,
    ) -> SearchIndex:
        """Opens the version in force; the vectors stay on disk until they are needed.

        Raises ``IndexStale`` where there is none, or it was made by another model, another version of
        the program, for another engine, or with another background or recipe, and ``EngineUnavailable``
        where the engine is on a machine that does not answer.
        """
        recipe = recipe or Recipe()
        version = find_version(folder, embedder, background or load_background(), recipe, vectors)
        with damage_as_stale(folder):
            passages, dense = read_version(version, recipe)
            index = version.engine.open(version.folder, version.name, rows_of(passages, dense))
            return cls(passages, dense, index, LexicalIndex.open(version.folder / "lexical"), embedder)

    def weighing(self, recipe: Recipe) -> SearchIndex:
        """This index with other weights of what a query is ranked by: words, elsewhere, the probability. What
        shaped its vectors must be as it was."""
        other = copy(self)
        other.dense = replace(self.dense, recipe=recipe)
        return other

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        standards: Sequence[str] = (),
        kinds: Sequence[str] = (),
        frameworks: Sequence[str] = (),
        languages: Sequence[str] = (),
        filters: Filters | None = None,
        query_language: str | None = None,
        all_versions: bool = False,
        facets: bool = False,
        spans: bool = True,
    ) -> SearchResult:
        """The elements that fit ``query`` best: a phrase, a question or a code, in any language.

        ``standards`` (codes with version), ``kinds``, ``frameworks`` and ``languages`` (of the texts; BCP
        47) narrow the search; each empty one lets everything through. ``filters`` has all that can narrow it,
        and those four where they are not given. With ``facets`` the result counts the relevant hits by field.
        Without ``spans`` hits do not say where words stand in them, which saves most of the time of a long
        list. ``query_language`` says what language the query is in, where it should not be guessed. Of a
        standard that is loaded in several versions only the latest is searched, unless ``all_versions`` is
        true or the filter or the query names a standard.
        Raises ``InvalidInput`` for a query without letters
        or digits or with more than ``QUERY_LIMIT`` characters, a limit outside 1 to ``MAX_LIMIT`` and an
        offset outside 0 to ``MAX_OFFSET``.
        """
        started = time.perf_counter()
        text = checked_text(query)
        check_window(limit, offset)
        chosen = with_shortcuts(
            filters, standards=standards, kinds=kinds, frameworks=frameworks, languages=languages
        )
        result = self._search(
            Request(text, limit, offset, chosen, query_language, all_versions, facets, spans)
        )
        return replace(result, took_ms=(time.perf_counter() - started) * 1000)

    def _search(self, request: Request) -> SearchResult:
        codes = self._codes.find(request.query)
        if codes.exact:
            return self._by_code(codes, request)
        query, filters = request.query, request.filters
        notes: list[str] = []
        if codes.standards and codes.rest and not filters.standards:
            query, filters = codes.rest, replace(filters, standards=codes.standards)
            notes.append(f"searched in {', '.join(codes.standards)} only, because the query names it")
        scope = Scope(self._table, self._latest, self._table.values(filters), request.all_versions)
        total = scope.allowed.count
        depth = min(request.offset + request.limit, total)
        interpreted, language, arms = self._rank(query, request, scope, depth)
        scores = np.where(scope.allowed.mask[arms.rows], arms.fused, -np.inf).astype(np.float32)
        places = top_rows(scores, depth)[request.offset :]
        wanted = {token.text for token in tokens(interpreted)} if request.spans else set()
        recipe = self.dense.recipe
        hits = tuple(
            explained_hit(self.passages[int(arms.rows[at])], int(at), arms, wanted, recipe) for at in places
        )
        nothing_fits = total > 0 and recipe.is_weak(float(scores.max()), arms.elsewhere)
        if nothing_fits:
            notes.extend(NOTHING_FITS)
        facets: dict[str, tuple[FacetValue, ...]] = {}
        if request.facets:
            relevant = arms.fused >= recipe.score(recipe.weak_below, arms.elsewhere)
            facets = count_facets(arms.rows[relevant], arms.fused[relevant], scope)
        return SearchResult(hits, total, interpreted, language, tuple(notes), 0.0, facets, nothing_fits)

    def _rank(self, query: str, request: Request, scope: Scope, depth: int) -> tuple[str, str | None, Arms]:
        """The query without its frame, its language, and the scores of all rows that can be among the best
        ``depth``, or with facets among those that are counted.

        Words only add to a score, so that these are among the nearest ``depth`` or were found by words.
        """
        reading = read_query(query)
        vectors = self._embedder.embed([text for text, _ in reading.views], role="query")
        space = self.dense.space
        language = request.language
        found = space.known(language) if language else space.language_of(reading.matter, vectors[0])
        shares = np.array([share for _, share in reading.views], np.float32)
        point = self.dense.point(vectors, shares, found)
        words = self.lexical.search(reading.matter, filters=scope.values)
        wanted = [Wanted(depth, scope.allowed)]
        if request.facets:
            wanted[0] = Wanted(max(depth, FACET_DEPTH), scope.allowed)
            wanted += (Wanted(FACET_DEPTH, allowed) for allowed in scope.relaxed.values())
            if scope.values:
                words = words.with_others(self.lexical.search(reading.matter))
        nearest = np.concatenate([one.rows for one in self._vectors.search(point, *wanted)])
        return reading.matter, language or found, self.dense.arms(point, nearest, words)

    def _by_code(self, codes: CodeMatches, request: Request) -> SearchResult:
        named = request.all_versions or bool(codes.standards)
        scope = Scope(self._table, self._latest, self._table.values(request.filters), named)
        allowed = scope.allowed.mask
        exact = [row for row in codes.exact if allowed[row]]
        below = [row for row in codes.below if allowed[row] and row not in codes.exact]
        found = [(row, 1.0) for row in exact] + [(row, 0.5) for row in below]
        window = found[request.offset : request.offset + request.limit]
        reason = Reason("code", None, None)
        hits = tuple(to_hit(self.passages[row], score, reason) for row, score in window)
        facets: dict[str, tuple[FacetValue, ...]] = {}
        if request.facets:
            counted = np.unique(np.array([*codes.exact, *codes.below], np.int64))
            facets = count_facets(counted, np.ones(len(counted), np.float32), scope)
        return SearchResult(hits, len(found), request.query, None, (), 0.0, facets)

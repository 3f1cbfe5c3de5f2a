"""The search index: passages, their vectors and their words in one versioned folder.

    FOLDER/CURRENT            the name of the version in force, replaced by a rename
    FOLDER/cache/             vectors of texts by model, kept over versions (search.embedding.remembering)
    FOLDER/VERSION/           manifest.json, passages.jsonl and where its lines start, vectors.npy, hubs.npy,
                              means.npy, directions.npy, elsewhere.npy, folds.npy, columns and codes as
                              arrays, lexical/, what an engine for vectors keeps

What grows with the collection is mapped when a version is opened, and read where it is needed. A version's
name is a digest of all that shapes it, so that building the same again finds it there.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from search.background import load_background
from search.calibration import recipe_for
from search.comparing.nearest import AllStandards
from search.comparing.standards import Comparer
from search.curriculum.measuring import Curriculum
from search.elements import Elements
from search.embedding.remembering import RememberingEmbedder
from search.engine import LocalEngine
from search.filters import Filters
from search.folding import folded
from search.index_files import (
    Version,
    damage_as_stale,
    find_version,
    manifest_of,
    put_in_force,
    put_in_place,
    read_version,
    version_in_force,
    version_name,
    write_version,
)
from search.matching.matcher import Matcher
from search.matching.roles import RoleReader
from search.passages import SEARCH_KINDS
from search.places import PlaceTable
from search.ranking import DenseSide, Recipe
from search.requests import (
    MAX_LIMIT,
    MAX_OFFSET,
    QUERY_LIMIT,
    Embedded,
    Request,
    check_window,
    checked_text,
    with_shortcuts,
)
from search.results import SearchResult
from search.scope import Scope
from search.searching import Searcher
from search.vectors import DEFAULT_VECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from search.background import Background, Progress
    from search.comparing.results import NearestResult
    from search.comparing.standards import Concepts, Decided
    from search.embedding.interface import Embedder
    from search.engine import SearchEngine
    from search.index_files import Parts
    from search.lexical import WordIndex
    from search.passages import Passage
    from search.ranking import Arms
    from search.vectors import VectorIndex

    Ranked: TypeAlias = tuple[Arms, NDArray[np.float32], NDArray[np.int64]]

__all__ = ["MAX_LIMIT", "MAX_OFFSET", "QUERY_LIMIT", "SearchIndex"]


class SearchIndex:
    """Text → competencies. Opened once and then read by any number of threads."""

    def __init__(
        self,
        parts: Parts,
        vectors: VectorIndex,
        lexical: WordIndex,
        embedder: Embedder,
    ) -> None:
        self.passages = parts.passages
        self.dense = parts.dense
        self._vectors = vectors
        self.lexical = lexical
        self._embedder = embedder
        self._codes = parts.codes
        self._latest = parts.latest
        self._table = parts.table
        self._contents = parts.contents
        self._places = PlaceTable(
            self.passages, parts.duplicates, self._latest, self._table.columns["standard"]
        )

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
        engine: SearchEngine | None = None,
    ) -> SearchIndex:
        """Builds the index and puts it in force, whole or not at all, then opens it.

        Building the same passages with the same model again changes nothing. ``progress`` is called with
        a message, how many are done and how many there are; ``cache`` (default: in ``folder``) keeps the
        vectors of all texts, so that each is computed once for a model, also where a build was broken off.
        ``vectors`` is the descriptor of the engine for vectors (``search.vectors.choice``), where no other
        ``engine`` is given for vectors and words.
        """
        background = background or load_background()
        recipe = recipe or recipe_for(embedder)
        engine = engine or LocalEngine(vectors, len(passages))
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
        elif not engine.holds(version):
            with damage_as_stale(folder):
                rows = read_version(Version(target, manifest, engine), recipe).rows
                engine.build(target, version, passages, rows, embedder=embedder.model)
        engine.keep_only(put_in_force(folder, version), version)
        return cls.open(
            folder, embedder, background=background, recipe=recipe, vectors=vectors, engine=engine
        )

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
        engine: SearchEngine | None = None,
    ) -> SearchIndex:
        """Opens the version in force; the vectors stay on disk until they are needed.

        Raises ``IndexStale`` where there is none, or it was made by another model, another version of
        the program, for another engine, or with another background or recipe, and ``EngineUnavailable``
        where the engine is on a machine that does not answer.
        """
        recipe = recipe or recipe_for(embedder)
        version = find_version(folder, embedder, background or load_background(), recipe, vectors, engine)
        with damage_as_stale(folder):
            parts = read_version(version, recipe)
            engine = version.engine
            vectors_of = engine.open_vectors(version.folder, version.name, parts.rows)
            return cls(parts, vectors_of, engine.open_words(version.folder, version.name), embedder)

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
        fold: bool = False,
        group_hits: int = 0,
    ) -> SearchResult:
        """The elements that fit ``query`` best: a phrase, a question or a code, in any language.

        ``standards`` (codes with version), ``kinds``, ``frameworks`` and ``languages`` (of the texts; BCP
        47) narrow the search; each empty one lets everything through. ``filters`` has all that can narrow it,
        and those four where they are not given. With ``facets`` the result counts the relevant hits by field.
        Without ``spans`` hits do not say where words stand in them, which saves most of the time of a long
        list. With ``fold`` elements of one kind and language that say the same are one hit, which stands
        where the best of them does and names the places of the others; ``limit``, ``offset`` and all counts
        are then of such hits. With ``group_hits`` the hits are grouped by standard, so many for each, and
        ``limit`` and ``offset`` are of groups.
        ``query_language`` says what language the query is in, where it should not be guessed. Of a standard
        that is loaded in several versions only the latest is searched, unless ``all_versions`` is true or the
        filter or the query names a standard.
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
        result = self._searcher.search(
            Request(
                text, limit, offset, chosen, query_language, all_versions, facets, spans, fold, group_hits
            )
        )
        return replace(result, took_ms=(time.perf_counter() - started) * 1000)

    @property
    def elements(self) -> Elements:
        """Its elements by IRI: their places, and what is like them."""
        return Elements(
            self.passages,
            self.dense,
            self._vectors,
            self._codes,
            self._table,
            self._latest,
            self._places,
        )

    def comparer(self, concepts: Concepts | None = None, decided: Decided | None = None) -> Comparer:
        """Its standards with each other; ``concepts`` and ``decided`` as in ``Comparer``."""
        return Comparer(
            self.passages, self.dense, self._codes, self._contents, concepts=concepts, decided=decided
        )

    def curriculum(self, concepts: Concepts | None = None) -> Curriculum:
        """Course outlines against its standards."""
        return Curriculum(self.comparer(concepts))

    def matcher(self, concepts: Concepts | None = None) -> Matcher:
        """Job descriptions against its standards."""
        return Matcher(
            self.comparer(concepts), self.all_standards, self._embedder, self.lexical, self._roles.settle
        )

    @cached_property
    def _roles(self) -> RoleReader:
        return RoleReader(self.dense.space, self._embedder)

    def mask(self, filters: Filters, *, all_versions: bool = False) -> NDArray[np.bool_]:
        """Which rows ``filters`` let through, of the latest versions or of all."""
        return Scope(self._table, self._latest, self._table.values(filters), all_versions).allowed.mask

    @cached_property
    def all_standards(self) -> AllStandards:
        """Its standards, ready to be compared with something; gathered at the first use."""
        return AllStandards(self.passages, self.dense, self._contents, self._table.columns["lang"])

    def gather(self) -> None:
        """Gathers what comparing and matching need of all standards, for which the first would wait."""
        self.all_standards.gather()
        self._roles.gather()

    def standards_with(self, scores: Mapping[str, float]) -> dict[str, float]:
        """The standards that are, have or require the elements with these IRIs, by IRI, the best first: each
        with the highest of its elements' scores, which count less the less of the standard they are. Raises
        ``NotFound`` for an IRI that is not searched."""
        contents = self._contents
        best = np.full(len(contents), -np.inf)
        ordered = sorted((self._codes.row_of(iri), score) for iri, score in scores.items())
        rows = np.array([row for row, _ in ordered], np.int64)
        values = np.array([score for _, score in ordered], np.float64)
        if len(rows):
            at = np.minimum(np.searchsorted(rows, contents.rows), len(rows) - 1)
            found = np.flatnonzero(rows[at] == contents.rows)
            holders = np.searchsorted(contents.starts, found, side="right") - 1
            np.maximum.at(best, holders, values[at[found]] * contents.weights[found] ** 0.25)
            _, numbers, places = np.intersect1d(contents.standards, rows, return_indices=True)
            np.maximum.at(best, numbers, values[places])
        order = [one for one in np.argsort(-best, kind="stable").tolist() if np.isfinite(best[one])]
        return {self.passages[int(contents.standards[one])].iri: float(best[one]) for one in order}

    def nearest_standards(
        self,
        iri: str,
        filters: Filters | None = None,
        *,
        limit: int = 10,
        offset: int = 0,
        all_versions: bool = False,
    ) -> NearestResult:
        """The standards most like the one at ``iri``, or like the part of it that stands there, the best
        first; nothing is embedded.

        ``filters`` narrow what it is compared with. Its own standard is left out; its other versions, and
        the older versions of others, unless ``all_versions`` is true. Raises ``NotFound``, ``NotComparable``
        for what belongs to no standard, and ``InvalidInput`` like a search.
        """
        check_window(limit, offset)
        return self.elements.nearest_standards(
            self.all_standards,
            self.comparer().side(iri),
            filters or Filters(),
            limit=limit,
            offset=offset,
            all_versions=all_versions,
        )

    def embed(self, query: str, *, query_language: str | None = None) -> Embedded:
        """The query as ``search`` compares it, for those who search by other means. Raises ``InvalidInput``
        like a search."""
        matter, language, point = self._searcher.point(checked_text(query), query_language)
        return Embedded(matter, language, point, folded(matter).text)

    @property
    def _searcher(self) -> Searcher:
        return Searcher(
            self.passages,
            self.dense,
            self._vectors,
            self.lexical,
            self._embedder,
            self._codes,
            self._latest,
            self._table,
            self._places,
        )

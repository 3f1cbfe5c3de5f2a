"""What the web service and the command line stand on: the store, the search index and the SPARQL workers.

Everything here is made once from the settings and given to whoever needs it; nothing is a global.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from graph import ingest as graph_ingest
from graph import load_standards, open_store
from graph.sparql import SparqlService
from ontology.errors import IndexStale
from ontology.identifiers import Identifiers
from search import SearchIndex, open_embedder, passages_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from api.settings import Settings
    from graph import IngestReport, RdfStore
    from search import Embedder

    Progress = Callable[[str, int, int], None]

__all__ = ["Services", "ingest_and_index", "open_services", "rebuild_index"]


class IndexHandle:
    """The current search index: opened on first use, opened again when a newer one was published."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder = folder
        self._embedder = embedder
        self._lock = threading.Lock()
        self._index: SearchIndex | None = None
        self._version: str | None = None

    def current(self) -> SearchIndex:
        """Raises ``IndexStale`` when there is no index, or one of another model or format."""
        version = SearchIndex.version(self._folder)
        if version is None:
            raise IndexStale("there is no search index yet; run: competency ingest PATH…")
        with self._lock:
            if self._index is None or version != self._version:
                self._index = SearchIndex.open(self._folder, self._embedder)
                self._version = version
            return self._index


@dataclass(frozen=True)
class Services:
    """The parts of a running service; ``create_app`` needs nothing else."""

    settings: Settings
    identifiers: Identifiers
    store: RdfStore
    index: IndexHandle

    @cached_property
    def sparql(self) -> SparqlService:
        """The SPARQL workers; they start on first use."""
        return SparqlService(
            self.settings.store,
            workers=self.settings.sparql_workers,
            deadline=self.settings.sparql_deadline,
            memory_mb=self.settings.sparql_memory_mb,
        )

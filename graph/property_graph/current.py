"""A property graph that follows its store: what was published is projected before the next answer."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Self

from ontology.errors import ProjectionPending, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from graph.property_graph.interface import (
        Answer,
        Census,
        Progress,
        ProjectionReport,
        ProjectionState,
        PropertyGraph,
    )
    from graph.store import RdfStore

__all__ = ["CurrentGraph"]

_LOG = logging.getLogger(__name__)
PATIENCE = 5.0
"""Seconds that a query waits for the projection before it is told to come again."""


class _Work:
    """A projection that goes on in a thread of its own."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.failure: Exception | None = None
        self.progress = ("", 0, 0)

    def tell(self, message: str, done: int, total: int) -> None:
        self.progress = (message, done, total)


class CurrentGraph:
    """A ``PropertyGraph`` over another one, kept up to date with ``store``.

    A query after a publication starts the projection and waits for it, ``PATIENCE`` seconds at most; where it
    takes longer, the query raises ``ProjectionPending`` with how far it has come, and the projection goes on.
    ``close`` closes the graph underneath, unless it is ``shared``.
    """

    def __init__(self, graph: PropertyGraph, store: RdfStore, *, shared: bool = False) -> None:
        self._graph = graph
        self._store = store
        self._shared = shared
        self._lock = threading.Lock()
        self._current = ""
        self._work: _Work | None = None

    def run(
        self, query: str, parameters: Mapping[str, object] | None = None, *, deadline: float, rows: int
    ) -> Answer:
        """Raises ``ProjectionPending`` besides what the graph underneath raises."""
        self.bring_up_to_date(min(PATIENCE, deadline))
        return self._graph.run(query, parameters, deadline=deadline, rows=rows)

    def bring_up_to_date(self, patience: float) -> None:
        """Returns when the graph is what the store is. Raises ``ProjectionPending`` where that takes longer
        than ``patience`` seconds, ``StoreMissing``, and what made the projection fail."""
        work = self._begin()
        if work is None:
            return
        if not work.ended.wait(patience):
            raise ProjectionPending(*work.progress)
        if work.failure is not None:
            raise work.failure

    def project(
        self, store: RdfStore, progress: Progress | None = None, *, rebuild: bool = False
    ) -> ProjectionReport:
        return self._graph.project(store, progress, rebuild=rebuild)

    def state(self) -> ProjectionState:
        return self._graph.state()

    def verify(self, store: RdfStore) -> Census:
        return self._graph.verify(store)

    def close(self) -> None:
        """Also ends a projection that goes on: the next one begins anew."""
        if not self._shared:
            self._graph.close()
        work = self._work
        if work is not None:
            work.ended.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self) -> _Work | None:
        """The projection that a query has to wait for, if any."""
        with self._lock:
            if self._work is not None and not self._work.ended.is_set():
                return self._work
            revision = self._store.revision()
            if revision == self._current:
                return None
            self._work = work = _Work()
            threading.Thread(target=self._follow, args=(work,), name="projection", daemon=True).start()
            return work

    def _follow(self, work: _Work) -> None:
        try:
            report = self._graph.project(self._store, work.tell)
        except Exception as error:
            work.failure = error
            if not isinstance(error, Unavailable):
                _LOG.exception("the property graph could not be made")
            else:
                _LOG.warning("the property graph could not be made: %s", error)
        else:
            if report.changed or report.removed or report.rebuilt:
                _LOG.info(
                    "the property graph follows revision %s: %d documents read, %d removed, %.1f s",
                    report.revision,
                    report.changed,
                    report.removed,
                    report.seconds,
                )
            self._current = report.revision
        finally:
            work.ended.set()

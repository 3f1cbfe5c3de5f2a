"""Users' SPARQL over a store on another machine: the server runs it, under a deadline and a bound of size."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from graph.sparql_guard import without_escapes
from graph.workers import Spool
from ontology.errors import InvalidInput, Overloaded, QueryTooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.remote import RemoteStore

__all__ = ["RemoteQueries", "graphs_of"]

_LONGEST = 20_000


class RemoteQueries:
    """Sends queries that were checked to the store's endpoint.

    At most ``running`` are there at once and ``waiting`` wait here; ``answer_mb`` is in MiB. Where the server
    knows no deadline of its own, one that was given up here goes on there: give it one, too.
    """

    def __init__(self, store: RemoteStore, *, running: int, waiting: int, answer_mb: int) -> None:
        self._store = store
        self._places = threading.BoundedSemaphore(running + waiting)
        self._running = threading.BoundedSemaphore(running)
        self._bytes = answer_mb << 20

    def run(
        self,
        text: str,
        media_type: str,
        seconds: float,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
    ) -> tuple[str, Spool]:
        """The revision before the query was sent, and the whole answer."""
        end = time.monotonic() + seconds
        if not self._places.acquire(blocking=False):
            raise Overloaded("too many queries are waiting; try again in a moment")
        try:
            if not self._running.acquire(timeout=seconds):
                raise Overloaded("too many queries are running; try again in a moment")
            try:
                left = max(0.001, end - time.monotonic())
                return self._run(text, media_type, left, default_graphs, named_graphs)
            finally:
                self._running.release()
        finally:
            self._places.release()

    def _run(
        self,
        text: str,
        media_type: str,
        seconds: float,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
    ) -> tuple[str, Spool]:
        revision = self._store.revision()
        default, named = tuple(default_graphs), tuple(named_graphs)
        if not default and not named:
            default, named = graphs_of(text)
        if default or named:
            self._store.check_documents((*default, *named))
        else:
            default, named = self._store.dataset(text)
        spool = Spool()
        for piece in self._store.client.query(
            text, media_type, default_graphs=default, named_graphs=named, deadline=seconds
        ):
            if len(spool) + len(piece) > self._bytes:
                raise QueryTooLarge(
                    f"the answer is larger than {self._bytes >> 20} MiB; add a LIMIT or ask for less"
                )
            spool.append(piece)
        return revision, spool


def graphs_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The graphs that ``FROM`` and ``FROM NAMED`` of a query name; both empty where it has none.

    They are sent beside the query, where they stand before what is in it, so that what was checked is what
    is asked. The reading is rdflib's, and done only where the word occurs. Raises ``InvalidInput`` for a
    query that cannot be read so.
    """
    if "FROM" not in without_escapes(text).upper():
        return (), ()
    from rdflib.plugins.sparql import prepareQuery

    if len(text) > _LONGEST:
        raise InvalidInput(f"a query with FROM can have at most {_LONGEST:,} characters over this store")
    try:
        clauses = prepareQuery(text).algebra.datasetClause or ()
    except Exception as error:
        raise InvalidInput(f"the graphs that the query names after FROM cannot be read: {error}") from error
    return (
        tuple(str(one.default) for one in clauses if one.default),
        tuple(str(one.named) for one in clauses if one.named),
    )

"""Users' SPARQL, as the protocol's query operation sees it: checked, run in a worker, serialised.

SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.negotiation import best_media_type
from graph.sparql_guard import QueryForm, check_query
from graph.workers import Job, WorkerPool
from ontology.errors import InvalidInput, NotAcceptable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.oxigraph import OxigraphStore

__all__ = ["GRAPH_TYPES", "RESULT_TYPES", "SparqlAnswer", "SparqlService"]

RESULT_TYPES = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
GRAPH_TYPES = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
# What clients also send for these formats, and what they then get.
_OTHER_NAMES = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}


@dataclass(frozen=True, slots=True)
class SparqlAnswer:
    """A serialised answer and the revision of the data that gave it."""

    form: QueryForm
    media_type: str
    body: bytes
    revision: str


class SparqlService:
    """Answers queries over a store on disk, each at its published revision.

    ``deadline`` is in seconds, ``memory_mb`` bounds one query's memory, ``answer_mb`` one answer's size;
    ``waiting`` queries may wait for one of ``workers`` processes.
    """

    def __init__(
        self,
        store: OxigraphStore,
        *,
        workers: int = 2,
        deadline: float = 10.0,
        memory_mb: int = 1024,
        answer_mb: int = 64,
        waiting: int = 8,
    ) -> None:
        self._store = store
        self._deadline = deadline
        self._pool = WorkerPool(size=workers, memory_mb=memory_mb, answer_mb=answer_mb, waiting=waiting)

    @property
    def pool(self) -> WorkerPool:
        return self._pool

    def query(
        self,
        text: str,
        *,
        accept: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        deadline: float | None = None,
    ) -> SparqlAnswer:
        """The answer in the media type that ``accept`` (an ``Accept`` header) prefers.

        Raises ``QueryRefused``, ``QuerySyntaxError``, ``NotAcceptable``, ``QueryTimeout``,
        ``QueryTooLarge``, ``Overloaded`` and ``StoreMissing``.
        """
        form = check_query(text)
        media_type = _negotiate(accept, form)
        version = self._store.version()
        for iri in (*default_graphs, *named_graphs):
            if ":" not in iri or any(sign in iri for sign in ' <>"{}|\\^`\n'):
                raise InvalidInput(f"{iri!r} is not the absolute IRI of a graph")
        job = Job(
            text, str(version.database), media_type, "urn:query:", tuple(default_graphs), tuple(named_graphs)
        )
        seconds = self._deadline if deadline is None else min(deadline, self._deadline)
        return SparqlAnswer(form, media_type, self._pool.run(job, seconds), version.revision)

    def start(self) -> None:
        """Starts the workers ahead of the first query."""
        self._pool.start()

    def close(self) -> None:
        """Ends the worker processes."""
        self._pool.close()


def _negotiate(accept: str | None, form: QueryForm) -> str:
    if form.gives_graph:
        offered: Sequence[str] = GRAPH_TYPES
    elif form is QueryForm.ASK:
        offered = RESULT_TYPES[:2]  # CSV and TSV have no form for a truth value
    else:
        offered = RESULT_TYPES
    names = [*offered, *(name for name, meant in _OTHER_NAMES.items() if meant in offered)]
    chosen = best_media_type(accept, names)
    if chosen is None:
        raise NotAcceptable(offered)
    return _OTHER_NAMES.get(chosen, chosen)

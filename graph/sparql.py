"""Users' SPARQL, as the protocol's query operation sees it: checked, run in a worker, serialised.

SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from graph.negotiation import best_media_type
from graph.oxigraph import OxigraphStore
from graph.remote import RemoteStore
from graph.remote_sparql import RemoteQueries
from graph.sparql_guard import QueryForm, check_query
from graph.workers import DatabaseGone, Job, Spool, WorkerPool
from ontology.errors import InvalidInput, NotAcceptable
from ontology.identifiers import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from graph.store import RdfStore

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
_PREFIXES = {
    "cg": ONTOLOGY,
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_NOT_IN_IRIS = frozenset(' <>"{}|\\^`') | frozenset(map(chr, range(0x20)))


@dataclass(frozen=True, slots=True)
class SparqlAnswer:
    """A whole serialised answer and the revision of the data that gave it; never a part of one.

    A large answer lies in a temporary file: ``chunks`` gives it without holding it in memory, ``body`` all at
    once. The file is gone when the answer is.
    """

    form: QueryForm
    media_type: str
    revision: str
    content: Spool

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    @property
    def body(self) -> bytes:
        """All bytes of the answer."""
        return self.content.read()

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the answer in pieces."""
        return self.content.chunks()


class SparqlService:
    """Answers queries over a store on disk, each at its published revision, or behind a SPARQL endpoint.

    ``deadline`` is in seconds, ``memory_mb`` bounds one query's memory and ``answer_mb`` one answer's size,
    in MiB, ``rows`` its rows or statements; ``waiting`` queries may wait for one of ``workers`` processes.
    Raises ``InvalidInput`` for a store that other processes cannot open.
    """

    def __init__(
        self,
        store: RdfStore,
        *,
        workers: int = 2,
        deadline: float = 10.0,
        memory_mb: int = 1024,
        answer_mb: int = 256,
        waiting: int = 8,
        rows: int = 1_000_000,
    ) -> None:
        self._remote: RemoteQueries | None = None
        if isinstance(store, RemoteStore):
            self._remote = RemoteQueries(store, running=workers * 4, waiting=waiting, answer_mb=answer_mb)
        elif not isinstance(store, OxigraphStore):
            raise InvalidInput(
                f"users' SPARQL runs in processes of its own, which cannot open a {type(store).__name__}; "
                "it needs a store on disk (oxigraph:FOLDER) or a SPARQL endpoint (sparql+https://…)"
            )
        self._store: OxigraphStore | RemoteStore = store
        self._deadline = deadline
        self._rows = rows
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

        ``deadline`` can only shorten that of the service. Raises ``QueryRefused``, ``QuerySyntaxError``,
        ``InvalidInput`` (a graph that is no IRI), ``NotAcceptable``, ``QueryTimeout``, ``QueryTooLarge``,
        ``Overloaded``, ``StoreMissing`` and ``Unavailable``.
        """
        form = check_query(text)
        media_type = _negotiate(accept, form)
        for iri in (*default_graphs, *named_graphs):
            if ":" not in iri or not _NOT_IN_IRIS.isdisjoint(iri):
                raise InvalidInput(f"{iri!r} is not the absolute IRI of a graph")
        seconds = self._deadline if deadline is None else min(deadline, self._deadline)
        if not isinstance(self._store, OxigraphStore):
            assert self._remote is not None
            revision, spool = self._remote.run(text, media_type, seconds, default_graphs, named_graphs)
            return SparqlAnswer(form, media_type, revision, spool)
        end = time.monotonic() + seconds
        version = self._store.version()
        while True:
            job = Job(
                query=text,
                database=str(version.database),
                media_type=media_type,
                base_iri="urn:query:",
                default_graphs=tuple(default_graphs),
                named_graphs=tuple(named_graphs),
                prefixes=_PREFIXES,
                rows=self._rows,
            )
            try:
                content = self._pool.run(job, seconds)
            except DatabaseGone:
                # Between reading CURRENT and opening it, enough was published for the version to be removed.
                newer = self._store.version()
                if newer.revision == version.revision or time.monotonic() > end:
                    raise
                version = newer
            else:
                return SparqlAnswer(form, media_type, version.revision, content)

    def start(self) -> None:
        """Starts the workers ahead of the first query."""
        if self._remote is None:
            self._pool.start()

    def close(self) -> None:
        """Ends the worker processes; queries in flight fail with ``Unavailable``."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


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

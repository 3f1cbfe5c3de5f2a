"""A SPARQL 1.1 endpoint on another machine as the RDF store, by the query and the update protocol.

The server holds one named graph for each document, and two of ours beside them: the merge of the
documents, which every query is given as its default graph, and the bookkeeping. Queries name their data set
themselves, so that it does not matter what the server makes of its own default graph; that one is neither
read nor written.

A publication first puts what is new into graphs that no query is given, in pieces, and then sends one update
request that removes, copies and counts up. SPARQL 1.1 Update (section 2.2) asks servers to run a request as
one transaction; on a server that does not, a reader may see a publication half way. Every operation of that
request asks whether the lock is still this publisher's, so one that was taken for dead changes nothing.
"""

from __future__ import annotations

import os
import socket
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox
from rdflib import Graph

from graph.sparql_guard import query_words, where_begins
from graph.store import planned_changes
from graph.terms import add_all, rows_of, to_oxigraph
from ontology.errors import CompetencyError, InvalidInput, NotFound, StoreBusy, StoreMissing, Unavailable
from ontology.statements import StatementFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    from rdflib.term import Node

    from graph.remote_client import RemoteClient
    from graph.store import Document, Row

__all__ = ["RemoteStore"]

_OWN = "urn:competency-graph:store"
_MERGE = f"{_OWN}:merge"
_BOOK = f"{_OWN}:bookkeeping"
_STAGED = f"{_OWN}:staged:"
_REVISION, _DIGEST, _LOCK, _SINCE = (f"<{_OWN}#{name}>" for name in ("revision", "digest", "lock", "since"))
_IN_BOOK = f"GRAPH <{_BOOK}>"
_SECONDS_UNTIL_DEAD = 900
_LINES = 20_000
_JSON = "application/sparql-results+json"
_TRIPLES = "application/n-triples"


class RemoteStore:
    """An ``RdfStore`` behind a SPARQL endpoint; several processes and machines may share it."""

    def __init__(self, client: RemoteClient) -> None:
        self.client = client
        self._is_there = False

    def revision(self) -> str:
        rows = self._own(f"SELECT ?revision {{ <{_OWN}> {_REVISION} ?revision }}")
        if len(rows) != 1:
            raise StoreMissing(
                f"nothing has been loaded at {self.client.endpoint.query} yet; "
                "run: competency ingest PATH… (or --bundled)"
            )
        self._is_there = True
        return str(rows[0]["revision"])

    def graphs(self) -> Mapping[str, str]:
        rows = self._own(f"SELECT ?document ?digest {{ ?document {_DIGEST} ?digest }} ORDER BY ?document")
        return {str(row["document"]): str(row["digest"]) for row in rows}

    def graph(self, iri: str) -> Graph:
        if iri not in self.graphs():
            raise NotFound(iri)
        text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        return self._triples(text, default_graphs=(iri,), identifier=iri)

    def select(self, query: str, bindings: Mapping[str, Node] | None = None) -> list[Row]:
        default, named = self.dataset(query)
        return self._rows(_bound(query, bindings), default, named)

    def construct(self, query: str, bindings: Mapping[str, Node] | None = None) -> Graph:
        default, named = self.dataset(query)
        return self._triples(_bound(query, bindings), default_graphs=default, named_graphs=named)

    def publish(self, changes: Mapping[str, Document | None]) -> str:
        with self._publishing() as lock:
            published = self.graphs()
            changed, graphs = planned_changes(changes, published)
            try:
                before = self.revision()
            except StoreMissing:
                before = "000000"
            else:
                if not changed:
                    return before
            revision = f"{int(before.partition('-')[0]) + 1:06d}-{uuid.uuid4().hex[:12]}"
            staged = [
                (iri, self._stage(lock, document)) if document is not None else (iri, "")
                for iri, document in changed.items()
            ]
            self.client.update(_switch(lock, staged, graphs, revision))
            if self.revision() != revision:
                raise StoreBusy(f"another process took over publishing to {self.client.endpoint.update}")
            return revision

    def dataset(self, query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The default graph and the named graphs that a query is to be asked of.

        Raises ``StoreMissing`` while nothing has been published.
        """
        if not self._is_there:
            self.revision()
        # The list is long, and makes no difference to a query that asks for no graph by name.
        return (_MERGE,), tuple(self.graphs()) if "GRAPH" in query_words(query) else ()

    def check_documents(self, iris: Iterable[str]) -> None:
        """Raises ``InvalidInput`` for a graph that is no document: what the store keeps for itself, and what
        a server might fetch from elsewhere, is not for users."""
        known = {*self.graphs(), _MERGE}
        for iri in iris:
            if iri not in known:
                raise InvalidInput(f"<{iri}> is not a document of this store; the documents are its graphs")

    def close(self) -> None:
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _own(self, query: str) -> list[Row]:
        return self._rows(query, (_BOOK,), ())

    def _rows(self, query: str, default: tuple[str, ...], named: tuple[str, ...]) -> list[Row]:
        pieces = self.client.query(query, _JSON, default_graphs=default, named_graphs=named)
        try:
            solutions = ox.parse_query_results(b"".join(pieces), format=ox.QueryResultsFormat.JSON)
            if not isinstance(solutions, ox.QuerySolutions):
                raise TypeError("select() takes a SELECT query")
            return list(rows_of(solutions))
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(error) from error

    def _triples(
        self,
        query: str,
        *,
        default_graphs: tuple[str, ...],
        named_graphs: tuple[str, ...] = (),
        identifier: str | None = None,
    ) -> Graph:
        pieces = self.client.query(query, _TRIPLES, default_graphs=default_graphs, named_graphs=named_graphs)
        try:
            statements = ox.parse(b"".join(pieces), format=ox.RdfFormat.N_TRIPLES)
            return add_all(Graph(identifier=identifier), statements)
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> Unavailable:
        return Unavailable(f"the store at {self.client.endpoint.query} sent what cannot be read: {error}")

    def _stage(self, lock: str, document: Document) -> str:
        """Puts a document into a graph that no query is given; the name of that graph."""
        graph = f"{_STAGED}{lock.rpartition('/')[2]}:{uuid.uuid4().hex}"
        lines: list[str] = []
        for line in _lines(document):
            lines.append(line)
            if len(lines) >= _LINES:
                self._insert(lock, graph, lines)
                lines = []
        self._insert(lock, graph, lines)
        return graph

    def _insert(self, lock: str, graph: str, lines: list[str]) -> None:
        body = "\n".join(lines)
        self.client.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{body}\n}} }} ;\n{_renewal(lock)}")

    @contextmanager
    def _publishing(self) -> Iterator[str]:
        """Holds the lock of the store: a statement of the bookkeeping that only one publisher can make."""
        lock = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex}"
        self._remove_dead()
        try:
            self._take(lock)
            yield lock
        finally:
            # Also where taking it failed: the request may have arrived though its answer did not. Does
            # nothing to the lock of another; the next publisher takes the lock of one that is gone.
            with suppress(CompetencyError):
                self._release(lock)

    def _take(self, lock: str) -> None:
        self.client.update(
            f"INSERT {{ {_IN_BOOK} {{ <{_OWN}> {_LOCK} {_literal(lock)} ; {_SINCE} ?now }} }}\n"
            f"WHERE {{ BIND(NOW() AS ?now) FILTER NOT EXISTS {{ {_IN_BOOK} {{ <{_OWN}> {_LOCK} ?held }} }} }}"
        )
        held = self._own(f"SELECT ?held {{ <{_OWN}> {_LOCK} ?held }}")
        if [str(row["held"]) for row in held] != [lock]:
            raise StoreBusy(
                f"another process is publishing to {self.client.endpoint.update}; try again when it has ended"
            )

    def _remove_dead(self) -> None:
        """Takes the lock from a publisher that is gone: its process ended, or it was silent for too long."""
        rows = self._own(
            f'SELECT ?held ((NOW() - ?since) > "PT{_SECONDS_UNTIL_DEAD}S"^^'
            "<http://www.w3.org/2001/XMLSchema#dayTimeDuration> AS ?silent) "
            f"{{ <{_OWN}> {_LOCK} ?held ; {_SINCE} ?since }}"
        )
        for row in rows:
            held = str(row["held"])
            if str(row.get("silent")) == "true" or _is_gone(held):
                self._release(held)

    def _release(self, lock: str) -> None:
        prefix = f"{_STAGED}{lock.rpartition('/')[2]}:"
        own = f"FILTER(STRSTARTS(STR(?g), {_literal(prefix)}))"
        self.client.update(
            f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {own} }} ;\n"
            f"DELETE {{ {_IN_BOOK} {{ <{_OWN}> {_LOCK} {_literal(lock)} ; {_SINCE} ?since }} }}\n"
            f"WHERE {{ {_IN_BOOK} {{ <{_OWN}> {_LOCK} {_literal(lock)} "
            f"OPTIONAL {{ <{_OWN}> {_SINCE} ?since }} }} }}"
        )


def _bound(query: str, bindings: Mapping[str, Node] | None) -> str:
    """The query with the bindings as a table of values at the beginning of its pattern.

    Terms are written by the serialiser of N-Triples, whose terms are SPARQL's; it refuses what is none.
    """
    if not bindings:
        return query
    names = " ".join(str(ox.Variable(name)) for name in bindings)
    terms = " ".join(str(to_oxigraph(term)) for term in bindings.values())
    place = where_begins(query)
    return f"{query[:place]} VALUES ({names}) {{ ({terms}) }} {query[place:]}"


def _switch(lock: str, staged: Iterable[tuple[str, str]], graphs: Mapping[str, str], revision: str) -> str:
    """The one request that puts a publication in force."""
    holds = f"{_IN_BOOK} {{ <{_OWN}> {_LOCK} {_literal(lock)} }}"
    operations = []
    for iri, new in staged:
        name = ox.NamedNode(iri)
        # What another document says, or will say in a moment, stays in the merge.
        others = (
            f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other NOT IN (<{_MERGE}>, {name})) }}"
        )
        operations += [
            f"DELETE {{ GRAPH <{_MERGE}> {{ ?s ?p ?o }} }}\n"
            f"WHERE {{ {holds} GRAPH {name} {{ ?s ?p ?o }} {others} }}",
            f"DELETE {{ GRAPH {name} {{ ?s ?p ?o }} }} WHERE {{ {holds} GRAPH {name} {{ ?s ?p ?o }} }}",
            f"DELETE {{ {_IN_BOOK} {{ {name} {_DIGEST} ?old }} }}\n"
            f"WHERE {{ {holds} {_IN_BOOK} {{ {name} {_DIGEST} ?old }} }}",
        ]
        if new:
            operations += [
                f"INSERT {{ GRAPH {name} {{ ?s ?p ?o }} GRAPH <{_MERGE}> {{ ?s ?p ?o }} }}\n"
                f"WHERE {{ {holds} GRAPH <{new}> {{ ?s ?p ?o }} }}",
                f"INSERT {{ {_IN_BOOK} {{ {name} {_DIGEST} {_literal(graphs[iri])} }} }} WHERE {{ {holds} }}",
                f"DROP SILENT GRAPH <{new}>",
            ]
    operations += [
        f"DELETE {{ {_IN_BOOK} {{ <{_OWN}> {_REVISION} ?old }} }}\n"
        f"WHERE {{ {holds} {_IN_BOOK} {{ <{_OWN}> {_REVISION} ?old }} }}",
        f"INSERT {{ {_IN_BOOK} {{ <{_OWN}> {_REVISION} {_literal(revision)} }} }} WHERE {{ {holds} }}",
    ]
    return " ;\n".join(operations)


def _renewal(lock: str) -> str:
    """Tells that the publisher is at work."""
    held = f"<{_OWN}> {_LOCK} {_literal(lock)}"
    return (
        f"DELETE {{ {_IN_BOOK} {{ <{_OWN}> {_SINCE} ?since }} }}\n"
        f"INSERT {{ {_IN_BOOK} {{ <{_OWN}> {_SINCE} ?now }} }}\n"
        f"WHERE {{ BIND(NOW() AS ?now) {_IN_BOOK} {{ {held} ; {_SINCE} ?since }} }}"
    )


def _lines(document: Document) -> Iterator[str]:
    """As N-Triples lines. Raises ``ValueError`` for a blank node, ``SyntaxError`` for no RDF."""
    if isinstance(document, StatementFile):
        for quad in ox.parse(path=str(document.path), format=ox.RdfFormat.N_TRIPLES):
            yield f"{quad.triple} ."
        return
    for triple in document:
        yield " ".join(str(to_oxigraph(term)) for term in triple) + " ."


def _literal(text: str) -> str:
    return str(ox.Literal(text))


def _is_gone(lock: str) -> bool:
    """Whether the holder was a process of this machine that has ended."""
    host, process, _ = lock.rsplit("/", 2)
    if host != socket.gethostname() or not process.isdecimal():
        return False
    return int(process) != os.getpid() and not Path(f"/proc/{process}").exists()

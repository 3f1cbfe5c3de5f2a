"""The RDF store: what callers need of it, and the one place that chooses an adapter.

A store holds documents. Each document is a named graph under its own IRI (a standard, the vocabulary, the
code lists); the default graph is the RDF merge of them all, so that a query without ``GRAPH`` sees every
statement once, however many documents make it. Documents are published whole or not at all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from rdflib import Graph

from ontology.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from rdflib.term import Node

    from ontology.statements import StatementFile

    Row = Mapping[str, Node]
    Document = Graph | StatementFile

__all__ = [
    "Access",
    "RdfStore",
    "document_digest",
    "graph_digest",
    "open_store",
    "planned_changes",
    "store_kinds",
]


@dataclass(frozen=True, slots=True)
class Access:
    """How a store on another machine is reached, besides by its descriptor: ``update`` is the address for
    updates, where the descriptor does not name it."""

    user: str = ""
    password: str = field(default="", repr=False)
    update: str = ""


class RdfStore(Protocol):
    """What the rest of the program needs of an RDF store. Safe to use from several threads."""

    def revision(self) -> str:
        """Names the published state; another one after every publication that changed something.

        Raises ``StoreMissing`` while nothing has been published.
        """

    def graphs(self) -> Mapping[str, str]:
        """The documents: IRI to digest (``graph_digest``) of what is published. Empty before the first."""

    def graph(self, iri: str) -> Graph:
        """One document as an rdflib graph of the caller's own. Raises ``NotFound``.

        Not for documents of millions of statements: ask for what is needed with ``construct``.
        """

    def publish(self, changes: Mapping[str, Document | None]) -> str:
        """Replaces the named documents, ``None`` removing one, and returns the new revision.

        A document is a graph, or a file of statements where it is too large to be one. All changes become
        visible at once, or none does. Documents that are not named stay. Raises ``StoreBusy`` while another
        process publishes.
        """

    def select(self, query: str, bindings: Mapping[str, Node] | None = None) -> list[Row]:
        """Rows of one of the project's own SELECT queries; an unbound variable is absent from its row.

        ``bindings`` gives variables of the SELECT clause their values without any text being spliced into
        the query. Users' queries do not come here: they go through ``graph.sparql``. Raises ``StoreMissing``
        while nothing has been published.
        """

    def construct(self, query: str, bindings: Mapping[str, Node] | None = None) -> Graph:
        """The graph of one of the project's own CONSTRUCT queries; otherwise like ``select``."""

    def close(self) -> None:
        """Releases what the store holds; it must not be used afterwards."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def graph_digest(graph: Graph) -> str:
    """SHA-256 over the sorted N-Triples lines: equal for equal statements, whatever their order.

    The graph must be free of blank nodes, whose labels are arbitrary.
    """
    digest = hashlib.sha256()
    for line in sorted(graph.serialize(format="nt", encoding="utf-8").splitlines()):
        digest.update(line + b"\n")
    return digest.hexdigest()


def document_digest(document: Document) -> str:
    """What tells whether a document changed: a graph's own digest, or that of a file's bytes."""
    return graph_digest(document) if isinstance(document, Graph) else document.digest


def planned_changes(
    changes: Mapping[str, Document | None], published: Mapping[str, str]
) -> tuple[dict[str, Document | None], dict[str, str]]:
    """What of ``changes`` differs from what is published, and the digests as they will be."""
    graphs = dict(published)
    changed: dict[str, Document | None] = {}
    for iri, document in changes.items():
        digest = None if document is None else document_digest(document)
        if published.get(iri) == digest:
            continue
        changed[iri] = document
        if digest is None:
            del graphs[iri]
        else:
            graphs[iri] = digest
    return changed, graphs


def _oxigraph(location: str, access: Access) -> RdfStore:
    from graph.oxigraph import OxigraphStore

    if not location:
        raise InvalidInput("the store descriptor oxigraph: needs a folder, such as oxigraph:var/store")
    return OxigraphStore(Path(location))


def _memory(location: str, access: Access) -> RdfStore:
    from graph.oxigraph import MemoryStore

    if location:
        raise InvalidInput("the store descriptor memory: takes no location")
    return MemoryStore()


def _remote(scheme: str) -> Callable[[str, Access], RdfStore]:
    def opened(location: str, access: Access) -> RdfStore:
        from graph.remote import RemoteStore
        from graph.remote_client import Endpoint, RemoteClient

        endpoint = Endpoint(f"{scheme}:{location}", access.update)
        return RemoteStore(RemoteClient(endpoint, user=access.user, password=access.password))

    return opened


_ADAPTERS: dict[str, Callable[[str, Access], RdfStore]] = {
    "oxigraph": _oxigraph,
    "memory": _memory,
    "sparql+http": _remote("http"),
    "sparql+https": _remote("https"),
}
_NO_ACCESS = Access()


def store_kinds() -> tuple[str, ...]:
    """The kinds of store that a descriptor can name."""
    return tuple(_ADAPTERS)


def open_store(descriptor: str, access: Access = _NO_ACCESS) -> RdfStore:
    """The store a descriptor names: ``oxigraph:FOLDER`` on disk, ``memory:`` for the life of a process, or
    ``sparql+https://HOST/PATH`` on another machine."""
    kind, separator, location = descriptor.partition(":")
    if not separator or kind not in _ADAPTERS:
        known = ", ".join(f"{name}:" for name in _ADAPTERS)
        raise InvalidInput(f"no store is known under {descriptor!r}; a descriptor begins with one of {known}")
    return _ADAPTERS[kind](location, access)

"""Oxigraph as the RDF store: on disk in immutable versions, or in memory.

A version is a folder that is never written once it is published:

    FOLDER/CURRENT                        the name of the published version
    FOLDER/versions/000003-1f0c…/db       the database
    FOLDER/versions/000003-1f0c…/manifest.json
    FOLDER/publish.lock                   held while a version is being made

Publishing backs the current version up (the engine links its table files), changes the copy, and switches
``CURRENT`` by a rename. Readers open versions read-only, which takes no lock, and see a switch at their
next call; a version stays for a while after it was replaced, for readers that are still in it. What a crash
leaves behind is not reachable from ``CURRENT`` and goes at the next publication.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox
from rdflib import Graph

from graph.store import planned_changes
from graph.terms import add_all, rows_of, to_oxigraph
from ontology.errors import NotFound, StoreBusy, StoreMissing, Unavailable
from ontology.statements import StatementFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set
    from pathlib import Path
    from types import TracebackType

    from rdflib.term import Node

    from graph.store import Document, Row

__all__ = ["MemoryStore", "OxigraphStore", "Version"]

_LOG = logging.getLogger(__name__)

_FORMAT = 1
_KEPT_VERSIONS = 3
# A version that CURRENT names can be replaced, and in time removed, before it is opened.
_ATTEMPTS = 5
# Below this many statements a transaction is quicker than the bulk loader, which writes table files at once
# (300 statements: 9 ms and 142 ms), and leaves fewer files.
_BULK = 50_000
_DEFAULT_GRAPH = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Version:
    """A published version on disk: its revision, its database folder, and its documents (IRI to digest)."""

    revision: str
    database: Path
    graphs: Mapping[str, str]


class _Queries:
    """Reading a pyoxigraph store, the same on disk and in memory."""

    def _reader(self) -> ox.Store:
        raise NotImplementedError

    def select(self, query: str, bindings: Mapping[str, Node] | None = None) -> list[Row]:
        solutions = self._reader().query(query, substitutions=_substitutions(bindings))
        if not isinstance(solutions, ox.QuerySolutions):
            # what the error's traceback holds may be freed by another thread, which the engine forbids
            del solutions
            raise TypeError("select() takes a SELECT query")
        return list(rows_of(solutions))

    def construct(self, query: str, bindings: Mapping[str, Node] | None = None) -> Graph:
        triples = self._reader().query(query, substitutions=_substitutions(bindings))
        if not isinstance(triples, ox.QueryTriples):
            del triples
            raise TypeError("construct() takes a CONSTRUCT query")
        return add_all(Graph(), triples)

    def _document(self, iri: str) -> Graph:
        quads = self._reader().quads_for_pattern(None, None, None, ox.NamedNode(iri))
        return add_all(Graph(identifier=iri), quads)

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class OxigraphStore(_Queries):
    """An ``RdfStore`` in a folder; several processes may read it while one publishes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._manifest: Version | None = None
        self._opened: tuple[str, ox.Store] | None = None

    def version(self) -> Version:
        """The published version. Raises ``StoreMissing`` while there is none."""
        for _ in range(_ATTEMPTS):
            name = self._current_name()
            known = self._manifest
            if known is not None and known.revision == name:
                return known
            folder = self._folder / "versions" / name
            try:
                manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            except FileNotFoundError:
                continue
            if manifest.get("format") != _FORMAT:
                raise Unavailable(
                    f"the store at {self._folder} has format {manifest.get('format')!r}, and this program "
                    f"reads format {_FORMAT}; load the documents again into a new folder"
                )
            self._manifest = Version(name, folder / "db", manifest["graphs"])
            return self._manifest
        raise StoreMissing(f"the store at {self._folder} names a version that is not there: {name}")

    def revision(self) -> str:
        return self._current_name()

    def graphs(self) -> Mapping[str, str]:
        try:
            return dict(self.version().graphs)
        except StoreMissing:
            return {}

    def graph(self, iri: str) -> Graph:
        if iri not in self.graphs():
            raise NotFound(iri)
        return self._document(iri)

    def publish(self, changes: Mapping[str, Document | None]) -> str:
        with self._publishing():
            published = self.graphs()
            changed, graphs = planned_changes(changes, published)
            if not changed and published:
                return self.revision()
            return self._publish(changed, graphs)

    def close(self) -> None:
        with self._lock:
            self._opened = self._manifest = None

    def _publish(self, changed: Mapping[str, Document | None], graphs: Mapping[str, str]) -> str:
        versions = self._folder / "versions"
        versions.mkdir(exist_ok=True)
        number = self._remove_unpublished(versions) + 1
        building = versions / "building"
        building.mkdir()
        previous = ox.Store.read_only(str(self.version().database)) if number > 1 else None
        published = self.graphs()
        replaced = {
            iri
            for iri, document in changed.items()
            if isinstance(document, StatementFile) and iri in published
        }
        if previous is not None and not replaced:
            previous.backup(str(building / "db"))
        store = ox.Store(str(building / "db"))
        if previous is not None and replaced:
            _copy_without(previous, store, replaced)
        _apply(store, changed)
        store.flush()
        del store
        content = json.dumps(
            {"format": _FORMAT, "graphs": dict(sorted(graphs.items()))}, ensure_ascii=False, indent=1
        )
        _write_durably(building / "manifest.json", content)
        _sync_folder(building / "db")
        _sync_folder(building)
        name = f"{number:06d}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
        building.rename(versions / name)
        _sync_folder(versions)
        _write_durably(self._folder / "CURRENT.new", name)
        (self._folder / "CURRENT.new").rename(self._folder / "CURRENT")
        _sync_folder(self._folder)
        for old in sorted(versions.iterdir())[:-_KEPT_VERSIONS]:
            shutil.rmtree(old, ignore_errors=True)
        return name

    def _remove_unpublished(self, versions: Path) -> int:
        """Removes what a publication that did not come to its end left; the number of the current version."""
        try:
            number = _number(self._current_name())
        except StoreMissing:
            number = 0
        for path in versions.iterdir():
            if path.name == "building" or _number(path.name) > number:
                _LOG.warning(
                    "a publication to %s did not come to its end; removing %s", self._folder, path.name
                )
                shutil.rmtree(path)
        return number

    def _current_name(self) -> str:
        try:
            return (self._folder / "CURRENT").read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise StoreMissing(
                f"nothing has been loaded at {self._folder} yet; run: competency ingest PATH… (or --bundled)"
            ) from error

    def _reader(self) -> ox.Store:
        for attempt in range(_ATTEMPTS):
            version = self.version()
            with self._lock:
                if self._opened is not None and self._opened[0] == version.revision:
                    return self._opened[1]
                try:
                    store = ox.Store.read_only(str(version.database))
                except OSError:
                    if attempt + 1 == _ATTEMPTS:
                        raise
                    self._manifest = None
                    continue
                self._opened = (version.revision, store)
                return store
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def _publishing(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "publish.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreBusy(
                    f"another process is publishing to {self._folder}; try again when it has ended"
                ) from error
            yield


class MemoryStore(_Queries):
    """An ``RdfStore`` for the life of the process: for tests, and for validation without a folder."""

    def __init__(self) -> None:
        self._store = ox.Store()
        self._graphs: dict[str, str] = {}
        self._number = 0
        self._lock = threading.Lock()

    def revision(self) -> str:
        if not self._number:
            raise StoreMissing("nothing has been loaded yet")
        return f"{self._number:06d}"

    def graphs(self) -> Mapping[str, str]:
        return dict(self._graphs)

    def graph(self, iri: str) -> Graph:
        if iri not in self._graphs:
            raise NotFound(iri)
        return self._document(iri)

    def publish(self, changes: Mapping[str, Document | None]) -> str:
        with self._lock:
            changed, graphs = planned_changes(changes, self._graphs)
            if changed or not self._number:
                copy = ox.Store()
                copy.bulk_extend(self._store.quads_for_pattern(None, None, None, None))
                _apply(copy, changed)
                self._store, self._graphs = copy, graphs
                self._number += 1
            return self.revision()

    def close(self) -> None:
        self._store = ox.Store()

    def _reader(self) -> ox.Store:
        self.revision()
        return self._store


def _apply(store: ox.Store, changes: Mapping[str, Document | None]) -> None:
    """Replaces named graphs and keeps the default graph the merge of all of them.

    The merge is kept in the store because Oxigraph's union of named graphs does not remove duplicates: a
    statement that two documents make would be counted twice.
    """
    for iri, document in changes.items():
        name = ox.NamedNode(iri)
        before = {quad.triple for quad in store.quads_for_pattern(None, None, None, name)}
        if isinstance(document, StatementFile):
            # Everything goes first: which of a million statements stay is dearer to find than to load again.
            _remove(store, before, name)
            for graph_name in (name, _DEFAULT_GRAPH):
                store.bulk_load(path=str(document.path), format=ox.RdfFormat.N_TRIPLES, to_graph=graph_name)
            continue
        after = {_triple(triple) for triple in document} if document is not None else set()
        _remove(store, before - after, name)
        added = after - before
        extend = store.extend if len(added) < _BULK else store.bulk_extend
        extend(ox.Quad(one.subject, one.predicate, one.object, name) for one in added)
        extend(ox.Quad(one.subject, one.predicate, one.object) for one in added)


def _copy_without(source: ox.Store, target: ox.Store, left_out: Set[str]) -> None:
    """Copies all documents but those into an empty store.

    The engine takes five times longer to remove a document of half a million statements than to load it.
    """
    names = [name for name in source.named_graphs() if name.value not in left_out]

    def quads() -> Iterator[ox.Quad]:
        return (quad for name in names for quad in source.quads_for_pattern(None, None, None, name))

    target.bulk_extend(quads())
    target.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads())


def _remove(store: ox.Store, triples: Iterable[ox.Triple], name: ox.NamedNode) -> None:
    """From a named graph, and from the default graph what no other document says."""
    for triple in triples:
        store.remove(ox.Quad(triple.subject, triple.predicate, triple.object, name))
        others = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        if all(quad.graph_name == _DEFAULT_GRAPH for quad in others):
            store.remove(ox.Quad(triple.subject, triple.predicate, triple.object))


def _triple(triple: tuple[Node, Node, Node]) -> ox.Triple:
    subject, predicate, value = (to_oxigraph(term) for term in triple)
    if isinstance(subject, ox.Literal) or isinstance(predicate, ox.Literal):
        raise TypeError(f"a literal cannot stand there: {triple!r}")
    return ox.Triple(subject, predicate, value)


def _substitutions(
    bindings: Mapping[str, Node] | None,
) -> dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
    return {ox.Variable(name): to_oxigraph(term) for name, term in (bindings or {}).items()}


def _number(name: str) -> int:
    """Of a version, by the name of its folder."""
    return int(name.partition("-")[0])


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

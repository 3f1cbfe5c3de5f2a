"""Bringing a property graph up to date with the store, document by document."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from graph.property_graph.interface import ProjectionReport
from graph.property_graph.loading import Loader
from graph.property_graph.projection import NodeRow, Projector, in_batches
from graph.property_graph.schema import DOCUMENTS, IRI, RESOURCE, PropertyGraphSchema
from graph.property_graph.verification import SAMPLE, census, verify
from ontology.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graph.property_graph.bolt import BoltConnection
    from graph.property_graph.interface import Progress, ProjectionState
    from graph.property_graph.projection import Edge
    from graph.store import RdfStore

_T = TypeVar("_T")

__all__ = ["bring_up_to_date"]

_READ_AT_ONCE = 5000
_CONNECTED_AT_ONCE = 20_000
# So many resources are made quicker from nothing than looked up and changed one by one.
_ANEW = 20_000
# The store can be published to while it is read; after so many times somebody publishes without an end.
_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class _Change:
    """Documents that are new or changed, with their digests, those that went, and whether to begin anew."""

    changed: Mapping[str, str]
    removed: tuple[str, ...]
    anew: bool

    @property
    def empty(self) -> bool:
        return not (self.changed or self.removed or self.anew)


def bring_up_to_date(
    connection: BoltConnection,
    store: RdfStore,
    schema: PropertyGraphSchema,
    *,
    progress: Progress | None = None,
    rebuild: bool = False,
) -> ProjectionReport:
    """See ``PropertyGraph.project``. Raises ``StoreMissing`` while nothing has been published."""
    started = time.monotonic()
    loader = Loader(connection)
    changed: set[str] = set()
    removed: set[str] = set()
    rebuilt = False
    for attempt in range(_ATTEMPTS):
        revision = store.revision()
        change = _change(loader.state(), store.graphs(), rebuild=rebuild and attempt == 0)
        if not change.empty:
            change = _apply(loader, store, schema, revision, change, progress)
        changed |= set(change.changed)
        removed |= set(change.removed)
        rebuilt |= change.anew
        if store.revision() == revision:
            break
    else:
        raise Unavailable("the store changes faster than the property graph can follow; try again later")
    if not (changed or removed or rebuilt):
        loader.finish(revision)
        return ProjectionReport(
            revision,
            changed=0,
            removed=0,
            rebuilt=False,
            census=census(connection),
            neighbourhoods=0,
            seconds=time.monotonic() - started,
        )
    found = _told(
        progress,
        "Comparing the property graph with the store",
        lambda: verify(connection, store, schema),
    )
    loader.finish(revision)
    return ProjectionReport(
        revision, len(changed), len(removed), rebuilt, found, SAMPLE, time.monotonic() - started
    )


def _change(state: ProjectionState, published: Mapping[str, str], *, rebuild: bool) -> _Change:
    if rebuild or not state.whole or not state.documents:
        return _Change(published, (), anew=True)
    changed = {iri: digest for iri, digest in published.items() if state.documents.get(iri) != digest}
    return _Change(changed, tuple(sorted(set(state.documents) - set(published))), anew=False)


def _apply(
    loader: Loader,
    store: RdfStore,
    schema: PropertyGraphSchema,
    revision: str,
    change: _Change,
    progress: Progress | None,
) -> _Change:
    """Returns what was done: a change of very much is a change of all."""
    update = _Update(loader, Projector(store, schema), progress)
    resources = update.resources(change)
    if not change.anew and len(resources) > _ANEW:
        change = _Change(store.graphs(), (), anew=True)
        resources = update.resources(change)
    loader.begin(revision)
    if change.anew:
        _told(progress, "Removing the old property graph", loader.clear)
        loader.begin(revision)
    loader.prepare()
    update.run(resources, anew=change.anew)
    loader.record(change.changed, change.removed)
    return change


class _Update:
    """Makes the resources of which changed documents say something, or said, what they should be.

    All statements that came or went have such a resource for their subject, so their relationships are made
    again, and those that lead to a node which has to be created again; nothing else can have changed.
    """

    def __init__(self, loader: Loader, projector: Projector, progress: Progress | None) -> None:
        self._loader = loader
        self._projector = projector
        self._progress = progress
        self._edges: list[Edge] = []
        self._created: set[str] = set()
        self._seen: set[str] = set()

    def run(self, resources: Sequence[str], *, anew: bool) -> None:
        """Writes these resources as they should be, into an empty graph where it is made anew."""
        for number, batch in enumerate(in_batches(resources, _READ_AT_ONCE)):
            self._tell("Projecting nodes", number * _READ_AT_ONCE, len(resources))
            self._make_nodes(batch, fresh=anew)
        self._tell("Projecting nodes", len(resources), len(resources))
        self._make_bare_nodes(fresh=anew)
        if not anew:
            known = set(self._edges)
            self._edges += [
                edge
                for edge in self._projector.incoming(sorted(self._created))
                if edge.source not in self._seen and edge not in known
            ]
        self._connect()
        if not anew:
            self._loader.remove_bare()

    def resources(self, change: _Change) -> list[str]:
        """The resources of which changed documents say something, or said, sorted."""
        found: set[str] = set()
        documents = [*change.changed, *change.removed]
        for number, document in enumerate(documents):
            self._tell("Reading which documents changed", number, len(documents))
            if not change.anew:
                found.update(self._loader.of_document(document))
            if document in change.changed:
                found.update(self._projector.subjects(document))
        self._tell("Reading which documents changed", len(documents), len(documents))
        return sorted(found)

    def _make_nodes(self, iris: Sequence[str], *, fresh: bool) -> None:
        wanted = {row.iri: row for row in self._projector.nodes(iris)}
        there = {} if fresh else self._loader.labels_of(iris)
        same = [
            row for iri, row in wanted.items() if iri in there and there[iri] == tuple(sorted(row.labels))
        ]
        kept = {row.iri for row in same}
        self._loader.delete([iri for iri in there if iri not in kept])
        self._loader.update(same)
        self._loader.delete_edges_from(sorted(kept))
        new = [row for iri, row in wanted.items() if iri not in kept]
        self._loader.create(new)
        self._created.update(row.iri for row in new)
        # What was deleted and is no node in its own right stays one while something leads to it.
        self._created.update(iri for iri in there if iri not in kept and iri not in wanted)
        self._seen.update(wanted)
        for row in wanted.values():
            self._edges += row.edges

    def _make_bare_nodes(self, *, fresh: bool) -> None:
        """The ends of relationships that are no nodes in their own right."""
        bare = {edge.target for edge in self._edges} | self._created
        bare -= self._seen
        if not fresh:
            bare -= set(self._loader.labels_of(sorted(bare)))
        rows = [NodeRow(iri, (RESOURCE,), {IRI: iri, DOCUMENTS: []}, ()) for iri in sorted(bare)]
        self._loader.create(rows)

    def _connect(self) -> None:
        step = _CONNECTED_AT_ONCE
        self._edges.sort(key=lambda edge: (edge.type, edge.source))
        for number, batch in enumerate(in_batches(self._edges, step)):
            self._tell("Projecting relationships", number * step, len(self._edges))
            self._loader.connect(batch)
        self._tell("Projecting relationships", len(self._edges), len(self._edges))

    def _tell(self, message: str, done: int, total: int) -> None:
        if self._progress:
            self._progress(message, done, total)


def _told(progress: Progress | None, message: str, work: Callable[[], _T]) -> _T:
    if progress:
        progress(message, 0, 1)
    done = work()
    if progress:
        progress(message, 1, 1)
    return done

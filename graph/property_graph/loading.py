"""Writing nodes and relationships to a property graph, in batches, so that what is half written is known.

Bookkeeping is in the graph itself: one ``ProjectionState`` node, and a ``ProjectionDocument`` node for each
document with the digest of what was read. Before the first change the state is marked as being built, and
only after the last one it names the store's revision.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from graph.property_graph.interface import ProjectionState
from graph.property_graph.projection import in_batches
from graph.property_graph.schema import CODE, DOCUMENTS, IRI, RESOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graph.property_graph.bolt import BoltConnection
    from graph.property_graph.projection import Edge, NodeRow

__all__ = ["FORMAT", "WHOLE", "Loader"]

FORMAT = 1
"""Of the projection; a graph of another format is made anew."""
_INDEXED_LABELS = (RESOURCE, "Standard", "Element", "Concept", "SkosConcept")
_NODES, _EDGES, _DELETED = 1000, 5000, 5000

WHOLE = f"MATCH (s:ProjectionState) WHERE s.format = {FORMAT} RETURN s.whole"
"""Answers ``true`` where there is something, and it is not half made."""
_STATE = "MATCH (s:ProjectionState) RETURN s.revision AS revision, s.format AS format, s.whole AS whole"
_DOCUMENTS = "MATCH (d:ProjectionDocument) RETURN d.iri AS iri, d.digest AS digest"
_SET_STATE = "MERGE (s:ProjectionState) SET s.revision = $revision, s.format = $format, s.whole = $whole"
_SET_DOCUMENTS = (
    "UNWIND $documents AS row MERGE (d:ProjectionDocument {iri: row.iri}) SET d.digest = row.digest"
)
_FORGET_DOCUMENTS = "UNWIND $iris AS iri MATCH (d:ProjectionDocument {iri: iri}) DELETE d"
_FORGET_BOOKKEEPING = "MATCH (n) WHERE n:ProjectionDocument OR n:ProjectionState DELETE n"
_DELETE_SOME = f"MATCH (n:{RESOURCE}) WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS deleted"
_OF_DOCUMENT = f"MATCH (n:{RESOURCE}) WHERE $document IN n.{DOCUMENTS} RETURN n.{IRI} AS iri"
_LABELS_OF = (
    f"UNWIND $iris AS iri MATCH (n:{RESOURCE} {{{IRI}: iri}}) RETURN n.{IRI} AS iri, labels(n) AS labels"
)
_DELETE_NODES = f"UNWIND $iris AS iri MATCH (n:{RESOURCE} {{{IRI}: iri}}) DETACH DELETE n"
_DELETE_EDGES = f"UNWIND $iris AS iri MATCH (:{RESOURCE} {{{IRI}: iri}})-[r]->() DELETE r"
_UPDATE_NODES = f"UNWIND $rows AS row MATCH (n:{RESOURCE} {{{IRI}: row.{IRI}}}) SET n = row"
_CREATE_NODES = "UNWIND $rows AS row CREATE (n:%s) SET n = row"
_CREATE_EDGES = (
    f"UNWIND $rows AS row MATCH (a:{RESOURCE} {{{IRI}: row.source}}) "
    f"MATCH (b:{RESOURCE} {{{IRI}: row.target}}) "
    "CREATE (a)-[:%s]->(b)"
)
_BARE_UNUSED = (
    f"MATCH (n:{RESOURCE}) WHERE size(labels(n)) = 1 AND NOT EXISTS {{ (n)<--() }} RETURN n.{IRI} AS iri"
)


class Loader:
    """Reads and writes what the projection needs, and nothing of other nodes in the same database."""

    def __init__(self, connection: BoltConnection) -> None:
        self._connection = connection

    def state(self) -> ProjectionState:
        """What the bookkeeping says; a graph of another format counts as empty and not whole."""
        rows = self._connection.write(_STATE)
        if not rows:
            return ProjectionState("", {}, whole=True)
        if len(rows) > 1 or rows[0]["format"] != FORMAT:
            return ProjectionState("", {}, whole=False)
        documents = {row["iri"]: row["digest"] for row in self._connection.write(_DOCUMENTS)}
        return ProjectionState(rows[0]["revision"], documents, whole=rows[0]["whole"])

    def prepare(self) -> None:
        """Makes the constraint and the indexes, where they are not there yet."""
        write = self._connection.write
        write(f"CREATE CONSTRAINT resource_iri IF NOT EXISTS FOR (n:{RESOURCE}) REQUIRE n.{IRI} IS UNIQUE")
        for label in _INDEXED_LABELS:
            write(f"CREATE INDEX {label.lower()}_code IF NOT EXISTS FOR (n:{label}) ON (n.{CODE})")

    def begin(self, revision: str) -> None:
        """Marks the graph as half written."""
        self._connection.write(_SET_STATE, revision=revision, format=FORMAT, whole=False)

    def record(self, changed: Mapping[str, str], removed: Iterable[str]) -> None:
        """Writes the digests of the documents that have been read, and forgets those that went."""
        rows = [{"iri": iri, "digest": digest} for iri, digest in sorted(changed.items())]
        for batch in in_batches(rows, _NODES):
            self._connection.write(_SET_DOCUMENTS, documents=batch)
        self._connection.write(_FORGET_DOCUMENTS, iris=sorted(removed))

    def finish(self, revision: str) -> None:
        """Marks the graph as whole."""
        self._connection.write(_SET_STATE, revision=revision, format=FORMAT, whole=True)

    def clear(self) -> None:
        """Removes everything that the projection made."""
        if self._connection.make_empty is not None:
            self._connection.make_empty()
            return
        while self._connection.write(_DELETE_SOME, limit=_DELETED)[0]["deleted"]:
            pass
        self._connection.write(_FORGET_BOOKKEEPING)

    def of_document(self, document: str) -> list[str]:
        """The nodes of which a document says something."""
        return [row["iri"] for row in self._connection.write(_OF_DOCUMENT, document=document)]

    def labels_of(self, iris: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The labels of those that are there, sorted."""
        found: dict[str, tuple[str, ...]] = {}
        for batch in in_batches(iris, _EDGES):
            for row in self._connection.write(_LABELS_OF, iris=batch):
                found[row["iri"]] = tuple(sorted(row["labels"]))
        return found

    def delete(self, iris: Sequence[str]) -> None:
        """Nodes with what leads to and from them."""
        for batch in in_batches(iris, _NODES):
            self._connection.write(_DELETE_NODES, iris=batch)

    def delete_edges_from(self, iris: Sequence[str]) -> None:
        for batch in in_batches(iris, _NODES):
            self._connection.write(_DELETE_EDGES, iris=batch)

    def create(self, rows: Iterable[NodeRow]) -> None:
        """Nodes that are not there yet, without their relationships."""
        groups: dict[tuple[str, ...], list[NodeRow]] = defaultdict(list)
        for row in rows:
            groups[row.labels].append(row)
        for labels, group in groups.items():
            query = _CREATE_NODES % ":".join(labels)
            for batch in in_batches(group, _NODES):
                self._connection.write(query, rows=[row.properties for row in batch])

    def update(self, rows: Sequence[NodeRow]) -> None:
        """The properties of nodes that are there with the same labels."""
        for batch in in_batches(rows, _NODES):
            self._connection.write(_UPDATE_NODES, rows=[row.properties for row in batch])

    def connect(self, edges: Sequence[Edge]) -> None:
        """Relationships between nodes that are there."""
        groups: dict[str, list[Edge]] = defaultdict(list)
        for edge in edges:
            groups[edge.type].append(edge)
        for kind, group in groups.items():
            query = _CREATE_EDGES % kind
            for batch in in_batches(group, _EDGES):
                rows = [{"source": edge.source, "target": edge.target} for edge in batch]
                self._connection.write(query, rows=rows)

    def remove_bare(self) -> None:
        """Removes nodes of which nothing is known and to which nothing leads."""
        self.delete([row["iri"] for row in self._connection.write(_BARE_UNUSED)])

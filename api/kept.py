"""What pages read of single standards and nodes, kept as long as the store stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.latest import LatestOf, LatestOfEach
from graph import load_standard
from graph.connections import read_connections, read_degrees
from graph.repository import load_elements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graph import RdfStore, StandardSummary
    from graph.connections import Connection
    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["Kept"]

# as many as somebody goes back and forth between, at some hundred kilobytes each
_STANDARDS = 32
# of hubs with hundreds of neighbours, half a megabyte each
_NODES = 32
_DEGREES = 50_000


class Kept:
    """The standards and nodes that were asked for last."""

    def __init__(
        self, store: RdfStore, identifiers: Identifiers, listed: Callable[[], Sequence[StandardSummary]]
    ) -> None:
        self.standards: LatestOf[str, Standard] = LatestOf(
            store, lambda iri: load_standard(store, identifiers, iri), _STANDARDS
        )
        """By their IRIs."""
        self.elements: LatestOf[str, Standard] = LatestOf(
            store,
            # a document of its own is read whole in any case
            lambda iri: (
                self.standards.get(iri) if iri in store.graphs() else load_elements(store, identifiers, iri)
            ),
            _STANDARDS,
        )
        """The same, perhaps without what they refer to (``graph.repository.load_elements``)."""
        self.connections: LatestOf[str, Mapping[str, Connection]] = LatestOf(
            store, lambda iri: read_connections(store, iri, {one.iri for one in listed()}), _NODES
        )
        """What a node is connected with, by its IRI (``graph.connections``)."""
        self.degrees: LatestOfEach[str, int] = LatestOfEach(
            store, lambda iris: read_degrees(store, iris), _DEGREES
        )
        """With how many others nodes are connected, by their IRIs."""

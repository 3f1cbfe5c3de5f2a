"""The graph around a node: what the store relates, and what the search index knows to say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.neighbours import Neighbourhood, Selection, neighbourhood
from ontology.errors import IndexStale, NotFound
from ontology.model import Kind

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["explore", "node_iri"]

_MOST_PLACES = 200


def node_iri(services: Services, node: str) -> str:
    """The IRI that is meant: an IRI as it is, else the standard with this code. Raises ``NotFound``."""
    node = node.strip()
    return node if ":" in node else services.standard_iri(node)


def explore(services: Services, iri: str, selection: Selection) -> Neighbourhood:
    """The node ``iri`` and the neighbours that are asked for. Raises ``NotFound`` and ``InvalidInput``."""
    services.store.revision()
    names = {one.iri: one.name for one in services.standards()}
    return neighbourhood(
        services.store,
        iri,
        selection,
        same_text=_same_text(services, iri),
        name_of=lambda other: names.get(other, other),
        connections=services.kept.connections.get,
        degrees=services.kept.degrees.get,
    )


def _same_text(services: Services, iri: str) -> tuple[tuple[str, str], ...]:
    """Where else the same stands; nothing while there is no index."""
    try:
        elements = services.index.current().elements
        kind = elements.passage(iri).kind
        if kind == "standard":
            return ()
        places = elements.places(iri, limit=_MOST_PLACES).places
    except (IndexStale, NotFound):
        return ()
    return tuple((one.iri, kind if kind in set(Kind) and "#" not in one.code else "item") for one in places)

"""A standard as RDF, and back: the one place that knows both. The round trip loses nothing.

Every node has an IRI, so graphs can be compared and hashed line by line. Elements have the IRIs that
``Identifiers`` gives them; what has no code of its own (a note, a doubt, a row of the version table, a
printed classification) is a fragment of the standard's IRI: ``…/BGM1219-002v2#doubt-1``, or with ``;`` for
``#`` where the base ends in one. Facts that standards share (what a level or a code is called) stand in the
vocabulary and the code lists, not here.

A statement that is not made is absent: no empty literals, but for a ``printed`` code or a ``heading``, where
empty and missing differ. A ``Place`` that names neither line nor page comes back as ``None``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Graph, URIRef

from ontology.codes import CATEGORY
from ontology.errors import InvalidInput
from ontology.rdf_reading import StandardReader
from ontology.rdf_writing import StandardWriter
from ontology.statements import GraphSink
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from ontology.identifiers import Identifiers
    from ontology.model import Standard
    from ontology.statements import StatementSink

__all__ = ["CATEGORY", "from_graph", "to_graph", "write_standard"]


def to_graph(standard: Standard, identifiers: Identifiers) -> Graph:
    """The document graph of a standard; its IRI is ``identifiers.of_standard(standard)``.

    Raises ``InvalidInput`` where the standard cannot be said in RDF: two elements share a code, a code is
    empty, the language is no language tag, or a text is not Unicode.
    """
    graph = Graph(identifier=URIRef(identifiers.of_standard(standard)))
    graph.bind("cg", CG)
    write_standard(standard, identifiers, GraphSink(graph))
    return graph


def write_standard(standard: Standard, identifiers: Identifiers, sink: StatementSink) -> None:
    """The statements of a standard into a sink; raises ``InvalidInput`` like ``to_graph``."""
    try:
        StandardWriter(standard, identifiers, sink).write()
    except ValueError as error:
        raise InvalidInput(f"{standard.code or standard.name}: {error}") from error


def from_graph(graph: Iterable[tuple[Node, Node, Node]], iri: str, identifiers: Identifiers) -> Standard:
    """The standard with this IRI, as ``to_graph`` wrote it, whatever else the graph holds; the statements of
    one will do, each of them once.

    Raises ``NotFound`` where the graph has no standard of this IRI, and ``InvalidInput`` where a node of it
    says twice what it can say only once.
    """
    return StandardReader(graph, URIRef(iri), identifiers).read()

"""What an answer draws: its nodes and the links between them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from api.pages.query_views import AnswerGraph, GraphLink, GraphNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.pages import Page
    from graph.property_graph import Answer

__all__ = ["graph_of_cypher", "graph_of_statements", "graph_of_table"]

_MOST_NODES = 400
_NAMES = (SKOS.prefLabel, RDFS.label)


class _Drawing:
    """Nodes and links as they are found, up to a bound; what is beyond it is left out whole."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._nodes: dict[str, GraphNode] = {}
        self._links: dict[tuple[str, str, str], GraphLink] = {}
        self._is_cut = False

    def node(self, iri: str, text: str = "", kind: str = "") -> bool:
        """Whether the node is drawn; a text or kind that is known now counts for it."""
        known = self._nodes.get(iri)
        if known is None and len(self._nodes) >= _MOST_NODES:
            self._is_cut = True
            return False
        named = text or (known.text if known and known.is_named else "")
        shown = named or iri.rstrip("/#").rpartition("#" if "#" in iri else "/")[2]
        self._nodes[iri] = GraphNode(
            iri,
            shown,
            kind or (known.kind if known else ""),
            self._page.local(iri),
            is_named=bool(named),
        )
        return True

    def link(self, source: str, target: str, text: str) -> None:
        if source in self._nodes and target in self._nodes and source != target:
            self._links[source, target, text] = GraphLink(source, target, text)

    def made(self) -> AnswerGraph:
        """Nodes without a link are kept: an answer may hold some beside others."""
        return AnswerGraph(tuple(self._nodes.values()), tuple(self._links.values()), cut=self._is_cut)


def graph_of_table(
    page: Page, columns: Sequence[str], bindings: Iterable[dict[str, dict[str, Any]]]
) -> AnswerGraph:
    """Of SPARQL results in JSON: each row links its IRIs in the order of the columns, by the name of the
    second column; a literal right after an IRI is the text of the node."""
    drawing = _Drawing(page)
    for row in bindings:
        before = ""
        for position, column in enumerate(columns):
            term = row.get(column)
            if term is None or term["type"] != "uri":
                continue
            following = columns[position + 1] if position + 1 < len(columns) else ""
            named = row.get(following, {})
            text = named["value"] if named.get("type") == "literal" else ""
            if not drawing.node(term["value"], text):
                continue
            if before:
                drawing.link(before, term["value"], column)
            before = term["value"]
    return drawing.made()


def graph_of_statements(page: Page, turtle: bytes) -> AnswerGraph:
    """Of what a CONSTRUCT or DESCRIBE gives: its links between IRIs, by the names of their properties; types
    are the kinds of nodes."""
    graph = Graph().parse(data=turtle, format="turtle")
    drawing = _Drawing(page)
    for subject, predicate, value in sorted(graph):
        if not isinstance(subject, URIRef):
            continue
        if not drawing.node(str(subject), _name(graph, subject, page.language), _kind(graph, subject)):
            continue
        if isinstance(value, URIRef) and predicate != RDF.type:
            name = _name(graph, value, page.language)
            if drawing.node(str(value), name, _kind(graph, value)):
                drawing.link(str(subject), str(value), _local(str(predicate)))
    return drawing.made()


def graph_of_cypher(page: Page, answer: Answer) -> AnswerGraph:
    """Of nodes, relationships and paths in an answer; nodes that stand in one row without a relationship are
    linked in the order of the columns."""
    from neo4j.graph import Node, Path, Relationship

    drawing = _Drawing(page)

    def node(one: Node) -> str:
        iri = str(one.get("iri", one.element_id))
        text = " ".join(str(one[key]) for key in ("code", "text") if key in one)
        kinds = sorted(one.labels - {"Resource"})
        drawing.node(iri, text, kinds[0] if kinds else "")
        return iri

    def relationship(one: Relationship) -> None:
        ends = [end for end in one.nodes if end is not None]
        if len(ends) == 2:
            drawing.link(node(ends[0]), node(ends[1]), one.type)

    for row in answer.rows:
        nodes = [
            (column, node(value))
            for column, value in zip(answer.columns, row, strict=True)
            if isinstance(value, Node)
        ]
        related = [value for value in row if isinstance(value, Relationship)]
        for path in (value for value in row if isinstance(value, Path)):
            for step in path.nodes:
                node(step)
            related += path.relationships
        for link in related:
            relationship(link)
        if not related:
            for (_, first), (column, second) in pairwise(nodes):
                drawing.link(first, second, column)
    return drawing.made()


def _name(graph: Graph, node: URIRef, language: str) -> str:
    names = [one for name in _NAMES for one in graph.objects(node, name) if isinstance(one, Literal)]
    return str(next((one for one in names if one.language == language.casefold()), names[0] if names else ""))


def _kind(graph: Graph, node: URIRef) -> str:
    kinds = sorted(_local(str(one)) for one in graph.objects(node, RDF.type))
    return kinds[0] if kinds else ""


def _local(iri: str) -> str:
    return iri.rpartition("#" if "#" in iri else "/")[2]

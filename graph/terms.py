"""Terms between rdflib, in which documents are built, and pyoxigraph, in which they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

__all__ = ["add_all", "from_oxigraph", "rows_of", "to_oxigraph"]

_OxTerm: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def to_oxigraph(term: Node) -> ox.NamedNode | ox.Literal:
    """Raises ``ValueError`` for a blank node: documents are published without any."""
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        if term.datatype:
            return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
        return ox.Literal(str(term))
    raise ValueError(f"a document may not hold {term.n3() if isinstance(term, BNode) else term!r}")


def from_oxigraph(term: _OxTerm) -> Node:
    """Language tags come back in lower case: Oxigraph stores them so. ``zh-hant`` is ``zh-Hant`` again."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=_canonical_language(term.language))
        if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return Literal(term.value)
        return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    raise ValueError(f"rdflib has no form for {term}")


def rows_of(solutions: ox.QuerySolutions) -> list[dict[str, Node]]:
    """The rows of a SELECT query; an unbound variable is absent from its row."""
    names = [variable.value for variable in solutions.variables]
    # the same few terms stand in most rows, and making one takes longer than finding it
    known: dict[_OxTerm, Node] = {}
    rows = []
    for solution in solutions:
        row = {}
        for name, term in zip(names, solution, strict=True):
            if term is None:
                continue
            made = known.get(term)
            if made is None:
                made = known[term] = from_oxigraph(term)
            row[name] = made
        rows.append(row)
    return rows


def add_all(graph: Graph, statements: Iterable[ox.Triple | ox.Quad]) -> Graph:
    """The graph, with these statements in it; which graph a quad was in does not count."""
    for one in statements:
        graph.add((from_oxigraph(one.subject), from_oxigraph(one.predicate), from_oxigraph(one.object)))
    return graph


def _canonical_language(tag: str) -> str:
    """The usual case of a tag (RFC 5646, section 2.1.1): script in title case, region in capitals."""
    first, *rest = tag.split("-")
    parts = [first.lower()]
    for position, part in enumerate(rest):
        after_singleton = position > 0 and len(rest[position - 1]) == 1
        if len(part) == 4 and part.isalpha() and not after_singleton:
            parts.append(part.title())
        elif len(part) == 2 and not after_singleton:
            parts.append(part.upper())
        else:
            parts.append(part.lower())
    return "-".join(parts)

"""From RDF to nodes and relationships, read from the store a batch of resources at a time.

A resource of which some document says that it is of a class of the ontology, SKOS or DCAT is a node. What
such a node leads to is one, too, if only with its IRI, so that no statement is lost.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from rdflib import DCTERMS, RDF, SKOS, XSD, Literal, URIRef

from graph.property_graph.schema import DOCUMENTS, IRI, LANGUAGE, TEXT
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdflib.term import Node

    from graph.property_graph.schema import PropertyGraphSchema
    from graph.store import RdfStore

Value: TypeAlias = "str | int | float | bool | list[str] | list[int] | list[float] | list[bool]"

_T = TypeVar("_T")

__all__ = ["Edge", "NodeRow", "Projector", "Value", "in_batches", "values_of"]

# A query with that many resources takes some 10,000 rows, which the store answers at once.
_BATCH = 500
_LONGEST_INTEGER = 1 << 63
_INTEGERS = {
    XSD.integer,
    XSD.int,
    XSD.long,
    XSD.short,
    XSD.byte,
    XSD.nonNegativeInteger,
    XSD.positiveInteger,
}
_NUMBERS = {XSD.decimal, XSD.double, XSD.float}
# In the order of preference where nothing says which language a document is in.
_USUAL_LANGUAGES = ("zh-Hant", "en")
_ALWAYS_LISTS = {SKOS.altLabel, SKOS.hiddenLabel}

_SUBJECTS = "SELECT DISTINCT ?document ?subject WHERE { GRAPH ?document { ?subject ?property ?value } }"
_STATEMENTS = """
SELECT ?document ?subject ?property ?value WHERE {
  VALUES ?subject { %s }
  GRAPH ?document { ?subject ?property ?value }
}"""
_INCOMING = """
SELECT DISTINCT ?subject ?property ?value WHERE {
  VALUES ?value { %s }
  ?subject ?property ?value .
}"""
_TYPES = "SELECT DISTINCT ?subject ?type WHERE { VALUES ?subject { %s } ?subject a ?type }"
_LANGUAGES = "SELECT ?document ?language WHERE { ?document <%s> ?language }"


@dataclass(frozen=True, slots=True)
class Edge:
    """A relationship by the IRIs of its ends."""

    source: str
    type: str
    target: str


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node as it should be: its labels, its properties (``iri`` among them) and what leads from it."""

    iri: str
    labels: tuple[str, ...]
    properties: dict[str, Value]
    edges: tuple[Edge, ...]


def values_of(iris: Iterable[str]) -> str:
    """IRIs as they stand in a VALUES clause. Raises ``ValueError`` for what is no IRI."""
    return " ".join(_in_brackets(iri) for iri in iris)


def in_batches(items: Sequence[_T], size: int = _BATCH) -> Iterator[Sequence[_T]]:
    """The items in runs of ``size``, the last one shorter."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Projector:
    """Reads nodes and relationships from an RDF store."""

    def __init__(self, store: RdfStore, schema: PropertyGraphSchema) -> None:
        self._store = store
        self._schema = schema
        self._languages = {
            str(row["document"]): str(row["language"]) for row in store.select(_LANGUAGES % DCTERMS.language)
        }

    def subjects(self, document: str) -> list[str]:
        """The resources that a document says something of, sorted."""
        rows = self._store.select(_SUBJECTS, {"document": URIRef(document)})
        return sorted(str(row["subject"]) for row in rows if isinstance(row["subject"], URIRef))

    def nodes(self, iris: Sequence[str]) -> Iterator[NodeRow]:
        """Those of the resources that are nodes, with what all documents together say of them."""
        for batch in in_batches(iris):
            statements: dict[str, set[tuple[URIRef, Node]]] = defaultdict(set)
            documents: dict[str, set[str]] = defaultdict(set)
            for row in self._store.select(_STATEMENTS % values_of(batch)):
                predicate = row["property"]
                assert isinstance(predicate, URIRef)
                statements[str(row["subject"])].add((predicate, row["value"]))
                documents[str(row["subject"])].add(str(row["document"]))
            for iri in batch:
                node = self._node(iri, statements[iri], sorted(documents[iri]))
                if node is not None:
                    yield node

    def incoming(self, iris: Sequence[str]) -> Iterator[Edge]:
        """The relationships that lead to these resources."""
        for batch in in_batches(iris):
            rows = [
                row
                for row in self._store.select(_INCOMING % values_of(batch))
                if row["property"] != RDF.type and isinstance(row["subject"], URIRef)
            ]
            nodes = self._which_are_nodes(sorted({str(row["subject"]) for row in rows}))
            for row in rows:
                if str(row["subject"]) in nodes:
                    kind = self._schema.relationship_type(str(row["property"]))
                    yield Edge(str(row["subject"]), kind, str(row["value"]))

    def _which_are_nodes(self, iris: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for batch in in_batches(iris):
            for row in self._store.select(_TYPES % values_of(batch)):
                if self._schema.is_node_class(str(row["type"])):
                    found.add(str(row["subject"]))
        return found

    def _node(
        self, iri: str, statements: Iterable[tuple[URIRef, Node]], documents: list[str]
    ) -> NodeRow | None:
        literals: dict[URIRef, list[Literal]] = defaultdict(list)
        types: list[str] = []
        edges: list[Edge] = []
        standard = iri
        for predicate, value in statements:
            if isinstance(value, Literal):
                literals[predicate].append(value)
            elif predicate == RDF.type:
                types.append(str(value))
            elif isinstance(value, URIRef):
                edges.append(Edge(iri, self._schema.relationship_type(str(predicate)), str(value)))
                if predicate == CG.ofStandard:
                    standard = str(value)
        labels = self._schema.labels(types)
        if not labels:
            return None
        properties = self._properties(literals, [standard, *documents])
        properties |= {IRI: iri, DOCUMENTS: documents}
        ordered = tuple(sorted(edges, key=lambda one: (one.type, one.target)))
        return NodeRow(iri, labels, properties, ordered)

    def _properties(self, literals: dict[URIRef, list[Literal]], said_by: list[str]) -> dict[str, Value]:
        main = self._main_language(literals, said_by)
        properties: dict[str, Value] = {}
        labelled = SKOS.prefLabel in literals
        for predicate, values in sorted(literals.items()):
            name = self._schema.property_name(str(predicate))
            if name == TEXT and labelled and predicate != SKOS.prefLabel:
                name = f"other{TEXT.title()}"
            if predicate in _ALWAYS_LISTS:
                _put(properties, name, values, as_list=True)
                continue
            for language, group in _by_language(values).items():
                others = language and main and language != main
                _put(properties, f"{name}_{language.replace('-', '_')}" if others else name, group)
        if main:
            properties[LANGUAGE] = main
        return properties

    def _main_language(self, literals: dict[URIRef, list[Literal]], said_by: list[str]) -> str:
        """Of the node's name: what its standard is in, if the name can be had in it."""
        names = literals.get(SKOS.prefLabel) or [one for values in literals.values() for one in values]
        offered = {one.language for one in names if one.language}
        wanted = [*(self._languages[one] for one in said_by if one in self._languages), *_USUAL_LANGUAGES]
        return next((one for one in wanted if one in offered), min(offered, default=""))


def _put(
    properties: dict[str, Value], name: str, literals: Iterable[Literal], *, as_list: bool = False
) -> None:
    """Adds values to what stands under a name: one as it is, several as a sorted list of one type."""
    before = properties.get(name, [])
    values = [*(before if isinstance(before, list) else [before]), *(_value(one) for one in literals)]
    if len({type(one) for one in values}) > 1:
        values = [str(one) for one in values]
    ordered = sorted(set(values))
    properties[name] = ordered if as_list or len(ordered) > 1 else ordered[0]


def _by_language(literals: Iterable[Literal]) -> dict[str, list[Literal]]:
    groups: dict[str, list[Literal]] = defaultdict(list)
    for one in literals:
        groups[one.language or ""].append(one)
    return groups


def _value(literal: Literal) -> str | int | float | bool:
    """Numbers and booleans as such, where the servers can hold them; everything else as it is written."""
    text = str(literal)
    try:
        if literal.datatype == XSD.boolean:
            return {"true": True, "1": True, "false": False, "0": False}[text.strip()]
        if literal.datatype in _INTEGERS:
            number = int(text)
            return number if -_LONGEST_INTEGER <= number < _LONGEST_INTEGER else text
        if literal.datatype in _NUMBERS:
            return float(text)
    except (ValueError, KeyError):
        return text
    return text


def _in_brackets(iri: str) -> str:
    if not iri or any(ord(character) <= 32 or character in '<>"{}|^`\\' for character in iri):
        raise ValueError(f"no IRI can be written as {iri!r}")
    return f"<{iri}>"

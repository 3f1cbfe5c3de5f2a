"""What the property graph calls things: labels, relationship types and property names.

All of it is derived from the ontology (``core.ttl``); nothing is modelled a second time. The ontology's own
terms keep their local names. A term of another vocabulary does so, too, unless one of ours has that name;
then the prefix of its vocabulary goes before it: ``skos:Concept`` is ``SkosConcept`` beside ``cg:Concept``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from rdflib import DCAT, DCTERMS, OWL, RDF, RDFS, SKOS, Literal, URIRef

from ontology.vocabulary import CG, core_graph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph

__all__ = [
    "CODE",
    "DOCUMENTS",
    "IRI",
    "LANGUAGE",
    "RESOURCE",
    "TEXT",
    "ClassTerm",
    "LiteralTerm",
    "PropertyGraphSchema",
    "RelationshipTerm",
    "property_graph_schema",
]

RESOURCE = "Resource"
"""The label of every node."""
IRI, CODE, TEXT, LANGUAGE, DOCUMENTS = "iri", "code", "text", "lang", "documents"

_NAMESPACES = (str(CG), str(SKOS), str(DCAT))
_RENAMED = {str(SKOS.notation): CODE, str(SKOS.prefLabel): TEXT}
# What every node may have besides what the ontology declares: the parts of SKOS and Dublin Core that it uses.
_BORROWED_LITERALS = (SKOS.notation, SKOS.prefLabel, SKOS.altLabel, SKOS.definition, DCTERMS.description)
_BORROWED_RELATIONS = (SKOS.broader, SKOS.narrower, SKOS.inScheme, SKOS.exactMatch, SKOS.closeMatch)
_BORROWED_CLASSES = (SKOS.Concept, SKOS.ConceptScheme, DCAT.Dataset)
_OTHER_CHARACTERS = re.compile(r"[^0-9A-Za-z_]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class ClassTerm:
    """A class and its label; ``labels`` are all that a node of it carries, the most general first."""

    iri: str
    label: str
    labels: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RelationshipTerm:
    """An object property and its relationship type; domain and range are labels, empty where any will do."""

    iri: str
    type: str
    domain: str
    range: str
    names: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LiteralTerm:
    """A property with literal values and its name; ``datatype`` is the local name of XSD's, or empty."""

    iri: str
    name: str
    domain: str
    datatype: str
    names: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]


class PropertyGraphSchema:
    """The names of everything in the property graph, as an ontology has them."""

    namespaces = _NAMESPACES
    """Instances of the classes in these namespaces are nodes."""

    def __init__(self, ontology: Graph) -> None:
        self._ontology = ontology
        self._own = {
            _local_name(str(term))
            for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
            for term in ontology.subjects(RDF.type, kind)
            if str(term).startswith(str(CG))
        }
        self._known_labels: dict[str, tuple[str, ...]] = {}
        self._known_types: dict[str, str] = {}
        self._known_names: dict[str, str] = {}

    def labels(self, types: Iterable[str]) -> tuple[str, ...]:
        """The labels of a node with these classes (IRIs), sorted after ``Resource``; empty where none of
        the classes is one whose instances are nodes."""
        found = {label for one in types for label in self._class_labels(one)}
        return (RESOURCE, *sorted(found)) if found else ()

    def is_node_class(self, iri: str) -> bool:
        """Whether instances of this class are nodes: those of the ontology, of SKOS and of DCAT are."""
        return iri.startswith(_NAMESPACES)

    def relationship_type(self, predicate: str) -> str:
        """``cg:hasTask`` is ``HAS_TASK``."""
        known = self._known_types.get(predicate)
        if known is None:
            known = self._known_types[predicate] = _upper_snake(self._name(predicate))
        return known

    def property_name(self, predicate: str) -> str:
        """``skos:notation`` is ``code``, ``skos:prefLabel`` is ``text``, ``cg:position`` is ``position``."""
        known = self._known_names.get(predicate)
        if known is None:
            known = self._known_names[predicate] = _RENAMED.get(predicate) or self._name(predicate)
        return known

    @cached_property
    def classes(self) -> tuple[ClassTerm, ...]:
        """Of the ontology, and those of SKOS and DCAT that its data uses; sorted by label."""
        terms = [
            ClassTerm(
                str(one),
                self._label(str(one)),
                (RESOURCE, *self._general_first(one)),
                self._texts(one, RDFS.label),
                self._texts(one, SKOS.definition),
            )
            for one in [*self._declared(OWL.Class), *_BORROWED_CLASSES]
            if self.is_node_class(str(one))
        ]
        return tuple(sorted(terms, key=lambda one: one.label))

    @cached_property
    def relationships(self) -> tuple[RelationshipTerm, ...]:
        """Of the ontology, and those of SKOS that its data uses; sorted by type."""
        terms = [
            RelationshipTerm(
                str(one),
                self.relationship_type(str(one)),
                self._term_label(one, RDFS.domain),
                self._term_label(one, RDFS.range),
                self._texts(one, RDFS.label),
                self._texts(one, SKOS.definition),
            )
            for one in [*self._declared(OWL.ObjectProperty), *_BORROWED_RELATIONS]
        ]
        return tuple(sorted(terms, key=lambda one: one.type))

    @cached_property
    def literals(self) -> tuple[LiteralTerm, ...]:
        """Of the ontology, and those of SKOS and Dublin Core that its data uses; sorted by name."""
        terms = [
            LiteralTerm(
                str(one),
                self.property_name(str(one)),
                self._term_label(one, RDFS.domain),
                next((_local_name(str(it)) for it in self._ontology.objects(one, RDFS.range)), ""),
                self._texts(one, RDFS.label),
                self._texts(one, SKOS.definition),
            )
            for one in [*self._declared(OWL.DatatypeProperty), *_BORROWED_LITERALS]
        ]
        return tuple(sorted(terms, key=lambda one: one.name))

    def _declared(self, kind: URIRef) -> list[URIRef]:
        return [one for one in self._ontology.subjects(RDF.type, kind) if isinstance(one, URIRef)]

    def _class_labels(self, iri: str) -> tuple[str, ...]:
        known = self._known_labels.get(iri)
        if known is None:
            known = self._general_first(URIRef(iri)) if self.is_node_class(iri) else ()
            self._known_labels[iri] = known
        return known

    def _general_first(self, term: URIRef) -> tuple[str, ...]:
        """The label of a class after those of its superclasses in the ontology."""
        own = [self._label(str(term))]
        for above in self._ontology.objects(term, RDFS.subClassOf):
            if isinstance(above, URIRef) and str(above).startswith(str(CG)):
                own = [*self._general_first(above), *own]
        return tuple(dict.fromkeys(own))

    def _term_label(self, term: URIRef, predicate: URIRef) -> str:
        found = next((str(one) for one in self._ontology.objects(term, predicate)), "")
        return self._label(found) if found and self.is_node_class(found) else ""

    def _texts(self, term: URIRef, predicate: URIRef) -> tuple[tuple[str, str], ...]:
        """Language and text, sorted."""
        return tuple(
            sorted(
                (one.language or "", str(one))
                for one in self._ontology.objects(term, predicate)
                if isinstance(one, Literal)
            )
        )

    def _label(self, iri: str) -> str:
        name = self._name(iri)
        return name[:1].upper() + name[1:]

    def _name(self, iri: str) -> str:
        local = _local_name(iri)
        clean = _OTHER_CHARACTERS.sub("_", local) or "_"
        if clean[0].isdigit():
            clean = f"_{clean}"
        reserved = local in (RESOURCE, IRI, CODE, LANGUAGE, DOCUMENTS)
        if (local in self._own and not iri.startswith(str(CG))) or reserved:
            prefix = next((name for name, space in self._prefixes if iri.startswith(space)), "other")
            return prefix + clean[:1].upper() + clean[1:]
        return clean

    @cached_property
    def _prefixes(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, str(space)) for name, space in self._ontology.namespaces() if name)


@cache
def property_graph_schema() -> PropertyGraphSchema:
    """Of the ontology of this project."""
    return PropertyGraphSchema(core_graph())


def _local_name(iri: str) -> str:
    return re.split(r"[#/:]", iri)[-1]


def _upper_snake(name: str) -> str:
    return _HUMPS.sub("_", name).upper()

"""What the endpoint and the data say of themselves: a service description, and VoID with DCAT.

SPARQL 1.1 Service Description, https://www.w3.org/TR/sparql11-service-description/; VoID,
https://www.w3.org/TR/void/; DCAT 3, https://www.w3.org/TR/vocab-dcat-3/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCAT, DCTERMS, RDF, RDFS, VOID, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import XSD

from ontology.identifiers import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from graph.concepts import DatasetSummary
    from graph.contents import Contents

__all__ = ["dataset_description", "service_description"]

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Namespace("http://www.w3.org/ns/formats/")
_RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)
_TITLES = (
    Literal("Competency Graph: occupational competency standards", lang="en"),
    Literal("職能圖譜：職能基準", lang="zh-Hant"),
)


def service_description(endpoint: str, void: str, documents: Iterable[str], contents: Contents) -> Graph:
    """Of the endpoint at this address, whose data ``void`` describes; ``documents`` are its named graphs."""
    graph = Graph()
    _bind(graph)
    service, dataset, default = URIRef(endpoint), BNode(), BNode()
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, service))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    for name in _RESULT_FORMATS:
        graph.add((service, SD.resultFormat, _FORMATS[name]))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, RDFS.seeAlso, URIRef(void)))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    graph.add((default, VOID.triples, _count(_statements(contents))))
    for iri in documents:
        named = BNode()
        graph.add((dataset, SD.namedGraph, named))
        graph.add((named, RDF.type, SD.NamedGraph))
        graph.add((named, SD.name, URIRef(iri)))
    return graph


def dataset_description(
    iri: str, endpoint: str, contents: Contents, releases: Iterable[DatasetSummary], examples: Iterable[str]
) -> Graph:
    """Of all that is loaded: how much of what, the releases in it with their licences, and where to ask."""
    graph = Graph()
    _bind(graph)
    whole = URIRef(iri)
    for kind in (VOID.Dataset, DCAT.Dataset):
        graph.add((whole, RDF.type, kind))
    for title in _TITLES:
        graph.add((whole, DCTERMS.title, title))
    graph.add((whole, VOID.sparqlEndpoint, URIRef(endpoint)))
    graph.add((whole, VOID.vocabulary, URIRef(ONTOLOGY)))
    graph.add((whole, VOID.triples, _count(_statements(contents))))
    graph.add((whole, VOID.classes, _count(len(contents.classes))))
    graph.add((whole, VOID.properties, _count(len(contents.properties))))
    for example in examples:
        graph.add((whole, VOID.exampleResource, URIRef(example)))
    for name, class_use in contents.classes.items():
        part = _part(graph, whole, VOID.classPartition)
        graph.add((part, VOID["class"], URIRef(name)))
        graph.add((part, VOID.entities, _count(class_use.count)))
    for name, property_use in contents.properties.items():
        part = _part(graph, whole, VOID.propertyPartition)
        graph.add((part, VOID.property, URIRef(name)))
        graph.add((part, VOID.triples, _count(property_use.count)))
    access = BNode()
    graph.add((whole, DCAT.distribution, access))
    graph.add((access, RDF.type, DCAT.Distribution))
    graph.add((access, DCAT.accessURL, URIRef(endpoint)))
    for release in releases:
        _release(graph, whole, release)
    return graph


def _release(graph: Graph, whole: Node, release: DatasetSummary) -> None:
    one = URIRef(release.iri)
    graph.add((whole, VOID.subset, one))
    graph.add((one, RDF.type, DCAT.Dataset))
    graph.add((one, DCTERMS.title, Literal(release.title)))
    if release.version:
        graph.add((one, DCAT.version, Literal(release.version)))
    if release.licence:
        is_address = release.licence.startswith(("http:", "https:"))
        licence = URIRef(release.licence) if is_address else Literal(release.licence)
        graph.add((one, DCTERMS.license if is_address else DCTERMS.rights, licence))
    if release.attribution:
        graph.add((one, DCTERMS.bibliographicCitation, Literal(release.attribution)))


def _part(graph: Graph, whole: Node, relation: URIRef) -> BNode:
    part = BNode()
    graph.add((whole, relation, part))
    return part


def _statements(contents: Contents) -> int:
    return sum(one.count for one in contents.properties.values())


def _count(number: int) -> Literal:
    return Literal(number, datatype=XSD.integer)


def _bind(graph: Graph) -> None:
    for name, space in (("sd", SD), ("void", VOID), ("dcat", DCAT), ("dcterms", DCTERMS)):
        graph.bind(name, space)

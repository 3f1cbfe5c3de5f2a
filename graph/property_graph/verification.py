"""Whether a property graph says what the store says: counts of everything, and a sample node by node.

The counts are asked of the store in SPARQL, not taken from what was loaded.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rdflib import RDF, URIRef

from graph.property_graph.interface import Census
from graph.property_graph.projection import Projector, in_batches, values_of
from graph.property_graph.schema import IRI, RESOURCE
from ontology.errors import ProjectionWrong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.property_graph.bolt import BoltConnection
    from graph.property_graph.projection import NodeRow
    from graph.property_graph.schema import PropertyGraphSchema
    from graph.store import RdfStore

__all__ = ["SAMPLE", "census", "verify"]

SAMPLE = 60
"""Nodes whose properties and relationships are compared one by one."""
_EACH = 3
_SHOWN = 50

_TYPES = "SELECT DISTINCT ?subject ?type WHERE { ?subject a ?type }"
_SUBJECTS = "SELECT DISTINCT ?subject WHERE { ?subject ?property ?value }"
_RELATIONS = f"""
SELECT ?property ?value (COUNT(*) AS ?count) WHERE {{
  ?subject ?property ?value .
  FILTER(isIRI(?value) && ?property != <{RDF.type}>)
}} GROUP BY ?property ?value"""
_RELATIONS_OF = f"""
SELECT ?property ?value WHERE {{
  VALUES ?subject {{ %s }}
  ?subject ?property ?value .
  FILTER(isIRI(?value) && ?property != <{RDF.type}>)
}}"""
_LABEL_COUNTS = f"MATCH (n:{RESOURCE}) UNWIND labels(n) AS label RETURN label, count(*) AS count"
_TYPE_COUNTS = f"MATCH (:{RESOURCE})-[r]->() RETURN type(r) AS type, count(*) AS count"
_SAMPLE_NODES = (
    f"UNWIND $iris AS iri MATCH (n:{RESOURCE} {{{IRI}: iri}}) "
    "RETURN iri, labels(n) AS labels, properties(n) AS properties"
)
_SAMPLE_EDGES = (
    f"UNWIND $iris AS iri MATCH (:{RESOURCE} {{{IRI}: iri}})-[r]->(m) "
    f"RETURN iri, type(r) AS type, m.{IRI} AS target"
)


def census(connection: BoltConnection) -> Census:
    """Of the property graph."""
    labels = {row["label"]: row["count"] for row in connection.write(_LABEL_COUNTS)}
    types = {row["type"]: row["count"] for row in connection.write(_TYPE_COUNTS)}
    return Census(dict(sorted(labels.items())), dict(sorted(types.items())))


def verify(connection: BoltConnection, store: RdfStore, schema: PropertyGraphSchema) -> Census:
    """The counts, when they and a sample of nodes are as in the store. Raises ``ProjectionWrong``."""
    types = _types(store, schema)
    expected = _expected(store, schema, types)
    found = census(connection)
    differences = [
        *_differences("nodes with the label", expected.labels, found.labels),
        *_differences("relationships of the type", expected.relationships, found.relationships),
        *_sample_differences(connection, store, schema, types),
    ]
    if differences:
        raise ProjectionWrong(differences[:_SHOWN])
    return found


def _types(store: RdfStore, schema: PropertyGraphSchema) -> dict[str, tuple[str, ...]]:
    """All nodes that have a class, with their labels."""
    types: dict[str, set[str]] = defaultdict(set)
    for row in store.select(_TYPES):
        if isinstance(row["subject"], URIRef) and schema.is_node_class(str(row["type"])):
            types[str(row["subject"])].add(str(row["type"]))
    return {iri: schema.labels(classes) for iri, classes in types.items()}


def _expected(store: RdfStore, schema: PropertyGraphSchema, nodes: Mapping[str, tuple[str, ...]]) -> Census:
    labels = Counter(label for found in nodes.values() for label in found)
    relations: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for row in store.select(_RELATIONS):
        count = int(str(row["count"]))
        relations[schema.relationship_type(str(row["property"]))] += count
        ends[str(row["value"])] += count
    # Taking away the few resources that are no nodes is a third of the work of asking for the others only.
    others = sorted({str(row["subject"]) for row in store.select(_SUBJECTS)} - set(nodes))
    for batch in in_batches(others):
        for row in store.select(_RELATIONS_OF % values_of(batch)):
            relations[schema.relationship_type(str(row["property"]))] -= 1
            ends[str(row["value"])] -= 1
    labels[RESOURCE] += sum(1 for iri, count in ends.items() if count > 0 and iri not in nodes)
    return Census(+labels, +relations)


def _differences(what: str, expected: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    return [
        f"{found.get(name, 0)} {what} {name}, where the store has {expected.get(name, 0)}"
        for name in sorted({*expected, *found})
        if expected.get(name, 0) != found.get(name, 0)
    ]


def _sample_differences(
    connection: BoltConnection,
    store: RdfStore,
    schema: PropertyGraphSchema,
    nodes: Mapping[str, tuple[str, ...]],
) -> list[str]:
    iris = _sample(nodes)
    expected = {row.iri: row for row in Projector(store, schema).nodes(iris)}
    found = {row["iri"]: row for row in connection.write(_SAMPLE_NODES, iris=iris)}
    edges: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in connection.write(_SAMPLE_EDGES, iris=iris):
        edges[row["iri"]].append((row["type"], row["target"]))
    differences = []
    for iri in iris:
        if iri not in found:
            differences.append(f"{iri} is not there")
        elif iri in expected:
            differences += _node_differences(expected[iri], found[iri], sorted(edges[iri]))
    return differences


def _node_differences(
    expected: NodeRow, found: Mapping[str, object], edges: list[tuple[str, str]]
) -> list[str]:
    differences = []
    labels = found["labels"]
    assert isinstance(labels, list)
    if sorted(labels) != sorted(expected.labels):
        differences.append(f"{expected.iri} has the labels {sorted(labels)}, not {sorted(expected.labels)}")
    properties = found["properties"]
    assert isinstance(properties, dict)
    differences += [
        f"{expected.iri} has {name}: {properties.get(name)!r}, where the store has {value!r}"
        for name, value in expected.properties.items()
        if properties.get(name) != value
    ]
    wanted = [(edge.type, edge.target) for edge in expected.edges]
    if wanted != edges:
        differences.append(f"{expected.iri} has the relationships {edges}, not {wanted}")
    return differences


def _sample(nodes: Mapping[str, tuple[str, ...]]) -> Sequence[str]:
    """Some of each combination of labels, then others; other ones each time."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for iri, labels in nodes.items():
        groups[labels].append(iri)
    chance = random.Random()  # noqa: S311 - no secret
    chosen = [one for group in groups.values() for one in chance.sample(group, min(_EACH, len(group)))]
    chance.shuffle(chosen)
    return sorted(chosen[:SAMPLE])

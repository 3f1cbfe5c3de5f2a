"""The ontology says in two languages what each of its terms means, and the data keeps to it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SDO, SKOS, XSD, Graph, Literal, URIRef
from strategies import standards

from ontology.codes import codes_graph
from ontology.identifiers import ONTOLOGY, Identifiers
from ontology.model import Standard
from ontology.rdf import to_graph
from ontology.readers import read_standard
from ontology.vocabulary import (
    CG,
    core_graph,
    declared_terms,
    schema_text,
    term_label,
    to_jsonld,
    vocabulary_graph,
)

if TYPE_CHECKING:
    from rdflib.term import Node

identifiers = Identifiers()
core = core_graph()
terms = [URIRef(term) for term in sorted(declared_terms())]
classes = frozenset(core.subjects(RDF.type, OWL.Class))
properties = frozenset(core.subjects(RDF.type, OWL.ObjectProperty)) | frozenset(
    core.subjects(RDF.type, OWL.DatatypeProperty)
)
shared_facts = vocabulary_graph(identifiers) + codes_graph(identifiers)


@pytest.fixture(scope="module")
def sample_graph(sample_path: Path) -> Graph:
    return to_graph(read_standard(sample_path), identifiers)


@pytest.mark.parametrize("term", terms, ids=lambda term: str(term).removeprefix(ONTOLOGY))
def test_every_term_has_a_label_and_a_definition_in_both_languages(term: URIRef) -> None:
    for said in (RDFS.label, SKOS.definition):
        found = [one for one in core.objects(term, said) if isinstance(one, Literal) and str(one).strip()]
        assert sorted(str(one.language) for one in found) == ["en", "zh-Hant"]
    assert core.value(term, RDFS.isDefinedBy) == URIRef(ONTOLOGY.rstrip("#"))


def test_every_subject_of_the_namespace_is_declared_once_as_one_kind() -> None:
    subjects = {one for one in core.subjects() if str(one).startswith(ONTOLOGY)}
    assert subjects == set(terms)
    assert not classes & properties


def test_terms_are_written_so_that_they_can_name_labels_and_relationships() -> None:
    for kind, pattern in ((classes, "[A-Z][A-Za-z]+"), (properties, "[a-z][A-Za-z]+")):
        for term in kind:
            assert re.fullmatch(pattern, str(term).removeprefix(ONTOLOGY))


def test_terms_of_other_vocabularies_exist_there() -> None:
    for namespace in (SKOS, PROV, DCTERMS, OWL, RDFS, SDO):
        for node in {node for triple in core for node in triple}:
            if str(node).startswith(str(namespace)):
                assert str(node).removeprefix(str(namespace)) in namespace.__annotations__


def test_what_the_ontology_refers_to_in_its_own_namespace_is_declared() -> None:
    used = {node for triple in core for node in triple if str(node).startswith(ONTOLOGY)}
    assert used - set(terms) == set()


@pytest.mark.parametrize(("element", "parent"), [("Skill", "Competency"), ("SubItem", "Element")])
def test_elements_are_concepts(element: str, parent: str) -> None:
    above = set(core.transitive_objects(CG[element], RDFS.subClassOf))
    assert {CG[parent], CG.Element, SKOS.Concept} <= above


def test_a_sub_item_is_neither_knowledge_nor_skill() -> None:
    above = set(core.transitive_objects(CG.SubItem, RDFS.subClassOf))
    assert not above & {CG.Competency, CG.Knowledge, CG.Skill}


def test_labels_are_given_by_language() -> None:
    assert term_label(str(CG.Indicator), "zh-Hant") == "行為指標"
    assert term_label(str(CG.SubItem), "en") == "Sub-item"
    assert term_label(str(CG.Indicator), "fr") is None
    assert term_label(str(SKOS.prefLabel), "en") is None


def test_levels_and_frameworks_are_named_in_both_languages() -> None:
    graph = vocabulary_graph(identifiers)
    levels = set(graph.subjects(RDF.type, CG.Level))
    assert {str(one) for one in levels} == {identifiers.level("icap", number) for number in range(1, 7)}
    frameworks = set(graph.subjects(RDF.type, CG.Framework))
    known = ("icap", "esco", "onet", "csco", "au", "case")
    assert {str(one) for one in frameworks} == {identifiers.framework(name) for name in known}
    for one in levels | frameworks:
        languages = [
            label.language for label in graph.objects(one, SKOS.prefLabel) if isinstance(label, Literal)
        ]
        assert sorted(map(str, languages)) == ["en", "zh-Hant"]


def test_the_sample_keeps_to_the_ontology(sample_graph: Graph) -> None:
    assert _broken(sample_graph) == []


@settings(max_examples=40, deadline=None)
@given(standard=standards())
def test_any_standard_keeps_to_the_ontology(standard: Standard) -> None:
    graph = to_graph(standard, identifiers)
    listed = set(graph.subjects(RDF.type))
    elsewhere = {
        value
        for said in (CG.requiresKnowledge, CG.requiresSkill, CG.framework, CG.level)
        for value in graph.objects(None, said)
        if value not in listed and (value, RDF.type, None) not in shared_facts
    }
    assert [one for one in _broken(graph) if one[2] not in elsewhere] == []


def _broken(graph: Graph) -> list[tuple[Node, Node, Node]]:
    """Triples with a term that is not declared, or outside the domain or range of their property."""
    return [
        (subject, said, value)
        for subject, said, value in graph
        if (said == RDF.type and str(value).startswith(ONTOLOGY) and value not in classes)
        or (
            str(said).startswith(ONTOLOGY) and not (said in properties and _fits(graph, subject, said, value))
        )
    ]


def _fits(graph: Graph, subject: Node, said: Node, value: Node) -> bool:
    domain, wanted = core.value(said, RDFS.domain), core.value(said, RDFS.range)
    if domain is not None and domain not in _kinds(graph, subject):
        return False
    if isinstance(value, Literal):
        if (said, RDF.type, OWL.DatatypeProperty) not in core:
            return False
        return wanted is None or wanted == (value.datatype or (None if value.language else XSD.string))
    if (said, RDF.type, OWL.ObjectProperty) not in core:
        return False
    return wanted is None or wanted in _kinds(graph, value)


def _kinds(graph: Graph, node: Node) -> set[Node | None]:
    return {
        above
        for source in (graph, shared_facts)
        for kind in source.objects(node, RDF.type)
        for above in core.transitive_objects(kind, RDFS.subClassOf)
    }


def test_the_check_finds_what_does_not_keep_to_the_ontology(sample_graph: Graph) -> None:
    sample = URIRef(identifiers.standard("icap", "BGM1219-002v2"))
    wrong: list[tuple[Node, Node, Node]] = [
        (sample, RDF.type, CG.Standrad),
        (sample, CG.hasTaks, URIRef(f"{sample}/T1")),
        (sample, CG.hasTask, URIRef(f"{sample}/S1")),
        (URIRef(f"{sample}/S1"), CG.hasActivity, URIRef(f"{sample}/T1.1")),
        (sample, CG.level, Literal(4)),
        (sample, CG.position, Literal("1")),
    ]
    for triple in wrong:
        graph = Graph() + sample_graph
        graph.add(triple)
        assert _broken(graph) == [triple]


def test_the_context_names_every_term_that_data_uses() -> None:
    context = json.loads(schema_text("context.jsonld"))["@context"]
    named = {one["@id"] if isinstance(one, dict) else one for one in context.values()}
    used = {f"cg:{str(term).removeprefix(ONTOLOGY)}" for term in terms}
    assert used - named == {"cg:Element", "cg:Competency", "cg:hasPart"}
    assert {one for one in named if one.startswith("cg:")} - used == set()


def test_the_context_knows_which_values_are_iris_and_which_are_texts() -> None:
    context = json.loads(schema_text("context.jsonld"))["@context"]
    for name, entry in context.items():
        term = CG[name]
        if term in properties:
            linked = isinstance(entry, dict) and entry.get("@type") == "@id"
            assert linked == ((term, RDF.type, OWL.ObjectProperty) in core)


@pytest.mark.parametrize("make", [vocabulary_graph, codes_graph])
def test_shared_facts_survive_json_ld(make: object) -> None:
    assert callable(make)
    graph: Graph = make(identifiers)
    again = Graph().parse(data=json.dumps(to_jsonld(graph)), format="json-ld")
    assert set(again) == set(graph)

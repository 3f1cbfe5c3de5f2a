"""A standard goes to RDF and back without loss, through every form in which the graph travels."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest
from hypothesis import given, settings
from rdflib import DCTERMS, OWL, PROV, RDF, SKOS, Graph, Literal, URIRef
from rdflib.query import ResultRow
from strategies import standards

from ontology.codes import codes_graph
from ontology.errors import InvalidInput, NotFound
from ontology.identifiers import Identifiers
from ontology.model import (
    Classification,
    Competency,
    Doubt,
    Note,
    Place,
    Standard,
    SubItem,
    Task,
    VersionEntry,
)
from ontology.rdf import from_graph, to_graph
from ontology.readers import read_standard
from ontology.vocabulary import CG, to_jsonld, vocabulary_graph

if TYPE_CHECKING:
    from rdflib.term import Node

identifiers = Identifiers()
BASE = identifiers.base
SAMPLE = URIRef(f"{BASE}icap/BGM1219-002v2")


@pytest.fixture(scope="module")
def sample(sample_path: Path) -> Standard:
    return read_standard(sample_path)


@pytest.fixture(scope="module")
def sample_graph(sample: Standard) -> Graph:
    return to_graph(sample, identifiers)


def _standard(**fields: object) -> Standard:
    return dataclasses.replace(Standard("icap", "BGM1219-002v2", "基層主管"), **fields)  # type: ignore[arg-type]


def _iri(standard: Standard, base: Identifiers = identifiers) -> str:
    return base.of_standard(standard)


@pytest.mark.parametrize("base", [BASE, "https://example.org/ns#", "urn:example:x/"])
@settings(max_examples=60, deadline=None)
@given(standard=standards())
def test_nothing_is_lost(base: str, standard: Standard) -> None:
    under = Identifiers(base)
    assert from_graph(to_graph(standard, under), _iri(standard, under), under) == standard


@pytest.mark.parametrize("form", ["nt", "turtle"])
@settings(max_examples=60, deadline=None)
@given(standard=standards())
def test_nothing_is_lost_in_text(form: str, standard: Standard) -> None:
    graph = to_graph(standard, identifiers)
    again = Graph().parse(data=graph.serialize(format=form, encoding="utf-8"), format=form)
    assert set(again) == set(graph)
    assert from_graph(again, _iri(standard), identifiers) == standard


@settings(max_examples=60, deadline=None)
@given(standard=standards())
def test_nothing_is_lost_in_json_ld(standard: Standard) -> None:
    graph = to_graph(standard, identifiers)
    again = Graph().parse(data=json.dumps(to_jsonld(graph)), format="json-ld")
    assert set(again) == set(graph)


@settings(max_examples=60, deadline=None)
@given(standard=standards())
def test_nothing_is_lost_in_the_store_which_lower_cases_language_tags(standard: Standard) -> None:
    graph = to_graph(standard, identifiers)
    store = pyoxigraph.Store()
    store.load(graph.serialize(format="nt", encoding="utf-8"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    stored = store.dump(format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph())
    again = Graph().parse(data=stored, format="nt")
    assert from_graph(again, _iri(standard), identifiers) == standard


@pytest.mark.parametrize("base", [BASE, "https://example.org/ns#"])
@settings(max_examples=60, deadline=None)
@given(standard=standards())
def test_every_node_has_a_valid_iri_under_the_standard_or_a_shared_one(base: str, standard: Standard) -> None:
    under = Identifiers(base)
    iri = _iri(standard, under)
    for triple in to_graph(standard, under):
        for node in triple:
            if not isinstance(node, Literal):
                assert isinstance(node, URIRef)
                assert pyoxigraph.NamedNode(str(node)).value == str(node)
    about = {str(subject) for subject in to_graph(standard, under).subjects()}
    shared = tuple(under.base + part for part in ("series/", "code/"))
    versions = {str(one) for one in to_graph(standard, under).subjects(RDF.type, CG.Version)}
    assert {one for one in about - versions if not one.startswith((iri, *shared))} == set()


def test_two_documents_and_the_shared_facts_in_one_graph_are_told_apart(sample: Standard) -> None:
    successor = VersionEntry("V3", "BGM1219-002v3", "基層主管", "最新版本")
    newer = _standard(code="BGM1219-002v3", tasks=sample.tasks[:1], history=(successor, *sample.history))
    whole = vocabulary_graph(identifiers) + codes_graph(identifiers)
    whole += to_graph(sample, identifiers)
    whole += to_graph(newer, identifiers)
    assert from_graph(whole, _iri(sample), identifiers) == sample
    assert from_graph(whole, _iri(newer), identifiers) == newer


def test_the_sample_comes_back(sample: Standard, sample_graph: Graph) -> None:
    assert from_graph(sample_graph, str(SAMPLE), identifiers) == sample


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("Standard", 1),
        ("Task", 5),
        ("Activity", 17),
        ("Output", 16),
        ("Indicator", 66),
        ("Knowledge", 19),
        ("Skill", 16),
        ("SubItem", 17),
        ("Attitude", 6),
        ("VersionEntry", 2),
        ("Classification", 3),
    ],
)
def test_a_query_counts_what_the_sample_has(sample_graph: Graph, kind: str, count: int) -> None:
    query = "SELECT (COUNT(DISTINCT ?one) AS ?count) WHERE { ?one a ?kind }"
    (row,) = sample_graph.query(query, initBindings={"kind": CG[kind]})
    assert isinstance(row, ResultRow)
    assert row[0] == Literal(count)


def test_elements_stand_where_the_document_has_them(sample_graph: Graph) -> None:
    item = URIRef(f"{SAMPLE}/S1/2")
    assert sample_graph.value(item, SKOS.prefLabel) == Literal("處理團隊衝突", lang="zh-Hant")
    assert sample_graph.value(item, SKOS.notation) == Literal("S1#2")
    assert sample_graph.value(item, CG.partOf) == URIRef(f"{SAMPLE}/S1")
    assert sample_graph.value(item, CG.ofStandard) == SAMPLE
    assert (URIRef(f"{SAMPLE}/T1"), CG.requiresSkill, URIRef(f"{SAMPLE}/S1")) in sample_graph
    assert sample_graph.value(URIRef(f"{SAMPLE}/T1"), CG.level) == URIRef(f"{BASE}level/icap/5")
    assert sample_graph.value(SAMPLE, CG.level) == URIRef(f"{BASE}level/icap/4")


def test_each_element_points_back_to_what_holds_it(sample_graph: Graph) -> None:
    holding = ("Task", "Activity", "Output", "Indicator", "Knowledge", "Skill", "Attitude", "SubItem")
    held = {
        (child, holder)
        for kind in holding
        for holder, child in sample_graph.subject_objects(CG[f"has{kind}"])
    }
    assert held == set(sample_graph.subject_objects(CG.partOf))
    assert len(held) == 5 + 17 + 16 + 66 + 19 + 16 + 6 + 17


def test_printed_codes_lead_to_the_concepts_they_mean(sample_graph: Graph) -> None:
    expected: dict[URIRef, Node] = {
        CG.category: URIRef(f"{BASE}code/category-icap/BGM"),
        CG.occupation: URIRef(f"{BASE}code/occupation-mol-tw/1219"),
        CG.industry: URIRef(f"{BASE}code/industry-dgbas-tw/701"),
    }
    assert {one: sample_graph.value(SAMPLE, one) for one in expected} == expected
    assert set(sample_graph.objects(None, CG.resolvesTo)) == set(expected.values())


def test_a_code_that_no_list_has_stays_visible_and_leads_nowhere() -> None:
    standard = _standard(industry=(Classification("C3400", "電力設備製造業"),))
    graph = to_graph(standard, identifiers)
    (node,) = graph.objects(SAMPLE, CG.hasClassification)
    assert graph.value(node, CG.printedCode) == Literal("C3400")
    assert graph.value(node, CG.resolvesTo) is None
    assert graph.value(SAMPLE, CG.industry) is None


def test_an_earlier_version_is_named_and_no_standard(sample_graph: Graph) -> None:
    earlier = URIRef(f"{BASE}icap/BGM1219-002v1")
    assert set(sample_graph.objects(earlier, RDF.type)) == {CG.Version}
    assert sample_graph.value(earlier, DCTERMS.isReplacedBy) == SAMPLE
    assert sample_graph.value(SAMPLE, PROV.wasRevisionOf) == earlier
    assert sample_graph.value(earlier, OWL.deprecated) == Literal(lexical_or_value=True)
    assert sample_graph.value(earlier, CG.series) == sample_graph.value(SAMPLE, CG.series)


def test_a_row_of_another_series_names_that_series() -> None:
    row = VersionEntry("V1", "BAS1219-001", "主管", "歷史版本", "已被《BGM1219-002v2》取代")
    graph = to_graph(_standard(history=(row,)), identifiers)
    series = {str(one) for one in graph.subjects(RDF.type, CG.Series)}
    assert series == {f"{BASE}series/icap/BAS1219-001", f"{BASE}series/icap/BGM1219-002"}


def test_a_printed_date_is_a_date_only_where_the_calendar_has_it() -> None:
    history = tuple(VersionEntry("V2", "", "", "", date=date) for date in ("2018/2/28", "2018/2/30", "略"))
    graph = to_graph(_standard(history=history), identifiers)
    assert [str(one) for one in graph.objects(None, DCTERMS.issued)] == ["2018-02-28"]
    assert len(set(graph.objects(None, CG.printedDate))) == 3


def test_a_doubt_leads_to_its_element(sample: Standard) -> None:
    doubts = (Doubt("unfinished-sentence", "S16", "並貫徹", place=Place(44)), Doubt("no-level", "level", ""))
    graph = to_graph(dataclasses.replace(sample, doubts=doubts), identifiers)
    assert set(graph.subject_objects(CG.about)) == {(URIRef(f"{SAMPLE}#doubt-1"), URIRef(f"{SAMPLE}/S16"))}


def test_the_order_of_what_is_required_comes_back_though_triples_have_none() -> None:
    listed = tuple(Competency(f"K{number}", "知識") for number in range(1, 4))
    for codes in (("K1", "K3"), ("K3", "K1"), ("K2", "K2"), ("K9", "K1"), ()):
        standard = _standard(knowledge=listed, tasks=(Task("T1", "任務", knowledge=codes),))
        graph = to_graph(standard, identifiers)
        assert from_graph(graph, str(SAMPLE), identifiers).tasks[0].knowledge == codes


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"knowledge": (Competency("K1", "a"), Competency("K1", "b"))}, "share the code K1"),
        ({"knowledge": (Competency("K1", "a", (SubItem(2, "b"), SubItem(2, "c"))),)}, "share the code K1#2"),
        ({"knowledge": (Competency("K1", "a", (SubItem(2, "b"),)), Competency("K1#2", "c"))}, "K1#2"),
        ({"knowledge": (Competency("K1", "a", (SubItem(-1, "b"),)),)}, "K1#-1 names no sub-item"),
        ({"knowledge": (Competency("K#1", "a", (SubItem(1, "b"),)),)}, "K#1#1 names no sub-item"),
        ({"tasks": (Task("", "a"),)}, "empty code"),
        ({"tasks": (Task("T1", "a", skills=("",)),)}, "empty code"),
        ({"language": "zh_Hant"}, "zh_Hant"),
        ({"description": "\ud800"}, "surrogates"),
        ({"knowledge": (Competency("K1", "a", printed="\ud800"),)}, "surrogates"),
        ({"notes": (Note("note", "a", heading="\ud800"),)}, "surrogates"),
        ({"source": "\ud800.txt"}, "surrogates"),
    ],
)
def test_what_rdf_cannot_say_is_refused_by_name(fields: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=f"BGM1219-002v2: .*{message}"):
        to_graph(_standard(**fields), identifiers)


def test_a_standard_that_is_not_there_is_not_found(sample_graph: Graph) -> None:
    for iri in (f"{BASE}icap/BGM1219-002v1", f"{SAMPLE}/T1", "https://elsewhere.example/x"):
        with pytest.raises(NotFound):
            from_graph(sample_graph, iri, identifiers)


def test_a_node_that_says_twice_what_it_can_say_once_is_refused(sample: Standard) -> None:
    graph = to_graph(sample, identifiers)
    graph.add((URIRef(f"{SAMPLE}/S1/2"), SKOS.prefLabel, Literal("x", lang="zh-Hant")))
    with pytest.raises(InvalidInput, match="S1/2 has 2 values"):
        from_graph(graph, str(SAMPLE), identifiers)


def test_json_ld_is_compact_and_in_order(sample_graph: Graph) -> None:
    document = to_jsonld(sample_graph)
    by_id = {node["id"]: node for node in document["@graph"]}
    item = by_id[f"{SAMPLE}/S1/2"]
    assert item["type"] == "SubItem"
    assert item["label"] == {"zh-Hant": "處理團隊衝突"}
    assert item["partOf"] == f"{SAMPLE}/S1"
    keys = {key for node in document["@graph"] for key in node}
    assert {key for key in keys if ":" in key or key.startswith("@")} == set()
    order = [one.rpartition("/")[2] for one in by_id[str(SAMPLE)]["hasKnowledge"]]
    assert order == [f"K{number}" for number in range(1, 20)]
    assert to_jsonld(sample_graph) == document


def test_turtle_uses_the_prefix_of_the_ontology(sample_graph: Graph) -> None:
    assert "a cg:SubItem" in sample_graph.serialize(format="turtle")

"""The analysts' questions give the same rows in both languages, on real documents and small releases."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import small_esco
import small_onet

from graph import questions
from graph.analyst_questions import Question, header_of
from graph.cypher_guard import check_cypher
from graph.ingest import ingest
from graph.oxigraph import OxigraphStore
from graph.sparql import SparqlService
from ontology.identifiers import Identifiers
from ontology.vocabulary import declared_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graph.property_graph import PropertyGraph

Rows = list[list[object]]
ALL = questions()
IDS = [one.name for one in ALL]
NUMBERS = ("integer", "decimal", "double")


def releases(folder: Path) -> list[Path]:
    """Small releases of ESCO and O*NET, with a skill that two occupations take and one that a third may."""
    tables = small_esco.tables()
    tables["occupationSkillRelations.csv"] += [
        [small_esco.PASTRY, "essential", "skill/competence", small_esco.KNEAD],
        [small_esco.PASTRY, "optional", "", small_esco.HYGIENE],
    ]
    return [
        small_esco.zipped(folder / "esco", tables),
        small_onet.write_texts(folder / "onet", small_onet.release()),
    ]


@pytest.fixture(scope="module")
def store(
    tmp_path_factory: pytest.TempPathFactory, sample_path: Path, shared_data: Path
) -> Iterator[OxigraphStore]:
    """The bundled standards, the documents of iCAP beside the project, and the small releases."""
    folder = tmp_path_factory.mktemp("questions")
    files = [*sample_path.parent.glob("*.txt"), *(shared_data / "icap").iterdir(), *releases(folder)]
    with OxigraphStore(folder / "store") as opened:
        report = ingest(sorted(files), opened, Identifiers())
        assert report.counts()["refused"] == 0
        yield opened


@pytest.fixture(scope="module")
def sparql(store: OxigraphStore) -> Iterator[SparqlService]:
    with SparqlService(store, workers=1, deadline=30) as service:
        yield service


@pytest.fixture(scope="module")
def projected(store: OxigraphStore, arcade_graph: PropertyGraph) -> PropertyGraph:
    arcade_graph.project(store)
    return arcade_graph


def value(term: Mapping[str, str]) -> object:
    """A term of SPARQL's JSON results as Cypher has it."""
    text, datatype = term["value"], term.get("datatype", "").rpartition("#")[2]
    if datatype in NUMBERS:
        return float(text)
    return text == "true" if datatype == "boolean" else text


def in_sparql(service: SparqlService, query: str) -> tuple[list[str], Rows]:
    found = json.loads(service.query(query, accept="application/sparql-results+json").body)
    columns = found["head"]["vars"]
    rows = [
        [value(row[one]) if one in row else None for one in columns] for row in found["results"]["bindings"]
    ]
    return columns, rows


def in_cypher(graph: PropertyGraph, query: str) -> tuple[list[str], Rows]:
    answer = graph.run(query, {}, deadline=30, rows=5000)
    assert answer.complete
    return list(answer.columns), [[number(one) for one in row] for row in answer.rows]


def number(one: object) -> object:
    return float(one) if isinstance(one, int | float) and not isinstance(one, bool) else one


def assert_same(graph: PropertyGraph, service: SparqlService, question: Question) -> None:
    columns, rows = in_sparql(service, question.sparql)
    assert rows, "no data set answers it"
    assert in_cypher(graph, question.cypher) == (columns, rows)


@pytest.fixture(scope="module")
def projected_to_neo4j(store: OxigraphStore, neo4j_graph: PropertyGraph) -> PropertyGraph:
    neo4j_graph.project(store)
    return neo4j_graph


@pytest.mark.servers
def test_a_genuine_neo4j_gives_the_same_rows(
    projected_to_neo4j: PropertyGraph, sparql: SparqlService
) -> None:
    for question in ALL:
        assert_same(projected_to_neo4j, sparql, question)


@pytest.mark.parametrize("question", ALL, ids=IDS)
def test_both_languages_give_the_same_rows(
    projected: PropertyGraph, sparql: SparqlService, question: Question
) -> None:
    assert_same(projected, sparql, question)


def test_there_are_at_least_twenty_five_and_most_need_no_more_than_what_is_bundled(
    tmp_path: Path, sample_path: Path
) -> None:
    with OxigraphStore(tmp_path) as store, SparqlService(store, workers=1) as service:
        ingest(sorted(sample_path.parent.glob("*.txt")), store, Identifiers())
        empty = {one.name for one in ALL if not in_sparql(service, one.sparql)[1]}
    assert empty == {one.name for one in ALL if one.needs}
    assert len(ALL) - len(empty) >= 20


@pytest.mark.parametrize("question", ALL, ids=IDS)
def test_a_question_is_told_in_both_languages_and_both_files_alike(question: Question) -> None:
    header = header_of(question.sparql)
    assert header == header_of(question.cypher)
    assert [key for key, _ in header if key not in ("needs", "edit")] == ["en", "zh-Hant", "shows"]
    assert question.titles["en"].endswith("?")
    assert question.titles["zh-Hant"].endswith("？")
    assert question.needs in ("", "esco", "onet", "icap")
    check_cypher(question.cypher)


def test_a_question_names_no_term_that_there_is_not() -> None:
    named = {
        "https://w3id.org/competency-graph/ontology#" + name
        for one in ALL
        for name in re.findall(r"\bcg:([A-Za-z]+)", one.sparql)
    }
    assert named - declared_terms() == set()

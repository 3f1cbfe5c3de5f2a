"""The property graph: one contract for every server, and what the projection promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.ingest import ingest
from graph.oxigraph import MemoryStore
from graph.property_graph import open_property_graph
from ontology.errors import InvalidInput, QueryRefused, QuerySyntaxError, QueryTimeout
from ontology.identifiers import Identifiers

if TYPE_CHECKING:
    from pathlib import Path

    from graph.property_graph import PropertyGraph


@pytest.fixture(scope="module")
def store(sample_path: Path) -> MemoryStore:
    """The bundled standard, the vocabulary and the codes."""
    made = MemoryStore()
    ingest([sample_path], made, Identifiers())
    return made


@pytest.fixture(params=["arcade_graph", pytest.param("neo4j_graph", marks=pytest.mark.servers)])
def graph(request: pytest.FixtureRequest, store: MemoryStore) -> PropertyGraph:
    """Each kind of server in turn, with what ``store`` holds."""
    made: PropertyGraph = request.getfixturevalue(request.param)
    made.project(store)
    return made


def rows(graph: PropertyGraph, query: str, **parameters: object) -> list[list[object]]:
    return graph.run(query, parameters, deadline=20, rows=1000).rows


def test_elements_are_nodes_with_the_labels_of_their_classes_and_those_above(graph: PropertyGraph) -> None:
    query = "MATCH (s:Skill {code: 'S1'})-[:HAS_SUB_ITEM]->(i) WHERE i.code = 'S1#2' RETURN labels(s), i.text"
    [[labels, text]] = rows(graph, query)
    assert isinstance(labels, list)
    assert sorted(labels) == ["Competency", "Element", "Resource", "Skill"]
    assert text == "處理團隊衝突"


def test_an_answer_that_is_cut_says_so(graph: PropertyGraph) -> None:
    answer = graph.run("MATCH (i:Indicator) RETURN i.code AS code ORDER BY code", deadline=20, rows=3)
    assert answer.columns == ("code",)
    assert len(answer.rows) == 3
    assert not answer.complete
    assert graph.run("MATCH (t:Task) RETURN t.code", deadline=20, rows=5).complete


@pytest.mark.parametrize(
    "query",
    [
        "CREATE (:Resource {iri: 'x'})",
        "MATCH (s:Skill) SET s.text = ''",
        "MATCH (s:Skill) DETACH DELETE s",
        "MATCH (s:Skill) REMOVE s:Skill",
        "CREATE INDEX mine FOR (s:Skill) ON (s.text)",
        "CREATE (:Other)",
    ],
)
def test_readers_may_not_write(graph: PropertyGraph, query: str) -> None:
    with pytest.raises(QueryRefused):
        graph.run(query, deadline=20, rows=1)


def test_a_query_that_does_not_parse_names_the_place(graph: PropertyGraph) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        graph.run("MATCH (n:Task\nRETURN n", deadline=20, rows=1)
    assert caught.value.line == 2


def test_the_deadline_holds_for_the_caller(graph: PropertyGraph) -> None:
    query = "UNWIND range(1, 30000) AS a UNWIND range(1, 30000) AS b WITH a WHERE a * b < 0 RETURN count(*)"
    with pytest.raises(QueryTimeout):
        graph.run(query, deadline=0.5, rows=1)
    assert rows(graph, "RETURN 1") == [[1]]


@pytest.mark.parametrize(
    "descriptor", ["", "arcadedb", "arcadedb:here", "http://127.0.0.1", "bolt:", "bolt://"]
)
def test_other_descriptors_are_refused(descriptor: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="arcadedb"):
        open_property_graph(descriptor, folder=tmp_path)

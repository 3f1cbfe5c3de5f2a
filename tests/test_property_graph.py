"""The property graph: one contract for every server, and what the projection promises."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, given, settings
from rdflib import RDF, SKOS, XSD, Graph, Literal, URIRef
from strategies import standards

from graph.ingest import ingest
from graph.oxigraph import MemoryStore
from graph.property_graph import CurrentGraph, open_property_graph
from graph.property_graph.loading import Loader
from ontology.errors import (
    InvalidInput,
    ProjectionPending,
    ProjectionWrong,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
)
from ontology.identifiers import Identifiers
from ontology.rdf import to_graph
from ontology.vocabulary import CG, vocabulary_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph.property_graph import PropertyGraph
    from graph.property_graph.adapters import BoltGraph
    from graph.property_graph.bolt import BoltConnection
    from ontology.model import Standard

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def store(sample_path: Path) -> MemoryStore:
    """The bundled standard and the vocabulary, without the code lists."""
    made = MemoryStore()
    ingest([sample_path], made, Identifiers())
    made.publish({Identifiers().base + "code": None})
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


def connection_of(graph: PropertyGraph) -> BoltConnection:
    """The way in that only the loader has, to break things."""
    return cast("BoltGraph", graph)._connection()


def everything(graph: PropertyGraph) -> tuple[list[str], list[str]]:
    """All nodes and relationships, in an order that does not depend on the server."""
    connection = connection_of(graph)
    nodes = connection.write("MATCH (n:Resource) RETURN labels(n) AS labels, properties(n) AS properties")
    edges = connection.write(
        "MATCH (a:Resource)-[r]->(b) RETURN a.iri AS source, type(r) AS type, b.iri AS target"
    )
    return (
        sorted(repr((sorted(row["labels"]), sorted(row["properties"].items()))) for row in nodes),
        sorted(repr(sorted(row.items())) for row in edges),
    )


def tiny(*triples: tuple[str, URIRef, URIRef | Literal]) -> Graph:
    made = Graph()
    for subject, predicate, value in triples:
        made.add((URIRef(f"urn:{subject}"), predicate, value))
    return made


def test_the_projection_is_compared_with_the_store_and_changes_nothing_twice(
    graph: PropertyGraph, store: MemoryStore
) -> None:
    before = everything(graph)
    report = graph.project(store)
    assert (report.changed, report.removed, report.rebuilt) == (0, 0, False)
    assert everything(graph) == before
    state = graph.state()
    assert state.whole
    assert state.documents == store.graphs()
    census = graph.verify(store)
    assert census.labels["Indicator"] == 66
    assert census.labels["Skill"] == 16
    assert census.relationships["HAS_TASK"] == 5


_DAMAGE = (
    ("MATCH (s:Skill {code: 'S1'}) DETACH DELETE s", "with the label Skill"),
    ("MATCH (:Task {code: 'T1'})-[r:HAS_ACTIVITY]->() DELETE r", "of the type HAS_ACTIVITY"),
    ("CREATE (:Resource:Attitude {iri: 'urn:more'})", "with the label Attitude"),
    ("MATCH (s:Standard)-[:HAS_TASK]->(t) CREATE (t)-[:HAS_TASK]->(s)", "of the type HAS_TASK"),
    ("MATCH (s:Standard) SET s.text = 'another'", "text: 'another'"),
    ("MATCH (s:Standard) SET s.documents = []", "documents: []"),
)


def test_what_somebody_changed_is_found_and_made_again(graph: PropertyGraph, store: MemoryStore) -> None:
    whole = everything(graph)
    graph.verify(store)
    for damage, told in _DAMAGE:
        connection_of(graph).write(damage)
        with pytest.raises(ProjectionWrong) as caught:
            graph.verify(store)
        assert any(told in one for one in caught.value.differences), told
    assert graph.project(store, rebuild=True).rebuilt
    assert everything(graph) == whole


def test_what_is_half_made_answers_nothing_and_is_made_anew(graph: PropertyGraph, store: MemoryStore) -> None:
    whole = everything(graph)
    loader = Loader(connection_of(graph))
    loader.begin("another")
    loader.delete(
        [str(row["iri"]) for row in connection_of(graph).write("MATCH (n:Task) RETURN n.iri AS iri")]
    )
    assert not graph.state().whole
    time.sleep(1.1)  # what was seen of the state is good for a second
    with pytest.raises(ProjectionPending):
        graph.run("RETURN 1", deadline=20, rows=1)
    assert graph.project(store).rebuilt
    assert everything(graph) == whole


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=standards(), second=standards(), third=standards())
def test_following_the_store_gives_what_making_it_anew_gives(
    graph: PropertyGraph, first: Standard, second: Standard, third: Standard
) -> None:
    identifiers = Identifiers()
    store = MemoryStore()
    one, two = "urn:document:one", "urn:document:two"
    store.publish({"urn:vocabulary": vocabulary_graph(identifiers), one: to_graph(first, identifiers)})
    graph.project(store)
    for changes in (
        {two: to_graph(second, identifiers)},
        {one: to_graph(third, identifiers), two: to_graph(first, identifiers)},
        {one: None},
    ):
        store.publish(changes)
        report = graph.project(store)
        assert not report.rebuilt
    followed = everything(graph)
    graph.project(store, rebuild=True)
    assert everything(graph) == followed


def test_nodes_come_go_and_change_their_labels_with_what_documents_say(graph: PropertyGraph) -> None:
    skill, link = (RDF.type, CG.Skill), CG.requiresSkill
    store = MemoryStore()
    store.publish({"urn:a": tiny(("task", RDF.type, CG.Task), ("task", link, URIRef("urn:s")))})
    graph.project(store)
    query = "MATCH (:Task)-[:REQUIRES_SKILL]->(s) RETURN labels(s)"
    assert rows(graph, query) == [[["Resource"]]]
    store.publish({"urn:b": tiny(("s", *skill), ("s", SKOS.prefLabel, Literal("甲", lang="zh-Hant")))})
    graph.project(store)
    [[labels]] = rows(graph, query)
    assert sorted(cast("list[str]", labels)) == ["Competency", "Element", "Resource", "Skill"]
    assert rows(graph, "MATCH (s:Skill) RETURN s.text, s.lang, s.documents") == [["甲", "zh-Hant", ["urn:b"]]]
    store.publish({"urn:b": None})
    graph.project(store)
    assert rows(graph, query) == [[["Resource"]]]
    store.publish({"urn:a": tiny(("task", RDF.type, CG.Task))})
    graph.project(store)
    assert rows(graph, "MATCH (n:Resource) RETURN n.iri") == [["urn:task"]]


def test_values_keep_their_types_and_languages(graph: PropertyGraph) -> None:
    store = MemoryStore()
    label, other = SKOS.prefLabel, SKOS.altLabel
    store.publish(
        {
            "urn:a": tiny(
                ("s", RDF.type, CG.Standard),
                ("s", label, Literal("衝突 🤝 ", lang="zh-Hant")),
                ("s", label, Literal("conflict 'n\\' \"so\"", lang="en")),
                ("s", other, Literal("b", lang="en")),
                ("s", CG.position, Literal(3)),
                ("s", CG.importance, Literal("4.25", datatype=XSD.decimal)),
                ("s", CG.suppressed, Literal("true", datatype=XSD.boolean)),
                ("s", CG.page, Literal(10**30)),
                ("s", CG.tag, Literal("y")),
                ("s", CG.tag, Literal("x")),
            )
        }
    )
    graph.project(store)
    [[found]] = rows(graph, "MATCH (s:Standard) RETURN properties(s)")
    assert found == {
        "iri": "urn:s",
        "documents": ["urn:a"],
        "text": "衝突 🤝 ",
        "text_en": "conflict 'n\\' \"so\"",
        "lang": "zh-Hant",
        "altLabel": ["b"],
        "position": 3,
        "importance": 4.25,
        "suppressed": True,
        "page": str(10**30),
        "tag": ["x", "y"],
    }
    assert rows(graph, "MATCH (s {text: $text}) RETURN s.iri", text="衝突 🤝 ") == [["urn:s"]]


def test_a_query_that_needs_too_much_memory_is_stopped(
    arcade_graph: PropertyGraph, store: MemoryStore
) -> None:
    arcade_graph.project(store)
    with pytest.raises((QueryTooLarge, QueryTimeout)):
        arcade_graph.run(
            "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b RETURN collect(toString(a) + toString(b))",
            deadline=20,
            rows=1,
        )
    assert rows(arcade_graph, "RETURN 1") == [[1]]


def test_many_queries_at_once_get_their_own_answers(graph: PropertyGraph) -> None:
    answers: dict[int, object] = {}

    def ask(number: int) -> None:
        answers[number] = rows(graph, "MATCH (t:Task {code: $code}) RETURN t.code, $n", code="T1", n=number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: [["T1", number]] for number in range(24)}


@pytest.mark.servers
def test_what_was_written_is_seen_by_what_is_read_next(
    neo4j_graph: PropertyGraph, store: MemoryStore
) -> None:
    neo4j_graph.project(store, rebuild=True)
    assert connection_of(neo4j_graph).bookmarks()
    assert rows(neo4j_graph, "MATCH (t:Task) RETURN count(t)") == [[5]]


def test_a_query_after_a_publication_sees_it(graph: PropertyGraph) -> None:
    store = MemoryStore()
    store.publish({"urn:a": tiny(("t", RDF.type, CG.Task))})
    current = CurrentGraph(graph, store, shared=True)

    def count() -> list[list[object]]:
        current.bring_up_to_date(60)
        return current.run("MATCH (t:Task) RETURN count(t)", deadline=20, rows=1).rows

    assert count() == [[1]]
    store.publish({"urn:b": tiny(("u", RDF.type, CG.Task))})
    assert count() == [[2]]
    store.publish({"urn:a": None})
    assert count() == [[1]]


class _SlowGraph:
    """A property graph whose projection takes as long as the test wants."""

    def __init__(self, graph: PropertyGraph) -> None:
        self._graph = graph
        self.go_on = threading.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._graph, name)

    def project(self, store: MemoryStore, progress: Callable[[str, int, int], None]) -> object:
        progress("Projecting nodes", 3, 10)
        assert self.go_on.wait(30)
        return self._graph.project(store, progress)


def test_a_query_that_comes_while_it_is_made_is_told_how_far_it_is(arcade_graph: PropertyGraph) -> None:
    store = MemoryStore()
    store.publish({"urn:a": tiny(("t", RDF.type, CG.Task))})
    slow = _SlowGraph(arcade_graph)
    current = CurrentGraph(cast("PropertyGraph", slow), store, shared=True)
    with pytest.raises(ProjectionPending, match="3 of 10"):
        current.run("MATCH (t:Task) RETURN t.iri", deadline=0.2, rows=1)
    slow.go_on.set()
    current.bring_up_to_date(60)
    assert current.run("MATCH (t:Task) RETURN t.iri", deadline=20, rows=1).rows == [["urn:t"]]


def test_a_server_that_was_killed_starts_again_with_what_it_had(tmp_path: Path, store: MemoryStore) -> None:
    with open_property_graph("arcadedb:", folder=tmp_path, memory_mb=512) as graph:
        graph.project(store)
        before = everything(graph)
        keeper = _keeper(graph)
        [server] = _children(keeper)
        os.kill(server, signal.SIGKILL)
        _wait_until_gone(keeper)
        assert rows(graph, "MATCH (t:Task) RETURN count(t)") == [[5]]
        assert not graph.project(store).rebuilt
        assert everything(graph) == before


_HOLDER = """
import sys, time
from pathlib import Path
from graph.property_graph import open_property_graph
graph = open_property_graph("arcadedb:", folder=Path(sys.argv[1]), memory_mb=512)
graph.state()
print(graph.process_id(), flush=True)
time.sleep(600)
"""


def test_no_server_outlives_a_process_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert parent.stdout is not None
        keeper = int(parent.stdout.readline())
        [server] = _children(keeper)
        shown = Path(f"/proc/{server}/cmdline").read_bytes() + Path(f"/proc/{keeper}/cmdline").read_bytes()
        assert b"assword" not in shown
    finally:
        parent.kill()
        parent.communicate()
    _wait_until_gone(server)
    _wait_until_gone(keeper)
    with open_property_graph("arcadedb:", folder=tmp_path, memory_mb=512) as graph:
        assert graph.state().revision == ""
        keeper = _keeper(graph)
        [server] = _children(keeper)
        os.kill(keeper, signal.SIGKILL)  # the server ends with its keeper, too
        _wait_until_gone(server)


def _keeper(graph: PropertyGraph) -> int:
    from graph.property_graph.adapters import ArcadeGraph

    assert isinstance(graph, ArcadeGraph)
    found = graph.process_id()
    assert found is not None
    return found


def _children(process: int) -> list[int]:
    return [
        int(one)
        for one in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    ]


def _wait_until_gone(process: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        time.sleep(0.05)
    pytest.fail(f"process {process} is still there")

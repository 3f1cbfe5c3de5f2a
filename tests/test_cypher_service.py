"""Cypher over HTTP, on the command line and as a service: values, limits, errors."""

from __future__ import annotations

import json
import math
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from neo4j.graph import Graph, Node
from neo4j.spatial import WGS84Point
from neo4j.time import Date, DateTime, Duration
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import cli
from graph.cypher import CypherService
from graph.cypher_values import to_json_rows
from graph.property_graph import Answer
from ontology.errors import Overloaded, QueryRefused, QueryTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.services import Services


class _Canned:
    """Gives one answer after ``seconds``, and remembers what it was asked."""

    def __init__(self, rows: list[list[object]], seconds: float = 0) -> None:
        self._rows = rows
        self._seconds = seconds
        self.asked: list[tuple[str, dict[str, object], float, int]] = []

    def run(
        self, query: str, parameters: Mapping[str, object] | None = None, *, deadline: float, rows: int
    ) -> Answer:
        self.asked.append((query, dict(parameters or {}), deadline, rows))
        time.sleep(self._seconds)
        return Answer(("x",), self._rows[:rows], complete=len(self._rows) <= rows)


def _service(graph: _Canned, **options: Any) -> CypherService:
    return CypherService(graph, lambda: "r1", **options)  # type: ignore[arg-type] # run is all it uses


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), raise_server_exceptions=False) as client:
        answer = client.post("/api/v1/cypher", json={"query": "RETURN 1 AS one"})
        end = time.monotonic() + 180
        while answer.status_code == 503 and time.monotonic() < end:  # the property graph is being made
            time.sleep(0.5)
            answer = client.post("/api/v1/cypher", json={"query": "RETURN 1 AS one"})
        assert answer.json()["rows"] == [[1]], answer.text
        yield client


def test_what_the_guard_refuses_is_not_sent() -> None:
    graph = _Canned([])
    with pytest.raises(QueryRefused):
        _service(graph).query("CREATE (n)")
    assert graph.asked == []


def test_the_row_limit_is_told() -> None:
    graph = _Canned([[1], [2], [3]])
    answer = _service(graph, rows=2, deadline=7.0).query("RETURN $a AS x", {"a": 1})
    assert (answer.rows, answer.complete, answer.revision) == ([[1], [2]], False, "r1")
    assert graph.asked == [("RETURN $a AS x", {"a": 1}, 7.0, 2)]
    assert _service(graph, rows=3).query("RETURN 1 AS x").complete


def test_more_queries_than_places_wait_and_are_told_to_come_again() -> None:
    service = _service(_Canned([[1]], seconds=1.5), at_once=1, deadline=0.2)
    thread = threading.Thread(target=service.query, args=("RETURN 1 AS x",))
    thread.start()
    time.sleep(0.3)
    with pytest.raises(Overloaded) as caught:
        service.query("RETURN 1 AS x")
    assert caught.value.retry_after == 2
    thread.join()
    assert service.query("RETURN 1 AS x").rows == [[1]]


def test_values_as_json() -> None:
    node = Node(Graph(), "n", 1, ["Skill", "Resource"], {"iri": "https://e/1", "born": Date(2020, 1, 2)})
    rows = to_json_rows(
        [
            [2**60, 1.5, math.nan, -math.inf, True, None, "文"],
            [node, [node.get("born")], {"a": Duration(days=1, seconds=2)}],
            [DateTime(2020, 1, 2, 3, 4, 5), WGS84Point((1.0, 2.0)), b"\x00\x01"],
        ]
    )
    assert rows == [
        [2**60, 1.5, "NaN", "-Infinity", True, None, "文"],
        [
            {
                "iri": "https://e/1",
                "labels": ["Resource", "Skill"],
                "properties": {"iri": "https://e/1", "born": "2020-01-02"},
            },
            ["2020-01-02"],
            {"a": "P1DT2S"},
        ],
        ["2020-01-02T03:04:05.000000000", {"srid": 4326, "coordinates": [1.0, 2.0]}, "AAE="],
    ]
    json.dumps(rows, allow_nan=False)


def test_an_answer_with_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.cypher_values.MOST_VALUES", 10)
    with pytest.raises(QueryTooLarge):
        to_json_rows([[list(range(20))]])


def test_the_route_gives_columns_and_rows(client: TestClient) -> None:
    query = "MATCH (s:Standard {code: $code})-[:HAS_TASK]->(t:Task) RETURN t.code AS code, t ORDER BY code"
    answer = client.post("/api/v1/cypher", json={"query": query, "parameters": {"code": "BGM1219-002v2"}})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["columns"] == ["code", "t"]
    assert found["complete"] is True
    assert found["revision"]
    code, task = found["rows"][0]
    assert code == "T1"
    assert task["iri"].endswith("BGM1219-002v2/T1")
    assert {"Resource", "Element", "Task"} <= set(task["labels"])
    assert task["properties"]["lang"] == "zh-Hant"


def test_the_route_gives_relationships_and_paths(client: TestClient) -> None:
    query = "MATCH p = (s:Standard)-[r:HAS_TASK]->(t:Task {code: 'T1'}) RETURN r, p, 9007199254740993 AS big"
    answer = client.post("/api/v1/cypher", json={"query": query})
    assert answer.status_code == 200, answer.text
    relationship, path, big = answer.json()["rows"][0]
    assert relationship["type"] == "HAS_TASK"
    assert [step["type"] for step in path["relationships"]] == ["HAS_TASK"]
    assert [node["properties"]["code"] for node in path["nodes"]][1] == "T1"
    assert path["relationships"][0]["end"] == path["nodes"][1]["iri"]
    assert big == 9007199254740993


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ("MATCH (n)\nSET n.x = 1", 403, "query-refused"),
        ("MATCH (n)\nRETURN n n", 400, "query-syntax"),
    ],
)
def test_errors_are_problem_details_with_the_place(
    client: TestClient, query: str, status: int, slug: str
) -> None:
    answer = client.post("/api/v1/cypher", json={"query": query})
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["type"].endswith(slug)
    assert problem["line"] == 2
    assert problem["column"] >= 1


def test_the_command_prints_rows(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    from api import services as module

    class _Lent:
        def __enter__(self) -> Services:
            return services

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(module, "open_services", lambda _: _Lent())
    runner = CliRunner()
    query = "UNWIND $list AS x RETURN x, $word AS word"
    options = ["cypher", query, "-p", "list=[1, 2]", "-p", "word=衝突"]
    assert runner.invoke(cli, options).output == "x\tword\n1\t衝突\n2\t衝突\n"
    assert runner.invoke(cli, [*options, "--csv"]).output == "x,word\n1,衝突\n2,衝突\n"
    assert json.loads(runner.invoke(cli, [*options, "--json"]).output)["rows"] == [[1, "衝突"], [2, "衝突"]]
    assert runner.invoke(cli, ["cypher", "-"], input="RETURN 7 AS x").output == "x\n7\n"
    assert runner.invoke(cli, ["cypher", "RETURN 1", "-p", "novalue"]).exit_code == 2

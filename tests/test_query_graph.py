"""What answers to queries draw, and what the editor completes."""

from __future__ import annotations

import html
import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app

if TYPE_CHECKING:
    from api.services import Services

PREFIXES = (
    "PREFIX cg: <https://w3id.org/competency-graph/ontology#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
STANDARD = "<https://w3id.org/competency-graph/id/icap/BGM1219-002v2>"


@pytest.fixture
def client(services: Services) -> TestClient:
    return TestClient(create_app(services))


def drawn(client: TestClient, query: str, language: str = "sparql") -> dict[str, list[dict[str, str]]]:
    """The graph that the page draws, as its script reads it."""
    parameters = {"query": query, "language": language, "show": "graph", "hl": "zh-Hant"}
    answer = client.get("/query", params=parameters)
    while answer.status_code == 503 and language == "cypher":
        time.sleep(1)  # the property graph is being made, and says how far it is
        answer = client.get("/query", params=parameters)
    assert answer.status_code == 200
    found = re.search(r'data-graph="([^"]*)"', answer.text)
    return json.loads(html.unescape(found[1])) if found else {"nodes": [], "links": []}


def test_rows_link_their_nodes_and_name_them(client: TestClient) -> None:
    graph = drawn(
        client,
        PREFIXES + f"SELECT ?one ?text ?task ?name {{ {STANDARD} cg:hasTask ?task . BIND({STANDARD} AS ?one) "
        "?one skos:prefLabel ?text . ?task skos:prefLabel ?name }",
    )
    texts = {one["text"] for one in graph["nodes"]}
    assert len(graph["nodes"]) == 6
    assert {"基層主管", "提升團隊效能"} <= texts
    assert {one["text"] for one in graph["links"]} == {"task"}
    assert len(graph["links"]) == 5


def test_a_constructed_graph_has_its_properties_as_links_and_its_types_as_kinds(client: TestClient) -> None:
    graph = drawn(client, PREFIXES + f"CONSTRUCT WHERE {{ {STANDARD} cg:hasTask ?task . ?task a ?type }}")
    assert {one["text"] for one in graph["links"]} == {"hasTask"}
    kinds = {one["id"].rpartition("/")[2]: one["kind"] for one in graph["nodes"]}
    assert kinds["T1"] == "Task"


def test_a_path_in_cypher_is_drawn_with_the_types_of_its_relationships(client: TestClient) -> None:
    query = "MATCH p = (s:Standard)-[:HAS_TASK]->(t)-[:HAS_ACTIVITY]->(a) RETURN p"
    graph = drawn(client, query, "cypher")
    assert {one["text"] for one in graph["links"]} == {"HAS_TASK", "HAS_ACTIVITY"}
    assert len(graph["nodes"]) == 1 + 5 + 17


def test_an_answer_that_links_nothing_is_not_offered_as_a_graph(client: TestClient) -> None:
    query = PREFIXES + "SELECT (COUNT(?one) AS ?count) { ?one a cg:Task }"
    assert drawn(client, query) == {"nodes": [], "links": []}


def test_a_large_answer_is_drawn_up_to_a_bound(client: TestClient) -> None:
    graph = drawn(client, PREFIXES + "SELECT ?one ?scheme { ?one skos:inScheme ?scheme } LIMIT 5000")
    assert len(graph["nodes"]) == 400
    known = {one["id"] for one in graph["nodes"]}
    assert all({one["source"], one["target"]} <= known for one in graph["links"])


@pytest.mark.parametrize(("language", "title"), [("zh-Hant", "行為指標"), ("en", "Indicator")])
def test_terms_for_completion_are_told_in_the_language_of_the_page(
    client: TestClient, language: str, title: str
) -> None:
    found = client.get("/schema/terms", params={"hl": language}).json()
    terms = {one["curie"]: one for one in found["terms"] if one["kind"] == "class"}
    assert terms["cg:Indicator"]["count"] == 66
    assert terms["cg:Indicator"]["name"] == "Indicator"
    assert terms["cg:Indicator"]["title"].casefold().endswith(title.casefold())
    assert found["prefixes"]["cg"] == "https://w3id.org/competency-graph/ontology#"
    assert {one["kind"] for one in found["terms"]} == {"class", "type", "property"}

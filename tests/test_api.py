"""The HTTP API over the bundled standard, with a toy model: shapes, negotiation, errors, limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from rdflib import VOID, Graph, URIRef
from starlette.testclient import TestClient

from api.app import create_app
from api.problems import PROBLEM_JSON
from ontology.vocabulary import CG as CORE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services

BASE = "https://w3id.org/competency-graph/id/"
STANDARD = f"{BASE}icap/BGM1219-002v2"
CG = "PREFIX cg: <https://w3id.org/competency-graph/ontology#> "


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    """Starting and stopping are part of the app, so the services of this module are its own."""
    yield TestClient(create_app(services), raise_server_exceptions=False)
    services.sparql.close()


def problem_in(response: object) -> dict[str, object]:
    assert response.headers["content-type"] == PROBLEM_JSON  # type: ignore[attr-defined]
    body: dict[str, object] = response.json()  # type: ignore[attr-defined]
    assert {"type", "title", "status", "detail", "instance"} <= set(body)
    assert body["status"] == response.status_code  # type: ignore[attr-defined]
    return body


class TestSearch:
    def test_hits_have_the_shape_that_tools_outside_rely_on(self, client: TestClient) -> None:
        body = client.get("/api/v1/search", params={"q": "處理團隊衝突", "limit": 3}).json()
        first = body["hits"][0]
        assert len(body["hits"]) == 3
        assert (first["code"], first["kind"], first["text"]) == ("S1#2", "skill", "處理團隊衝突")
        assert (first["iri"], first["standard"], first["lang"]) == (
            f"{STANDARD}/S1/2",
            "BGM1219-002v2",
            "zh-Hant",
        )
        assert [step["code"] for step in first["path"]] == ["S1"]
        assert first["found_by"]["arm"] in ("words", "both")
        assert first["found_by"]["spans"] == [[0, 6]]
        scores = [hit["score"] for hit in body["hits"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)

    def test_filters_by_standard_kind_framework_and_language(self, client: TestClient) -> None:
        def kinds(**filters: str | list[str]) -> set[str]:
            response = client.get("/api/v1/search", params={"q": "團隊", "limit": "50", **filters})
            assert response.status_code == 200
            return {hit["kind"] for hit in response.json()["hits"]}

        assert kinds(kind="skill") == {"skill"}
        assert kinds(kind=["task", "attitude"]) == {"task", "attitude"}
        assert len(kinds(standard="bgm1219-002")) > 3
        assert kinds(framework="esco") == set()
        assert kinds(lang="en") == set()
        assert len(kinds(lang="zh-Hant", framework="icap")) > 3

    def test_pages_of_hits_follow_each_other(self, client: TestClient) -> None:
        whole = client.get("/api/v1/search", params={"q": "客戶", "limit": 9}).json()["hits"]
        parts = [
            client.get("/api/v1/search", params={"q": "客戶", "limit": 3, "offset": offset}).json()["hits"]
            for offset in (0, 3, 6)
        ]
        assert [hit["iri"] for part in parts for hit in part] == [hit["iri"] for hit in whole]

    @pytest.mark.parametrize(("code", "text"), [("P4.1.3", "辨識和利用關鍵績效指標"), ("K14", "預算")])
    def test_a_code_leads_straight_to_its_element(self, client: TestClient, code: str, text: str) -> None:
        first = client.get("/api/v1/search", params={"q": code}).json()["hits"][0]
        assert first["code"] == code
        assert text in first["text"]
        assert first["found_by"]["arm"] == "code"

    @pytest.mark.parametrize(
        ("parameters", "status"),
        [
            ({}, 422),
            ({"q": ""}, 400),
            ({"q": "   "}, 400),
            ({"q": "x" * 2000}, 400),
            ({"q": "x", "limit": 0}, 422),
            ({"q": "x", "limit": 101}, 422),
            ({"q": "x", "offset": -1}, 422),
            ({"q": "x", "kind": "skills"}, 422),
            ({"q": "x", "standard": "BGM9999-001"}, 404),
        ],
    )
    def test_what_cannot_be_searched_is_said(
        self, client: TestClient, parameters: dict[str, str | int], status: int
    ) -> None:
        response = client.get("/api/v1/search", params=parameters)
        assert response.status_code == status
        assert problem_in(response)["detail"]

    @pytest.mark.parametrize(
        "query",
        [
            '" OR 1=1',
            "AND NOT (",
            "terms:*",
            "😀",
            "a\x00b",
            "../../etc",
            "%",
            "衝" * 400,
            "<script>",
        ],
    )
    def test_no_text_breaks_the_search(self, client: TestClient, query: str) -> None:
        response = client.get("/api/v1/search", params={"q": query})
        assert response.status_code in (200, 400)


class TestStandards:
    def test_the_list_counts_what_is_in_each(self, client: TestClient) -> None:
        body = client.get("/api/v1/standards").json()
        assert body["total"] == 1
        [one] = body["standards"]
        assert (one["code"], one["name"], one["level"]) == ("BGM1219-002v2", "基層主管", 4)
        assert one["counts"] == {
            "activity": 17,
            "attitude": 6,
            "statement": 0,
            "indicator": 66,
            "knowledge": 19,
            "output": 16,
            "skill": 16,
            "task": 5,
        }
        assert client.get("/api/v1/standards", params={"offset": 1}).json()["standards"] == []

    @pytest.mark.parametrize("key", ["BGM1219-002v2", "bgm1219-002V2", "BGM1219-002"])
    def test_a_standard_is_found_by_its_code_in_any_writing(self, client: TestClient, key: str) -> None:
        body = client.get(f"/api/v1/standards/{key}").json()
        assert (body["iri"], body["code"]) == (STANDARD, "BGM1219-002v2")
        assert [task["level"] for task in body["tasks"]] == [5, 4, 3, 4, 4]

    @pytest.mark.parametrize(
        ("accept", "parser"),
        [("text/turtle", "turtle"), ("application/ld+json", "json-ld"), ("application/n-triples", "nt")],
    )
    def test_a_standard_is_had_as_rdf(self, client: TestClient, accept: str, parser: str) -> None:
        response = client.get("/api/v1/standards/BGM1219-002v2", headers={"Accept": accept})
        assert response.headers["content-type"].partition(";")[0] == accept
        assert "Accept" in response.headers["vary"].split(", ")
        whole = Graph().parse(data=response.text, format=parser)
        assert len(whole) > 1000
        same = client.get("/api/v1/standards/BGM1219-002v2", headers={"Accept": "text/turtle"})
        assert set(whole) == set(Graph().parse(data=same.text, format="turtle"))

    def test_an_unknown_code_names_what_there_is(self, client: TestClient) -> None:
        body = problem_in(client.get("/api/v1/standards/BGM1219-003"))
        assert body["status"] == 404
        assert "BGM1219-002v2" in str(body["detail"])

    def test_forms_that_are_not_offered(self, client: TestClient) -> None:
        by_header = client.get("/api/v1/standards/BGM1219-002v2", headers={"Accept": "image/png"})
        assert problem_in(by_header)["status"] == 406
        by_name = client.get("/api/v1/standards/BGM1219-002v2", params={"format": "docx"})
        assert problem_in(by_name)["status"] == 400


class TestLinkedData:
    @pytest.mark.parametrize(
        "path",
        [
            "icap/BGM1219-002v2",
            "icap/BGM1219-002v2/T1",
            "icap/BGM1219-002v2/P5.3.5",
            "icap/BGM1219-002v2/S1/2",
            "icap/BGM1219-002v2/A01",
            "code/occupation-mol-tw/1219",
            "code/industry-dgbas-tw/701",
            "code/industry-dgbas-tw",
            "level/icap/4",
            "icap",
        ],
    )
    def test_every_kind_of_iri_answers_as_page_and_as_rdf(self, client: TestClient, path: str) -> None:
        page = client.get(f"/id/{path}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        turtle = client.get(f"/id/{path}", headers={"Accept": "text/turtle"})
        graph = Graph().parse(data=turtle.text, format="turtle")
        assert any(str(subject) == BASE + path for subject in graph.subjects())

    def test_a_standard_says_its_codes_by_rule(self, client: TestClient) -> None:
        graph = Graph().parse(
            data=client.get("/id/icap/BGM1219-002v2", headers={"Accept": "text/turtle"}).text, format="turtle"
        )
        found = {(str(p).rpartition("#")[2], str(o)) for _, p, o in graph}
        assert ("occupation", f"{BASE}code/occupation-mol-tw/1219") in found
        assert ("industry", f"{BASE}code/industry-dgbas-tw/701") in found

    @pytest.mark.parametrize(
        "path", ["icap/NONE-001v1", "icap/BGM1219-002v2/T9", "x", "", "%00", "a%20b", "%3Cx%3E", "{x}"]
    )
    def test_an_unknown_iri_is_not_found(self, client: TestClient, path: str) -> None:
        response = client.get(f"/id/{path}", headers={"Accept": "text/turtle"})
        assert problem_in(response)["status"] == 404


class TestSparql:
    COUNT = CG + "SELECT (COUNT(?i) AS ?n) WHERE { ?i a cg:Indicator }"

    def test_the_count_of_indicators_by_every_way_of_the_protocol(self, client: TestClient) -> None:
        form = {"query": self.COUNT}
        typed = {"Content-Type": "application/sparql-query"}
        answers = [
            client.get("/sparql", params=form),
            client.post("/sparql", data=form),
            client.post("/sparql", content=self.COUNT.encode(), headers=typed),
        ]
        for answer in answers:
            assert answer.headers["content-type"] == "application/sparql-results+json"
            assert answer.json()["results"]["bindings"][0]["n"]["value"] == "66"

    def test_accept_chooses_the_form(self, client: TestClient) -> None:
        answer = client.get("/sparql", params={"query": self.COUNT}, headers={"Accept": "text/csv"})
        assert answer.text.split() == ["n", "66"]
        described = client.get(
            "/sparql", params={"query": f"DESCRIBE <{STANDARD}/S1/2>"}, headers={"Accept": "text/turtle"}
        )
        assert "處理團隊衝突" in described.text

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
            ("INSERT DATA { <a:a> <a:b> <a:c> }", 403),
            ("DROP ALL", 403),
            ("SELECT * {", 400),
            ("", 400),
        ],
    )
    def test_what_is_refused(self, client: TestClient, query: str, status: int) -> None:
        assert problem_in(client.get("/sparql", params={"query": query}))["status"] == status
        assert problem_in(client.post("/sparql", data={"query": query}))["status"] == status

    def test_updates_by_their_own_parameters_are_refused(self, client: TestClient) -> None:
        assert problem_in(client.post("/sparql", data={"update": "DROP ALL"}))["status"] == 403
        typed = {"Content-Type": "application/sparql-update"}
        assert problem_in(client.post("/sparql", content=b"DROP ALL", headers=typed))["status"] == 403

    def test_a_body_of_another_type_or_encoding(self, client: TestClient) -> None:
        other = client.post("/sparql", content=b"x", headers={"Content-Type": "text/plain"})
        assert problem_in(other)["status"] == 415
        typed = {"Content-Type": "application/sparql-query"}
        broken = client.post("/sparql", content=b"ASK { \xff }", headers=typed)
        assert "UTF-8" in str(problem_in(broken)["detail"])

    def test_a_cross_product_is_stopped_while_searches_go_on(self, client: TestClient) -> None:
        cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        body = problem_in(client.get("/sparql", params={"query": cross}))
        assert (body["status"], body["seconds"]) == (504, 2.0)
        assert client.get("/api/v1/search", params={"q": "團隊"}).status_code == 200


class TestEdges:
    def test_a_body_over_the_limit_is_refused_however_it_is_sent(self, client: TestClient) -> None:
        typed = {"Content-Type": "application/sparql-query"}
        declared = client.post("/sparql", content=b"#" * 2_000_000, headers=typed)
        assert problem_in(declared)["status"] == 413
        chunked = client.post("/sparql", content=iter([b"#" * 100_000] * 30), headers=typed)
        assert problem_in(chunked)["status"] == 413

    def test_every_answer_has_the_security_headers(self, client: TestClient) -> None:
        for path in ("/", "/api/v1/standards", "/nope", "/static/base.css"):
            headers = client.get(path).headers
            assert "unsafe-inline" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"

    def test_all_routes_answer_wrong_methods_and_paths_with_problem_details(self, client: TestClient) -> None:
        document = client.get("/openapi.json").json()
        assert len(document["paths"]) >= 5
        for path in (path for path, one in document["paths"].items() if "delete" not in one):
            assert problem_in(client.delete(path.replace("{code}", "x")))["status"] == 405
        assert problem_in(client.get("/api/v1/nothing"))["status"] == 404

    def test_health_tells_what_is_loaded(self, client: TestClient) -> None:
        body = client.get("/health").json()
        assert (body["status"], body["standards"]) == ("ok", 1)
        assert body["passages"] >= 162
        assert (body["model"], body["calibrated"]) == ("toy", True)

    def test_the_openapi_document_has_an_example_for_each_parameter_that_is_required(
        self, client: TestClient
    ) -> None:
        for path, operations in client.get("/openapi.json").json()["paths"].items():
            for operation in operations.values():
                for parameter in operation.get("parameters", []):
                    if parameter["required"]:
                        assert parameter.get("examples"), (path, parameter["name"])
                assert operation["summary"]

    def test_the_data_set_says_what_it_holds(self, client: TestClient) -> None:
        answer = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
        graph = Graph().parse(data=answer.text, format="turtle")
        whole = URIRef("http://testserver/.well-known/void")
        for terms, name, counted in (
            (VOID.classPartition, VOID["class"], VOID.entities),
            (VOID.propertyPartition, VOID.property, VOID.triples),
        ):
            said = {
                graph.value(part, name): graph.value(part, counted) for part in graph.objects(whole, terms)
            }
            term = CORE.Indicator if counted == VOID.entities else CORE.hasIndicator
            assert str(said[term]) == "66"
        query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        counted_all = client.get("/sparql", params={"query": query}).json()["results"]["bindings"][0]["n"]
        assert str(graph.value(whole, VOID.triples)) == counted_all["value"]
        assert graph.value(whole, VOID.sparqlEndpoint) == URIRef("http://testserver/sparql")

    def test_links_of_the_api_page_work(self, client: TestClient) -> None:
        page = client.get("/api?hl=en", headers={"Accept": "text/html"}).text
        links = [part.split('"')[0] for part in page.split('<a href="')[1:]]
        tried = [
            link.replace("&amp;", "&") for link in links if link.startswith(("/api/", "/sparql", "/health"))
        ]
        assert len(tried) >= 5
        for link in tried:
            assert client.get(link).status_code == 200, link


def test_a_service_without_data_says_what_to_do(empty_services: Services) -> None:
    client = TestClient(create_app(empty_services), raise_server_exceptions=False)
    for path in ("/api/v1/search?q=x", "/health", f"/sparql?query={quote('ASK {}')}"):
        response = client.get(path)
        assert problem_in(response)["status"] == 503
        assert "competency ingest" in json.dumps(response.json())
        assert response.headers["retry-after"]
    page = client.get("/standards", headers={"Accept": "text/html"})
    assert (page.status_code, "competency ingest --bundled" in page.text) == (200, True)
    assert client.get("/?q=x", headers={"Accept": "text/html"}).status_code == 503

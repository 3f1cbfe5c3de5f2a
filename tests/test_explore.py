"""The graph around a node: what is a neighbour, in what order, how many, and the same as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from small_esco import BAKER, DOUGH, PASTRY, tables, zip_path, zipped
from starlette.testclient import TestClient

from api.app import create_app
from api.services import ingest_and_index, open_services
from api.settings import Settings
from graph.neighbours import KINDS, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services

STANDARD = "https://w3id.org/competency-graph/id/icap/BGM1219-002v2"
HOSTILE = (
    "x y> } INSERT DATA { <urn:a> <urn:b> <urn:c> } #",
    "urn:x> ?p ?o } #",
    'urn:x"{}|\\^`',
    "javascript:alert(1)",
    "<script>alert(1)</script>",
    "urn:\x00x",
)


@pytest.fixture
def client(services: Services) -> TestClient:
    return TestClient(create_app(services))


@pytest.fixture(scope="module")
def esco_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """ESCO in miniature, whose occupations share skills."""
    folder: Path = tmp_path_factory.mktemp("esco")
    settings = Settings(data_dir=folder / "data", embedder="toy")
    zipped(folder, tables())
    report = ingest_and_index([zip_path(folder)], settings)
    assert report.counts()["added"] > 0, report
    with open_services(settings) as services:
        yield TestClient(create_app(services))


def neighbours(client: TestClient, iri: str, **parameters: Any) -> Any:
    answer = client.get("/api/v1/neighbours", params={"iri": iri, **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_standard_is_connected_with_its_parts_and_codes_and_with_no_rows_of_tables(
    client: TestClient,
) -> None:
    found = neighbours(client, "BGM1219-002v2", limit=100)
    assert found["node"]["label"] == "基層主管"
    assert found["kinds"] == {"task": 5, "knowledge": 19, "skill": 16, "attitude": 6, "version": 1, "code": 3}
    assert found["total"] == len(found["nodes"]) == len({one["iri"] for one in found["nodes"]})
    assert not [one for one in found["nodes"] if "#" in one["iri"] or "/level/" in one["iri"]]


def test_the_first_neighbours_are_some_of_each_relation(client: TestClient) -> None:
    found = neighbours(client, STANDARD, limit=9)
    assert {one["kind"] for one in found["nodes"]} == set(found["kinds"])
    assert [one["code"] for one in found["nodes"][:3]] == ["T1", "K1", "S1"]


def test_pages_of_neighbours_are_disjoint_and_complete(client: TestClient) -> None:
    pages = [neighbours(client, STANDARD, limit=20, offset=offset) for offset in (0, 20, 40)]
    iris = [node["iri"] for page in pages for node in page["nodes"]]
    assert len(iris) == len(set(iris)) == pages[0]["total"]


def test_edges_have_the_direction_of_their_relation_and_words_in_both_languages(client: TestClient) -> None:
    found = neighbours(client, f"{STANDARD}/S1", hl="en")
    assert {(one["from"], one["relation"]) for one in found["edges"] if one["to"] == f"{STANDARD}/S1"} == {
        (STANDARD, "hasSkill"),
        (f"{STANDARD}/T1", "requiresSkill"),
    }
    assert {one["relation"]: one["label"]["en"] for one in found["relations"]}["^requiresSkill"]
    assert all(set(one["label"]) == {"zh-Hant", "en"} for one in found["edges"])
    assert found["node"]["standard_code"] == "BGM1219-002v2"


def test_kinds_and_relations_narrow(client: TestClient) -> None:
    tasks = neighbours(client, STANDARD, kind=["task", "attitude"], limit=100)
    assert {one["kind"] for one in tasks["nodes"]} == {"task", "attitude"}
    assert tasks["total"] == 11
    assert tasks["kinds"]["skill"] == 16
    skills = neighbours(client, STANDARD, relation="hasSkill", limit=100)
    assert {one["kind"] for one in skills["nodes"]} == {"skill"}
    assert neighbours(client, f"{STANDARD}/S1", relation="^requiresSkill")["total"] == 1


def test_from_an_occupation_to_a_skill_to_the_occupations_that_share_it(esco_client: TestClient) -> None:
    skills = neighbours(esco_client, BAKER, relation="optionalKnowledge")
    assert [one["iri"] for one in skills["nodes"]] == [DOUGH]
    sharing = neighbours(esco_client, DOUGH, kind="standard")
    assert {one["iri"] for one in sharing["nodes"]} == {BAKER, PASTRY}
    assert sharing["node"]["shared"] is True
    assert sharing["node"]["kind"] == "knowledge"


@pytest.mark.parametrize("iri", ["urn:nobody", "https://w3id.org/competency-graph/id/icap/none", *HOSTILE])
def test_what_is_not_there_is_not_found(client: TestClient, iri: str) -> None:
    answer = client.get("/api/v1/neighbours", params={"iri": iri})
    assert answer.status_code == 404
    page = client.get("/explore", params={"node": iri, "hl": "en"}, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "Nothing that is loaded here is called" in page.text
    assert "<script>alert" not in page.text


def test_wrong_parameters_are_told(client: TestClient) -> None:
    def status(**parameters: Any) -> int:
        return client.get("/api/v1/neighbours", params={"iri": STANDARD, **parameters}).status_code

    assert status(kind="planet") == 422
    assert status(relation="hasPlanet") == 400
    assert status(limit=101) == 422
    assert status(offset=-1) == 422
    assert client.get("/api/v1/neighbours").status_code == 422


def test_a_node_without_neighbours_says_so(client: TestClient) -> None:
    framework = "https://w3id.org/competency-graph/id/icap"
    assert neighbours(client, framework)["total"] == 0
    page = client.get("/explore", params={"node": framework, "hl": "en"})
    assert "connected with nothing else" in page.text


def test_four_queries_whatever_the_number_of_neighbours(
    client: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    select = services.store.select
    services.standards()

    def counted(query: str, *given: Any) -> Any:
        asked.append(query)
        return select(query, *given)

    monkeypatch.setattr(services.store, "select", counted)
    for iri, limit in ((STANDARD, 1), (STANDARD, 100), (f"{STANDARD}/S1", 100)):
        asked.clear()
        neighbours(client, iri, limit=limit)
        assert len(asked) <= 4
        asked.clear()
        assert client.get("/explore", params={"node": iri}).status_code == 200
        # what is connected was read before, and is kept
        assert len(asked) <= 2


def test_the_list_is_grouped_with_counts_and_leads_on(client: TestClient) -> None:
    page = client.get("/explore", params={"node": STANDARD, "hl": "en"}).text
    assert (
        "/explore?node=https%3A%2F%2Fw3id.org%2Fcompetency-graph%2Fid%2Ficap%2FBGM1219-002v2%2FT1&amp;hl=en"
        in page
    )
    assert "tasks <small>5</small>" in page
    assert 'lang="zh-Hant">提升團隊效能' in page
    second = client.get("/explore", params={"node": STANDARD, "hl": "en", "page": "2"}).text
    assert 'rel="prev"' in second


def test_the_start_page_offers_what_is_loaded(client: TestClient, empty_services: Services) -> None:
    page = client.get("/explore", params={"hl": "zh-Hant"}).text
    assert "/explore?node=BGM1219-002v2&amp;hl=zh-Hant" in page
    empty = TestClient(create_app(empty_services)).get("/explore", params={"hl": "en"})
    assert empty.status_code == 200
    assert "competency ingest --bundled" in empty.text


def test_other_pages_lead_here(client: TestClient) -> None:
    for path in ("/id/icap/BGM1219-002v2", "/id/icap/BGM1219-002v2/S1"):
        assert "/explore?node=https" in client.get(path, headers={"Accept": "text/html"}).text
    assert 'href="/explore"' in client.get("/").text


def test_kinds_and_relations_are_named_once() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert len(set(RELATIONS)) == len(RELATIONS)

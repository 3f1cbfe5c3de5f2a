"""Browsing: the trees over what is loaded, their counts, and the pages that show them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from small_esco import tables, zipped
from small_onet import release, write_workbooks
from starlette.testclient import TestClient

from api.app import create_app
from api.browsing import FACETS
from api.services import ingest_and_index, open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services
    from graph import RdfStore

BUNDLED = Path(__file__).resolve().parent.parent / "data" / "standards"


@pytest.fixture(scope="module")
def browsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The bundled standards with releases of ESCO and O*NET in miniature; browsing needs no search index."""
    folder = tmp_path_factory.mktemp("browsed")
    onet = write_workbooks(folder / "onet", release())
    settings = Settings(data_dir=folder / "data", embedder="toy")
    ingest_and_index([BUNDLED, zipped(folder / "esco", tables()), onet], settings, index=False)
    with open_services(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(browsed: Services) -> TestClient:
    return TestClient(create_app(browsed), headers={"Accept-Language": "en"})


def _listed(html: str) -> set[str]:
    return {unescape(one) for one in re.findall(r'<th scope="row"><a class="code"[^>]*>([^<]+)<', html)}


def test_each_standard_stands_in_each_tree_once_or_among_those_that_say_nothing(browsed: Services) -> None:
    tree = browsed.browsing.get()
    every = set(range(len(browsed.standards())))
    for top in tree.tops():
        reached = set().union(*(one.standards for one in tree.below(top)))
        assert not tree.below(top) or reached == every
        assert top.standards == every
    assert {top.facet for top in tree.tops()} == set(FACETS)


def test_a_place_counts_what_is_below_it(browsed: Services) -> None:
    tree = browsed.browsing.get()
    for place in tree.places.values():
        below = set().union(*(one.standards for one in tree.below(place)))
        assert below <= place.standards
        assert all(one.standards for one in tree.below(place))
    managers = tree.place("occupation", "occupation-mol-tw:12")
    codes = {tree.standards[number].code for number in managers.standards}
    assert {"BGM1219-002v2", "BGM1219-903v1"} <= codes
    assert [one.code for one in tree.path(managers)] == ["", "", "1", "12"]


def test_occupations_are_those_of_each_framework(client: TestClient) -> None:
    schemes = client.get("/api/v1/browse/occupation").json()["below"]
    assert {"occupation-mol-tw", "isco-08", "soc-2018"} <= {one["place"] for one in schemes}
    bakers = client.get("/api/v1/browse/occupation", params={"place": "isco-08:75"}).json()
    assert {one["framework"] for one in bakers["standards"]} == {"esco"}
    assert bakers["below"][0]["code"] == "751"
    managers = client.get("/api/v1/browse/occupation", params={"place": "soc-2018"}).json()
    assert {one["framework"] for one in managers["standards"]} == {"onet"}
    assert all(one["name"] for one in managers["below"])


def test_the_page_and_the_data_of_a_place_agree(client: TestClient) -> None:
    answer = client.get("/api/v1/browse/occupation", params={"place": "occupation-mol-tw:12"}).json()
    page = client.get("/browse/occupation/occupation-mol-tw:12")
    assert page.status_code == 200
    assert _listed(page.text) == {one["code"] for one in answer["standards"]}
    assert "/api/v1/browse/occupation?place=occupation-mol-tw%3A12" in page.text
    for one in answer["below"]:
        assert f'href="/browse/occupation/{one["place"]}"' in page.text


def test_filters_of_framework_and_level_hold_in_the_whole_tree(client: TestClient) -> None:
    whole = client.get("/browse/category/category-icap:BGM").text
    level = client.get("/browse/category/category-icap:BGM?level=4").text
    assert _listed(level) < _listed(whole)
    assert "/browse/category?level=4" in level
    nothing = client.get("/browse/category/category-icap:BGM?framework=esco")
    assert nothing.status_code == 200
    assert _listed(nothing.text) == set()
    assert "No standard stands here under these filters" in nothing.text


def test_a_search_within_a_branch_keeps_to_it(client: TestClient) -> None:
    html = client.get("/browse/occupation/occupation-mol-tw:12?level=4").text
    form = html[html.index('class="within"') :]
    assert '<input type="hidden" name="occupation" value="occupation-mol-tw:12">' in form
    assert '<input type="hidden" name="level" value="4">' in form


def test_every_link_of_a_tree_leads_somewhere(client: TestClient) -> None:
    seen: set[str] = set()
    wanted = ["/browse"]
    while wanted:
        address = wanted.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        wanted += [
            unescape(one) for one in re.findall(r'href="(/browse[^"]*)"', answer.text) if "hl=" not in one
        ]
    assert len(seen) > 30


def test_codes_and_lists_lead_to_the_trees(client: TestClient) -> None:
    code = client.get("/id/code/occupation-mol-tw/1219", headers={"Accept": "text/html"})
    assert 'href="/browse/occupation/occupation-mol-tw:1219"' in code.text
    unused = client.get("/id/code/occupation-mol-tw/9112", headers={"Accept": "text/html"})
    assert "/browse/occupation/" not in unused.text
    assert 'href="/browse"' in client.get("/standards").text


def test_the_number_of_queries_does_not_grow(browsed: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    client = TestClient(create_app(browsed))
    client.get("/browse")
    select = type(browsed.store).select

    def counted(store: RdfStore, *given: Any) -> Any:
        asked.append(given[0])
        return select(store, *given)

    monkeypatch.setattr(type(browsed.store), "select", counted)
    for address in ("/browse", "/browse/occupation", "/browse/occupation/isco-08:7"):
        assert client.get(address).status_code == 200
    assert asked == []


def test_unknown_places_and_trees_are_told(client: TestClient) -> None:
    assert client.get("/browse/occupation/isco-08:9999").status_code == 404
    assert client.get("/browse/colour").status_code == 404
    assert client.get("/api/v1/browse/occupation", params={"place": "zzz"}).status_code == 404


def test_an_empty_service_says_what_to_do(empty_services: Services) -> None:
    client = TestClient(create_app(empty_services), headers={"Accept-Language": "en"})
    assert "competency ingest --bundled" in client.get("/browse").text
    assert client.get("/browse/occupation").status_code == 200

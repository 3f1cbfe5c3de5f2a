"""Each page says how it works, with an example of what is loaded; each empty one says what to do."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.pages.messages import LANGUAGES, catalogue
from api.services import ingest_and_index, open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services

BASE = "https://w3id.org/competency-graph/id/icap/BGM1219-002v2"
PAGES = [
    "/",
    "/?q=team",
    "/standards",
    "/id/icap/BGM1219-002v2",
    "/id/icap/BGM1219-002v2/S1",
    "/id/code/industry-dgbas-tw/701",
    "/explore",
    "/explore?node=BGM1219-002v2",
    "/browse",
    "/browse/occupation",
    "/map",
    "/match",
    "/compare",
    "/compare/matrix",
    "/moves",
    "/standards/BGM2421-901v2/changes",
    "/standards/BGM1219-002v2/draft",
    f"/similar?iri={BASE}/S1/2",
    f"/places?iri={BASE}/S1/2",
    "/curriculum",
    "/basket",
    "/query",
    "/query?language=cypher",
    "/schema",
    "/import",
    f"/align?a={BASE}/S1&b=https://w3id.org/competency-graph/id/icap/BGM1219-903v1/S1",
    "/api",
    "/embed",
]


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory, sample_path: Path) -> Iterator[TestClient]:
    """What comes with the program, with the toy model."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("bundled"), embedder="toy")
    ingest_and_index([sample_path.parent], settings)
    with open_services(settings) as services:
        yield TestClient(create_app(services))


def _main(client: TestClient, address: str, language: str = "en", status: int = 200) -> str:
    headers = {"Accept": "text/html", "Accept-Language": language}
    response = client.get(address, headers=headers)
    assert response.status_code == status, response.text
    return response.text[response.text.index("<main") : response.text.index("</main")]


@pytest.mark.parametrize("address", PAGES)
def test_each_page_has_help_whose_examples_show_something(bundled: TestClient, address: str) -> None:
    texts = {}
    for language in LANGUAGES:
        html = _main(bundled, address, language)
        found = re.findall(
            r'<(details class="help"(?: open)?|section class="examples")(.*?)</(?:details|section)>',
            html,
            re.S,
        )
        assert found, "there is help"
        texts[language] = found[0][1]
    assert texts["en"] != texts["zh-Hant"]
    links = [unescape(one) for one in re.findall(r'href="([^"]+)"', texts["en"])]
    assert links, "there is an example"
    for link in links:
        if "language=cypher" in link:
            # it starts a server
            continue
        response = bundled.get(link.removeprefix("http://testserver"), headers={"Accept": "text/html"})
        assert response.status_code == 200, link
        assert response.content
        if response.headers["content-type"].startswith("text/html") and "<main" in response.text:
            shown = response.text[response.text.index("<main") : response.text.index("</main")]
            assert 'class="problem"' not in shown, link
            nothing = re.findall(r'<\w+ class="empty"(?! id="basket)[^>]*>(.*?)</', shown, re.DOTALL)
            # the toy model finds no pair in other words
            assert nothing == [] or link.startswith(("/curriculum", "/compare?")), link


def test_the_example_of_a_course_covers_something(bundled: TestClient) -> None:
    html = _main(bundled, "/curriculum")
    (link,) = [unescape(one) for one in re.findall(r'href="(/curriculum\?standard=[^"]+)"', html)]
    page = _main(bundled, link)
    assert page.count('value="remove:0:') == 3
    assert '<section class="covered"' in page


def test_examples_are_of_what_is_loaded(tmp_path: Path, shared_data: Path) -> None:
    settings = Settings(data_dir=tmp_path / "units", embedder="toy")
    ingest_and_index([shared_data / "au" / "units.json"], settings)
    with open_services(settings) as services:
        client = TestClient(create_app(services))
        for address in ("/compare", "/moves", "/compare/matrix", "/standards", "/curriculum", "/explore"):
            html = _main(client, address)
            found = re.search(r'<details class="help".*?</details>', html, re.DOTALL)
            assert found
            links = [unescape(one) for one in re.findall(r'href="([^"]+)"', found[0])]
            assert links
            assert "BGM1219" not in " ".join(links)
            for link in links:
                assert 'class="problem"' not in _main(client, link)


EMPTY = {
    "/": 200,
    "/?q=team": 503,
    "/standards": 200,
    "/browse": 200,
    "/browse/occupation": 200,
    "/map": 200,
    "/explore": 200,
    "/match": 200,
    "/compare": 200,
    "/compare?a=X": 503,
    "/compare/matrix": 200,
    "/compare/matrix?standard=A,B": 503,
    "/moves": 200,
    "/moves?from=X": 503,
    "/curriculum": 200,
    "/curriculum?q=team": 503,
    "/embed": 200,
    "/embed/search?q=team": 503,
    "/similar?code=X": 503,
    "/places?iri=urn:x": 503,
    "/align?a=urn:x&b=urn:y": 503,
    "/id/icap/X": 503,
}


@pytest.mark.parametrize(("address", "status"), EMPTY.items())
def test_with_nothing_loaded_each_page_says_how_to_load(
    empty_services: Services, address: str, status: int
) -> None:
    client = TestClient(create_app(empty_services))
    for language in LANGUAGES:
        assert "competency ingest --bundled" in _main(client, address, language, status)


@pytest.mark.parametrize("address", ["/basket", "/query", "/schema", "/import", "/api"])
def test_other_pages_work_with_nothing_loaded(empty_services: Services, address: str) -> None:
    client = TestClient(create_app(empty_services))
    for language in LANGUAGES:
        assert catalogue(language)["help"] in _main(client, address, language)


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/standards?q=nothing+is+called+so", "/standards"),
        ("/standards?q=nothing+is+called+so", "/?q=nothing+is+called+so"),
        ("/browse/occupation?framework=nobody", "/browse/occupation"),
        ("/explore?node=BGM1219-002v2&relation=hasAttitude&kind=task", "/explore?node="),
        (f"/places?iri={BASE}/T1", "/similar?iri="),
    ],
)
def test_where_nothing_is_found_a_link_goes_on(bundled: TestClient, address: str, leads_to: str) -> None:
    html = _main(bundled, address)
    empties = re.findall(r'<(div|p) class="empty">(.*?)</\1>', html, re.DOTALL)
    links = [unescape(one) for _, text in empties for one in re.findall(r'href="([^"]+)"', text)]
    assert any(one.startswith(leads_to) for one in links), html


def test_what_is_like_an_element_in_its_own_standard_is_offered_where_no_other_is_loaded(
    services: Services,
) -> None:
    client = TestClient(create_app(services))
    html = _main(client, f"/similar?iri={BASE}/S1/2")
    empty = re.search(r'<div class="empty">(.*?)</div>', html, re.DOTALL)
    assert empty
    (link,) = (unescape(one) for one in re.findall(r'href="([^"]+)"', empty[1]))
    assert '<ol class="hits"' in _main(client, link)

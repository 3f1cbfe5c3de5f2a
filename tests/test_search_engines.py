"""What search engines are told: the sitemap, robots.txt, canonical addresses and data by schema.org."""

from __future__ import annotations

import json
import re
import urllib.robotparser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient
from test_pages import STANDARD, Outline

from api.app import create_app
from api.structured_data import script_data

if TYPE_CHECKING:
    from api.services import Services

HTML = {"Accept": "text/html"}
IRI = "https://w3id.org/competency-graph/id/icap/BGM1219-002v2"
_SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), base_url="https://example.org")


def locations(client: TestClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    root = ElementTree.fromstring(answer.text)
    return [str(one.text) for one in root.findall(".//s:loc", _SPACE)]


def linked_data(client: TestClient, address: str) -> list[dict[str, Any]]:
    html = client.get(address, headers=HTML).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    document = json.loads(block)
    assert document.pop("@context") == "https://schema.org"
    return list(document.get("@graph", [document]))


def test_the_sitemap_names_standards_and_codes_that_answer(client: TestClient) -> None:
    parts = locations(client, "/sitemap.xml")
    assert parts == [f"https://example.org/sitemap/{part}-1.xml" for part in ("pages", "standards", "codes")]
    assert locations(client, parts[1]) == [f"https://example.org{STANDARD}"]
    codes = locations(client, parts[2])
    assert len(codes) == len(set(codes)) > 500
    for address in [*locations(client, parts[0]), *codes[:: len(codes) // 10]]:
        assert client.get(address, headers=HTML).status_code == 200, address


@pytest.mark.parametrize("name", ["standards-2", "standards-0", "planets-1"])
def test_a_part_of_the_sitemap_that_is_not_there_is_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"/sitemap/{name}.xml").status_code == 404


def test_the_sitemap_of_an_empty_service_names_its_own_pages(empty_services: Services) -> None:
    empty = TestClient(create_app(empty_services))
    assert locations(empty, "/sitemap.xml") == ["http://testserver/sitemap/pages-1.xml"]


def test_robots_may_read_pages_and_not_what_is_costly(client: TestClient) -> None:
    text = client.get("/robots.txt").text
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(text.splitlines())
    assert robots.site_maps() == ["https://example.org/sitemap.xml"]
    for allowed in ("/", STANDARD, "/standards?page=2", "/resource?iri=x", "/api"):
        assert robots.can_fetch("any", f"https://example.org{allowed}"), allowed
    for refused in ("/api/v1/search?q=a", "/sparql?query=a", "/query?query=a", "/similar?iri=a"):
        assert not robots.can_fetch("any", f"https://example.org{refused}"), refused


def test_a_page_has_one_canonical_address_however_it_is_shown(client: TestClient) -> None:
    for address in (STANDARD, f"{STANDARD}?view=tree", f"{STANDARD}?view=text&format=html"):
        outline = Outline(client.get(address, headers=HTML).text)
        (canonical,) = outline.all("link", rel="canonical")
        assert canonical["href"] == f"https://example.org{STANDARD}"
    english = Outline(client.get(f"{STANDARD}?hl=en", headers=HTML).text)
    assert english.all("link", rel="canonical")[0]["href"] == f"https://example.org{STANDARD}?hl=en"
    assert english.all(
        "link", rel="alternate", hreflang="zh-Hant", href=f"https://example.org{STANDARD}?hl=zh-Hant"
    )


def test_a_page_describes_itself(client: TestClient) -> None:
    outline = Outline(client.get(STANDARD, headers=HTML).text)
    (description,) = outline.all("meta", name="description")
    assert 20 < len(description["content"]) <= 203
    assert outline.all("meta", property="og:url", content=f"https://example.org{STANDARD}")


def test_a_standard_says_what_it_is_in_the_words_of_schema_org(client: TestClient) -> None:
    found = linked_data(client, STANDARD)[0]
    assert found["@type"] == "Occupation"
    assert found["@id"] == IRI
    assert found["url"] == f"https://example.org{STANDARD}"
    assert {"@type", "codeValue", "name"} == set(found["occupationalCategory"][0])
    assert len(found["responsibilities"]) == 5
    assert {"@type": "DefinedTerm", "termCode": "S1"}.items() <= found["skills"][0].items()


def test_data_in_a_page_cannot_end_their_element() -> None:
    hostile = {"name": "</script><script>alert(1)</script><!-- & \u2028"}
    text = script_data(hostile)
    assert "<" not in text
    assert json.loads(text) == {"@context": "https://schema.org", **hostile}

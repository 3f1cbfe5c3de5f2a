"""The pages of a CASE framework: its statements, where they stand, where they lead."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from case_packages import DOCUMENT, package
from starlette.testclient import TestClient
from test_pages import Outline

from api.app import create_app
from api.services import ingest_and_index, open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STANDARD = f"/id/case/{DOCUMENT}v2024"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("case")
    document = package(CFItems__2__humanCodingScheme="B #")
    document["CFAssociations"].append(
        document["CFAssociations"][0]
        | {
            "identifier": "5555555a-5555-4555-8555-555555555555",
            "destinationNodeURI": document["CFAssociations"][1]["originNodeURI"],
        }
    )
    (folder / "baking.json").write_text(json.dumps(document), encoding="utf-8")
    chosen = Settings(data_dir=folder / "data", embedder="toy")
    assert ingest_and_index([folder / "baking.json"], chosen).counts()["added"] == 1
    with open_services(chosen) as services:
        yield TestClient(create_app(services), headers={"Accept": "text/html", "Accept-Language": "en"})


def outline(client: TestClient, address: str) -> Outline:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return Outline(response.text)


def test_the_standard_shows_its_statements_in_order_and_depth(client: TestClient) -> None:
    found = outline(client, STANDARD)
    rows = [one for one in found.all("li") if one.get("id", "").startswith("statement-")]
    assert [(one["id"], one["class"]) for one in rows] == [
        ("statement-B #", "depth-0"),
        ("statement-B.2", "depth-1"),
        ("statement-B.1", "depth-1"),
    ]
    assert found.all("p", lang="en-GB")
    for text in ("Kneads dough by hand.", "Wheat and rye.", "3 Statements", "also under", "precedes"):
        assert text in found.text
    assert found.all("a", href="http://case.example.org/uri/66666666-6666-4666-8666-666666666666")


def test_links_between_statements_lead_somewhere(client: TestClient) -> None:
    found = outline(client, STANDARD)
    inner = [one["href"] for one in found.all("a") if one["href"].startswith("#")]
    assert {"#statement-B.1", "#statement-B.2", "#statement"} <= set(inner)
    for address in [one["href"] for one in found.all("a") if one["href"].startswith(f"{STANDARD}/")]:
        entity = outline(client, address)
        target = urlsplit(entity.all("a", class_="button")[0]["href"])
        assert client.get(target.path).status_code == 200
        assert target.fragment.replace("%20", " ").replace("%23", "#") in found.ids()


def test_an_entity_page_shows_each_field_of_the_source(client: TestClient) -> None:
    entity = outline(client, f"{STANDARD}/B%20%23")
    assert "listEnumeration: 1" in entity.text
    assert "educationLevel: 09, 10" in entity.text


def test_statements_are_found_in_their_language(client: TestClient) -> None:
    found = outline(client, "/?q=heats+the+oven&kind=statement")
    assert found.all("p", class_="text", lang="en-GB")
    hits = client.get("/api/v1/search?q=rye&kind=statement", headers={"Accept": "application/json"}).json()
    assert hits["hits"][0]["code"] == "B.1"
    assert [one["code"] for one in hits["hits"][0]["path"]] == ["B #"]

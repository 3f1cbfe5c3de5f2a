"""The pages of elements, codes and shared concepts: the way to them, what is beside them, data of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from small_esco import BAKER, KNEAD, tables, unpacked
from starlette.testclient import TestClient
from test_pages import STANDARD, Outline
from test_search_engines import linked_data

from api.app import create_app
from api.services import ingest_and_index, open_services
from api.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from api.services import Services


HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), base_url="https://example.org")


def hrefs(client: TestClient, address: str) -> set[str]:
    outline = Outline(client.get(address, headers={"Accept": "text/html"}).text)
    return {one["href"] for one in outline.all("a")}


def test_an_activity_leads_up_to_its_task_and_down_to_what_it_is_judged_by(client: TestClient) -> None:
    found = hrefs(client, f"{STANDARD}/T1.1")
    assert {STANDARD, f"{STANDARD}/T1", f"{STANDARD}/P1.1.1"} <= found


def test_a_skill_leads_to_its_items_and_to_what_requires_it(client: TestClient) -> None:
    found = hrefs(client, f"{STANDARD}/S1")
    assert f"{STANDARD}/S1/2" in found
    assert any(one.startswith(f"{STANDARD}/T") for one in found)


def test_an_item_of_a_skill_leads_up_to_it(client: TestClient) -> None:
    assert f"{STANDARD}/S1" in hrefs(client, f"{STANDARD}/S1/2")


def test_a_code_leads_up_to_the_outermost(client: TestClient) -> None:
    found = linked_data(client, "/id/code/occupation-mol-tw/1219")
    assert found[0]["@type"] == "CategoryCode"
    steps = found[1]["itemListElement"]
    assert [one["position"] for one in steps] == [1, 2, 3, 4]
    assert steps[0]["item"].endswith("/id/code/occupation-mol-tw/1")
    assert steps[-1]["item"].endswith("/id/code/occupation-mol-tw/1219")


def test_an_element_is_a_term_of_its_standard(client: TestClient) -> None:
    term, way = linked_data(client, f"{STANDARD}/P1.1.1")
    assert term["@type"] == "DefinedTerm"
    assert term["termCode"] == "P1.1.1"
    assert term["inDefinedTermSet"]["@id"].endswith("/icap/BGM1219-002v2")
    assert len(way["itemListElement"]) == 4


def test_an_element_says_where_in_which_document_it_stands(client: TestClient) -> None:
    outline = Outline(client.get(f"{STANDARD}/S1/2?hl=en", headers=HTML).text)
    assert "Source document BGM1219-002v2.txt (line 19)" in " ".join(outline.text.split())
    assert outline.all("a", href=f"{STANDARD}?hl=en#source")


def test_a_doubt_about_an_element_stands_on_its_page(client: TestClient) -> None:
    outline = Outline(client.get(f"{STANDARD}/S16?hl=en", headers=HTML).text)
    assert outline.all("p", class_="doubt", role="note")
    assert "the sentence may be cut short" in outline.text
    assert not Outline(client.get(f"{STANDARD}/S15?hl=en", headers=HTML).text).all("p", class_="doubt")


@pytest.mark.parametrize("code", ["1219", "121", "12", "1"])
def test_a_code_lists_the_standards_at_it_and_below_it(client: TestClient, code: str) -> None:
    address = f"/id/code/occupation-mol-tw/{code}"
    outline = Outline(client.get(f"{address}?hl=en", headers=HTML).text)
    assert outline.all("a", href=f"{STANDARD}?hl=en")
    assert outline.all("a", href=f"/browse/occupation/occupation-mol-tw:{code}?hl=en")
    (kept,) = outline.all("input", type="hidden", name="occupation")
    found = client.get("/", params={"q": "團隊", "occupation": kept["value"]}, headers=HTML)
    assert "BGM1219-002v2" in found.text
    assert not [one for one in outline.all("a") if "#occupation" in one["href"]]


def test_a_code_leads_to_those_right_below_it_with_their_standards(client: TestClient) -> None:
    outline = Outline(client.get("/id/code/occupation-mol-tw/12?hl=en", headers=HTML).text)
    assert outline.all("a", href="/id/code/occupation-mol-tw/121?hl=en")
    assert re.search(r"121 企業服務及行政經理人員 \d+ standard", " ".join(outline.text.split()))


def test_a_code_without_standards_says_so_and_leads_on(client: TestClient) -> None:
    outline = Outline(client.get("/id/code/occupation-mol-tw/9?hl=en", headers=HTML).text)
    assert "No loaded standard stands under it." in outline.text
    assert outline.all("a", href="/browse?hl=en")


@pytest.mark.parametrize("address", ["/id/icap", "/id/level/icap/4", "/id/code/occupation-mol-tw"])
def test_frameworks_levels_and_code_lists_list_their_standards(client: TestClient, address: str) -> None:
    assert STANDARD in hrefs(client, address)


def test_a_shared_skill_names_the_occupations_that_require_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", embedder="toy")
    ingest_and_index([unpacked(tmp_path / "esco", tables())], settings)
    with open_services(settings) as opened:
        client = TestClient(create_app(opened))
        address = f"/resource?iri={quote(KNEAD, safe='')}&hl=en"
        outline = Outline(client.get(address, headers={"Accept": "text/html"}).text)
        assert "Required by standards" in outline.text
        (lead,) = outline.all("p", class_="lead")
        assert lead["lang"] == "en"
        assert 'Press "well".' in outline.text
        assert "work dough" in outline.text
        assert "ESCO" in outline.text
        assert "esco ESCO" not in outline.text
        assert any(quote(BAKER, safe="") in one["href"] for one in outline.all("a"))
        assert linked_data(client, address)[0]["@type"] == "DefinedTerm"

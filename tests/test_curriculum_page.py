"""The page of a course outline: its state in the address, its buttons, its files. No script is run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient
from test_pages import Outline as Html

from api.app import create_app
from api.outline_state import packed, unpacked
from ontology.errors import InvalidInput
from ontology.outline import Outline, OutlineCompetency, Unit
from ontology.readers.outline import read_outline

if TYPE_CHECKING:
    from httpx2 import Response

    from api.services import Services

BASE = "https://w3id.org/competency-graph/id/icap/BGM1219-002v2"
CODE = "BGM1219-002v2"


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), headers={"Accept": "text/html", "Accept-Language": "en"})


def state(response: Response) -> Outline:
    """The outline that the page keeps; its address has it, too."""
    (field,) = Html(response.text).all("input", name="o")
    query = parse_qs(urlsplit(str(response.url)).query)
    assert query.get("o", [field["value"]]) == [field["value"]]
    return unpacked(field["value"])


def start(client: TestClient, *codes: str) -> Outline:
    found = client.get("/curriculum", params={"add": [f"{BASE}/{code}" for code in codes], "standard": CODE})
    assert found.status_code == 200
    return state(found)


def press(client: TestClient, outline: Outline, do: str, **fields: object) -> Response:
    return client.post("/curriculum", data={"o": packed(outline), "do": do, **fields})


def codes(outline: Outline) -> list[list[str]]:
    return [[one.code for one in unit.competencies] for unit in outline.units]


def test_a_link_adds_what_it_names_and_the_address_keeps_it(client: TestClient) -> None:
    outline = start(client, "S1/2", "T2")
    assert (codes(outline), outline.standards) == ([["S1#2", "T2"]], (CODE,))
    page = client.get("/curriculum", params={"o": packed(outline)})
    assert "15 of 15" in page.text
    assert "teaches the required S1" in Html(page.text).text
    again = client.get("/curriculum", params={"o": packed(outline), "add": f"{BASE}/T2"})
    assert codes(state(again)) == [["S1#2", "T2"]]


def test_what_is_ticked_goes_into_the_chosen_unit(client: TestClient) -> None:
    outline = start(client, "K1")
    found = press(client, outline, "search", q="團隊衝突")
    picks = [one["value"] for one in Html(found.text).all("input", name="pick")]
    assert f"{BASE}/S1/2" in picks
    same = press(client, outline, "pick", pick=[f"{BASE}/S1/2", f"{BASE}/K1"], into="0")
    assert codes(state(same)) == [["K1", "S1#2"]]
    new = state(press(client, outline, "pick", pick=[f"{BASE}/S1/2"], into="1", q="團隊衝突"))
    assert (codes(new), new.units[1].title) == ([["K1"], ["S1#2"]], "團隊衝突")


def test_gaps_are_offered_and_added(client: TestClient) -> None:
    outline = start(client, "T1")
    page = Html(client.get("/curriculum", params={"o": packed(outline)}).text)
    offered = [one["value"] for one in page.all("button", name="do") if one["value"].startswith("add:")]
    assert len(offered) == 66 - 13 + 16 - 3
    assert codes(state(press(client, outline, offered[0]))) == [["T1", "P2.1.1"]]


def test_fields_are_saved_with_every_button(client: TestClient) -> None:
    outline = start(client, "T1")
    fields = {
        "title": "主管課程",
        "title-0": "帶人",
        "hours-0": "12.5",
        "note-0": "a\r\nb",
        "standards": CODE,
    }
    saved = state(press(client, outline, "unit", **fields))
    assert saved.title == "主管課程"
    assert saved.units[0] == Unit("帶人", outline.units[0].competencies, 12.5, "a\nb")
    assert saved.units[1].title == "Unit 2"
    swapped = state(press(client, saved, "down:0"))
    assert [unit.title for unit in swapped.units] == ["Unit 2", "帶人"]
    assert [unit.title for unit in state(press(client, swapped, "up:1")).units] == ["帶人", "Unit 2"]
    assert codes(state(press(client, saved, "remove:0:0"))) == [[], []]
    assert len(state(press(client, saved, "drop:0")).units) == 1


def test_an_outline_starts_from_the_tasks_of_a_standard_and_takes_the_proposed_order(
    client: TestClient,
) -> None:
    empty = Outline("x", "en", standards=(CODE,))
    outline = state(press(client, empty, "from"))
    assert len(outline.units) == 5
    ordered = state(press(client, outline, "order"))
    assert ordered.units[0].title == "解決客戶需求"
    page = client.get("/curriculum", params={"o": packed(ordered)})
    assert "stand in the order of their levels" in page.text


@pytest.mark.parametrize(
    ("do", "fields", "words"),
    [
        ("save", {"hours-0": "many"}, "is no number of hours"),
        ("save", {"hours-0": "0.333"}, "two decimals"),
        ("save", {"standards": "BGM9999-001"}, "is called “BGM9999-001”"),
        ("add:https://example.org/none", {}, "is called “https://example.org/none”"),
    ],
)
def test_what_cannot_be_taken_is_told_and_the_outline_kept(
    client: TestClient, do: str, fields: dict[str, object], words: str
) -> None:
    outline = start(client, "T1")
    page = press(client, outline, do, **fields)
    assert page.status_code == 400
    assert words in page.text
    assert state(page) == outline


def test_what_is_not_loaded_is_kept_and_marked(client: TestClient) -> None:
    gone = OutlineCompetency("https://example.org/gone", "", "<b>gone</b>", "skill")
    outline = Outline("x", "en", (Unit("u", (gone,)),), ("BGM9999-001",))
    page = client.get("/curriculum", params={"o": packed(outline)})
    assert state(page) == outline
    assert "not loaded here: kept" in page.text
    assert "Nothing that is loaded here is called" in page.text
    assert "<b>gone" not in page.text


@pytest.mark.parametrize("form", ["json", "xlsx", "docx"])
def test_files_are_downloaded_and_opened_again(client: TestClient, form: str) -> None:
    outline = start(client, "T1", "S1/2")
    file = client.post("/curriculum/export", data={"o": packed(outline), "do": form, "hours-0": "3"})
    saved = read_outline(file.content, "x").outline
    assert saved.units[0].hours == 3
    opened = client.post("/curriculum/import", files={"file": (f"x.{form}", file.content)})
    assert (opened.status_code, state(opened)) == (200, saved)


def test_a_file_that_cannot_be_opened_is_told(client: TestClient) -> None:
    page = client.post("/curriculum/import", files={"file": ("x.docx", b"PK\x03\x04")})
    assert page.status_code == 400
    assert "The file “x.docx” cannot be read" in page.text


def test_a_long_outline_stays_in_the_form(client: TestClient) -> None:
    many = tuple(
        OutlineCompetency(f"https://example.org/{hash((at, 'x'))}", "", f"{hash(at)} {at * 7919}", "skill")
        for at in range(900)
    )
    page = press(client, Outline("x", "en", (Unit("u", many),)), "unit")
    assert page.status_code == 200
    assert urlsplit(str(page.url)).query == ""
    assert len(state(page).units) == 2


@pytest.mark.parametrize("text", ["x", "eJw", "####", "eJyrVgIAAMgAhA", "A" * 5000])
def test_an_address_that_holds_no_outline_is_told(client: TestClient, text: str) -> None:
    with pytest.raises(InvalidInput):
        unpacked(text)
    assert client.get("/curriculum", params={"o": text}).status_code == 400


def test_hits_and_gaps_lead_here(client: TestClient) -> None:
    page = Html(client.get("/", params={"q": "團隊衝突"}).text)
    assert any(one["href"].startswith("/curriculum?add=") for one in page.all("a"))


def test_what_is_in_a_basket_is_looked_up_and_what_is_gone_is_told(client: TestClient) -> None:
    base = "https://w3id.org/competency-graph/id/icap/BGM1219-002v2"
    iris = [f"{base}/S1/2", f"{base}/K1", "https://example.org/gone", f"{base}/K1"]
    found = client.post("/basket/elements?hl=en", json={"iris": iris}).json()
    assert [one["code"] for one in found["elements"]] == ["S1#2", "K1"]
    assert found["elements"][0]["text"] == "處理團隊衝突"
    assert found["elements"][0]["href"] == "/id/icap/BGM1219-002v2/S1/2?hl=en"
    assert found["missing"] == ["https://example.org/gone"]
    assert client.post("/basket/elements", json={"iris": ["x"] * 501}).status_code == 422

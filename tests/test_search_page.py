"""The search page: what is chosen and taken away again, its two views, the first page, what goes wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from small_documents import document, row
from starlette.testclient import TestClient
from test_pages import Outline, page

from api.app import create_app
from api.services import ingest_and_index, open_services
from api.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from api.services import Services


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services))


def parts(address: str) -> list[tuple[str, str]]:
    return sorted(parse_qsl(urlsplit(address).query))


def taken_away(html: str) -> list[str]:
    """The addresses of the chips over the results, in their order; the last clears all."""
    chosen = html[html.index('<ul class="chosen"') :]
    return [
        found.replace("&amp;", "&")
        for found in re.findall(r'href="([^"]+)"', chosen[: chosen.index("</ul>")])
    ]


def test_each_filter_is_taken_away_alone_and_all_of_them_together(client: TestClient) -> None:
    filters = "kind=skill&kind=indicator&level_min=3&level_max=4&standard=BGM1219-002v2"
    address = f"/?q=團隊&{filters}&group=standard&page=2&hl=en"
    html = client.get(address).text
    skill, indicator, standard, level, everything = taken_away(html)
    whole = [one for one in parse_qsl(urlsplit(address).query) if one[0] != "page"]
    assert parts(skill) == sorted(one for one in whole if one != ("kind", "skill"))
    assert parts(indicator) == sorted(one for one in whole if one != ("kind", "indicator"))
    assert parts(standard) == sorted(one for one in whole if one[0] != "standard")
    assert parts(level) == sorted(one for one in whole if not one[0].startswith("level"))
    assert parts(everything) == sorted([("q", "團隊"), ("group", "standard"), ("hl", "en")])
    assert "Level: 3–4" in html


def test_nothing_is_chosen_where_nothing_narrows_the_hits(client: TestClient) -> None:
    assert 'class="chosen"' not in client.get("/?q=團隊&group=standard&fold=false").text


def test_filters_that_leave_nothing_can_be_taken_away(client: TestClient) -> None:
    html = client.get("/?q=團隊&standard=BGM1219-002v2&level_min=6&kind=output&hl=en").text
    assert "Nothing fits" in html
    assert parts(taken_away(html)[-1]) == [("hl", "en"), ("q", "團隊")]


@pytest.mark.parametrize("filters", ["", "&kind=skill", "&kind=skill&kind=task", "&fold=false"])
def test_how_many_fit_is_told_beside_how_many_were_searched(client: TestClient, filters: str) -> None:
    html = client.get(f"/?q=團隊&hl=en{filters}").text
    fitting, searched = re.findall(r"([\d,]+) elements fit.*?of ([\d,]+) searched", html, re.DOTALL)[0]
    found = client.get(f"/api/v1/search?q=團隊&limit=100&fold=true{filters}").json()
    assert int(searched) == found["total"]
    assert int(fitting) == sum(not hit["weak"] for hit in found["hits"])
    assert 0 < int(fitting) < int(searched)


def test_how_many_standards_fit_is_told_where_hits_are_grouped(client: TestClient) -> None:
    assert "1 standard fits" in client.get("/?q=團隊&group=standard&hl=en").text


def test_what_only_an_older_version_has_is_offered(tmp_path: Path) -> None:
    old = document(
        row("T1 提升效能", "T1.1 設定計畫", "O1.1.1 計畫書", "P1.1.1 建立目標", "4", "K1 組織", "S1 溝通")
    )
    new = old.replace("BGM1219-002v2", "BGM1219-002v3").replace("O1.1.1 計畫書", "")
    for name, text in (("old", old), ("new", new)):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    settings = Settings(data_dir=tmp_path / "var", embedder="toy")
    ingest_and_index([tmp_path / "old.txt", tmp_path / "new.txt"], settings)
    with open_services(settings) as services:
        client = TestClient(create_app(services))
        (offer,) = [
            one["href"] for one in page(client, "/?q=O1.1.1&hl=en").all("a") if "versions=all" in one["href"]
        ]
        assert "計畫書" in client.get(offer).text
        # a document that calls itself the latest is not when a newer one is loaded
        for address in ("/standards?hl=en", "/browse/level?hl=en", "/id/icap/BGM1219-002v2?hl=en"):
            assert "Newer version loaded: BGM1219-002v3" in client.get(address).text, address
        assert "Newer version" not in client.get("/id/icap/BGM1219-002v3?hl=en").text
        assert "versions=all" not in "".join(one["href"] for one in page(client, "/?q=O9.9.9").all("a"))


def test_each_hit_shows_its_level(client: TestClient) -> None:
    found = client.get("/api/v1/search?q=P4.1.3").json()["hits"][0]
    html = client.get("/?q=P4.1.3&hl=en").text
    card = html[html.index('<li class="hit') :]
    assert f"Level {found['level']}<" in card[: card.index("</li>")]


def test_the_example_of_a_code_is_one_that_is_loaded(client: TestClient) -> None:
    outline = page(client, "/?hl=en")
    (example,) = [one["href"] for one in outline.all("a") if "BGM1219-002v2" in one["href"]]
    assert "1 element fits" not in client.get(example).text
    assert "BGM1219-002v2" in client.get(example).text


def test_only_kinds_that_have_hits_are_offered(client: TestClient) -> None:
    offered = [one["value"] for one in page(client, "/?q=P4.1.3").all("input", name="kind")]
    assert offered == ["indicator"]
    chosen = page(client, "/?q=P4.1.3&kind=indicator&kind=skill").all("input", name="kind")
    assert [one["value"] for one in chosen if "checked" in one] == ["indicator", "skill"]


def test_the_view_is_a_switch_of_two(client: TestClient) -> None:
    flat, grouped = (page(client, f"/?q=團隊&group={group}") for group in ("", "standard"))
    for outline, chosen in ((flat, "flat"), (grouped, "grouped")):
        switch = outline.all("input", type="radio", name="group")
        assert [one["id"] for one in switch] == ["flat", "grouped"]
        assert [one["id"] for one in switch if "checked" in one] == [chosen]


def test_hits_are_ticked_and_added_to_an_outline_without_scripts(client: TestClient) -> None:
    outline = page(client, "/?q=團隊&kind=skill&hl=en")
    boxes = [one for one in outline.all("input", name="add") if one["form"] == "picks"]
    assert len(boxes) > 1
    (form,) = outline.all("form", id="picks")
    picked = [one["value"] for one in boxes[:2]]
    made = client.get(form["action"], params={"add": picked, "hl": "en"})
    assert made.status_code == 200
    assert made.text.count('value="remove:0:') == 2


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1 standard, with"), ("zh-Hant", "1 份職能基準，其中有")]
)
def test_the_first_page_says_what_is_loaded(client: TestClient, language: str, said: str) -> None:
    html = client.get(f"/?hl={language}").text
    loaded = html[html.index('class="loaded"') :]
    assert said in loaded
    (framework,) = [one for one in Outline(loaded).all("a") if "framework=" in one["href"]]
    assert "BGM1219-002v2" in client.get(framework["href"]).text


def test_the_first_page_leads_each_kind_of_user_on(client: TestClient) -> None:
    outline = page(client, "/?hl=en")
    hrefs = {urlsplit(one["href"]).path for one in outline.all("a")}
    assert {"/curriculum", "/match", "/map", "/compare", "/query"} <= hrefs
    (example,) = [one["href"] for one in outline.all("a") if "example=" in one["href"]]
    text = client.get(example).text
    assert len(text[text.index("<textarea") : text.index("</textarea>")]) > 200


@pytest.mark.parametrize(
    ("address", "status", "chinese"),
    [
        ("/?q=…", 400, "沒有可以讀取的文字"),
        (f"/?q={'團' * 2001}", 400, "一次送出的內容過長：共 2,001"),
        ("/?q=團隊&standard=ABC9999-001", 400, "這裡沒有載入名為「ABC9999-001」的內容"),
        ("/curriculum?q=…", 200, "沒有可以讀取的文字"),
    ],
)
def test_errors_are_told_in_the_language_of_the_page(
    client: TestClient, address: str, status: int, chinese: str
) -> None:
    response = client.get(f"{address}&hl=zh-Hant")
    assert response.status_code == status
    assert chinese in response.text
    assert 'role="alert"' in response.text


def test_a_job_description_that_cannot_be_matched_is_told_in_chinese(client: TestClient) -> None:
    for fields, said in (
        ({"text": "123"}, "沒有可以讀取的文字"),
        ({"text": "帶領團隊\n" * 20_000}, "一次送出的內容過長"),
        ({"text": "帶領團隊", "standards": "BGM0000-000"}, "職能基準：載入的內容中沒有「BGM0000-000」"),
    ):
        assert said in client.post("/match?hl=zh-Hant", data=fields).text

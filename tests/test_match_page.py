"""The page that matches a job description, without JavaScript: the form, the report, and what is kept."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient
from test_pages import Outline
from test_plain_text import drawn, picture

from api.app import create_app
from api.pages.messages import translate
from api.services import open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AD = """\
門市組長

工作內容：
- 帶領團隊並追蹤進度
- 處理團隊衝突
- <b>擬定</b>營運計畫

薪資：月薪 45,000 元"""


@pytest.fixture(scope="module")
def client(loaded_data: Path) -> Iterator[TestClient]:
    with open_services(Settings(data_dir=loaded_data, embedder="toy")) as services:
        yield TestClient(create_app(services))


def sent(client: TestClient, status: int = 200, language: str = "zh-Hant", **fields: str) -> Outline:
    """The page that answers the form with these fields, as a browser sends it."""
    form = {"text": AD.replace("\n", "\r\n"), **fields}
    response = client.post(
        f"/match?hl={language}",
        files=[*((name, (None, value)) for name, value in form.items()), ("file", ("", b""))],
        headers={"Accept": "text/html"},
    )
    assert response.status_code == status, response.text
    assert response.headers["cache-control"] == "no-store"
    return Outline(response.text)


def test_the_form_can_be_filled_in_and_sent_without_javascript(client: TestClient) -> None:
    outline = Outline(client.get("/match", headers={"Accept": "text/html"}).text)
    (form,) = outline.all("form", id="match")
    assert (form["method"], form["action"], form["enctype"]) == ("post", "/match", "multipart/form-data")
    for name in ("text", "file", "occupations", "standards", "threshold", "limit"):
        assert outline.all("label", for_=name)
    assert outline.all("input", name="file", type="file")
    assert "不會被儲存" in outline.text


def test_the_navigation_leads_to_it(client: TestClient) -> None:
    outline = Outline(client.get("/", headers={"Accept": "text/html"}).text)
    assert outline.all("a", href="/match")


@pytest.mark.parametrize("language", ["zh-Hant", "en"])
def test_the_example_is_in_the_language_of_the_page_and_finds_requirements(
    client: TestClient, language: str
) -> None:
    page = client.get(f"/match?example=true&hl={language}", headers={"Accept": "text/html"}).text
    example = translate(language, "match_example_text")
    assert example.splitlines()[0] in page
    outline = sent(client, language=language, text=example, threshold="0.2")
    assert outline.all("mark", class_="evidenced")
    (html,) = outline.all("html")
    assert html["lang"] == language


def test_numbers_lead_from_the_text_to_the_evidence_and_back(client: TestClient) -> None:
    outline = sent(client, threshold="0.3")
    marks = [one["id"] for one in outline.all("mark", class_="evidenced") if "id" in one]
    assert marks == [f"s{number}" for number in range(1, len(marks) + 1)]
    assert marks
    links = {one.get("href") for one in outline.all("a", class_="ref")}
    for mark in marks:
        assert f"#{mark}" in links
        assert f"#{mark.replace('s', 'e')}" in links
    targets = {link.removeprefix("#") for link in links if link}
    assert targets <= outline.ids()
    assert "S1#2" in outline.text


def test_the_whole_text_is_shown_as_text(client: TestClient) -> None:
    outline = sent(client)
    assert "<b>擬定</b>營運計畫" in outline.text
    assert not outline.all("b")
    for line in AD.split("\n"):
        assert line in outline.text


def test_a_higher_threshold_is_applied_to_the_text_in_the_form(client: TestClient) -> None:
    low, high = (sent(client, threshold=threshold) for threshold in ("0.1", "0.95"))
    assert high.all("input", id="threshold")[0]["value"] == "0.95"
    assert len(high.all("mark", class_="evidenced")) < len(low.all("mark", class_="evidenced"))
    assert high.all("textarea", name="text")


def test_nothing_of_the_text_stands_in_an_address_or_a_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        outline = sent(client)
        sent(client, 422, limit="many")
    assert "團隊衝突" not in caplog.text
    for tag, attributes in outline.elements:
        for name in ("href", "action", "formaction"):
            assert "%E5%9C%98%E9%9A%8A%E8%A1%9D%E7%AA%81" not in attributes.get(name, ""), tag


def test_the_language_is_changed_with_the_text(client: TestClient) -> None:
    outline = sent(client)
    actions = {one["lang"]: one["formaction"] for one in outline.all("button", form="match") if "lang" in one}
    assert actions == {"zh-Hant": "/match?hl=zh-Hant", "en": "/match?hl=en"}


def test_a_document_fills_the_form_with_what_was_read(client: TestClient) -> None:
    data = drawn([(60.0, 760.0, "工作內容"), (60.0, 740.0, "處理團隊衝突")])
    response = client.post("/match", files={"file": ("ad.pdf", data)}, data={"text": "other"})
    outline = Outline(response.text)
    assert "ad.pdf" in outline.text
    assert "處理團隊衝突" in outline.text
    assert "other" not in outline.text


@pytest.mark.parametrize(("form", "start"), [("csv", b"\xef\xbb\xbffound"), ("xlsx", b"PK"), ("json", b"{")])
def test_buttons_give_the_report_as_a_file(client: TestClient, form: str, start: bytes) -> None:
    outline = sent(client)
    assert outline.all("button", name="format", value=form, form="match")
    response = client.post("/match", files={"text": (None, AD), "format": (None, form)})
    assert response.content.startswith(start)
    assert "attachment" in response.headers["content-disposition"]
    assert response.headers["cache-control"] == "no-store"
    if form == "json":
        answer = json.loads(response.content)
        assert all(answer["text"][one["start"] : one["end"]] == one["text"] for one in answer["segments"])


@pytest.mark.parametrize(
    ("fields", "status", "word"),
    [
        ({"text": "  "}, 400, "還沒有文字"),
        ({"text": "123"}, 400, "請至少輸入一個字詞"),
        ({"limit": "many"}, 422, "limit"),
        ({"threshold": "7"}, 422, "threshold"),
        ({"occupations": "99999"}, 404, "99999"),
        ({"standards": "BGM0000-000"}, 404, "BGM0000-000"),
        ({"text": "帶領團隊\n" * 50_000}, 400, "過長"),
    ],
)
def test_what_cannot_be_matched_is_told_above_the_form(
    client: TestClient, fields: dict[str, str], status: int, word: str
) -> None:
    outline = sent(client, status, **fields)
    assert outline.all("p", role="alert")
    assert word in outline.text
    assert outline.all("textarea", name="text")


def test_a_picture_is_told_with_its_name(client: TestClient) -> None:
    response = client.post("/match", files={"file": ("scan.png", picture())}, headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert "scan.png" in Outline(response.text).text


def test_every_control_of_the_report_has_a_name(client: TestClient) -> None:
    outline = sent(client)
    assert len(outline.all("h1")) == 1
    for one in outline.all("progress"):
        assert "aria-label" in one or one["max"] == "100"
    identifiers = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for tag, attributes in outline.elements:
        assert "style" not in attributes, tag
        assert not any(name.startswith("on") for name in attributes)

"""A search box for other sites: what is copied works, and only its small page may stand in a frame."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from test_pages import Outline, page

from api.app import create_app

if TYPE_CHECKING:
    from api.services import Services


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services))


def copied(html: str, name: str) -> Outline:
    """The HTML that a person copies from the page."""
    found = re.search(rf'<pre id="{name}"[^>]*><code>(.*?)</code>', html, re.S)
    assert found
    return Outline(unescape(found[1]))


def test_the_copied_form_searches_under_the_chosen_filters(client: TestClient) -> None:
    html = client.get("/embed?standard=bgm1219-002&hl=en").text
    form = copied(html, "form-code")
    (element,) = form.all("form")
    assert element["action"].startswith("http")
    assert element["method"] == "get"
    hidden = {one["name"]: one["value"] for one in form.all("input", type="hidden")}
    assert hidden == {"standard": "BGM1219-002v2", "hl": "en"}
    results = client.get(urlsplit(element["action"]).path, params={"q": "團隊", **hidden})
    assert "Standard: BGM1219-002v2" in results.text


def test_the_copied_frame_shows_the_best_hits(client: TestClient) -> None:
    frame = copied(client.get("/embed?hl=zh-Hant").text, "frame-code").all("iframe")[0]
    assert frame["title"]
    response = client.get(frame["src"] + "&q=團隊")
    outline = Outline(response.text)
    hits = [one for one in outline.all("a", target="_blank") if "/id/" in one["href"]]
    assert len(hits) == 5
    (everything,) = [one["href"] for one in outline.all("a") if "q=" in one["href"]]
    assert client.get(everything).status_code == 200


def test_only_the_small_page_may_stand_in_a_frame(client: TestClient) -> None:
    small = client.get("/embed/search").headers["content-security-policy"]
    whole = client.get("/embed").headers["content-security-policy"]
    assert small.endswith("frame-ancestors *")
    assert whole.endswith("frame-ancestors 'none'")
    assert small.removesuffix("*") == whole.removesuffix("'none'")


def test_what_is_typed_cannot_leave_the_code(client: TestClient) -> None:
    html = client.get("/embed", params={"framework": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in html
    values = [one["value"] for one in copied(html, "form-code").all("input", type="hidden")]
    assert '"><script>alert(1)</script>' in values


def test_a_standard_that_is_not_loaded_is_told(client: TestClient) -> None:
    assert "ABC9999-001" in page(client, "/embed?standard=ABC9999-001", "zh-Hant", 404).text
    framed = client.get("/embed/search?q=團隊&standard=ABC9999-001&hl=zh-Hant")
    assert framed.status_code == 400
    assert "這裡沒有載入" in framed.text

"""Browsing and the map in a real browser: branches open in place, marks are found, coloured and opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import faults_of_access, fits, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_branches_open_in_place_down_to_a_standard(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/browse")
    page.get_by_role("heading", name="依職業").get_by_role("link").click()
    page.get_by_role("button", name="展開").first.click()
    page.locator(".tree .tree li").first.wait_for()
    while (closed := page.locator(".tree .tree .opener[aria-expanded=false]")).count():
        opened = page.locator(".tree .tree").count()
        closed.first.click()
        page.wait_for_function(
            "(before) => document.querySelectorAll('.tree .tree').length > before", arg=opened
        )
    assert fits(page)
    assert faults_of_access(page) == []
    keep(page, f"browse-{width}")
    page.get_by_role("link", name="其他企業服務及行政經理人員").click()
    page.get_by_role("link", name="BGM1219-002v2", exact=True).click()
    assert page.url.endswith("/id/icap/BGM1219-002v2")


def test_the_map_finds_colours_and_opens_standards(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/map")
    page.locator("[data-map-list] li").first.wait_for()
    page.get_by_label("在哪裡？").fill("衝突處理")
    page.get_by_label("在哪裡？").press("Enter")
    page.get_by_text("有 1 份職能基準").wait_for()
    assert "q=%E8" in page.url
    page.get_by_label("著色依據").select_option("level")
    page.get_by_label("第 4 級").wait_for()
    assert fits(page)
    assert faults_of_access(page) == []
    keep(page, f"map-{width}")
    canvas = page.locator("[data-map-canvas]")
    canvas.focus()
    for key in ("+", "ArrowLeft", "ArrowRight", "-", "0"):
        canvas.press(key)
    canvas.press("Enter")
    page.wait_for_url("**/resource?iri=*")
    assert "基層主管" in page.title()


def test_without_scripts_the_map_is_a_picture(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/map")
    assert plain_page.locator(".map-picture img").is_visible()
    assert not plain_page.locator("[data-map-canvas]").is_visible()
    plain_page.goto(f"{address}/browse/occupation")
    plain_page.locator("[data-tree] a").first.click()
    assert plain_page.get_by_role("link", name="BGM1219-002v2").is_visible()

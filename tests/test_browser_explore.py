"""Exploring in a real browser: by mouse and by keyboard, with filters, and from a link that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import faults_of_access, fits, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

STANDARD = "https://w3id.org/competency-graph/id/icap/BGM1219-002v2"


def drawn(page: Page) -> int:
    """How many nodes the graph has, once it is drawn."""
    page.locator(".explore-graph[data-ready=true]").wait_for()
    return int(page.locator(".explore-graph").get_attribute("data-nodes") or 0)


def test_expand_and_collapse_by_keyboard(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/explore?node=BGM1219-002v2&hl=en")
    before = drawn(page)
    nodes = page.locator(".explore-nodes")
    nodes.focus()
    page.keyboard.press("ArrowDown")
    assert "T1" in nodes.locator("[aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    page.locator(".explore-nodes li", has_text="T1.1").wait_for()
    assert drawn(page) > before
    assert "open=" in page.url
    keep(page, f"explore-expanded-{width}")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelector('.explore-graph').dataset.nodes === '{before}'")
    assert "open=" not in page.url
    assert fits(page)
    assert faults_of_access(page) == []


def test_a_click_on_the_canvas_expands_and_the_link_brings_it_back(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/explore?node={STANDARD}/S1/2&hl=zh-Hant")
    assert drawn(page) == 2
    canvas = page.locator(".explore-canvas")
    canvas.scroll_into_view_if_needed()
    # where Cytoscape has drawn the other node, from its own registry at the element
    place = canvas.evaluate("(one) => one._cyreg.cy.nodes()[1].renderedPosition()")
    canvas.click(position=place)
    page.wait_for_url("**open=*")
    page.wait_for_function("Number(document.querySelector('.explore-graph').dataset.nodes) > 2")
    count = drawn(page)
    page.goto(page.url)
    assert drawn(page) == count


def test_a_filter_keeps_what_was_expanded(page: Page, address: str) -> None:
    page.goto(f"{address}/explore?node=BGM1219-002v2&open={STANDARD}/T1&hl=en")
    drawn(page)
    page.get_by_label("Task", exact=False).first.check()
    page.wait_for_url("**kind=task*")
    assert drawn(page) == 6
    assert "open=" in page.url
    page.get_by_role("link", name="Clear the filters").click()
    page.wait_for_url(lambda url: "kind=" not in url)


def test_without_javascript_there_is_the_list(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/explore?node=BGM1219-002v2")
    assert not plain_page.locator(".explore-graph").is_visible()
    plain_page.locator(".explore-list a", has_text="提升團隊效能").click()
    assert plain_page.locator("h1").inner_text() == "提升團隊效能"
    plain_page.goto(f"{address}/explore")
    plain_page.locator(".starts a").first.click()
    assert plain_page.locator("h1").inner_text() == "基層主管"

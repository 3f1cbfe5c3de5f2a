"""The drawing of the pairs of two standards, pointed at with the mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import faults_of_access, fits, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SIDES = "a=BGM1219-002v2%20T1&b=BGM1219-002v2"


def test_an_element_stands_out_with_its_lines_and_leads_to_its_pair(
    page: Page, address: str, width: str
) -> None:
    page.goto(f"{address}/compare?{SIDES}&hl=zh-Hant")
    first = page.locator(".column [data-row] a").first
    first.hover()
    assert page.locator("path.linked").count() > 0
    assert page.locator("li.linked").count() > 1
    keep(page, f"pairs-{width}")
    assert fits(page)
    assert faults_of_access(page) == []
    first.focus()
    page.keyboard.press("Enter")
    code = first.locator("b").inner_text()
    assert code in page.locator("tr:target .of-a").inner_text()


def test_the_pairs_are_drawn_without_javascript(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/compare?{SIDES}&hl=en")
    line = plain_page.locator(".drawn path").first.bounding_box()
    row = plain_page.locator(".column [data-row] a").first.bounding_box()
    assert line is not None
    assert row is not None
    # the line begins beside the middle of its row
    assert abs(line["y"] - (row["y"] + row["height"] / 2)) <= row["height"] / 2

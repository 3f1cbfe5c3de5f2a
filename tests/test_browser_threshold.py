"""The report on a job description follows the slider of the threshold, as the server makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import faults_of_access, fits, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def matched(page: Page, address: str, language: str = "en") -> None:
    page.goto(f"{address}/match?example=true&hl={language}")
    page.locator(".match-run button[type=submit]").click()
    page.locator("#report").wait_for()


def slide(page: Page, value: str) -> None:
    with page.expect_response("**/match*") as answer:
        page.locator("#threshold").fill(value)
    assert answer.value.status == 200
    page.locator("#report:not([aria-busy])").wait_for()


def test_the_report_follows_the_slider_without_a_new_page(page: Page, address: str, width: str) -> None:
    matched(page, address)
    page.evaluate("window.kept = true")
    first = page.locator(".sentences > li").count()
    assert page.locator(".threshold-value").inner_text() == "0.25"
    slide(page, "1")
    assert page.locator(".threshold-value").inner_text() == "1.00"
    assert page.locator("mark[id]").count() == 0
    assert "elements evidenced: 0" in page.locator(".match-now").inner_text()
    slide(page, "0.25")
    assert page.locator(".sentences > li").count() == first > 0
    assert page.evaluate("window.kept")
    keep(page, f"threshold-{width}")
    assert fits(page)
    assert faults_of_access(page) == []


def test_what_the_slider_brings_keeps_what_was_opened_and_can_be_collected(page: Page, address: str) -> None:
    matched(page, address)
    page.locator(".proven summary").first.click()
    code = page.locator(".found .eyebrow .code").inner_text()
    slide(page, "0.2")
    assert page.locator(".found .eyebrow .code").inner_text() == code
    assert page.locator(".proven").first.get_attribute("open") is not None
    page.locator(".match-missing a[data-basket]").first.click()
    assert page.locator(".basket .count").inner_text() == "1"


def test_the_slider_is_moved_by_keyboard_and_says_its_value(page: Page, address: str) -> None:
    matched(page, address, "zh-Hant")
    page.locator("#threshold").focus()
    with page.expect_response("**/match*"):
        page.keyboard.press("ArrowRight")
    assert page.locator("#threshold").get_attribute("aria-valuetext") == "0.30"


def test_a_report_that_fails_says_so_and_keeps_what_is_shown(page: Page, address: str) -> None:
    matched(page, address)
    page.route("**/match*", lambda route: route.fulfill(status=200, body="<p>busy</p>"))
    page.locator("#threshold").fill("0.5")
    page.get_by_text("The report could not be renewed.").wait_for()
    assert page.locator("mark[id]").count() > 0


def test_without_javascript_the_threshold_is_typed(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/match?example=true&hl=en")
    plain_page.get_by_role("button", name="Find standards").click()
    plain_page.get_by_label("Evidence counts from").fill("1")
    plain_page.get_by_role("button", name="Show again").click()
    assert plain_page.locator("mark[id]").count() == 0

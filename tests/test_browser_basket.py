"""The basket: what a curriculum designer collects across searches becomes a course outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import faults_of_access, fits, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def collect(page: Page, address: str, *queries: str) -> list[str]:
    """Puts the first hit of each query into the basket; their texts."""
    texts = []
    for query in queries:
        page.goto(f"{address}/?q={query}&kind=skill&hl=zh-Hant")
        hit = page.locator(".hit").first
        texts.append(hit.locator(".text").inner_text())
        hit.get_by_role("button", name="加入選集").click()
        assert hit.locator("[data-basket]").get_attribute("aria-pressed") == "true"
    return texts


def test_competencies_of_several_searches_become_a_course_outline(
    page: Page, address: str, width: str
) -> None:
    texts = collect(page, address, "團隊衝突", "規劃")
    assert page.locator(".basket .count").inner_text() == "2"
    page.locator("a.basket").click()
    page.locator("#basket .hit").nth(1).wait_for()
    assert page.locator("#basket .hit .text").all_inner_texts() == texts
    keep(page, f"basket-{width}")
    assert fits(page)
    assert faults_of_access(page) == []
    with page.expect_download() as got:
        page.get_by_role("link", name="CSV").click()
    rows = got.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 3
    assert texts[0] in rows[1]
    page.get_by_role("button", name="編成課程大綱").click()
    page.wait_for_url("**/curriculum*")
    assert page.locator(".taught li").count() == 2
    assert page.locator(".covered progress").count() > 0


def test_an_outline_takes_what_the_basket_has(page: Page, address: str, width: str) -> None:
    collect(page, address, "團隊衝突", "規劃")
    page.goto(f"{address}/curriculum?hl=zh-Hant")
    assert "2 項職能尚未編入" in page.locator(".offer").inner_text()
    keep(page, f"curriculum-offer-{width}")
    assert fits(page)
    assert faults_of_access(page) == []
    page.get_by_role("button", name="全部編入").click()
    page.locator(".unit").wait_for()
    assert page.locator(".taught li").count() == 2
    assert page.locator(".covered progress").count() > 0
    assert not page.locator(".offer").is_visible()
    collect(page, address, "溝通")
    page.go_back()
    page.get_by_role("button", name="全部編入").click()
    page.locator(".unit").nth(1).wait_for()
    assert page.locator(".taught li").count() == 3
    with page.expect_download() as got:
        page.get_by_role("button", name="Excel", exact=True).click()
    assert got.value.suggested_filename.endswith(".xlsx")


def test_an_outline_leaves_out_what_is_no_longer_loaded(page: Page, address: str) -> None:
    page.goto(f"{address}/?hl=en")
    page.evaluate(
        "localStorage.setItem('competency-graph.basket', JSON.stringify(['https://example.org/gone']))"
    )
    page.goto(f"{address}/curriculum?hl=en")
    page.get_by_role("button", name="Put them in").click()
    page.get_by_text("no longer loaded here").wait_for()
    assert page.locator(".unit").count() == 0


def test_the_basket_is_kept_and_emptied_by_keyboard(page: Page, address: str) -> None:
    collect(page, address, "團隊衝突", "規劃")
    page.goto(f"{address}/?q=團隊衝突&kind=skill&hl=en")
    chosen = page.locator(".hit").first.locator("[data-basket]")
    assert chosen.get_attribute("aria-pressed") == "true"
    chosen.focus()
    page.keyboard.press("Space")
    assert chosen.get_attribute("aria-pressed") == "false"
    assert page.get_by_role("link", name="Basket: 1 competencies").is_visible()
    page.goto(f"{address}/basket?hl=en")
    page.get_by_role("button", name="Empty the basket").focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("The basket is empty.").is_visible()
    assert page.get_by_role("status").last.inner_text() == "1 competencies were taken out."
    assert faults_of_access(page) == []


def test_what_is_no_longer_loaded_is_told_and_the_rest_is_kept(page: Page, address: str) -> None:
    collect(page, address, "團隊衝突")
    page.evaluate(
        """() => {
            const key = "competency-graph.basket";
            const gone = "https://w3id.org/competency-graph/id/icap/ABC9999-001v1/K1";
            localStorage.setItem(key, JSON.stringify([...JSON.parse(localStorage.getItem(key)), gone]));
        }"""
    )
    page.goto(f"{address}/basket?hl=en")
    page.get_by_text("These are no longer loaded here:").wait_for()
    assert "ABC9999-001v1" in page.locator("#basket .iri").inner_text()
    assert page.locator("#basket .hit").count() == 1


def test_hits_are_ticked_for_an_outline_without_javascript(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/?q=團隊&kind=skill&hl=en")
    boxes = plain_page.locator(".pick input")
    for number in (0, 1):
        boxes.nth(number).check()
    plain_page.get_by_role("button", name="Add what is ticked").click()
    plain_page.locator(".taught li").nth(1).wait_for()
    assert plain_page.locator(".taught li").count() == 2


def test_filters_are_set_and_taken_away(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/?q=團隊&hl=en")
    if width == "phone":
        page.locator(".narrow > summary").click()
    page.get_by_label("Skill").check()
    page.wait_for_url("**kind=skill**")
    page.get_by_label("By standard").check(force=True)
    page.wait_for_url("**group=standard**")
    assert page.locator(".group").count() == 1
    keep(page, f"filtered-{width}")
    assert fits(page)
    assert faults_of_access(page) == []
    page.get_by_role("link", name="Remove the filter Skill").click()
    page.wait_for_url(lambda address: "kind=" not in address)
    assert page.get_by_label("By standard").is_checked()
    assert page.locator(".chosen").count() == 0


def test_the_code_of_a_search_box_is_copied(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/embed?hl=zh-Hant")
    page.get_by_role("button", name="複製 HTML").last.click()
    page.get_by_role("button", name="已複製").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith(f'<iframe src="{address}/embed/search')


def test_without_javascript_a_hit_goes_straight_into_an_outline(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/?q=團隊衝突&kind=skill&hl=en")
    assert not plain_page.locator("a.basket").is_visible()
    plain_page.get_by_role("link", name="Add to a course outline").first.click()
    assert plain_page.locator(".taught li").count() == 1
    plain_page.goto(f"{address}/basket?hl=en")
    assert "needs JavaScript" in plain_page.locator("main").inner_text()

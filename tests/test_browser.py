"""The pages in a real browser, at desktop and phone width, in both languages, with and without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browsing import faults_of_access, fits, keep

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

STANDARD = "/id/icap/BGM1219-002v2"
IRI = f"https://w3id.org/competency-graph{STANDARD}"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("home", "/?"),
        ("results", "/?q=處理團隊衝突&"),
        ("grouped", "/?q=處理團隊衝突&group=standard&"),
        ("empty", "/?q=團隊&standard=BGM1219-002v2&kind=task&page=9&"),
        ("standards", "/standards?"),
        ("standard", f"{STANDARD}?"),
        ("element", f"{STANDARD}/S1/2?"),
        ("compare", "/compare?a=BGM1219-002v2%20T1&b=BGM1219-002v2&"),
        ("nearest", "/compare?a=BGM1219-002v2&"),
        ("code", "/id/code/industry-dgbas-tw/701?"),
        ("match", "/match?"),
        ("match-example", "/match?example=true&"),
        ("query", "/query?query=SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205&"),
        ("cypher", "/query?language=cypher&example=levels-by-industry&"),
        ("draft", "/standards/BGM1219-002v2/draft?task=T1&"),
        (
            "curriculum",
            "/curriculum?standard=BGM1219-002v2&add=https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1&",
        ),
        ("schema", "/schema?"),
        ("api", "/api?"),
        ("embed", "/embed?"),
        ("framed", "/embed/search?q=處理團隊衝突&"),
        ("browse", "/browse?"),
        ("browse-place", "/browse/occupation?"),
        ("map", "/map?"),
        ("explore", f"/explore?node={IRI}&"),
        ("similar", f"/similar?iri={IRI}/S1&"),
        ("places", f"/places?iri={IRI}/S1&"),
        ("matrix", "/compare/matrix?"),
        ("moves", "/moves?from=BGM1219-002v2&"),
        ("align", f"/align?a={IRI}/S1&b={IRI}/S2&"),
        ("basket", "/basket?"),
        ("import", "/import?"),
    ],
)
def test_each_page_shows_itself(page: Page, address: str, width: str, name: str, path: str) -> None:
    """In both languages; access is checked in one at each width, the two being built alike."""
    for language in ("zh-Hant", "en"):
        page.goto(f"{address}{path}hl={language}")
        keep(page, f"{name}-{language}-{width}")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        assert fits(page)
        if (width == "desktop") == (language == "zh-Hant"):
            assert faults_of_access(page) == []


def test_the_menu_shows_the_section_that_is_open(page: Page, address: str, width: str) -> None:
    for path in ("/", "/curriculum", "/query"):
        page.goto(f"{address}{path}?hl=en")
        open_now = page.locator("header .menu [aria-current]").bounding_box()
        assert open_now is not None
        assert open_now["x"] >= 0
        assert open_now["x"] + open_now["width"] <= page.viewport_size["width"]  # type: ignore[index]


def test_a_curriculum_designer_finds_conflict_handling(page: Page, address: str, width: str) -> None:
    page.goto(address)
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("團隊衝突")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    first = page.locator(".hit").first
    assert "處理團隊衝突" in first.inner_text()
    assert first.locator("mark").first.inner_text()
    first.locator(".text a").click()
    page.get_by_role("link", name="在職能基準中檢視").click()
    target = page.locator(":target")
    assert "處理團隊衝突" in target.inner_text()
    keep(page, f"found-{width}")


def test_the_search_box_completes_what_is_typed_by_keyboard(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/?hl=en")
    box = page.get_by_role("combobox", name="What should the person know")
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("团队")
    options = page.get_by_role("option")
    options.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("listbox").get_attribute("id") == box.get_attribute("aria-controls")
    assert options.first.locator("mark").inner_text() == "團隊"
    keep(page, f"suggest-{width}")
    assert fits(page)
    box.press("ArrowDown")
    box.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    assert page.locator("[role=option][aria-selected=true]").count() == 1
    box.press("ArrowUp")
    box.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "团队"
    box.press("ArrowDown")
    options.first.wait_for()
    box.press("ArrowDown")
    text = options.first.locator(".text").inner_text()
    box.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("#q").input_value() == text
    assert page.locator(".hit").first.is_visible()


def test_standards_to_compare_are_completed_and_put_into_their_boxes(page: Page, address: str) -> None:
    page.goto(f"{address}/compare?hl=en")
    for name in ("First standard (A)", "Second standard (B)"):
        box = page.get_by_role("combobox", name=name)
        box.press_sequentially("BGM12")
        option = page.get_by_role("option").first
        option.wait_for()
        assert option.locator(".what").inner_text() == "Standard"
        option.click()
        assert box.input_value() == "BGM1219-002v2"
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**a=BGM1219-002v2&b=BGM1219-002v2*")
    assert page.locator(".pairs .verdict").first.inner_text() == "= Same"
    assert page.get_by_text("the two are the same standard").is_visible()


def test_the_box_suggests_only_what_the_chosen_filters_leave(page: Page, address: str) -> None:
    page.goto(f"{address}/?q=團隊&kind=skill&kind=knowledge&hl=en")
    with page.expect_request("**/api/v1/suggest?*") as asked:
        page.locator("#q").fill("團")
    assert re.findall(r"kind=(\w+)", asked.value.url) == ["knowledge", "skill"]
    page.get_by_role("option").first.wait_for()
    shown = {one.split(" ")[0] for one in page.locator("#suggestions .what").all_inner_texts()}
    assert shown <= {"Skill", "Knowledge"}


def test_a_suggested_code_leads_to_its_element(page: Page, address: str) -> None:
    page.goto(f"{address}/?hl=en")
    page.locator("#q").press_sequentially("BGM1219-002v2 K14")
    page.locator("#suggestions li", has_text="BGM1219-002v2 K14").first.click()
    page.wait_for_url("**/id/icap/BGM1219-002v2/K14?hl=en")


def test_nothing_is_asked_while_an_input_method_composes(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest" in request.url else None)
    page.goto(f"{address}/?hl=zh-Hant")
    asked.clear()
    page.locator("#q").focus()
    keyboard = page.context.new_cdp_session(page)
    for composed in ("ㄊ", "ㄊㄨ", "團"):
        keyboard.send("Input.imeSetComposition", {"text": composed, "selectionStart": 1, "selectionEnd": 1})
        page.wait_for_timeout(300)
    assert asked == []
    keyboard.send("Input.insertText", {"text": "團"})
    page.get_by_role("option").first.wait_for()
    assert len(asked) == 1


def test_enter_searches_for_what_was_typed_where_no_suggestion_is_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}/?hl=en")
    page.locator("#q").press_sequentially("團")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**q=%E5%9C%98*")
    assert page.locator("#q").input_value() == "團"
    assert page.locator("#suggestions li").count() == 0


def test_filters_apply_as_they_are_chosen(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/?q=團隊&hl=en")
    if width == "phone":
        assert not page.get_by_label("Attitude").is_visible()
        page.locator(".narrow > summary").click()
    page.get_by_label("Attitude").check()
    page.wait_for_url("**kind=attitude*")
    kinds = set(page.locator(".hit .kind").all_inner_texts())
    assert kinds == {"Attitude"}


def test_a_job_description_is_matched_and_traced(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/match?hl=en")
    page.get_by_role("link", name="Fill in an example").click()
    page.get_by_role("button", name="Find standards").click()
    assert page.url == f"{address}/match?hl=en"
    page.get_by_role("link", name="To what sentence 1 evidences").click()
    assert "Lead a team of eight" in page.locator(":target").inner_text()
    page.locator(":target").get_by_role("link", name="To sentence 1 in the text").click()
    assert page.locator("mark:target").count() == 1
    assert fits(page)
    keep(page, f"matched-{width}")
    page.get_by_label("Evidence counts from").fill("1")
    page.get_by_role("button", name="Show again").click()
    assert page.locator("mark[id]").count() == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_a_job_description_is_dropped_as_a_file(page: Page, address: str) -> None:
    page.goto(f"{address}/match?hl=en")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["Duties\\n- Lead the team\\n- Settle conflicts"], "ad.txt"));
            const event = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
            document.querySelector("h1").dispatchEvent(event);
        }"""
    )
    page.get_by_role("button", name="Find standards").click()
    assert "read from ad.txt" in page.locator(".summary").inner_text()
    assert page.locator(".job-text").inner_text().startswith("Duties")


def test_all_of_it_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(address)
    page.get_by_role("searchbox").fill("團隊")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("Skill").check()
    page.get_by_role("button", name="Apply").click()
    assert set(page.locator(".hit .kind").all_inner_texts()) == {"Skill"}
    page.get_by_role("link", name="繁體中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    assert set(page.locator(".hit .kind").all_inner_texts()) == {"技能"}
    page.get_by_label("依職能基準分組").check()
    page.get_by_role("button", name="套用").click()
    assert page.locator(".group").count() == 1
    assert set(page.locator(".group .hit .kind").all_inner_texts()) == {"技能"}
    context.close()


def test_a_course_outline_is_made_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(f"{address}/curriculum?hl=en")
    page.get_by_label("Add a standard").select_option("BGM1219-002v2")
    page.get_by_label("What should participants be able to do?").fill("團隊衝突")
    page.get_by_role("button", name="Search").click()
    page.locator(".picks input").first.check()
    page.get_by_role("button", name="Add what is ticked").click()
    page.locator(".unit").wait_for()
    assert page.locator(".unit").count() == 1
    page.locator(".covered summary").nth(2).click()
    page.get_by_role("button", name="Add P2.1.1", exact=True).click()
    page.locator(".taught li").nth(1).wait_for()
    assert page.locator(".taught li").count() == 2
    page.get_by_role("textbox", name="Hours").fill("6")
    page.get_by_role("button", name="Save changes").last.click()
    assert page.get_by_role("textbox", name="Hours").input_value() == "6"
    with page.expect_download() as got:
        page.get_by_role("button", name="Word", exact=True).click()
    page.goto(f"{address}/curriculum?hl=en")
    page.get_by_label("Open an outline file").set_input_files(got.value.path())
    page.get_by_role("button", name="Open", exact=True).click()
    assert page.get_by_role("textbox", name="Hours").input_value() == "6"
    assert page.locator(".taught li").count() == 2
    context.close()


def test_the_skip_link_is_the_first_stop_of_the_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/standards?hl=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"

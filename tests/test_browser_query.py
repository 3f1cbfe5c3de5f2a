"""The query page in a real browser: editor, completion from the schema, examples, and answers as graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from browsing import faults_of_access, fits, keep

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

pytestmark = pytest.mark.browser

TASKS = """PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?standard ?name ?task ?text WHERE {
  ?standard cg:hasTask ?task ; skos:prefLabel ?name . ?task skos:prefLabel ?text }"""


def editor(page: Page) -> Locator:
    page.locator(".editor[data-ready=true]").wait_for()
    return page.locator(".cm-content")


def test_an_analyst_runs_an_example_by_keyboard(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/query?hl=en")
    editor(page).focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**query=*")
    assert page.locator("td").all_inner_texts() == ["66"]
    assert editor(page).get_attribute("aria-label") == "SPARQL query"
    keep(page, f"query-answer-{width}")
    assert fits(page)
    assert faults_of_access(page) == []


def test_the_editor_completes_terms_of_the_schema_and_declares_their_prefix(page: Page, address: str) -> None:
    page.goto(f"{address}/query?hl=zh-Hant")
    content = editor(page)
    content.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("SELECT (COUNT(?one) AS ?count) WHERE { ?one a cg:Indi")
    option = page.locator(".cm-tooltip-autocomplete li", has_text="cg:Indicator").first
    option.wait_for()
    assert "行為指標" in option.inner_text()
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.keyboard.type(" ")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**query=PREFIX*")
    assert page.locator("td").all_inner_texts() == ["66"]


def test_tab_leaves_the_editor(page: Page, address: str) -> None:
    page.goto(f"{address}/query?hl=en")
    editor(page).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"


def test_a_mistake_is_told_and_marked_where_it_stands(context: BrowserContext, address: str) -> None:
    # not the page of the fixture: the status 400 of the answer is an error in the console
    page = context.new_page()
    mistaken = quote("SELECT * {\n ?s ?p ")
    page.goto(f"{address}/query?hl=zh-Hant&query={mistaken}")
    editor(page)
    assert "第 2 行第 7 字" in page.get_by_role("alert").inner_text()
    assert page.locator(".cm-lintRange-error, .cm-lintPoint-error").count() == 1


def test_an_answer_is_drawn_as_a_graph_and_shared_by_its_address(
    page: Page, address: str, width: str
) -> None:
    page.goto(f"{address}/query?hl=en&query={quote(TASKS)}")
    page.get_by_role("link", name="Graph", exact=True).click()
    drawn = page.locator("#answer-graph[data-nodes]")
    drawn.wait_for()
    assert drawn.get_attribute("data-nodes") == "6"
    assert "show=graph" in page.url
    keep(page, f"query-graph-{width}")
    assert fits(page)
    assert page.locator("table.answer tbody tr").count() == 5


def test_columns_are_sorted_as_their_language_orders_them(page: Page, address: str) -> None:
    page.goto(f"{address}/query?hl=en&query={quote(TASKS)}")
    head = page.get_by_role("button", name="task", exact=True)
    head.click()
    first = page.locator("table.answer tbody tr").first.locator("td").nth(2)
    assert first.inner_text().endswith("T1")
    head.click()
    assert first.inner_text().endswith("T5")
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("task")


def test_an_example_in_cypher_is_found_and_run(context: BrowserContext, address: str, width: str) -> None:
    # not the page of the fixture: while the property graph is made, a status 503 is an error in the console
    page = context.new_page()
    page.goto(f"{address}/query?language=cypher&hl=en")
    page.get_by_label("Find an example").fill("levels industries")
    assert page.locator(".questions li:visible").count() == 1
    page.locator(".questions li:visible a").click()
    page.wait_for_url("**example=levels-by-industry*")
    editor(page).focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**query=*")
    # the page that says that the property graph is being made tries again by itself
    page.locator("table.answer").wait_for(timeout=90_000)
    assert page.locator("#answer h2").inner_text() == "How are levels distributed over industries?"
    keep(page, f"query-cypher-{width}")
    assert fits(page)


def test_queries_run_without_javascript(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/query?hl=en")
    plain_page.get_by_label("SPARQL query").fill(TASKS)
    plain_page.get_by_role("button", name="Run").click()
    assert plain_page.locator("table.answer tbody tr").count() == 5
    plain_page.get_by_role("link", name="Graph", exact=True).click()
    assert plain_page.get_by_text("The graph needs JavaScript").is_visible()
    assert plain_page.locator("table.answer tbody tr").count() == 5

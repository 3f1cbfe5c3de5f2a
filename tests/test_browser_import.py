"""Importing in a real browser: from a PDF with a broken rule to a standard that is found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from browsing import ROOT, faults_of_access, fits, keep
from importable import printed
from running import running_service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

FILES = [
    {"name": "客服主管.pdf", "mimeType": "application/pdf", "buffer": printed()},
    {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": printed(broken=True)},
]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A service with a key, over a folder of its own, in which nothing is loaded yet."""
    environment = {
        **os.environ,
        "COMPETENCY_EMBEDDER": "toy",
        "COMPETENCY_API_KEY": "opensesame",
        "PYTHONPATH": str(ROOT),
    }
    with running_service("--data-dir", str(tmp_path), environment=environment) as found:
        yield found


def test_a_pdf_with_a_broken_rule_is_shown_and_the_other_is_published(
    page: Page, address: str, width: str
) -> None:
    page.goto(f"{address}/import?hl=zh-Hant")
    keep(page, f"import-start-{width}")
    assert faults_of_access(page) == []
    page.locator("#files").set_input_files(FILES)  # type: ignore[arg-type]
    page.get_by_label("本服務的金鑰").fill("opensesame")
    page.get_by_role("button", name="讀取並檢查").click()
    page.get_by_text("尚未儲存任何內容").wait_for()
    broken = page.locator(".file", has_text="broken.pdf")
    assert "T1.1" in broken.locator(".violations li").inner_text()
    assert broken.locator("input[name=file]").count() == 0
    keep(page, f"import-checked-{width}")
    assert fits(page)
    assert faults_of_access(page) == []
    # the key is kept while the tab is open
    page.get_by_role("button", name="發布", exact=True).click()
    page.get_by_text("已發布").wait_for(timeout=60_000)
    keep(page, f"import-published-{width}")
    page.get_by_role("link", name="客服主管（範例）").click()
    assert page.locator("h1").inner_text() == "客服主管（範例）"
    page.goto(f"{address}/?q=客訴&hl=zh-Hant")
    assert page.locator(".hit").count() > 0


def test_the_same_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(f"{address}/import?hl=en")
    page.locator("#files").set_input_files(FILES[0])  # type: ignore[arg-type]
    page.get_by_label("Key of this service").fill("opensesame")
    page.get_by_role("button", name="Read and check").click()
    page.get_by_label("Key of this service").fill("opensesame")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Published. The standards can be searched now.").wait_for(timeout=60_000)
    context.close()

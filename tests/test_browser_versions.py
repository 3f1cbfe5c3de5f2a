"""An analyst compares two versions of a standard: what changed, word by word, and the pairs of both."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from browsing import ROOT, faults_of_access, fits, keep
from running import running_service

from api.services import ingest_and_index
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running service with versions 2 and 4 of BGM1219-002."""
    folder = tmp_path_factory.mktemp("versions")
    documents = [
        ROOT / "data" / "standards" / "BGM1219-002v2.txt",
        shared_data / "icap" / "BGM1219-002v4.json",
    ]
    ingest_and_index(documents, Settings(data_dir=folder, embedder="toy"))
    environment = {**os.environ, "COMPETENCY_EMBEDDER": "toy", "PYTHONPATH": str(ROOT)}
    with running_service("--data-dir", str(folder), environment=environment) as found:
        yield found


def test_version_2_is_compared_with_version_4(page: Page, address: str, width: str) -> None:
    page.goto(f"{address}/compare?hl=zh-Hant")
    page.locator("#a").fill("BGM1219-002v2")
    page.locator("#b").fill("BGM1219-002v4")
    page.keyboard.press("Enter")
    page.locator(".drawn path").first.wait_for(state="attached")
    keep(page, f"versions-compared-{width}")
    assert fits(page)
    assert faults_of_access(page) == []
    page.goto(f"{address}/standards/BGM1219-002v4/changes?hl=zh-Hant")
    assert page.locator("ins").count() > 0
    assert page.locator("del").count() > 0
    keep(page, f"versions-changed-{width}")
    assert fits(page)
    assert faults_of_access(page) == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("moves", "/moves?from=BGM1219-002v2&to=BGM1219-002v4"),
    ],
)
def test_several_standards_are_surveyed(page: Page, address: str, width: str, name: str, path: str) -> None:
    page.goto(f"{address}{path}&hl={'en' if width == 'phone' else 'zh-Hant'}")
    assert page.locator("main table").count() > 0
    keep(page, f"{name}-{width}")
    assert fits(page)
    assert faults_of_access(page) == []


def test_the_changes_are_read_without_javascript(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/id/icap/BGM1219-002v4?hl=en")
    plain_page.locator("a[href*='/changes']").first.click()
    plain_page.wait_for_url("**/changes*")
    assert plain_page.locator("ins").count() > 0

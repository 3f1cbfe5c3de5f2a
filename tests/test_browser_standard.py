"""The pages of standards of every framework, of elements, codes and concepts: seen, sorted and printed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from browsing import ROOT, faults_of_access, fits, keep
from case_packages import DOCUMENT, package_bytes
from running import running_service
from small_esco import BAKER, KNEAD, tables, unpacked
from small_onet import rating, release, write_workbooks
from test_reader_au import KITCHEN

from api.services import ingest_and_index
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

STANDARD = "/id/icap/BGM1219-002v2"
SAMPLE = "/id/icap/BAS3341-902v1"
BAKERS = "/id/onet/51-3011.00"
ISCO = f"{BAKER.partition('occupation')[0]}isco/C7512"
STANDARDS = {
    "table": f"{SAMPLE}?view=table",
    "tree": f"{SAMPLE}?view=tree",
    "text": f"{SAMPLE}?view=text",
    "onet": BAKERS,
    "esco": f"/resource?iri={quote(BAKER, safe='')}",
    "au": "/id/au/XXXKIT301",
    "case": f"/id/case/{DOCUMENT}v2024",
}
ENTITIES = {
    "element": f"{STANDARD}/S16",
    "item": f"{STANDARD}/S1/2",
    "code": "/id/code/occupation-mol-tw/121",
    "isco": f"/resource?iri={quote(ISCO, safe='')}",
    "concept": f"/resource?iri={quote(KNEAD, safe='')}",
    "level": "/id/level/icap/4",
}
NEW = {"Zoology": 4.69, "Algebra": 4.7, "Music": 1.2}
BY_IMPORTANCE = ["Algebra", "Zoology", "Food Production", "Music"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running service with a standard or more of every framework."""
    folder = tmp_path_factory.mktemp("frameworks")
    (folder / "onet").mkdir()
    onet = release()
    for number, (name, importance) in enumerate(NEW.items(), 20):
        onet["Content Model Reference"].append([f"2.C.{number}", name, name])
        onet["Knowledge"].append(rating("51-3011.00", "Bakers", f"2.C.{number}", name, "IM", importance))
    (folder / "case.json").write_bytes(package_bytes())
    (folder / "units.json").write_text(json.dumps([KITCHEN]), encoding="utf-8")
    documents = [
        ROOT / "data" / "standards" / "BGM1219-002v2.txt",
        ROOT / "data" / "standards" / "sample-BAS3341-902v1.txt",
        write_workbooks(folder / "onet", onet),
        unpacked(folder / "esco", tables()),
        folder / "case.json",
        folder / "units.json",
    ]
    ingest_and_index(documents, Settings(data_dir=folder / "data", embedder="toy"))
    environment = {**os.environ, "COMPETENCY_EMBEDDER": "toy", "PYTHONPATH": str(ROOT)}
    with running_service("--data-dir", str(folder / "data"), environment=environment) as found:
        yield found


def opened(page: Page, address: str, path: str, language: str) -> None:
    joint = "&" if "?" in path else "?"
    answer = page.goto(f"{address}{path}{joint}hl={language}")
    assert answer is not None
    assert answer.status == 200, path


def rated(page: Page) -> list[str]:
    return page.locator("#shared-knowledge tbody th a").all_inner_texts()


@pytest.mark.parametrize("width", ["desktop"], indirect=True)
@pytest.mark.parametrize("kind", ["table", "tree", "onet", "esco", "case", "element", "code"])
def test_every_kind_of_page_is_accessible(page: Page, address: str, kind: str) -> None:
    opened(page, address, (STANDARDS | ENTITIES)[kind], "en")
    keep(page, f"standard-{kind}-desktop")
    assert fits(page)
    assert faults_of_access(page) == []


@pytest.mark.parametrize("width", ["phone"], indirect=True)
def test_every_page_fits_on_a_phone(page: Page, address: str) -> None:
    for kind, path in (STANDARDS | ENTITIES).items():
        opened(page, address, path, "zh-Hant")
        keep(page, f"standard-{kind}-phone")
        assert page.locator("h1").count() == 1, kind
        assert fits(page), kind
    opened(page, address, BAKERS, "zh-Hant")
    assert faults_of_access(page) == []


@pytest.mark.parametrize("width", ["desktop"], indirect=True)
def test_printing_and_copying_are_offered_where_scripts_run(page: Page, address: str) -> None:
    opened(page, address, BAKERS, "en")
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    for button in page.get_by_role("button", name="Print or save as PDF").all():
        button.click()
    assert page.evaluate("window.printed") == 2
    assert page.locator("[data-copy-from=citation]").is_visible()


@pytest.mark.parametrize("width", ["desktop"], indirect=True)
def test_ratings_are_sorted_in_place_by_the_keyboard(page: Page, address: str) -> None:
    opened(page, address, BAKERS, "en")
    assert rated(page) == BY_IMPORTANCE
    by_name = page.locator("#shared-knowledge thead a").first
    by_name.focus()
    page.evaluate("window.stays = true")
    page.keyboard.press("Enter")
    assert rated(page) == sorted(BY_IMPORTANCE)
    page.keyboard.press("Enter")
    assert rated(page) == sorted(BY_IMPORTANCE, reverse=True)
    assert page.locator("#shared-knowledge th[aria-sort=descending]").inner_text().startswith("Name")
    assert page.evaluate("window.stays")
    assert "sort=knowledge.name.down" in page.url
    page.reload()
    assert rated(page) == sorted(BY_IMPORTANCE, reverse=True)


def test_ratings_are_sorted_without_javascript(plain_page: Page, address: str) -> None:
    opened(plain_page, address, BAKERS, "en")
    plain_page.locator("#shared-knowledge thead a").first.click()
    plain_page.wait_for_url("**sort=knowledge.name.up*")
    assert rated(plain_page) == sorted(BY_IMPORTANCE)
    plain_page.locator("#shared-knowledge thead a").nth(1).click()
    plain_page.wait_for_url("**sort=knowledge.importance.down*")
    assert rated(plain_page) == BY_IMPORTANCE


def test_a_doubt_leads_to_where_it_stands_even_in_a_closed_branch(plain_page: Page, address: str) -> None:
    opened(plain_page, address, f"{STANDARD}?view=tree", "en")
    place = plain_page.locator("[id='P5.3.5']")
    assert not place.is_visible()
    plain_page.locator(".doubts-short").get_by_role("link", name="P5.3.5").click()
    place.wait_for(state="visible")
    assert place.locator(".doubt").is_visible()


def test_a_standard_prints_as_the_official_table_on_landscape_pages(
    plain_page: Page, address: str, tmp_path: Path
) -> None:
    import pypdfium2

    opened(plain_page, address, STANDARD, "zh-Hant")
    plain_page.pdf(path=tmp_path / "standard.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "standard.pdf")
    try:
        pages = [(one.get_width(), one.get_height(), one.get_textpage().get_text_range()) for one in document]
    finally:
        document.close()
    landscape = [text for width, height, text in pages if width > height]
    assert pages[0][0] < pages[0][1]
    assert "基層主管" in pages[0][2]
    assert all("行為指標" in text and "職能級別" not in text for text in landscape)
    assert "P5.3.6" in "".join(landscape)
    whole = "".join(text for _, _, text in pages)
    assert "S1#5" in whole
    assert "引用格式" in whole
    assert "瀏覽" not in whole
    assert "使用說明" not in whole

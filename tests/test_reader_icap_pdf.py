"""The reader of the official form in PDF, on forms that two independent programs lay out.

``make test`` prints them with ReportLab, ``make test-all`` with Chromium too. Each field that is read back is
equal to what was printed, or a doubt names where it is not.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import SHARED_DATA
from pdf_canvas import print_pdf
from pdf_compare import Comparison, compare
from pdf_forms import form_of, in_template, random_layout
from pdf_html import footer, to_html

from ontology.model import Place, Standard
from ontology.readers import read_standard
from ontology.readers.lines import plain_sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

BUNDLED = Path(__file__).resolve().parent.parent / "data" / "standards" / "BGM1219-002v2.txt"
REAL = sorted(path for path in (SHARED_DATA / "icap").glob("*-*v*.*") if path.suffix in {".txt", ".json"})
SOURCES = [path for path in [BUNDLED, *REAL] if path.name != BUNDLED.name or path is BUNDLED]
TEMPLATES = {"older": False, "newer": True}
LAYOUTS = 5
BROWSER_LAYOUTS = 20


def printed(standard: Standard, seed: int, *, per_activity: bool) -> bytes:
    layout = random_layout(seed, per_activity=per_activity)
    return print_pdf(form_of(standard, layout), layout, title=f"{standard.name}職能基準")


def check(result: Comparison, name: str) -> None:
    """Shows the counts (``pytest -rP``), and fails on a field that differs without a doubt."""
    counts = f"{result.exact} exact, {len(result.doubted)} doubted, {len(result.silent)} silent"
    print(f"{name}: {counts}; {result.doubts} doubts")  # noqa: T201
    assert result.silent == []
    assert len(result.doubted) <= 0.02 * result.exact


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_standard_reads_back_from_any_layout(source: Path, template: str) -> None:
    per_activity = TEMPLATES[template]
    standard = in_template(read_standard(source), per_activity=per_activity)
    result = Comparison()
    for seed in range(LAYOUTS):
        pdf = printed(standard, seed, per_activity=per_activity)
        result.add(compare(standard, read_standard(pdf, f"layout {seed}")))
    check(result, f"{source.name}, {template} template")


def test_places_are_pages_and_the_source_is_named() -> None:
    standard = in_template(read_standard(BUNDLED), per_activity=False)
    found = read_standard(printed(standard, 3, per_activity=False), "form.pdf")
    pages = [element.place for element in found.elements()]
    assert found.source == "form.pdf"
    assert all(place and place.page and place.line is None for place in pages)
    tasks = [
        place for element in found.elements() if (place := element.place) and element.kind == "indicator"
    ]
    assert tasks == sorted(tasks, key=lambda place: place.page or 0)
    assert tasks[-1] != Place(page=1)


@pytest.mark.parametrize(
    ("sign", "plain"),
    [
        ("⼯", "工"),
        ("⻑", "長"),
        ("ﬁ", "fi"),
        ("\uf0b7", "●"),
        ("，", "，"),
        ("Ａ", "Ａ"),
        ("\u00ad", ""),
        ("豈", "豈"),
    ],
)
def test_signs_of_fonts_become_plain_and_punctuation_stays(sign: str, plain: str) -> None:
    assert plain_sign(sign) == plain


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium is installed (Debian: apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.mark.browser
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_standard_that_a_browser_prints_reads_back(page: Page, source: Path, template: str) -> None:
    per_activity = TEMPLATES[template]
    standard = in_template(read_standard(source), per_activity=per_activity)
    result = Comparison()
    for seed in range(BROWSER_LAYOUTS):
        layout = random_layout(seed, per_activity=per_activity)
        page.set_content(to_html(form_of(standard, layout), layout))
        pdf = page.pdf(
            prefer_css_page_size=True,
            display_header_footer=bool(layout.page_numbers),
            header_template="<span></span>",
            footer_template=footer(layout),
        )
        result.add(compare(standard, read_standard(pdf, f"layout {seed}")))
    check(result, f"{source.name}, {template} template, Chromium")

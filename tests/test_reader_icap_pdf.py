"""The reader of the official form in PDF, on forms that two independent programs lay out.

``make test`` prints them with ReportLab, ``make test-all`` with Chromium too. Each field that is read back is
equal to what was printed, or a doubt names where it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from authoring import seeded_standard
from conftest import ROOT
from pdf_compare import Comparison, compare
from pdf_forms import in_template
from pdf_suite import TEMPLATES, browser_page, browser_program, print_by_browser, print_by_canvas, sources

from ontology.model import Place
from ontology.readers import read_standard
from ontology.readers.lines import plain_sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    Record = Callable[[str, object], None]

BUNDLED = ROOT / "data" / "standards" / "BGM1219-002v2.txt"
LAYOUTS = 3
BROWSER_LAYOUTS = 8
RANDOM_CONTENT = (4, 7, 13, 14, 25, 32, 40, 47, 54, 55)
"""Seeds; most are those of what was once read wrongly: full-width codes that a narrow cell broke, blanks that
PDFium dropped, codes spread by justification."""


def check(result: Comparison, producer: str, record: Record) -> None:
    """Records the counts for the summary, and fails on a field that differs without a doubt."""
    record("counted", (f"forms in PDF, {producer}", result.counts))
    assert result.silent == []
    assert len(result.doubted) <= 0.02 * result.exact


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("source", sources(), ids=lambda path: path.name)
def test_a_standard_reads_back_from_any_layout(source: Path, template: str, record_property: Record) -> None:
    per_activity = TEMPLATES[template]
    standard = in_template(read_standard(source), per_activity=per_activity)
    result = Comparison()
    for seed in range(LAYOUTS):
        pdf = print_by_canvas(standard, seed, per_activity=per_activity)
        result.add(compare(standard, read_standard(pdf, f"layout {seed}")))
    check(result, "ReportLab", record_property)


@pytest.mark.parametrize("template", TEMPLATES)
def test_standards_of_random_content_read_back(template: str, record_property: Record) -> None:
    per_activity = TEMPLATES[template]
    result = Comparison()
    for seed in RANDOM_CONTENT:
        standard = in_template(seeded_standard(seed, per_activity=per_activity), per_activity=per_activity)
        pdf = print_by_canvas(standard, seed, per_activity=per_activity)
        result.add(compare(standard, read_standard(pdf, f"random content {seed}")))
    check(result, "ReportLab", record_property)


def test_places_are_pages_and_the_source_is_named() -> None:
    standard = in_template(read_standard(BUNDLED), per_activity=False)
    found = read_standard(print_by_canvas(standard, 3, per_activity=False), "form.pdf")
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
    program = browser_program()
    if program is None:
        pytest.skip("no chromium is installed (Debian: apt-get install chromium fonts-noto-cjk)")
    with browser_page(program) as page:
        yield page


@pytest.mark.browser
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("source", sources(), ids=lambda path: path.name)
def test_a_standard_that_a_browser_prints_reads_back(
    page: Page, source: Path, template: str, record_property: Record
) -> None:
    per_activity = TEMPLATES[template]
    standard = in_template(read_standard(source), per_activity=per_activity)
    result = Comparison()
    for seed in range(BROWSER_LAYOUTS):
        pdf = print_by_browser(page, standard, seed, per_activity=per_activity)
        result.add(compare(standard, read_standard(pdf, f"layout {seed}")))
    check(result, "Chromium", record_property)

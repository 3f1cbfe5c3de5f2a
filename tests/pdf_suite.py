"""The suite of generated PDFs: which standards, in which templates, printed by which program."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pdf_canvas import print_pdf
from pdf_english import in_english
from pdf_forms import form_of, random_layout
from pdf_html import footer, to_html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdf_forms import FormTable, FreeText, Layout
    from playwright.sync_api import Page

    from ontology.model import Standard

__all__ = ["TEMPLATES", "browser_page", "browser_program", "print_by_browser", "print_by_canvas", "sources"]

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = {"older": False, "newer": True}


def sources() -> list[Path]:
    """The bundled standards, and the real ones that may lie beside the project."""
    bundled = sorted((ROOT / "data" / "standards").glob("*.txt"))
    beside = sorted((ROOT.parent / "shared" / "data" / "icap").glob("*-*v*.*"))
    known = {path.name for path in bundled}
    return [
        *bundled,
        *(path for path in beside if path.suffix in {".txt", ".json"} and path.name not in known),
    ]


def _form(standard: Standard, layout: Layout) -> list[FormTable | FreeText]:
    """The form; of a standard in English every other layout has English headings."""
    blocks = form_of(standard, layout)
    english = standard.language == "en" and layout.seed % 2 == 0 and not layout.compatible
    return in_english(blocks) if english else blocks


def print_by_canvas(standard: Standard, seed: int, *, per_activity: bool) -> bytes:
    """The form as our own layout engine prints it with ReportLab."""
    layout = random_layout(seed, per_activity=per_activity)
    return print_pdf(_form(standard, layout), layout, title=f"{standard.name}職能基準")


def print_by_browser(page: Page, standard: Standard, seed: int, *, per_activity: bool) -> bytes:
    """The form as the browser of the page prints it."""
    layout = random_layout(seed, per_activity=per_activity)
    page.set_content(to_html(_form(standard, layout), layout))
    return page.pdf(
        prefer_css_page_size=True,
        display_header_footer=bool(layout.page_numbers),
        header_template="<span></span>",
        footer_template=footer(layout),
    )


def browser_program() -> str | None:
    """Where Chromium is, if it is installed."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@contextmanager
def browser_page(program: str) -> Iterator[Page]:
    """A blank page of a headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()

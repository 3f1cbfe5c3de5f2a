"""The service in a real browser: fixtures for the tests of pages, at desktop and phone width.

They need Debian's ``chromium`` (or another one named by ``CHROMIUM``). A page of theirs fails its test on an
error in the console, which the Content-Security-Policy reports to, too, and on a request to another host.
Screenshots to be looked at go to the folder ``SCREENSHOTS``, where it is set.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from running import running_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

__all__ = [
    "WIDTHS",
    "address",
    "browser",
    "context",
    "faults_of_access",
    "fits",
    "keep",
    "page",
    "plain_page",
    "width",
]

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "tests" / "vendor" / "axe.min.js"
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="session")
def address(loaded_data: Path) -> Iterator[str]:
    """A running service on a free port of this machine."""
    environment = {**os.environ, "COMPETENCY_EMBEDDER": "toy", "PYTHONPATH": str(ROOT)}
    with running_service("--data-dir", str(loaded_data), environment=environment) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ended with each module: others drive a browser of their own, and Playwright runs once in a process."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium is installed (Debian: apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def context(browser: Browser, width: str) -> Iterator[BrowserContext]:
    columns, rows = WIDTHS[width]
    opened = browser.new_context(viewport={"width": columns, "height": rows}, locale="zh-TW")
    yield opened
    opened.close()


@pytest.fixture
def plain_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page without JavaScript, in English."""
    opened = browser.new_context(java_script_enabled=False, locale="en-US")
    yield opened.new_page()
    opened.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """A page that fails its test on an error in the console or a request to another host."""
    faults: list[str] = []
    opened = context.new_page()
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "request",
        lambda request: (
            None if request.url.startswith(address) else faults.append(f"requested {request.url}")
        ),
    )
    yield opened
    assert faults == []


def keep(page: Page, name: str) -> None:
    """Keeps what the window shows as a picture for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=False)


def fits(page: Page) -> bool:
    """Whether nothing stands out of the window sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


_RULES = {
    "light": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
"""What axe-core is asked for in each scheme of colours: only what is told by colours differs between them."""


def faults_of_access(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and its own best practices, in light and dark colours: a
    line for each rule and element."""
    found = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for colours in schemes:
        page.emulate_media(color_scheme=colours)
        answer = page.evaluate(
            "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})",
            _RULES[colours],
        )
        found += [
            f"{colours}: {violation['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
            for violation in answer["violations"]
            for node in violation["nodes"]
        ]
    page.emulate_media(color_scheme="light")
    return found

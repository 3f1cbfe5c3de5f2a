"""Takes the pictures of tour.md from a running service: ``make tour``.

    python docs/tour.py [--into docs/images/tour] [--only NAME …]

The bundled standards are loaded into a temporary folder, served on a free port, and shown by Chromium
(Debian: ``chromium fonts-noto-cjk``; another one is named by ``CHROMIUM``). Where a page has an error in the
console, asks another host, or lacks what its picture is to show, the tour ends there with status 1.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

__all__ = ["SCENES", "Scene", "main"]

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "images" / "tour"
JOB = ROOT / "data" / "eval" / "job-descriptions" / "004-customer-service-supervisor.txt"
LABELLED = """PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?standard ?name ?task ?text WHERE {
  ?standard cg:hasTask ?task ; skos:notation "BGM1219-002v2" ; skos:prefLabel ?name .
  ?task skos:prefLabel ?text
}"""


@dataclass(frozen=True)
class Scene:
    """One picture: the page at ``path``, and what a person does there before it is taken. ``width`` and
    ``height`` are CSS pixels of the window."""

    name: str
    path: str
    act: Callable[[Page], object]
    width: int = 1280
    height: int = 860
    is_dark: bool = False


def _seen(selector: str) -> Callable[[Page], object]:
    return lambda page: page.locator(selector).first.wait_for()


def _top(selector: str) -> Callable[[Page], object]:
    """Scrolls the first such element to the upper edge of the window."""

    def act(page: Page) -> None:
        page.locator(selector).first.evaluate("(found) => found.scrollIntoView({block: 'start'})")

    return act


def _suggestions(page: Page) -> None:
    page.locator("#q").press_sequentially("团队")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def _collect(page: Page) -> None:
    """Three competencies from three searches, then the basket."""
    here = page.url.partition("/?")[0]
    for query in ("conflict", "planning a project", "handling complaints"):
        page.goto(f"{here}/?q={quote(query)}&kind=skill&hl=en")
        page.locator(".hit [data-basket][aria-pressed=false]").first.click()
    page.locator("a.basket").click()
    page.locator("#basket .hit").nth(2).wait_for()


def _outline(page: Page) -> None:
    _collect(page)
    page.locator("main form button, main .buttons button").filter(has_text="outline").first.click()
    page.wait_for_url("**/curriculum*")
    page.locator("#title").fill("First-line managers: the first month")
    page.locator("#targets").fill("BGM1219-002v2")
    page.locator(".course button[value=save]").click()
    page.locator(".covered progress").first.wait_for()
    _top(".units")(page)


def _job(page: Page) -> None:
    text = (ROOT / "data/eval/job-descriptions/004-customer-service-supervisor.txt").read_text(
        encoding="utf-8"
    )
    page.locator("#text").fill(text)
    page.locator("#match .match-run button[type=submit]").click()
    page.locator("mark[id]").first.wait_for()
    _top(".tabs")(page)


def _complete(page: Page) -> None:
    page.locator(".editor[data-ready=true]").wait_for()
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("SELECT ?skill WHERE { ?task cg:requi")
    page.locator(".cm-tooltip-autocomplete li").first.wait_for()
    page.locator(".cm-completionInfo").first.wait_for()


def _graph(page: Page) -> None:
    page.locator("#answer-graph[data-nodes]").wait_for()
    _top("#answer")(page)
    # the layout is drawn over some frames
    page.wait_for_timeout(1500)


def _around(page: Page) -> None:
    page.locator(".explore-graph[data-ready=true]").wait_for()
    page.locator(".explore-graph").evaluate("(found) => found.scrollIntoView({block: 'start'})")
    # the layout is drawn over some frames
    page.wait_for_timeout(1500)


def _drawn_map(page: Page) -> None:
    page.locator("canvas[data-map-canvas]").wait_for()
    page.wait_for_timeout(1500)


def _import(page: Page) -> None:
    """A sample with its name changed, and another whose first activity lost its indicators."""
    samples = ROOT / "data" / "standards"
    changed = (samples / "sample-BGM1219-903v1.txt").read_text(encoding="utf-8").replace("sample", "example")
    broken = (samples / "sample-BGM2421-901v2.txt").read_text(encoding="utf-8")
    files = {"team-leader.txt": changed, "專案經理.txt": re.sub(r"P1\.1\.\d+ [^\n\t]*", "", broken)}
    page.locator("#files").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files.items()]
    )
    page.locator("#key").fill(KEY)
    page.locator(".import-form button").click()
    page.locator(".violations").wait_for()


def _help(page: Page) -> None:
    page.locator("details.help").first.evaluate("(found) => { found.open = true; }")
    page.locator("details.help a").first.wait_for()


KEY = "a key for the tour"
ICAP = "/id/icap/BGM1219-002v2"
SCENES = (
    Scene("home", "/?hl=en", _seen("h1")),
    Scene("search", "/?q=which+competencies+cover+conflict+handling&hl=en", _seen(".hit")),
    Scene("suggest", "/?hl=zh-Hant", _suggestions, height=760),
    Scene("grouped", "/?q=conflict+handling&group=standard&kind=skill&kind=indicator&hl=en", _seen(".group")),
    Scene("standard-table", f"{ICAP}?view=table&hl=zh-Hant", _top(".tasks-head")),
    Scene("standard-tree", f"{ICAP}?view=tree&hl=en", _top(".tasks-head")),
    Scene("source", f"{ICAP}?hl=en", _top("#source"), height=760),
    Scene("element", f"{ICAP}/S1/2?hl=en", _seen("h1"), height=640),
    Scene(
        "explore",
        f"/explore?node=BGM1219-002v2&open=https://w3id.org/competency-graph{ICAP}/T1&hl=en",
        _around,
    ),
    Scene("browse", "/browse?hl=en", _seen("h1")),
    Scene("map", "/map?hl=zh-Hant", _drawn_map),
    Scene("job", "/match?hl=zh-Hant", _job),
    Scene("compare", "/compare?a=BGM2421-901v1&b=BGM2421-901v2&hl=en", _top("#drawing")),
    Scene("changes", "/standards/BGM2421-901v2/changes?since=BGM2421-901v1&hl=en", _seen("ins, del, mark")),
    Scene(
        "matrix",
        "/compare/matrix?standard=BGM1219-002v2&standard=BAS3341-902v1&standard=BGM1219-903v1"
        "&standard=BGM2421-901v1&standard=BGM2421-901v2&hl=en",
        _seen(".heat"),
    ),
    Scene("basket", "/?hl=en", _collect, height=640),
    Scene("curriculum", "/?hl=en", _outline),
    Scene("query", "/query?hl=en", _complete),
    Scene("query-graph", f"/query?show=graph&hl=en&query={quote(LABELLED)}", _graph),
    Scene("import", "/import?hl=zh-Hant", _import),
    Scene("help", "/curriculum?hl=zh-Hant", _help, height=640),
    Scene("dark", "/?q=處理團隊衝突&hl=zh-Hant", _seen(".hit"), is_dark=True),
    Scene("phone", f"{ICAP}?hl=zh-Hant", _seen("h1"), width=390, height=844),
    Scene("embed", "/embed?hl=en", _seen("h1")),
    Scene("api", "/api?hl=en", _seen("h1")),
)


def taken(browser: Browser, address: str, scene: Scene) -> bytes:
    """The picture as PNG of 256 colours, a third of its size; `RuntimeError` if the page reports a fault."""
    from PIL import Image

    faults: list[str] = []
    context = browser.new_context(
        viewport={"width": scene.width, "height": scene.height},
        color_scheme="dark" if scene.is_dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((address, "blob:", "data:")) else faults.append(asked.url),
    )
    page.set_default_timeout(15_000)
    page.goto(address + scene.path)
    scene.act(page)
    page.wait_for_load_state("networkidle")
    picture = page.screenshot(caret="hide")
    context.close()
    if faults:
        raise RuntimeError(f"{scene.name}: {'; '.join(faults)}")
    small = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        opened.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--into", type=Path, default=PICTURES, help="the folder of the pictures")
    parser.add_argument("--only", nargs="*", default=[], help="names of pictures, without .png")
    chosen = parser.parse_args()
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        sys.exit("no chromium is installed (Debian: apt-get install chromium fonts-noto-cjk)")
    # how the tests start a service
    sys.path.append(str(ROOT / "tests"))
    from playwright.sync_api import sync_playwright
    from running import running_service

    chosen.into.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COMPETENCY_API_KEY": KEY}
    with tempfile.TemporaryDirectory() as folder:
        ingest = [sys.executable, "-m", "api", "ingest", "--bundled", "--data-dir", folder]
        subprocess.run(
            ingest, check=True, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        with (
            running_service("--data-dir", folder, environment=environment) as address,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for scene in SCENES:
                if not chosen.only or scene.name in chosen.only:
                    (chosen.into / f"{scene.name}.png").write_bytes(taken(browser, address, scene))
                    sys.stderr.write(f"{scene.name}.png\n")
            browser.close()


if __name__ == "__main__":
    main()

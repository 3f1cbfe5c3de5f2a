"""What each page costs a reader: first byte, largest contentful paint and weight, over the data of a folder.

    python benchmarks/pages.py DIR [--rounds 9] [--only NAME …]

The service is started over DIR on a free port. First bytes are timed over one connection, each page in turn
in every round, after one in which each is asked for the first time, which is told by itself; beside a small
file that is served the same way (the peer; the ratio is of medians). Paint and weight are Chromium's, with an
empty cache: bytes as they come over the wire, styles and scripts included. The pages are those of the largest
standard of each framework, of a search, and of each tool.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PEER = "/static/mark.svg"
_PAINT = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) last = one.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done(last), 400);
})"""


@dataclass
class Cost:
    """Of one page: milliseconds to the first byte in each round, and when it was asked for the first time
    since the start, to the largest paint, and bytes loaded."""

    first_byte: list[float] = field(default_factory=list)
    first_time: float = 0.0
    paint: float = 0.0
    weight: int = 0
    requests: int = 0


@contextmanager
def service(folder: str) -> Iterator[str]:
    """The address of a service over ``folder``, ready to answer."""
    command = [sys.executable, "-m", "api", "serve", "--port", "0", "--data-dir", folder]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found is None:
            sys.exit(line or "the service did not start")
        address = found[0]
        netloc = urlsplit(address).netloc
        for _ in range(600):
            try:
                if _get(http.client.HTTPConnection(netloc, timeout=60), "/health")[0] == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield address
        process.terminate()
        process.wait(10)


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[int, float, bytes]:
    """Status, milliseconds to the first byte, and the body."""
    started = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    first = (time.perf_counter() - started) * 1000
    return answer.status, first, answer.read()


def pages(connection: http.client.HTTPConnection) -> dict[str, str]:
    """The pages to measure, by name."""
    largest: dict[str, dict[str, object]] = {}
    offset, total = 0, 1
    while offset < total:
        connection.request("GET", f"/api/v1/standards?limit=1000&offset={offset}")
        found = json.load(connection.getresponse())
        total = found["total"]
        offset += max(1, len(found["standards"]))
        for one in found["standards"]:
            best = largest.get(one["framework"])
            if best is None or sum(one["counts"].values()) > sum(best["counts"].values()):
                largest[one["framework"]] = one
    query = quote("處理團隊衝突")
    chosen = {
        "home": "/",
        "search": f"/?q={query}",
        "search, grouped": f"/?q={query}&group=standard",
        "standards": "/standards",
        "browse": "/browse",
        "map": "/map",
        "match": "/match",
        "compare": "/compare",
        "curriculum": "/curriculum",
        "basket": "/basket",
        "query": "/query",
        "schema": "/schema",
        "import": "/import",
        "api": "/api",
    }
    for name, one in sorted(largest.items()):
        iri, code = quote(str(one["iri"]), safe=""), quote(str(one["code"]), safe="")
        chosen[f"standard, {name}"] = f"/resource?iri={iri}"
        chosen[f"nearest, {name}"] = f"/compare?a={code}"
        chosen[f"explore, {name}"] = f"/explore?node={iri}"
    return chosen


def paint_and_weight(browser: Browser, address: str, cost: Cost) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    loaded: list[int] = []
    session.on("Network.loadingFinished", lambda event: loaded.append(int(event["encodedDataLength"])))
    page.goto(address, wait_until="networkidle")
    cost.paint = float(page.evaluate(_PAINT))
    cost.weight, cost.requests = sum(loaded), len(loaded)
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="a data folder that `competency ingest` filled")
    parser.add_argument("--rounds", type=int, default=9, help="how often each page is asked for")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages, as printed")
    chosen = parser.parse_args()
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with service(chosen.folder) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
        offered = pages(connection)
        wanted = {name: path for name, path in offered.items() if not chosen.only or name in chosen.only}
        costs = {name: Cost() for name in ("peer", *wanted)}
        for number in range(chosen.rounds + 1):
            for name, path in (("peer", PEER), *wanted.items()):
                status, first, _ = _get(connection, path)
                if status in {301, 303, 307}:
                    connection.request("GET", path, headers={"Accept": "text/html"})
                    answer = connection.getresponse()
                    answer.read()
                    path = answer.headers["location"]
                    wanted[name] = path
                    status, first, _ = _get(connection, path)
                if status != 200:
                    sys.exit(f"{name}: {path} answers {status}")
                if number:
                    costs[name].first_byte.append(first)
                else:
                    costs[name].first_time = first
        if program:
            from playwright.sync_api import sync_playwright

            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
                for name, path in wanted.items():
                    paint_and_weight(browser, address + path, costs[name])
                browser.close()
    peer = statistics.median(costs["peer"].first_byte)
    load = os.getloadavg()[0]
    print(f"first byte of the peer: {peer:.1f} ms; load average {load:.1f}\n")
    print(
        "| page | first byte, median ms | most ms | first time ms | × peer | largest paint ms | KB "
        "| requests |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name in wanted:
        cost = costs[name]
        middle = statistics.median(cost.first_byte)
        print(
            f"| {name} | {middle:.0f} | {max(cost.first_byte):.0f} | {cost.first_time:.0f} | "
            f"{middle / peer:.0f} | {cost.paint:.0f} | {cost.weight / 1000:.0f} | {cost.requests} |"
        )


if __name__ == "__main__":
    main()

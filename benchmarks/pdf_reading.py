"""Whether forms printed as PDF read back: fields that are exact, doubted and silently wrong, and the time.

    python benchmarks/pdf_reading.py [--layouts 20] [--producer chromium|reportlab] [--generated 0]

Prints every sample standard, in both templates, in as many random layouts as told, and ``--generated``
standards of random content in one layout each. Without ``--producer`` both programs print. The exit status
is 1 where a form is refused, or a field differs from what was printed and no doubt names it.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))  # the forms are laid out there

from authoring import seeded_standard
from pdf_compare import Comparison, compare
from pdf_forms import in_template
from pdf_suite import TEMPLATES, browser_page, browser_program, print_by_browser, print_by_canvas, sources

from ontology.errors import DocumentError
from ontology.readers import read_standard
from ontology.readers.limits import DEFAULT_LIMITS
from ontology.readers.pdf_pages import read_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ontology.model import Standard

COLUMNS = ("PDFs", "pages", "exact", "doubted", "silent", "refused", "s/page")


@dataclass
class Count:
    """What reading some PDFs gave."""

    pdfs: int = 0
    pages: int = 0
    seconds: float = 0.0
    refused: int = 0
    fields: Comparison = field(default_factory=Comparison)

    def row(self, name: str) -> str:
        fields = self.fields
        counts = (self.pdfs, self.pages, fields.exact, len(fields.doubted), len(fields.silent), self.refused)
        return f"{name:30}" + "".join(f"{n:9,}" for n in counts) + f"{self.seconds / max(self.pages, 1):9.3f}"

    def add(self, other: Count) -> None:
        self.pdfs += other.pdfs
        self.pages += other.pages
        self.seconds += other.seconds
        self.refused += other.refused
        self.fields.add(other.fields)


def cases(layouts: int, generated: int) -> Iterator[tuple[str, Standard, int, bool]]:
    """A group, a standard, the seed of its layout and the template."""
    for source in sources():
        for template, per_activity in TEMPLATES.items():
            standard = in_template(read_standard(source), per_activity=per_activity)
            for seed in range(layouts):
                yield f"{source.stem}, {template}", standard, seed, per_activity
    for template, per_activity in TEMPLATES.items():
        for seed in range(generated):
            drawn = seeded_standard(seed, per_activity=per_activity)
            standard = in_template(drawn, per_activity=per_activity)
            yield f"generated, {template}", standard, seed, per_activity


def measure(produce: Callable[..., bytes], layouts: int, generated: int) -> Count:
    """Prints a row for each group of cases, and returns the whole."""
    total = Count()
    for name, group in itertools.groupby(cases(layouts, generated), key=lambda case: case[0]):
        count = Count()
        for _, standard, seed, per_activity in group:
            pdf = produce(standard, seed, per_activity=per_activity)
            count.add(_read(standard, pdf, f"{name}, layout {seed}"))
        print(count.row(name), flush=True)
        total.add(count)
    return total


def _read(standard: Standard, pdf: bytes, name: str) -> Count:
    pages = len(read_pages(pdf, name, max_pages=DEFAULT_LIMITS.pages))
    started = time.perf_counter()
    try:
        fields = compare(standard, read_standard(pdf, name))
    except DocumentError as error:
        print(f"refused: {error}", file=sys.stderr)
        return Count(1, pages, time.perf_counter() - started, refused=1)
    for note in fields.silent:
        print(f"silent: {name}: {note}", file=sys.stderr)
    return Count(1, pages, time.perf_counter() - started, fields=fields)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--layouts", type=int, default=20, help="random layouts for each standard and template"
    )
    parser.add_argument("--producer", choices=["chromium", "reportlab"], help="only this program prints")
    parser.add_argument(
        "--generated", type=int, default=0, help="standards of random content, each in both templates"
    )
    chosen = parser.parse_args()
    producers: dict[str, Callable[..., bytes]] = {}
    with ExitStack() as stack:
        if chosen.producer != "chromium":
            producers["reportlab"] = print_by_canvas
        if chosen.producer != "reportlab":
            if program := browser_program():
                page = stack.enter_context(browser_page(program))
                producers["chromium"] = partial(print_by_browser, page)
            elif chosen.producer:
                parser.error("no chromium is installed (Debian: apt-get install chromium fonts-noto-cjk)")
            else:
                print("chromium is not installed; only reportlab prints", file=sys.stderr)
        failed = False
        for name, produce in producers.items():
            print(f"{name:30}" + "".join(f"{column:>9}" for column in COLUMNS))
            total = measure(produce, chosen.layouts, chosen.generated)
            print(total.row("together") + "\n")
            failed = failed or bool(total.fields.silent or total.refused)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

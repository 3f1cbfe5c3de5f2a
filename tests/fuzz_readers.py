"""Coverage-guided fuzzing of one reader: whatever the bytes are, only ``DocumentError`` may come out.

    python tests/fuzz_readers.py pdf -max_total_time=120

The first argument is a suffix that names the seeds (``txt``, ``json``, ``html``, ``odt``, ``docx``, ``pdf``,
``ttl``, ``case``, or ``any``); the others are libFuzzer's own. Needs `atheris`, which is no dependency of the
project: `pip install atheris`. What it finds becomes a test.
"""

from __future__ import annotations

import random
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdf_forms import Layout

    from ontology.model import Standard

with atheris.instrument_imports(include=["ontology"]):
    from ontology.errors import DocumentError
    from ontology.identifiers import Identifiers
    from ontology.json_form import to_json
    from ontology.readers import read_standards
    from ontology.readers.limits import Limits
    from ontology.writers import writer_named

LIMITS = Limits(bytes=1_000_000, unpacked_bytes=5_000_000, members=200, cells=5_000, pages=5)
ROOT = Path(__file__).resolve().parent.parent


def one_input(data: bytes) -> None:
    try:
        standards = read_standards(data, "fuzz", limits=LIMITS)
    except DocumentError:
        return
    for standard in standards:
        to_json(standard)


def seeds(kind: str, folder: Path) -> None:
    """Writes documents of the kind to begin with: the bundled standards in that form."""
    from office_forms import lay_out_form, to_docx, to_html, to_odt
    from pdf_forms import random_layout

    for number, path in enumerate(sorted((ROOT / "data" / "standards").glob("*.txt"))):
        [standard] = read_standards(path)
        blocks = lay_out_form(standard, random.Random(number), per_activity=bool(number % 2))
        layout = random_layout(number, per_activity=bool(number % 2))
        forms: dict[str, Callable[[], bytes]] = {
            "txt": path.read_bytes,
            "html": partial(to_html, blocks),
            "odt": partial(to_odt, blocks),
            "docx": partial(to_docx, blocks),
            "pdf": partial(_printed, standard, layout),
            "json": partial(writer_named("json").write, [standard], Identifiers()),
            "case": partial(writer_named("case").write, [standard], Identifiers()),
            "ttl": partial(writer_named("turtle").write, [standard], Identifiers()),
        }
        for name, make in forms.items():
            if kind in (name, "any"):
                (folder / f"{number}.{name}").write_bytes(make())


def _printed(standard: Standard, layout: Layout) -> bytes:
    from pdf_canvas import print_pdf
    from pdf_forms import form_of, in_template

    shaped = in_template(standard, per_activity=layout.per_activity)
    return print_pdf(form_of(shaped, layout), layout)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as corpus:
        seeds(sys.argv[1], Path(corpus))
        atheris.Setup([sys.argv[0], *sys.argv[2:], "-rss_limit_mb=2048", corpus], one_input)
        atheris.Fuzz()

"""Reader of the text extracted from an iCAP standard: lines of tab-separated cells, some with the remains
of HTML tags, pages parted by blank lines or form feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.model import Place
from ontology.readers.form import FormReader
from ontology.readers.labels import carries_form
from ontology.readers.text import decode, split_lines

if TYPE_CHECKING:
    from ontology.model import Standard

__all__ = ["read_icap_text", "recognises_icap_text"]


def recognises_icap_text(data: bytes) -> bool:
    """Whether the bytes are text with the headings of the form."""
    for encoding in ("utf-8", "utf-16"):
        text = data.decode(encoding, errors="ignore")
        if carries_form(text):
            return True
    return False


def read_icap_text(data: bytes, name: str) -> Standard:
    """The standard that an extracted text holds; raises ``DocumentError`` as ``FormReader.finish`` does."""
    form = FormReader(name)
    after_break = False
    for number, line in enumerate(split_lines(decode(data, name)), 1):
        if "\f" in line:
            after_break = True
            line = line.replace("\f", "")
        if not line.strip():
            after_break = True
            continue
        after_break = form.row(line.split("\t"), Place(line=number), after_break=after_break)
    return form.finish()

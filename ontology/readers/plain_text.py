"""The text of a document of any content, such as a job description: TXT, HTML, DOCX, ODT and PDF.

What is read is what a person sees, in the order of reading: a paragraph, list item or table cell is a line,
items begin with a bullet, and a short cell beside another stands before it as a label, parted by a tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.archive import Archive
from ontology.readers.grid import Paragraph
from ontology.readers.icap_docx import docx_blocks, recognises_docx
from ontology.readers.icap_html import html_blocks, is_html
from ontology.readers.icap_odt import odt_blocks, recognises_odt
from ontology.readers.icap_pdf import recognises_icap_pdf
from ontology.readers.limits import Limits
from ontology.readers.pdf_text import pdf_text
from ontology.readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ontology.readers.grid import Block, Cell

__all__ = ["PLAIN_TEXT_LIMITS", "PLAIN_TEXT_SUFFIXES", "read_plain_text"]

PLAIN_TEXT_LIMITS = Limits(bytes=10_000_000, unpacked_bytes=50_000_000, members=2_000, cells=20_000, pages=50)
"""For documents of a few pages."""
PLAIN_TEXT_SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx", ".odt", ".pdf")
_EXPECTED = "text as TXT, HTML, DOCX, ODT or PDF"
_LONGEST_LABEL = 24
_BULLET = "•"
_PICTURES = (
    (b"\x89PNG\r\n", 0),
    (b"\xff\xd8\xff", 0),
    (b"GIF8", 0),
    (b"II*\x00", 0),
    (b"MM\x00*", 0),
    (b"BM", 0),
    (b"WEBP", 8),
    (b"ftypheic", 4),
    (b"ftypheix", 4),
    (b"ftypmif1", 4),
    (b"ftypavif", 4),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_plain_text(data: bytes, name: str, limits: Limits = PLAIN_TEXT_LIMITS) -> str:
    """The text of a document, told by its content; only what says nothing of itself is told by ``name``.

    Raises ``DocumentError`` for an empty file, a picture or a PDF without text, what is encrypted, damaged or
    over ``limits``, and a format that is not known; it names the file and, where it has some, the page.
    """
    if len(data) > limits.bytes:
        raise DocumentError(
            f"the file has {len(data):,} bytes, which is too large",
            file=name,
            expected=f"at most {limits.bytes:,} bytes",
        )
    text = _text(data, name, limits)
    if not text.strip():
        raise DocumentError("there is no text in the file", file=name, expected=_EXPECTED)
    return text


def _text(data: bytes, name: str, limits: Limits) -> str:
    if recognises_icap_pdf(data):
        return pdf_text(data, name, limits)
    if data.startswith(b"PK"):
        return _packed(data, name, limits)
    _refuse_what_is_no_text(data, name)
    if is_html(data) or name.lower().endswith((".html", ".htm")):
        return "\n".join(_lines(html_blocks(data, name))) if data.strip() else ""
    return decode(data, name)


def _packed(data: bytes, name: str, limits: Limits) -> str:
    Archive(data, name, limits)
    if recognises_docx(data):
        return "\n".join(_lines(docx_blocks(data, name, limits)))
    if recognises_odt(data):
        return "\n".join(_lines(odt_blocks(data, name, limits)))
    raise DocumentError("no text document is in the zip container", file=name, expected=_EXPECTED)


def _refuse_what_is_no_text(data: bytes, name: str) -> None:
    if any(data[at : at + len(mark)] == mark for mark, at in _PICTURES) and b"\x00" in data[:4096]:
        raise DocumentError(
            "this is a picture: there is no text in it; run OCR over it first, or send the text",
            file=name,
            expected=_EXPECTED,
        )
    if data.startswith(_OLD_OFFICE):
        raise DocumentError(
            "this is a document of an old Word (.doc), or one with a password; "
            "save it as DOCX without a password",
            file=name,
            expected=_EXPECTED,
        )
    if data.startswith(b"{\\rtf"):
        raise DocumentError("RTF is not read; save it as DOCX", file=name, expected=_EXPECTED)


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    """The lines of a document; an empty one where a list ends."""
    in_list = False
    for block in blocks:
        if isinstance(block, Paragraph):
            if in_list and not block.depth and not block.bulleted:
                yield ""
            in_list = block.depth > 0 or block.bulleted
            yield f"{_BULLET} {block.text}" if block.bulleted and block.text else block.text
            continue
        in_list = False
        yield ""
        for row in block.rows:
            yield from _row(row.cells)
        yield ""


def _row(cells: Sequence[Cell]) -> Iterator[str]:
    filled = [lines for cell in cells if any(lines := [line for line in _lines(cell.blocks) if line])]
    if len(filled) % 2:
        for lines in filled:
            yield from lines
        return
    for label, value in zip(filled[::2], filled[1::2], strict=True):
        if len(label) == len(value) == 1 and len(label[0]) <= _LONGEST_LABEL:
            yield f"{label[0]}\t{value[0]}"
        else:
            yield from (*label, *value)

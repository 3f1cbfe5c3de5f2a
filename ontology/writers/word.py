"""Word documents (DOCX): a page that prints, with fonts for Chinese and Latin texts."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

__all__ = ["DOCX_MEDIA", "add_item", "add_table", "new_document", "plain", "saved"]

DOCX_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A document must say when it was made; a fixed day, so that the same content says the same.
_CREATED = datetime(1980, 1, 1)
_HAN = "Microsoft JhengHei"
_LATIN = "Calibri"
_DEEPEST = 3


def plain(text: str) -> str:
    """The text without what XML cannot carry."""
    return _NOT_XML.sub("\ufffd", text)


def new_document(title: str, language: str) -> Document:
    """An empty document on A4 with its title as the first heading."""
    from docx import Document as make
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = make()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2))
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3"):
        style: ParagraphStyle = document.styles[name]
        style.font.name = _LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(script), None)
        fonts.set(qn("w:eastAsia"), _HAN)
    normal: ParagraphStyle = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.space_after = Pt(3)
    properties = document.core_properties
    properties.title, properties.language = plain(title)[:255], language
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = _CREATED
    document.add_heading(plain(title), 0)
    return document


def add_item(document: Document, code: str, text: str, note: str = "", *, depth: int = 0) -> Paragraph:
    """A bulleted paragraph: the code in bold, the text, a note in grey."""
    from docx.shared import RGBColor

    depth = min(depth, _DEEPEST - 1)
    paragraph = document.add_paragraph(style="List Bullet" if not depth else f"List Bullet {depth + 1}")
    if code:
        paragraph.add_run(f"{plain(code)}  ").bold = True
    paragraph.add_run(plain(text))
    if note:
        paragraph.add_run(f"  {plain(note)}").font.color.rgb = RGBColor(0x5A, 0x66, 0x6B)
    return paragraph


def add_table(
    document: Document, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> None:
    """A ruled table whose head is repeated on each page; ``widths`` are in centimetres."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    table.autofit = False
    lines = [head, *rows]
    for _ in rows:
        table.add_row()
    for number, (line, row) in enumerate(zip(lines, table.rows, strict=True)):
        for text, cell, width in zip(line, row.cells, widths, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(plain(text))
            run.font.size = Pt(9.5)
            run.bold = number == 0
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def saved(document: Document) -> bytes:
    """The document as a file."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()

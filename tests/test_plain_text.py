"""The text of documents of any content: what a person sees, in the order of reading."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from office_forms import to_docx, to_html, to_odt
from pdf_canvas import FONT
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase._cidfontdata import defaultUnicodeEncodings
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ontology.errors import DocumentError
from ontology.readers.grid import Cell, Paragraph, Row, Table
from ontology.readers.limits import Limits
from ontology.readers.plain_text import read_plain_text
from search.matching.segments import split_segments

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontology.readers.grid import Block

LABELS = Row((Cell((Paragraph("工作地點"),)), Cell((Paragraph("台中市西屯區"),))))
LONG = Row((Cell((Paragraph("條件"),)), Cell((Paragraph("會開堆高機"), Paragraph("能輪班")))))
ADVERTISEMENT: list[Block] = [
    Paragraph("倉管人員"),
    Paragraph("工作內容"),
    Paragraph("收貨與 <點收>", depth=1, bulleted=True),
    Paragraph("盤點 & 報表", depth=1, bulleted=True),
    Table((LABELS, LONG)),
]
"""A small advertisement with a list and a table."""


def drawn(*pages: list[tuple[float, float, str]], encrypt: StandardEncryption | None = None) -> bytes:
    """A PDF with each text at its place, in points from the bottom left corner."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        defaultUnicodeEncodings[FONT] = ("cht", "UniCNS-UCS2-H")
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), encrypt=encrypt)
    for page in pages:
        for x, y, text in page:
            canvas.setFont("Helvetica" if text.isascii() else FONT, 11)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, "PNG")
    return buffer.getvalue()


def lines(data: bytes, name: str = "ad") -> list[str]:
    return [line for line in read_plain_text(data, name).split("\n") if line]


@pytest.mark.parametrize("write", [to_docx, to_odt, to_html])
def test_a_document_gives_its_lines(write: Callable[[list[Block]], bytes]) -> None:
    found = lines(write(ADVERTISEMENT))
    assert [line.removeprefix("• ") for line in found] == [
        "倉管人員",
        "工作內容",
        "收貨與 <點收>",
        "盤點 & 報表",
        "工作地點\t台中市西屯區",
        "條件",
        "會開堆高機",
        "能輪班",
    ]


def test_a_page_gives_what_is_seen_and_no_scripts() -> None:
    page = """<!doctype html><html><head><title>x</title><style>p{color:red}</style></head><body>
    <nav>Home | Jobs</nav><h1>Line cook</h1><script>alert("no")</script>
    <p>We cook&nbsp;&amp; serve <b>fresh</b>
    food.</p><h2>Duties</h2><ul><li>Prepare sauces<li>Clean the grill &mdash; daily</ul>
    <div style="display: none">hidden</div><pre>Shift: late\n- weekends off</pre></body></html>"""
    assert lines(page.encode()) == [
        "Line cook",
        "We cook & serve fresh food.",
        "Duties",
        "• Prepare sauces",
        "• Clean the grill — daily",
        "Shift: late",
        "- weekends off",
    ]


def test_a_part_of_a_page_is_told_by_the_name_of_its_file() -> None:
    assert lines(b"Cook<br>Clean &amp; wash", "ad.HTML") == ["Cook", "Clean & wash"]
    assert lines(b"Cook<br>Clean &amp; wash", "ad.txt") == ["Cook<br>Clean &amp; wash"]


def test_a_text_file_is_read_as_it_is() -> None:
    assert read_plain_text("職稱：廚師\r\n  會切菜".encode("utf-16"), "ad.txt") == "職稱：廚師\r\n  會切菜"


def test_a_pdf_gives_its_lines_without_what_runs_along() -> None:
    first = ["廚師", "工作內容：", "1. 準備食材，並且維持廚房的", "清潔"]
    placed = [(60.0, 760.0 - 18 * number, text) for number, text in enumerate(first)]
    data = drawn(
        [(60, 815, "Acme Ltd"), *placed, (290, 30, "1 / 2")],
        [(60, 815, "Acme Ltd"), (60, 760, "2. 烹調"), (290, 30, "2 / 2")],
    )
    assert lines(data) == ["廚師", "工作內容：", "1. 準備食材，並且維持廚房的", "清潔", "2. 烹調"]
    assert [one.plain for one in split_segments(read_plain_text(data, "ad.pdf"))] == [
        "廚師",
        "工作內容",
        "準備食材，並且維持廚房的清潔",
        "烹調",
    ]


def test_columns_of_a_pdf_are_read_one_after_the_other() -> None:
    left = [f"Left line number {number} of running text" for number in range(6)]
    right = [f"Right line number {number} of running text" for number in range(6)]
    placed = [(60.0, 700.0 - 16 * number, text) for number, text in enumerate(left)]
    placed += [(320.0, 700.0 - 16 * number, text) for number, text in enumerate(right)]
    heading = "Store manager in a heading that is as wide as the whole page and over both of them"
    assert lines(drawn([(60, 760, heading), *placed])) == [heading, *left, *right]


def test_labels_of_a_pdf_stay_beside_their_values() -> None:
    rows = [("Location", "Toledo"), ("Pay", "20 USD an hour"), ("Shift", "Nights"), ("Start", "At once")]
    placed = [
        place
        for number, (label, value) in enumerate(rows)
        for place in ((60.0, 700.0 - 18 * number, label), (200.0, 700.0 - 18 * number, value))
    ]
    assert lines(drawn(placed)) == [f"{label} {value}" for label, value in rows]


def test_a_picture_is_refused_with_what_to_do() -> None:
    with pytest.raises(DocumentError, match=r"ad\.png: this is a picture.*OCR"):
        read_plain_text(picture(), "ad.png")
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawImage(ImageReader(io.BytesIO(picture())), 0, 0)
    canvas.save()
    with pytest.raises(DocumentError, match=r"ad\.pdf, page 1: .*only a picture.*OCR"):
        read_plain_text(buffer.getvalue(), "ad.pdf")


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def repeated_cells() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell>'
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><table:table>'
        f'<table:table-row table:number-rows-repeated="1000">{cell * 10}</table:table-row>'
        "</table:table></office:text></office:body></office:document-content>"
    )
    return packed(**{"content.xml": content.encode()})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "there is no text in the file"),
        (b" \n\t ", "there is no text in the file"),
        (b"<html><body><script>x()</script></body></html>", "there is no text in the file"),
        (to_docx([Paragraph("")]), "there is no text in the file"),
        (drawn([(60, 700, "")]), "its pages are empty"),
        (drawn([(60, 700, "Cook")], encrypt=StandardEncryption("secret")), "encrypted and needs a password"),
        (drawn([(60, 700, "Cook")])[:-40], "the PDF is cut short"),
        (to_docx(ADVERTISEMENT)[:-30], "the zip container is damaged"),
        (packed(**{"xl/workbook.xml": b"<x/>"}), "no text document is in the zip container"),
        (packed(**{"word/document.xml": b"<w>" + b" " * 30_000_000}), "would unpack to"),
        (repeated_cells(), "the table is too large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "an old Word"),
        (b"{\\rtf1 Cook}", "RTF is not read"),
        (bytes(range(256)) * 4, "the bytes are not UTF-8"),
        (b"Cook\x00\x01", "a control character"),
        ("公司徵廚師".encode("cp950"), "look like Big5"),
        (b"<html>" + b"<div>" * 5000, "nested too deeply"),
        (b"a" * 10_000_001, "the file has 10,000,001 bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_plain_text(data, "ad")
    assert says in str(caught.value)
    assert caught.value.file == "ad"


def test_limits_are_those_of_the_caller() -> None:
    data = drawn([(60, 700, "Cook")], [(60, 700, "Clean")])
    assert lines(data) == ["Cook", "Clean"]
    with pytest.raises(DocumentError, match="2 pages, which is too many"):
        read_plain_text(data, "ad", Limits(pages=1))

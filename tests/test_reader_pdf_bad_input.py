"""PDFs that cannot be read: each is refused with one error that says why, within bounds."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_canvas import print_pdf
from pdf_forms import form_of, in_template, random_layout
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from small_documents import document, read

from ontology.errors import DocumentError
from ontology.readers import read_standard
from ontology.readers.icap_pdf import read_icap_pdf
from ontology.readers.limits import Limits


def small_form(seed: int = 1) -> bytes:
    standard = in_template(read(document()), per_activity=False)
    layout = random_layout(seed, per_activity=False)
    return print_pdf(form_of(standard, layout), layout)


def drawn(pages: int, text: str = "", *, encrypt: str = "") -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(encrypt) if encrypt else None)
    for _ in range(pages):
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture() -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 128)), 72, 72, 450, 600)
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "page", "says"),
    [
        (small_form()[:-900], None, "cut short"),
        (b"%PDF-1.7\nnothing but words\n%%EOF", None, "damaged and cannot be opened"),
        (drawn(1, "secret", encrypt="word"), None, "encrypted and needs a password"),
        (picture(), 1, "no text, only pictures: run OCR"),
        (drawn(1), 1, "no text, nothing to read"),
        (drawn(500, "a page"), None, "500 pages, which is too many; expected at most 200 pages"),
        (drawn(2, "Dear team, please find enclosed"), 1, "not an iCAP standard"),
    ],
    ids=["truncated", "garbage", "encrypted", "scanned", "blank", "500 pages", "a letter"],
)
def test_what_cannot_be_read_is_refused(data: bytes, page: int | None, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_standard(data, "bad.pdf")
    assert says in str(caught.value)
    assert (caught.value.file, caught.value.page) == ("bad.pdf", page)


def test_the_limit_of_pages_can_be_set() -> None:
    assert read_icap_pdf(small_form(), "form.pdf", Limits(pages=9)).code == "BGM1219-002v2"
    with pytest.raises(DocumentError, match="expected at most 1 pages"):
        read_icap_pdf(drawn(2, "行為指標"), "form.pdf", Limits(pages=1))


def read_or_refuse(data: bytes) -> None:
    try:
        standard = read_standard(data, "fuzz.pdf")
    except DocumentError as error:
        assert str(error).startswith("fuzz.pdf")  # noqa: PT017
    else:
        assert standard.tasks


FORM = small_form()


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 2**32))
def test_a_damaged_pdf_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(FORM)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(40)]
            case 2:
                data[at:at] = chance.randbytes(chance.randrange(20))
            case _:
                other = chance.randrange(len(data))
                data[at : at + 30] = data[other : other + 30]
    read_or_refuse(bytes(data))


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_after_the_mark_of_a_pdf_are_refused(data: bytes) -> None:
    read_or_refuse(b"%PDF-1.7\n" + data + b"\n%%EOF")

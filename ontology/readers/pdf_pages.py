"""The pages of a PDF as glyphs and ruled lines, in points from the top left corner of the page as shown.

PDFium does the parsing (decision 0008). Its calls are wrapped here and nowhere else.
"""

from __future__ import annotations

import ctypes
import itertools
import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ontology.errors import DocumentError
from ontology.readers.geometry import Glyph, Page, Rule
from ontology.readers.text import is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_pages"]

_MOST_GLYPHS = 30_000
_MOST_RULES = 30_000
_THIN = 3.0
_STRAIGHT = 0.5
_DEEPEST_FORM = 8
_TAIL = 2048
_LOOSEST_ANGLE = 0.02
_LINE_END_HYPHEN = 2
_INK = 0.05
_NARROW = 0.3
_LEAST_WIDTH, _MOST_WIDTH = 0.1, 2.0
_ASCENT = 0.8

Matrix = tuple[float, float, float, float, float, float]


def read_pages(data: bytes, name: str, *, max_pages: int) -> list[Page]:
    """All pages of a PDF.

    Raises ``DocumentError`` with file and page where it is encrypted, cut short, damaged, has more than
    ``max_pages`` pages or an absurd number of signs on one of them.
    """
    if b"%%EOF" not in data[-_TAIL:]:
        raise DocumentError(
            "the PDF is cut short: its end mark is missing",
            file=name,
            expected="a complete PDF, ending in %%EOF",
        )
    with _opened(data, name) as document:
        count = len(document)
        if count == 0:
            raise DocumentError("the PDF has no pages", file=name, expected="a competency standard")
        if count > max_pages:
            raise DocumentError(
                f"the PDF has {count} pages, which is too many",
                file=name,
                expected=f"at most {max_pages} pages",
            )
        return [_read_page(document, number, name) for number in range(1, count + 1)]


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Any]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise DocumentError(
                "the PDF is encrypted and needs a password",
                file=name,
                expected="a PDF without one; open it with its password and save it again",
            ) from error
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise DocumentError(
                "the PDF is encrypted in a way that is not known",
                file=name,
                expected="a PDF without encryption",
            ) from error
        raise DocumentError(
            "the PDF is damaged and cannot be opened", file=name, expected="a whole PDF"
        ) from error
    try:
        yield document
    finally:
        document.close()


def _read_page(document: Any, number: int, name: str) -> Page:
    import pypdfium2

    try:
        page = document[number - 1]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise DocumentError(
            "the page is damaged and cannot be read", file=name, page=number, expected="a whole PDF"
        ) from error
    try:
        frame = _Frame(page)
        glyphs = _glyphs(textpage, frame, number, name)
        rules, images = _Shapes(page, frame, number, name).read()
        return Page(number, frame.width, frame.height, tuple(glyphs), tuple(rules), images)
    finally:
        textpage.close()
        page.close()


class _Frame:
    """From the space of a PDF page, with its origin at the bottom left before rotation, to the page shown."""

    def __init__(self, page: Any) -> None:
        left, bottom, right, top = page.get_bbox()
        self.rotation = page.get_rotation() % 360
        width, height = right - left, top - bottom
        turned = self.rotation in (90, 270)
        self.width, self.height = (height, width) if turned else (width, height)
        self._left, self._bottom, self._right, self._top = left, bottom, right, top

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.rotation:
            case 90:
                return y - self._bottom, x - self._left
            case 180:
                return self._right - x, y - self._bottom
            case 270:
                return self._top - y, self._right - x
            case _:
                return x - self._left, self._top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def is_level(self, angle: float) -> bool:
        """Whether text at this angle (radians, clockwise or not, in the space of the PDF) reads level."""
        shown = (angle - math.radians(self.rotation), angle + math.radians(self.rotation))
        return any(abs(math.remainder(turn, 2 * math.pi)) < _LOOSEST_ANGLE for turn in shown)


def _glyphs(textpage: Any, frame: _Frame, number: int, name: str) -> list[Glyph]:
    from pypdfium2 import raw

    count = raw.FPDFText_CountChars(textpage)
    if count > _MOST_GLYPHS:
        raise DocumentError(
            f"the page has {count} signs",
            file=name,
            page=number,
            expected=f"at most {_MOST_GLYPHS} on a page",
        )
    glyphs = []
    widths = _Widths(textpage)
    for index in range(count):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if code == _LINE_END_HYPHEN:
            code = ord("-")
        is_sign = 0 < code < 0xD800 or 0xE000 <= code <= 0x10FFFF
        if is_sign and raw.FPDFText_IsGenerated(textpage, index) != 1:
            glyph = _glyph(textpage, index, chr(code), frame, widths)
            if glyph is not None:
                glyphs.append(glyph)
    return glyphs


def _glyph(textpage: Any, index: int, sign: str, frame: _Frame, widths: _Widths) -> Glyph | None:
    """One sign with the box of its advance, as its font has it: PDFium's own box reaches as far as the ink.
    For some fonts it is that of the ink alone: then one is made from where the sign is set and the size of
    the font. The parts of a ligature keep the box of the whole."""
    from pypdfium2 import raw

    rectangle = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    if not raw.FPDFText_GetLooseCharBox(textpage, index, rectangle):
        return None
    raw.FPDFText_GetCharOrigin(textpage, index, x, y)
    level = frame.is_level(raw.FPDFText_GetCharAngle(textpage, index))
    box = frame.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    start, baseline = frame.point(x.value, y.value)
    if not all(math.isfinite(value) for value in (*box, start, baseline)):
        return None
    left, top, right, bottom = box
    if level and sign != " ":
        size = _font_size(textpage, index)
        advance = widths.of(index, sign) * size
        is_ink = left - start > _INK or bottom < baseline
        if is_ink:
            right = start + size if is_wide(sign) else max(right, start + _NARROW * size)
            top, bottom = baseline - _ASCENT * size, baseline + (1 - _ASCENT) * size
            left = start
        elif advance and not _is_in_ligature(textpage, index):
            left, right = start, start + advance
    return Glyph(sign, left, top, right, bottom, baseline, level)


def _is_in_ligature(textpage: Any, index: int) -> bool:
    """Whether the sign is set where one beside it is: the parts of a ligature are."""
    from pypdfium2 import raw

    places = []
    for near in (index - 1, index, index + 1):
        x, y = ctypes.c_double(math.nan), ctypes.c_double(math.nan)
        raw.FPDFText_GetCharOrigin(textpage, near, x, y)
        places.append((x.value, y.value))
    return places[1] in (places[0], places[2])


def _font_size(textpage: Any, index: int) -> float:
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    size = float(raw.FPDFText_GetFontSize(textpage, index))
    if raw.FPDFText_GetMatrix(textpage, index, matrix):
        size *= math.hypot(matrix.a, matrix.b)
    return size if math.isfinite(size) else 0.0


class _Widths:
    """How far fonts advance for their signs, as parts of their size."""

    def __init__(self, textpage: Any) -> None:
        self._textpage = textpage
        self._known: dict[tuple[int, str], float] = {}

    def of(self, index: int, sign: str) -> float:
        """The advance of the sign at this place; 0 where its font does not tell a likely one."""
        from pypdfium2 import raw

        text = raw.FPDFText_GetTextObject(self._textpage, index)
        font = raw.FPDFTextObj_GetFont(text) if text else None
        if not font:
            return 0.0
        key = (ctypes.cast(font, ctypes.c_void_p).value or 0, sign)
        if key not in self._known:
            width = ctypes.c_float()
            told = raw.FPDFFont_GetGlyphWidth(font, ord(sign), 1.0, width)
            likely = told and _LEAST_WIDTH <= width.value <= _MOST_WIDTH
            self._known[key] = float(width.value) if likely else 0.0
        return self._known[key]


class _Shapes:
    """Reads the ruled lines among the objects of a page, and whether it has pictures."""

    def __init__(self, page: Any, frame: _Frame, number: int, name: str) -> None:
        self._page, self._frame, self._number, self._name = page, frame, number, name
        self._rules: list[Rule] = []
        self._images = 0

    def read(self) -> tuple[list[Rule], int]:
        from pypdfium2 import raw

        for index in range(raw.FPDFPage_CountObjects(self._page)):
            self._object(raw.FPDFPage_GetObject(self._page, index), (1, 0, 0, 1, 0, 0), 0)
        return self._rules, self._images

    def _object(self, item: Any, outer: Matrix, depth: int) -> None:
        from pypdfium2 import raw

        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            self._images += 1
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._path(item, _times(_matrix(item), outer))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
            inner = _times(_matrix(item), outer)
            for index in range(max(0, raw.FPDFFormObj_CountObjects(item))):
                self._object(raw.FPDFFormObj_GetObject(item, index), inner, depth + 1)

    def _path(self, item: Any, matrix: Matrix) -> None:
        from pypdfium2 import raw

        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(item, fill, stroke) or not (fill.value or stroke.value):
            return
        for points in self._subpaths(item, matrix):
            xs, ys = [point[0] for point in points], [point[1] for point in points]
            left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
            if min(right - left, bottom - top) <= _THIN:
                self._add(left, top, right, bottom)
            elif stroke.value:
                for (x0, y0), (x1, y1) in itertools.pairwise(points):
                    if min(abs(x1 - x0), abs(y1 - y0)) <= _STRAIGHT:
                        self._add(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def _subpaths(self, item: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
        """The corners of each part of a path, closed ones ending where they began; none for curves."""
        from pypdfium2 import raw

        points: list[tuple[float, float]] = []
        curved = False
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(raw.FPDFPath_CountSegments(item)):
            segment = raw.FPDFPath_GetPathSegment(item, index)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                if len(points) > 1 and not curved:
                    yield points
                points, curved = [], False
            curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            points.append(self._frame.point(*_applied(matrix, x.value, y.value)))
            if raw.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        if len(points) > 1 and not curved:
            yield points

    def _add(self, left: float, top: float, right: float, bottom: float) -> None:
        if not all(math.isfinite(value) for value in (left, top, right, bottom)):
            return
        self._rules.append(Rule(left, top, right, bottom))
        if len(self._rules) > _MOST_RULES:
            raise DocumentError(
                f"the page has more than {_MOST_RULES} ruled lines",
                file=self._name,
                page=self._number,
                expected="the ruled tables of a form",
            )


def _matrix(item: Any) -> Matrix:
    from pypdfium2 import raw

    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return (1, 0, 0, 1, 0, 0)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _applied(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f

"""Reader of the official form as a Word document (DOCX)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ontology.errors import DocumentError
from ontology.model import Place
from ontology.readers.archive import Archive, has_member
from ontology.readers.grid import Cell, Paragraph, Row, Table
from ontology.readers.layout import read_blocks
from ontology.readers.markup import local_name, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ontology.model import Standard
    from ontology.readers.grid import Block
    from ontology.readers.limits import Limits

__all__ = ["docx_blocks", "read_icap_docx", "recognises_docx"]

_DOCUMENT = "word/document.xml"
_STYLES = "word/styles.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_UNREAD = {"del", "moveFrom", "pPr", "rPr", "tblPr", "trPr", "sectPr", "instrText", "delText", "Fallback"}
_MOST_SPANNED = 1000


def recognises_docx(data: bytes) -> bool:
    """Whether the bytes are a zip with the main part of a Word document."""
    return has_member(data, _DOCUMENT)


def read_icap_docx(data: bytes, name: str, limits: Limits) -> Standard:
    """The standard that a DOCX file holds.

    Raises ``DocumentError`` as ``docx_blocks`` and ``FormReader.finish`` do.
    """
    return read_blocks(docx_blocks(data, name, limits), name, limits)


def docx_blocks(data: bytes, name: str, limits: Limits) -> list[Block]:
    """The paragraphs and tables of a DOCX file; what tracked changes take out is not read.

    Raises ``DocumentError`` for a container that is damaged or over ``limits``. Pages are those at which the
    program that saved the file broke it.
    """
    archive = Archive(data, name, limits)
    root = parse_xml(archive.read(_DOCUMENT), name, _DOCUMENT)
    body = next((child for child in root if local_name(child) == "body"), None)
    if body is None:
        raise DocumentError(
            "the document has no body", file=name, field=_DOCUMENT, expected="a Word document"
        )
    styles = parse_xml(archive.read(_STYLES), name, _STYLES) if _STYLES in archive.names else None
    return _Reader(root, styles).read(body)


class _Reader:
    """Turns the elements of the body into blocks, counting pages."""

    def __init__(self, root: Any, styles: Any) -> None:
        breaks = any(local_name(element) == "lastRenderedPageBreak" for element in root.iter())
        self._page = 1 if breaks else None
        self._list_styles = dict(_list_styles(styles)) if styles is not None else {}

    def read(self, body: Any) -> list[Block]:
        return list(self._blocks(body))

    def _blocks(self, parent: Any) -> Iterator[Block]:
        for element in parent:
            tag = local_name(element)
            if tag == "p":
                yield from self._paragraph(element)
            elif tag == "tbl":
                yield Table(tuple(_merged(list(self._rows(element)))))
            elif tag not in _UNREAD:
                yield from self._blocks(element)

    def _paragraph(self, paragraph: Any) -> Iterator[Paragraph]:
        depth = self._depth(paragraph)
        pieces: list[str] = []
        self._collect(paragraph, pieces)
        for number, line in enumerate("".join(pieces).split("\n")):
            yield Paragraph(line.strip(), Place(page=self._page), depth, number == 0 and depth > 0)

    def _depth(self, paragraph: Any) -> int:
        """How deep in lists a paragraph stands, by its own numbering or by that of its style."""
        properties = _child(paragraph, "pPr")
        if properties is None:
            return 0
        style = _child(properties, "pStyle")
        numbering = _child(properties, "numPr")
        if numbering is not None:
            return _depth_of(numbering)
        return self._list_styles.get(_value(style), 0) if style is not None else 0

    def _collect(self, element: Any, pieces: list[str]) -> None:
        for child in element:
            tag = local_name(child)
            if tag == "t":
                pieces.append(child.text or "")
            elif tag in {"tab", "ptab"}:
                pieces.append(" ")
            elif tag == "noBreakHyphen":
                pieces.append("-")
            elif tag in {"br", "cr"}:
                pieces.append("" if _attribute(child, "type") == "page" else "\n")
            elif tag == "lastRenderedPageBreak":
                self._page = (self._page or 1) + 1
            elif tag == "p":
                pieces.append("\n")
                self._collect(child, pieces)
                pieces.append("\n")
            elif tag not in _UNREAD:
                self._collect(child, pieces)

    def _rows(self, table: Any) -> Iterator[tuple[Place, list[_Part]]]:
        for element in table:
            tag = local_name(element)
            if tag == "tr":
                before = _count(_child(_child(element, "trPr"), "gridBefore"), least=0)
                place = Place(page=self._page)
                parts = [_Part(columns=before)] if before else []
                parts.extend(self._cells(element))
                if _child(_child(element, "trPr"), "del") is None:
                    yield place, parts
            elif tag not in _UNREAD:
                yield from self._rows(element)

    def _cells(self, row: Any) -> Iterator[_Part]:
        for element in row:
            tag = local_name(element)
            if tag == "tc":
                properties = _child(element, "tcPr")
                vertical = _child(properties, "vMerge")
                yield _Part(
                    blocks=tuple(self._blocks(element)),
                    columns=_count(_child(properties, "gridSpan")),
                    begins=_value(vertical) == "restart",
                    goes_on=vertical is not None and _value(vertical) != "restart",
                )
            elif tag not in _UNREAD:
                yield from self._cells(element)


class _Part:
    """A ``w:tc``: a whole cell, or the part of a merged one that stands in one row."""

    def __init__(
        self,
        *,
        blocks: tuple[Block, ...] = (),
        columns: int = 1,
        begins: bool = False,
        goes_on: bool = False,
    ) -> None:
        self.blocks = blocks
        self.columns = columns
        self.rows = 1
        self.begins = begins
        self.goes_on = goes_on


def _merged(rows: list[tuple[Place, list[_Part]]]) -> Iterator[Row]:
    """Rows whose vertically merged cells are one each: the part in each row is added to the one above."""
    opened: dict[int, _Part] = {}
    kept: list[tuple[Place, list[_Part]]] = []
    for place, parts in rows:
        column = 0
        own = []
        still: dict[int, _Part] = {}
        for part in parts:
            above = opened.get(column)
            if part.goes_on and above is not None and above.columns == part.columns:
                above.rows += 1
                above.blocks += part.blocks
                still[column] = above
            else:
                own.append(part)
                if part.begins or part.goes_on:
                    still[column] = part
            column += part.columns
        opened = still
        kept.append((place, own))
    for place, parts in kept:
        yield Row(tuple(Cell(part.blocks, part.rows, part.columns) for part in parts), place)


def _list_styles(styles: Any) -> Iterator[tuple[str, int]]:
    """The paragraph styles that make a list item, with the depth of the list."""
    for style in styles:
        numbering = _child(_child(style, "pPr"), "numPr")
        if local_name(style) == "style" and numbering is not None:
            yield _attribute(style, "styleId"), _depth_of(numbering)


def _depth_of(numbering: Any) -> int:
    if _value(_child(numbering, "numId")) == "0":
        return 0
    return _count(_child(numbering, "ilvl"), least=0, default=0) + 1


def _child(element: Any, name: str) -> Any:
    if element is None:
        return None
    return next((child for child in element if local_name(child) == name), None)


def _attribute(element: Any, name: str) -> str:
    if element is None:
        return ""
    value: str = element.get(_W + name) or element.get(_STRICT + name) or ""
    return value


def _value(element: Any) -> str:
    return _attribute(element, "val")


def _count(element: Any, *, least: int = 1, default: int = 1) -> int:
    if element is None:
        return least
    printed = _value(element)
    return min(max(int(printed), least), _MOST_SPANNED) if re.fullmatch(r"[0-9]{1,9}", printed) else default

"""Reader of the official form as an OpenDocument text (ODT)."""

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

__all__ = ["odt_blocks", "read_icap_odt", "recognises_odt"]

_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_UNREAD = {
    "tracked-changes",
    "annotation",
    "annotation-end",
    "note",
    "forms",
    "sequence-decls",
    "variable-decls",
    "user-field-decls",
    "desc",
    "title",
    "table-of-content",
    "covered-table-cell",
    "ruby-text",
}
_MOST_REPEATS = 1000


def recognises_odt(data: bytes) -> bool:
    """Whether the bytes are a zip with the parts of an OpenDocument file."""
    return has_member(data, _CONTENT)


def read_icap_odt(data: bytes, name: str, limits: Limits) -> Standard:
    """The standard that an ODT file holds.

    Raises ``DocumentError`` as ``odt_blocks`` and ``FormReader.finish`` do.
    """
    return read_blocks(odt_blocks(data, name, limits), name, limits)


def odt_blocks(data: bytes, name: str, limits: Limits) -> list[Block]:
    """The paragraphs and tables of an ODT file.

    Raises ``DocumentError`` for a container that is damaged, encrypted or over ``limits``. Pages are those of
    the soft page breaks, where the file has them.
    """
    archive = Archive(data, name, limits)
    if _MANIFEST in archive.names and b"encryption-data" in archive.read(_MANIFEST):
        raise DocumentError("the document is encrypted", file=name, expected="a file without a password")
    root = parse_xml(archive.read(_CONTENT), name, _CONTENT)
    body = next((element for element in root.iter() if local_name(element) == "text"), None)
    if body is None:
        raise DocumentError(
            "this is no text document", file=name, field=_CONTENT, expected="an OpenDocument text"
        )
    return _Reader(root, name, limits).read(body)


class _Reader:
    """Turns the elements of the body into blocks, counting pages."""

    def __init__(self, root: Any, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._cells_read = 0
        has_breaks = next(root.iter(f"{_TEXT}soft-page-break"), None) is not None
        self._page = 1 if has_breaks else None

    def read(self, body: Any) -> list[Block]:
        return list(self._blocks(body, 0))

    def _blocks(self, parent: Any, depth: int, *, bulleted: bool = False) -> Iterator[Block]:
        """The blocks in an element; of a list item the first line is bulleted."""
        for element in parent:
            tag = local_name(element)
            if tag == "soft-page-break":
                self._turn()
            elif tag in {"p", "h"}:
                for line in self._lines(element):
                    yield Paragraph(line, Place(page=self._page), depth, bulleted)
                    bulleted = False
            elif tag == "list":
                for item in element:
                    is_item = local_name(item) == "list-item"
                    yield from self._blocks(item, depth + 1, bulleted=is_item)
            elif tag == "table":
                yield Table(tuple(self._rows(element)))
            elif tag not in _UNREAD:
                yield from self._blocks(element, depth, bulleted=bulleted)

    def _turn(self) -> None:
        self._page = (self._page or 1) + 1

    def _lines(self, paragraph: Any) -> Iterator[str]:
        pieces: list[str] = []
        self._collect(paragraph, pieces)
        for line in "".join(pieces).split("\n"):
            yield line.strip()

    def _collect(self, element: Any, pieces: list[str]) -> None:
        pieces.append(_collapsed(element.text))
        for child in element:
            tag = local_name(child)
            if tag == "s" or tag == "tab":
                pieces.append(" ")
            elif tag == "line-break":
                pieces.append("\n")
            elif tag == "soft-page-break":
                self._turn()
            elif tag == "p":
                pieces.append("\n")
                self._collect(child, pieces)
                pieces.append("\n")
            elif tag not in _UNREAD:
                self._collect(child, pieces)
            pieces.append(_collapsed(child.tail))

    def _rows(self, table: Any) -> Iterator[Row]:
        for element in table:
            tag = local_name(element)
            if tag == "soft-page-break":
                self._turn()
            elif tag == "table-row":
                place = Place(page=self._page)
                row = Row(tuple(self._cells(element)), place)
                repeats = _count(element, "number-rows-repeated") if _has_text(element) else 1
                self._count_cells(len(row.cells) * (repeats - 1))
                yield from [row] * repeats
            elif tag in {"table-header-rows", "table-rows", "table-row-group"}:
                yield from self._rows(element)

    def _cells(self, row: Any) -> Iterator[Cell]:
        for element in row:
            if local_name(element) != "table-cell":
                continue
            cell = Cell(
                tuple(self._blocks(element, 0)),
                _count(element, "number-rows-spanned"),
                _count(element, "number-columns-spanned"),
            )
            repeats = _count(element, "number-columns-repeated")
            self._count_cells(repeats)
            yield from [cell] * repeats

    def _count_cells(self, count: int) -> None:
        """Repeated cells take a few bytes in the file, and a place each in what is read."""
        self._cells_read += count
        if self._cells_read > self._limits.cells:
            raise DocumentError(
                "the table is too large",
                file=self._name,
                page=self._page,
                expected=f"at most {self._limits.cells} cells",
            )


def _collapsed(text: str | None) -> str:
    """White space as ODF has it: any run is one blank; the format marks further ones with elements."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _has_text(element: Any) -> bool:
    return any(text.strip() for text in element.itertext())


def _count(element: Any, attribute: str) -> int:
    printed = element.get(_TABLE + attribute, "1")
    return min(max(int(printed), 1), _MOST_REPEATS) if re.fullmatch(r"[0-9]{1,9}", printed) else 1

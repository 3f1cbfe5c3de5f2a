"""Reader of the official form as a web page (HTML)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ontology.errors import DocumentError
from ontology.model import Place
from ontology.readers.grid import Cell, Paragraph, Row, Table
from ontology.readers.layout import read_blocks
from ontology.readers.markup import DEEPEST, local_name, too_deep
from ontology.readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ontology.model import Standard
    from ontology.readers.grid import Block
    from ontology.readers.limits import Limits

__all__ = ["html_blocks", "is_html", "read_icap_html", "recognises_html"]

_BEGINS = re.compile(
    rb"\s*<(?:!doctype\s+html|html|head|body|table|div|p|h[1-6]|meta|\?xml|!--)[\s>?-]", re.IGNORECASE
)
_HAS_TABLE = re.compile(rb"<table[\s>]", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNREAD = {
    "script",
    "style",
    "head",
    "template",
    "noscript",
    "nav",
    "footer",
    "select",
    "svg",
    "object",
    "iframe",
    "rt",
    "rp",
}
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "cite",
    "code",
    "data",
    "dfn",
    "em",
    "font",
    "i",
    "img",
    "ins",
    "kbd",
    "label",
    "mark",
    "q",
    "ruby",
    "rb",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
    "wbr",
    "input",
    "button",
    "o:p",
}
_CELLS = {"td", "th"}
_MOST_SPANNED = 1000


def recognises_html(data: bytes) -> bool:
    """Whether the bytes begin as a web page and have a table."""
    return is_html(data) and _HAS_TABLE.search(_as_ascii(data)) is not None


def is_html(data: bytes) -> bool:
    """Whether the bytes begin as a web page."""
    return _BEGINS.match(_as_ascii(data)) is not None


def _as_ascii(data: bytes) -> bytes:
    """The bytes with their tags in ASCII, whichever Unicode encoding they are in."""
    start = data.removeprefix(b"\xef\xbb\xbf")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", errors="ignore").encode()
    return start


def read_icap_html(data: bytes, name: str, limits: Limits) -> Standard:
    """The standard that a page holds, with the lines of its source as places.

    Raises ``DocumentError`` as ``html_blocks`` and ``FormReader.finish`` do.
    """
    return read_blocks(html_blocks(data, name), name, limits)


def html_blocks(data: bytes, name: str) -> list[Block]:
    """The paragraphs and tables that a page shows, without scripts, menus and what is hidden.

    The text is UTF-8, UTF-16 with a byte order mark, or in the charset that the page names. Raises
    ``DocumentError`` for what cannot be decoded or is nested too deeply.
    """
    from lxml import etree, html

    text = _PROLOG.sub("", _decoded(data, name))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"the page cannot be read: {error}", file=name) from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise too_deep(name)
    reader = _Reader(name)
    reader.blocks(root, 0, 0)
    return reader.finish()


def _decoded(data: bytes, name: str) -> str:
    match = _CHARSET.search(data[:4096])
    charset = match[1].decode().lower() if match else "utf-8"
    if charset in {"utf-8", "utf8", "utf-16", "unicode"}:
        return decode(data, name)
    try:
        return decode(data.decode(charset).encode(), name)
    except (LookupError, UnicodeError) as error:
        raise DocumentError(
            f"the bytes are not the {charset} that the page names", file=name, expected="text in UTF-8"
        ) from error


class _Reader:
    """Turns the elements of one page, or of one cell, into blocks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._blocks: list[Block] = []
        self._text = ""
        self._place = Place()
        self._list = 0
        self._bulleted = False
        self._keeps_lines = False

    def finish(self) -> list[Block]:
        self._end_line()
        return self._blocks

    def blocks(self, element: Any, depth: int, lists: int) -> None:
        """Reads what is in an element; ``depth`` counts elements, ``lists`` the lists around it."""
        if depth > DEEPEST:
            raise too_deep(self._name)
        self._add(element.text, element, lists)
        for child in element:
            self._element(child, depth, lists)
            self._add(child.tail, child, lists)

    def _element(self, child: Any, depth: int, lists: int) -> None:
        tag = local_name(child).lower()
        if tag in _UNREAD or _is_hidden(child):
            return
        if tag == "br":
            self._end_line()
        elif tag in _INLINE:
            self.blocks(child, depth + 1, lists)
        else:
            self._end_line()
            if tag == "table":
                self._blocks.append(Table(tuple(self._rows(child, depth + 1))))
            else:
                self._bulleted = tag == "li" or (self._bulleted and tag == "p")
                outer, self._keeps_lines = self._keeps_lines, self._keeps_lines or tag == "pre"
                self.blocks(child, depth + 1, lists + (tag in {"ul", "ol", "menu", "dir"}))
                self._keeps_lines = outer
            self._end_line()
            self._bulleted = False

    def _add(self, text: str | None, element: Any, lists: int) -> None:
        if not text:
            return
        if self._keeps_lines and "\n" in text:
            first, *rest = text.split("\n")
            self._add(first, element, lists)
            for line in rest:
                self._end_line()
                self._add(line, element, lists)
            return
        if not self._text.strip():
            self._place = Place(line=element.sourceline)
            self._list = lists
        self._text += text

    def _end_line(self) -> None:
        plain = re.sub(r"[ \t\r\n\f]+", " ", self._text).replace("\xa0", " ").strip()
        self._text = ""
        if plain:
            self._blocks.append(Paragraph(plain, self._place, self._list, self._bulleted))
            self._bulleted = False

    def _rows(self, table: Any, depth: int) -> Iterator[Row]:
        if depth > DEEPEST:
            raise too_deep(self._name)
        loose: list[Any] = []
        for child in table:
            tag = local_name(child).lower()
            if tag in _CELLS:
                loose.append(child)
                continue
            if loose:
                yield self._row(loose, depth)
                loose = []
            if tag == "tr" and not _is_hidden(child):
                cells = [cell for cell in child if local_name(cell).lower() in _CELLS]
                yield self._row(cells, depth) if cells else Row(())
            elif tag in {"thead", "tbody", "tfoot"}:
                yield from self._rows(child, depth + 1)
            elif tag == "caption":
                self._blocks.extend(self._inside(child, depth + 1))
        if loose:
            yield self._row(loose, depth)

    def _row(self, cells: list[Any], depth: int) -> Row:
        """A row; where the page has cells outside of rows, those in sequence are one."""
        place = Place(line=cells[0].sourceline)
        return Row(tuple(self._cell(cell, depth + 1) for cell in cells), place)

    def _cell(self, cell: Any, depth: int) -> Cell:
        blocks = tuple(self._inside(cell, depth))
        return Cell(blocks, _count(cell, "rowspan", least=0), _count(cell, "colspan"))

    def _inside(self, element: Any, depth: int) -> list[Block]:
        inner = _Reader(self._name)
        inner.blocks(element, depth, 0)
        return inner.finish()


def _is_hidden(element: Any) -> bool:
    style = re.sub(r"\s", "", element.get("style") or "").lower()
    return "display:none" in style or element.get("hidden") is not None


def _count(element: Any, attribute: str, *, least: int = 1) -> int:
    printed = (element.get(attribute) or "1").strip()
    return min(max(int(printed), least), _MOST_SPANNED) if re.fullmatch(r"[0-9]{1,9}", printed) else 1

"""XLSX workbooks (ECMA-376) as rows of text, read one after the other with the standard library's parser.

Cells are what a person sees in them without formats: text as it is, whole numbers without a decimal point.
Decision 0011 tells why no library does this.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from ontology.errors import DocumentError
from ontology.readers.text import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ontology.readers.archive import Archive

__all__ = ["MAX_COLUMNS", "Row", "Workbook", "is_workbook"]

MAX_COLUMNS = 256
"""A sheet may have 16,384 columns; one far cell would make a row of as many empty ones."""

Row = tuple[int, list[str]]
"""The number of a row, from 1, and its cells from the first column on; the last is not empty."""

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"
_CHUNK = 1 << 17
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REFERENCE = re.compile(r"([A-Z]{1,3})[1-9][0-9]{0,6}")


def is_workbook(names: tuple[str, ...]) -> bool:
    """Whether a zip with members of these names is a workbook."""
    return _WORKBOOK in names


class Workbook:
    """A workbook whose container is open; ``sheets`` are the names of its sheets in their order.

    Whatever is wrong with it is a ``DocumentError`` with the row and column, or with the part of the file.
    """

    def __init__(self, archive: Archive, file: str) -> None:
        self._archive = archive
        self._file = file
        parts = self._relations()
        self._parts = {name: parts.get(key, "") for name, key in self._named_sheets()}
        self._strings = _SharedStrings(b"", file)
        if _STRINGS in archive.names:
            self._strings = _SharedStrings(archive.read(_STRINGS), file)
        self.sheets = tuple(name for name, part in self._parts.items() if part in archive.names)

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows that have a cell, from the first on."""
        part = self._parts[sheet]
        return _SheetReader(self._archive.read(part), self._file, sheet, self._strings).rows()

    def _named_sheets(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if _local(name) == "sheet":
                keys = [value for key, value in attributes.items() if _local(key) == "id" and ":" in key]
                found.append((attributes.get("name", ""), keys[0] if keys else ""))

        _parse(self._archive.read(_WORKBOOK), self._file, _WORKBOOK, start)
        return found

    def _relations(self) -> dict[str, str]:
        found: dict[str, str] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            target = attributes.get("Target", "")
            if _local(name) == "Relationship" and target:
                path = target[1:] if target.startswith("/") else f"xl/{target}"
                found[attributes.get("Id", "")] = path

        _parse(self._archive.read(_RELATIONS), self._file, _RELATIONS, start)
        return found


class _SharedStrings:
    """The texts that cells refer to by number, parsed only as far as they are asked for."""

    def __init__(self, data: bytes, file: str) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._phonetic = 0
        self._parser = _parser(file, _STRINGS, self._start, self._end)
        self._feed = _feeding(self._parser, data, file, _STRINGS)
        self._file = file

    def __getitem__(self, number: int) -> str:
        """Raises ``IndexError``."""
        while number >= len(self.texts) and next(self._feed, False):
            pass
        return self.texts[number]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "si":
            self._pieces.clear()
        elif local == "rPh":
            self._phonetic += 1
        elif local == "t" and not self._phonetic:
            self._parser.CharacterDataHandler = self._pieces.append

    def _end(self, name: str) -> None:
        local = _local(name)
        if local == "t":
            self._parser.CharacterDataHandler = None
        elif local == "rPh":
            self._phonetic -= 1
        elif local == "si":
            self.texts.append(_plain("".join(self._pieces), self._file, _STRINGS))


class _SheetReader:
    def __init__(self, data: bytes, file: str, sheet: str, strings: _SharedStrings) -> None:
        self._file = file
        self._sheet = sheet
        self._strings = strings
        self._columns: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._done: list[Row] = []
        self._cells: list[str] = []
        self._pieces: list[str] = []
        self._number = 0
        self._kind = ""
        self._parser = _parser(file, f"sheet {sheet}", self._start, self._end)
        self._feed = _feeding(self._parser, data, file, f"sheet {sheet}")

    def rows(self) -> Iterator[Row]:
        for _ in self._feed:
            yield from self._done
            self._done.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name) or self._name(name)
        if local == "c":
            self._kind = attributes.get("t", "n")
            self._pieces.clear()
            reference = attributes.get("r")
            if reference is not None:
                letters = reference.rstrip("0123456789")
                column = self._columns.get(letters) or self._column(reference)
                missing = column - 1 - len(self._cells)
                if missing > 0:
                    self._cells += [""] * missing
                elif missing < 0:
                    raise self._fault("the cells are not in order", "each cell once, from left to right")
        elif local in {"v", "t"}:
            self._parser.CharacterDataHandler = self._pieces.append
        elif local == "row":
            self._cells = []
            self._row(attributes.get("r"))

    def _end(self, name: str) -> None:
        local = self._names.get(name) or self._name(name)
        if local == "c":
            self._cells.append(self._value() if self._pieces else "")
        elif local in {"v", "t"}:
            self._parser.CharacterDataHandler = None
        elif local == "row":
            while self._cells and not self._cells[-1]:
                self._cells.pop()
            if len(self._cells) > MAX_COLUMNS:
                raise self._fault("a cell stands too far to the right", f"at most {MAX_COLUMNS} columns")
            if self._cells:
                self._done.append((self._number, self._cells))

    def _value(self) -> str:
        text = "".join(self._pieces)
        kind = self._kind
        if kind == "s":
            try:
                return self._strings[int(text)]
            except (ValueError, IndexError):
                raise self._fault(
                    f"the cell refers to the text {shorten(text)!r}, which there is not"
                ) from None
        if kind == "n":
            return text if text.isdecimal() else self._decimal(text)
        if kind == "e":
            raise self._fault(f"the cell holds the error {shorten(text)}", "a value")
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        return _plain(text, self._file, f"sheet {self._sheet}", self._number)

    def _decimal(self, text: str) -> str:
        try:
            value = float(text)
        except ValueError:
            raise self._fault(f"{shorten(text)!r} is not a number", "a number") from None
        # Programs write 4.7800000000000002 for 4.78, and some 8823.0 for a whole number.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)

    def _row(self, printed: str | None) -> None:
        number = self._number + 1
        if printed is not None:
            if not (printed.isascii() and printed.isdecimal() and len(printed) < 8):
                raise self._fault(f"a row has the number {shorten(printed)!r}", "a whole number")
            number = int(printed)
            if number <= self._number:
                raise self._fault(f"row {number} comes after row {self._number}", "rows in their order")
        self._number = number

    def _column(self, reference: str) -> int:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise self._fault(f"a cell has the reference {shorten(reference)!r}", "one such as A1")
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        if column > MAX_COLUMNS:
            raise self._fault(
                f"the cell {reference} stands too far to the right", f"at most {MAX_COLUMNS} columns"
            )
        self._columns[match[1]] = column
        return column

    def _name(self, name: str) -> str:
        return self._names.setdefault(name, _local(name))

    def _fault(self, reason: str, expected: str | None = None) -> DocumentError:
        return DocumentError(
            reason,
            file=self._file,
            line=self._number or None,
            field=f"sheet {self._sheet}, column {len(self._cells) + 1}",
            expected=expected,
        )


def _parser(
    file: str,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end

    def refuse(*declaration: object) -> None:
        raise DocumentError(
            "the XML has a document type declaration", file=file, field=part, expected="XML without one"
        )

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _feeding(parser: expat.XMLParserType, data: bytes, file: str, part: str) -> Iterator[bool]:
    """Parses a piece at a time; ends after the last."""
    is_last = True
    try:
        for begin in range(0, len(data), _CHUNK):
            parser.Parse(data[begin : begin + _CHUNK])
            yield True
        if data:
            parser.Parse(b"", is_last)
            yield True
    # An encoding that Python has and expat cannot take, or that nobody has, is one of the last two.
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DocumentError(f"the XML cannot be read: {error}", file=file, field=part) from error


def _parse(data: bytes, file: str, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    for _ in _feeding(_parser(file, part, start), data, file, part):
        pass


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _plain(text: str, file: str, part: str, line: int | None = None) -> str:
    """The text with the escapes of XLSX (``_x000D_``) undone."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if match := _CONTROL.search(text):
        raise DocumentError(
            f"a control character (U+{ord(match[0]):04X}) stands in the text",
            file=file,
            line=line,
            field=part,
            expected="plain text",
        )
    return text

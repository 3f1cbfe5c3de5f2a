"""CSV tables, read row by row from a file or from a member of a zip; only ``DocumentError`` comes out."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

__all__ = ["CsvTable", "Row", "csv_tables"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LARGEST_CELL = 16_000_000
_LARGEST_TABLE = 2_000_000_000
_BUFFER = 1 << 20
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line on which it begins, counting from 1, and its cells by their columns, without the
    blanks at their ends."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str) -> str:
        """The cell, or the empty string where the table has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table in UTF-8 with a header row, as RFC 4180 has it.

    ``path`` is the file, or the zip that has it as ``member``; ``size`` counts bytes before compression.
    ``skip`` lines stand before the header, and ``separator`` between the cells.
    """

    path: Path
    member: str = ""
    size: int = 0
    skip: int = 0
    separator: str = ","

    @property
    def name(self) -> str:
        """The name of the file itself, without its folders."""
        return (self.member or self.path.name).rpartition("/")[2]

    @property
    def called(self) -> str:
        """What messages call the file."""
        return f"{self.path}: {self.member}" if self.member else str(self.path)

    def header(self) -> tuple[str, ...]:
        """The names of the columns; empty for an empty file."""
        with self._opened() as stream:
            for _, cells in self._cells(stream, []):
                return tuple(cells)
        return ()

    def rows(self, *, may_be_short: bool = False, read: list[int] | None = None) -> Iterator[Row]:
        """Every row but the header and empty ones, as the file is read.

        ``may_be_short`` takes cells that are missing at the end of a row as empty. The bytes read so far are
        kept as the first member of ``read``.
        """
        counted = [0] if read is None else read
        with self._opened() as stream:
            rows = self._cells(stream, counted)
            _, header = next(rows, (0, []))
            if not header:
                raise DocumentError("the file is empty", file=self.called, expected="a table with a header")
            doubled = {column for column in header if header.count(column) > 1}
            if doubled:
                raise DocumentError(
                    f"the column {sorted(doubled)[0]!r} stands twice in the header",
                    file=self.called,
                    line=self.skip + 1,
                )
            width = len(header)
            for line, cells in rows:
                if len(cells) != width:
                    if len(cells) > width or not may_be_short:
                        raise DocumentError(
                            f"the row has {len(cells)} cells",
                            file=self.called,
                            line=line,
                            expected=f"{width} cells, as in the header",
                        )
                    cells += [""] * (width - len(cells))
                yield Row(line, dict(zip(header, cells, strict=True)))

    def _cells(self, stream: IO[bytes], counted: list[int]) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(_LARGEST_CELL)
        lines = self._lines(stream, counted or [0])
        reader = csv.reader(islice(lines, self.skip, None), strict=True, delimiter=self.separator)
        begins = self.skip + 1
        try:
            for cells in reader:
                if cells:
                    yield begins, [cell.strip() for cell in cells]
                begins = self.skip + reader.line_num + 1
        except csv.Error as error:
            raise DocumentError(
                f"the row is no CSV: {error}", file=self.called, line=begins, expected="quoted cells"
            ) from error

    def _lines(self, stream: IO[bytes], counted: list[int]) -> Iterator[str]:
        """The lines, decoded and checked many at once, which is five times faster than one by one."""
        number, rest = 1, b""
        while True:
            # The header alone, so that damage further down does not hide what the table is.
            is_header = number <= self.skip + 1
            data = stream.readline(_BUFFER) if is_header else stream.read(_BUFFER)
            counted[0] += len(data)
            if counted[0] > _LARGEST_TABLE:
                raise DocumentError(
                    "the table is too large", file=self.called, expected=f"at most {_LARGEST_TABLE} bytes"
                )
            whole, newline, last = data.rpartition(b"\n") if data else (b"", b"", b"")
            if data and not newline and len(rest) + len(data) <= _LARGEST_CELL:
                rest += data
                continue
            block = rest + whole + newline if data else rest
            if number == 1:
                block = block.removeprefix(_MARK)
            text = self._text(block, number)
            yield from io.StringIO(text, newline="\n")
            if not data:
                return
            number += text.count("\n")
            rest = last

    def _text(self, block: bytes, number: int) -> str:
        """Whole lines as text; ``number`` is that of the first."""
        try:
            text = block.decode()
        except UnicodeDecodeError as error:
            raise DocumentError(
                f"the line is no UTF-8: {error.reason}",
                file=self.called,
                line=number + block.count(b"\n", 0, error.start),
                expected="text in UTF-8",
            ) from error
        if match := _CONTROL.search(text):
            raise DocumentError(
                f"a control character (U+{ord(match[0]):04X}) stands in the text",
                file=self.called,
                line=number + text.count("\n", 0, match.start()),
                expected="plain text",
            )
        return text

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        try:
            if not self.member:
                with self.path.open("rb") as stream:
                    yield stream
                return
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as member:
                yield member
        except (OSError, zlib.error, EOFError) as error:
            reason = getattr(error, "strerror", None) or str(error) or "it ends too early"
            raise DocumentError(f"the file cannot be read: {reason}", file=self.called) from error
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, KeyError) as error:
            raise DocumentError(f"the zip cannot be read: {error}", file=self.called) from error


def csv_tables(paths: Iterable[Path]) -> list[CsvTable]:
    """The tables that files are or, as zips, hold, by name. Files of other suffixes are passed over.

    Raises ``DocumentError`` for a zip that cannot be read.
    """
    found = []
    for path in paths:
        suffix = path.suffix.lower()
        if suffix == ".csv":
            found.append(CsvTable(path, size=path.stat().st_size if path.is_file() else 0))
        elif suffix == ".zip":
            try:
                with zipfile.ZipFile(path) as archive:
                    members = archive.infolist()
            except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
                raise DocumentError(f"the zip cannot be read: {error}", file=str(path)) from error
            found += [
                CsvTable(path, one.filename, one.file_size)
                for one in members
                if one.filename.lower().endswith(".csv") and not one.filename.startswith("__MACOSX/")
            ]
    return sorted(found, key=lambda one: (one.name, one.called))

"""An O*NET release as it lies on disk: a folder of workbooks or of text files, or the zip of either.

Tables are told by the name of their file or sheet, else by their headings, so a renamed file is found too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.archive import Archive
from ontology.readers.limits import Limits
from ontology.readers.onet_tables import CODE, FORMS, OCCUPATIONS, RATINGS, Form, Sheet, Table
from ontology.readers.spreadsheets import Workbook, is_workbook
from ontology.readers.text import decode, split_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ontology.readers.spreadsheets import Row

__all__ = ["Release", "open_release", "recognises_release"]

LIMITS = Limits(bytes=500_000_000, unpacked_bytes=2_000_000_000)
_SUFFIXES = (".txt", ".xlsx")
_FIRST = 4_096
_RELEASE = re.compile(r"O\*NET\W{0,3}\s*(?:Database\s+)?([0-9]{1,3}\.[0-9]{1,2})(?![0-9])", re.IGNORECASE)
_IN_NAME = re.compile(r"(?:o\*?net|db)\D{0,3}([0-9]{1,3})[._]([0-9]{1,2})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Part:
    """A file of the release. ``name`` is what messages call it; ``head`` gives its first bytes alone where
    that spares reading it."""

    name: str
    path: PurePosixPath
    data: Callable[[], bytes]
    head: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Release:
    """``tables`` by the name of their form; ``unread`` are the names of the other files; ``version`` is as
    the read-me file or the name of the folder says it, else empty."""

    name: str
    tables: dict[str, Table]
    unread: tuple[str, ...]
    version: str

    def table(self, form: Form) -> Table | None:
        return self.tables.get(form.name)


def recognises_release(path: Path) -> bool:
    """Whether a file, folder or zip holds a table of O*NET, by its heading."""
    try:
        if _is_part(path):
            return _is_table(_file_part(path))
        return any(_is_table(part) for part in _parts(path) or ())
    except (DocumentError, OSError):
        return False


def open_release(path: Path) -> Release:
    """The release at ``path``; a single file stands for the folder it lies in.

    Raises ``DocumentError`` where a file cannot be opened, a table is there twice or lacks a column, and
    where there are no occupations.
    """
    if _is_part(path):
        path = path.parent
    try:
        parts = _parts(path)
    except OSError as error:
        raise DocumentError(
            f"the release cannot be opened: {error.strerror or error}", file=str(path)
        ) from error
    if parts is None:
        raise DocumentError("this is no folder and no zip", file=str(path), expected="a release of O*NET")
    tables: dict[str, Table] = {}
    unread = _others(path)
    for part in parts:
        found = [(form, sheet) for sheet in _sheets(part) if (form := _form(sheet, part))]
        for form, sheet in found:
            if form.name in tables:
                raise DocumentError(
                    f"{tables[form.name].file} has the table {form.name} too",
                    file=part.name,
                    expected="each table once",
                )
            tables[form.name] = Table(form, sheet)
        if not found and not _is_read_me(part):
            unread.append(part.name)
    if OCCUPATIONS.name not in tables:
        raise DocumentError(
            "the table Occupation Data is missing",
            file=str(path),
            expected="a file Occupation Data.xlsx or Occupation Data.txt",
        )
    return Release(path.resolve().name, tables, tuple(unread), _version(path, parts))


def _parts(path: Path) -> list[_Part] | None:
    """The files by name; ``None`` for what is neither a folder nor a zip of files."""
    if path.is_dir():
        return [_file_part(one) for one in _visible(path) if _is_part(one)]
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return None
    archive = Archive(_whole(path, str(path)), str(path), LIMITS)
    if is_workbook(archive.names):
        return None
    return [
        _Part(f"{path}/{name}", PurePosixPath(name), partial(archive.read, name), partial(archive.read, name))
        for name in sorted(archive.names)
        if PurePosixPath(name).suffix.lower() in _SUFFIXES
    ]


def _visible(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if not one.name.startswith("."))


def _is_part(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.is_file()


def _others(path: Path) -> list[str]:
    return [str(one) for one in _visible(path) if not _is_part(one)] if path.is_dir() else []


def _file_part(path: Path) -> _Part:
    return _Part(str(path), PurePosixPath(path.name), partial(_whole, path, str(path)), partial(_head, path))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(_FIRST)
    return path.read_bytes() if head.startswith(b"PK") and path.stat().st_size <= LIMITS.bytes else head


def _whole(path: Path, name: str) -> bytes:
    try:
        size = path.stat().st_size
        if size > LIMITS.bytes:
            raise DocumentError(
                f"the file has {size} bytes, which is too large",
                file=name,
                expected=f"at most {LIMITS.bytes} bytes",
            )
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DocumentError(f"the file cannot be opened: {reason}", file=name) from error


def _is_table(part: _Part) -> bool:
    """Whether a heading says that this is a table of O*NET and of nothing else."""
    try:
        head = part.head()
        if head.startswith(b"PK"):
            headings = [_heading(sheet) for sheet in _workbook_sheets(part, head)]
        else:
            line = re.split(rb"[\r\n]", head, maxsplit=1)[0]
            headings = [line.decode("utf-8-sig", errors="replace").split("\t")]
    except (DocumentError, OSError):
        return False
    return any(CODE in heading and _fitting(heading) for heading in headings)


def _sheets(part: _Part) -> list[Sheet]:
    data = part.data()
    if data.startswith(b"PK"):
        return _workbook_sheets(part, data)
    if part.path.suffix.lower() == ".xlsx":
        raise DocumentError("this is no workbook", file=part.name, expected="a whole XLSX file")
    return [Sheet(part.name, "", partial(_lines, part))]


def _workbook_sheets(part: _Part, data: bytes) -> list[Sheet]:
    workbook = Workbook(Archive(data, part.name, LIMITS), part.name)
    if not workbook.sheets:
        raise DocumentError("the workbook has no sheet", file=part.name, expected="a sheet with a table")
    return [Sheet(part.name, name, partial(workbook.rows, name)) for name in workbook.sheets]


def _lines(part: _Part) -> Iterator[Row]:
    for number, line in enumerate(split_lines(decode(part.data(), part.name)), 1):
        if line.strip():
            yield number, line.split("\t")


def _form(sheet: Sheet, part: _Part) -> Form | None:
    """By the name of the file or the sheet, else by the heading and the first ID."""
    names = {part.path.stem.casefold(), sheet.name.casefold()}
    for form in FORMS:
        if form.name.casefold() in names:
            return form
    heading = _heading(sheet)
    fitting = _fitting(heading)
    rated = [form for form in fitting if form in RATINGS]
    if not rated:
        return max(fitting, key=lambda form: len(form.columns), default=None)
    # The tables of ratings have one heading; the first ID tells them apart.
    first = next(islice(sheet.rows(), 1, None), (2, []))[1]
    element = "".join(first[heading.index("Element ID") :][:1])
    return next((form for form in rated if element.startswith(form.elements)), None)


def _heading(sheet: Sheet) -> list[str]:
    return [cell.strip() for cell in next(sheet.rows(), (1, []))[1]]


def _fitting(heading: list[str]) -> list[Form]:
    return [form for form in FORMS if set(form.columns) <= set(heading)]


def _is_read_me(part: _Part) -> bool:
    return part.path.stem.casefold().replace(" ", "").replace("_", "") == "readme"


def _version(path: Path, parts: list[_Part]) -> str:
    """From the read-me file, else the name of the folder or zip, else that of the folder within the zip."""
    for part in filter(_is_read_me, parts):
        if match := _RELEASE.search(part.head()[:_FIRST].decode("utf-8", errors="replace")):
            return match[1]
    for name in (path.resolve().name, *sorted({str(part.path.parent) for part in parts})):
        if match := _IN_NAME.search(name):
            return f"{match[1]}.{match[2]}"
    return ""

"""Reader of the official form of an iCAP standard in PDF.

``pdf_pages`` gives glyphs and lines, ``geometry`` the tables that they make, ``pdf_rows`` the rows; here the
rows are told apart by their labels, the cells that a page break parted are put together, and all is fed to
the ``FormReader``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.model import Doubt, Place
from ontology.readers.codes import leading_code
from ontology.readers.columns import Columns
from ontology.readers.form import FormReader
from ontology.readers.joints import unmarked
from ontology.readers.labels import carries_form, section_of
from ontology.readers.limits import DEFAULT_LIMITS, Limits
from ontology.readers.lines import Joining, crowded, habit_of_spaces, plain_sign
from ontology.readers.pdf_codes import as_code, codes_in, follows, sure_codes
from ontology.readers.pdf_pages import read_pages
from ontology.readers.pdf_places import Places
from ontology.readers.pdf_rows import Box, Row, rows_of
from ontology.readers.pdf_task_rows import (
    OWNED,
    SHAPES,
    Header,
    PageBreaks,
    TaskRow,
    header_of,
    is_header,
    join_plain_rows,
    second_header,
    task_row,
)
from ontology.readers.profile import is_profile_row, is_version_header
from ontology.readers.text import BULLETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.model import Standard
    from ontology.readers.geometry import Page
    from ontology.readers.lines import Line

__all__ = ["read_icap_pdf", "recognises_icap_pdf"]

_CODE_LIST = re.compile(r"[KS][0-9]{1,3}(?:[\s、,，;；/]+[KS][0-9]{1,3})+")
_CODES = re.compile(r"[KS][0-9]{1,3}")
_MARKER = re.compile(rf"[-–—*{BULLETS}·]\s|[-–—*·](?=[^\x00-\x7f])|[{BULLETS}]")
_NAMED = re.compile(r"[^,，。；;:：、]{1,20}?\s*[：:]")
_STOP = re.compile(r"[。.！!？?：:]$")
_HISTORY_MARK = re.compile(r"[《〈]?歷史資料[》〉]?")


def recognises_icap_pdf(data: bytes) -> bool:
    """Whether the bytes are a PDF; whether it is a standard, its text says."""
    return b"%PDF-" in data[:1024]


def read_icap_pdf(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Standard:
    """The standard that a PDF shows; places are pages.

    Raises ``DocumentError`` as ``read_pages`` and ``FormReader.finish`` do, and where the PDF has no text.
    """
    pages = read_pages(data, name, max_pages=limits.pages)
    _check_text(pages, name)
    rows, marks = rows_of(pages, name)
    return _Document(name, rows, marks).read()


def _check_text(pages: Sequence[Page], name: str) -> None:
    if not any(glyph.sign.strip() for page in pages for glyph in page.glyphs):
        shown = "only pictures" if any(page.images for page in pages) else "nothing to read"
        raise DocumentError(
            f"the PDF has no text, {shown}: run OCR over it first",
            file=name,
            page=1,
            expected="a PDF with text",
        )
    if not carries_form("".join(plain_sign(glyph.sign) for page in pages for glyph in page.glyphs)):
        raise DocumentError(
            "this is not an iCAP standard",
            file=name,
            page=1,
            expected="a table headed 工作任務, 工作活動, 工作產出, 行為指標, 職能級別 and 職能內涵",
        )


@dataclass(slots=True)
class _Plain:
    """A row of the profile or the version table."""

    row: Row


@dataclass(slots=True)
class _Flow:
    """Running lines: headings, attitudes, notes, and what stands outside tables."""

    page: int
    lines: list[Line] = field(default_factory=list)


class _Document:
    """Tells the rows apart, joins what page breaks parted, and feeds the form."""

    def __init__(self, name: str, rows: Sequence[Row], marks: Sequence[Line]) -> None:
        self._form = FormReader(name)
        self._rows = rows
        self._marks = marks
        self._parts: list[TaskRow | Header | _Plain | _Flow] = []
        self._header: Header | None = None
        self._in_flow = False
        lines = [line for row in rows for box in row.starts for line in box.lines]
        self._spaces = habit_of_spaces(lines)
        self._places = Places()
        self._section: str | None = None
        self._unsure: list[Box] = []
        self._above: dict[str, Box] = {}
        self._sure = sure_codes(box for row in rows for box in row.starts)
        self._doubts: list[Doubt] = []

    def read(self) -> Standard:
        self._sort()
        self._stitch()
        for part in self._parts:
            match part:
                case Header():
                    self._form.row(
                        _by_position(part.columns, part.row), Place(page=part.row.page), after_break=True
                    )
                    self._header = part
                case TaskRow():
                    self._feed_task_row(part)
                case _Plain():
                    self._feed_plain(part)
                case _Flow():
                    self._feed_flow(part)
        standard = self._form.finish()
        return self._places.corrected(standard, [*self._mark_doubts(), *self._doubts])

    def _mark_doubts(self) -> list[Doubt]:
        """What is printed over the pages, but for the word that the version is a former one."""
        found: dict[str, int] = {}
        for line in self._marks:
            if not _HISTORY_MARK.fullmatch(line.text.replace(" ", "")):
                found.setdefault(line.text, line.page)
        message = "this is printed over the page, large or at an angle; it was not read"
        return [Doubt("unread-text", "page", text, message, Place(page=page)) for text, page in found.items()]

    def _sort(self) -> None:
        skipped = False
        for number, row in enumerate(self._rows):
            if skipped:
                skipped = False
                continue
            following = self._rows[number + 1] if number + 1 < len(self._rows) else None
            if following and (header := second_header(row, following)):
                self._begin_table(header)
                skipped = True
            elif header := header_of(row, row.starts):
                self._begin_table(header)
            elif not (row.first and row.is_blank and following and is_header(following)):
                self._take(row)

    def _begin_table(self, header: Header) -> None:
        self._parts.append(header)
        self._header = header
        self._in_flow = False

    def _take(self, row: Row) -> None:
        filled = [box for box in row.starts if box.lines]
        if row.free and self._header and not self._in_flow:
            lines = row.starts[0].lines
            count = next((n for n, line in enumerate(lines) if section_of(line.text)), len(lines))
            self._leave(lines[:count])
            row.starts[0].lines = lines[count:]
            if count == len(lines):
                return
        heads = bool(filled) and section_of(filled[0].text) is not None
        alone = len(filled) == 1 and len(row.covers) == 1
        if filled and (row.free or (alone and (self._in_flow or heads))):
            self._flow(filled[0], begins=heads)
            return
        if not row.free and len(filled) > 1 and section_of(filled[0].text):
            for box in filled:
                self._flow(box, begins=box is filled[0])
            return
        labels = row.texts
        if is_version_header(labels) or (filled and is_profile_row(labels)):
            self._in_flow = False
            self._header = None
        if self._in_flow:
            for box in filled:
                self._flow(box, begins=False)
        elif self._header:
            self._parts.append(task_row(row, self._header))
        else:
            self._parts.append(_Plain(row))

    def _leave(self, lines: Iterable[Line]) -> None:
        """Notes running text between the pages of the table of tasks: it belongs to no field, or was pushed
        out of the cell above it: the doubts name its item, or the last one of that cell, and whose it is."""
        message = "this stands outside the table of tasks; it was not read"
        last = next((part for part in reversed(self._parts) if isinstance(part, TaskRow)), None)
        for line in lines:
            wheres: list[str] = []
            for column, box in last.covers.items() if last else ():
                shapes = SHAPES.get(column, ())
                if column in {"task", "activity"}:
                    wheres.extend(codes_in(box.root.lines[:1], shapes))
                elif box.x0 <= line.x0 <= box.x1:
                    wheres.extend(codes_in([line], shapes) or codes_in(box.root.lines, shapes)[-1:])
            place = Place(page=line.page)
            for where in wheres or ["table"]:
                self._doubts.append(Doubt("unread-text", where, line.text, message, place))

    def _flow(self, box: Box, *, begins: bool) -> None:
        if begins:
            self._in_flow = True
        page = box.lines[0].page
        if not (self._parts and isinstance(self._parts[-1], _Flow)):
            self._parts.append(_Flow(page))
        part = self._parts[-1]
        assert isinstance(part, _Flow)
        for line in box.lines:
            if section_of(line.text) and len(line.text) > 3:
                self._in_flow = True
            part.lines.append(line)

    def _stitch(self) -> None:
        tables = [part for part in self._parts if isinstance(part, TaskRow)]
        breaks = PageBreaks(self._rows, tables)
        before: TaskRow | _Plain | None = None
        header: Header | None = None
        for part in self._parts:
            match part:
                case TaskRow():
                    assert header is not None
                    if isinstance(before, TaskRow) and before.row.page != part.row.page:
                        breaks.join_task_rows(before, part, per_activity=header.columns.per_activity)
                    before = part
                case _Plain():
                    if isinstance(before, _Plain) and before.row.page != part.row.page:
                        join_plain_rows(before.row, part.row)
                    before = part
                case Header():
                    header = part
                case _Flow():
                    before = None
        self._unsure = breaks.unsure

    def _feed_task_row(self, part: TaskRow) -> None:
        header = self._header
        assert header is not None
        owner = "activity" if header.columns.per_activity else "task"
        opens = part.opens(owner)
        cells = [""] * header.columns.width
        for column, position in header.columns.positions.items():
            box = part.starts.get(column)
            if box is None or box.before is not None:
                covering = part.covers.get(column)
                spans = covering is not None and column in OWNED and opens
                box = covering.root if covering and spans else None
            if box is not None:
                cells[position] = self._cell(box.lines, column)
        for position, _ in header.columns.unknown:
            if box := part.starts.get(str(position)):
                cells[position] = self._cell(box.lines, "")
        if any(cells):
            self._form.row(cells, Place(page=part.row.page), after_break=False)
        if opens:
            self._note_unsure(part, owner)
        self._note_crowded(part, owner)

    def _note_unsure(self, part: TaskRow, owner: str) -> None:
        for column in OWNED:
            box = part.covers.get(column)
            if box is None or not any(box.root is unsure for unsure in self._unsure):
                continue
            name = part.starts[owner].root.lines[0]
            code = leading_code(name.text, SHAPES[owner])
            message = "a page ends within this cell or after it; it is not certain which rows it belongs to"
            place = Place(page=part.row.page)
            self._doubts.append(
                Doubt("merged-cell", code.code if code else name.text, box.root.text, message, place)
            )

    def _note_crowded(self, part: TaskRow, owner: str) -> None:
        """Doubts a cell whose lines overlap, with all its items, and the last one above it: text may have run
        out of one of these into the other."""
        message = "lines overlap here; text of another cell may have run into this one"
        for column, box in part.starts.items():
            overlapping = crowded(box.lines)
            if not overlapping:
                continue
            shapes = SHAPES.get(column, ())
            owners = [part.covers[owner].root.lines[:1]] if owner in part.covers else []
            codes = [codes_in(lines, SHAPES[owner]) for lines in owners]
            codes.append(codes_in(box.lines, shapes))
            if (above := self._above.get(column)) is not None and above is not box:
                codes.append(codes_in(above.lines, shapes)[-1:])
            place = Place(page=overlapping[0].page)
            for code in dict.fromkeys(code for found in codes for code in found):
                self._doubts.append(Doubt("crowded-text", code, overlapping[0].text, message, place))
        self._above |= {column: box for column, box in part.starts.items() if box.lines}

    def _cell(self, lines: Sequence[Line], column: str) -> str:
        shapes = SHAPES.get(column, ())
        coded = any(leading_code(line.text, shapes) for line in lines)

        def doubtful(before: str, text: str) -> bool:
            return column in {"outputs", "knowledge", "skills"} and not coded

        def starts(before: str, text: str) -> bool:
            if text[0] in BULLETS or _CODES.fullmatch(text):
                return True
            code = leading_code(text, shapes)
            return code is not None and code.code not in self._sure and follows(before, code, text)

        joining = Joining(
            begins=lambda text: leading_code(text, shapes) is not None,
            starts=starts,
            doubtful=doubtful,
            spaces=self._spaces,
        )
        self._places.note(lines, shapes)
        text = "\n".join(paragraph.text for paragraph in joining.paragraphs(lines))
        if column in {"knowledge", "skills"} and _CODE_LIST.fullmatch(plain := unmarked(text)):
            return "\n".join(_CODES.findall(plain))
        return text

    def _feed_plain(self, part: _Plain) -> None:
        joining = Joining(spaces=self._spaces)
        cells = [
            "\n".join(as_code(paragraph.text) for paragraph in joining.paragraphs(box.lines))
            if any(box is start for start in part.row.starts)
            else ""
            for box in part.row.covers
        ]
        if any(cells):
            self._form.row(cells, Place(page=part.row.page), after_break=False)

    def _feed_flow(self, part: _Flow) -> None:
        section = None
        lines: list[Line] = []
        for line in part.lines:
            found = section_of(line.text) if len(line.text) > 3 else None
            if found:
                self._feed_section(lines, section or self._section)
                lines = []
                self._section = section = found
                self._form.row([line.text], Place(page=line.page), after_break=True)
            else:
                lines.append(line)
        self._feed_section(lines, section or self._section)

    def _feed_section(self, lines: Sequence[Line], section: str | None) -> None:
        if not lines:
            return
        if section == "attitudes":
            joining = Joining(
                begins=lambda text: leading_code(text, ("A",)) is not None,
                doubtful=lambda before, text: _NAMED.match(text) is not None,
                spaces=self._spaces,
            )
            self._places.note(lines, ("A",))
        else:
            joining = Joining(
                starts=lambda before, text: _MARKER.match(text) is not None,
                doubtful=lambda before, text: _STOP.search(before) is not None,
                spaces=self._spaces,
            )
        paragraphs = joining.paragraphs(lines)
        left = min(paragraph.indent for paragraph in paragraphs)
        for paragraph in paragraphs:
            indent = " " * round((paragraph.indent - left) / 6) if section == "notes" else ""
            self._form.row([indent + paragraph.text], Place(page=paragraph.page), after_break=True)


def _by_position(columns: Columns, row: Row) -> list[str]:
    return row.texts[: columns.width]

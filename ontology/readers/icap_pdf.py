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
from ontology.readers.columns import Columns, find_columns
from ontology.readers.form import FormReader
from ontology.readers.labels import carries_form, section_of
from ontology.readers.limits import DEFAULT_LIMITS, Limits
from ontology.readers.lines import Joining, habit_of_spaces
from ontology.readers.pdf_pages import read_pages
from ontology.readers.pdf_places import Places
from ontology.readers.pdf_rows import Box, Row, rows_of
from ontology.readers.profile import is_profile_row, is_version_header
from ontology.readers.text import BULLETS, UNSURE_BREAK, UNSURE_SPACE, normal_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.model import Standard
    from ontology.readers.geometry import Page
    from ontology.readers.lines import Line

__all__ = ["read_icap_pdf", "recognises_icap_pdf"]

_SHAPES = {
    "task": ("T",),
    "activity": ("T.",),
    "outputs": ("O", "P"),
    "indicators": ("P", "O"),
    "knowledge": ("K", "S"),
    "skills": ("S", "K"),
}
_OWNED = ("level", "knowledge", "skills")
_CODE_LIST = re.compile(r"[KS][0-9]{1,3}(?:[\s、,，;；/]+[KS][0-9]{1,3})+")
_CODES = re.compile(r"[KS][0-9]{1,3}")
_CODE_OR_DATE = re.compile(
    r"[A-Z]{2,4}[0-9]{3,4}-[0-9]{3}(?:[vV][0-9]{1,3})?|[0-9]{4}(?:[/-][0-9]{1,2}){1,2}"
)
_MARKER = re.compile(rf"[-–—*{BULLETS}·]\s|[-–—*·](?=[^\x00-\x7f])|[{BULLETS}]")
_NAMED = re.compile(r"[^,，。；;:：、]{1,20}?\s*[：:]")
_STOP = re.compile(r"[。.！!？?：:]$")
_HISTORY_MARK = re.compile(r"[《〈]?歷史資料[》〉]?")
_MARKS = re.compile(f"[{UNSURE_SPACE}{UNSURE_BREAK}]")
_SAME_EDGE = 4.0


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
class _TaskRow:
    """A row of the table of tasks, its boxes by column; ``opens`` says whose first row it is."""

    row: Row
    starts: dict[str, Box]
    covers: dict[str, Box]
    opens_task: bool = False
    opens_activity: bool = False


@dataclass(slots=True)
class _Header:
    """A header row: its columns and the x where each begins and ends."""

    row: Row
    columns: Columns
    ranges: dict[str, tuple[float, float]]


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
        self._parts: list[_TaskRow | _Header | _Plain | _Flow] = []
        self._header: _Header | None = None
        self._in_flow = False
        lines = [line for row in rows for box in row.starts for line in box.lines]
        self._spaces = habit_of_spaces(lines)
        self._places = Places()
        self._section: str | None = None
        self._has_open_edges = any(box.open_bottom for row in rows for box in row.starts)
        self._has_merged_cells = False
        self._unsure: list[Box] = []
        self._doubts: list[Doubt] = []

    def read(self) -> Standard:
        self._sort()
        self._stitch()
        for part in self._parts:
            match part:
                case _Header():
                    self._form.row(
                        _by_position(part.columns, part.row), Place(page=part.row.page), after_break=True
                    )
                    self._header = part
                case _TaskRow():
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
            if following and (header := _second_header(row, following)):
                self._begin_table(header)
                skipped = True
            elif header := _header(row, row.starts):
                self._begin_table(header)
            else:
                self._take(row)

    def _begin_table(self, header: _Header) -> None:
        self._parts.append(header)
        self._header = header
        self._in_flow = False

    def _take(self, row: Row) -> None:
        filled = [box for box in row.starts if box.lines]
        if row.free or (len(filled) == 1 and len(row.covers) == 1):
            if filled and (row.free or self._in_flow or section_of(filled[0].text)):
                self._flow(filled[0], begins=section_of(filled[0].text) is not None)
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
            self._parts.append(_task_row(row, self._header))
        else:
            self._parts.append(_Plain(row))

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
        tables = [part for part in self._parts if isinstance(part, _TaskRow)]
        self._has_merged_cells = any(
            part.covers.get(column) is not part.starts.get(column)
            for part in tables
            for column in ("knowledge", "skills")
            if part.covers.get("activity") is part.starts.get("activity")
        )
        before: _TaskRow | _Plain | None = None
        for part in self._parts:
            match part:
                case _TaskRow():
                    _open(part)
                    if isinstance(before, _TaskRow) and before.row.page != part.row.page:
                        self._join_task_rows(before, part)
                    before = part
                case _Plain():
                    if isinstance(before, _Plain) and before.row.page != part.row.page:
                        _join_plain_rows(before.row, part.row)
                    before = part
                case _Header():
                    self._header = part
                case _Flow():
                    before = None

    def _join_task_rows(self, before: _TaskRow, part: _TaskRow) -> None:
        """Joins the first row of a page to the last of the page before, cell by cell, where it goes on with it.

        A cell with a new code of its own is new; but a name printed in the middle of a cell that the page
        breaks stands on the later page, and belongs to the earlier one, whose codes show it.
        """
        per_activity = self._header is not None and self._header.columns.per_activity
        new_task = _is_new(before, part, "task", "T")
        new_activity = new_task or _is_new(before, part, "activity", "T.")
        for column, new in part.covers.items():
            old = before.covers.get(column)
            if old is None or old is new:
                continue
            of_task = column == "task" or (column in _OWNED and not per_activity)
            if new_task if of_task else new_activity:
                if new_task or column not in _OWNED or not self._spans(old, new, part, column):
                    continue
            elif new.lines and old.root.lines and _stands_alone(new, column):
                continue
            old.continue_in(new)
        part.opens_task = part.opens_task and new_task
        part.opens_activity = part.opens_activity and new_activity

    def _spans(self, old: Box, new: Box, part: _TaskRow, column: str) -> bool:
        """Whether a cell of level, knowledge or skills at the top of a page is the rest of the one at the end
        of the page before, though an activity of its own begins beside it.

        An open edge tells, where the document leaves edges open at all. Else it is certain only for a text
        without a code; a blank cell is taken for a rest, and one with a code for a rest where the level beside
        it is blank, with a doubt.
        """
        if old.open_bottom or self._has_open_edges:
            return old.open_bottom
        if not old.root.lines:
            return False
        if not new.lines or column == "level":
            self._unsure.extend([] if new.lines else [old.root])
            return not new.lines
        if leading_code(new.lines[0].text, _SHAPES[column]) is None:
            return True
        if not self._has_merged_cells:
            return False
        level = part.covers.get("level")
        rest = level is not None and (level.before is not None or not level.lines)
        self._unsure.extend([old.root] if rest else [old.root, new])
        return rest

    def _feed_task_row(self, part: _TaskRow) -> None:
        header = self._header
        assert header is not None
        opens = part.opens_activity if header.columns.per_activity else part.opens_task
        cells = [""] * header.columns.width
        for column, position in header.columns.positions.items():
            box = part.starts.get(column)
            if box is None or box.before is not None:
                covering = part.covers.get(column)
                spans = covering is not None and column in _OWNED and opens
                box = covering.root if covering and spans else None
            if box is not None:
                cells[position] = self._cell(box.lines, column)
        for position, _ in header.columns.unknown:
            if box := part.starts.get(str(position)):
                cells[position] = self._cell(box.lines, "")
        if any(cells):
            self._form.row(cells, Place(page=part.row.page), after_break=False)
        if opens:
            self._note_unsure(part, "activity" if header.columns.per_activity else "task")

    def _note_unsure(self, part: _TaskRow, owner: str) -> None:
        for column in _OWNED:
            box = part.covers.get(column)
            if box is None or not any(box.root is unsure for unsure in self._unsure):
                continue
            name = part.starts[owner].root.lines[0]
            code = leading_code(name.text, _SHAPES[owner])
            message = "a page ends within this cell or after it; it is not certain which rows it belongs to"
            place = Place(page=part.row.page)
            self._doubts.append(
                Doubt("merged-cell", code.code if code else name.text, box.root.text, message, place)
            )

    def _cell(self, lines: Sequence[Line], column: str) -> str:
        shapes = _SHAPES.get(column, ())
        coded = any(leading_code(line.text, shapes) for line in lines)

        def doubtful(before: str, text: str) -> bool:
            return column in {"outputs", "knowledge", "skills"} and not coded

        joining = Joining(
            begins=lambda text: leading_code(text, shapes) is not None,
            doubtful=doubtful,
            spaces=self._spaces,
        )
        self._places.note(lines, shapes)
        text = "\n".join(paragraph.text for paragraph in joining.paragraphs(lines))
        if column in {"knowledge", "skills"} and _CODE_LIST.fullmatch(plain := _MARKS.sub("", text)):
            return "\n".join(_CODES.findall(plain))
        return text

    def _feed_plain(self, part: _Plain) -> None:
        joining = Joining(spaces=self._spaces)
        cells = [
            "\n".join(_as_code(paragraph.text) for paragraph in joining.paragraphs(box.lines))
            for box in part.row.starts
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
                starts=lambda text: _MARKER.match(text) is not None,
                doubtful=lambda before, text: _STOP.search(before) is not None,
                spaces=self._spaces,
            )
        paragraphs = joining.paragraphs(lines)
        left = min(paragraph.indent for paragraph in paragraphs)
        for paragraph in paragraphs:
            indent = " " * round((paragraph.indent - left) / 6) if section == "notes" else ""
            self._form.row([indent + paragraph.text], Place(page=paragraph.page), after_break=True)


def _header(row: Row, boxes: Sequence[Box]) -> _Header | None:
    columns = find_columns([box.text for box in boxes])
    if columns is None:
        return None
    ranges = {column: (boxes[at].x0, boxes[at].x1) for column, at in columns.positions.items()}
    ranges |= {str(at): (boxes[at].x0, boxes[at].x1) for at, _ in columns.unknown}
    return _Header(Row(row.page, list(boxes), list(boxes)), columns, ranges)


def _second_header(row: Row, following: Row) -> _Header | None:
    """The header where its cells stand in two rows, 職能內涵 over K and S."""
    labels = [normal_label(text) for text in row.texts]
    if following.free or "行為指標" not in labels or "職能內涵" not in labels:
        return None
    return _header(following, following.covers)


def _by_position(columns: Columns, row: Row) -> list[str]:
    return row.texts[: columns.width]


def _task_row(row: Row, header: _Header) -> _TaskRow:
    covers = _by_column(row.covers, header)
    starts = {column: box for column, box in covers.items() if any(box is start for start in row.starts)}
    return _TaskRow(row, starts, covers)


def _by_column(boxes: Iterable[Box], header: _Header) -> dict[str, Box]:
    """The boxes under the headings they share most of their width with; two under one heading are one."""
    found: dict[str, Box] = {}
    for box in boxes:
        column = max(header.ranges, key=lambda name: _shared(box, *header.ranges[name]))
        if known := found.get(column):
            known.lines, box.lines = [*known.lines, *box.lines], []
        else:
            found[column] = box
    return found


def _shared(box: Box, x0: float, x1: float) -> float:
    return min(box.x1, x1) - max(box.x0, x0)


def _code_of(box: Box | None, shape: str) -> str | None:
    if box is None or not box.root.lines:
        return None
    code = leading_code(box.root.lines[0].text, (shape,))
    return code.code if code else None


def _open(part: _TaskRow) -> None:
    part.opens_task = bool((box := part.starts.get("task")) and box.lines)
    part.opens_activity = bool((box := part.starts.get("activity")) and box.lines)


def _stands_alone(new: Box, column: str) -> bool:
    """Whether a cell at the top of a page repeats or replaces the one above it, rather than go on with it."""
    if column == "level":
        return True
    return column in {"task", "activity"} and leading_code(new.lines[0].text, _SHAPES[column]) is not None


def _is_new(before: _TaskRow, part: _TaskRow, column: str, shape: str) -> bool:
    """Whether a page begins with a new task or activity: with a code that is not the one still open."""
    new, old = part.covers.get(column), before.covers.get(column)
    if new is None or not new.lines:
        return False
    code = leading_code(new.lines[0].text, (shape,))
    if code is None:
        return False
    if old is None:
        return True
    if old.root.lines:
        return code.code != _code_of(old, shape)
    return code.numbers != _numbers_above(before, shape)


def _numbers_above(before: _TaskRow, shape: str) -> tuple[int, ...] | None:
    """The numbers that the codes of a row give its task or activity."""
    length = 1 if shape == "T" else 2
    for column, shapes in (("activity", ("T.",)), ("indicators", ("P",)), ("outputs", ("O",))):
        box = before.covers.get(column)
        if box is not None and box.root.lines and len(shapes[0]) + 1 > length:
            if code := leading_code(box.root.lines[0].text, shapes):
                return code.numbers[:length]
    return None


def _join_plain_rows(before: Row, row: Row) -> None:
    """Joins the first row of a page to the last of the page before where they are one row of the profile:
    only one of them has a label, or neither has and the last cell of the later one is blank."""
    if len(before.covers) != len(row.covers) or any(
        abs(old.x0 - new.x0) > _SAME_EDGE for old, new in zip(before.covers, row.covers, strict=True)
    ):
        return
    labelled = [any(is_profile_row([box.root.text]) for box in each.covers) for each in (before, row)]
    if all(labelled) or (not any(labelled) and row.covers[-1].lines):
        return
    for old, new in zip(before.covers, row.covers, strict=True):
        if old is not new:
            old.continue_in(new)


def _as_code(text: str) -> str:
    """A code or a date without the blanks that a wrap would give it."""
    squeezed = re.sub(r"\s", "", _MARKS.sub("", text))
    return squeezed if _CODE_OR_DATE.fullmatch(squeezed) else text

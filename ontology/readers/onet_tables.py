"""The tables of an O*NET release: what columns each has, and its rows with their cells checked.

After the data dictionary of the release (https://www.onetcenter.org/dictionary/29.3/excel/). The workbooks
repeat names beside codes (``Title``, ``Element Name`` …) that the text release leaves out, and the text
release prints ``n/a`` where a workbook has an empty cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.model import ConceptKind
from ontology.readers.text import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ontology.readers.spreadsheets import Row

__all__ = [
    "ALTERNATE_TITLES",
    "CODE",
    "CONTENT_MODEL",
    "DWA_REFERENCE",
    "FORMS",
    "IWA_REFERENCE",
    "KNOWLEDGE",
    "OCCUPATIONS",
    "RATINGS",
    "RELATED",
    "SCALES",
    "SKILLS",
    "TASKS",
    "TASKS_TO_DWAS",
    "TECHNOLOGIES",
    "WORK_STYLES",
    "Form",
    "Sheet",
    "Table",
]

CODE = "O*NET-SOC Code"
_UNREAD = (
    "Title",
    "Scale Name",
    "Related Title",
    "Task",
    "N",
    "Standard Error",
    "Lower CI Bound",
    "Upper CI Bound",
    "Incumbents Responding",
    "Source(s)",
)
_FLAGS = {"Y": True, "N": False, "": False, "n/a": False}
_SOC = re.compile(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}")
_ELEMENT = re.compile(r"[0-9](?:\.[0-9A-Za-z]{1,4}){0,8}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,20})?(?:[eE]-?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Form:
    """One table: its name, the columns it must have, and those that are read where they are there.

    ``unread`` are columns that it is known to have and that the model has no place for. ``kind`` and
    ``elements`` are those of a table of ratings: the kind of competency, and how the IDs of its elements
    begin.
    """

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    unread: tuple[str, ...] = _UNREAD
    kind: ConceptKind | None = None
    elements: tuple[str, ...] = ()


_ORIGIN = ("Date", "Domain Source")
_RATED = (CODE, "Element ID", "Scale ID", "Data Value")
OCCUPATIONS = Form("Occupation Data", (CODE, "Title", "Description"), unread=())
SCALES = Form("Scales Reference", ("Scale ID", "Minimum", "Maximum"))
CONTENT_MODEL = Form("Content Model Reference", ("Element ID", "Element Name", "Description"))
IWA_REFERENCE = Form("IWA Reference", ("Element ID", "IWA ID", "IWA Title"))
DWA_REFERENCE = Form(
    "DWA Reference", ("Element ID", "IWA ID", "DWA ID", "DWA Title"), ("Element Name", "IWA Title")
)
TASKS = Form("Task Statements", (CODE, "Task ID", "Task", "Task Type"), _ORIGIN)
TASKS_TO_DWAS = Form("Tasks to DWAs", (CODE, "Task ID", "DWA ID"), ("DWA Title", *_ORIGIN))
KNOWLEDGE = Form(
    "Knowledge",
    (*_RATED, "Recommend Suppress", "Not Relevant"),
    ("Element Name", *_ORIGIN),
    kind=ConceptKind.KNOWLEDGE,
    elements=("2.C.",),
)
SKILLS = Form(
    "Skills",
    (*_RATED, "Recommend Suppress", "Not Relevant"),
    ("Element Name", *_ORIGIN),
    kind=ConceptKind.SKILL,
    elements=("2.A.", "2.B."),
)
WORK_STYLES = Form(
    "Work Styles",
    (*_RATED, "Recommend Suppress"),
    ("Element Name", "Not Relevant", *_ORIGIN),
    kind=ConceptKind.ATTITUDE,
    elements=("1.C.",),
)
TECHNOLOGIES = Form(
    "Technology Skills",
    (CODE, "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"),
)
ALTERNATE_TITLES = Form("Alternate Titles", (CODE, "Alternate Title"), ("Short Title",))
RELATED = Form("Related Occupations", (CODE, "Related O*NET-SOC Code", "Relatedness Tier", "Index"))
RATINGS = (KNOWLEDGE, SKILLS, WORK_STYLES)
FORMS = (
    OCCUPATIONS,
    SCALES,
    CONTENT_MODEL,
    IWA_REFERENCE,
    DWA_REFERENCE,
    TASKS,
    TASKS_TO_DWAS,
    *RATINGS,
    TECHNOLOGIES,
    ALTERNATE_TITLES,
    RELATED,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it is stored: ``name`` is that of the sheet, empty for a text file; the first row of
    ``rows`` is the heading."""

    file: str
    name: str
    rows: Callable[[], Iterator[Row]]


class Table:
    """A sheet known to be of a form. Raises ``DocumentError`` where a column is missing or there twice."""

    def __init__(self, form: Form, sheet: Sheet) -> None:
        self.form = form
        self._sheet = sheet
        line, heading = next(sheet.rows(), (1, []))
        self._heading = [cell.strip() for cell in heading]
        for column in self._heading:
            if column and self._heading.count(column) > 1:
                raise self.fault(line, column, "the column is there twice", "each column once")
        for column in form.columns:
            if column not in self._heading:
                found = ", ".join(filter(None, self._heading)) or "nothing"
                raise self.fault(
                    line, column, "the column is missing", f"it in the heading, which has {shorten(found)}"
                )

    @property
    def file(self) -> str:
        return self._sheet.file

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        form = self.form
        known = {"", *form.columns, *form.optional, *form.unread}
        return tuple(column for column in self._heading if column not in known)

    def rows(self, *columns: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Every row below the heading that is not empty: its number and the cells of ``columns``, without
        blanks around them; a column that the table does not have is empty."""
        width = len(self._heading)
        places = [self._heading.index(one) if one in self._heading else width for one in columns]
        chosen = itemgetter(*places, width)
        rows = self._sheet.rows()
        next(rows, None)
        for number, cells in rows:
            if len(cells) != width:
                if len(cells) > width:
                    raise self._fault(number, f"column {width + 1}", "there is a cell without a heading")
                if not self._sheet.name:
                    raise self._fault(
                        number,
                        f"column {self._heading[len(cells)]}",
                        "the line ends too early",
                        "a whole line",
                    )
                cells = [*cells, *[""] * (width - len(cells))]
            cells.append("")
            picked = chosen(cells)[:-1]
            yield number, tuple(map(str.strip, picked))

    def needed(self, number: int, column: str, text: str) -> str:
        """A text that must be there."""
        if not text or text == "n/a":
            raise self.fault(number, column, "the cell is empty", "a text")
        return text

    def occupation(self, number: int, column: str, text: str) -> str:
        """A code such as ``11-1011.00``."""
        if not _SOC.fullmatch(text):
            raise self.fault(number, column, f"found {shorten(text)!r}", "a code such as 11-1011.00")
        return text

    def element(self, number: int, column: str, text: str) -> str:
        """An ID of the content model or of a work activity, such as ``2.C.1.a``."""
        if not _ELEMENT.fullmatch(text):
            raise self.fault(number, column, f"found {shorten(text)!r}", "an ID such as 2.C.1.a")
        return text

    def whole(self, number: int, column: str, text: str) -> str:
        """The digits of a whole number."""
        if not (text.isascii() and text.isdecimal()):
            raise self.fault(number, column, f"found {shorten(text)!r}", "a whole number")
        return text

    def decimal(self, number: int, column: str, text: str) -> float:
        if not _NUMBER.fullmatch(text):
            raise self.fault(number, column, f"found {shorten(text)!r}", "a number")
        return float(text)

    def flag(self, number: int, column: str, text: str) -> bool:
        """``Y`` or ``N``; an empty cell is no."""
        try:
            return _FLAGS[text]
        except KeyError:
            raise self.fault(number, column, f"found {shorten(text)!r}", "Y or N") from None

    def fault(self, number: int, column: str, reason: str, expected: str | None = None) -> DocumentError:
        return self._fault(number, f"column {column}", reason, expected)

    def _fault(self, number: int, place: str, reason: str, expected: str | None = None) -> DocumentError:
        field = f"sheet {self._sheet.name}, {place}" if self._sheet.name else place
        return DocumentError(reason, file=self.file, line=number, field=field, expected=expected)

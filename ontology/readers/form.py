"""The official form of an iCAP standard (職能基準), put together row by row from any carrier.

Its headings may be Chinese, English or both (``labels``); the language is that of the texts (``language``).
The form holds, in whatever order: the version table, the profile, the table of tasks whose header repeats
on each page, the attitudes and the notes. Readers of text, PDF, ODT, DOCX and HTML feed its rows to a
``FormReader``; what the rows mean is read by the modules beside this one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.model import Doubt, Place, Standard
from ontology.readers.codes import leading_code
from ontology.readers.columns import find_columns
from ontology.readers.doubtful import unfinished_sentences
from ontology.readers.joints import settled, without_marks
from ontology.readers.labels import is_title, section_of
from ontology.readers.language import language_of
from ontology.readers.profile import ProfileReader, VersionReader, is_profile_row, is_version_header
from ontology.readers.sections import AttitudeReader, NoteReader
from ontology.readers.tables import TaskTable
from ontology.readers.text import is_page_furniture, paragraphs
from ontology.readers.versions import version_doubts

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FormReader"]


class FormReader:
    """The state of reading one document: which section the row in hand stands in.

    A row is a list of cells, a line of running text a row of one cell. Within a cell ``\n`` parts paragraphs.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._section = "opening"
        self._titles: set[str] = set()
        self._doubts: list[Doubt] = []
        self._versions = VersionReader(name)
        self._profile = ProfileReader(name)
        self._table = TaskTable(name)
        self._attitudes = AttitudeReader(name)
        self._notes = NoteReader()

    def row(self, cells: Sequence[str], place: Place, *, after_break: bool) -> bool:
        """Reads one row; ``after_break`` says that it is the first on a new page.

        Returns whether the next one still is: the row was a header, a page number or a title.
        """
        cells = list(cells)
        line = cells[0] if len(cells) == 1 else "\t".join(cells)
        filled = [cell for cell in cells if paragraphs(cell)]
        if not filled:
            return after_break
        if len(filled) == 1:
            text = line if len(cells) == 1 else filled[0]
            if heading := section_of(text):
                self._section = heading
                return False
            if len(cells) == 1 and (is_page_furniture(line) or line.strip() in self._titles):
                return after_break
            if self._section in {"attitudes", "notes"} and (len(cells) == 1 or not is_profile_row(cells)):
                self._section_line(text, place, after_break=after_break)
                return False
        if len(cells) == 1:
            self._plain_line(line, place)
            return False
        return self._cells(cells, place, after_break=after_break)

    def _section_line(self, line: str, place: Place, *, after_break: bool) -> None:
        if self._section == "attitudes":
            self._attitudes.line(line, place, after_blank=after_break)
        else:
            self._notes.line(line, after_blank=after_break)

    def _plain_line(self, line: str, place: Place) -> None:
        text = " ".join(paragraphs(line))
        if self._section == "table":
            self._table.row([line], place, after_break=False)
        elif is_title(text):
            self._titles.add(line.strip())
        elif self._section == "versions":
            self._versions.row([line], place)
        elif self._section != "profile" or not self._profile.text(line, place):
            self._unread(text, place)

    def _cells(self, cells: list[str], place: Place, *, after_break: bool) -> bool:
        if columns := find_columns(cells):
            self._section = "table"
            self._table.header(columns, place)
            return True
        if is_version_header(cells):
            self._section = "versions"
            self._versions.header(cells)
        elif is_profile_row(cells):
            self._section = "profile"
            self._profile.row(cells, place)
        elif self._section == "table" or (self._section == "profile" and _begins_with_code(cells)):
            self._table.row(cells, place, after_break=after_break)
        elif self._section == "versions":
            self._versions.row(cells, place)
        elif self._section == "profile":
            self._profile.row(cells, place)
        elif self._section == "opening":
            self._unread(" ".join(part for cell in cells for part in paragraphs(cell)), place)
        else:
            for cell in cells:
                if paragraphs(cell):
                    self._section_line(cell, place, after_break=after_break)
        return False

    def _unread(self, text: str, place: Place) -> None:
        self._doubts.append(
            Doubt("unread-text", self._section, text, "no field is known for this text", place)
        )

    def finish(self) -> Standard:
        """The standard that the rows say.

        Raises ``DocumentError`` with file, place and what was expected where they are none or leave their
        content unknown; what they leave uncertain is in ``Standard.doubts``, by page and line.
        """
        if self._table.is_empty:
            raise DocumentError(
                "the document has no table of tasks"
                if self._profile.has_code
                else "this is not an iCAP standard",
                file=self._name,
                field="工作任務",
                expected="a table headed 工作任務, 工作活動, 工作產出, 行為指標, 職能級別 and 職能內涵, "
                "its cells parted by tabs, with at least one task",
            )
        history = self._versions.finish()
        profile = self._profile.finish(history)
        table = self._table.finish()
        attitudes, attitude_doubts = self._attitudes.finish()
        standard = Standard(
            framework="icap",
            code=profile.code,
            name=profile.name,
            version=profile.version,
            level=profile.level,
            status=profile.status,
            description=profile.description,
            occupational_category=profile.occupational_category,
            category=profile.category,
            occupation=profile.occupation,
            industry=profile.industry,
            tasks=table.tasks,
            knowledge=table.knowledge,
            skills=table.skills,
            attitudes=attitudes,
            history=history,
            notes=self._notes.finish(),
            source=self._name,
        )
        standard = replace(standard, language=language_of(standard))
        read = [
            *self._doubts,
            *profile.doubts,
            *version_doubts(profile.code, history, self._versions.places),
            *table.doubts,
            *attitude_doubts,
        ]
        standard, joints = settled(standard)
        doubts = [*map(without_marks, read), *joints, *unfinished_sentences(standard)]
        return _with_doubts(standard, doubts)


def _begins_with_code(cells: list[str]) -> bool:
    """Whether a row holds an item of the table of tasks, whose header row must then be missing."""
    first = [parts[0] for cell in cells if (parts := paragraphs(cell))]
    return any(leading_code(text, ("T.", "T", "P", "O")) for text in first)


def _with_doubts(standard: Standard, doubts: list[Doubt]) -> Standard:
    return replace(standard, doubts=tuple(sorted(doubts, key=_place_order)))


def _place_order(doubt: Doubt) -> tuple[int, int]:
    place = doubt.place or Place()
    return place.page or 0, place.line or 0

"""Reader of the Word document that ``ontology.writers.outline_docx`` writes, also after people edited it.

The outline is carried in a part that nobody sees; where the tables still say the same, it is taken as it is.
Where they were edited they say what people can want to say there: the names of the course and its units,
hours, notes, the order of units and of what is in them, and what was struck out. Texts of competencies stay
the standard's own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ontology.errors import DocumentError
from ontology.outline import Outline, OutlineCompetency, Unit, checked_outline, outline_from_json
from ontology.outline_words import shown_hours
from ontology.readers.archive import Archive
from ontology.readers.markup import local_name, parse_xml
from ontology.readers.text import shorten
from ontology.writers.outline_docx import NAMESPACE, competency_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ontology.readers.limits import Limits

__all__ = ["read_outline_docx"]

_DOCUMENT = "word/document.xml"
_ITEM = re.compile(r"customXml/item\d+\.xml")
_UNIT = re.compile(r"\D*(\d{1,3})\D*")
_UNREAD = {
    "del",
    "moveFrom",
    "pPr",
    "rPr",
    "tblPr",
    "trPr",
    "tcPr",
    "sectPr",
    "instrText",
    "delText",
    "Fallback",
}
_TEXT_KEPT = (
    "the text of {code} was edited in the document; that of the standard is kept",
    "文件中修改了 {code} 的內容；仍採用職能基準的原文",
)
_EDITED = (
    "the tables of the document were edited; names, hours, notes, order and what was struck out are taken "
    "from them",
    "文件中的表格經過修改；名稱、時數、備註、順序與刪除的項目以表格為準",
)

_Rows = list[list[str]]
Notes = tuple[tuple[str, str], ...]
"""Sentences in English and zh-Hant."""


def read_outline_docx(data: bytes, file: str, limits: Limits) -> tuple[Outline, Notes]:
    """The outline in a Word document, and what is to be said about its reading.

    Raises ``DocumentError`` for a document that carries no outline, and for rows in its tables that are
    none of its competencies, with the table and the row.
    """
    archive = Archive(data, file, limits)
    carried = _carried(archive, file)
    root = parse_xml(archive.read(_DOCUMENT), file, _DOCUMENT)
    visible = _Visible.of(root)
    if visible.says(carried):
        return carried, ()
    outline, notes = _Edited(carried, visible, file).outline()
    return checked_outline(outline, file), notes


def _carried(archive: Archive, file: str) -> Outline:
    for name in archive.names:
        if _ITEM.fullmatch(name):
            root = parse_xml(archive.read(name), file, name)
            if root.tag == f"{{{NAMESPACE}}}outline":
                try:
                    value = json.loads(root.text or "")
                except (ValueError, RecursionError) as error:
                    raise DocumentError(
                        f"the outline in it is damaged: {error}", file=file, field=name
                    ) from error
                return outline_from_json(value, file)
    raise DocumentError(
        "the document carries no course outline",
        file=file,
        field="customXml",
        expected="a Word document of an outline, as this program exports it",
    )


@dataclass(frozen=True, slots=True)
class _Visible:
    """What people see of an outline: the title, the rows of the table of units, and those of the tables of
    competencies by the number of the unit in their head. Tables of other kinds are not there."""

    title: str
    units: _Rows
    taught: dict[str, _Rows]

    @classmethod
    def of(cls, root: Any) -> _Visible:
        title = ""
        tables: list[_Rows] = []
        body = next((child for child in root if local_name(child) == "body"), ())
        for element in body:
            if local_name(element) == "tbl":
                tables.append(list(_rows(element)))
            elif not title and local_name(element) == "p" and not tables:
                title = _text(element)
        taught: dict[str, _Rows] = {}
        for rows in tables[1:]:
            match = _UNIT.fullmatch(rows[0][0]) if rows and rows[0] else None
            if match and len(rows[0]) == 5:
                taught.setdefault(str(int(match[1])), []).extend(rows[1:])
        return cls(title, tables[0][1:] if tables else [], taught)

    def says(self, outline: Outline) -> bool:
        numbered = list(enumerate(outline.units, 1))
        return (
            _same(self.title, outline.title)
            and [_folded(row) for row in self.units]
            == [_folded([str(at), one.title, shown_hours(one.hours), one.note]) for at, one in numbered]
            and {at: [_folded(row) for row in rows] for at, rows in self.taught.items()}
            == {
                str(at): [_folded(competency_cells(taken, outline.language)) for taken in one.competencies]
                for at, one in numbered
            }
        )


class _Edited:
    """Applies to an outline what its tables say now."""

    def __init__(self, carried: Outline, visible: _Visible, file: str) -> None:
        self._carried = carried
        self._visible = visible
        self._file = file
        self._notes: dict[tuple[str, str], None] = {_EDITED: None}
        self._known: dict[tuple[str, str, str], OutlineCompetency] = {}
        for unit in carried.units:
            for one in unit.competencies:
                self._known.setdefault(_key(one.code, one.standard, one.text), one)

    def outline(self) -> tuple[Outline, Notes]:
        if not self._visible.units and self._carried.units:
            raise DocumentError(
                "the table of the units is gone",
                file=self._file,
                field="table 1",
                expected="the table of units",
            )
        units: dict[str, Unit] = {}
        for line, row in enumerate(self._visible.units, 2):
            number = row[0].strip() if row else ""
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != 4 or number in units:
                reason = f"the unit {number} is there twice" if number in units else "a row has other cells"
                raise self._fault(reason, 1, line, "number, name, hours and note, each unit once")
            units[number or f"new {line}"] = self._unit(number, row, line)
        title = self._visible.title if self._visible.title.strip() else self._carried.title
        title = self._carried.title if _same(title, self._carried.title) else title
        return replace(self._carried, title=title, units=tuple(units.values())), tuple(self._notes)

    def _unit(self, number: str, row: list[str], line: int) -> Unit:
        at = int(number) - 1 if number.isdecimal() and len(number) < 4 else -1
        before = self._carried.units[at] if 0 <= at < len(self._carried.units) else Unit(row[1])
        if not row[1].strip():
            raise self._fault("the unit has no name", 1, line, "a name")
        rows = self._visible.taught.get(number)
        return Unit(
            title=before.title if _same(row[1], before.title) else row[1],
            competencies=tuple(self._taken(rows or [], number)),
            hours=self._hours(row[2], before, line),
            note=before.note if _same(row[3], before.note) else row[3],
        )

    def _hours(self, text: str, before: Unit, line: int) -> float | None:
        if _same(text, shown_hours(before.hours)):
            return before.hours
        if not text.strip():
            return None
        try:
            return float(text)
        except ValueError:
            raise self._fault(f"found {shorten(text)!r} for the hours", 1, line, "a number") from None

    def _taken(self, rows: _Rows, number: str) -> Iterator[OutlineCompetency]:
        for line, row in enumerate(rows, 2):
            if not any(cell.strip() for cell in row):
                continue
            one = self._known.get(_key(row[0], row[3], row[2])) if len(row) == 5 else None
            if one is None:
                named = " ".join(part for part in (row[3:4] + row[0:1]) if part.strip())
                raise DocumentError(
                    f"{shorten(named or 'the row')!r} is no competency of the outline that was exported",
                    file=self._file,
                    line=line,
                    field=f"table of unit {number}",
                    expected="rows as they were exported; add others on the page, or in the workbook by IRI",
                )
            if not _same(row[2], one.text):
                self._notes[_filled(_TEXT_KEPT, code=one.code)] = None
            yield one

    def _fault(self, reason: str, table: int, line: int, expected: str) -> DocumentError:
        return DocumentError(reason, file=self._file, line=line, field=f"table {table}", expected=expected)


def _filled(pair: tuple[str, str], **values: object) -> tuple[str, str]:
    return pair[0].format(**values), pair[1].format(**values)


def _key(code: str, standard: str, text: str) -> tuple[str, str, str]:
    """What tells a competency in the tables: its code and standard; its text where it has no code."""
    code, standard = (" ".join(part.split()) for part in (code, standard))
    return code, standard, "" if code else " ".join(text.split())


def _rows(table: Any) -> Iterator[list[str]]:
    for element in table:
        tag = local_name(element)
        if tag == "tr":
            if any(
                local_name(one) == "del" for part in element if local_name(part) == "trPr" for one in part
            ):
                continue
            yield [_text(cell) for cell in _cells(element)]
        elif tag not in _UNREAD:
            yield from _rows(element)


def _cells(row: Any) -> Iterator[Any]:
    for element in row:
        if local_name(element) == "tc":
            yield element
        elif local_name(element) not in _UNREAD:
            yield from _cells(element)


def _text(element: Any) -> str:
    """The text of a paragraph or cell; what tracked changes take out is not read."""
    pieces: list[str] = []
    _collect(element, pieces)
    return "".join(pieces).strip()


def _collect(element: Any, pieces: list[str]) -> None:
    for child in element:
        tag = local_name(child)
        if tag == "t":
            pieces.append(child.text or "")
        elif tag in {"tab", "ptab"}:
            pieces.append("\t")
        elif tag in {"br", "cr"}:
            pieces.append("\n")
        elif tag == "noBreakHyphen":
            pieces.append("-")
        elif tag not in _UNREAD:
            _collect(child, pieces)
            if tag == "p":
                pieces.append("\n")


def _same(first: str, second: str) -> bool:
    return first.split() == second.split()


def _folded(cells: list[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]

"""Reader of the workbook that ``ontology.writers.outline_xlsx`` writes, also after people edited it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.outline import FORMAT, VERSION, Outline, OutlineCompetency, Unit, checked_outline
from ontology.outline_words import COMPETENCY_COLUMNS, UNIT_COLUMNS, key_of, kind_of_word
from ontology.readers.archive import Archive
from ontology.readers.spreadsheets import Workbook
from ontology.readers.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ontology.readers.limits import Limits

__all__ = ["read_outline_xlsx"]

_NEEDED = {"units": {"number", "unit"}, "competencies": {"number", "kind", "iri"}}


def read_outline_xlsx(data: bytes, file: str, limits: Limits) -> Outline:
    """The outline in a workbook: its cells are what is taken. Units stand in the order of their rows; the
    numbers only say to which unit a competency belongs. Columns are found by their headings, others are
    not read.

    Raises ``DocumentError`` with the sheet, the row and the column of what is wrong.
    """
    return _Reader(Workbook(Archive(data, file, limits), file), file).read()


class _Reader:
    def __init__(self, workbook: Workbook, file: str) -> None:
        self._workbook = workbook
        self._file = file
        self._sheets = {key_of(name): name for name in workbook.sheets}

    def read(self) -> Outline:
        facts = list(self._facts())
        title = self._one(facts, "title")
        language = self._one(facts, "language")
        units: dict[str, tuple[str, float | None, str]] = {}
        for line, row in self._rows("units", UNIT_COLUMNS):
            number = self._filled(row, "number", "units", line)
            if number in units:
                raise self._fault(f"the unit {shorten(number)} is there twice", "units", line, "number")
            units[number] = (
                self._filled(row, "unit", "units", line),
                self._hours(row["hours"], line),
                row["note"],
            )
        taught: dict[str, list[OutlineCompetency]] = {number: [] for number in units}
        for line, row in self._rows("competencies", COMPETENCY_COLUMNS):
            number = self._filled(row, "number", "competencies", line)
            if number not in taught:
                reason = f"there is no unit {shorten(number)}"
                raise self._fault(reason, "competencies", line, "number", "a number of the sheet of units")
            taught[number].append(
                OutlineCompetency(
                    iri=self._filled(row, "iri", "competencies", line),
                    code=row["code"],
                    text=row["text"],
                    kind=kind_of_word(self._filled(row, "kind", "competencies", line)),
                    standard=row["standard"],
                    level=self._level(row["level"], line),
                    language=row["language"],
                )
            )
        outline = Outline(
            title=title,
            language=language or "zh-Hant",
            standards=tuple(value for key, value in facts if key == "standards" and value),
            units=tuple(
                Unit(unit, tuple(taught[number]), hours, note)
                for number, (unit, hours, note) in units.items()
            ),
        )
        return checked_outline(outline, self._file)

    def _facts(self) -> Iterator[tuple[str, str]]:
        for _, cells in self._workbook.rows(self._sheet("outline")):
            yield key_of(cells[0]), cells[1] if len(cells) > 1 else ""

    def _one(self, facts: Sequence[tuple[str, str]], key: str) -> str:
        marks = [value for name, value in facts if name == "format"]
        if marks != [f"{FORMAT} {VERSION}"]:
            found = f"found {shorten(marks[0])!r}" if marks else "the format is not named"
            raise DocumentError(
                found,
                file=self._file,
                field="sheet 1, format",
                expected=f"{FORMAT} {VERSION} in a row of its own",
            )
        values = [value for name, value in facts if name == key]
        if len(values) != 1 or (key == "title" and not values[0].strip()):
            raise DocumentError(
                f"the {key} is there {len(values)} times" if len(values) != 1 else "the cell is empty",
                file=self._file,
                field=f"sheet 1, {key}",
                expected="one",
            )
        return values[0]

    def _sheet(self, key: str) -> str:
        if key not in self._sheets:
            raise DocumentError(
                f"the workbook lacks the sheet of the {key}",
                file=self._file,
                expected="a workbook of an outline, as this program exports it",
            )
        return self._sheets[key]

    def _rows(self, sheet: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows below the head, each with the number that a person sees; blank ones are passed over."""
        places: dict[str, int] | None = None
        for line, cells in self._workbook.rows(self._sheet(sheet)):
            if places is None:
                keys = [key_of(cell) for cell in cells]
                places = {key: keys.index(key) for key in columns if key in keys}
                if missing := _NEEDED[sheet] - set(places):
                    raise self._fault(f"there is no column {min(missing)}", sheet, line)
                continue
            if any(cell.strip() for cell in cells):
                yield line, {key: _at(cells, places.get(key)) for key in columns}

    def _filled(self, row: dict[str, str], column: str, sheet: str, line: int) -> str:
        if not row[column].strip():
            raise self._fault("the cell is empty", sheet, line, column, "a value")
        return row[column]

    def _hours(self, text: str, line: int) -> float | None:
        if not text.strip():
            return None
        try:
            return float(text)
        except ValueError:
            raise self._fault(f"found {shorten(text)!r}", "units", line, "hours", "a number") from None

    def _level(self, text: str, line: int) -> int | None:
        if not text.strip():
            return None
        if not (text.strip().isdecimal() and len(text.strip()) < 4):
            raise self._fault(f"found {shorten(text)!r}", "competencies", line, "level", "a whole number")
        return int(text)

    def _fault(
        self, reason: str, sheet: str, line: int, column: str = "", expected: str | None = None
    ) -> DocumentError:
        field = f"sheet {self._sheets[sheet]}" + (f", column {column}" if column else "")
        return DocumentError(reason, file=self._file, line=line, field=field, expected=expected)


def _at(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""

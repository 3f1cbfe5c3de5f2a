"""中华人民共和国职业分类大典 (CSCO), as a table of level, code, name, definition, tasks and other names.

Rows of the levels 1–3 are groups, shared concepts under ``code/csco``; those of level 4 are occupations,
which become standards with their tasks. Level and code are not derived from each other: one that stands
alone in its group has the group's code. ``alias`` has other names, between commas. ``code_num`` and
``csco_code_num`` repeat the code without hyphens; where they say otherwise, they are kept in the details. The
version is the year in the name of the file.

The titles of jobs that are published beside the table are for evaluation and are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontology.dataset import Concept, ConceptScheme, Dataset, DatasetInfo
from ontology.errors import DocumentError
from ontology.identifiers import concept_reference
from ontology.model import ConceptKind, Standard, Task
from ontology.readers.csv_table import CsvTable
from ontology.readers.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ontology.dataset import Item, Progress
    from ontology.model import Doubt
    from ontology.readers.csv_table import Row

__all__ = ["CscoDataset", "is_csco", "open_csco", "split_tasks"]

_COLUMNS = frozenset({"level", "code", "name", "definition", "tasks", "alias"})
_TITLES = frozenset({"job_name", "expected_code", "expected_name"})
_NUMBERS = ("code_num", "csco_code_num")
_CODE = re.compile(r"\d-\d\d-\d\d-\d\d")
_YEAR = re.compile(r"(?:20)?(\d\d)(?!\d)")
_LANGUAGE = "zh-Hans"
_SCHEME = "csco"
_OCCUPATION = "4"


def is_csco(path: Path) -> bool:
    """Whether a file is the table, or titles of jobs beside it; or a folder holds nothing else."""
    if path.is_dir():
        files = [one for one in path.iterdir() if not one.name.startswith(".")]
        kinds = [_header(one) for one in files]
        return any(map(_is_table, kinds)) and all(_is_table(one) or _is_titles(one) for one in kinds)
    columns = _header(path)
    return _is_table(columns) or _is_titles(columns)


def open_csco(path: Path) -> CscoDataset:
    """The table in a file or folder. Raises ``DocumentError`` for the titles of jobs alone, and for several
    tables."""
    if not path.is_dir():
        if _is_titles(_header(path)):
            raise DocumentError(
                "these are titles of jobs with the occupation that was expected for each, for evaluation",
                file=str(path),
                expected="the classification itself",
            )
        return CscoDataset(path, ())
    files = sorted(one for one in path.iterdir() if not one.name.startswith("."))
    tables = [one for one in files if _is_table(_header(one))]
    if len(tables) > 1:
        raise DocumentError(
            f"the folder holds {len(tables)} tables of the classification", file=str(path), expected="one"
        )
    return CscoDataset(tables[0], tuple(one for one in files if one != tables[0]))


class CscoDataset(Dataset):
    """The classification of one year."""

    def __init__(self, path: Path, left_out: tuple[Path, ...]) -> None:
        self._table = CsvTable(path, size=path.stat().st_size)
        self._left_out = left_out
        self._tally = Tally()
        years = _YEAR.findall(path.stem)
        self.info = DatasetInfo(
            key="csco",
            framework="csco",
            title="中华人民共和国职业分类大典",
            version=f"20{years[-1]}" if years else "",
            language=_LANGUAGE,
            source=path.name,
        )

    def doubts(self) -> tuple[Doubt, ...]:
        return self._tally.doubts()

    def _items(self, progress: Progress) -> Iterator[Item]:
        self._tally = Tally()
        for path in self._left_out:
            message = "titles of jobs for evaluation are left out"
            self._tally.add("left-out", path.name, path.name, message, 1)
        rows = list(self._distinct())
        groups = frozenset(row["code"] for row in rows if row["level"] != _OCCUPATION)
        yield ConceptScheme(_SCHEME, "职业分类大典", language=_LANGUAGE)
        for number, row in enumerate(rows):
            progress("Reading CSCO", number, len(rows))
            yield self._occupation(row, groups) if row["level"] == _OCCUPATION else self._group(row, groups)
        progress("Reading CSCO", len(rows), len(rows))

    def _distinct(self) -> Iterator[Row]:
        """The rows, but those that are there again. Raises ``DocumentError`` for a row that cannot be one."""
        seen: dict[tuple[bool, str], Row] = {}
        for row in self._table.rows():
            for column, is_good, expected in (
                ("level", row["level"] in {"1", "2", "3", _OCCUPATION}, "1, 2, 3 or 4"),
                ("code", bool(_CODE.fullmatch(row["code"])), "a code such as 2-05-06-02"),
                ("name", bool(row["name"]), "a name"),
            ):
                if not is_good:
                    self._refuse(row, column, f"found {row[column][:80]!r}", expected)
            first = seen.setdefault((row["level"] == _OCCUPATION, row["code"]), row)
            if first is row:
                yield row
            elif first.cells == row.cells:
                message = "the same row is there again; one is kept"
                self._tally.add("doubled-row", self._where("code"), row["code"], message, row.line)
            else:
                found = f"{row['code']} is also on line {first.line}, with other content"
                self._refuse(row, "code", found, "one row for each group and occupation")

    def _group(self, row: Row, groups: frozenset[str]) -> Concept:
        if row["tasks"]:
            message = "a group has tasks, which are kept in its details"
            self._tally.add("tasks-of-group", self._where("tasks"), row["tasks"], message, row.line)
        tasks = (("tasks", row["tasks"]),) if row["tasks"] else ()
        return Concept(
            scheme=_SCHEME,
            code=row["code"],
            kind=ConceptKind.GROUP,
            name=row["name"],
            alternative_names=_aliases(row),
            description=row["definition"],
            category=row["level"],
            broader=self._broader(row, groups),
            language=_LANGUAGE,
            details=tasks + self._details(row),
        )

    def _occupation(self, row: Row, groups: frozenset[str]) -> Standard:
        tasks = split_tasks(row["tasks"])
        if not row["tasks"]:
            message = "the occupation has no tasks"
            self._tally.add("missing-tasks", self._where("tasks"), row["code"], message, row.line)
        elif not re.match(r"1[.．、]", row["tasks"]):
            message = "the tasks are not numbered from 1; what is not is one task"
            self._tally.add("unnumbered-tasks", self._where("tasks"), row["tasks"], message, row.line)
        if not row["definition"]:
            message = "the occupation has no definition"
            self._tally.add("missing-definition", self._where("definition"), row["code"], message, row.line)
        return Standard(
            framework="csco",
            code=row["code"],
            name=row["name"],
            language=_LANGUAGE,
            description=row["definition"],
            tasks=tuple(Task(f"T{number}", text) for number, text in enumerate(tasks, 1)),
            source=self.info.source,
            alternative_names=_aliases(row),
            broader=self._broader(row, groups),
            details=self._details(row),
        )

    def _broader(self, row: Row, groups: frozenset[str]) -> tuple[str, ...]:
        """The nearest group above by code; a group that the code asks for and the table lacks is doubted."""
        parts = row["code"].split("-")
        own = 4 if row["level"] == _OCCUPATION else int(row["level"])
        for length in range(own - 1, 0, -1):
            code = "-".join(parts[:length] + ["00"] * (4 - length))
            if code in groups:
                return (concept_reference(_SCHEME, code),)
            if code != row["code"]:
                message = "the table has no such group; the next one above it is taken"
                self._tally.add("missing-group", self._where("code"), code, message, row.line)
        return ()

    def _details(self, row: Row) -> tuple[tuple[str, str], ...]:
        number = row["code"].replace("-", "")
        repeated = {column for column in _NUMBERS if row.get(column) == number}
        known = _COLUMNS | repeated
        return tuple((name, cell) for name, cell in row.cells.items() if cell and name not in known)

    def _where(self, column: str) -> str:
        return f"{self._table.name}, {column}"

    def _refuse(self, row: Row, column: str, message: str, expected: str) -> None:
        raise DocumentError(message, file=self._table.called, line=row.line, field=column, expected=expected)


def split_tasks(cell: str) -> tuple[str, ...]:
    """The tasks of ``1.… 2.…``: each number must be the next one, begin the cell or follow a blank or the end
    of a clause, and be no decimal; other numbers belong to the text. A text before ``1.`` is a task, too."""
    tasks = []
    begin, number = 0, 1
    while match := re.compile(rf"(?:^|(?<=[\s；;。])){number}[.．、](?!\d)").search(cell, begin):
        tasks.append(cell[begin : match.start()])
        begin, number = match.end(), number + 1
    return tuple(text for text in map(str.strip, [*tasks, cell[begin:]]) if text)


def _aliases(row: Row) -> tuple[str, ...]:
    names = {name.strip() for name in row["alias"].split(",")}
    return tuple(sorted(names - {"", row["name"]}))


def _header(path: Path) -> frozenset[str]:
    if path.suffix.lower() != ".csv" or not path.is_file():
        return frozenset()
    try:
        return frozenset(CsvTable(path).header())
    except DocumentError:
        return frozenset()


def _is_table(columns: frozenset[str]) -> bool:
    return columns >= _COLUMNS


def _is_titles(columns: frozenset[str]) -> bool:
    return columns >= _TITLES

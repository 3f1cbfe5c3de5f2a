"""The crosswalk of ESCO and O*NET that their publishers made together, in CSV.

One table has a preamble of names and values, and then for each pair the type of the match. It reads from
ESCO's side: ``broadMatch`` stands where the occupation of O*NET is the broader one (warehouse manager,
Transportation, Storage, and Distribution Managers), so ESCO's is the subject here. ``exactISCO``, an exact
match with a group of ISCO-08, is an ``exactMatch``, with the word of the source in the details. The other
table, called reverse, has these pairs by ESCO's codes and as many more without a type; those are taken as
``mappingRelation``, the SKOS property that says no more than that. Its codes find their IRIs by the titles of
the first table; where it has no such title, the link leads from ``esco/CODE`` under the base and is doubted.

The descriptions of the occupations are those of the two classifications, and are not kept.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from ontology.codes import ISCO_GROUPS
from ontology.dataset import Dataset, DatasetInfo, Mapping
from ontology.errors import DocumentError
from ontology.identifiers import standard_reference
from ontology.readers.csv_table import CsvTable
from ontology.readers.esco_links import valid_iri
from ontology.readers.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ontology.dataset import Item, Progress
    from ontology.model import Doubt
    from ontology.readers.csv_table import Row

__all__ = ["CrosswalkDataset", "is_crosswalk", "open_crosswalk"]

_TYPED = ("O*NET Id", "O*NET Title", "ESCO or ISCO URI", "ESCO or ISCO Title", "Type of Match")
_REVERSE = ("ESCO/ISCO Code", "ESCO/ISCO Title", "O*NET-SOC 2019 Code", "O*NET-SOC 2019 Title")
_PREDICATES = {
    "exactMatch": "exactMatch",
    "closeMatch": "closeMatch",
    "broadMatch": "broadMatch",
    "narrowMatch": "narrowMatch",
    "exactISCO": "exactMatch",
}
_PREAMBLE = 60
_ONET = re.compile(r"\d\d-\d{4}\.\d\d")
_ISCO = re.compile(r"\d{1,4}")
_CODE = re.compile(r"\d{4}(?:\.\d+)+")


def is_crosswalk(path: Path) -> bool:
    """Whether a file is one of the two tables, or a folder holds nothing else."""
    if path.is_dir():
        files = [one for one in path.iterdir() if not one.name.startswith(".")]
        return bool(files) and all(one.is_file() and is_crosswalk(one) for one in files)
    return _typed(path) is not None or _is_reverse(path)


def open_crosswalk(path: Path) -> CrosswalkDataset:
    """The crosswalk at a folder or of which a file is one table; the other is looked for beside it.

    Raises ``DocumentError`` where the table with the types is missing, or several are there.
    """
    folder = path if path.is_dir() else path.parent
    files = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    typed = [table for one in files if (table := _typed(one))]
    if not path.is_dir() and (own := _typed(path)):
        typed = [own]
    if len(typed) != 1:
        raise DocumentError(
            f"there are {len(typed)} tables with the types of the matches here",
            file=str(path),
            expected="one, with the columns " + ", ".join(_TYPED),
        )
    reverse = [CsvTable(one) for one in files if _is_reverse(one)]
    if len(reverse) > 1:
        raise DocumentError(
            f"there are {len(reverse)} reverse tables here", file=str(path), expected="one at most"
        )
    return CrosswalkDataset(typed[0], reverse[0] if reverse else None)


class CrosswalkDataset(Dataset):
    """The pairs with their types, and then those that only the reverse table has."""

    def __init__(self, typed: CsvTable, reverse: CsvTable | None) -> None:
        self._typed = typed
        self._reverse = reverse
        self._tally = Tally()
        preamble = _preamble(typed)
        self.info = DatasetInfo(
            key="esco-onet-crosswalk",
            framework="esco",
            title=preamble.get("Mapping project name") or "ESCO-O*NET Crosswalk",
            version=preamble.get("Mapping project version", ""),
            attribution=preamble.get("Mapping project author", ""),
            source=typed.name,
            details=tuple(preamble.items()),
        )

    def doubts(self) -> tuple[Doubt, ...]:
        return self._tally.doubts()

    def _items(self, progress: Progress) -> Iterator[Item]:
        self._tally = Tally()
        told: dict[tuple[str, str], int] = {}
        titles: dict[str, str] = {}
        rows = list(self._typed.rows())
        for number, row in enumerate(rows):
            progress("Reading the crosswalk", number, len(rows))
            mapping = self._mapping(row)
            pair = (mapping.subject, mapping.object)
            if pair in told:
                self._refuse(
                    self._typed,
                    row,
                    "ESCO or ISCO URI",
                    f"the pair is also on line {told[pair]}",
                    "each pair once",
                )
            told[pair] = row.line
            titles[_as_utf8(mapping.subject_label)] = mapping.subject
            yield mapping
        if self._reverse is not None:
            yield from self._only_reverse(self._reverse, set(told), titles)
        progress("Reading the crosswalk", len(rows), len(rows))

    def _mapping(self, row: Row) -> Mapping:
        printed = row["Type of Match"]
        if printed not in _PREDICATES:
            expected = ", ".join(_PREDICATES)
            self._refuse(self._typed, row, "Type of Match", f"found {printed!r}", expected)
        predicate = _PREDICATES[printed]
        return Mapping(
            subject=valid_iri(row["ESCO or ISCO URI"], self._typed, row, "ESCO or ISCO URI"),
            predicate=predicate,
            object=self._onet(self._typed, row, "O*NET Id"),
            subject_label=row["ESCO or ISCO Title"],
            object_label=row["O*NET Title"],
            justification="semapv:ManualMappingCuration",
            details=() if predicate == printed else (("Type of Match", printed),),
        )

    def _only_reverse(
        self, table: CsvTable, told: set[tuple[str, str]], titles: dict[str, str]
    ) -> Iterator[Mapping]:
        for row in table.rows():
            code, title = row["ESCO/ISCO Code"], row["ESCO/ISCO Title"]
            if not code and not row["O*NET-SOC 2019 Code"]:
                if title:
                    self._tally.add("remark", f"{table.name}, ESCO/ISCO Title", title, title, row.line)
                continue
            target = self._onet(table, row, "O*NET-SOC 2019 Code")
            subject, label = self._subject(table, row, titles)
            if (subject, target) in told:
                continue
            told.add((subject, target))
            yield Mapping(
                subject=subject,
                predicate="mappingRelation",
                object=target,
                subject_label=label,
                object_label=row["O*NET-SOC 2019 Title"],
                details=(("ESCO/ISCO Code", code),),
            )

    def _subject(self, table: CsvTable, row: Row, titles: dict[str, str]) -> tuple[str, str]:
        """The reference of ESCO's occupation or the group of ISCO, and its title."""
        code, title = row["ESCO/ISCO Code"], row["ESCO/ISCO Title"]
        if _ISCO.fullmatch(code):
            return ISCO_GROUPS + code, title
        if not _CODE.fullmatch(code):
            self._refuse(table, row, "ESCO/ISCO Code", f"found {code!r}", "a code such as 1321.2.1 or 1321")
        label = _as_utf8(title)
        if iri := titles.get(label):
            return iri, label
        message = "the crosswalk has no IRI for this code; the link leads from the code"
        self._tally.add("unresolved-code", f"{table.name}, ESCO/ISCO Code", code, message, row.line)
        return standard_reference("esco", code), title

    def _onet(self, table: CsvTable, row: Row, column: str) -> str:
        code = row[column]
        if not _ONET.fullmatch(code):
            self._refuse(table, row, column, f"found {code!r}", "a code such as 11-1011.00")
        return standard_reference("onet", code)

    def _refuse(self, table: CsvTable, row: Row, column: str, message: str, expected: str) -> None:
        raise DocumentError(message, file=table.called, line=row.line, field=column, expected=expected)


def _as_utf8(text: str) -> str:
    """With plain blanks, and as it was before it was read as Windows-1252 (``rÃ©pÃ©titeur``)."""
    with suppress(UnicodeError):
        text = text.encode("cp1252").decode()
    return " ".join(text.split())


def _typed(path: Path) -> CsvTable | None:
    """The table with the types, from its header on."""
    if path.suffix.lower() != ".csv" or not path.is_file():
        return None
    try:
        with path.open("rb") as stream:
            for skip in range(_PREAMBLE):
                line = stream.readline(4096)
                if line.removeprefix(b"\xef\xbb\xbf").startswith(b"O*NET Id,"):
                    table = CsvTable(path, skip=skip)
                    return table if set(_TYPED) <= set(table.header()) else None
    except (OSError, DocumentError):
        pass
    return None


def _preamble(table: CsvTable) -> dict[str, str]:
    with table.path.open(encoding="utf-8-sig", errors="replace") as stream:
        lines = [stream.readline().rstrip("\r\n").rstrip(",") for _ in range(table.skip)]
    named = (line.partition(",") for line in lines)
    return {name.strip(): value.strip().strip('"') for name, _, value in named if name.strip()}


def _is_reverse(path: Path) -> bool:
    try:
        return (
            path.suffix.lower() == ".csv" and path.is_file() and set(_REVERSE) <= set(CsvTable(path).header())
        )
    except DocumentError:
        return False

"""The tables of ESCO that repeat what others say: the hierarchy of skills and the collections.

What only they say is taken, what they say otherwise is doubted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.readers.esco_links import checked_iri
from ontology.readers.esco_release import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ontology.readers.csv_table import CsvTable, Row
    from ontology.readers.esco_release import EscoRelease
    from ontology.readers.tally import Tally

    Rows = Callable[[CsvTable], Iterator[Row]]

__all__ = ["EscoChecks", "HierarchyGroup"]

_LEVELS = range(4)
_COLLECTION = re.compile(r"(?P<tag>.+?)(?:Skills|Occupations)?Collection(?:_.*)?\.csv")
_REPEATED = ("preferredLabel", "status", "skillType", "reuseLevel", "description")


@dataclass(frozen=True, slots=True)
class HierarchyGroup:
    """What a row of the hierarchy says of the group at its end."""

    file: str
    line: int
    iri: str
    name: str
    code: str
    description: str
    scope: str


@dataclass(frozen=True, slots=True)
class _Member:
    """A row of a collection."""

    table: CsvTable
    row: Row
    tag: str


class EscoChecks:
    """The repeating tables, read whole; then compared with each row that they repeat."""

    def __init__(
        self, release: EscoRelease, rows: Rows, tally: Tally, broader: Mapping[str, list[str]]
    ) -> None:
        self._tally = tally
        self._broader = broader
        self._groups: dict[str, HierarchyGroup] = {}
        self._members: dict[str, list[_Member]] = defaultdict(list)
        for table in release.tables(Part.HIERARCHY):
            for row in rows(table):
                self._read_group(table, row)
        for table in release.tables(Part.COLLECTION):
            match = _COLLECTION.fullmatch(table.name)
            tag = match["tag"] if match else table.name.partition(".")[0]
            for row in rows(table):
                self._members[checked_iri(table, row, "conceptUri")].append(_Member(table, row, tag))

    def _read_group(self, table: CsvTable, row: Row) -> None:
        filled = [level for level in _LEVELS if row[f"Level {level} URI"]]
        if not filled:
            message = "the row names no group"
            self._tally.add("empty-row", f"{table.name}, Level 0 URI", "", message, row.line)
            return
        last = filled[-1]
        iri = checked_iri(table, row, f"Level {last} URI")
        above = row[f"Level {filled[-2]} URI"] if len(filled) > 1 else ""
        if above and above not in self._broader.get(iri, ()):
            self._differs(table, f"Level {filled[-2]} URI", above, row.line)
        self._groups.setdefault(
            iri,
            HierarchyGroup(
                table.name,
                row.line,
                iri,
                row[f"Level {last} preferred term"],
                row[f"Level {last} code"],
                row.get("Description"),
                row.get("Scope note"),
            ),
        )

    def groups_of_hierarchy(self, listed: set[str]) -> Iterator[HierarchyGroup]:
        """The groups that no other table lists, each doubted."""
        for iri, group in self._groups.items():
            if iri not in listed and group.name:
                message = "only the hierarchy of skills has this group, which is taken from it"
                where = f"{group.file}, URI"
                self._tally.add("group-of-hierarchy", where, iri, message, group.line)
                yield group

    def note_group(self, iri: str, row: Row) -> None:
        """Compares a listed group with what the hierarchy says of it."""
        group = self._groups.get(iri)
        if group is None:
            return
        for column, told, listed in (
            ("preferred term", group.name, row["preferredLabel"]),
            ("code", group.code, row["code"]),
            ("Description", group.description, row.get("description")),
            ("Scope note", group.scope, row.get("scopeNote")),
        ):
            if told != listed:
                message = "the table of groups says otherwise, which is taken"
                self._tally.add("differing-text", f"{group.file}, {column}", told, message, group.line)

    def collections_of(self, table: CsvTable, row: Row) -> tuple[str, ...]:
        """The tags of the collections that a row's concept is in, compared with what the row says."""
        members = self._members.pop(row["conceptUri"], None)
        if members is None:
            return ()
        for member in members:
            self._compare(member, row)
        return tuple(sorted({member.tag for member in members}))

    def finish(self, listed: set[str]) -> None:
        """Doubts members of collections that are neither a skill nor an occupation."""
        for iri, members in self._members.items():
            for member in members:
                what = "is a group, and not marked as a member" if iri in listed else "is not listed"
                where = f"{member.table.name}, conceptUri"
                message = f"this member of the collection {what}"
                self._tally.add("unlisted-concept", where, iri, message, member.row.line)

    def _compare(self, member: _Member, row: Row) -> None:
        for column in _REPEATED:
            told = member.row.get(column)
            if column in member.row.cells and told != row.get(column):
                self._differs(member.table, column, told, member.row.line)
        names = {name for name in map(str.strip, member.row.get("altLabels").split(" | ")) if name}
        listed = {name for name in map(str.strip, row.get("altLabels").split("\n")) if name}
        if "altLabels" in member.row.cells and names != listed:
            self._differs(member.table, "altLabels", member.row.get("altLabels"), member.row.line)
        above = set(member.row["broaderConceptUri"].replace("|", " ").split())
        if above != set(self._broader.get(row["conceptUri"], ())):
            told = member.row["broaderConceptUri"]
            self._differs(member.table, "broaderConceptUri", told, member.row.line)

    def _differs(self, table: CsvTable, column: str, told: str, line: int) -> None:
        message = "another table says otherwise, which is taken"
        self._tally.add("differing-text", f"{table.name}, {column}", told[:200], message, line)

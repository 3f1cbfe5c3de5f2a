"""The tables of ESCO that link what the others list: read before those, checked after them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.model import ConceptKind, Requirement
from ontology.readers.esco_release import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ontology.readers.csv_table import CsvTable, Row
    from ontology.readers.esco_release import EscoRelease
    from ontology.readers.tally import Tally

    Rows = Callable[[CsvTable], Iterator[Row]]

__all__ = ["KINDS", "EscoLinks", "checked_iri", "valid_iri"]

KINDS = {
    "knowledge": ConceptKind.KNOWLEDGE,
    "skill/competence": ConceptKind.SKILL,
    "": ConceptKind.SKILL,
}
"""By ``skillType``; the few that have none are skills by what they say, and doubted."""

_IRI = re.compile(r'https?://[^\s<>"{}|\\^`\x00-\x20]+')
_RELATIONS = ("essential", "optional")
_UNLISTED = "the release does not list this; the link is kept"


class EscoLinks:
    """What is linked to what, by the IRIs that ESCO gives.

    ``broader`` is what stands above a concept, ``related`` the relation and skill of a skill, both of which
    are complete once they have been read; ``requirements`` come later, when the kinds of skills are known.
    """

    def __init__(self, release: EscoRelease, rows: Rows, tally: Tally) -> None:
        self._release = release
        self._rows = rows
        self._tally = tally
        self.broader: dict[str, list[str]] = defaultdict(list)
        self.related: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._ends: list[tuple[str, str, str, int]] = []
        self._types: list[tuple[str, str, str, str, int]] = []
        for table in release.tables(Part.BROADER):
            self._read_broader(table)
        for table in release.tables(Part.SKILL_SKILLS):
            self._read_related(table)

    def _read_broader(self, table: CsvTable) -> None:
        for row in self._rows(table):
            above = self.broader[checked_iri(table, row, "conceptUri")]
            broader = checked_iri(table, row, "broaderUri")
            if broader in above:
                self._doubled(table, row, "broaderUri")
                continue
            above.append(broader)
            self._ends.append((table.name, "conceptUri", row["conceptUri"], row.line))
            self._ends.append((table.name, "broaderUri", broader, row.line))

    def _read_related(self, table: CsvTable) -> None:
        for row in self._rows(table):
            origin = checked_iri(table, row, "originalSkillUri")
            target = checked_iri(table, row, "relatedSkillUri")
            link = (_relation(table, row), target)
            if link in self.related[origin]:
                self._doubled(table, row, "relatedSkillUri")
                continue
            if origin == target:
                message = "a skill is linked to itself; the link is kept"
                self._tally.add("self-link", f"{table.name}, relatedSkillUri", target, message, row.line)
            self.related[origin].append(link)
            for column, end in (("originalSkill", origin), ("relatedSkill", target)):
                self._ends.append((table.name, f"{column}Uri", end, row.line))
                if printed := row.get(f"{column}Type"):
                    self._types.append((table.name, f"{column}Type", printed, end, row.line))

    def requirements(self, kinds: dict[str, tuple[ConceptKind, str]]) -> dict[str, dict[Requirement, int]]:
        """What each occupation takes, with the line that says it; ``kinds`` has the kind and ``skillType`` of
        every skill.

        Raises ``DocumentError`` where no row leads to a skill of the release: it is another release's.
        """
        found: dict[str, dict[Requirement, int]] = {}
        made: dict[tuple[str, str], Requirement] = {}
        for table in self._release.tables(Part.OCCUPATION_SKILLS):
            count = unlisted = 0
            for row in self._rows(table):
                count += 1
                skill, relation = row["skillUri"], row["relationType"]
                one = made.get((skill, relation))
                if one is None:
                    one = self._requirement(table, row, kinds)
                    made[skill, relation] = one
                if skill not in kinds:
                    unlisted += 1
                    self._unlisted(table.name, "skillUri", skill, row.line)
                elif row["skillType"] != kinds[skill][1]:
                    self._differs(table.name, "skillType", row["skillType"], row.line)
                occupation = row["occupationUri"]
                if occupation not in found:
                    found[checked_iri(table, row, "occupationUri")] = {}
                if found[occupation].setdefault(one, row.line) != row.line:
                    self._doubled(table, row, "skillUri")
            if count and unlisted == count:
                raise DocumentError(
                    "no row names a skill that the release lists",
                    file=table.called,
                    field="skillUri",
                    expected="the links and the skills of one release",
                )
        return found

    def _requirement(
        self, table: CsvTable, row: Row, kinds: dict[str, tuple[ConceptKind, str]]
    ) -> Requirement:
        skill = checked_iri(table, row, "skillUri")
        relation = _relation(table, row)
        if row["skillType"] not in KINDS:
            raise DocumentError(
                f"found {row['skillType']!r}",
                file=table.called,
                line=row.line,
                field="skillType",
                expected="knowledge or skill/competence",
            )
        kind = kinds[skill][0] if skill in kinds else KINDS[row["skillType"]]
        return Requirement(kind, skill, relation)

    def check(self, listed: set[str], kinds: dict[str, tuple[ConceptKind, str]]) -> None:
        """Doubts the ends that are not listed, and the types that a skill itself does not have."""
        for file, column, end, line in self._ends:
            if end not in listed:
                self._unlisted(file, column, end, line)
        for file, column, printed, end, line in self._types:
            if end in kinds and kinds[end][1] != printed:
                self._differs(file, column, printed, line)

    def unlisted_occupation(self, occupation: str, taken: dict[Requirement, int]) -> None:
        """Doubts every link of an occupation that is not listed."""
        file = self._release.tables(Part.OCCUPATION_SKILLS)[0].name
        for line in taken.values():
            self._unlisted(file, "occupationUri", occupation, line)

    def _unlisted(self, file: str, column: str, iri: str, line: int) -> None:
        self._tally.add("unlisted-concept", f"{file}, {column}", iri, _UNLISTED, line)

    def _differs(self, file: str, column: str, printed: str, line: int) -> None:
        message = "the skill itself has another type, which is taken"
        self._tally.add("differing-type", f"{file}, {column}", printed, message, line)

    def _doubled(self, table: CsvTable, row: Row, column: str) -> None:
        message = "the same link stands in an earlier row"
        self._tally.add("doubled-row", f"{table.name}, {column}", row[column], message, row.line)


def checked_iri(table: CsvTable, row: Row, column: str) -> str:
    """The IRI in a cell. Raises ``DocumentError`` where there is none."""
    return valid_iri(row[column], table, row, column)


def valid_iri(iri: str, table: CsvTable, row: Row, column: str) -> str:
    """An IRI out of a cell that may hold several. Raises ``DocumentError`` where it is none."""
    if not _IRI.fullmatch(iri):
        raise DocumentError(
            f"found {iri[:80]!r}", file=table.called, line=row.line, field=column, expected="one IRI"
        )
    return iri


def _relation(table: CsvTable, row: Row) -> str:
    relation = row["relationType"]
    if relation not in _RELATIONS:
        raise DocumentError(
            f"found {relation!r}",
            file=table.called,
            line=row.line,
            field="relationType",
            expected=" or ".join(_RELATIONS),
        )
    return relation

"""ESCO, the European classification of skills, competences and occupations, from the portal's CSV downloads.

Occupations become standards, skills and groups (of skills, of ISCO-08 and of ISCED-F) concepts that they
share, all under ESCO's own IRIs. Of the columns, every one has its place:

* ``altLabels`` and ``hiddenLabels`` are sets of names, sorted here; ``description``, ``status``, ``code``,
  ``reuseLevel`` and ``modifiedDate`` are fields, ``skillType`` tells the kind and is kept as ``category``;
  ``conceptType`` of groups is their ``category``, elsewhere it only repeats which table it is.
* ``scopeNote``, ``definition`` and ``regulatedProfessionNote`` of an occupation are its notes.
* ``iscoGroup`` is the occupation's classification, with the name that the group has; ``inScheme`` are its
  ``schemes``, and so are those of concepts; ``hasTopConcept`` are the top concepts of a scheme.
* The broader relations and the links between skills are taken from their tables. The types of the skills
  that those tables repeat are compared with the skills' own.
* The hierarchy of skills repeats the groups level by level. A group that only it has is taken from it; what
  it says otherwise is doubted.
* The collections repeat columns of skills and occupations. Membership is kept as a tag of the skill, named by
  the table (``digital``, ``green``, ``language``, ``research``, ``transversal``, ``digComp``, ``ict``), and
  of an occupation in ``details``; ``broaderConceptPT`` has the names of what ``broaderConceptUri`` has, and
  is not read.
* A column that is not known here is kept in ``details``.

The groups of ISCED-F have no code in the tables; theirs is the end of their IRI.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypedDict

from ontology.codes import ISCO_GROUPS
from ontology.dataset import Concept, ConceptScheme, Dataset, DatasetInfo, UnlistedStandard
from ontology.errors import DocumentError
from ontology.model import Classification, ConceptKind, Note, Standard
from ontology.readers.esco_checks import EscoChecks
from ontology.readers.esco_links import KINDS, EscoLinks, checked_iri, valid_iri
from ontology.readers.esco_release import Part, find_release
from ontology.readers.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ontology.dataset import Item, Progress
    from ontology.model import Doubt, Requirement
    from ontology.readers.csv_table import CsvTable, Row
    from ontology.readers.esco_release import EscoRelease

__all__ = ["EscoDataset", "open_esco"]

_ATTRIBUTION = "This service uses the ESCO classification of the European Commission."
_LICENCE = "http://data.europa.eu/eli/dec/2011/833/oj"
_ISCED = "http://data.europa.eu/esco/isced-f/"
_OFTEN = 2_000

_TEXTS = ("preferredLabel", "altLabels", "hiddenLabels", "description", "status", "modifiedDate")
_CONCEPT = frozenset(
    {"conceptType", "conceptUri", "skillType", "reuseLevel", "scopeNote", "definition", "inScheme", *_TEXTS}
)
_GROUP = frozenset({"conceptType", "conceptUri", "code", "scopeNote", "definition", "inScheme", *_TEXTS})
_OCCUPATION = _GROUP | {"iscoGroup", "regulatedProfessionNote"}
_SCHEME = frozenset(
    {"conceptType", "conceptSchemeUri", "preferredLabel", "status", "description", "hasTopConcept"}
)
_NOTES = (("scope", "scopeNote"), ("definition", "definition"), ("regulation", "regulatedProfessionNote"))


class _Texts(TypedDict):
    """The fields that groups and skills have alike."""

    iri: str
    name: str
    alternative_names: tuple[str, ...]
    hidden_names: tuple[str, ...]
    description: str
    definition: str
    scope: str
    status: str
    modified: str
    language: str


def open_esco(path: Path) -> EscoDataset:
    """The release at a folder or beside one of its files; raises ``DocumentError`` (``find_release``)."""
    return EscoDataset(find_release(path))


class EscoDataset(Dataset):
    """A release of ESCO in one language, read as it is asked for.

    The links are held in memory (about 120 MB for a whole release), the texts are not.
    """

    def __init__(self, release: EscoRelease) -> None:
        self._release = release
        self._tally = Tally()
        self.info = DatasetInfo(
            key="esco",
            framework="esco",
            title="ESCO",
            version=release.version,
            language=release.language,
            licence=_LICENCE,
            attribution=_ATTRIBUTION,
            source=release.source,
        )

    def doubts(self) -> tuple[Doubt, ...]:
        return self._tally.doubts()

    def _items(self, progress: Progress) -> Iterator[Item]:
        self._tally = Tally()
        return _EscoReading(self._release, self._tally, progress).items()


class _EscoReading:
    """One passage through the tables."""

    def __init__(self, release: EscoRelease, tally: Tally, progress: Progress) -> None:
        self._release = release
        self._tally = tally
        self._progress = progress
        self._done = 0
        self._total = sum(table.size for part in Part for table in release.tables(part))
        self._seen: dict[str, tuple[str, int]] = {}
        self._kinds: dict[str, tuple[ConceptKind, str]] = {}
        self._isco: dict[str, str] = {}

    def items(self) -> Iterator[Item]:
        release = self._release
        for table in release.unread:
            self._tally.add("unread-file", table.called, table.name, "no table of ESCO is like this", 1)
        tops: list[tuple[str, str, int]] = []
        for table in release.tables(Part.SCHEMES):
            for row in self._rows(table):
                yield self._scheme(table, row, tops)
        self._links = EscoLinks(release, self._rows, self._tally)
        self._checks = EscoChecks(release, self._rows, self._tally, self._links.broader)
        for table in release.tables(Part.GROUPS):
            for row in self._rows(table):
                yield self._group(table, row)
        yield from self._groups_of_hierarchy()
        for table in release.tables(Part.SKILLS):
            linked = []
            for row in self._rows(table):
                self._learn_kind(table, row)
                if row["conceptUri"] in self._links.related:
                    # Its links need the kinds of skills that may come later.
                    linked.append(row)
                else:
                    yield self._skill(table, row)
            for row in linked:
                yield self._skill(table, row)
        requirements = self._links.requirements(self._kinds)
        for table in release.tables(Part.OCCUPATIONS):
            for row in self._rows(table):
                yield self._occupation(table, row, requirements.pop(row["conceptUri"], {}))
        for iri, taken in requirements.items():
            self._links.unlisted_occupation(iri, taken)
            broader = tuple(sorted(self._links.broader.get(iri, ())))
            yield UnlistedStandard("esco", iri, broader, _in_order(taken))
        self._links.check(set(self._seen), self._kinds)
        self._checks.finish(set(self._seen))
        for file, iri, line in tops:
            if iri not in self._seen:
                message = "the release does not list this; the link is kept"
                self._tally.add("unlisted-concept", f"{file}, hasTopConcept", iri, message, line)
        self._progress("Reading ESCO", self._total, self._total)

    def _rows(self, table: CsvTable) -> Iterator[Row]:
        read = [0]
        for number, row in enumerate(table.rows(may_be_short=self._may_be_short(table), read=read)):
            if number % _OFTEN == 0:
                self._progress("Reading ESCO", min(self._done + read[0], self._total), self._total)
            yield row
        self._done += table.size

    def _may_be_short(self, table: CsvTable) -> bool:
        # The portal leaves the empty cells at the end of a row out, but only in this table.
        return table in self._release.tables(Part.HIERARCHY)

    def _listed(self, table: CsvTable, row: Row, column: str = "conceptUri") -> str:
        """The IRI of what a row lists. Raises ``DocumentError`` where another row lists it, too."""
        iri = checked_iri(table, row, column)
        earlier, line = self._seen.setdefault(iri, (table.name, row.line))
        if (earlier, line) != (table.name, row.line):
            raise DocumentError(
                f"{iri} is also on line {line} of {earlier}",
                file=table.called,
                line=row.line,
                field=column,
                expected="each IRI once",
            )
        if not row["preferredLabel"]:
            raise DocumentError(
                "the cell is empty",
                file=table.called,
                line=row.line,
                field="preferredLabel",
                expected="a name",
            )
        return iri

    def _scheme(self, table: CsvTable, row: Row, tops: list[tuple[str, str, int]]) -> ConceptScheme:
        iri = self._listed(table, row, "conceptSchemeUri")
        top_concepts = _references(table, row, "hasTopConcept")
        tops += [(table.name, one, row.line) for one in top_concepts]
        return ConceptScheme(
            code=iri.rpartition("/")[2],
            title=row["preferredLabel"],
            iri=iri,
            description=row.get("description"),
            language=self._release.language,
            status=row.get("status"),
            top_concepts=top_concepts,
            details=_rest(row, _SCHEME),
        )

    def _group(self, table: CsvTable, row: Row) -> Concept:
        iri = self._listed(table, row)
        code = row["code"] or (iri.removeprefix(_ISCED) if iri.startswith(_ISCED) else "")
        if iri.startswith(ISCO_GROUPS):
            self._isco[code] = row["preferredLabel"]
        self._checks.note_group(iri, row)
        return Concept(
            scheme="",
            code=code,
            kind=ConceptKind.GROUP,
            category=row.get("conceptType"),
            broader=self._broader(iri),
            schemes=_references(table, row, "inScheme"),
            details=_rest(row, _GROUP),
            **self._texts(iri, row),
        )

    def _groups_of_hierarchy(self) -> Iterator[Concept]:
        for group in self._checks.groups_of_hierarchy(set(self._seen)):
            self._seen[group.iri] = (group.file, group.line)
            yield Concept(
                scheme="",
                code=group.code,
                kind=ConceptKind.GROUP,
                name=group.name,
                iri=group.iri,
                description=group.description,
                scope=group.scope,
                category="SkillGroup",
                broader=self._broader(group.iri),
                language=self._release.language,
            )

    def _learn_kind(self, table: CsvTable, row: Row) -> None:
        if row["skillType"] not in KINDS:
            raise DocumentError(
                f"found {row['skillType']!r}",
                file=table.called,
                line=row.line,
                field="skillType",
                expected="knowledge or skill/competence",
            )
        iri = self._listed(table, row)
        self._kinds[iri] = (KINDS[row["skillType"]], row["skillType"])

    def _skill(self, table: CsvTable, row: Row) -> Concept:
        iri = row["conceptUri"]
        kind, printed = self._kinds[iri]
        if not printed:
            message = "it is not said whether this is knowledge or a skill; it is taken as a skill"
            self._tally.add("missing-type", f"{table.name}, skillType", iri, message, row.line)
        links: dict[str, list[tuple[ConceptKind, str]]] = defaultdict(list)
        for relation, target in self._links.related.get(iri, ()):
            links[relation].append((self._kinds.get(target, (kind, ""))[0], target))
        return Concept(
            scheme="",
            code="",
            kind=kind,
            reuse_level=row["reuseLevel"],
            category=printed,
            tags=self._checks.collections_of(table, row),
            schemes=_references(table, row, "inScheme"),
            broader=self._broader(iri),
            essential=tuple(sorted(links["essential"])),
            optional=tuple(sorted(links["optional"])),
            details=_rest(row, _CONCEPT),
            **self._texts(iri, row),
        )

    def _texts(self, iri: str, row: Row) -> _Texts:
        return {
            "iri": iri,
            "name": row["preferredLabel"],
            "alternative_names": _names(row.get("altLabels")),
            "hidden_names": _names(row.get("hiddenLabels")),
            "description": row.get("description"),
            "definition": row.get("definition"),
            "scope": row.get("scopeNote"),
            "status": row.get("status"),
            "modified": row.get("modifiedDate"),
            "language": self._release.language,
        }

    def _occupation(self, table: CsvTable, row: Row, taken: dict[Requirement, int]) -> Standard:
        iri = self._listed(table, row)
        if not row["code"]:
            raise DocumentError(
                "the cell is empty", file=table.called, line=row.line, field="code", expected="a code"
            )
        group = row["iscoGroup"]
        collections = self._checks.collections_of(table, row)
        details = _rest(row, _OCCUPATION)
        if collections:
            details = (*details, ("collections", ", ".join(collections)))
        return Standard(
            framework="esco",
            code=row["code"],
            name=row["preferredLabel"],
            language=self._release.language,
            status=row.get("status"),
            description=row.get("description"),
            occupation=(Classification(group, self._isco.get(group, "")),) if group else (),
            notes=tuple(Note(kind, row.get(column)) for kind, column in _NOTES if row.get(column)),
            source=self._release.source,
            iri=iri,
            alternative_names=_names(row.get("altLabels")),
            hidden_names=_names(row.get("hiddenLabels")),
            modified=row.get("modifiedDate"),
            broader=self._broader(iri),
            schemes=_references(table, row, "inScheme"),
            requirements=_in_order(taken),
            details=details,
        )

    def _broader(self, iri: str) -> tuple[str, ...]:
        return tuple(sorted(self._links.broader.get(iri, ())))


def _in_order(taken: dict[Requirement, int]) -> tuple[Requirement, ...]:
    return tuple(sorted(taken, key=lambda one: (one.kind, one.concept, one.relation)))


def _names(cell: str) -> tuple[str, ...]:
    return tuple(sorted({name.strip() for name in cell.split("\n") if name.strip()}))


def _references(table: CsvTable, row: Row, column: str) -> tuple[str, ...]:
    """The IRIs in a cell, each once, sorted."""
    return tuple(
        sorted({valid_iri(one, table, row, column) for one in row.get(column).replace(",", " ").split()})
    )


def _rest(row: Row, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    if known.issuperset(row.cells):
        return ()
    return tuple((column, cell) for column, cell in row.cells.items() if column not in known and cell)

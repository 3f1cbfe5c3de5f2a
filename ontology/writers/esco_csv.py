"""Writer of the CSV tables that the ESCO portal offers for download, as one zip.

A standard is an occupation. What it requires of the framework's shared concepts are skills under their own
IRIs, with the groups above them; the knowledge and skills that a standard has itself are skills under ours,
essential to it, and their sub-items stand below them. The texts of each language have tables of their own.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING

from ontology.model import ConceptKind
from ontology.writers.writer import Loss, Shared, Writer, losses_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.dataset import Concept
    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["ESCO_CSV"]

_OCCUPATION = [
    "conceptType",
    "conceptUri",
    "iscoGroup",
    "preferredLabel",
    "altLabels",
    "hiddenLabels",
    "status",
    "modifiedDate",
    "regulatedProfessionNote",
    "scopeNote",
    "definition",
    "inScheme",
    "description",
    "code",
]
_SKILL = [
    "conceptType",
    "conceptUri",
    "skillType",
    "reuseLevel",
    "preferredLabel",
    "altLabels",
    "hiddenLabels",
    "status",
    "modifiedDate",
    "scopeNote",
    "definition",
    "inScheme",
    "description",
]
_SKILL_GROUP = [
    "conceptType",
    "conceptUri",
    "preferredLabel",
    "altLabels",
    "hiddenLabels",
    "status",
    "modifiedDate",
    "scopeNote",
    "inScheme",
    "description",
    "code",
]
_ISCO_GROUP = [
    "conceptType",
    "conceptUri",
    "code",
    "preferredLabel",
    "status",
    "altLabels",
    "inScheme",
    "description",
]
_BROADER = ["conceptType", "conceptUri", "broaderType", "broaderUri"]
_OCCUPATION_SKILLS = ["occupationUri", "relationType", "skillType", "skillUri"]
_SKILL_SKILLS = [
    "originalSkillUri",
    "originalSkillType",
    "relationType",
    "relatedSkillType",
    "relatedSkillUri",
]
_SKILL_TYPES = {ConceptKind.KNOWLEDGE: "knowledge", ConceptKind.SKILL: "skill/competence"}
_RELATIONS = ("essential", "optional")
_NOTES = {"scope": "scopeNote", "definition": "definition", "regulation": "regulatedProfessionNote"}
_ISCO = "http://data.europa.eu/esco/isco/"
_CONCEPT_TYPE = "KnowledgeSkillCompetence"
# The portal's links have no texts, so their tables have no language in their names.
_LINK_TABLES = {
    "occupationSkillRelations": _OCCUPATION_SKILLS,
    "broaderRelationsOccPillar": _BROADER,
    "broaderRelationsSkillPillar": _BROADER,
    "skillSkillRelations": _SKILL_SKILLS,
}
_TEXT_TABLES = {
    "occupations": _OCCUPATION,
    "skills": _SKILL,
    "skillGroups": _SKILL_GROUP,
    "ISCOGroups": _ISCO_GROUP,
}
_NO_TABLE = "ESCO's tables have no place for it"
_LOST = {
    "*.place": _NO_TABLE,
    "*.printed": _NO_TABLE,
    "framework": _NO_TABLE,
    "version": _NO_TABLE,
    "level": "ESCO has no levels",
    "occupational_category": _NO_TABLE,
    "category": "ESCO classifies by ISCO-08 alone",
    "industry": "ESCO classifies by ISCO-08 alone",
    "tasks": "ESCO says what an occupation requires, not in which task",
    "knowledge[].code": "skills of ESCO have no codes; the identifier has it",
    "skills[].code": "skills of ESCO have no codes; the identifier has it",
    "attitudes": "ESCO counts attitudes among the transversal skills",
    "history": _NO_TABLE,
    "notes[].heading": _NO_TABLE,
    "doubts": _NO_TABLE,
    "source": _NO_TABLE,
    "requirements[].importance": "ESCO has no ratings",
    "requirements[].level": "ESCO has no ratings",
    "requirements[].suppressed": "ESCO has no ratings",
    "requirements[].not_relevant": "ESCO has no ratings",
    "requirements[].level_suppressed": "ESCO has no ratings",
    "related": _NO_TABLE,
    "statements": _NO_TABLE,
    "associations": _NO_TABLE,
    "details": _NO_TABLE,
}


class _Tables:
    """The rows of all tables, each once, in the order in which they were met."""

    def __init__(self, identifiers: Identifiers, shared: Shared) -> None:
        self._identifiers = identifiers
        self._concepts = shared.concepts
        self._rows: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
        self._texts: dict[tuple[str, str], dict[tuple[str, ...], None]] = defaultdict(dict)

    def standard(self, standard: Standard) -> None:
        iri = self._identifiers.of_standard(standard)
        notes = {
            column: "\n".join(note.text for note in standard.notes if note.kind == kind)
            for kind, column in _NOTES.items()
        }
        self._text(
            "occupations",
            standard.language,
            conceptType="Occupation",
            conceptUri=iri,
            iscoGroup=standard.occupation[0].code if _is_isco(standard) else "",
            preferredLabel=standard.name,
            altLabels="\n".join(standard.alternative_names),
            hiddenLabels="\n".join(standard.hidden_names),
            status=standard.status,
            modifiedDate=standard.modified,
            inScheme=_schemes(standard.schemes),
            description=standard.description,
            code=standard.code,
            **notes,
        )
        for reference in standard.broader:
            self._broader("Occ", "Occupation", iri, reference)
        for one in standard.requirements:
            if one.kind in _SKILL_TYPES and one.relation in _RELATIONS:
                concept = self._identifiers.absolute(one.concept)
                self._row(
                    "occupationSkillRelations", iri, one.relation, self._type(concept, one.kind), concept
                )
        self._own(standard, iri)

    def _own(self, standard: Standard, iri: str) -> None:
        """The knowledge and skills that the standard has itself."""
        for kind, entries in (
            (ConceptKind.KNOWLEDGE, standard.knowledge),
            (ConceptKind.SKILL, standard.skills),
        ):
            for entry in entries:
                node = self._identifiers.element(iri, entry.code)
                self._skill(node, kind, entry.text, standard.language)
                self._row("occupationSkillRelations", iri, "essential", _SKILL_TYPES[kind], node)
                for item in entry.items:
                    below = self._identifiers.element(iri, f"{entry.code}#{item.number}")
                    self._skill(below, kind, item.text, standard.language)
                    self._row("broaderRelationsSkillPillar", _CONCEPT_TYPE, below, _CONCEPT_TYPE, node)

    def _skill(self, iri: str, kind: ConceptKind, name: str, language: str) -> None:
        self._text(
            "skills",
            language,
            conceptType=_CONCEPT_TYPE,
            conceptUri=iri,
            skillType=_SKILL_TYPES[kind],
            preferredLabel=name,
        )

    def concepts(self) -> None:
        """What the standards share, with what stands above it."""
        for iri, concept in self._concepts.items():
            if concept.kind is ConceptKind.GROUP:
                self._group(iri, concept)
            elif concept.kind in _SKILL_TYPES:
                self._concept(iri, concept)

    def _concept(self, iri: str, concept: Concept) -> None:
        self._text(
            "skills",
            concept.language,
            **self._said(iri, concept, _CONCEPT_TYPE),
            skillType=self._type(iri, concept.kind),
            reuseLevel=concept.reuse_level,
            definition=concept.definition,
        )
        for reference in concept.broader:
            self._broader("Skill", _CONCEPT_TYPE, iri, reference)
        for relation, links in (("essential", concept.essential), ("optional", concept.optional)):
            for kind, target in links:
                target = self._identifiers.absolute(target)
                types = self._type(iri, concept.kind), self._type(target, kind)
                self._row("skillSkillRelations", iri, types[0], relation, types[1], target)

    def _group(self, iri: str, concept: Concept) -> None:
        is_isco = iri.startswith(_ISCO)
        kind = "ISCOGroup" if is_isco else "SkillGroup"
        table = "ISCOGroups" if is_isco else "skillGroups"
        self._text(table, concept.language, **self._said(iri, concept, kind), code=concept.code)
        for reference in concept.broader:
            self._broader("Occ" if is_isco else "Skill", kind, iri, reference)

    def _said(self, iri: str, concept: Concept, kind: str) -> dict[str, str]:
        return {
            "conceptType": kind,
            "conceptUri": iri,
            "preferredLabel": concept.name,
            "altLabels": "\n".join(concept.alternative_names),
            "hiddenLabels": "\n".join(concept.hidden_names),
            "status": concept.status,
            "modifiedDate": concept.modified,
            "scopeNote": concept.scope,
            "inScheme": _schemes(concept.schemes),
            "description": concept.description,
        }

    def _broader(self, pillar: str, kind: str, iri: str, reference: str) -> None:
        above = self._identifiers.absolute(reference)
        concept = self._concepts.get(above)
        above_kind = "Occupation" if pillar == "Occ" else "SkillGroup"
        if above.startswith(_ISCO):
            above_kind = "ISCOGroup"
        elif concept is not None and concept.kind in _SKILL_TYPES:
            above_kind = _CONCEPT_TYPE
        self._row(f"broaderRelations{pillar}Pillar", kind, iri, above_kind, above)

    def _type(self, iri: str, kind: ConceptKind) -> str:
        """The type that the skill itself was read with; a few of ESCO have none."""
        concept = self._concepts.get(iri)
        if concept is not None and concept.iri.startswith("http://data.europa.eu/esco/"):
            return concept.category
        return _SKILL_TYPES.get(kind, "")

    def _row(self, table: str, *cells: str) -> None:
        self._rows[table][cells] = None

    def _text(self, table: str, language: str, **cells: str) -> None:
        columns = _TEXT_TABLES[table]
        self._texts[table, language][tuple(cells.get(column, "") for column in columns)] = None

    def files(self) -> dict[str, bytes]:
        """The tables by file name; those of links are always there, those of texts where they have rows."""
        found = {
            f"{table}_{language}.csv": _csv(_TEXT_TABLES[table], rows)
            for (table, language), rows in self._texts.items()
        }
        found |= {f"{table}.csv": _csv(columns, self._rows[table]) for table, columns in _LINK_TABLES.items()}
        return dict(sorted(found.items()))


def _is_isco(standard: Standard) -> bool:
    return standard.framework == "esco" and bool(standard.occupation)


def _schemes(schemes: Sequence[str]) -> str:
    return ",\n".join(schemes)


def _csv(columns: Sequence[str], rows: dict[tuple[str, ...], None]) -> bytes:
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(columns)
    table.writerows(rows)
    return stream.getvalue().encode()


def _write(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    return _write_shared(standards, identifiers, Shared())


def _write_shared(standards: Sequence[Standard], identifiers: Identifiers, shared: Shared) -> bytes:
    tables = _Tables(identifiers, shared)
    for standard in standards:
        tables.standard(standard)
    tables.concepts()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in tables.files().items():
            # The day of the archive's own epoch, so that the same standards give the same bytes.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()


def _losses(standards: Sequence[Standard]) -> tuple[Loss, ...]:
    found = list(losses_of(standards, _LOST))
    for standard in standards:
        kinds = [note for note in standard.notes if note.kind not in _NOTES]
        other = [
            one
            for one in standard.requirements
            if one.kind not in _SKILL_TYPES or one.relation not in _RELATIONS
        ]
        codes = standard.occupation[1:] if _is_isco(standard) else standard.occupation
        names = [name for name in (*standard.alternative_names, *standard.hidden_names) if "\n" in name]
        for path, values, reason in (
            ("notes", kinds, "ESCO has a scope note, a definition and a note on regulation"),
            ("requirements", other, "ESCO has essential and optional knowledge and skills"),
            ("occupation", codes, "ESCO classifies by one group of ISCO-08, which these are not"),
            ("alternative_names", names, "names are parted by line breaks, so none can hold one"),
        ):
            if values:
                found.append(Loss(standard.code, path, reason, len(values)))
    return tuple(found)


ESCO_CSV = Writer(
    "esco-csv",
    "ESCO CSV",
    "application/zip",
    ".esco.zip",
    _write,
    _losses,
    write_shared=_write_shared,
    most=5_000,
    is_text=False,
)

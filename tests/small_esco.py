"""A release of ESCO in miniature, written for the tests: every table and column of the portal's."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ROOT = "http://data.europa.eu/esco/"
BAKER, PASTRY = f"{ROOT}occupation/baker", f"{ROOT}occupation/pastry"
KNEAD, DOUGH, HYGIENE = f"{ROOT}skill/knead", f"{ROOT}skill/dough", f"{ROOT}skill/hygiene"
FOOD, OVENS = f"{ROOT}skill/food", f"{ROOT}skill/ovens"
SCHEME = f"{ROOT}concept-scheme/"
Tables = dict[str, list[list[str]]]


def _schemes(*names: str, comma: bool = True) -> str:
    return (",\n" if comma else "\n").join(SCHEME + name for name in names)


def tables(language: str = "en") -> Tables:
    """The tables by their names, each a list of rows with the header first."""
    texts = {
        "conceptSchemes": [
            [
                "conceptType",
                "conceptSchemeUri",
                "preferredLabel",
                "title",
                "status",
                "description",
                "hasTopConcept",
            ],
            [
                "ConceptScheme",
                f"{SCHEME}skills",
                "Skills",
                "",
                "released",
                "All of them",
                f"{FOOD},\n{KNEAD}",
            ],
            ["ConceptScheme", f"{SCHEME}occupations", "Jobs", "Occupations", "", "", f"{ROOT}isco/C7"],
        ],
        "occupations": [
            [
                *("conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "hiddenLabels"),
                *("status", "modifiedDate", "regulatedProfessionNote", "scopeNote", "definition", "inScheme"),
                *("description", "code"),
            ],
            [
                *(
                    "Occupation",
                    BAKER,
                    "7512",
                    "baker",
                    "bread baker\nbaker\nbread baker ",
                    "backer",
                    "released",
                ),
                *(
                    "2020-01-02T03:04:05Z",
                    f"{ROOT}regulated-professions/unregulated",
                    "Bread only.\nNo cakes.",
                ),
                *("One who bakes.", _schemes("occupations", "research"), "Bakers bake.\n\nEarly.", "7512.1"),
            ],
            [
                *("Occupation", PASTRY, "7512", "pastry maker", "", "", "released", "", "", "", "", ""),
                *("", "7512.1.1"),
            ],
        ],
        "skills": [
            [
                *("conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels"),
                *(
                    "hiddenLabels",
                    "status",
                    "modifiedDate",
                    "scopeNote",
                    "definition",
                    "inScheme",
                    "description",
                ),
            ],
            [
                *("KnowledgeSkillCompetence", KNEAD, "skill/competence", "sector-specific", "knead dough"),
                *(
                    "work dough\nfold dough",
                    "",
                    "released",
                    "2020",
                    "",
                    "",
                    _schemes("skills"),
                    'Press "well".',
                ),
            ],
            [
                *(
                    "KnowledgeSkillCompetence",
                    DOUGH,
                    "knowledge",
                    "sector-specific",
                    "kinds of dough",
                    "",
                    "",
                ),
                *(
                    "released",
                    "",
                    "Wheat and rye.",
                    "Dough is flour and water.",
                    _schemes("skills"),
                    "What dough",
                ),
            ],
            [
                *(
                    "KnowledgeSkillCompetence",
                    HYGIENE,
                    "",
                    "transversal",
                    "hygiene",
                    "",
                    "hygene",
                    "released",
                ),
                *("", "", "", _schemes("skills"), ""),
            ],
        ],
        "ISCOGroups": [
            [
                *("conceptType", "conceptUri", "code", "preferredLabel", "status", "altLabels", "inScheme"),
                "description",
            ],
            [
                "ISCOGroup",
                f"{ROOT}isco/C7",
                "7",
                "Craft",
                "released",
                "",
                _schemes("isco"),
                "Craft\nand trades",
            ],
            [
                "ISCOGroup",
                f"{ROOT}isco/C7512",
                "7512",
                "Bakers and such",
                "released",
                "",
                _schemes("isco"),
                "",
            ],
        ],
        "skillGroups": [
            [
                *("conceptType", "conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "status"),
                *("modifiedDate", "scopeNote", "inScheme", "description", "code"),
            ],
            [
                "SkillGroup",
                FOOD,
                "food",
                "",
                "",
                "released",
                "",
                "",
                _schemes("skills", comma=False),
                "Eat",
                "S1",
            ],
            ["SkillGroup", f"{ROOT}isced-f/0721", "food processing", "", "", "released", "", "", "", "", ""],
        ],
        "skillsHierarchy": [
            [
                *(f"Level {level} {what}" for level in range(4) for what in ("URI", "preferred term")),
                *("Description", "Scope note"),
                *(f"Level {level} code" for level in range(4)),
            ],
            [FOOD, "food", "", "", "", "", "", "", "Eat", "", "S1"],
            [FOOD, "food", OVENS, "ovens", "", "", "", "", "Heat", "Not stoves.", "S1", "S1.1"],
        ],
        "greenSkillsCollection": [
            [
                *(
                    "conceptType",
                    "conceptUri",
                    "preferredLabel",
                    "status",
                    "skillType",
                    "reuseLevel",
                    "altLabels",
                ),
                *("description", "broaderConceptUri", "broaderConceptPT"),
            ],
            [
                *("KnowledgeSkillCompetence", KNEAD, "knead dough", "released", "skill/competence"),
                *("sector-specific", "work dough | fold dough", 'Press "well".', f"{FOOD} | {OVENS}", "food"),
            ],
        ],
        "researchOccupationsCollection": [
            [
                *("conceptType", "conceptUri", "preferredLabel", "status", "altLabels", "description"),
                *("broaderConceptUri", "broaderConceptPT"),
            ],
            [
                *("Occupation", BAKER, "baker", "released", "baker | bread baker", "Bakers bake.\n\nEarly."),
                *(f"{ROOT}isco/C7512", "Bakers and such"),
            ],
        ],
    }
    relations = {
        "broaderRelationsOccPillar": [
            ["conceptType", "conceptUri", "broaderType", "broaderUri"],
            ["ISCOGroup", f"{ROOT}isco/C7512", "ISCOGroup", f"{ROOT}isco/C7"],
            ["Occupation", BAKER, "ISCOGroup", f"{ROOT}isco/C7512"],
            ["Occupation", PASTRY, "Occupation", BAKER],
        ],
        "broaderRelationsSkillPillar": [
            ["conceptType", "conceptUri", "broaderType", "broaderUri"],
            ["KnowledgeSkillCompetence", KNEAD, "SkillGroup", FOOD],
            ["KnowledgeSkillCompetence", KNEAD, "SkillGroup", OVENS],
            ["SkillGroup", OVENS, "SkillGroup", FOOD],
            ["KnowledgeSkillCompetence", DOUGH, "SkillGroup", f"{ROOT}isced-f/0721"],
        ],
        "occupationSkillRelations": [
            ["occupationUri", "relationType", "skillType", "skillUri"],
            [BAKER, "essential", "skill/competence", KNEAD],
            [BAKER, "optional", "knowledge", DOUGH],
            [PASTRY, "essential", "", HYGIENE],
            [PASTRY, "essential", "knowledge", DOUGH],
        ],
        "skillSkillRelations": [
            ["originalSkillUri", "originalSkillType", "relationType", "relatedSkillType", "relatedSkillUri"],
            [KNEAD, "skill/competence", "optional", "knowledge", DOUGH],
        ],
    }
    named = {f"{name}_{language}.csv": rows for name, rows in texts.items()}
    return named | {f"{name}.csv": rows for name, rows in relations.items()}


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def unpacked(folder: Path, given: Mapping[str, Sequence[Sequence[str]]]) -> Path:
    """The tables as files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in given.items():
        (folder / name).write_text(as_csv(rows), encoding="utf-8")
    return folder


def zipped(
    folder: Path, given: Mapping[str, Sequence[Sequence[str]]], version: str = "9.8.7", language: str = "en"
) -> Path:
    """The tables as the portal's two zips."""
    folder.mkdir(parents=True, exist_ok=True)
    for of in (language, ""):
        with zipfile.ZipFile(zip_path(folder, version, of), "w", zipfile.ZIP_DEFLATED) as archive:
            for name, rows in given.items():
                if name.endswith(f"_{language}.csv") == bool(of):
                    archive.writestr(name, as_csv(rows))
    return folder


def zip_path(folder: Path, version: str = "9.8.7", language: str = "en") -> Path:
    return folder / f"ESCO dataset - v{version} - classification - {language} - csv.zip"

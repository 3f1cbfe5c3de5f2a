"""Which tables make up a release of ESCO, told by their headers, as the portal's CSV downloads have them
(https://esco.ec.europa.eu/en/use-esco/download).

The portal gives two zips for each language: one with the texts (``… - en - csv.zip``) and one without a
language (``… -  - csv.zip``), which has the relations. They may be unpacked. The version is what the name of
the zip, or else of the folder, has after ``v``, and empty where neither has one; the language is what stands
before ``.csv`` in the name of the table of occupations (``occupations_fr.csv``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.csv_table import CsvTable, csv_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["EscoRelease", "Part", "find_release", "is_part"]

PORTAL = "https://esco.ec.europa.eu/en/use-esco/download"
_VERSION = re.compile(r"(?<![0-9a-z])v(\d+(?:\.\d+)*)", re.IGNORECASE)
_LANGUAGE = re.compile(r"_([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\.csv", re.IGNORECASE)


class Part(StrEnum):
    """The tables by what they say, not by how they are called."""

    SCHEMES = "concept schemes"
    HIERARCHY = "hierarchy of skills"
    OCCUPATION_SKILLS = "links of occupations to skills"
    SKILL_SKILLS = "links of skills to skills"
    BROADER = "broader relations"
    OCCUPATIONS = "occupations"
    SKILLS = "skills"
    COLLECTION = "collections"
    GROUPS = "groups"


_REQUIRED: Mapping[Part, tuple[str, ...]] = {
    Part.SCHEMES: ("conceptSchemeUri", "preferredLabel"),
    Part.HIERARCHY: tuple(
        f"Level {level} {what}" for level in range(4) for what in ("URI", "preferred term", "code")
    ),
    Part.OCCUPATION_SKILLS: ("occupationUri", "relationType", "skillType", "skillUri"),
    Part.SKILL_SKILLS: ("originalSkillUri", "relationType", "relatedSkillUri"),
    Part.BROADER: ("conceptUri", "broaderUri"),
    Part.OCCUPATIONS: ("conceptUri", "iscoGroup", "preferredLabel", "code"),
    Part.SKILLS: ("conceptUri", "skillType", "reuseLevel", "preferredLabel"),
    Part.COLLECTION: ("conceptUri", "preferredLabel", "broaderConceptUri"),
    Part.GROUPS: ("conceptUri", "preferredLabel", "code"),
}
_MARKS: Mapping[Part, tuple[str, ...]] = {
    Part.SCHEMES: ("conceptSchemeUri",),
    Part.HIERARCHY: ("Level 0 URI",),
    Part.OCCUPATION_SKILLS: ("occupationUri", "skillUri"),
    Part.SKILL_SKILLS: ("originalSkillUri",),
    Part.BROADER: ("conceptUri", "broaderUri"),
    Part.COLLECTION: ("conceptUri", "broaderConceptUri"),
    Part.OCCUPATIONS: ("conceptUri", "iscoGroup"),
    Part.SKILLS: ("conceptUri", "reuseLevel"),
    Part.GROUPS: ("conceptType", "conceptUri", "preferredLabel", "code", "inScheme"),
}
"""Columns that no table of another kind has, in the order in which they are asked for."""

_NAMES: Mapping[str, Part] = {
    "conceptschemes": Part.SCHEMES,
    "skillshierarchy": Part.HIERARCHY,
    "occupationskillrelations": Part.OCCUPATION_SKILLS,
    "skillskillrelations": Part.SKILL_SKILLS,
    "broaderrelationsoccpillar": Part.BROADER,
    "broaderrelationsskillpillar": Part.BROADER,
    "occupations": Part.OCCUPATIONS,
    "skills": Part.SKILLS,
    "iscogroups": Part.GROUPS,
    "skillgroups": Part.GROUPS,
}
_NEEDED: Mapping[Part, str] = {
    Part.OCCUPATIONS: "occupations_en.csv, of the zip with the texts in a language",
    Part.SKILLS: "skills_en.csv, of the zip with the texts in a language",
    Part.OCCUPATION_SKILLS: "occupationSkillRelations.csv, of the zip without a language (… -  - csv.zip)",
}


@dataclass(frozen=True, slots=True)
class EscoRelease:
    """The tables of one release in one language; ``source`` is the name of the zip or folder that has the
    occupations, ``unread`` the tables in its zips that no part is known for."""

    version: str
    language: str
    source: str
    parts: Mapping[Part, tuple[CsvTable, ...]]
    unread: tuple[CsvTable, ...] = ()

    def tables(self, part: Part) -> tuple[CsvTable, ...]:
        return self.parts.get(part, ())


@dataclass(slots=True)
class _Container:
    """A zip, or the loose tables of a folder in one language (or none), with what it has."""

    path: Path
    version: str
    language: str
    found: list[tuple[Part, CsvTable]] = field(default_factory=list)
    unread: list[CsvTable] = field(default_factory=list)


def is_part(path: Path) -> bool:
    """Whether a file is a table of ESCO or a zip with one, or a folder holds such files and nothing else."""
    try:
        if path.is_dir():
            files = _visible(path)
            return bool(files) and all(one.is_file() and is_part(one) for one in files)
        return any(_kind(table, _header(table)) for table in csv_tables([path]))
    except (DocumentError, OSError):
        return False


def find_release(path: Path) -> EscoRelease:
    """The release that a folder holds, or that a file is a part of: its other parts are looked for beside it.

    Raises ``DocumentError`` where a part that is needed is missing, a table lacks a column, or there are
    several languages or versions to choose from.
    """
    folder = path if path.is_dir() else path.parent
    containers = [one for one in _containers(_visible(folder)) if one.found]
    own = [one for one in containers if path.is_dir() or _holds(one, path)]
    versions = {one.version for one in own}
    if len(versions) > 1:
        raise DocumentError(
            f"the folder holds ESCO in the versions {', '.join(sorted(versions))}",
            file=str(path),
            expected="one release; name a zip instead of the folder",
        )
    chosen = [one for one in containers if one.version in versions]
    languages = {one.language for one in own if one.language} or {
        one.language for one in chosen if one.language
    }
    if len(languages) > 1:
        raise DocumentError(
            f"there is ESCO in several languages here: {', '.join(sorted(languages))}",
            file=str(path),
            expected="one language; name the zip with the texts in it",
        )
    chosen = [one for one in chosen if not one.language or one.language in languages]
    release = _release(path, chosen, next(iter(languages), "en"))
    for part, wanted in _NEEDED.items():
        if not release.tables(part):
            raise DocumentError(
                f"the {part} of ESCO are missing",
                file=str(path),
                expected=f"{wanted} beside it; both zips can be had at {PORTAL}",
            )
    return release


def _release(path: Path, containers: Iterable[_Container], language: str) -> EscoRelease:
    parts: dict[Part, tuple[CsvTable, ...]] = {}
    names: dict[tuple[Part, str], CsvTable] = {}
    version, source = "", path.name
    unread: list[CsvTable] = []
    for container in containers:
        unread += container.unread
        for part, table in container.found:
            first = names.setdefault((part, table.name), table)
            if first is not table:
                raise DocumentError(
                    f"the {part} are there twice, here and in {first.called}",
                    file=table.called,
                    expected="one release of ESCO, as zips or unpacked",
                )
            parts[part] = (*parts.get(part, ()), table)
            if part is Part.OCCUPATIONS:
                version, source = container.version, container.path.resolve().name
    for part in (Part.OCCUPATIONS, Part.SKILLS, Part.OCCUPATION_SKILLS, Part.SKILL_SKILLS, Part.HIERARCHY):
        if len(parts.get(part, ())) > 1:
            called = " and ".join(one.name for one in parts[part])
            raise DocumentError(
                f"the {part} are in several tables: {called}", file=str(path), expected="one of them"
            )
    return EscoRelease(version, language, source, parts, tuple(unread))


def _containers(files: Iterable[Path]) -> list[_Container]:
    """The zips and, by language, the loose tables; the names of zips tell their versions."""
    found: dict[tuple[Path, str], _Container] = {}
    for file in files:
        if file.is_dir():
            continue
        is_zip = file.suffix.lower() == ".zip"
        for table in _readable(file):
            part = _part(table)
            language = _language(table)
            path = file if is_zip else file.parent
            if part is None and not is_zip:
                continue
            key = (path, "" if is_zip else language)
            container = found.setdefault(key, _Container(path, _version(path), language))
            if is_zip and part is not None and language:
                container.language = language
            if part is None:
                container.unread.append(table)
            else:
                container.found.append((part, table))
    return list(found.values())


def _readable(file: Path) -> list[CsvTable]:
    """The tables of a file, but for foreign ones beside a release that cannot be read."""
    try:
        tables = csv_tables([file])
    except DocumentError:
        return []
    return [one for one in tables if _named(one) or _header(one)]


def _header(table: CsvTable) -> tuple[str, ...]:
    try:
        return table.header()
    except DocumentError:
        return ()


def _holds(container: _Container, path: Path) -> bool:
    return container.path == path or any(table.path == path for _, table in container.found)


def _part(table: CsvTable) -> Part | None:
    """What a table says; raises ``DocumentError`` where it cannot be read or lacks a column."""
    columns = table.header()
    part = _kind(table, columns)
    if part is None:
        return None
    missing = [column for column in _REQUIRED[part] if column not in columns]
    if missing:
        raise DocumentError(
            f"the table of {part} lacks the column {missing[0]!r}",
            file=table.called,
            line=1,
            expected=", ".join(_REQUIRED[part]),
        )
    return part


def _kind(table: CsvTable, columns: tuple[str, ...]) -> Part | None:
    """By its columns, or by its name and one of them; ``None`` where the table is none of ESCO's."""
    for part, marks in _MARKS.items():
        if set(marks) <= set(columns):
            return part
    named = _named(table)
    return named if named and set(_REQUIRED[named]) & set(columns) else None


def _named(table: CsvTable) -> Part | None:
    return _NAMES.get(table.name.partition("_")[0].removesuffix(".csv").lower())


def _visible(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if not one.name.startswith("."))


def _version(path: Path) -> str:
    whole = path.resolve()
    for name in (whole.name, whole.parent.name):
        if match := _VERSION.search(name):
            return match[1]
    return ""


def _language(table: CsvTable) -> str:
    match = _LANGUAGE.search(table.name)
    return match[1] if match else ""

"""A course outline: units with the competencies that they teach, as a file of its user.

The JSON form has a version of its own, ``{"format": "competency-outline", "version": 1, …}``, and is read
strictly: what it does not have, or has twice, is an error that names the field.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.json_object import JsonObject, read_object
from ontology.model import ConceptKind, Kind

if TYPE_CHECKING:
    from ontology.json_object import JsonValue

__all__ = [
    "FORMAT",
    "MOST_COMPETENCIES",
    "MOST_UNITS",
    "OUTLINE_KINDS",
    "VERSION",
    "Outline",
    "OutlineCompetency",
    "Unit",
    "checked_outline",
    "outline_from_json",
    "outline_to_json",
]

FORMAT = "competency-outline"
VERSION = 1
MOST_UNITS = 200
MOST_COMPETENCIES = 2_000
"""Of one outline, over all its units."""

OUTLINE_KINDS = tuple(dict.fromkeys(("standard", *map(str, Kind), *map(str, ConceptKind))))
"""The kinds of what a unit can have: whole standards, their elements, and what standards share."""

_LONGEST = {"title": 500, "note": 10_000, "text": 10_000, "iri": 2_000, "code": 500, "standard": 500}
_MOST_HOURS = 10_000
_MOST_LEVEL = 100
_MOST_STANDARDS = 20
# what XML and so workbooks and Word documents cannot carry
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class OutlineCompetency:
    """A competency in a unit, by its IRI. The other fields say what it was when it was taken: ``code``
    (empty for a shared concept without one), ``kind`` (one of ``OUTLINE_KINDS``), the code of its
    ``standard`` with the version, or the framework of a shared concept, the nearest ``level`` stated, and
    the ``language`` of the text (BCP 47, empty where it is not known)."""

    iri: str
    code: str
    text: str
    kind: str
    standard: str = ""
    level: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a course. ``hours`` has two decimals at most; ``None`` where it is not said."""

    title: str
    competencies: tuple[OutlineCompetency, ...] = ()
    hours: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A course outline in ``language`` (BCP 47). ``standards`` are the codes or IRIs of those that it is to
    cover."""

    title: str
    language: str = "zh-Hant"
    units: tuple[Unit, ...] = ()
    standards: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many competencies it has; one that stands in two units counts twice."""
        return sum(len(unit.competencies) for unit in self.units)


def outline_to_json(outline: Outline) -> dict[str, JsonValue]:
    """The JSON object of an outline; ``json.dumps`` takes it as it is."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": outline.title,
        "language": outline.language,
        "standards": list(outline.standards),
        "units": [
            {
                "title": unit.title,
                "hours": unit.hours,
                "note": unit.note,
                "competencies": [
                    {
                        "iri": one.iri,
                        "code": one.code,
                        "text": one.text,
                        "kind": one.kind,
                        "standard": one.standard,
                        "level": one.level,
                        "language": one.language,
                    }
                    for one in unit.competencies
                ],
            }
            for unit in outline.units
        ],
    }


def outline_from_json(value: object, file: str) -> Outline:
    """The outline of a JSON value. Raises ``DocumentError`` with the path of what is wrong."""
    form = read_object(value, "", file)
    if form.take("format") != FORMAT:
        raise form.error("format", f"the string '{FORMAT}'")
    version = form.take("version")
    if version != VERSION or isinstance(version, bool):
        raise form.error("version", f"{VERSION}, the version of outlines that this program reads")
    outline = Outline(
        title=form.text("title"),
        language=form.text("language", "zh-Hant"),
        standards=form.texts("standards"),
        units=form.objects("units", _unit),
    )
    form.refuse_unknown()
    return checked_outline(outline, file)


def _unit(form: JsonObject) -> Unit:
    return Unit(
        title=form.text("title"),
        hours=form.decimal("hours"),
        note=form.text("note", ""),
        competencies=form.objects("competencies", _competency),
    )


def _competency(form: JsonObject) -> OutlineCompetency:
    return OutlineCompetency(
        iri=form.text("iri"),
        code=form.text("code", ""),
        text=form.text("text", ""),
        kind=form.text("kind"),
        standard=form.text("standard", ""),
        level=form.number("level"),
        language=form.text("language", ""),
    )


def checked_outline(outline: Outline, file: str) -> Outline:
    """The outline itself. Raises ``DocumentError`` for values that are out of bounds, with the path of the
    field in the JSON form."""
    check = _Check(file)
    check.text(outline.title, "title", "title")
    check.language(outline.language, "language")
    check.count(len(outline.standards), _MOST_STANDARDS, "standards")
    for number, key in enumerate(outline.standards):
        check.text(key, "iri", f"standards[{number}]")
        check.filled(key, f"standards[{number}]")
    check.count(len(outline.units), MOST_UNITS, "units")
    check.count(outline.size, MOST_COMPETENCIES, "units", "competencies in all units together")
    for at, unit in enumerate(outline.units):
        path = f"units[{at}]"
        check.text(unit.title, "title", f"{path}.title")
        check.text(unit.note, "note", f"{path}.note")
        check.hours(unit.hours, f"{path}.hours")
        for number, one in enumerate(unit.competencies):
            check.competency(one, f"{path}.competencies[{number}]")
    return outline


@dataclass(frozen=True, slots=True)
class _Check:
    file: str

    def competency(self, one: OutlineCompetency, path: str) -> None:
        for name in ("iri", "code", "text", "standard"):
            self.text(getattr(one, name), name, f"{path}.{name}")
        if re.search(r"\s", one.iri):
            raise self._error("an IRI has no blanks", f"{path}.iri", "an absolute IRI")
        if one.kind not in OUTLINE_KINDS:
            raise self._error(
                f"found {one.kind[:40]!r}", f"{path}.kind", f"one of {', '.join(OUTLINE_KINDS)}"
            )
        if one.level is not None and not 0 <= one.level <= _MOST_LEVEL:
            raise self._error(f"found {one.level}", f"{path}.level", f"a level from 0 to {_MOST_LEVEL}")
        if one.language:
            self.language(one.language, f"{path}.language")

    def text(self, text: str, name: str, field: str) -> None:
        if match := _UNFIT.search(text):
            reason = f"a control character (U+{ord(match[0]):04X}) stands in the text"
            raise self._error(reason, field, "plain text")
        if len(text) > _LONGEST[name]:
            raise self._error(f"found {len(text)} characters", field, f"at most {_LONGEST[name]}")

    def filled(self, text: str, field: str) -> None:
        if not text.strip():
            raise self._error("the string is empty", field, "the code or IRI of a standard")

    def language(self, tag: str, field: str) -> None:
        if len(tag) > 60 or not _LANGUAGE.fullmatch(tag):
            raise self._error(f"found {tag[:40]!r}", field, "a language tag such as zh-Hant or en")

    def count(self, number: int, most: int, field: str, what: str = "of them") -> None:
        if number > most:
            raise self._error(f"there are {number} {what}", field, f"at most {most}")

    def hours(self, hours: float | None, field: str) -> None:
        if hours is None:
            return
        if not (math.isfinite(hours) and 0 <= hours <= _MOST_HOURS):
            raise self._error(f"found {hours}", field, f"hours from 0 to {_MOST_HOURS:,}")
        if round(hours, 2) != hours:
            raise self._error(f"found {hours}", field, "hours with two decimals at most")

    def _error(self, reason: str, field: str, expected: str) -> DocumentError:
        return DocumentError(reason, file=self.file, field=field, expected=expected)

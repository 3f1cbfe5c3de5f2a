"""Course outlines: made from standards and searches, measured against standards, written as files."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from api.exporting import Export
from api.indexed import indexed
from ontology.errors import InvalidInput, NoContent, NotFound
from ontology.outline import Outline, OutlineCompetency, Unit, outline_to_json
from ontology.writers.outline_docx import outline_docx
from ontology.writers.outline_xlsx import XLSX_MEDIA, outline_xlsx
from ontology.writers.word import DOCX_MEDIA
from search import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.services import Services
    from search import Passage
    from search.curriculum.results import CurriculumResult

__all__ = [
    "OUTLINE_MEDIA",
    "Entry",
    "OutlineFormat",
    "competency_of",
    "entries_of",
    "export_outline",
    "in_order",
    "measure_outline",
    "new_units",
    "taken",
]

_HITS = 10
_UNSAFE = re.compile(r"[^\w.-]+")


class OutlineFormat(StrEnum):
    """The files that an outline can be had as."""

    JSON = "json"
    XLSX = "xlsx"
    DOCX = "docx"


OUTLINE_MEDIA = {
    OutlineFormat.JSON: "application/json",
    OutlineFormat.XLSX: XLSX_MEDIA,
    OutlineFormat.DOCX: DOCX_MEDIA,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a standard asks of those who begin: its notes of that kind, in its language."""

    standard: str
    language: str
    texts: tuple[str, ...]


def competency_of(passage: Passage) -> OutlineCompetency:
    """An element of the index as an outline keeps it."""
    return OutlineCompetency(
        passage.iri,
        passage.code,
        passage.text[:10_000],
        passage.kind,
        passage.standard,
        passage.level,
        passage.lang if passage.lang != "und" else "",
    )


def taken(services: Services, iris: Iterable[str]) -> tuple[OutlineCompetency, ...]:
    """The elements with these IRIs, each once. Raises ``NotFound``."""
    elements = services.index.current().elements
    with indexed(services):
        return tuple(competency_of(elements.passage(iri)) for iri in dict.fromkeys(iris))


def measure_outline(services: Services, outline: Outline, standards: Sequence[str] = ()) -> CurriculumResult:
    """What the outline covers of ``standards`` (codes or IRIs), of those that it names itself where there are
    none.

    Raises ``InvalidInput`` for an outline without units, ``NotFound`` for an unknown standard.
    """
    if not outline.units:
        raise InvalidInput("the outline has no units; give it one at least, with its competencies")
    index = services.index.current()
    iris = [services.standard_iri(key) for key in standards or outline.standards]
    with indexed(services):
        return index.curriculum(services.links.sure).measure(outline, iris)


def entries_of(services: Services, result: CurriculumResult) -> tuple[Entry, ...]:
    """What the measured standards ask of those who begin."""
    found = []
    for one in result.standards:
        _, standard = services.standard(one.standard.iri)
        notes = tuple(
            note.text for note in standard.notes if note.kind == "prerequisite" and note.text.strip()
        )
        if notes:
            found.append(Entry(one.standard.code, standard.language, notes))
    return tuple(found)


def in_order(outline: Outline, result: CurriculumResult) -> Outline:
    """The outline with its units in the proposed order."""
    units = tuple(outline.units[one.unit] for one in result.order)
    return Outline(outline.title, outline.language, units, outline.standards)


def new_units(services: Services, source: str, *, title: str = "") -> tuple[tuple[Unit, ...], str]:
    """Units from a source, and the code of its standard, if it is one.

    A standard, by its code or IRI, gives a unit for each task with its activities and what they require (a
    unit for each kind where it has no tasks); anything else is searched for, and the hits that are not weak
    are one unit. Raises ``InvalidInput`` where nothing is found.
    """
    try:
        iri = services.standard_iri(source)
    except NotFound:
        iri = ""
    if iri:
        return _units_of(services, iri)
    result = services.index.current().search(source, limit=_HITS, spans=False)
    hits = [hit for hit in result.hits if not hit.weak]
    if not hits:
        raise InvalidInput(f"nothing fits {source!r}; name a standard by its code, or try another phrase")
    unit = Unit(title or " ".join(source.split())[:200], taken(services, [hit.iri for hit in hits]))
    return (unit,), ""


def _units_of(services: Services, iri: str) -> tuple[tuple[Unit, ...], str]:
    index = services.index.current()
    with indexed(services):
        side = index.comparer().side(iri)
    standard = side.compared.standard
    tasks = [one for one in side.passages if one.kind == "task"]
    if not side.passages:
        raise NoContent(standard.code)
    units: dict[str, list[Passage]] = {}
    if tasks and any(one.kind == "activity" for one in side.passages):
        for task in tasks:
            units[task.text] = [
                one
                for one in side.passages
                if "#" not in one.code
                and (
                    (one.kind == "activity" and one.path and one.path[0].code == task.code)
                    or any(_is_of(step.code, task.code) for step in one.required_by)
                )
            ] or [task]
    else:
        for one in side.passages:
            if one.kind != STANDARD_KIND and "#" not in one.code:
                units.setdefault(one.kind, []).append(one)
    made = tuple(Unit(name[:500], tuple(competency_of(one) for one in some)) for name, some in units.items())
    return made, standard.code


def _is_of(code: str, task: str) -> bool:
    return code == task or code.startswith(f"{task}.")


def export_outline(outline: Outline, form: OutlineFormat) -> Export:
    """The outline as a file that is named for it."""
    if form is OutlineFormat.JSON:
        data = (json.dumps(outline_to_json(outline), ensure_ascii=False, indent=1) + "\n").encode()
    elif form is OutlineFormat.XLSX:
        data = outline_xlsx(outline)
    else:
        data = outline_docx(outline)
    name = _UNSAFE.sub("-", outline.title).strip("-.")[:60] or "outline"
    return Export(f"{name}.{form.value}", OUTLINE_MEDIA[form], iter([data]))

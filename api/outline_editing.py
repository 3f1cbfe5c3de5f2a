"""What the form of the curriculum page does to an outline: fields, and the button that was pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.outlining import in_order, measure_outline, new_units, taken
from ontology.errors import NoNumber
from ontology.outline import Outline, Unit, checked_outline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.services import Services
    from ontology.outline import OutlineCompetency

__all__ = ["Edit", "added", "edited"]

_CODES = re.compile(r"[\s,;、，；]+")


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form sent: its ``fields``, what was ``picked`` (IRIs), the button ``do`` with its value."""

    fields: Mapping[str, str]
    picked: Sequence[str]
    do: str
    unit_name: str

    @property
    def into(self) -> int:
        text = self.fields.get("into", "")
        return int(text) if text.isdecimal() and len(text) < 4 else 0


def edited(services: Services, outline: Outline, edit: Edit) -> Outline:
    """The outline with the fields of the form, and after the button that was pressed.

    Raises ``InvalidInput`` (``DocumentError`` with the field) for what cannot be taken, ``NotFound`` for an
    element or a standard that is not loaded.
    """
    outline = _with_fields(services, outline, edit.fields)
    action, _, value = edit.do.partition(":")
    numbers = [int(part) for part in value.split(":") if part.isdecimal() and len(part) < 5]
    units = list(outline.units)
    at = numbers[0] if numbers and numbers[0] < len(units) else -1
    if action == "add" and value:
        outline = added(services, outline, [value], edit.into, edit.unit_name)
    elif action == "pick":
        outline = added(services, outline, edit.picked, edit.into, edit.unit_name)
    elif action == "from" and outline.standards:
        made = [new_units(services, key)[0] for key in outline.standards]
        outline = replace(outline, units=(*outline.units, *(unit for some in made for unit in some)))
    elif action == "unit":
        outline = replace(outline, units=(*outline.units, Unit(edit.unit_name)))
    elif action == "order" and units:
        outline = in_order(outline, measure_outline(services, outline))
    elif at >= 0:
        if action == "drop":
            del units[at]
        elif action == "up" and at:
            units[at - 1 : at + 1] = reversed(units[at - 1 : at + 1])
        elif action == "down":
            units[at : at + 2] = reversed(units[at : at + 2])
        elif action == "remove" and len(numbers) == 2:
            kept = [one for place, one in enumerate(units[at].competencies) if place != numbers[1]]
            units[at] = replace(units[at], competencies=tuple(kept))
        outline = replace(outline, units=tuple(units))
    return checked_outline(outline, "outline")


def added(services: Services, outline: Outline, iris: Sequence[str], into: int, unit_name: str) -> Outline:
    """The outline with these elements in unit number ``into`` (from 0); in a new one that is called
    ``unit_name`` where there is no such unit. What the unit has already is not added again."""
    if not iris:
        return outline
    found = taken(services, iris)
    units = list(outline.units)
    if into < len(units):
        has = {one.iri for one in units[into].competencies}
        more: tuple[OutlineCompetency, ...] = tuple(one for one in found if one.iri not in has)
        units[into] = replace(units[into], competencies=(*units[into].competencies, *more))
    else:
        units.append(Unit(unit_name, found))
    return replace(outline, units=tuple(units))


def _with_fields(services: Services, outline: Outline, fields: Mapping[str, str]) -> Outline:
    units = [
        replace(
            unit,
            title=fields.get(f"title-{at}", "").strip() or unit.title,
            hours=_hours(fields.get(f"hours-{at}"), unit),
            note=fields.get(f"note-{at}", unit.note).replace("\r\n", "\n").strip(),
        )
        for at, unit in enumerate(outline.units)
    ]
    standards = outline.standards
    if "standards" in fields:
        typed = [*_CODES.split(fields["standards"]), fields.get("standard", "")]
        known = {one.casefold() for one in outline.standards}
        standards = tuple(
            dict.fromkeys(
                key if key.casefold() in known else services.standard_keys([key])[0] for key in typed if key
            )
        )
    title = fields.get("title", "").strip() or outline.title
    return checked_outline(replace(outline, title=title, units=tuple(units), standards=standards), "outline")


def _hours(text: str | None, unit: Unit) -> float | None:
    if text is None:
        return unit.hours
    if not text.strip():
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise NoNumber(unit.title, text[:40], f"{unit.title}: {text[:40]!r} is no number of hours") from None

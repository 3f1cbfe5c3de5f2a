"""What the page of a course outline is given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.outline_words import shown_hours

if TYPE_CHECKING:
    from api.outlining import Entry
    from api.pages.hits import HitView
    from api.pages.problem_views import ProblemView
    from api.pages.views import Choice
    from ontology.outline import Outline, Unit
    from search.curriculum.results import CurriculumResult

__all__ = ["CurriculumView"]


@dataclass(frozen=True, slots=True)
class CurriculumView:
    """An outline with what is found out about it. ``state`` is the outline as addresses carry it, ``into``
    the number of the unit that additions go into (from 0; the number of units for a new one), ``standards``
    what can be chosen to be covered; ``notes`` are sentences."""

    outline: Outline
    state: str
    into: int
    standards: tuple[Choice, ...]
    result: CurriculumResult | None = None
    entries: tuple[Entry, ...] = ()
    unknown: frozenset[str] = frozenset()
    query: str = ""
    query_limit: int = 0
    hits: tuple[HitView, ...] = ()
    nothing_found: bool = False
    notes: tuple[str, ...] = ()
    error: ProblemView | None = None

    @property
    def taught_json(self) -> str:
        """The IRIs of all competencies of the outline, as a JSON array."""
        return json.dumps([one.iri for unit in self.outline.units for one in unit.competencies])

    def hours(self, unit: Unit) -> str:
        return shown_hours(unit.hours)

    @property
    def total_hours(self) -> str:
        known = [unit.hours for unit in self.outline.units if unit.hours is not None]
        return shown_hours(round(sum(known), 2)) if known else ""

    @property
    def targets(self) -> str:
        return ", ".join(self.outline.standards)

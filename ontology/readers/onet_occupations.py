"""The occupations of an O*NET release, gathered from its tables and given out as standards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.identifiers import standard_reference
from ontology.model import ConceptKind, RelatedStandard, Requirement, Standard, Task
from ontology.readers.onet_shared import ELEMENTS
from ontology.readers.onet_tables import (
    ALTERNATE_TITLES,
    CODE,
    OCCUPATIONS,
    RATINGS,
    RELATED,
    SCALES,
    TASKS,
    TASKS_TO_DWAS,
    TECHNOLOGIES,
)
from ontology.readers.text import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ontology.readers.onet_release import Release
    from ontology.readers.onet_shared import Shared
    from ontology.readers.onet_tables import Table

__all__ = ["FRAMEWORK", "Occupations"]

FRAMEWORK = "onet"
_BLANK = {"", "n/a"}
_BOUNDS = {"IM": (1.0, 5.0), "LV": (0.0, 7.0)}
"""The scales that are read, and their bounds where the release does not tell them."""


@dataclass(slots=True)
class _Rating:
    kind: ConceptKind
    values: dict[str, float] = field(default_factory=dict)
    suppressed: set[str] = field(default_factory=set)
    not_relevant: bool = False


@dataclass(slots=True)
class _Occupation:
    """An occupation in the making."""

    code: str
    title: str
    description: str
    names: set[str] = field(default_factory=set)
    tasks: dict[str, tuple[str, str]] = field(default_factory=dict)
    activities: dict[str, set[str]] = field(default_factory=dict)
    ratings: dict[str, _Rating] = field(default_factory=dict)
    technologies: dict[str, bool] = field(default_factory=dict)
    related: dict[str, tuple[int, str]] = field(default_factory=dict)
    origins: dict[str, dict[str, None]] = field(default_factory=dict)


class Occupations:
    """Reads the tables that say something of occupations, one after the other.

    ``unread_scales`` counts the ratings on scales that the model has no place for, ``missing_values`` those
    without a value, by table.
    """

    def __init__(self, release: Release, shared: Shared) -> None:
        self._release = release
        self._shared = shared
        self._found: dict[str, _Occupation] = {}
        self._bounds: dict[str, tuple[float, float]] = {}
        self.unread_scales: Counter[str] = Counter()
        self.missing_values: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._found)

    def read(self, tell: Callable[[str], None]) -> None:
        """``tell`` is given the name of each table before it is read."""
        steps: list[tuple[str, Callable[[Table], None]]] = [
            (OCCUPATIONS.name, self._read_occupations),
            (SCALES.name, self._read_scales),
            (TASKS.name, self._read_tasks),
            (TASKS_TO_DWAS.name, self._read_activities),
            *((form.name, self._read_ratings) for form in RATINGS),
            (TECHNOLOGIES.name, self._read_technologies),
            (ALTERNATE_TITLES.name, self._read_names),
            (RELATED.name, self._read_related),
        ]
        for name, read in steps:
            if table := self._release.tables.get(name):
                tell(name)
                read(table)

    def standards(self) -> Iterator[Standard]:
        """In the order of the table of occupations; what the graph has no order for is sorted."""
        for one in self._found.values():
            yield Standard(
                framework=FRAMEWORK,
                code=one.code,
                name=one.title,
                language="en",
                description=one.description,
                tasks=tuple(
                    Task(
                        code,
                        text,
                        category=category,
                        work_activities=tuple(sorted(one.activities.get(code, ()))),
                    )
                    for code, (text, category) in one.tasks.items()
                ),
                source=self._release.name,
                alternative_names=tuple(sorted(one.names - {one.title})),
                requirements=tuple(sorted(self._requirements(one), key=_requirement_order)),
                related=tuple(
                    RelatedStandard(standard_reference(FRAMEWORK, code), tier)
                    for code, (_, tier) in sorted(one.related.items(), key=lambda item: item[1][0])
                ),
                details=tuple((name, "; ".join(said)) for name, said in one.origins.items()),
            )

    def _requirements(self, one: _Occupation) -> Iterator[Requirement]:
        for code, rating in one.ratings.items():
            yield Requirement(
                rating.kind,
                self._shared.reference(ELEMENTS, code),
                importance=rating.values.get("IM"),
                level=rating.values.get("LV"),
                suppressed="IM" in rating.suppressed,
                level_suppressed="LV" in rating.suppressed,
                not_relevant=rating.not_relevant,
            )
        for name, in_demand in one.technologies.items():
            reference = self._shared.technology(name)
            yield Requirement(ConceptKind.TECHNOLOGY, reference, "in-demand" if in_demand else "")

    def _read_occupations(self, table: Table) -> None:
        for number, (code, title, description) in table.rows(*OCCUPATIONS.columns):
            table.occupation(number, CODE, code)
            if code in self._found:
                raise table.fault(number, CODE, f"{code} is there twice", "each occupation once")
            table.needed(number, "Title", title)
            self._found[code] = _Occupation(code, title, "" if description in _BLANK else description)

    def _read_scales(self, table: Table) -> None:
        for number, (scale, least, most) in table.rows(*SCALES.columns):
            table.needed(number, "Scale ID", scale)
            bounds = (table.decimal(number, "Minimum", least), table.decimal(number, "Maximum", most))
            if bounds[0] > bounds[1]:
                raise table.fault(number, "Maximum", f"{most} is less than the minimum", f"at least {least}")
            self._bounds[scale] = bounds

    def _read_tasks(self, table: Table) -> None:
        seen: set[str] = set()
        for number, (code, task, text, kind, *origin) in table.rows(*TASKS.columns, *TASKS.optional):
            one = self._occupation(table, number, code)
            table.whole(number, "Task ID", task)
            if task in seen:
                raise table.fault(number, "Task ID", f"{task} is there twice", "each task once")
            seen.add(task)
            one.tasks[task] = (table.needed(number, "Task", text), "" if kind in _BLANK else kind)
            _note_origin(one, table, origin)

    def _read_activities(self, table: Table) -> None:
        if TASKS.name not in self._release.tables:
            return
        columns = ("DWA Title", "Date", "Domain Source")
        for number, (code, task, activity, title, *origin) in table.rows(*TASKS_TO_DWAS.columns, *columns):
            one = self._occupation(table, number, code)
            if task not in one.tasks:
                raise table.fault(
                    number,
                    "Task ID",
                    f"{code} has no task {shorten(task)!r}",
                    "the ID of one of its Task Statements",
                )
            self._shared.take_activity(table, number, activity, title)
            one.activities.setdefault(task, set()).add(self._shared.activity(activity))
            _note_origin(one, table, origin)

    def _read_ratings(self, table: Table) -> None:
        kind = table.form.kind
        assert kind is not None
        values: dict[tuple[str, str], float] = {}
        columns = (
            "Element ID",
            "Element Name",
            "Scale ID",
            "Data Value",
            "Recommend Suppress",
            "Not Relevant",
        )
        rows = table.rows(CODE, *columns, "Date", "Domain Source")
        for number, (code, element, name, scale, printed, suppress, irrelevant, *origin) in rows:
            one = self._occupation(table, number, code)
            self._shared.take_element(table, number, element, name, kind)
            if scale not in _BOUNDS:
                self._check_scale(table, number, scale)
                self.unread_scales[f"{table.form.name}, {scale}"] += 1
                continue
            if printed in _BLANK:
                self.missing_values[table.form.name] += 1
                continue
            value = values.get((scale, printed))
            if value is None:
                value = values[scale, printed] = self._value(table, number, scale, printed)
            rating = one.ratings.setdefault(element, _Rating(kind))
            if scale in rating.values:
                raise table.fault(
                    number, "Scale ID", f"{code} has {element} on the scale {scale} twice", "once"
                )
            rating.values[scale] = value
            if table.flag(number, "Recommend Suppress", suppress):
                rating.suppressed.add(scale)
            if table.flag(number, "Not Relevant", irrelevant):
                rating.not_relevant = True
            _note_origin(one, table, origin)

    def _check_scale(self, table: Table, number: int, scale: str) -> None:
        if scale not in self._bounds:
            raise table.fault(
                number, "Scale ID", f"the scale {shorten(scale)!r} is unknown", "one of the Scales Reference"
            )

    def _value(self, table: Table, number: int, scale: str, printed: str) -> float:
        value = table.decimal(number, "Data Value", printed)
        least, most = self._bounds.get(scale, _BOUNDS[scale])
        if not least <= value <= most:
            raise table.fault(
                number, "Data Value", f"{printed} is outside the scale {scale}", f"{least:g} to {most:g}"
            )
        return value

    def _read_technologies(self, table: Table) -> None:
        for number, (code, name, in_demand) in table.rows(CODE, "Example", "In Demand"):
            one = self._occupation(table, number, code)
            wanted = table.flag(number, "In Demand", in_demand)
            one.technologies[name] = wanted or one.technologies.get(name, False)

    def _read_names(self, table: Table) -> None:
        for number, (code, name, short) in table.rows(CODE, "Alternate Title", "Short Title"):
            one = self._occupation(table, number, code)
            one.names.add(table.needed(number, "Alternate Title", name))
            if short not in _BLANK:
                one.names.add(short)

    def _read_related(self, table: Table) -> None:
        for number, (code, other, tier, index) in table.rows(*RELATED.columns):
            one = self._occupation(table, number, code)
            self._occupation(table, number, other, "Related O*NET-SOC Code")
            if other in one.related:
                raise table.fault(
                    number, "Related O*NET-SOC Code", f"{other} is related to {code} twice", "once"
                )
            place = int(table.whole(number, "Index", index)[:9])
            one.related[other] = (place, "" if tier in _BLANK else tier)

    def _occupation(self, table: Table, number: int, code: str, column: str = CODE) -> _Occupation:
        one = self._found.get(code)
        if one is None:
            table.occupation(number, column, code)
            raise table.fault(number, column, f"Occupation Data has no {code}", "an occupation in it")
        return one


def _note_origin(one: _Occupation, table: Table, origin: list[str]) -> None:
    for column, text in zip(("Date", "Domain Source"), origin, strict=True):
        if text not in _BLANK:
            one.origins.setdefault(f"{table.form.name}: {column}", {})[text] = None


def _requirement_order(one: Requirement) -> tuple[str, str, str]:
    return (one.kind, one.concept, one.relation)

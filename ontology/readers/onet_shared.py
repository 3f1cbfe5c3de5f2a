"""What the occupations of O*NET share: the content model, work activities and technologies, as concepts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.dataset import Concept, ConceptScheme
from ontology.identifiers import concept_reference
from ontology.model import ConceptKind
from ontology.readers.onet_tables import (
    CONTENT_MODEL,
    DWA_REFERENCE,
    IWA_REFERENCE,
    RATINGS,
    TECHNOLOGIES,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ontology.readers.onet_release import Release

__all__ = ["ELEMENTS", "SCHEMES", "Shared"]

ELEMENTS = "onet-content-model"
ACTIVITIES = "onet-work-activities"
TECHNOLOGY = "onet-technologies"
COMMODITIES = "unspsc"
SCHEMES = (
    ConceptScheme(ELEMENTS, "O*NET Content Model"),
    ConceptScheme(ACTIVITIES, "O*NET work activities, intermediate and detailed"),
    ConceptScheme(TECHNOLOGY, "Technology skills of O*NET"),
    ConceptScheme(COMMODITIES, "UNSPSC commodities that O*NET places technologies under"),
)
_KINDS = {prefix: form.kind for form in RATINGS for prefix in form.elements} | {"4.A.": ConceptKind.ACTIVITY}
_INTERMEDIATE = "Intermediate Work Activities"
_DETAILED = "Detailed Work Activities"


@dataclass(slots=True)
class _Entry:
    """A concept in the making."""

    name: str
    description: str = ""
    broader: set[str] = field(default_factory=set)
    is_hot: bool = False
    kind: ConceptKind | None = None
    category: str = ""


class Shared:
    """The concepts of a release, and what rows may refer to.

    ``elements`` and ``activities`` are by ID, ``technologies`` by name, ``commodities`` by code. An ID that
    the reference tables lack is a fault where they are there; without them its name is taken from the row.
    """

    def __init__(self) -> None:
        self.elements: dict[str, _Entry] = {}
        self.activities: dict[str, _Entry] = {}
        self.technologies: dict[str, _Entry] = {}
        self.commodities: dict[str, _Entry] = {}
        self.unnamed: list[str] = []
        self.unlike: list[str] = []
        self._references: dict[tuple[str, str], str] = {}
        self._knows_elements = False
        self._knows_activities = False

    def reference(self, scheme: str, code: str) -> str:
        """As ``concept_reference``, made once."""
        key = (scheme, code)
        found = self._references.get(key)
        if found is None:
            found = self._references[key] = concept_reference(scheme, code)
        return found

    def activity(self, code: str) -> str:
        return self.reference(ACTIVITIES, code)

    def technology(self, name: str) -> str:
        return self.reference(TECHNOLOGY, name)

    def read(self, release: Release) -> None:
        """The reference tables."""
        if table := release.table(CONTENT_MODEL):
            self._read_content_model(table)
        if table := release.table(IWA_REFERENCE):
            self._read_intermediate(table)
        if table := release.table(DWA_REFERENCE):
            self._read_detailed(table)
        if table := release.table(TECHNOLOGIES):
            self._read_technologies(table)

    def take_element(self, table: Table, number: int, code: str, name: str, kind: ConceptKind) -> None:
        """An element that a row names: known, or new where there is no content model."""
        entry = self.elements.get(code)
        if entry is not None and entry.kind is kind:
            return
        table.element(number, "Element ID", code)
        if entry is None and self._knows_elements:
            raise table.fault(
                number, "Element ID", f"the Content Model Reference has no element {code}", "an element in it"
            )
        if kind is not self._usual_kind(code, kind) or (entry and entry.kind):
            raise table.fault(number, "Element ID", f"{code} is no element of {table.form.name}")
        if entry is None:
            entry = self.elements[code] = _Entry(self._name(code, name))
        entry.kind = kind

    def take_activity(self, table: Table, number: int, code: str, title: str) -> None:
        """A detailed work activity that a row names."""
        if code in self.activities:
            return
        table.element(number, "DWA ID", code)
        if self._knows_activities:
            raise table.fault(number, "DWA ID", f"the DWA Reference has no activity {code}", "one in it")
        self.activities[code] = _Entry(self._name(code, title), category=_DETAILED)

    def concepts(self) -> Iterator[Concept]:
        """Every concept, what is above before what is below."""
        parents = {code.rpartition(".")[0] for code in self.elements}
        for code, entry in self.elements.items():
            above = code.rpartition(".")[0]
            group = ConceptKind.GROUP
            yield Concept(
                ELEMENTS,
                code,
                entry.kind or (group if code in parents else self._usual_kind(code, group)),
                entry.name,
                description=entry.description,
                category=self._category(code),
                broader=(self.reference(ELEMENTS, above),) if above in self.elements else (),
            )
        for code, entry in self.activities.items():
            yield Concept(
                ACTIVITIES,
                code,
                ConceptKind.ACTIVITY,
                entry.name,
                category=entry.category,
                broader=tuple(sorted(entry.broader)),
            )
        for code, entry in self.commodities.items():
            yield Concept(COMMODITIES, code, ConceptKind.GROUP, entry.name)
        for code, entry in self.technologies.items():
            yield Concept(
                TECHNOLOGY,
                code,
                ConceptKind.TECHNOLOGY,
                entry.name,
                tags=("hot",) if entry.is_hot else (),
                broader=tuple(sorted(entry.broader)),
            )

    def _usual_kind(self, code: str, otherwise: ConceptKind) -> ConceptKind:
        kinds = (kind for prefix, kind in _KINDS.items() if kind and code.startswith(prefix))
        return next(kinds, otherwise)

    def _category(self, code: str) -> str:
        """The name of the part of the content model that an element stands in (``Abilities``)."""
        domain = ".".join(code.split(".")[:2])
        return self.elements[domain].name if domain != code and domain in self.elements else ""

    def _name(self, code: str, name: str) -> str:
        if name and name != "n/a":
            return name
        self.unnamed.append(code)
        return code

    def _read_content_model(self, table: Table) -> None:
        self._knows_elements = True
        for number, (code, name, description) in table.rows(*CONTENT_MODEL.columns):
            table.element(number, "Element ID", code)
            if code in self.elements:
                raise table.fault(number, "Element ID", f"{code} is there twice", "each element once")
            table.needed(number, "Element Name", name)
            # The parts at the top only repeat their names.
            self.elements[code] = _Entry(name, description if description not in {name, "n/a"} else "")

    def _read_intermediate(self, table: Table) -> None:
        for number, (element, code, title) in table.rows(*IWA_REFERENCE.columns):
            self._take_above(table, number, element, "")
            table.element(number, "IWA ID", code)
            self._take_intermediate(code, table.needed(number, "IWA Title", title), element)

    def _read_detailed(self, table: Table) -> None:
        self._knows_activities = True
        columns = ("Element ID", "Element Name", "IWA ID", "IWA Title", "DWA ID", "DWA Title")
        for number, (element, name, above, above_title, code, title) in table.rows(*columns):
            self._take_above(table, number, element, name)
            table.element(number, "IWA ID", above)
            table.element(number, "DWA ID", code)
            if code in self.activities:
                raise table.fault(number, "DWA ID", f"{code} is there twice", "each activity once")
            if above not in self.activities:
                self._take_intermediate(above, self._name(above, above_title), element)
            entry = _Entry(table.needed(number, "DWA Title", title), category=_DETAILED)
            entry.broader.add(self.reference(ACTIVITIES, above))
            self.activities[code] = entry

    def _take_above(self, table: Table, number: int, element: str, name: str) -> None:
        self.take_element(table, number, element, name, ConceptKind.ACTIVITY)

    def _take_intermediate(self, code: str, title: str, element: str) -> None:
        entry = self.activities.setdefault(code, _Entry(title, category=_INTERMEDIATE))
        entry.broader.add(self.reference(ELEMENTS, element))

    def _read_technologies(self, table: Table) -> None:
        columns = ("Example", "Commodity Code", "Commodity Title", "Hot Technology")
        hot: dict[str, set[bool]] = defaultdict(set)
        for number, (name, code, title, is_hot) in table.rows(*columns):
            entry = self.technologies.get(name)
            if entry is None:
                entry = self.technologies[table.needed(number, "Example", name)] = _Entry(name)
            if code not in self.commodities:
                table.whole(number, "Commodity Code", code)
                self.commodities[code] = _Entry(table.needed(number, "Commodity Title", title))
            entry.broader.add(self.reference(COMMODITIES, code))
            hot[name].add(table.flag(number, "Hot Technology", is_hot))
        for name, said in hot.items():
            self.technologies[name].is_hot = True in said
            if len(said) > 1:
                self.unlike.append(name)

"""What all parts of a CASE package are written with: identifiers, links, levels and types of items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from ontology.case_form import EXTENSION, UUID, case_identifier
from ontology.errors import InvalidInput
from ontology.identifiers import standard_key
from ontology.json_form import to_json
from ontology.rdf_writing import read_date
from ontology.writers.case_details import is_date_time, native_details

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["ITEM_TYPES", "Node", "PackageParts", "last_change", "outside"]

ITEM_TYPES = {
    "task": "Task",
    "activity": "Activity",
    "output": "Output",
    "indicator": "Indicator",
    "knowledge": "Knowledge",
    "skill": "Skill",
    "attitude": "Attitude",
    "sub-item": "Sub-item",
}
_NEVER = "1970-01-01T00:00:00+00:00"


def last_change(standard: Standard) -> str:
    """When a standard last changed, as a date and time: what it says itself, else the date of its version,
    else the latest date of its versions, else the beginning of 1970. Never the time of the export, so that
    an unchanged standard gives an unchanged package."""
    if is_date_time(standard.modified):
        has_zone = re.search(r"(Z|[+-]\d\d:?\d\d)$", standard.modified[10:])
        return standard.modified if has_zone else f"{standard.modified}+00:00"
    key = standard_key(standard.code, standard.version)
    own = [one.date for one in standard.history if standard_key(one.code, one.version) == key]
    for printed in ([standard.modified], own, [one.date for one in standard.history]):
        if days := [day for one in printed if (day := read_date(one))]:
            return f"{max(days).isoformat()}T00:00:00+00:00"
    return _NEVER


@dataclass(frozen=True, slots=True)
class Node:
    """What an association can lead to; ``extra`` is the extension of its item, which may still grow."""

    identifier: str
    uri: str
    title: str
    extra: dict[str, Any]

    def link(self, title: str = "") -> dict[str, str]:
        return {"title": title or self.title, "identifier": self.identifier, "uri": self.uri}


class PackageParts:
    """The state of writing one package."""

    def __init__(self, standard: Standard, identifiers: Identifiers) -> None:
        self._standard = standard
        self._identifiers = identifiers
        self._iri = identifiers.of_standard(standard)
        self._form: dict[str, Any] = to_json(standard)
        self._when = last_change(standard)
        self._is_case = standard.framework == "case"
        self._taken: set[str] = set()
        self._prefix = ""
        self._items: list[dict[str, Any]] = []
        self._associations: list[dict[str, Any]] = []
        self._concepts: dict[int, dict[str, Any]] = {}
        self._types: dict[str, dict[str, Any]] = {}
        self._listed: dict[str, dict[str, Node]] = {"knowledge": {}, "skills": {}}
        self._statements: dict[str, Node] = {}
        self._required: list[tuple[Node, str, list[str]]] = []

    def _native(
        self, details: dict[str, str], fields: dict[str, Any]
    ) -> tuple[dict[str, Any], list[list[str]]]:
        return native_details(details, fields if self._is_case else {})

    def _name(self, iri: str, wished: str = "") -> str:
        """A UUID that nothing else in the package has: the one of the source where it has one."""
        identifier = wished if UUID.fullmatch(wished) and wished not in self._taken else case_identifier(iri)
        if identifier in self._taken:
            raise InvalidInput(f"two elements of {self._standard.code} have the IRI {iri}")
        self._taken.add(identifier)
        return identifier

    def _name_association(self, key: str, wished: str = "") -> str:
        """A UUID that begins as the document's does, so that a service finds the package of an association by
        it; ``wished`` where the source had one."""
        if UUID.fullmatch(wished) and wished not in self._taken:
            identifier = wished
        else:
            made = (self._prefix + case_identifier(f"{self._iri}#{key}{mark}")[8:] for mark in _marks())
            identifier = next(one for one in made if one not in self._taken)
        self._taken.add(identifier)
        return identifier

    def _add(self, item: dict[str, Any], node: Node) -> None:
        extensions = {**item.pop("extensions", {}), EXTENSION: node.extra}
        self._items.append({**item, "extensions": extensions})

    def _level(self, level: int) -> dict[str, str]:
        iri = self._identifiers.level(self._standard.framework, level)
        if level not in self._concepts:
            self._concepts[level] = {
                "identifier": case_identifier(iri),
                "uri": iri,
                "title": f"Level {level}",
                "hierarchyCode": str(level),
                "lastChangeDateTime": self._when,
            }
        return {key: str(self._concepts[level][key]) for key in ("title", "identifier", "uri")}

    def _type(self, kind: str) -> dict[str, str]:
        iri = f"{self._identifiers.base}item-type/{kind}"
        if kind not in self._types:
            self._types[kind] = {
                "identifier": case_identifier(iri),
                "uri": iri,
                "title": ITEM_TYPES[kind],
                "description": ITEM_TYPES[kind],
                "hierarchyCode": str(list(ITEM_TYPES).index(kind) + 1),
                "typeCode": kind,
                "lastChangeDateTime": self._when,
            }
        return {key: str(self._types[kind][key]) for key in ("title", "identifier", "uri")}

    def _associate(
        self, kind: str, origin: Node, target: dict[str, str], of: str, sequence: int | None = None
    ) -> None:
        key = f"{kind}/{of}/{origin.identifier}/{target['identifier']}"
        identifier = self._name_association(key)
        association = {
            "identifier": identifier,
            "associationType": kind,
            **({} if sequence is None else {"sequenceNumber": sequence}),
            "uri": f"urn:uuid:{identifier}",
            "originNodeURI": origin.link(),
            "destinationNodeURI": target,
            "lastChangeDateTime": self._when,
            **({"extensions": {EXTENSION: {"of": of}}} if of else {}),
        }
        self._associations.append(association)


def outside(iri: str, title: str = "") -> dict[str, str]:
    """A node that is not in the package; CASE services end the URI of a thing with its identifier."""
    last = iri.rpartition("/")[2]
    identifier = last if UUID.fullmatch(last) else case_identifier(iri)
    return {"title": title or iri, "identifier": identifier, "uri": iri}


def _marks() -> Iterator[str]:
    yield ""
    yield from (f"/{number}" for number in count(2))

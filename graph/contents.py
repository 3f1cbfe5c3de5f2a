"""What the store holds of each class and property: how much, and one example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import Literal, URIRef

from graph.repository import query_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.store import RdfStore

__all__ = ["ClassUse", "Contents", "PropertyUse", "list_contents"]


@dataclass(frozen=True, slots=True)
class ClassUse:
    """How many instances a class has, and the IRI of one."""

    count: int
    example: str


@dataclass(frozen=True, slots=True)
class PropertyUse:
    """How many statements a property makes, and one of them; ``links`` says that its object is an IRI."""

    count: int
    subject: str
    object: str
    links: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """By IRI; what is not used is absent."""

    classes: Mapping[str, ClassUse]
    properties: Mapping[str, PropertyUse]


def list_contents(store: RdfStore) -> Contents:
    """Reads the whole store, so that it is for asking once a revision. Empty while nothing was loaded."""
    if not store.graphs():
        return Contents({}, {})
    classes = {
        str(row["class"]): ClassUse(int(str(row["count"])), str(row["example"]))
        for row in store.select(query_text("class-counts.rq"))
    }
    properties = {
        str(row["property"]): _use(store, URIRef(str(row["property"])), int(str(row["count"])))
        for row in store.select(query_text("property-counts.rq"))
    }
    return Contents(classes, properties)


def _use(store: RdfStore, iri: URIRef, count: int) -> PropertyUse:
    (row,) = store.select(query_text("property-example.rq"), {"property": iri})
    return PropertyUse(count, str(row["subject"]), str(row["object"]), not isinstance(row["object"], Literal))

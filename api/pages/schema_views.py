"""What the template of the schema page is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.views import Value

__all__ = ["SchemaView", "TermView"]


@dataclass(frozen=True, slots=True)
class TermView:
    """A class or property: what RDF (``curie``) and the property graph (``name``) call it.

    ``above`` are the further labels of a class; ``domain`` and ``range`` are labels, empty where any will do,
    and for a property with values ``range`` is its datatype. ``example`` is what it is shown with, in one or
    two parts; ``sparql`` and ``cypher`` lead to queries about it.
    """

    id: str
    title: str
    definition: str
    curie: str
    name: str
    count: int
    sparql: str
    cypher: str
    above: tuple[str, ...] = ()
    domain: str = ""
    range: str = ""
    example: tuple[Value, ...] = ()

    @property
    def completion(self) -> dict[str, str | int]:
        """As the editor of queries reads it; ``kind`` is class, type or property."""
        return {
            "kind": self.id.partition("-")[0],
            "curie": self.curie,
            "name": self.name,
            "title": self.title,
            "definition": self.definition,
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class SchemaView:
    """The terms that the data uses, by kind; those that it does not use stand in ``unused``."""

    classes: tuple[TermView, ...]
    relationships: tuple[TermView, ...]
    literals: tuple[TermView, ...]
    unused: tuple[TermView, ...]

    @property
    def used(self) -> tuple[TermView, ...]:
        return (*self.classes, *self.relationships, *self.literals)

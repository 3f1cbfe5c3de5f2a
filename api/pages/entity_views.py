"""What the page of an element or a concept is given of what stands above it and beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.views import StandardRow
    from ontology.model import Place

__all__ = ["CodeView", "Crumb", "ElementSource", "Neighbour", "NeighbourGroup"]


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way from the outermost to the page."""

    code: str
    text: str
    language: str
    href: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An element or a standard beside the one of the page; ``note`` is already in words."""

    code: str
    text: str
    language: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class NeighbourGroup:
    """Neighbours of one sort, by the ``label`` it has on the page; there are ``total`` of them, and ``href``
    shows them all where there are more than the ``rows``."""

    label: str
    rows: tuple[Neighbour, ...]
    total: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ElementSource:
    """Where an element was read: ``document`` is the file, ``place`` the line or page in it; ``href`` leads
    to what is told of the document."""

    document: str
    href: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class CodeView:
    """What stands under a code, a level or a framework, and below a concept.

    ``is_place`` says that standards are classified by it. Then ``standards`` are the first of ``total`` at it
    and below it, ``href`` leads to all of them; ``kept`` are the filters of a search among them, ``None``
    where a search cannot be so narrow. ``below`` are the codes right below, each with the number of its
    standards as ``note``; ``listed`` are standards that a catalogue puts here, of which no more than the name
    is loaded.
    """

    is_place: bool

    standards: tuple[StandardRow, ...]
    total: int
    href: str | None
    kept: tuple[tuple[str, str], ...] | None
    below: NeighbourGroup | None
    listed: NeighbourGroup | None

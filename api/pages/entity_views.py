"""What the page of an element or a concept is given of what stands above it and beside it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Crumb", "Neighbour", "NeighbourGroup"]


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
    """Neighbours of one sort, by the ``label`` it has on the page; there are ``total`` of them."""

    label: str
    rows: tuple[Neighbour, ...]
    total: int

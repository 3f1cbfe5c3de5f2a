"""What the templates are given of hits and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GroupView", "HitView", "Piece", "PlaceView", "PlacesView", "SimilarView", "Step", "pieces"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; ``hit`` when a word of the query stands there."""

    text: str
    hit: bool


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Cuts ``text`` at ``spans`` (start, end; sorted, not overlapping), so that templates need no HTML."""
    cut: list[Piece] = []
    position = 0
    for start, end in spans:
        cut += [Piece(text[position:start], hit=False), Piece(text[start:end], hit=True)]
        position = end
    cut.append(Piece(text[position:], hit=False))
    return tuple(piece for piece in cut if piece.text)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path from the standard down to an element."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Another place where the same stands as a hit."""

    iri: str
    code: str
    standard: str
    standard_name: str
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class HitView:
    """A hit as the list shows it; ``percent`` is its score of 0–100, ``weak`` whether it fits only loosely,
    ``found_by`` one of words, meaning, both, code, ``level`` the nearest one that is stated. ``name`` is the
    other name that has the query's words. ``places`` are the first of the other places where the same
    stands, ``also`` says how many there are, ``more_places`` leads to all where not all are shown."""

    iri: str
    code: str
    kind: str
    language: str
    pieces: tuple[Piece, ...]
    percent: int
    weak: bool
    standard: str
    standard_iri: str
    standard_name: str
    path: tuple[Step, ...]
    level: int | None
    found_by: str
    words: str
    name: tuple[Piece, ...] = ()
    also: str = ""
    places: tuple[PlaceView, ...] = ()
    more_places: str | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    """A standard with the best of its hits; ``total`` counts those that fit, ``href`` leads to all."""

    standard: str
    standard_name: str
    total: int
    href: str
    hits: tuple[HitView, ...]


@dataclass(frozen=True, slots=True)
class SimilarView:
    """An element with its other places, and a page of what is like it. ``wider`` leads to the same with the
    element's own standard compared as well, or back; empty for what is in no standard."""

    element: HitView
    hits: tuple[HitView, ...]
    first: int
    last: int
    total: int
    previous: str | None
    next: str | None
    wider: str
    is_wide: bool


@dataclass(frozen=True, slots=True)
class PlacesView:
    """An element, and a page of the other places where the same stands."""

    iri: str
    code: str
    kind: str
    text: str
    language: str
    standard: str
    standard_name: str
    standard_iri: str
    also: str
    places: tuple[PlaceView, ...]
    first: int
    last: int
    total: int
    previous: str | None
    next: str | None

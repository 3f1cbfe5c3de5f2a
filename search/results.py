"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.facets import FacetValue
    from search.passages import Step

__all__ = ["Group", "Hit", "OtherName", "Place", "Reason", "SearchResult", "SimilarResult"]


@dataclass(frozen=True, slots=True)
class OtherName:
    """What else a hit is called, and where the words of the query stand in it, as in ``Reason``."""

    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a hit was found. ``found_by`` is ``words``, ``meaning``, ``both`` or ``code``.

    ``words`` is the part of the query's words that the hit has, weighted by how rare they are, 0–1, and
    ``None`` where it has none; ``meaning`` the likeness in meaning, 0–1, ``None`` for a hit by code.
    ``spans`` are the places of the query's words in the hit's text: (start, end) in code points, in order
    and apart from each other. ``name`` is the other name where the query's words stand, ``None`` where most
    of them stand in the text or its detail.
    """

    found_by: str
    words: float | None
    meaning: float | None
    spans: tuple[tuple[int, int], ...] = ()
    name: OtherName | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands that says the same as a hit; the fields are those of
    ``search.passages.Passage``."""

    iri: str
    code: str
    standard: str
    standard_name: str
    standard_iri: str
    framework: str
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One element; the fields are those of ``search.passages.Passage``. ``score`` is 0–1 and falls from
    hit to hit; ``weak`` marks one that the score says fits only loosely.

    Where duplicates are folded, ``places`` are the first of the other places where the same stands,
    ``place_count`` says how many there are, and ``standard_count`` in how many standards other than its own.
    """

    iri: str
    code: str
    kind: str
    text: str
    lang: str
    score: float
    standard: str
    standard_name: str
    standard_iri: str
    framework: str
    level: int | None
    path: tuple[Step, ...]
    required_by: tuple[Step, ...]
    detail: str
    reason: Reason
    weak: bool = False
    places: tuple[Place, ...] = ()
    place_count: int = 0
    standard_count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A standard with the best of its hits; ``total`` counts those that are not weak, up to 1,000."""

    standard: str
    standard_name: str
    standard_iri: str
    framework: str
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SimilarResult:
    """What is like an element: ``element`` itself with its other places, its score 1, and hits from an offset
    on, best first; ``total`` counts what was compared."""

    element: Hit
    hits: tuple[Hit, ...]
    total: int
    took_ms: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits from ``offset`` on, best first. ``total`` counts what was ranked under the filters
    (folded: the different ones),
    ``interpreted`` is the query as it was searched (its question frame taken away), ``query_language``
    the language it was taken to be in, ``notes`` sentences for the reader of the answer. ``facets`` counts
    the relevant hits by field, where it was asked for (see ``search.facets``), ``nothing_fits``
    says that even the best hit is weak. Where it was asked for, ``hits`` is empty and ``groups`` has the hits
    by standard, the standard with the best hit first; ``group_total`` counts the standards."""

    hits: tuple[Hit, ...]
    total: int
    interpreted: str
    query_language: str | None
    notes: tuple[str, ...]
    took_ms: float
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    nothing_fits: bool = False
    groups: tuple[Group, ...] = ()
    group_total: int = 0

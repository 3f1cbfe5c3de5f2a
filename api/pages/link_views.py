"""What the page of an element or a concept shows of its links."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AlignEnd", "AlignView", "LinkRow", "LinksView", "RulingRow"]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link, told from the page it stands on: ``text`` and ``href`` are of its other end, ``place`` the
    standard of an element. ``status`` and ``method`` are words of ``ontology.links``."""

    text: str
    href: str
    language: str
    place: str
    status: str
    method: str
    percent: int
    changed: bool


@dataclass(frozen=True, slots=True)
class LinksView:
    """The links of a concept are its ``members``, those of an element lead to concepts; ``total`` counts what
    is not shown, too."""

    rows: tuple[LinkRow, ...] = ()
    total: int = 0
    members: bool = False


@dataclass(frozen=True, slots=True)
class AlignEnd:
    """An end of a pair that is settled; ``place`` names its standard, empty for a shared concept."""

    iri: str
    code: str
    text: str
    language: str
    place: str


@dataclass(frozen=True, slots=True)
class RulingRow:
    """What was made of a pair: ``ruling`` is a word of ``api.aligning.Ruling``, ``predicate`` reads from the
    first end to the second, ``on`` is an ISO date."""

    ruling: str
    predicate: str
    by: str
    on: str
    comment: str


@dataclass(frozen=True, slots=True)
class AlignView:
    """A pair with what was made of it, the latest first; ``predicate`` is chosen in the form, and ``is_open``
    says that the service takes decisions."""

    a: AlignEnd
    b: AlignEnd
    rulings: tuple[RulingRow, ...]
    predicate: str
    predicates: tuple[str, ...]
    is_settled: bool
    is_changed: bool
    is_open: bool
    compare: str

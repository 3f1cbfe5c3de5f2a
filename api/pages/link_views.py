"""What the page of an element or a concept shows of its links."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LinkRow", "LinksView"]


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

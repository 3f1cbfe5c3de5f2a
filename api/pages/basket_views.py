"""What the page of the basket is given."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BasketElement", "BasketView"]


@dataclass(frozen=True, slots=True)
class BasketElement:
    """An element that was put into the basket, as it is now; ``href`` leads to its page."""

    iri: str
    code: str
    kind: str
    text: str
    language: str
    standard: str
    standard_name: str
    href: str


@dataclass(frozen=True, slots=True)
class BasketView:
    """``most`` elements fit into a basket; ``address`` answers what they are."""

    most: int
    address: str

"""Links: what a standard's own knowledge, skills and attitudes have to do with shared concepts.

A link is a suggestion until a person settles it. Everything is keyed by the IRIs of the pair, never by codes,
which are local to their document, nor by order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ontology.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "LINKED_KINDS",
    "Link",
    "LinkMethod",
    "LinkStatus",
    "LocalConcept",
    "decided",
    "link_id",
    "undecided",
]

LINKED_KINDS = ("knowledge", "skill", "attitude")
"""The kinds of element, and of concept, that are linked: each to its own kind."""


class LinkStatus(StrEnum):
    """What is thought of a link. ``SUGGESTED`` and ``GREY`` are the program's, the others a person's."""

    SUGGESTED = "suggested"
    GREY = "grey"
    ACCEPTED = "accepted"
    REJECTED = "rejected"

    @property
    def is_decided(self) -> bool:
        return self in (LinkStatus.ACCEPTED, LinkStatus.REJECTED)


class LinkMethod(StrEnum):
    """How a link was found: equal folded texts, near meaning, or by somebody elsewhere."""

    EXACT_TEXT = "exact_text"
    MEANING = "meaning"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class LocalConcept:
    """A concept of our own, for a text that recurs in standards of a framework; ``kind`` is one of
    ``LINKED_KINDS``, ``text`` that of the centre of its star."""

    iri: str
    framework: str
    kind: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """From an element of a standard to a shared concept, both named by absolute IRIs.

    ``standard`` is the IRI of the element's standard, ``predicate`` the local name of a SKOS mapping
    property, ``score`` 0–1 the probability that the link is right, ``model`` the embedding model behind it
    (empty for equal texts). The texts are those that were compared, or, once decided, those that were judged.
    ``zone`` is the status that the program gave it, which it has again when a decision is taken back.
    ``decided_by``, ``decided_on`` (an ISO date) and ``comment`` are those of the decision.
    """

    element: str
    concept: str
    predicate: str
    method: LinkMethod
    score: float
    status: LinkStatus
    element_text: str
    concept_text: str
    standard: str
    model: str = ""
    zone: LinkStatus = LinkStatus.GREY
    decided_by: str = ""
    decided_on: str = ""
    comment: str = ""

    @property
    def id(self) -> str:
        return link_id(self.element, self.concept)


def link_id(element: str, concept: str) -> str:
    """The name of a pair: the same whenever it is linked, and whatever comes of it."""
    return hashlib.sha256(f"{element}\n{concept}".encode()).hexdigest()[:20]


def decided(
    link: Link,
    status: LinkStatus,
    *,
    by: str,
    on: date,
    comment: str = "",
    texts: tuple[str, str] | None = None,
) -> Link:
    """The link as a person settles it; ``texts`` are those of element and concept as they are now. Raises
    ``InvalidInput`` where nobody is named."""
    if not status.is_decided:
        raise ValueError(f"{status} is no decision")
    name = " ".join(by.split())
    if not name:
        raise InvalidInput("a decision needs the name of who makes it")
    element_text, concept_text = texts or (link.element_text, link.concept_text)
    return replace(
        link,
        status=status,
        element_text=element_text,
        concept_text=concept_text,
        decided_by=name,
        decided_on=on.isoformat(),
        comment=" ".join(comment.split()),
    )


def undecided(link: Link) -> Link:
    """The link as it was before anybody settled it."""
    return replace(link, status=link.zone, decided_by="", decided_on="", comment="")

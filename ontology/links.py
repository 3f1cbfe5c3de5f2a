"""Links: what a standard's own elements have to do with shared concepts, and with elements of others.

A link is a suggestion until a person settles it; a settled one is an alignment. Everything is keyed by the
IRIs of the pair, never by codes, which are local to their document, nor by order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ontology.errors import UnknownChoice, Unsigned

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "LINKED_KINDS",
    "PREDICATES",
    "Decision",
    "Link",
    "LinkMethod",
    "LinkStatus",
    "LocalConcept",
    "decided",
    "inverse",
    "link_id",
    "superseding",
    "undecided",
]

LINKED_KINDS = ("knowledge", "skill", "attitude")
"""The kinds of element, and of concept, that are linked: each to its own kind."""


PREDICATES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""The mapping properties of SKOS, by their local names."""

_INVERSE = {"broadMatch": "narrowMatch", "narrowMatch": "broadMatch"}


class LinkStatus(StrEnum):
    """What is thought of a link. ``SUGGESTED`` and ``GREY`` are the program's, ``ACCEPTED`` and ``REJECTED``
    a person's. ``OPEN`` is a pair that was settled once, is not now, and that the program does not
    suggest."""

    SUGGESTED = "suggested"
    GREY = "grey"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    OPEN = "open"

    @property
    def is_decided(self) -> bool:
        return self in (LinkStatus.ACCEPTED, LinkStatus.REJECTED)


class LinkMethod(StrEnum):
    """How a link was found: equal folded texts, much the same words, near meaning, or by a person."""

    EXACT_TEXT = "exact_text"
    WORDS = "words"
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
class Decision:
    """What a person once made of a link; ``OPEN`` is that an earlier decision was taken back. ``on`` is an
    ISO date, ``by`` is empty only where a decision was taken back by nobody named."""

    status: LinkStatus
    predicate: str
    by: str
    on: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """From an element of a standard to a shared concept, or to an element of another standard, or between two
    standards or two concepts: whatever it is, ``element`` and ``concept`` are the absolute IRIs of its ends.

    ``standard`` is the IRI of the element's standard, ``predicate`` the local name of a SKOS mapping
    property, ``score`` 0–1 the probability that the link is right, ``model`` the embedding model behind it
    (empty for equal texts). The texts are those that were compared, or, once decided, those that were judged.
    ``zone`` is the status that the program gave it, which it has again when a decision is taken back.
    ``decided_by``, ``decided_on`` (an ISO date) and ``comment`` are those of the decision; ``history`` has
    the earlier ones, oldest first. ``other_standard`` is the IRI of the standard that ``concept`` belongs to
    where it is no shared concept.
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
    other_standard: str = ""
    history: tuple[Decision, ...] = ()

    @property
    def id(self) -> str:
        return link_id(self.element, self.concept)

    @property
    def decision(self) -> Decision | None:
        """The decision in force; ``None`` where nobody settled it."""
        if not self.status.is_decided:
            return None
        return Decision(self.status, self.predicate, self.decided_by, self.decided_on, self.comment)


def inverse(predicate: str) -> str:
    """What a mapping property is called when it is read the other way round."""
    return _INVERSE.get(predicate, predicate)


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
    predicate: str | None = None,
) -> Link:
    """The link as a person settles it, an earlier decision in its history; ``texts`` are those of element and
    concept as they are now, ``predicate`` is what the person calls it, where that is another one. Raises
    ``Unsigned`` where nobody is named, ``UnknownChoice`` for no predicate of SKOS."""
    if not status.is_decided:
        raise ValueError(f"{status} is no decision")
    name = " ".join(by.split())
    if not name:
        raise Unsigned("a decision needs the name of who makes it")
    if predicate is not None and predicate not in PREDICATES:
        raise UnknownChoice("predicate", predicate, PREDICATES)
    element_text, concept_text = texts or (link.element_text, link.concept_text)
    return replace(
        link,
        status=status,
        predicate=predicate or link.predicate,
        history=_history(link),
        element_text=element_text,
        concept_text=concept_text,
        decided_by=name,
        decided_on=on.isoformat(),
        comment=" ".join(comment.split()),
    )


def undecided(link: Link, *, by: str = "", on: date | None = None) -> Link:
    """The link as it was before anybody settled it; that it was settled, and who took that back when, stays
    in its history. A link that is not settled stays as it is."""
    if not link.status.is_decided:
        return link
    taken_back = Decision(LinkStatus.OPEN, link.predicate, " ".join(by.split()), on.isoformat() if on else "")
    return replace(
        link,
        status=link.zone,
        decided_by="",
        decided_on="",
        comment="",
        history=(*_history(link), taken_back),
    )


def superseding(before: Link, link: Link) -> Link:
    """A decision from elsewhere in place of the link that there is, whose own decision goes into its history;
    the link that there is where the decision is the same."""
    if replace(before, history=()) == replace(link, history=()):
        return before
    return replace(link, history=_history(before))


def _history(link: Link) -> tuple[Decision, ...]:
    return (*link.history, decision) if (decision := link.decision) else link.history

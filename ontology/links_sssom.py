"""Links as SSSOM mappings and back: decisions, and with them the suggestions that they were made on.

A mapping is a decision where it says ``Not``, or is justified by a review or by hand; ``ext_status`` tells it
of links that this program wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ontology.dataset import Mapping
from ontology.errors import DocumentError
from ontology.links import LinkMethod, LinkStatus, inverse
from ontology.rdf_links import decision_slots, justification_of

if TYPE_CHECKING:
    from ontology.links import Link

__all__ = ["ReadDecision", "decision_of", "to_mapping"]

_BY_HAND = ("semapv:MappingReview", "semapv:ManualMappingCuration")
_NAMES = ("reviewer_label", "reviewer_id", "author_label", "author_id", "creator_label", "creator_id")
_UNDECIDED = (LinkStatus.SUGGESTED, LinkStatus.GREY, LinkStatus.OPEN)
_DATES = ("review_date", "mapping_date")


@dataclass(frozen=True, slots=True)
class ReadDecision:
    """What a mapping says of a link; ``by`` and ``on`` are empty where it does not tell."""

    element: str
    concept: str
    predicate: str
    status: LinkStatus
    method: LinkMethod
    zone: LinkStatus
    score: float
    element_text: str
    concept_text: str
    model: str
    by: str
    on: str
    comment: str

    def turned(self) -> ReadDecision:
        """The same, read the other way round."""
        return replace(
            self,
            element=self.concept,
            concept=self.element,
            predicate=inverse(self.predicate),
            element_text=self.concept_text,
            concept_text=self.element_text,
        )


def to_mapping(link: Link) -> Mapping:
    """The mapping that a link is; rejected ones are negated."""
    return Mapping(
        subject=link.element,
        predicate=link.predicate,
        object=link.concept,
        subject_label=link.element_text,
        object_label=link.concept_text,
        justification=justification_of(link),
        confidence=link.score,
        is_negated=link.status is LinkStatus.REJECTED,
        details=decision_slots(link),
    )


def decision_of(mapping: Mapping, *, file: str) -> ReadDecision | None:
    """``None`` for a mapping that nobody settled. Raises ``DocumentError`` for a slot that cannot be."""
    slots = dict(mapping.details)
    stated = slots.get("ext_status", "")
    if stated in _UNDECIDED:
        return None
    if not mapping.is_negated and mapping.justification not in _BY_HAND:
        return None
    status = LinkStatus.REJECTED if mapping.is_negated else LinkStatus.ACCEPTED
    if stated not in ("", status):
        raise DocumentError(
            f"the status is {stated!r} where predicate_modifier makes it {status.value}",
            file=file,
            field="ext_status",
            expected=status.value,
        )
    on = next((slots[name] for name in _DATES if slots.get(name)), "")
    if on:
        try:
            date.fromisoformat(on)
        except ValueError as error:
            message = f"found {on!r} for {mapping.subject}"
            raise DocumentError(message, file=file, field="mapping_date", expected="YYYY-MM-DD") from error
    method, zone = slots.get("ext_method", "manual"), slots.get("ext_zone", "grey")
    if method not in list(LinkMethod) or zone not in _UNDECIDED:
        raise DocumentError(
            f"found {method!r} and {zone!r} for {mapping.subject}",
            file=file,
            field="ext_method, ext_zone",
            expected="a method and a zone that there are",
        )
    return ReadDecision(
        mapping.subject,
        mapping.object,
        mapping.predicate,
        status,
        LinkMethod(method),
        LinkStatus(zone),
        1.0 if mapping.confidence is None else mapping.confidence,
        mapping.subject_label,
        mapping.object_label,
        slots.get("ext_model", ""),
        next((slots[name] for name in _NAMES if slots.get(name)), ""),
        on,
        slots.get("comment", ""),
    )

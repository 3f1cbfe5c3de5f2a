"""Links as people look them over: which ones, what their ends are called, and where they stand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from graph import LinkedNode, has_changed, linked_nodes
from ontology.errors import InvalidInput
from ontology.links import LinkStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.services import Services
    from ontology.links import Link

__all__ = ["ListedLink", "list_links", "listed"]


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link with its ends as they are now; an end that is gone has the text that the link knows.
    ``changed`` says that a decision is due another look: a text is not the one that was judged."""

    link: Link
    element: LinkedNode
    concept: LinkedNode
    changed: bool

    def to_json(self) -> dict[str, Any]:
        link, element, concept = self.link, self.element, self.concept
        return {
            "id": link.id,
            "status": link.status.value,
            "predicate": link.predicate,
            "score": link.score,
            "method": link.method.value,
            "model": link.model or None,
            "reviewed": link.status.is_decided,
            "changed": self.changed,
            "element": {
                "iri": element.iri,
                "code": element.code,
                "text": element.text,
                "lang": element.language,
                "standard": element.standard_code,
                "standard_name": element.standard_name,
                "standard_iri": link.standard,
                "above": element.above,
                "compared_text": link.element_text,
            },
            "concept": {
                "iri": concept.iri,
                "code": concept.code,
                "text": concept.text,
                "lang": concept.language,
                "compared_text": link.concept_text,
            },
            "decided_by": link.decided_by or None,
            "decided_on": link.decided_on or None,
            "comment": link.comment,
            "history": [{**asdict(one), "status": one.status.value} for one in link.history],
        }


def list_links(
    services: Services,
    *,
    statuses: Sequence[LinkStatus] = (),
    element: str = "",
    concept: str = "",
    end: str = "",
    standard: str = "",
    changed: bool = False,
    limit: int,
    offset: int = 0,
) -> tuple[list[ListedLink], int]:
    """A page of the links that fit, and how many fit: by score, the best first, then by element and concept.

    Each empty filter lets everything through; ``element``, ``concept`` and ``standard`` are IRIs, and
    so is ``end``, which may be either end. With ``changed`` only decisions that are due another look.
    """
    if limit < 1 or offset < 0:
        raise InvalidInput(f"limit must be 1 or more and offset 0 or more, not {limit} and {offset}")
    book = services.links
    named = element or concept or end
    pool = tuple(book.of(named) if named else book.links().values())
    due = book.changed(*pool) if changed else frozenset()
    found = [
        one
        for one in pool
        if (not statuses or one.status in statuses)
        and element in ("", one.element)
        and concept in ("", one.concept)
        and end in ("", one.element, one.concept)
        and standard in ("", one.standard, one.other_standard)
        and (not changed or one.id in due)
    ]
    found.sort(key=lambda one: (-one.score, one.element, one.concept))
    return _listed(services, found[offset : offset + limit]), len(found)


def listed(services: Services, link: Link) -> ListedLink:
    """One link with its ends."""
    return _listed(services, [link])[0]


def _listed(services: Services, links: Sequence[Link]) -> list[ListedLink]:
    """Links with their ends. One query, whatever their number."""
    nodes = linked_nodes(services.store, (end for one in links for end in (one.element, one.concept)))
    return [
        ListedLink(
            one,
            nodes.get(one.element) or LinkedNode(one.element, one.element_text, "und", standard=one.standard),
            nodes.get(one.concept)
            or LinkedNode(one.concept, one.concept_text, "und", standard=one.other_standard),
            has_changed(one, nodes),
        )
        for one in links
    ]

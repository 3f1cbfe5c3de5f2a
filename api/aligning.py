"""Alignments: pairs of elements, or of standards, that a person accepted or rejected.

An alignment is a settled link (``ontology.links``), whichever way it was found: one to a shared concept as
well as one between two standards. Here they are settled by the names of their ends, and listed by standard.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from api.comparing import located_side
from api.linking import changing_links, today
from graph import LinkedNode, has_changed, linked_node, linked_nodes
from ontology.errors import IndexStale, NotFound, SameTwice
from ontology.links import Link, LinkMethod, LinkStatus, decided, inverse, undecided

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.services import Services
    from search import SearchIndex

__all__ = [
    "Alignment",
    "Ruling",
    "align",
    "end_named",
    "list_alignments",
    "pair_of",
    "select_alignments",
]

_METHODS = {"text": LinkMethod.EXACT_TEXT, "words": LinkMethod.WORDS}


class Ruling(StrEnum):
    """What a person makes of a pair; ``UNDONE`` takes back what was made of it before."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDONE = "undone"

    @property
    def status(self) -> LinkStatus:
        return LinkStatus.OPEN if self is Ruling.UNDONE else LinkStatus(self.value)


@dataclass(frozen=True, slots=True)
class Alignment:
    """A link with both ends as they are now, read from *a* to *b*: ``predicate`` is the link's, or its
    inverse where the link leads from *b* to *a*. ``changed`` says that a text is not the one that was
    judged."""

    link: Link
    a: LinkedNode
    b: LinkedNode
    changed: bool

    @property
    def is_turned(self) -> bool:
        return self.link.element == self.b.iri

    @property
    def predicate(self) -> str:
        return inverse(self.link.predicate) if self.is_turned else self.link.predicate

    @property
    def ruling(self) -> Ruling:
        return Ruling(self.link.status.value) if self.link.status.is_decided else Ruling.UNDONE

    def to_json(self) -> dict[str, Any]:
        link = self.link
        texts = (link.element_text, link.concept_text)
        ends = zip((self.a, self.b), reversed(texts) if self.is_turned else texts, strict=True)
        a, b = ({**_end(node), "judged_text": text} for node, text in ends)
        last = link.history[-1] if link.history and not link.status.is_decided else None
        return {
            "id": link.id,
            "a": a,
            "b": b,
            "predicate": self.predicate,
            "decision": self.ruling.value,
            "score": link.score,
            "method": link.method.value,
            "model": link.model or None,
            "by": (last.by if last else link.decided_by) or None,
            "on": (last.on if last else link.decided_on) or None,
            "comment": link.comment,
            "changed": self.changed,
            "history": [
                {
                    **asdict(one),
                    "status": "undone" if one.status is LinkStatus.OPEN else one.status.value,
                    "predicate": inverse(one.predicate) if self.is_turned else one.predicate,
                }
                for one in link.history
            ],
        }


def align(
    services: Services,
    a: str,
    b: str,
    ruling: Ruling,
    *,
    by: str,
    predicate: str | None = None,
    comment: str = "",
) -> Alignment:
    """Settles a pair, or takes that back; the pair as it then is.

    The ends are named as ``end_named`` has it. ``predicate`` is the local name of a mapping property of SKOS,
    read from *a* to *b*; without one the pair keeps its own, or gets ``exactMatch`` where comparing finds the
    two the same and ``closeMatch`` elsewhere. What comparing finds of a new pair is kept with it: the score
    and by what.

    Raises ``NotFound`` for an end that is not loaded and for a pair to take back that nobody settled, and
    ``SameTwice`` for a pair of one thing, ``Unsigned`` for no name, ``UnknownChoice`` for the predicate.
    """
    a, b = (end_named(services, name) for name in (a, b))
    if a == b:
        raise SameTwice(a, f"{a} is given as both ends; an alignment needs two different ones")
    first, second = (_node(services, iri) for iri in (a, b))
    with changing_links(services) as book:
        link = book.pair(a, b)
        if ruling is Ruling.UNDONE:
            if link is None or not link.status.is_decided:
                raise NotFound(f"{a} {b}", f"nobody accepted or rejected {a} with {b}, so nothing is undone")
            book.record([undecided(link, by=by, on=today())])
        else:
            link = link or _new(services, first, second)
            ends = (first, second) if link.element == a else (second, first)
            called = inverse(predicate) if predicate and link.element == b else predicate
            settled = decided(
                link,
                ruling.status,
                by=by,
                on=today(),
                comment=comment,
                texts=(ends[0].text, ends[1].text),
                predicate=called or None,
            )
            book.record([replace(settled, other_standard=ends[1].standard)])
        made = book.pair(a, b)
    assert made is not None
    return Alignment(made, first, second, bool(services.links.changed(made)))


def end_named(services: Services, name: str) -> str:
    """The IRI of an end: an IRI as it is, a code of a standard, or ``CODE ELEMENT`` (``CODE#ELEMENT``).
    Raises ``NotFound``, and ``InvalidInput`` for no name."""
    if "://" in name:
        # needs no index
        return name.strip()
    return located_side(services, services.index.current(), name)


def pair_of(services: Services, a: str, b: str) -> tuple[LinkedNode, LinkedNode, Alignment | None]:
    """Both ends of a pair, and what was made of it; by IRI. Raises ``NotFound``."""
    link = services.links.pair(a, b)
    ends = _node(services, a), _node(services, b)
    return *ends, Alignment(link, *ends, bool(services.links.changed(link))) if link else None


def select_alignments(
    services: Services, *, standard: str = "", other: str = "", rulings: Sequence[Ruling] = ()
) -> list[Link]:
    """The alignments of all standards, or those of one, or between two, by IRI; in the order of their ends.
    Without ``rulings`` those that are accepted or rejected."""
    wanted = {one.status for one in rulings or (Ruling.ACCEPTED, Ruling.REJECTED)}
    return [
        one
        for one in services.links.links().values()
        if (one.status in wanted or (LinkStatus.OPEN in wanted and _is_undone(one)))
        and standard in ("", one.standard, one.other_standard)
        and other in ("", one.standard, one.other_standard)
        and not (standard == other != "" and one.standard != one.other_standard)
    ]


def list_alignments(
    services: Services,
    *,
    standard: str = "",
    other: str = "",
    rulings: Sequence[Ruling] = (),
    limit: int,
    offset: int = 0,
) -> tuple[list[Alignment], int]:
    """A page of what ``select_alignments`` gives, and how many there are; where a ``standard`` is named, *a*
    is its end."""
    found = select_alignments(services, standard=standard, other=other, rulings=rulings)
    page = found[offset : offset + limit]
    nodes = _ends(services, page)
    return [_alignment(one, nodes, standard=standard) for one in page], len(found)


def _ends(services: Services, links: Sequence[Link]) -> dict[str, LinkedNode]:
    """The ends of links as the graph has them, by IRI. One query, whatever the number of links."""
    return linked_nodes(services.store, (end for one in links for end in (one.element, one.concept)))


def _alignment(link: Link, nodes: Mapping[str, LinkedNode], *, standard: str = "", a: str = "") -> Alignment:
    first, second = (
        nodes.get(iri) or LinkedNode(iri, text, "und", standard=of)
        for iri, text, of in (
            (link.element, link.element_text, link.standard),
            (link.concept, link.concept_text, link.other_standard),
        )
    )
    if standard and link.standard != standard and link.other_standard == standard:
        first, second = second, first
    return Alignment(link, first, second, has_changed(link, nodes))


def _is_undone(link: Link) -> bool:
    return bool(link.history) and not link.status.is_decided


def _node(services: Services, iri: str) -> LinkedNode:
    try:
        found = linked_node(services.store, iri)
    except ValueError:
        # not every text is an IRI
        found = None
    if found is None:
        raise NotFound(iri, f"{iri} is not loaded, so nothing can be said of it; ingest its standard first")
    return found


def _new(services: Services, first: LinkedNode, second: LinkedNode) -> Link:
    """A pair that there is no link of, from an element of a standard where one of them is that."""
    element, concept = (second, first) if second.standard and not first.standard else (first, second)
    try:
        index: SearchIndex | None = services.index.current()
    except IndexStale:
        index = None
    pair = None
    if index is not None:
        try:
            pair = index.comparer().pair(element.iri, concept.iri)
        except NotFound:
            pair = None
    method = _METHODS.get(pair.reason, LinkMethod.MEANING) if pair else LinkMethod.MANUAL
    is_same = method is LinkMethod.EXACT_TEXT or (pair is not None and pair.verdict.value == "same")
    return Link(
        element.iri,
        concept.iri,
        "exactMatch" if is_same else "closeMatch",
        method,
        pair.score if pair else 1.0,
        LinkStatus.OPEN,
        element.text,
        concept.text,
        element.standard or element.iri,
        index.model if index is not None and method is LinkMethod.MEANING else "",
        LinkStatus.OPEN,
        other_standard=concept.standard,
    )


def _end(node: LinkedNode) -> dict[str, Any]:
    return {
        "iri": node.iri,
        "code": node.code,
        "text": node.text,
        "lang": node.language,
        "standard": node.standard_code,
        "standard_name": node.standard_name,
        "standard_iri": node.standard or None,
    }

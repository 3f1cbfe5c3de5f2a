"""Links and local concepts in the store, the system of record: one document for the links of each standard,
and one for the local concepts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rdflib import SKOS, Literal, URIRef

from graph.repository import query_about, query_text
from ontology.errors import NotFound
from ontology.links import Decision, Link, LinkMethod, LinkStatus, LocalConcept, decided, undecided
from ontology.rdf_links import concepts_to_graph, links_to_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from graph.store import Document, RdfStore, Row
    from ontology.identifiers import Identifiers

    Progress = Callable[[str, int, int], None]
    Histories = dict[tuple[str, str], tuple[Decision, ...]]

__all__ = ["LinkBook", "LinkedNode", "has_changed", "linked_node", "linked_nodes"]


# so many documents are read one by one before all are read in one query
_FEW = 20
# a broader, narrower or related concept is not what an element says
_SAME = frozenset({"exactMatch", "closeMatch"})


@dataclass(frozen=True, slots=True)
class LinkedNode:
    """What the graph calls an end of a link now; ``standard`` and ``above`` are empty for a concept, and
    ``above`` for an element that stands right in its standard. A standard is its own ``standard``."""

    iri: str
    text: str
    language: str
    code: str = ""
    standard: str = ""
    standard_code: str = ""
    standard_name: str = ""
    above: str = ""


def linked_node(store: RdfStore, iri: str) -> LinkedNode | None:
    """``None`` where the graph has no text for it: an element that its standard no longer has."""
    return linked_nodes(store, [iri]).get(iri)


def linked_nodes(store: RdfStore, iris: Iterable[str]) -> dict[str, LinkedNode]:
    """Those of these that the graph has a text for, by IRI. One query, whatever their number."""
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in store.select(query_about("linked-nodes.rq", wanted)):
        if "text" in row:
            rows[str(row["node"])].append(row)
    return {iri: _linked_node(iri, own) for iri, own in rows.items()}


def has_changed(link: Link, nodes: Mapping[str, LinkedNode]) -> bool:
    """Whether a settled link is due another look: a text of its pair is no longer the one that was
    judged, or is gone. ``nodes`` has its ends as they are now."""
    return link.status.is_decided and _texts(link, nodes) != (link.element_text, link.concept_text)


def _texts(link: Link, nodes: Mapping[str, LinkedNode]) -> tuple[str, str]:
    element, concept = nodes.get(link.element), nodes.get(link.concept)
    return element.text if element else "", concept.text if concept else ""


def _linked_node(iri: str, rows: Sequence[Row]) -> LinkedNode:
    # a concept may have a name in each language
    row = min(rows, key=lambda one: (str(one["text"]), str(one.get("above", ""))))
    above = str(row.get("aboveText", "")) if row.get("above") not in (None, row.get("standard")) else ""
    return LinkedNode(
        iri,
        str(row["text"]),
        _language(row),
        str(row.get("code", "")),
        str(row.get("standard", "")),
        str(row.get("standardCode", "")),
        str(row.get("standardName", "")),
        above,
    )


@dataclass(frozen=True)
class _Read:
    """What was read of the documents with these digests."""

    state: Mapping[str, str]
    documents: Mapping[str, list[Link]]
    links: Mapping[str, Link]
    by_end: Mapping[str, list[Link]]


class LinkBook:
    """All links of a store. What was read is kept until a document of links changes."""

    def __init__(self, store: RdfStore, identifiers: Identifiers) -> None:
        self._store = store
        self._identifiers = identifiers
        self._read = _Read({}, {}, {}, {})

    def links(self) -> Mapping[str, Link]:
        """By their names (``Link.id``), by element and concept; empty while nothing was linked."""
        return self._current().links

    def of(self, iri: str) -> tuple[Link, ...]:
        """The links of an element or a concept, the best first."""
        found = self._current().by_end.get(iri, [])
        return tuple(sorted(found, key=lambda one: (-one.score, one.element, one.concept)))

    def sure(self, elements: Iterable[str]) -> dict[str, frozenset[str]]:
        """For each element that has some, the concepts that it surely says: those of accepted links and of
        equal texts that nobody rejected, but none that is only broader, narrower or related."""
        by_end = self._current().by_end
        found = {
            iri: frozenset(one.concept for one in by_end.get(iri, ()) if one.element == iri and _is_sure(one))
            for iri in elements
        }
        return {iri: concepts for iri, concepts in found.items() if concepts}

    def _current(self) -> _Read:
        prefix = self._identifiers.absolute("links/")
        state = {iri: digest for iri, digest in self._store.graphs().items() if iri.startswith(prefix)}
        before = self._read
        if before.state != state:
            self._read = self._reread(before, state)
        return self._read

    def _reread(self, before: _Read, state: dict[str, str]) -> _Read:
        """Few changed documents are read alone, many with all others in one query."""
        changed = [iri for iri in state if before.state.get(iri) != state[iri]]
        query = query_text("links.rq")
        if len(changed) > _FEW:
            documents: dict[str, list[Link]] = defaultdict(list)
            histories = self._histories({})
            for row in self._store.select(query):
                documents[str(row["document"])].append(_link(row, histories))
        else:
            documents = {iri: before.documents[iri] for iri in state if iri not in changed}
            for iri in changed:
                bound = {"document": URIRef(iri)}
                histories = self._histories(bound)
                documents[iri] = [_link(row, histories) for row in self._store.select(query, bound)]
        every = [one for own in documents.values() for one in own]
        every.sort(key=lambda one: (one.element, one.concept))
        by_end: dict[str, list[Link]] = defaultdict(list)
        for one in every:
            by_end[one.element].append(one)
            by_end[one.concept].append(one)
        return _Read(state, documents, {one.id: one for one in every}, by_end)

    def _histories(self, bound: Mapping[str, URIRef]) -> Histories:
        """The earlier decisions on pairs, oldest first."""
        found: Histories = defaultdict(tuple)
        for row in self._store.select(query_text("link-decisions.rq"), dict(bound)):
            decision = Decision(
                LinkStatus(str(row["status"])),
                str(row["property"]).removeprefix(str(SKOS)),
                str(row.get("by", "")),
                str(row.get("on", "")),
                str(row.get("comment", "")),
            )
            found[str(row["element"]), str(row["concept"])] += (decision,)
        return found

    def concepts(self) -> tuple[LocalConcept, ...]:
        """The local concepts, by IRI."""
        if not self._store.graphs():
            return ()
        found = {
            str(row["concept"]): LocalConcept(
                str(row["concept"]),
                unquote(str(row["framework"]).rpartition("/")[2]),
                str(row["kind"]),
                getattr(row["text"], "language", None) or "und",
                str(row["text"]),
            )
            for row in self._store.select(query_text("local-concepts.rq"))
        }
        return tuple(found[iri] for iri in sorted(found))

    def replace(
        self,
        links: Iterable[Link],
        concepts: Iterable[LocalConcept],
        *,
        progress: Progress | None = None,
    ) -> str:
        """Publishes links that nobody settled, with those that were, in place of all there are; the
        revision. A suggestion for a settled pair is left out. A pair that was settled once keeps its history,
        suggested again or not."""
        before = self.links()
        every = {one.id: one for one in links}
        for id, one in before.items():
            if one.status.is_decided:
                every[id] = one
            elif id in every:
                every[id] = replace(every[id], history=one.history)
            elif one.history:
                every[id] = replace(one, status=LinkStatus.OPEN, zone=LinkStatus.OPEN)
        changes = self._changes(before, every, progress)
        changes[self._concepts_iri] = self._concepts_document(concepts)
        return self._publish(changes)

    def settle(
        self,
        decisions: Mapping[str, LinkStatus],
        *,
        by: str,
        on: date,
        comment: str = "",
    ) -> tuple[Link, ...]:
        """Accepts or rejects the links with these names, all or none, whether or not they were settled
        before; the links as they now are. Raises ``NotFound`` and ``InvalidInput``."""
        settled = []
        links = [self.link(id) for id in decisions]
        nodes = linked_nodes(self._store, (end for one in links for end in (one.element, one.concept)))
        for link, status in zip(links, decisions.values(), strict=True):
            element, concept = _texts(link, nodes)
            # an end that is gone keeps the text that it had
            texts = (element or link.element_text, concept or link.concept_text)
            settled.append(decided(link, status, by=by, on=on, comment=comment, texts=texts))
        return self._record(settled)

    def undo(self, ids: Sequence[str], *, by: str = "", on: date | None = None) -> tuple[Link, ...]:
        """Takes decisions back, all or none: the links are suggestions again, or open where nothing suggested
        them. Raises ``NotFound``."""
        return self._record([undecided(self.link(id), by=by, on=on) for id in ids])

    def pair(self, first: str, second: str) -> Link | None:
        """The link between two things, whichever way it leads; ``None`` where there is none."""
        return next((one for one in self._current().by_end.get(first, ()) if _leads_to(one, second)), None)

    def decided_among(self, iris: Iterable[str]) -> dict[tuple[str, str], Link]:
        """The settled links that have both ends among these, by element and concept."""
        wanted, by_end = set(iris), self._current().by_end
        return {
            (one.element, one.concept): one
            for iri in wanted
            for one in by_end.get(iri, ())
            if one.status.is_decided and one.element in wanted and one.concept in wanted
        }

    def record(self, links: Sequence[Link], concepts: Sequence[LocalConcept] = ()) -> tuple[Link, ...]:
        """Adds settled links, such as those of a file, in place of those of the same pairs; ``concepts`` are
        local ones that they lead to, where they are not there yet."""
        known = {one.iri: one for one in concepts} | {one.iri: one for one in self.concepts()}
        return self._record(links, list(known.values()) if concepts else None)

    def link(self, id: str) -> Link:
        """Raises ``NotFound``."""
        try:
            return self.links()[id]
        except KeyError:
            raise NotFound(id, f"there is no link {id}") from None

    def changed(self, *links: Link) -> frozenset[str]:
        """The names of those that are due another look (``has_changed``)."""
        settled = [one for one in links if one.status.is_decided]
        nodes = linked_nodes(self._store, (end for one in settled for end in (one.element, one.concept)))
        return frozenset(one.id for one in settled if has_changed(one, nodes))

    def _record(
        self, links: Sequence[Link], concepts: Sequence[LocalConcept] | None = None
    ) -> tuple[Link, ...]:
        before = self.links()
        changes = self._changes(before, {**before, **{one.id: one for one in links}})
        if concepts is not None:
            changes[self._concepts_iri] = self._concepts_document(concepts)
        self._publish(changes)
        return tuple(links)

    def _changes(
        self, before: Mapping[str, Link], after: Mapping[str, Link], progress: Progress | None = None
    ) -> dict[str, Document | None]:
        """The documents of the standards whose links are not what they were; ``None`` for one without any."""
        old, new = _by_standard(before.values()), _by_standard(after.values())
        changed = [one for one in sorted({*old, *new}) if old.get(one) != new.get(one)]
        documents: dict[str, Document | None] = {}
        for number, standard in enumerate(changed):
            if progress:
                progress("Writing links", number, len(changed))
            links = new.get(standard)
            documents[self._identifiers.links_of(standard)] = (
                links_to_graph(links, self._identifiers) if links else None
            )
        if progress and changed:
            progress("Writing links", len(changed), len(changed))
        return documents

    @property
    def _concepts_iri(self) -> str:
        return self._identifiers.absolute("links")

    def _concepts_document(self, concepts: Iterable[LocalConcept]) -> Document | None:
        graph = concepts_to_graph(concepts, self._identifiers)
        return graph if len(graph) else None

    def _publish(self, changes: Mapping[str, Document | None]) -> str:
        published = self._store.graphs()
        wanted = {iri: one for iri, one in changes.items() if one is not None or iri in published}
        return self._store.publish(wanted) if wanted else self._store.revision()


def _by_standard(links: Iterable[Link]) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = defaultdict(list)
    for one in sorted(links, key=lambda link: (link.element, link.concept)):
        found[one.standard].append(one)
    return found


def _is_sure(link: Link) -> bool:
    if link.predicate not in _SAME:
        return False
    if link.status.is_decided:
        return link.status is LinkStatus.ACCEPTED
    return link.method is LinkMethod.EXACT_TEXT


def _leads_to(link: Link, end: str) -> bool:
    return end in (link.element, link.concept) and link.element != link.concept


def _link(row: Row, histories: Histories) -> Link:
    element, concept = str(row["element"]), str(row["concept"])
    return Link(
        element=element,
        concept=concept,
        predicate=str(row["property"]).removeprefix(str(SKOS)),
        method=LinkMethod(str(row["method"])),
        score=float(str(row["score"])),
        status=LinkStatus(str(row["status"])),
        element_text=str(row["elementText"]),
        concept_text=str(row["conceptText"]),
        standard=str(row["standard"]),
        model=str(row.get("model", "")),
        zone=LinkStatus(str(row["zone"])),
        decided_by=str(row.get("by", "")),
        decided_on=str(row.get("on", "")),
        comment=str(row.get("comment", "")),
        other_standard=str(row.get("otherStandard", "")),
        history=histories.get((element, concept), ()),
    )


def _language(row: Row) -> str:
    text = row["text"]
    return (text.language or "und") if isinstance(text, Literal) else "und"

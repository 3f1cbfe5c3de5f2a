"""What a node is connected with, by the relations that people follow: bounded, in an order, and named.

Texts, classes, places in the source and the rows of tables are no neighbours. Four queries a node, whatever
the number of its neighbours.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, SKOS, Literal

from graph.connections import (
    KINDS,
    RELATIONS,
    SAME_TEXT,
    Connection,
    kind_rank,
    kinds_of,
    rank,
    read_connections,
    read_degrees,
)
from graph.repository import query_about
from ontology.errors import NotFound, UnknownChoice
from ontology.vocabulary import CG, natural_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdflib.term import Node

    from graph.store import RdfStore

__all__ = [
    "KINDS",
    "MOST_NEIGHBOURS",
    "RELATIONS",
    "SAME_TEXT",
    "Edge",
    "Group",
    "Label",
    "Neighbourhood",
    "NodeFacts",
    "Selection",
    "neighbourhood",
]

MOST_NEIGHBOURS = 100
"""How many neighbours one answer has at most."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text and its language, empty where none is stated."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """A node as it is shown. ``degree`` is how many others it is connected with, ``standard`` the IRI of the
    standard that an element stands in, ``is_shared`` whether it is a concept that standards share."""

    iri: str
    kind: str
    labels: tuple[Label, ...] = ()
    code: str = ""
    description: tuple[Label, ...] = ()
    standard: str = ""
    degree: int = 0
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two nodes, in the direction that its name has."""

    origin: str
    target: str
    relation: str


@dataclass(frozen=True, slots=True)
class Group:
    """How many neighbours there are by one relation; ``key`` begins with ``^`` where it leads to the node."""

    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which neighbours are asked for; empty kinds or relations are all. ``relations`` are keys of groups."""

    kinds: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    limit: int = 30
    offset: int = 0

    def check(self) -> None:
        """Raises ``UnknownChoice`` for a kind or relation that there is not."""
        for kind in self.kinds:
            if kind not in KINDS:
                raise UnknownChoice(
                    "kind", kind, KINDS, f"there is no kind {kind!r} of nodes; take one of {', '.join(KINDS)}"
                )
        for key in self.relations:
            if key.removeprefix("^") not in RELATIONS:
                raise UnknownChoice(
                    "relation",
                    key,
                    RELATIONS,
                    f"there is no relation {key!r}; take one of {', '.join(RELATIONS)}, with ^ before it "
                    "for what leads to the node",
                )


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A node and a page of its neighbours, with the edges between it and them. ``total`` counts those that
    were asked for, ``groups`` and ``kinds`` all that there are; ``keys`` are the groups of ``neighbours``."""

    node: NodeFacts
    neighbours: tuple[NodeFacts, ...]
    keys: tuple[str, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...]
    kinds: Mapping[str, int]
    total: int


def neighbourhood(
    store: RdfStore,
    iri: str,
    selection: Selection,
    *,
    same_text: Sequence[tuple[str, str]] = (),
    name_of: Callable[[str], str] = str,
    connections: Callable[[str], Mapping[str, Connection]] | None = None,
    degrees: Callable[[Sequence[str]], Mapping[str, int]] | None = None,
) -> Neighbourhood:
    """The neighbours of ``iri``: of each relation in turn the most important one, by what the source says of
    importance, then by ``name_of``.

    ``same_text`` are IRI and kind of elements that say the same, which the store does not relate;
    ``connections`` and ``degrees`` give what ``read_connections`` and ``read_degrees`` do.
    Raises ``NotFound`` where the graph says nothing of the node, ``UnknownChoice`` for a bad selection.
    """
    selection.check()
    found = dict(connections(iri) if connections else read_connections(store, iri))
    for other, kind in same_text:
        known = found.get(other, Connection(other, frozenset(), frozenset()))
        found[other] = replace(known, keys=known.keys | {SAME_TEXT}, kinds=known.kinds | {kind})
    chosen = [one for one in found.values() if _is_asked(one, selection)]
    shown = _in_turn(chosen, selection, name_of)[selection.offset : selection.offset + selection.limit]
    facts = _facts(store, iri, shown, degrees or partial(read_degrees, store))
    node = facts[iri]
    edges = {
        Edge(one.iri, iri, key[1:]) if key.startswith("^") else Edge(iri, one.iri, key): None
        for one in shown
        for key in sorted(one.keys, key=rank)
    }
    keys = Counter(key for one in found.values() for key in one.keys)
    kinds = Counter(one.kind for one in found.values())
    return Neighbourhood(
        node=replace(node, degree=max(node.degree, len(found))),
        neighbours=tuple(facts[one.iri] for one in shown),
        keys=tuple(_key_of(one, selection) for one in shown),
        edges=tuple(edges),
        groups=tuple(Group(key, keys[key]) for key in sorted(keys, key=rank)),
        kinds={kind: kinds[kind] for kind in KINDS if kind in kinds},
        total=len(chosen),
    )


def _is_asked(one: Connection, selection: Selection) -> bool:
    kinds, relations = selection.kinds, selection.relations
    return (not kinds or one.kind in kinds) and (not relations or not one.keys.isdisjoint(relations))


def _key_of(one: Connection, selection: Selection) -> str:
    """The group in which a neighbour is shown: of those asked for, where some are."""
    asked = one.keys.intersection(selection.relations)
    return min(asked or one.keys, key=rank)


def _in_turn(
    found: Iterable[Connection], selection: Selection, name_of: Callable[[str], str]
) -> list[Connection]:
    """The first of each group, then the second of each, and so on."""
    groups: dict[str, list[Connection]] = {}
    for one in found:
        groups.setdefault(_key_of(one, selection), []).append(one)
    placed: list[tuple[int, tuple[int, bool], Connection]] = []
    for key, group in groups.items():
        ordered = sorted(
            group, key=lambda one: (-(one.importance or 0), natural_key(name_of(one.iri)), one.iri)
        )
        placed += [(place, rank(key), one) for place, one in enumerate(ordered)]
    return [one for _, _, one in sorted(placed, key=lambda entry: entry[:2])]


def _facts(
    store: RdfStore,
    iri: str,
    shown: Iterable[Connection],
    degrees: Callable[[Sequence[str]], Mapping[str, int]],
) -> dict[str, NodeFacts]:
    """What the node and its neighbours are called. Raises ``NotFound`` for a node that is not described."""
    near = {one.iri: one for one in shown}
    these = (iri, *near)
    statements: dict[str, list[tuple[Node, Node]]] = {one: [] for one in these}
    for row in store.select(query_about("neighbour-facts.rq", these)):
        if "property" in row:
            statements[str(row["other"])].append((row["property"], row["value"]))
    if not statements[iri]:
        raise NotFound(iri, f"the graph says nothing of {iri}")
    counts = degrees(these)
    return {one: _node(one, statements[one], near.get(one), counts.get(one, 0)) for one in these}


def _node(
    iri: str, statements: Sequence[tuple[Node, Node]], near: Connection | None, degree: int
) -> NodeFacts:
    values: dict[Node, list[Node]] = {}
    for name, value in statements:
        values.setdefault(name, []).append(value)
    classes = values.get(RDF.type, [])
    kinds = kinds_of([*classes, *values.get(CG.conceptKind, [])])
    if near is not None:
        kinds |= near.kinds
    codes = values.get(SKOS.notation) or values.get(CG.printedCode) or []
    standards = sorted(str(one) for one in values.get(CG.ofStandard, []))
    return NodeFacts(
        iri=iri,
        kind=min(kinds, key=kind_rank, default="code"),
        labels=_labels(values.get(SKOS.prefLabel, [])),
        code=min((str(one) for one in codes), default=""),
        description=_labels(values.get(SKOS.definition) or values.get(DCTERMS.description) or []),
        standard=standards[0] if standards else "",
        degree=degree,
        is_shared=CG.Concept in classes,
    )


def _labels(values: Iterable[Node]) -> tuple[Label, ...]:
    found = {Label(str(one), one.language or "") for one in values if isinstance(one, Literal)}
    return tuple(sorted(found, key=lambda one: (one.language, one.text)))

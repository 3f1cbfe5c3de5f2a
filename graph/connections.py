"""What a node is connected with, by the relations that people follow; all of it, without names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import SKOS, Literal, URIRef
from rdflib.namespace import PROV

from graph.repository import is_iri, query_about, query_text
from ontology.errors import NotFound
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from rdflib.term import Node

    from graph.store import RdfStore

__all__ = [
    "KINDS",
    "RELATIONS",
    "SAME_TEXT",
    "Connection",
    "kind_rank",
    "kinds_of",
    "rank",
    "read_connections",
    "read_degrees",
]

SAME_TEXT = "sameText"
"""Between elements of different standards that say the same; the caller knows them, not the store."""

KINDS = (
    "standard",
    "task",
    "activity",
    "output",
    "indicator",
    "knowledge",
    "skill",
    "attitude",
    "item",
    "statement",
    "technology",
    "group",
    "version",
    "code",
)
"""The kinds of nodes: ``item`` is a sub-item, ``version`` one not loaded, ``code`` of a classification."""

_CLASSES: dict[object, str] = {
    CG.Standard: "standard",
    CG.SubItem: "item",
    CG.Task: "task",
    CG.Activity: "activity",
    CG.Output: "output",
    CG.Indicator: "indicator",
    CG.Knowledge: "knowledge",
    CG.Skill: "skill",
    CG.Attitude: "attitude",
    CG.Statement: "statement",
    CG.Version: "version",
    SKOS.Concept: "code",
}
_NAMES: dict[object, str] = {
    CG.Link: "link",
    PROV.wasRevisionOf: "isReplacedBy",
}
RELATIONS = (
    "hasTask",
    "hasActivity",
    "hasOutput",
    "hasIndicator",
    "hasKnowledge",
    "hasSkill",
    "hasAttitude",
    "hasSubItem",
    "hasStatement",
    "requiresSkill",
    "requiresKnowledge",
    "requiresAttitude",
    "requiresGroup",
    "workActivity",
    "usesTechnology",
    "optionalSkill",
    "optionalKnowledge",
    "exactMatch",
    "closeMatch",
    "link",
    SAME_TEXT,
    "broadMatch",
    "narrowMatch",
    "relatedMatch",
    "relatedTo",
    "isReplacedBy",
    "category",
    "occupation",
    "industry",
    "broader",
)
"""The relations, in the order in which they are shown."""

_RANKS = {name: rank for rank, name in enumerate(RELATIONS)}
# a sub-item may be called a skill, too
_KIND_RANKS = {kind: rank for rank, kind in enumerate(KINDS)} | {"item": -1}


@dataclass(frozen=True, slots=True)
class Connection:
    """Another node that one is connected with. ``keys`` are those of groups; ``importance`` what the source
    says of it, where it does."""

    iri: str
    keys: frozenset[str]
    kinds: frozenset[str]
    importance: float | None = None

    @property
    def key(self) -> str:
        return min(self.keys, key=rank)

    @property
    def kind(self) -> str:
        return min(self.kinds, key=kind_rank, default="code")


def read_connections(store: RdfStore, iri: str, standards: Container[str] = ()) -> Mapping[str, Connection]:
    """All that the node ``iri`` is connected with, by IRI; ``standards`` are IRIs known to be of standards.
    Two queries. Raises ``NotFound`` for what is no IRI."""
    if not is_iri(iri):
        raise NotFound(iri, f"{iri!r} is no IRI")
    try:
        rows = store.select(query_text("neighbour-statements.rq"), {"node": URIRef(iri)})
    except ValueError as error:
        raise NotFound(iri, f"{iri!r} is no IRI") from error
    keys: dict[str, set[str]] = {}
    importance: dict[str, float] = {}
    replaced: set[str] = set()
    for row in rows:
        if "rated" in row:
            rated = str(row["rated"])
            importance[rated] = max(importance.get(rated, 0.0), float(str(row["importance"])))
            continue
        inward = "subject" in row
        end = row["subject" if inward else "other"]
        other = str(end)
        if other == iri or not isinstance(end, URIRef):
            continue
        relation = row["relation"]
        name = _NAMES.get(relation) or str(relation).rpartition("#")[2]
        if relation == PROV.wasRevisionOf:
            inward = not inward
            replaced.add(other)
        keys.setdefault(other, set()).add(f"^{name}" if inward else name)
    classes: dict[str, set[Node]] = {}
    asked = [one for one in keys if one not in standards]
    for row in store.select(query_about("neighbour-kinds.rq", asked)) if asked else ():
        if "type" in row:
            classes.setdefault(str(row["other"]), set()).add(row["type"])
    return {
        other: Connection(
            other,
            frozenset(own),
            frozenset(kinds_of(classes.get(other, {CG.Standard} if other in standards else ())))
            or frozenset({"version"} if other in replaced and other not in classes else ()),
            importance.get(other),
        )
        for other, own in keys.items()
    }


def kinds_of(classes: Iterable[Node]) -> set[str]:
    return {kind for one in classes if (kind := _kind_of(one))}


def read_degrees(store: RdfStore, iris: Iterable[str]) -> dict[str, int]:
    """How many others each of these is connected with, by IRI. One query."""
    wanted = tuple(iris)
    rows = store.select(query_about("neighbour-counts.rq", wanted)) if wanted else []
    counted = {str(row["other"]): int(str(row["count"])) for row in rows if "other" in row}
    return {one: counted.get(one, 0) for one in wanted}


def rank(key: str) -> tuple[int, bool]:
    return _RANKS[key.removeprefix("^")], key.startswith("^")


def _kind_of(term: Node) -> str:
    """Of a class, or of what a shared concept says of its kind; empty for others."""
    return _CLASSES.get(term) or (str(term) if isinstance(term, Literal) and str(term) in KINDS else "")


def kind_rank(kind: str) -> int:
    return _KIND_RANKS[kind]

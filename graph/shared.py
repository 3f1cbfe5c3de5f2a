"""What standards share, out of the store: concepts with all that is said of them, and mappings."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from rdflib import DCTERMS, SKOS, Literal, URIRef

from graph.repository import query_text
from ontology.dataset import Concept, Mapping
from ontology.model import ConceptKind
from ontology.rdf_dataset import SEMAPV
from ontology.rdf_frameworks import PLAIN_LINKS
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from graph.store import RdfStore

__all__ = ["load_concepts", "load_mappings"]

# From here on one query for all concepts is quicker than one for each (13,896 skills: 4 s and 20 s).
_MANY = 2_000

_Facts = dict[str, list["Node"]]


def load_concepts(
    store: RdfStore, iris: Iterable[str], *, with_broader: bool = False, frameworks: Iterable[str] = ()
) -> dict[str, Concept]:
    """The concepts with these IRIs, by IRI, as far as the store has them; references in them are absolute.
    ``with_broader`` adds what stands above them, all the way up, ``frameworks`` all concepts of frameworks
    with these IRIs."""
    found: dict[str, Concept] = {}
    wanted = set(iris)
    whole = {URIRef(one) for one in frameworks}
    every = _all_facts(store) if whole or len(wanted) >= _MANY else None
    if every and whole:
        wanted |= {iri for iri, facts in every.items() if whole.intersection(facts[str(CG.framework)])}
    while wanted:
        made = {}
        for iri in sorted(wanted):
            facts = every.get(iri, {}) if every is not None else _facts(store, iri)
            if str(CG.conceptKind) in facts:
                made[iri] = _concept(iri, facts)
        found |= made
        above = {one for concept in made.values() for one in concept.broader} if with_broader else set()
        wanted = above - set(found)
    return found


def _facts(store: RdfStore, iri: str) -> _Facts:
    facts: _Facts = defaultdict(list)
    for row in store.select(query_text("concept.rq"), {"concept": URIRef(iri)}):
        facts[str(row["property"])].append(row["value"])
    return facts


def _all_facts(store: RdfStore) -> dict[str, _Facts]:
    every: dict[str, _Facts] = defaultdict(lambda: defaultdict(list))
    for row in store.select(query_text("concept-facts.rq")):
        every[str(row["concept"])][str(row["property"])].append(row["value"])
    return every


def _concept(iri: str, facts: _Facts) -> Concept:
    def text(predicate: URIRef) -> str:
        return str(facts[str(predicate)][0]) if facts.get(str(predicate)) else ""

    def texts(predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(str(one) for one in facts.get(str(predicate), ())))

    name = facts.get(str(SKOS.prefLabel), [Literal("")])[0]
    return Concept(
        scheme="",
        code=text(SKOS.notation),
        kind=ConceptKind(text(CG.conceptKind)),
        name=str(name),
        iri=iri,
        alternative_names=texts(SKOS.altLabel),
        hidden_names=texts(SKOS.hiddenLabel),
        description=text(DCTERMS.description),
        definition=text(SKOS.definition),
        scope=text(SKOS.scopeNote),
        status=text(CG.status),
        modified=text(CG.modified),
        reuse_level=text(CG.reuseLevel),
        category=text(CG.conceptCategory),
        tags=texts(CG.tag),
        schemes=texts(SKOS.inScheme),
        broader=texts(SKOS.broader),
        essential=tuple(_links(facts, "essential")),
        optional=tuple(_links(facts, "optional")),
        details=_pairs(text(CG.sourceDetails)),
        language=(name.language or "en") if isinstance(name, Literal) else "en",
    )


def _links(facts: _Facts, wanted: str) -> Iterator[tuple[ConceptKind, str]]:
    for (kind, relation), predicate in PLAIN_LINKS.items():
        if relation == wanted:
            for one in sorted(str(value) for value in facts.get(str(predicate), ())):
                yield kind, one


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in json.loads(text)) if text else ()


def load_mappings(store: RdfStore) -> tuple[Mapping, ...]:
    """All mappings of the store, by subject, predicate and object, with absolute IRIs."""
    found = []
    for row in store.select(query_text("mappings.rq")):
        confidence, details = row.get("confidence"), row.get("details")
        found.append(
            Mapping(
                subject=str(row["subject"]),
                predicate=str(row["predicate"]).removeprefix(str(SKOS)),
                object=str(row["object"]),
                subject_label=str(row.get("subjectLabel", "")),
                object_label=str(row.get("objectLabel", "")),
                justification=str(row["justification"]).replace(SEMAPV, "semapv:", 1),
                confidence=float(str(confidence)) if confidence is not None else None,
                is_negated="modifier" in row,
                details=_pairs(str(details or "")),
            )
        )
    return tuple(found)

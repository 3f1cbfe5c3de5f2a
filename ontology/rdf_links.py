"""Links and local concepts as RDF.

Every link is a ``cg:Link`` with what SSSOM says of a mapping. Only settled ones are ``cg:Mapping`` axioms,
which exports carry, and only accepted ones have the plain SKOS statement beside them.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from rdflib import DCTERMS, OWL, RDF, SKOS, Graph

from ontology.links import LinkMethod, LinkStatus
from ontology.rdf_dataset import SEMAPV, SSSOM
from ontology.statements import GraphSink
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontology.identifiers import Identifiers
    from ontology.links import Link, LocalConcept

__all__ = ["JUSTIFICATIONS", "concepts_to_graph", "decision_slots", "link_iri", "links_to_graph"]

REVIEWED = "MappingReview"
JUSTIFICATIONS = {
    LinkMethod.EXACT_TEXT: "LexicalMatching",
    LinkMethod.WORDS: "LexicalSimilarityThresholdMatching",
    LinkMethod.MEANING: "SemanticSimilarityThresholdMatching",
    LinkMethod.MANUAL: "UnspecifiedMatching",
}
"""Terms of the Semantic Mapping Vocabulary for what nobody settled; what was is a ``MappingReview``."""


def link_iri(link: Link, identifiers: Identifiers) -> str:
    return identifiers.absolute(f"link/{link.id}")


def decision_slots(link: Link) -> tuple[tuple[str, str], ...]:
    """The slots of SSSOM, and the extensions to it, that a link fills beside those that every mapping has."""
    slots = {
        "comment": link.comment,
        "ext_method": link.method.value,
        "ext_model": link.model,
        "ext_status": link.status.value,
        "ext_zone": link.zone.value,
        "mapping_date": link.decided_on,
        "reviewer_label": link.decided_by,
    }
    return tuple((name, text) for name, text in slots.items() if text)


def justification_of(link: Link) -> str:
    """A term of the Semantic Mapping Vocabulary, as a CURIE."""
    return "semapv:" + (REVIEWED if link.status.is_decided else JUSTIFICATIONS[link.method])


def links_to_graph(links: Iterable[Link], identifiers: Identifiers) -> Graph:
    """A document of links, such as those of one standard's elements."""
    sink = GraphSink(Graph())
    for link in links:
        node = link_iri(link, identifiers)
        sink.link(node, RDF.type, CG.Link)
        sink.link(node, DCTERMS.source, link.standard)
        predicate = str(SKOS) + link.predicate
        sink.link(node, OWL.annotatedSource, link.element)
        sink.link(node, OWL.annotatedProperty, predicate)
        sink.link(node, OWL.annotatedTarget, link.concept)
        justification = justification_of(link).replace("semapv:", SEMAPV, 1)
        sink.link(node, SSSOM.mapping_justification, justification)
        sink.value(node, SSSOM.confidence, link.score)
        for said, text in (
            (CG.linkStatus, link.status.value),
            (CG.linkZone, link.zone.value),
            (CG.linkMethod, link.method.value),
            (CG.linkModel, link.model),
            (SSSOM.subject_label, link.element_text),
            (SSSOM.object_label, link.concept_text),
            (SSSOM.reviewer_label, link.decided_by),
            (SSSOM.comment, link.comment),
        ):
            if text:
                sink.text(node, said, text)
        if link.decided_on:
            sink.value(node, SSSOM.mapping_date, date.fromisoformat(link.decided_on))
        if link.other_standard:
            sink.link(node, CG.linkTargetStandard, link.other_standard)
        _write_history(sink, link, node)
        if not link.status.is_decided:
            continue
        sink.link(node, RDF.type, CG.Mapping)
        sink.link(node, RDF.type, OWL.Axiom)
        sink.text(node, CG.sourceDetails, json.dumps(decision_slots(link), ensure_ascii=False))
        if link.status is LinkStatus.REJECTED:
            sink.text(node, SSSOM.predicate_modifier, "Not")
        else:
            sink.link(link.element, predicate, link.concept)
    return sink.graph


def _write_history(sink: GraphSink, link: Link, node: str) -> None:
    for number, one in enumerate(link.history, 1):
        decision = f"{node}/decision/{number}"
        sink.link(decision, RDF.type, CG.LinkDecision)
        sink.link(decision, CG.decisionOn, node)
        sink.value(decision, CG.decisionNumber, number)
        sink.link(decision, OWL.annotatedProperty, str(SKOS) + one.predicate)
        sink.text(decision, CG.linkStatus, one.status.value)
        for said, text in ((SSSOM.reviewer_label, one.by), (SSSOM.comment, one.comment)):
            if text:
                sink.text(decision, said, text)
        if one.on:
            sink.value(decision, SSSOM.mapping_date, date.fromisoformat(one.on))


def concepts_to_graph(concepts: Iterable[LocalConcept], identifiers: Identifiers) -> Graph:
    """The document of the local concepts."""
    sink = GraphSink(Graph())
    for concept in concepts:
        sink.link(concept.iri, RDF.type, CG.LocalConcept)
        sink.link(concept.iri, RDF.type, SKOS.Concept)
        sink.text(concept.iri, CG.conceptKind, concept.kind)
        sink.link(concept.iri, CG.framework, identifiers.framework(concept.framework))
        sink.text(concept.iri, SKOS.prefLabel, concept.text, concept.language)
        sink.link(concept.iri, DCTERMS.isPartOf, identifiers.absolute("links"))
    return sink.graph

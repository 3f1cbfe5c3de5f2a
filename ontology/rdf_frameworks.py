"""What frameworks other than iCAP say of a standard, as statements: names, requirements, relations,
statements of any kind and their associations. ``ontology.rdf_writing`` writes the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from rdflib import DCTERMS, OWL, RDF, SKOS

from ontology.identifiers import standard_key
from ontology.model import ConceptKind
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Association, Place, RelatedStandard, Requirement, Standard, Statement
    from ontology.statements import StatementSink

__all__ = ["IMPORTANT", "PLAIN_LINKS", "REQUIRES", "FrameworkWriter", "in_list_order"]

IMPORTANT = 3.0
"""From this importance on (O*NET's scale, 1–5: 3 is "important") a rated competency is linked as required."""

REQUIRES = {
    ConceptKind.KNOWLEDGE: CG.requiresKnowledge,
    ConceptKind.SKILL: CG.requiresSkill,
    ConceptKind.ATTITUDE: CG.requiresAttitude,
    ConceptKind.ACTIVITY: CG.workActivity,
    ConceptKind.TECHNOLOGY: CG.usesTechnology,
    ConceptKind.GROUP: CG.requiresGroup,
}
PLAIN_LINKS = {
    (ConceptKind.KNOWLEDGE, "essential"): CG.requiresKnowledge,
    (ConceptKind.SKILL, "essential"): CG.requiresSkill,
    (ConceptKind.KNOWLEDGE, "optional"): CG.optionalKnowledge,
    (ConceptKind.SKILL, "optional"): CG.optionalSkill,
    (ConceptKind.TECHNOLOGY, ""): CG.usesTechnology,
}
"""Requirements that one statement says whole, by kind and relation; the others have a node of their own."""

DIRECT_ASSOCIATIONS = {"exactMatchOf": SKOS.exactMatch, "isRelatedTo": SKOS.related}


class FrameworkWriter:
    """The state of writing one standard, and the words that all its parts are written with."""

    def __init__(self, standard: Standard, identifiers: Identifiers, sink: StatementSink) -> None:
        self._standard = standard
        self._sink = sink
        self._identifiers = identifiers
        self._key = standard_key(standard.code, standard.version)
        self._iri = identifiers.of_standard(standard)
        # An IRI has one fragment at most; codes are percent-encoded, so no code holds either separator.
        self._separator = ";" if "#" in identifiers.base else "#"
        self._codes: set[str] = set()
        self._nodes: set[str] = set()

    def write_framework(self) -> None:
        """All that this module writes of the standard."""
        standard, iri = self._standard, self._iri
        for name in standard.alternative_names:
            self._text(iri, SKOS.altLabel, name)
        for name in standard.hidden_names:
            self._text(iri, SKOS.hiddenLabel, name)
        self._plain(iri, CG.modified, standard.modified)
        for reference in standard.broader:
            self._link(iri, SKOS.broader, self._identifiers.absolute(reference))
        for reference in standard.schemes:
            self._link(iri, SKOS.inScheme, self._identifiers.absolute(reference))
        self._details(iri, standard.details)
        for number, requirement in enumerate(standard.requirements, 1):
            self._requirement(requirement, number)
        for number, related in enumerate(standard.related, 1):
            self._related(related, number)
        self._statements()
        for number, association in enumerate(standard.associations, 1):
            self._association(association, number)

    def _placed(self, node: str, kind: str, code: str, position: int, holder: str, has: str) -> None:
        if node in self._nodes:
            raise ValueError(f"two elements share the code {code}; each element needs one of its own")
        self._nodes.add(node)
        self._codes.add(code)
        self._link(node, RDF.type, kind)
        self._plain(node, SKOS.notation, code)
        self._sink.value(node, CG.position, position)
        self._link(holder, has, node)
        self._link(node, CG.partOf, holder)
        self._link(node, CG.ofStandard, self._iri)

    def _requirement(self, requirement: Requirement, number: int) -> None:
        concept = self._identifiers.absolute(requirement.concept)
        key = (requirement.kind, requirement.relation)
        is_rated = requirement.importance is not None or requirement.level is not None
        flagged = requirement.suppressed or requirement.not_relevant
        if key in PLAIN_LINKS and not (is_rated or flagged or requirement.level_suppressed):
            self._link(self._iri, PLAIN_LINKS[key], concept)
            return
        node = self._fragment("requirement", number)
        self._link(node, RDF.type, CG.Requirement)
        self._link(self._iri, CG.hasRequirement, node)
        self._link(node, CG.concept, concept)
        self._plain(node, CG.kind, requirement.kind.value)
        self._plain(node, CG.relation, requirement.relation)
        for predicate, rating in (
            (CG.importance, requirement.importance),
            (CG.ratedLevel, requirement.level),
        ):
            if rating is not None:
                self._sink.value(node, predicate, rating)
        for predicate, holds in (
            (CG.suppressed, requirement.suppressed),
            (CG.levelSuppressed, requirement.level_suppressed),
            (CG.notRelevant, requirement.not_relevant),
        ):
            if holds:
                self._sink.value(node, predicate, value=True)
        important = requirement.relation != "optional"
        if is_rated:
            important = (requirement.importance or 0) >= IMPORTANT
        if important and not flagged:
            self._link(self._iri, REQUIRES[requirement.kind], concept)

    def _related(self, related: RelatedStandard, number: int) -> None:
        node = self._fragment("related", number)
        self._link(node, RDF.type, CG.Relation)
        self._link(self._iri, CG.hasRelation, node)
        self._link(node, CG.relatedTo, self._identifiers.absolute(related.standard))
        self._plain(node, CG.relation, related.relation)
        self._sink.value(node, CG.position, number)

    def _statements(self) -> None:
        statements = self._standard.statements
        order = [one.code for one in statements]
        known = set(order)
        for number, statement in enumerate(statements, 1):
            unknown = [code for code in statement.parents if code not in known]
            if unknown:
                raise ValueError(f"{statement.code} stands under {unknown[0]}, which is no statement here")
            holders = [self._node(code) for code in statement.parents] or [self._iri]
            node = self._node(statement.code)
            self._placed(node, CG.Statement, statement.code, number, holders[0], CG.hasStatement)
            for holder in holders[1:]:
                self._link(holder, CG.hasStatement, node)
                self._link(node, CG.partOf, holder)
            if statement.parents != in_list_order(statement.parents, order):
                self._plain(
                    node, CG.parentOrder, " ".join(quote(code, safe="") for code in statement.parents)
                )
            self._statement(statement, node)

    def _statement(self, statement: Statement, node: str) -> None:
        language = statement.language or self._standard.language
        if statement.text:
            self._sink.text(node, SKOS.prefLabel, statement.text, language)
        self._plain(node, DCTERMS.language, statement.language)
        self._plain(node, CG.statementCategory, statement.category)
        if statement.printed is not None:
            self._sink.text(node, CG.printedCode, statement.printed)
        if statement.iri:
            self._link(node, OWL.sameAs, statement.iri)
        self._plain(node, CG.abbreviation, statement.abbreviation)
        self._plain(node, SKOS.note, statement.note)
        self._details(node, statement.details)

    def _association(self, association: Association, number: int) -> None:
        node = self._fragment("association", number)
        self._link(node, RDF.type, CG.Association)
        self._link(self._iri, CG.hasAssociation, node)
        self._sink.value(node, CG.position, number)
        self._plain(node, CG.kind, association.kind)
        codes = {one.code for one in self._standard.statements}
        ends = []
        for predicate, end in (
            (CG.origin, association.origin),
            (CG.destination, association.destination),
        ):
            iri = self._node(end) if end in codes else self._identifiers.absolute(end)
            self._link(node, predicate, iri)
            ends.append(iri)
        direct = DIRECT_ASSOCIATIONS.get(association.kind)
        if direct and association.origin in codes:
            self._link(ends[0], direct, ends[1])
        self._plain(node, CG.sourceIdentifier, association.identifier)
        self._plain(node, CG.originTitle, association.origin_title)
        self._plain(node, CG.destinationTitle, association.destination_title)
        if association.sequence is not None:
            self._sink.value(node, CG.sequence, association.sequence)
        self._details(node, association.details)

    def _node(self, code: str) -> str:
        return self._identifiers.element(self._iri, code)

    def _fragment(self, kind: str, number: int) -> str:
        return f"{self._iri}{self._separator}{kind}-{number}"

    def _link(self, subject: str, predicate: str, target: str) -> None:
        self._sink.link(subject, predicate, target)

    def _plain(self, subject: str, predicate: str, text: str) -> None:
        if text:
            self._sink.text(subject, predicate, text)

    def _text(self, subject: str, predicate: str, text: str) -> None:
        if text:
            self._sink.text(subject, predicate, text, self._standard.language)

    def _details(self, subject: str, details: Sequence[tuple[str, str]]) -> None:
        if details:
            self._sink.text(subject, CG.sourceDetails, json.dumps(details, ensure_ascii=False))

    def _level(self, subject: str, level: int | None) -> None:
        if level is not None:
            self._link(subject, CG.level, self._identifiers.level(self._standard.framework, level))

    def _place(self, subject: str, place: Place | None) -> None:
        if place is not None:
            if place.line is not None:
                self._sink.value(subject, CG.line, place.line)
            if place.page is not None:
                self._sink.value(subject, CG.page, place.page)


def in_list_order(codes: Iterable[str], listed: Sequence[str]) -> tuple[str, ...]:
    wanted = set(codes)
    return tuple(code for code in listed if code in wanted)

"""The half of ``ontology.rdf`` that reads: a graph as ``to_graph`` writes it, as a standard."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rdflib import DCTERMS, OWL, RDF, SKOS, URIRef

from ontology.errors import InvalidInput, NotFound
from ontology.identifiers import split_item
from ontology.model import (
    Activity,
    Association,
    Attitude,
    Classification,
    Competency,
    ConceptKind,
    Doubt,
    Indicator,
    Note,
    Output,
    Place,
    RelatedStandard,
    Requirement,
    Standard,
    Statement,
    SubItem,
    Task,
    VersionEntry,
)
from ontology.rdf_frameworks import PLAIN_LINKS
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from ontology.identifiers import Identifiers

__all__ = ["StandardReader"]

_KINDS = ("category", "occupation", "industry")


class StandardReader:
    """Reads one standard out of the statements of a graph, each of which is there once; see
    ``ontology.rdf.from_graph``."""

    def __init__(
        self, statements: Iterable[tuple[Node, Node, Node]], iri: URIRef, identifiers: Identifiers
    ) -> None:
        self._iri = iri
        self._identifiers = identifiers
        self._facts: dict[Node, dict[Node, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in statements:
            self._facts[subject][predicate].append(value)
        if CG.Standard not in self._facts[iri][RDF.type]:
            raise NotFound(str(iri), f"the graph holds no standard {iri}")

    def read(self) -> Standard:
        iri = self._iri
        classes: dict[str, list[Classification]] = {kind: [] for kind in _KINDS}
        for node in self._children(iri, CG.hasClassification):
            entry = Classification(self._text(node, CG.printedCode), self._text(node, CG.printedName))
            classes[self._text(node, CG.classificationKind)].append(entry)
        self._knowledge = self._children(iri, CG.hasKnowledge)
        self._skills = self._children(iri, CG.hasSkill)
        return Standard(
            framework=self._framework(),
            code=self._text(iri, CG.printedCode) or self._code(iri),
            name=self._text(iri, SKOS.prefLabel),
            version=self._text(iri, CG.version),
            level=self._level(iri),
            language=self._text(iri, DCTERMS.language),
            status=self._text(iri, CG.status),
            description=self._text(iri, DCTERMS.description),
            occupational_category=self._text(iri, CG.occupationalCategoryName),
            category=tuple(classes["category"]),
            occupation=tuple(classes["occupation"]),
            industry=tuple(classes["industry"]),
            tasks=tuple(self._task(node) for node in self._children(iri, CG.hasTask)),
            knowledge=tuple(self._competency(node) for node in self._knowledge),
            skills=tuple(self._competency(node) for node in self._skills),
            attitudes=tuple(
                Attitude(
                    self._code(node),
                    self._text(node, SKOS.prefLabel),
                    self._text(node, SKOS.definition),
                    self._printed(node),
                    self._place(node),
                )
                for node in self._children(iri, CG.hasAttitude)
            ),
            history=tuple(self._version(node) for node in self._children(iri, CG.hasVersionEntry)),
            notes=tuple(
                Note(
                    self._text(node, CG.kind),
                    self._text(node, CG.text),
                    self._text(node, CG.heading) if self._facts[node][CG.heading] else None,
                )
                for node in self._children(iri, CG.hasNote)
            ),
            doubts=tuple(
                Doubt(
                    self._text(node, CG.kind),
                    self._text(node, CG.where),
                    self._text(node, CG.text),
                    self._text(node, CG.message),
                    self._place(node),
                )
                for node in self._children(iri, CG.hasDoubt)
            ),
            source=self._text(iri, CG.sourceFile),
            iri="" if self._made_iri() == str(iri) else str(iri),
            alternative_names=self._names(SKOS.altLabel),
            hidden_names=self._names(SKOS.hiddenLabel),
            modified=self._text(iri, CG.modified),
            broader=tuple(sorted(self._reference(one) for one in self._facts[iri][SKOS.broader])),
            schemes=tuple(sorted(self._reference(one) for one in self._facts[iri][SKOS.inScheme])),
            requirements=self._requirements(),
            related=tuple(
                RelatedStandard(self._reference(self._one(node, CG.relatedTo)), self._text(node, CG.relation))
                for node in self._children(iri, CG.hasRelation)
            ),
            statements=self._statements(),
            associations=tuple(self._association(node) for node in self._children(iri, CG.hasAssociation)),
            details=self._details(iri),
        )

    def _made_iri(self) -> str:
        return self._identifiers.standard(self._framework(), self._code(self._iri))

    def _names(self, predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(str(one) for one in self._facts[self._iri][predicate]))

    def _reference(self, node: Node) -> str:
        return str(node).removeprefix(self._identifiers.base)

    def _details(self, node: Node) -> tuple[tuple[str, str], ...]:
        text = self._text(node, CG.sourceDetails)
        return tuple((str(name), str(value)) for name, value in json.loads(text)) if text else ()

    def _requirements(self) -> tuple[Requirement, ...]:
        iri = self._iri
        found = []
        for node in self._facts[iri][CG.hasRequirement]:
            importance, level = self._text(node, CG.importance), self._text(node, CG.ratedLevel)
            found.append(
                Requirement(
                    ConceptKind(self._text(node, CG.kind)),
                    self._reference(self._one(node, CG.concept)),
                    self._text(node, CG.relation),
                    float(importance) if importance else None,
                    float(level) if level else None,
                    bool(self._facts[node][CG.suppressed]),
                    bool(self._facts[node][CG.notRelevant]),
                    bool(self._facts[node][CG.levelSuppressed]),
                )
            )
        with_node = {(one.kind, one.concept) for one in found}
        found += [
            Requirement(kind, concept, relation)
            for (kind, relation), predicate in PLAIN_LINKS.items()
            for concept in map(self._reference, self._facts[iri][predicate])
            if (kind, concept) not in with_node
        ]
        return tuple(sorted(found, key=lambda one: (one.kind, one.concept, one.relation)))

    def _statements(self) -> tuple[Statement, ...]:
        nodes = [node for node, facts in self._facts.items() if CG.Statement in facts[RDF.type]]
        own = sorted(
            (node for node in nodes if self._iri in self._facts[node][CG.ofStandard]), key=self._position
        )
        return tuple(self._statement(node) for node in own)

    def _statement(self, node: Node) -> Statement:
        language = self._text(node, DCTERMS.language)
        if order := self._text(node, CG.parentOrder):
            parents = tuple(unquote(code) for code in order.split(" "))
        else:
            holders = [one for one in self._facts[node][CG.partOf] if one != self._iri]
            parents = tuple(self._code(one) for one in sorted(holders, key=self._position))
        return Statement(
            code=self._code(node),
            text=self._text(node, SKOS.prefLabel),
            parents=parents,
            category=self._text(node, CG.statementCategory),
            printed=self._printed(node),
            iri=self._text(node, OWL.sameAs),
            abbreviation=self._text(node, CG.abbreviation),
            note=self._text(node, SKOS.note),
            language=language,
            details=self._details(node),
        )

    def _association(self, node: Node) -> Association:
        sequence = self._text(node, CG.sequence)
        return Association(
            self._text(node, CG.kind),
            self._end(self._one(node, CG.origin)),
            self._end(self._one(node, CG.destination)),
            self._text(node, CG.sourceIdentifier),
            self._text(node, CG.originTitle),
            self._text(node, CG.destinationTitle),
            int(sequence) if sequence else None,
            self._details(node),
        )

    def _end(self, node: Node) -> str:
        """An end of an association: the code of an own statement, else a reference."""
        if CG.Statement in self._facts[node][RDF.type] and self._iri in self._facts[node][CG.ofStandard]:
            return self._code(node)
        return self._reference(node)

    def _framework(self) -> str:
        node = self._one(self._iri, CG.framework)
        framework = self._identifiers.path(str(node))
        if not framework:
            raise InvalidInput(f"the framework {node} is not under {self._identifiers.base}")
        return framework

    def _task(self, node: Node) -> Task:
        return Task(
            self._code(node),
            self._text(node, SKOS.prefLabel),
            self._level(node),
            tuple(self._activity(child) for child in self._children(node, CG.hasActivity)),
            *self._required(node),
            self._printed(node),
            self._place(node),
            self._text(node, CG.taskCategory),
            tuple(sorted(self._reference(one) for one in self._facts[node][CG.workActivity])),
        )

    def _activity(self, node: Node) -> Activity:
        outputs, indicators = (
            [
                (self._code(one), self._text(one, SKOS.prefLabel), self._printed(one), self._place(one))
                for one in self._children(node, has)
            ]
            for has in (CG.hasOutput, CG.hasIndicator)
        )
        return Activity(
            self._code(node),
            self._text(node, SKOS.prefLabel),
            self._level(node),
            tuple(Output(*one) for one in outputs),
            tuple(Indicator(*one) for one in indicators),
            *self._required(node),
            self._printed(node),
            self._place(node),
        )

    def _competency(self, node: Node) -> Competency:
        items = tuple(
            SubItem(self._number(one), self._text(one, SKOS.prefLabel), self._place(one))
            for one in self._children(node, CG.hasSubItem)
        )
        code, text = self._code(node), self._text(node, SKOS.prefLabel)
        return Competency(code, text, items, self._printed(node), self._place(node))

    def _version(self, node: Node) -> VersionEntry:
        return VersionEntry(
            self._text(node, CG.version),
            self._text(node, CG.printedCode),
            self._text(node, CG.printedName),
            self._text(node, CG.status),
            self._text(node, CG.changeNote),
            self._text(node, CG.printedDate),
        )

    def _required(self, node: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found = []
        for requires, order, listed in (
            (CG.requiresKnowledge, CG.knowledgeOrder, self._knowledge),
            (CG.requiresSkill, CG.skillOrder, self._skills),
        ):
            if self._facts[node][order]:
                found.append(tuple(unquote(code) for code in self._text(node, order).split(" ")))
            else:
                required = set(self._facts[node][requires])
                found.append(tuple(self._code(one) for one in listed if one in required))
        return found[0], found[1]

    def _children(self, node: Node, has: URIRef) -> list[Node]:
        return sorted(
            self._facts[node][has],
            key=lambda one: (self._text(one, CG.classificationKind), self._position(one)),
        )

    def _position(self, node: Node) -> int:
        return int(self._text(node, CG.position))

    def _number(self, node: Node) -> int:
        number = split_item(self._code(node))[1]
        if number is None:
            raise InvalidInput(f"{node} is a sub-item without a number in its code, such as S1#2")
        return number

    def _one(self, node: Node, predicate: URIRef) -> Node:
        values = self._facts[node][predicate]
        if len(values) != 1:
            raise InvalidInput(f"{node} has {len(values)} values of {predicate}; one is expected")
        return values[0]

    def _text(self, node: Node, predicate: URIRef) -> str:
        return str(self._one(node, predicate)) if self._facts[node][predicate] else ""

    def _code(self, node: Node) -> str:
        return self._text(node, SKOS.notation)

    def _printed(self, node: Node) -> str | None:
        return self._text(node, CG.printedCode) if self._facts[node][CG.printedCode] else None

    def _level(self, node: Node) -> int | None:
        return int(str(self._one(node, CG.level)).rpartition("/")[2]) if self._facts[node][CG.level] else None

    def _place(self, node: Node) -> Place | None:
        line, page = self._facts[node][CG.line], self._facts[node][CG.page]
        if not line and not page:
            return None
        return Place(int(str(line[0])) if line else None, int(str(page[0])) if page else None)

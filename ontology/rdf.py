"""A standard as RDF, and back: the one place that knows both. The round trip loses nothing.

Every node has an IRI of its own, so graphs can be compared and hashed line by line. Facts that standards
share (what a level or a code is called) are not here: they stand in the vocabulary and the code lists.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from rdflib import DCTERMS, PROV, RDF, SKOS, XSD, Graph, Literal, URIRef

from ontology.codes import INDUSTRY, OCCUPATION, open_scheme
from ontology.errors import NotFound
from ontology.identifiers import standard_key
from ontology.model import (
    Activity,
    Attitude,
    Classification,
    Competency,
    Doubt,
    Indicator,
    Note,
    Output,
    Place,
    Standard,
    SubItem,
    Task,
    VersionEntry,
)
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdflib.term import Node

    from ontology.identifiers import Identifiers

__all__ = ["CATEGORY", "from_graph", "to_graph"]

CATEGORY = "category-icap"
"""The scheme of iCAP's own occupational categories (職類別), which has no published list."""

_REPLACED_BY = re.compile(r"已被《\s*([^》]+?)\s*》取代")
_DATE = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")
_KINDS = ("category", "occupation", "industry")


def to_graph(standard: Standard, identifiers: Identifiers) -> Graph:
    """The document graph of a standard; its IRI is ``identifiers.standard(framework, standard_key(…))``."""
    return _Writer(standard, identifiers).write()


def from_graph(graph: Graph, iri: str, identifiers: Identifiers) -> Standard:
    """The standard with this IRI, as ``to_graph`` wrote it. Raises ``NotFound`` where there is none."""
    return _Reader(graph, URIRef(iri), identifiers).read()


class _Writer:
    def __init__(self, standard: Standard, identifiers: Identifiers) -> None:
        self._standard = standard
        self._identifiers = identifiers
        self._key = standard_key(standard.code, standard.version)
        self._iri = URIRef(identifiers.standard(standard.framework, self._key))
        self._graph = Graph(identifier=self._iri)

    def write(self) -> Graph:
        self._profile()
        standard = self._standard
        for kind, codes in (
            ("category", standard.category),
            ("occupation", standard.occupation),
            ("industry", standard.industry),
        ):
            for number, one in enumerate(codes, 1):
                self._classification(kind, number, one)
        for number, task in enumerate(standard.tasks, 1):
            self._task(task, number)
        for kind, entries, has in (
            (CG.Knowledge, standard.knowledge, CG.hasKnowledge),
            (CG.Skill, standard.skills, CG.hasSkill),
        ):
            for number, entry in enumerate(entries, 1):
                node = self._element(kind, entry, entry.text, number, self._iri, has)
                for item in entry.items:
                    self._sub_item(entry.code, item, node)
        for number, attitude in enumerate(standard.attitudes, 1):
            node = self._element(CG.Attitude, attitude, attitude.name, number, self._iri, CG.hasAttitude)
            self._text(node, SKOS.definition, attitude.text)
        for number, version in enumerate(standard.history, 1):
            self._version(version, number)
        for number, note in enumerate(standard.notes, 1):
            self._note(note, number)
        for number, doubt in enumerate(standard.doubts, 1):
            self._doubt(doubt, number)
        return self._graph

    def _profile(self) -> None:
        standard, iri = self._standard, self._iri
        self._add(iri, RDF.type, CG.Standard)
        self._plain(iri, SKOS.notation, self._key)
        self._plain(iri, CG.printedCode, standard.code if standard.code != self._key else "")
        self._text(iri, SKOS.prefLabel, standard.name)
        self._add(iri, CG.framework, URIRef(self._identifiers.framework(standard.framework)))
        self._add(iri, CG.series, URIRef(self._identifiers.series(standard.framework, self._key)))
        self._plain(iri, CG.version, standard.version)
        self._level(iri, standard.level)
        self._plain(iri, DCTERMS.language, standard.language)
        self._text(iri, CG.status, standard.status)
        self._text(iri, DCTERMS.description, standard.description)
        self._text(iri, CG.occupationalCategoryName, standard.occupational_category)
        self._plain(iri, CG.sourceFile, standard.source)

    def _classification(self, kind: str, number: int, one: Classification) -> None:
        node = self._child(f"classification/{kind}", number)
        self._add(node, RDF.type, CG.Classification)
        self._add(self._iri, CG.hasClassification, node)
        self._plain(node, CG.classificationKind, kind)
        self._add(node, CG.position, Literal(number))
        self._plain(node, CG.printedCode, one.code)
        self._text(node, CG.printedName, one.name)
        if concept := self._resolve(kind, one.code):
            self._add(node, CG.resolvesTo, concept)
            self._add(self._iri, CG[kind], concept)

    def _resolve(self, kind: str, code: str) -> URIRef | None:
        if kind == "category":
            if not code.strip():
                return None
            concept = URIRef(self._identifiers.concept(CATEGORY, code.strip()))
            self._add(concept, RDF.type, SKOS.Concept)
            self._add(concept, SKOS.inScheme, URIRef(self._identifiers.scheme(CATEGORY)))
            self._plain(concept, SKOS.notation, code.strip())
            return concept
        scheme = OCCUPATION if kind == "occupation" else INDUSTRY
        resolved = open_scheme(scheme).resolve(code)
        return URIRef(self._identifiers.concept(scheme, resolved.code)) if resolved else None

    def _task(self, task: Task, number: int) -> None:
        node = self._element(CG.Task, task, task.name, number, self._iri, CG.hasTask)
        self._level(node, task.level)
        self._required(node, task)
        for place, activity in enumerate(task.activities, 1):
            child = self._element(CG.Activity, activity, activity.name, place, node, CG.hasActivity)
            self._level(child, activity.level)
            self._required(child, activity)
            for position, output in enumerate(activity.outputs, 1):
                self._element(CG.Output, output, output.text, position, child, CG.hasOutput)
            for position, indicator in enumerate(activity.indicators, 1):
                self._element(CG.Indicator, indicator, indicator.text, position, child, CG.hasIndicator)

    def _element(
        self,
        kind: URIRef,
        element: Task | Activity | Output | Indicator | Competency | Attitude,
        text: str,
        position: int,
        holder: URIRef,
        has: URIRef,
    ) -> URIRef:
        node = self._node(element.code)
        self._placed(node, kind, element.code, position, holder, has)
        self._text(node, SKOS.prefLabel, text)
        if element.printed is not None:
            self._add(node, CG.printedCode, Literal(element.printed))
        self._place(node, element.place)
        return node

    def _sub_item(self, code: str, item: SubItem, holder: URIRef) -> None:
        whole = f"{code}#{item.number}"
        node = self._node(whole)
        self._placed(node, CG.SubItem, whole, item.number, holder, CG.hasSubItem)
        self._text(node, SKOS.prefLabel, item.text)
        self._place(node, item.place)

    def _placed(
        self, node: URIRef, kind: URIRef, code: str, position: int, holder: URIRef, has: URIRef
    ) -> None:
        self._add(node, RDF.type, kind)
        self._plain(node, SKOS.notation, code)
        self._add(node, CG.position, Literal(position))
        self._add(holder, has, node)
        self._add(node, CG.partOf, holder)
        self._add(node, CG.ofStandard, self._iri)
        self._add(node, SKOS.inScheme, self._iri)

    def _required(self, node: URIRef, holder: Task | Activity) -> None:
        standard = self._standard
        for codes, listed, requires, order in (
            (holder.knowledge, standard.knowledge, CG.requiresKnowledge, CG.knowledgeOrder),
            (holder.skills, standard.skills, CG.requiresSkill, CG.skillOrder),
        ):
            for code in codes:
                self._add(node, requires, self._node(code))
            if codes != _in_list_order(codes, [one.code for one in listed]):
                self._add(node, order, Literal(" ".join(codes)))

    def _version(self, version: VersionEntry, number: int) -> None:
        node = self._child("version", number)
        self._add(node, RDF.type, CG.VersionEntry)
        self._add(self._iri, CG.hasVersionEntry, node)
        self._add(node, CG.position, Literal(number))
        self._plain(node, CG.version, version.version)
        self._plain(node, CG.printedCode, version.code)
        self._text(node, CG.printedName, version.name)
        self._text(node, CG.status, version.status)
        self._text(node, CG.changeNote, version.note)
        self._plain(node, CG.printedDate, version.date)
        if match := _DATE.fullmatch(version.date.strip()):
            year, month, day = (int(part) for part in match.groups())
            if 1 <= month <= 12 and 1 <= day <= 31:
                date = Literal(f"{year:04d}-{month:02d}-{day:02d}", datatype=XSD.date, normalize=False)
                self._add(node, DCTERMS.issued, date)
        if not version.code.strip():
            return
        described = self._version_iri(version.code, version.version)
        self._add(node, CG.describes, described)
        self._add(described, CG.series, URIRef(self._identifiers.series(self._standard.framework, self._key)))
        if match := _REPLACED_BY.search(version.note):
            successor = self._version_iri(match[1], "")
            if successor != described:
                self._add(described, DCTERMS.isReplacedBy, successor)
                self._add(successor, PROV.wasRevisionOf, described)

    def _version_iri(self, code: str, version: str) -> URIRef:
        return URIRef(self._identifiers.standard(self._standard.framework, standard_key(code, version)))

    def _note(self, note: Note, number: int) -> None:
        node = self._child("note", number)
        self._add(node, RDF.type, CG.Note)
        self._add(self._iri, CG.hasNote, node)
        self._add(node, CG.position, Literal(number))
        self._plain(node, CG.kind, note.kind)
        self._text(node, CG.text, note.text)
        if note.heading is not None:
            self._add(node, CG.heading, Literal(note.heading, lang=self._standard.language))

    def _doubt(self, doubt: Doubt, number: int) -> None:
        node = self._child("doubt", number)
        self._add(node, RDF.type, CG.Doubt)
        self._add(self._iri, CG.hasDoubt, node)
        self._add(node, CG.position, Literal(number))
        self._plain(node, CG.kind, doubt.kind)
        self._plain(node, CG.where, doubt.where)
        self._text(node, CG.text, doubt.text)
        self._plain(node, CG.message, doubt.message)
        self._place(node, doubt.place)
        if doubt.where in {element.code for element in self._standard.elements()}:
            self._add(node, CG.about, self._node(doubt.where))

    def _node(self, code: str) -> URIRef:
        return URIRef(self._identifiers.element(self._iri, code))

    def _child(self, kind: str, number: int) -> URIRef:
        return URIRef(f"{self._iri}/{kind}/{number}")

    def _add(self, subject: URIRef, predicate: URIRef, value: Node) -> None:
        self._graph.add((subject, predicate, value))

    def _plain(self, subject: URIRef, predicate: URIRef, text: str) -> None:
        if text:
            self._add(subject, predicate, Literal(text))

    def _text(self, subject: URIRef, predicate: URIRef, text: str) -> None:
        if text:
            self._add(subject, predicate, Literal(text, lang=self._standard.language))

    def _level(self, subject: URIRef, level: int | None) -> None:
        if level is not None:
            self._add(subject, CG.level, URIRef(self._identifiers.level(self._standard.framework, level)))

    def _place(self, subject: URIRef, place: Place | None) -> None:
        if place is not None:
            if place.line is not None:
                self._add(subject, CG.line, Literal(place.line))
            if place.page is not None:
                self._add(subject, CG.page, Literal(place.page))


class _Reader:
    def __init__(self, graph: Graph, iri: URIRef, identifiers: Identifiers) -> None:
        self._identifiers = identifiers
        self._iri = iri
        self._facts: dict[Node, dict[Node, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in graph:
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
            framework=self._text(self._one(iri, CG.framework), SKOS.notation)
            or str(self._one(iri, CG.framework)).rpartition("/")[2],
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
        )

    def _task(self, node: Node) -> Task:
        return Task(
            self._code(node),
            self._text(node, SKOS.prefLabel),
            self._level(node),
            tuple(self._activity(child) for child in self._children(node, CG.hasActivity)),
            *self._required(node),
            self._printed(node),
            self._place(node),
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
            SubItem(int(self._text(one, CG.position)), self._text(one, SKOS.prefLabel), self._place(one))
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
                found.append(tuple(self._text(node, order).split(" ")))
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

    def _one(self, node: Node, predicate: URIRef) -> Node:
        values = self._facts[node][predicate]
        if len(values) != 1:
            raise NotFound(str(node), f"{node} has {len(values)} values of {predicate}; one is expected")
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


def _in_list_order(codes: Iterable[str], listed: Sequence[str]) -> tuple[str, ...]:
    wanted = set(codes)
    return tuple(code for code in listed if code in wanted)

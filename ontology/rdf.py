"""A standard as RDF, and back: the one place that knows both. The round trip loses nothing.

Every node has an IRI, so graphs can be compared and hashed line by line. Elements have the IRIs that
``Identifiers`` gives them; what has no code of its own (a note, a doubt, a row of the version table, a
printed classification) is a fragment of the standard's IRI: ``…/BGM1219-002v2#doubt-1``, or with ``;`` for
``#`` where the base ends in one. Facts that standards share (what a level or a code is called) stand in the
vocabulary and the code lists, not here.

A statement that is not made is absent: no empty literals, but for a ``printed`` code or a ``heading``, where
empty and missing differ. A ``Place`` that names neither line nor page comes back as ``None``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from rdflib import DCTERMS, OWL, PROV, RDF, SKOS, XSD, Graph, Literal, URIRef

from ontology.codes import CATEGORY, resolve_printed
from ontology.errors import InvalidInput, NotFound
from ontology.identifiers import split_item, standard_key
from ontology.rdf_reading import StandardReader
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdflib.term import Node

    from ontology.identifiers import Identifiers
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

__all__ = ["CATEGORY", "from_graph", "to_graph"]

_TRUE = Literal("true", datatype=XSD.boolean)
_REPLACED_BY = re.compile(r"已被《\s*([^\s》][^》]*?)\s*》取代")
_DATE = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")


def to_graph(standard: Standard, identifiers: Identifiers) -> Graph:
    """The document graph of a standard; its IRI is ``identifiers.standard(framework, standard_key(…))``.

    Raises ``InvalidInput`` where the standard cannot be said in RDF: two elements share a code, a code is
    empty, the language is no language tag, or a text is not Unicode.
    """
    try:
        return _Writer(standard, identifiers).write()
    except ValueError as error:
        raise InvalidInput(f"{standard.code or standard.name}: {error}") from error


def from_graph(graph: Graph, iri: str, identifiers: Identifiers) -> Standard:
    """The standard with this IRI, as ``to_graph`` wrote it, whatever else the graph holds.

    Raises ``NotFound`` where the graph has no standard of this IRI, and ``InvalidInput`` where a node of it
    says twice what it can say only once.
    """
    if not str(iri).startswith(identifiers.base):
        raise NotFound(str(iri), f"{iri} is not under {identifiers.base}")
    return StandardReader(graph, URIRef(iri), identifiers).read()


class _Writer:
    def __init__(self, standard: Standard, identifiers: Identifiers) -> None:
        self._standard = standard
        self._identifiers = identifiers
        self._key = standard_key(standard.code, standard.version)
        self._iri = URIRef(identifiers.standard(standard.framework, self._key))
        self._graph = Graph(identifier=self._iri)
        self._graph.bind("cg", CG)
        # An IRI has one fragment at most; codes are percent-encoded, so no code holds either separator.
        self._separator = ";" if "#" in identifiers.base else "#"
        self._codes: set[str] = set()
        self._nodes: set[URIRef] = set()

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
                for position, item in enumerate(entry.items, 1):
                    self._sub_item(entry.code, item, position, node)
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
        self._series(iri, self._key)
        self._plain(iri, CG.version, standard.version)
        self._level(iri, standard.level)
        self._plain(iri, DCTERMS.language, standard.language)
        self._text(iri, CG.status, standard.status)
        self._text(iri, DCTERMS.description, standard.description)
        self._text(iri, CG.occupationalCategoryName, standard.occupational_category)
        self._plain(iri, CG.sourceFile, standard.source)

    def _classification(self, kind: str, number: int, one: Classification) -> None:
        node = self._fragment(kind, number)
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
        named = resolve_printed(self._standard.framework, kind, code)
        if named is None:
            return None
        concept = URIRef(self._identifiers.concept(named.scheme, named.code))
        if named.scheme == CATEGORY:
            # No list of the categories is published: a category is known by the standards that name it.
            self._add(concept, RDF.type, SKOS.Concept)
            self._add(concept, SKOS.inScheme, URIRef(self._identifiers.scheme(CATEGORY)))
            self._plain(concept, SKOS.notation, named.code)
        return concept

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
            self._add(node, CG.printedCode, _literal(element.printed))
        self._place(node, element.place)
        return node

    def _sub_item(self, code: str, item: SubItem, position: int, holder: URIRef) -> None:
        whole = f"{code}#{item.number}"
        if split_item(whole) != (code, item.number):
            raise ValueError(f"{whole} names no sub-item: a code without # and a number from 0 are expected")
        node = self._node(whole)
        self._placed(node, CG.SubItem, whole, position, holder, CG.hasSubItem)
        self._text(node, SKOS.prefLabel, item.text)
        self._place(node, item.place)

    def _placed(
        self, node: URIRef, kind: URIRef, code: str, position: int, holder: URIRef, has: URIRef
    ) -> None:
        if node in self._nodes:
            raise ValueError(f"two elements share the code {code}; each element needs one of its own")
        self._nodes.add(node)
        self._codes.add(code)
        self._add(node, RDF.type, kind)
        self._plain(node, SKOS.notation, code)
        self._add(node, CG.position, Literal(position))
        self._add(holder, has, node)
        self._add(node, CG.partOf, holder)
        self._add(node, CG.ofStandard, self._iri)

    def _required(self, node: URIRef, holder: Task | Activity) -> None:
        standard = self._standard
        for codes, listed, requires, order in (
            (holder.knowledge, standard.knowledge, CG.requiresKnowledge, CG.knowledgeOrder),
            (holder.skills, standard.skills, CG.requiresSkill, CG.skillOrder),
        ):
            for code in codes:
                self._add(node, requires, self._node(code))
            if codes != _in_list_order(codes, [one.code for one in listed]):
                self._add(node, order, Literal(" ".join(quote(code, safe="") for code in codes)))

    def _version(self, version: VersionEntry, number: int) -> None:
        node = self._fragment("version", number)
        self._add(node, RDF.type, CG.VersionEntry)
        self._add(self._iri, CG.hasVersionEntry, node)
        self._add(node, CG.position, Literal(number))
        self._plain(node, CG.version, version.version)
        self._plain(node, CG.printedCode, version.code)
        self._text(node, CG.printedName, version.name)
        self._text(node, CG.status, version.status)
        self._text(node, CG.changeNote, version.note)
        self._plain(node, CG.printedDate, version.date)
        if issued := _read_date(version.date):
            self._add(node, DCTERMS.issued, Literal(issued))
        if not version.code.strip():
            return
        described = self._named_version(version.code, version.version)
        self._add(node, CG.describes, described)
        if match := _REPLACED_BY.search(version.note):
            successor = self._named_version(match[1], "")
            if successor != described:
                self._add(described, DCTERMS.isReplacedBy, successor)
                self._add(successor, PROV.wasRevisionOf, described)
                self._add(described, OWL.deprecated, _TRUE)

    def _named_version(self, code: str, version: str) -> URIRef:
        """The node of a version whose content may not be held, so no ``Standard`` is said of it here."""
        key = standard_key(code, version)
        iri = URIRef(self._identifiers.standard(self._standard.framework, key))
        if iri == self._iri:
            return iri
        self._add(iri, RDF.type, CG.Version)
        self._plain(iri, SKOS.notation, key)
        self._series(iri, key)
        return iri

    def _series(self, version: URIRef, key: str) -> None:
        series = URIRef(self._identifiers.series(self._standard.framework, key))
        self._add(version, CG.series, series)
        self._add(series, RDF.type, CG.Series)

    def _note(self, note: Note, number: int) -> None:
        node = self._fragment("note", number)
        self._add(node, RDF.type, CG.Note)
        self._add(self._iri, CG.hasNote, node)
        self._add(node, CG.position, Literal(number))
        self._plain(node, CG.kind, note.kind)
        self._text(node, CG.text, note.text)
        if note.heading is not None:
            self._add(node, CG.heading, _literal(note.heading, self._standard.language))

    def _doubt(self, doubt: Doubt, number: int) -> None:
        node = self._fragment("doubt", number)
        self._add(node, RDF.type, CG.Doubt)
        self._add(self._iri, CG.hasDoubt, node)
        self._add(node, CG.position, Literal(number))
        self._plain(node, CG.kind, doubt.kind)
        self._plain(node, CG.where, doubt.where)
        self._text(node, CG.text, doubt.text)
        self._plain(node, CG.message, doubt.message)
        self._place(node, doubt.place)
        if doubt.where in self._codes:
            self._add(node, CG.about, self._node(doubt.where))

    def _node(self, code: str) -> URIRef:
        return URIRef(self._identifiers.element(self._iri, code))

    def _fragment(self, kind: str, number: int) -> URIRef:
        return URIRef(f"{self._iri}{self._separator}{kind}-{number}")

    def _add(self, subject: URIRef, predicate: URIRef, value: Node) -> None:
        self._graph.add((subject, predicate, value))

    def _plain(self, subject: URIRef, predicate: URIRef, text: str) -> None:
        if text:
            self._add(subject, predicate, _literal(text))

    def _text(self, subject: URIRef, predicate: URIRef, text: str) -> None:
        if text:
            self._add(subject, predicate, _literal(text, self._standard.language))

    def _level(self, subject: URIRef, level: int | None) -> None:
        if level is not None:
            self._add(subject, CG.level, URIRef(self._identifiers.level(self._standard.framework, level)))

    def _place(self, subject: URIRef, place: Place | None) -> None:
        if place is not None:
            if place.line is not None:
                self._add(subject, CG.line, Literal(place.line))
            if place.page is not None:
                self._add(subject, CG.page, Literal(place.page))


def _literal(text: str, language: str | None = None) -> Literal:
    text.encode()  # so that a lone surrogate is found here, and not when the graph is written out
    return Literal(text, lang=language)


def _read_date(printed: str) -> date | None:
    """``2018/12/21`` as a date; ``None`` for anything else, and for days that there are not."""
    if match := _DATE.fullmatch(printed.strip()):
        year, month, day = (int(part) for part in match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            return None
    return None


def _in_list_order(codes: Iterable[str], listed: Sequence[str]) -> tuple[str, ...]:
    wanted = set(codes)
    return tuple(code for code in listed if code in wanted)

"""The half of ``ontology.rdf`` that writes: a standard as statements, into any sink."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from rdflib import DCTERMS, OWL, PROV, RDF, SKOS

from ontology.codes import CATEGORY, resolve_printed
from ontology.identifiers import split_item, standard_key
from ontology.rdf_frameworks import FrameworkWriter, in_list_order
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from ontology.model import (
        Activity,
        Attitude,
        Classification,
        Competency,
        Doubt,
        Indicator,
        Note,
        Output,
        SubItem,
        Task,
        VersionEntry,
    )

__all__ = ["REPLACED_BY", "StandardWriter", "read_date"]

REPLACED_BY = re.compile(r"已被《\s*([^\s》][^》]*?)\s*》取代")
_DATE = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")


class StandardWriter(FrameworkWriter):
    """Writes one standard; see ``ontology.rdf.to_graph``."""

    def write(self) -> None:
        """Raises ``ValueError`` where the standard cannot be said in RDF."""
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
        self.write_framework()

    def _profile(self) -> None:
        standard, iri = self._standard, self._iri
        self._link(iri, RDF.type, CG.Standard)
        self._plain(iri, SKOS.notation, self._key)
        self._plain(iri, CG.printedCode, standard.code if standard.code != self._key else "")
        self._text(iri, SKOS.prefLabel, standard.name)
        self._link(iri, CG.framework, self._identifiers.framework(standard.framework))
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
        self._link(node, RDF.type, CG.Classification)
        self._link(self._iri, CG.hasClassification, node)
        self._plain(node, CG.classificationKind, kind)
        self._sink.value(node, CG.position, number)
        self._plain(node, CG.printedCode, one.code)
        self._text(node, CG.printedName, one.name)
        if concept := self._resolve(kind, one.code):
            self._link(node, CG.resolvesTo, concept)
            self._link(self._iri, CG[kind], concept)

    def _resolve(self, kind: str, code: str) -> str | None:
        named = resolve_printed(self._standard.framework, kind, code)
        if named is None:
            return None
        concept = named.iri or self._identifiers.concept(named.scheme, named.code)
        if named.scheme == CATEGORY:
            # No list of the categories is published: a category is known by the standards that name it.
            self._link(concept, RDF.type, SKOS.Concept)
            self._link(concept, SKOS.inScheme, self._identifiers.scheme(CATEGORY))
            self._plain(concept, SKOS.notation, named.code)
        return concept

    def _task(self, task: Task, number: int) -> None:
        node = self._element(CG.Task, task, task.name, number, self._iri, CG.hasTask)
        self._level(node, task.level)
        self._required(node, task)
        self._text(node, CG.taskCategory, task.category)
        for reference in task.work_activities:
            self._link(node, CG.workActivity, self._identifiers.absolute(reference))
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
        kind: str,
        element: Task | Activity | Output | Indicator | Competency | Attitude,
        text: str,
        position: int,
        holder: str,
        has: str,
    ) -> str:
        node = self._node(element.code)
        self._placed(node, kind, element.code, position, holder, has)
        self._text(node, SKOS.prefLabel, text)
        if element.printed is not None:
            self._sink.text(node, CG.printedCode, element.printed)
        self._place(node, element.place)
        return node

    def _sub_item(self, code: str, item: SubItem, position: int, holder: str) -> None:
        whole = f"{code}#{item.number}"
        if split_item(whole) != (code, item.number):
            raise ValueError(f"{whole} names no sub-item: a code without # and a number from 0 are expected")
        node = self._node(whole)
        self._placed(node, CG.SubItem, whole, position, holder, CG.hasSubItem)
        self._text(node, SKOS.prefLabel, item.text)
        self._place(node, item.place)

    def _required(self, node: str, holder: Task | Activity) -> None:
        standard = self._standard
        for codes, listed, requires, order in (
            (holder.knowledge, standard.knowledge, CG.requiresKnowledge, CG.knowledgeOrder),
            (holder.skills, standard.skills, CG.requiresSkill, CG.skillOrder),
        ):
            for code in codes:
                self._link(node, requires, self._node(code))
            if codes != in_list_order(codes, [one.code for one in listed]):
                self._sink.text(node, order, " ".join(quote(code, safe="") for code in codes))

    def _version(self, version: VersionEntry, number: int) -> None:
        node = self._fragment("version", number)
        self._link(node, RDF.type, CG.VersionEntry)
        self._link(self._iri, CG.hasVersionEntry, node)
        self._sink.value(node, CG.position, number)
        self._plain(node, CG.version, version.version)
        self._plain(node, CG.printedCode, version.code)
        self._text(node, CG.printedName, version.name)
        self._text(node, CG.status, version.status)
        self._text(node, CG.changeNote, version.note)
        self._plain(node, CG.printedDate, version.date)
        if issued := read_date(version.date):
            self._sink.value(node, DCTERMS.issued, issued)
        if not version.code.strip():
            return
        described = self._named_version(version.code, version.version)
        self._link(node, CG.describes, described)
        if match := REPLACED_BY.search(version.note):
            successor = self._named_version(match[1], "")
            if successor != described:
                self._link(described, DCTERMS.isReplacedBy, successor)
                self._link(successor, PROV.wasRevisionOf, described)
                self._sink.value(described, OWL.deprecated, value=True)

    def _named_version(self, code: str, version: str) -> str:
        """The node of a version whose content may not be held, so no ``Standard`` is said of it here."""
        key = standard_key(code, version)
        if key == self._key:
            return self._iri
        iri = self._identifiers.standard(self._standard.framework, key)
        self._link(iri, RDF.type, CG.Version)
        self._plain(iri, SKOS.notation, key)
        self._series(iri, key)
        return iri

    def _series(self, version: str, key: str) -> None:
        series = self._identifiers.series(self._standard.framework, key)
        self._link(version, CG.series, series)
        self._link(series, RDF.type, CG.Series)

    def _note(self, note: Note, number: int) -> None:
        node = self._fragment("note", number)
        self._link(node, RDF.type, CG.Note)
        self._link(self._iri, CG.hasNote, node)
        self._sink.value(node, CG.position, number)
        self._plain(node, CG.kind, note.kind)
        self._text(node, CG.text, note.text)
        if note.heading is not None:
            self._sink.text(node, CG.heading, note.heading, self._standard.language)

    def _doubt(self, doubt: Doubt, number: int) -> None:
        node = self._fragment("doubt", number)
        self._link(node, RDF.type, CG.Doubt)
        self._link(self._iri, CG.hasDoubt, node)
        self._sink.value(node, CG.position, number)
        self._plain(node, CG.kind, doubt.kind)
        self._plain(node, CG.where, doubt.where)
        self._text(node, CG.text, doubt.text)
        self._plain(node, CG.message, doubt.message)
        self._place(node, doubt.place)
        if doubt.where in self._codes:
            self._link(node, CG.about, self._node(doubt.where))


def read_date(printed: str) -> date | None:
    """``2018/12/21`` as a date; ``None`` for anything else, and for days that there are not."""
    if match := _DATE.fullmatch(printed.strip()):
        year, month, day = (int(part) for part in match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            return None
    return None

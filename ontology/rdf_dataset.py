"""A data set as RDF: its concepts, standards, catalogue entries and mappings, streamed into a sink.

Mappings are written as SSSOM says (https://w3id.org/sssom/): an ``owl:Axiom`` with its annotations beside the
plain statement.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

from rdflib import DCTERMS, OWL, RDF, SKOS, Namespace

from ontology.codes import resolve_printed
from ontology.dataset import CatalogueEntry, Concept, ConceptScheme, Mapping, UnlistedStandard
from ontology.errors import InvalidInput
from ontology.identifiers import standard_key
from ontology.model import ConceptKind, Standard
from ontology.rdf import write_standard
from ontology.rdf_frameworks import PLAIN_LINKS
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Mapping as Counts
    from collections.abc import Sequence

    from ontology.dataset import Dataset, DatasetInfo, Item, Progress
    from ontology.identifiers import Identifiers
    from ontology.statements import StatementSink

__all__ = ["DCAT", "SSSOM", "dataset_iri", "write_dataset"]

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SSSOM = Namespace("https://w3id.org/sssom/")
SEMAPV = "https://w3id.org/semapv/vocab/"

# Terms that every concept takes: rdflib makes them anew each time.
_TYPE = RDF.type
_SKOS_CONCEPT = SKOS.Concept
_ALT_LABEL = SKOS.altLabel
_BROADER = SKOS.broader
_HIDDEN_LABEL = SKOS.hiddenLabel
_IN_SCHEME = SKOS.inScheme
_NOTATION = SKOS.notation
_PREF_LABEL = SKOS.prefLabel
_FACTS = {
    "description": DCTERMS.description,
    "definition": SKOS.definition,
    "scope": SKOS.scopeNote,
}
_PLAIN = {
    "status": CG.status,
    "modified": CG.modified,
    "reuse_level": CG.reuseLevel,
    "category": CG.conceptCategory,
}


def dataset_iri(info: DatasetInfo, identifiers: Identifiers) -> str:
    """The IRI of a data set, which is that of its document."""
    return identifiers.absolute(f"dataset/{info.key}")


def write_dataset(
    dataset: Dataset, identifiers: Identifiers, sink: StatementSink, progress: Progress | None = None
) -> Counts[str, int]:
    """Writes every item; how many of each kind there were (``concept``, ``standard``, ``requirement`` …).

    Raises ``DocumentError`` where the source cannot be read, and ``InvalidInput`` where an item cannot be
    said in RDF.
    """
    return _DatasetWriter(dataset, identifiers, sink).write(progress)


class _DatasetWriter:
    def __init__(self, dataset: Dataset, identifiers: Identifiers, sink: StatementSink) -> None:
        self._dataset = dataset
        self._identifiers = identifiers
        self._sink = sink
        self._iri = dataset_iri(dataset.info, identifiers)
        self._counts: Counter[str] = Counter()

    def write(self, progress: Progress | None) -> Counts[str, int]:
        self._info()
        for item in self._dataset.items(progress):
            try:
                self._item(item)
            except ValueError as error:
                raise InvalidInput(f"{self._dataset.info.source}: {item}: {error}"[:500]) from error
        for number, doubt in enumerate(self._dataset.doubts(), 1):
            node = f"{self._iri}#doubt-{number}"
            self._sink.link(node, RDF.type, CG.Doubt)
            self._sink.link(self._iri, CG.hasDoubt, node)
            self._sink.value(node, CG.position, number)
            for predicate, text in (
                (CG.kind, doubt.kind),
                (CG.where, doubt.where),
                (CG.text, doubt.text),
                (CG.message, doubt.message),
            ):
                self._plain(node, predicate, text)
            self._counts["doubt"] += 1
        return dict(self._counts)

    def _info(self) -> None:
        info, iri = self._dataset.info, self._iri
        self._sink.link(iri, RDF.type, DCAT.Dataset)
        if info.framework:
            self._sink.link(iri, CG.framework, self._identifiers.framework(info.framework))
        self._sink.text(iri, DCTERMS.title, info.title, info.language)
        for predicate, text in (
            (OWL.versionInfo, info.version),
            (DCTERMS.language, info.language),
            (DCTERMS.license, info.licence),
            (DCTERMS.bibliographicCitation, info.attribution),
            (CG.sourceFile, info.source),
        ):
            self._plain(iri, predicate, text)
        self._details(iri, info.details)

    def _item(self, item: Item) -> None:
        if isinstance(item, Concept):
            self._concept(item)
        elif isinstance(item, Standard):
            write_standard(item, self._identifiers, self._sink)
            self._sink.link(self._identifiers.of_standard(item), DCTERMS.isPartOf, self._iri)
            self._counts["standard"] += 1
            self._counts["task"] += len(item.tasks)
            self._counts["requirement"] += len(item.requirements)
        elif isinstance(item, ConceptScheme):
            self._scheme(item)
        elif isinstance(item, UnlistedStandard):
            self._unlisted(item)
        elif isinstance(item, CatalogueEntry):
            self._entry(item)
        else:
            self._mapping(item)

    def _scheme(self, scheme: ConceptScheme) -> None:
        iri = scheme.iri or self._identifiers.scheme(scheme.code)
        self._sink.link(iri, RDF.type, SKOS.ConceptScheme)
        self._plain(iri, SKOS.notation, scheme.code)
        self._sink.text(iri, SKOS.prefLabel, scheme.title, scheme.language)
        if scheme.description:
            self._sink.text(iri, DCTERMS.description, scheme.description, scheme.language)
        self._plain(iri, CG.status, scheme.status)
        for reference in scheme.top_concepts:
            self._sink.link(iri, SKOS.hasTopConcept, self._identifiers.absolute(reference))
        self._details(iri, scheme.details)
        self._sink.link(iri, DCTERMS.isPartOf, self._iri)
        self._counts["scheme"] += 1

    def _unlisted(self, item: UnlistedStandard) -> None:
        self._sink.link(item.iri, RDF.type, CG.Version)
        self._sink.link(item.iri, CG.framework, self._identifiers.framework(item.framework))
        for reference in item.broader:
            self._sink.link(item.iri, SKOS.broader, self._identifiers.absolute(reference))
        for one in item.requirements:
            concept = self._identifiers.absolute(one.concept)
            self._sink.link(item.iri, PLAIN_LINKS[one.kind, one.relation], concept)
        self._sink.link(item.iri, DCTERMS.isPartOf, self._iri)
        self._counts["unlisted standard"] += 1
        self._counts["requirement"] += len(item.requirements)

    def _concept(self, concept: Concept) -> None:
        sink, language = self._sink, concept.language
        iri = concept.iri or self._identifiers.concept(concept.scheme, concept.code)
        sink.link(iri, _TYPE, CG.Concept)
        sink.link(iri, _TYPE, _SKOS_CONCEPT)
        sink.text(iri, CG.conceptKind, concept.kind.value)
        sink.text(iri, _PREF_LABEL, concept.name, language)
        self._plain(iri, _NOTATION, concept.code)
        sink.link(iri, CG.framework, self._identifiers.framework(self._dataset.info.framework))
        if concept.scheme:
            sink.link(iri, _IN_SCHEME, self._identifiers.scheme(concept.scheme))
        for scheme in concept.schemes:
            sink.link(iri, _IN_SCHEME, self._identifiers.absolute(scheme))
        for name in concept.alternative_names:
            sink.text(iri, _ALT_LABEL, name, language)
        for name in concept.hidden_names:
            sink.text(iri, _HIDDEN_LABEL, name, language)
        for field, predicate in _FACTS.items():
            if text := getattr(concept, field):
                sink.text(iri, predicate, text, language)
        for field, predicate in _PLAIN.items():
            self._plain(iri, predicate, getattr(concept, field))
        for tag in concept.tags:
            sink.text(iri, CG.tag, tag)
        for reference in concept.broader:
            sink.link(iri, _BROADER, self._identifiers.absolute(reference))
        for relation, links in (("essential", concept.essential), ("optional", concept.optional)):
            for kind, reference in links:
                sink.link(iri, PLAIN_LINKS[kind, relation], self._identifiers.absolute(reference))
                self._counts["concept link"] += 1
        self._details(iri, concept.details)
        self._counts[concept.kind.value] += 1
        if concept.kind is not ConceptKind.GROUP:
            self._counts["concept"] += 1

    def _entry(self, entry: CatalogueEntry) -> None:
        sink = self._sink
        iri = f"{self._iri}/{entry.number}"
        sink.link(iri, RDF.type, CG.CatalogueEntry)
        sink.link(iri, DCTERMS.isPartOf, self._iri)
        sink.value(iri, CG.position, entry.number)
        self._plain(iri, SKOS.notation, entry.code)
        if entry.printed is not None:
            sink.text(iri, CG.printedCode, entry.printed)
        sink.text(iri, SKOS.prefLabel, entry.name, entry.language)
        sink.link(iri, CG.framework, self._identifiers.framework(entry.framework))
        if entry.level is not None:
            sink.link(iri, CG.level, self._identifiers.level(entry.framework, entry.level))
        if entry.code:
            key = standard_key(entry.code)
            sink.link(iri, CG.describes, self._identifiers.standard(entry.framework, key))
            sink.link(iri, CG.series, self._identifiers.series(entry.framework, key))
        for kind, codes in (
            ("category", entry.category),
            ("occupation", entry.occupation),
            ("industry", entry.industry),
        ):
            for number, one in enumerate(codes, 1):
                node = f"{iri}#{kind}-{number}"
                sink.link(node, RDF.type, CG.Classification)
                sink.link(iri, CG.hasClassification, node)
                sink.text(node, CG.classificationKind, kind)
                sink.value(node, CG.position, number)
                self._plain(node, CG.printedCode, one.code)
                if one.name:
                    sink.text(node, CG.printedName, one.name, entry.language)
                named = resolve_printed(entry.framework, kind, one.code)
                if named:
                    concept = named.iri or self._identifiers.concept(named.scheme, named.code)
                    sink.link(node, CG.resolvesTo, concept)
                    sink.link(iri, CG[kind], concept)
        self._counts["catalogue entry"] += 1

    def _mapping(self, mapping: Mapping) -> None:
        sink = self._sink
        subject = self._identifiers.absolute(mapping.subject)
        target = self._identifiers.absolute(mapping.object)
        predicate = str(SKOS) + mapping.predicate
        if not mapping.is_negated:
            sink.link(subject, predicate, target)
        name = hashlib.sha256("\n".join((subject, predicate, target)).encode()).hexdigest()[:20]
        node = f"{self._iri}/mapping/{name}"
        sink.link(node, RDF.type, OWL.Axiom)
        sink.link(node, RDF.type, CG.Mapping)
        sink.link(node, OWL.annotatedSource, subject)
        sink.link(node, OWL.annotatedProperty, predicate)
        sink.link(node, OWL.annotatedTarget, target)
        sink.link(node, DCTERMS.isPartOf, self._iri)
        sink.link(node, SSSOM.mapping_justification, mapping.justification.replace("semapv:", SEMAPV, 1))
        if mapping.is_negated:
            sink.text(node, SSSOM.predicate_modifier, "Not")
        if mapping.confidence is not None:
            sink.value(node, SSSOM.confidence, mapping.confidence)
        for slot, text in (
            (SSSOM.subject_label, mapping.subject_label),
            (SSSOM.object_label, mapping.object_label),
        ):
            self._plain(node, slot, text)
        self._details(node, mapping.details)
        self._counts["mapping"] += 1

    def _plain(self, subject: str, predicate: str, text: str) -> None:
        if text:
            self._sink.text(subject, predicate, text)

    def _details(self, subject: str, details: Sequence[tuple[str, str]]) -> None:
        if details:
            self._sink.text(subject, CG.sourceDetails, json.dumps(details, ensure_ascii=False))

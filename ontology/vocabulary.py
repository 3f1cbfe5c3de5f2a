"""The terms of the ontology and the facts that all standards share: frameworks and levels."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from ontology.identifiers import ONTOLOGY

if TYPE_CHECKING:
    from ontology.identifiers import Identifiers

__all__ = [
    "CG",
    "ESCO",
    "LEVELS",
    "core_graph",
    "declared_terms",
    "framework_name",
    "framework_short",
    "natural_key",
    "schema_text",
    "term_label",
    "to_jsonld",
    "vocabulary_graph",
]


class _Terms(Namespace):
    """A namespace that makes each term once: a release needs them millions of times."""

    def __getattr__(self, name: str) -> URIRef:
        term = super().__getattr__(name)
        self.__dict__[name] = term
        return term


CG = _Terms(ONTOLOGY)
ESCO = Namespace("http://data.europa.eu/esco/model#")
LEVELS = range(1, 7)
"""The competency levels of iCAP (職能級別)."""

_NUMERALS = "一二三四五六"
_FRAMEWORKS = {
    "icap": ("iCAP 職能基準", "iCAP occupational competency standards"),
    "esco": (
        "歐洲技能、能力、資格與職業分類 (ESCO)",
        "ESCO, European Skills, Competences, Qualifications and Occupations",
    ),
    "onet": ("美國職業資訊網 (O*NET)", "O*NET, Occupational Information Network of the United States"),
    "csco": ("中華人民共和國職業分類大典", "Occupational Classification of the People’s Republic of China"),
    "au": ("澳洲職能單元", "Australian units of competency"),
    "case": ("以 CASE 交換的職能架構", "Frameworks exchanged as CASE"),
}

_SHORT_FRAMEWORKS = {
    "icap": ("iCAP", "iCAP"),
    "esco": ("ESCO", "ESCO"),
    "onet": ("O*NET", "O*NET"),
    "csco": ("職業分類大典", "CSCO"),
    "au": ("澳洲", "Australia"),
    "case": ("CASE", "CASE"),
}


def framework_short(framework: str, language: str) -> str:
    """The name of a framework where there is little room, as ``framework_name`` has it in full."""
    names = _SHORT_FRAMEWORKS.get(framework, (framework, framework))
    return names[0 if language == "zh-Hant" else 1]


def framework_name(framework: str, language: str) -> str:
    """What people call a framework, in ``zh-Hant`` or English; its own code where it has no name here."""
    names = _FRAMEWORKS.get(framework, (framework, framework))
    return names[0 if language == "zh-Hant" else 1]


@cache
def schema_text(name: str) -> str:
    """A file of ``ontology/schema``."""
    return files("ontology").joinpath("schema", name).read_text(encoding="utf-8")


@cache
def core_graph() -> Graph:
    """``core.ttl``, parsed once; not to be changed by callers."""
    return Graph().parse(data=schema_text("core.ttl"), format="turtle")


def vocabulary_graph(identifiers: Identifiers) -> Graph:
    """The ontology, the frameworks and their levels."""
    graph = Graph()
    for triple in core_graph():
        graph.add(triple)
    for framework, (chinese, english) in _FRAMEWORKS.items():
        iri = URIRef(identifiers.framework(framework))
        graph.add((iri, RDF.type, CG.Framework))
        graph.add((iri, SKOS.notation, Literal(framework)))
        graph.add((iri, SKOS.prefLabel, Literal(chinese, lang="zh-Hant")))
        graph.add((iri, SKOS.prefLabel, Literal(english, lang="en")))
    for number in LEVELS:
        iri = URIRef(identifiers.level("icap", number))
        graph.add((iri, RDF.type, CG.Level))
        graph.add((iri, CG.number, Literal(number)))
        graph.add((iri, SKOS.notation, Literal(str(number))))
        graph.add((iri, SKOS.prefLabel, Literal(f"第{_NUMERALS[number - 1]}級", lang="zh-Hant")))
        graph.add((iri, SKOS.prefLabel, Literal(f"Level {number}", lang="en")))
        graph.add((iri, CG.framework, URIRef(identifiers.framework("icap"))))
    return graph


def term_label(iri: str, language: str) -> str | None:
    """The label of a term of the ontology, or ``None`` for other terms. ``language`` is zh-Hant or en."""
    labels = core_graph().objects(URIRef(iri), RDFS.label)
    return next((str(one) for one in labels if isinstance(one, Literal) and one.language == language), None)


def to_jsonld(graph: Graph) -> dict[str, Any]:
    """The graph as compact JSON-LD: flat nodes in the order of their IRIs, with the context of
    ``schema/context.jsonld`` in it, so that nothing has to be fetched to read it."""
    context = json.loads(schema_text("context.jsonld"))["@context"]
    text = graph.serialize(format="json-ld", context=context, auto_compact=False, use_native_types=True)
    document: dict[str, Any] = json.loads(text)
    nodes = document.pop("@graph", None)
    if nodes is None:
        nodes = [{key: document.pop(key) for key in list(document) if key != "@context"}]
    document["@graph"] = sorted(
        (_in_order(node) for node in nodes if node), key=lambda one: natural_key(one["id"])
    )
    return document


def _in_order(node: dict[str, Any]) -> dict[str, Any]:
    """A node with its IRI and type first, and several values in the order of their IRIs."""
    first = {key: node[key] for key in ("id", "type", "code") if key in node}
    rest = {key: node[key] for key in sorted(node) if key not in first}
    return {
        key: sorted(value, key=natural_key) if _are_texts(value) else value
        for key, value in (first | rest).items()
    }


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def natural_key(text: str) -> list[tuple[int, str]]:
    """A sort key that puts T1.2 before T1.10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)]


def declared_terms() -> frozenset[str]:
    """IRIs of the classes and properties that ``core.ttl`` declares."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return frozenset(str(term) for kind in kinds for term in core_graph().subjects(RDF.type, kind))

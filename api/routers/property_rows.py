"""What the graph says of a node, as rows of its page: properties by name, values in words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rdflib import DCTERMS, OWL, SKOS, Graph, Literal, URIRef
from rdflib.namespace import DCAT

from api.pages.detail_views import detail_view
from api.pages.views import PropertyRow, Value
from ontology.vocabulary import CG, term_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from api.pages import Page

__all__ = ["description_of", "label_of", "language_of", "property_rows", "term_name"]

_SHOWN = 200
_LISTED = 10
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?")


def property_rows(graph: Graph, page: Page, pairs: Iterable[tuple[Node, Node]]) -> tuple[PropertyRow, ...]:
    """One row a property, by its name, with at most ``_SHOWN`` values."""
    grouped: dict[str, list[Value]] = {}
    folded: set[str] = set()
    for predicate, value in pairs:
        name = term_name(str(predicate), page.language)
        if name and predicate == CG.sourceDetails:
            fields = (detail_view(field, text) for field, text in json.loads(str(value)))
            folded.add(name)
            grouped.setdefault(name, []).extend(Value(f"{one.name}: {one.text}", one.href) for one in fields)
        elif name:
            shown = _value(graph, page, value, coded=predicate != CG.framework)
            grouped.setdefault(name, []).append(shown)
    return tuple(
        PropertyRow(
            name,
            tuple(sorted(values, key=lambda one: _natural(one.text))[:_SHOWN]),
            name in folded or (len(values) > _LISTED and all(_is_part(one) for one in values)),
        )
        for name, values in sorted(grouped.items())
    )


def _is_part(value: Value) -> bool:
    """Whether a value is a part of a document that has no name of its own."""
    return value.href is not None and "#" in value.text and not value.language


def _value(graph: Graph, page: Page, node: Node, *, coded: bool = True) -> Value:
    """A link or a text; of a moment the day."""
    if isinstance(node, URIRef):
        label = label_of(graph, node, page.language)
        code = next((str(one) for one in graph.objects(node, SKOS.notation)), "") if coded else ""
        text = " ".join(part for part in (code, str(label) if label else "") if part)
        if not text and page.identifiers.path(str(node)):
            text = unquote(str(node).rpartition("/")[2])
        text = text or str(node)
        return Value(text, page.local(str(node)), language_of(label))
    text = str(node)
    return Value(text.partition("T")[0] if _MOMENT.fullmatch(text) else text, language=language_of(node))


def label_of(graph: Graph, node: Node, language: str) -> Literal | None:
    """The preferred label, or the title, in the language of the page, else in any."""
    return _in_language(graph, node, language, (SKOS.prefLabel, DCTERMS.title))


def description_of(graph: Graph, node: Node, language: str) -> Literal | None:
    """What the framework says of a concept, in the language of the page, else in any."""
    return _in_language(graph, node, language, (DCTERMS.description, SKOS.definition))


def _in_language(graph: Graph, node: Node, language: str, properties: Iterable[URIRef]) -> Literal | None:
    found = [
        one for name in properties for one in graph.objects(node, name) if isinstance(one, Literal) and one
    ]
    return next((one for one in found if one.language == language), found[0] if found else None)


def language_of(node: Node | None) -> str:
    return node.language or "" if isinstance(node, Literal) else ""


_OTHER_TERMS = {
    str(SKOS.broader): ("上層", "Broader"),
    str(SKOS.narrower): ("下層", "Narrower"),
    str(SKOS.topConceptOf): ("最上層屬於", "Top of"),
    str(SKOS.hasTopConcept): ("最上層", "Top"),
    str(SKOS.altLabel): ("別名", "Also called"),
    str(DCTERMS.license): ("授權", "Licence"),
    str(DCTERMS.bibliographicCitation): ("應標示的出處聲明", "To be shown with it"),
    str(DCTERMS.isPartOf): ("收錄於", "In"),
    str(OWL.versionInfo): ("版本", "Version"),
    str(DCAT.Dataset): ("資料集", "Dataset"),
    str(SKOS.Concept): ("概念", "Concept"),
    str(SKOS.ConceptScheme): ("代碼表", "Code list"),
}


def term_name(iri: str, language: str) -> str | None:
    """What the pages call a term; ``None`` for terms that people need not see."""
    if iri in _OTHER_TERMS:
        return _OTHER_TERMS[iri][0 if language == "zh-Hant" else 1]
    return term_label(iri, language)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """Sorts T1.2 before T1.10."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text))

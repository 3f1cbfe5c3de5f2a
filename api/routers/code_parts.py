"""What stands under a code of a classification, for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import SKOS, Literal, URIRef

from api.pages.entity_views import CodeView, Neighbour, NeighbourGroup
from api.pages.messages import catalogue, translate
from api.routers.browse_parts import (
    Narrowed,
    browse_address,
    place_named,
    place_of_concept,
    search_filters,
)
from api.routers.standard_rows import standard_rows
from ontology.vocabulary import CG, natural_key
from search.classes import CLASS_FACETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph

    from api.pages import Page
    from api.services import Services
    from ontology.identifiers import Identifiers

__all__ = ["code_view", "is_listed", "scheme_words"]

_STANDARDS = 10
_LISTED = 20
_CLASSIFYING = (CG.occupation, CG.industry, CG.category, CG.level)


def scheme_words(language: str, scheme: str) -> str:
    """What the code list ``scheme`` is called, by its IRI; empty where the pages have no words for it."""
    key = "browse_scheme_" + ("isco-08" if scheme.endswith("/isco") else scheme.rpartition("/")[2])
    return translate(language, key) if key in catalogue(language) else ""


def is_listed(iri: str, identifiers: Identifiers) -> bool:
    """Whether a node is an entry of a catalogue, of which no more than name and codes are loaded."""
    return (identifiers.path(iri) or "").startswith("dataset/")


def code_view(services: Services, page: Page, graph: Graph, iri: str) -> CodeView:
    """``graph`` is what is said of the code and what refers to it, with names."""
    tree = services.browsing.get()
    identifiers = services.identifiers
    loaded = {one.iri: one for one in services.standards()}
    codes = {one.code for one in loaded.values()}
    place = place_of_concept(tree, iri, identifiers)
    numbers = sorted(place.standards) if place else []
    filters = search_filters(tree, place, Narrowed()) if place else None
    if filters and place and place.facet in CLASS_FACETS and place.facet not in filters:
        filters = None
    node = URIRef(iri)
    below = []
    narrower = {*graph.subjects(SKOS.broader, node), *graph.objects(node, SKOS.hasTopConcept)}
    for one in {str(one) for one in narrower} - loaded.keys():
        under = place_of_concept(tree, one, identifiers)
        count = len(under.standards) if under else 0
        note = translate(page.language, "standards_count", total=count) if count else ""
        below.append(_neighbour(page, graph, one, note))
    listed = {
        str(one)
        for relation in _CLASSIFYING
        for one in graph.subjects(relation, node)
        if is_listed(str(one), identifiers)
    }
    catalogued = [_neighbour(page, graph, one) for one in listed]
    return CodeView(
        is_place=bool(place_named(iri, identifiers)[0]),
        standards=standard_rows((tree.standards[one] for one in numbers[:_STANDARDS]), tree.standards),
        total=len(numbers),
        href=page.url(browse_address(place.facet, place.value)) if place else None,
        kept=tuple(filters.items()) if filters else None,
        below=_group(translate(page.language, "entity_below"), below),
        listed=_group(
            translate(page.language, "entity_listed"),
            (one for one in catalogued if one.code not in codes),
            _LISTED,
        ),
    )


def _group(label: str, rows: Iterable[Neighbour], most: int = 500) -> NeighbourGroup | None:
    found = sorted(rows, key=lambda one: (natural_key(one.code), one.text))
    return NeighbourGroup(label, tuple(found[:most]), len(found)) if found else None


def _neighbour(page: Page, graph: Graph, iri: str, note: str = "") -> Neighbour:
    names = [one for one in graph.objects(URIRef(iri), SKOS.prefLabel) if isinstance(one, Literal)]
    name = next((one for one in names if one.language == page.language), names[0] if names else Literal(""))
    code = next((str(one) for one in graph.objects(URIRef(iri), SKOS.notation)), "")
    return Neighbour(code, str(name), name.language or "", page.local(iri), note)

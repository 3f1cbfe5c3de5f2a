"""Linked data: every IRI of ours answers under ``/id/…``, as a page or as RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request
from rdflib import DCTERMS, RDF, SKOS, Graph, URIRef
from starlette.responses import JSONResponse, Response

from api.pages.messages import catalogue, translate
from api.pages.views import (
    ClassificationLink,
    EntityView,
    HistoryRow,
    StandardView,
    shapes_of,
)
from api.routers.change_pages import change_links
from api.routers.code_parts import code_view, is_listed, scheme_words
from api.routers.entity_parts import (
    concept_crumbs,
    element_crumbs,
    element_groups,
    element_source,
    required_by,
    similar_hits,
)
from api.routers.link_rows import links_view
from api.routers.property_rows import description_of, label_of, language_of, property_rows, term_name
from api.routers.provenance_parts import provenance
from api.routers.representations import DATA, HTML, RDF_DATA, alternates, chosen_form, serialise
from api.routers.shared_parts import shared_parts
from api.routers.standard_parts import download_groups, note_views
from api.routers.standard_rows import standard_rows
from api.routers.statement_rows import statement_anchor, statement_rows
from api.structured_data import breadcrumb_data, code_data, script_data, standard_data, term_data
from graph import query_text, standard_graph
from ontology.codes import resolve_printed
from ontology.errors import NotFound
from ontology.identifiers import split_item, standard_key
from ontology.json_form import to_json
from ontology.model import ConceptKind
from ontology.vocabulary import CG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from api.pages import Page, Renderer
    from api.pages.entity_views import CodeView, Crumb, ElementSource, NeighbourGroup
    from api.services import Services
    from ontology.model import Classification, Doubt, Standard

__all__ = ["make_router"]

_NOT_INCOMING = frozenset({SKOS.inScheme, CG.partOf, SKOS.narrower, SKOS.topConceptOf, CG.resolvesTo})
_CLASSIFYING = frozenset({SKOS.broader, CG.occupation, CG.industry, CG.category, CG.framework})


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(tags=["linked data"], include_in_schema=False)

    @router.get("/id/{path:path}")
    def entity(request: Request, path: str, format: str | None = None) -> Response:
        # The raw path keeps the percent-encoding that is part of the IRI.
        raw = request.scope.get("raw_path", request.url.path.encode()).decode("ascii", "replace")
        iri = services.identifiers.base + raw.partition("?")[0].removeprefix("/id/")
        return answer(request, iri, format)

    @router.get("/resource")
    def resource(request: Request, iri: str, format: str | None = None) -> Response:
        """Anything the graph speaks of, by its IRI: concepts and standards that keep an IRI of their own."""
        return answer(request, iri, format)

    def answer(request: Request, iri: str, format: str | None) -> Response:
        standard = next((one for one in services.standards() if one.iri == iri), None)
        forms = DATA if standard else RDF_DATA
        form = chosen_form(request, format, (HTML, *forms))
        headers = {"Vary": "Accept, Accept-Language"}
        if form is HTML:
            page = renderer.page(request, "browse", alternates(request, forms))
            if standard:
                view = _standard_view(services, page, iri)
                return renderer.render("standard.html", page, view)
            return renderer.render("entity.html", page, _entity_view(services, page, iri))
        if standard and form.name == "json":
            _, whole = services.standard(iri)
            return JSONResponse({"iri": iri, **to_json(whole)}, headers=headers)
        graph = standard_graph(services.store, iri) if standard else _description(services, iri)
        return Response(serialise(graph, form.name), media_type=form.media_type, headers=headers)

    return router


def _description(services: Services, iri: str, query: str = "describe.rq") -> Graph:
    """What the graph says of a node, and what refers to it. Raises ``NotFound`` where it says nothing."""
    graph = services.store.construct(query_text(query), {"node": URIRef(iri)})
    if not any(graph.triples((URIRef(iri), None, None))):
        raise NotFound(iri, f"the graph says nothing of {iri}")
    return graph


def _standard_view(services: Services, page: Page, iri: str) -> StandardView:
    found, standard = services.standard(iri)
    loaded = {one.iri for one in services.standards()}
    identifiers = services.identifiers

    def links(kind: str, entries: Iterable[Classification]) -> tuple[ClassificationLink, ...]:
        found = []
        for entry in entries:
            named = resolve_printed(standard.framework, kind, entry.code)
            concept = None
            if named:
                concept = named.iri or identifiers.concept(named.scheme, named.code)
            found.append(ClassificationLink(entry.code, entry.name, concept, concept is not None))
        return tuple(found)

    history = []
    for entry in standard.history:
        key = standard_key(entry.code, entry.version)
        version_iri = identifiers.standard(standard.framework, key) if key else ""
        href = page.local(version_iri) if version_iri in loaded else None
        history.append(
            HistoryRow(
                entry.version,
                entry.code,
                entry.name,
                entry.status,
                entry.note,
                entry.date,
                href,
                here=version_iri == iri,
            )
        )
    shared = shared_parts(services, page, iri, standard)
    needed = [item.name for group in shared.get("shared", ()) for item in group.items]
    return StandardView(
        standard=standard,
        iri=iri,
        key=quote(found.code, safe=""),
        category=links("category", standard.category),
        occupation=links("occupation", standard.occupation),
        industry=links("industry", standard.industry),
        history=tuple(history),
        shape=_shape(page, standard),
        statements=statement_rows(page, standard),
        element_hrefs={
            one.code: page.local(identifiers.element(iri, one.code)) for one in standard.elements()
        },
        provenance=provenance(page, standard, iri, services.releases.get()),
        row=standard_rows((found,), services.standards())[0],
        downloads=download_groups(page, iri),
        notes=note_views(page, standard),
        changes=change_links(services.standards(), page, found),
        linked_data=script_data(standard_data(standard, iri, page.origin + page.local(iri), needed)),
        similar=similar_hits(services, page, iri),
        **shared,
    )


def _shape(page: Page, standard: Standard) -> str:
    """The form that the address asks for, else the one that suits the standard."""
    offered = shapes_of(standard)
    asked = dict(page.parameters).get("view", "")
    return asked if asked in offered else offered[0]


def _entity_view(services: Services, page: Page, iri: str) -> EntityView:
    graph = _description(services, iri, "entity.rq")
    node = URIRef(iri)
    language = page.language
    label = label_of(graph, node, language)
    description = description_of(graph, node, language)
    code = next((str(one) for one in graph.objects(node, SKOS.notation)), "")
    standard = next((str(one) for one in graph.objects(node, CG.ofStandard)), None)
    standard_href = None
    if standard:
        parent, number = split_item(code)
        anchor = parent if number is None else f"{parent}-{number}"
        if (node, RDF.type, CG.Statement) in graph:
            anchor = quote(statement_anchor(code))
        standard_href = f"{page.local(standard)}#{anchor}"
    title = str(label) if label else code or iri.rpartition("/")[2]
    address = page.origin + page.local(iri)
    crumbs: tuple[Crumb, ...] = ()
    groups: tuple[NeighbourGroup, ...] = ()
    source: ElementSource | None = None
    doubts: tuple[Doubt, ...] = ()
    under: CodeView | None = None
    types = tuple(name for one in graph.objects(node, RDF.type) if (name := term_name(str(one), language)))
    data = None
    if standard and standard in {one.iri for one in services.standards()}:
        whole = services.kept.elements.get(standard)
        crumbs = element_crumbs(page, whole, standard, code)
        groups = element_groups(page, whole, standard, code)
        source = element_source(page, whole, standard, code)
        doubts = tuple(one for one in whole.doubts if one.where == code)
        data = term_data(iri, address, code, title, within=(standard, whole.name))
    elif _is_concept(graph, node):
        crumbs = concept_crumbs(services, page, iri)
        groups = required_by(services, page, iri)
        types = _concept_types(graph, node, language) or types
        data = term_data(iri, address, code, title, description=str(description or ""))
    elif (node, RDF.type, SKOS.Concept) in graph:
        crumbs = concept_crumbs(services, page, iri)
        scheme = next((str(one) for one in graph.objects(node, SKOS.inScheme)), "")
        data = code_data(iri, address, code, title, scheme)
        types = (scheme_words(language, scheme),) if scheme_words(language, scheme) else types
    if not standard:
        under = code_view(services, page, graph, iri)
    steps = [(one.text, page.origin + one.href) for one in crumbs] + [(title, address)]
    is_searched = label is not None and (standard_href is not None or _is_concept(graph, node))
    hidden = {RDF.type, SKOS.notation, SKOS.prefLabel, SKOS.inScheme, CG.position}
    hidden |= {CG.conceptKind, CG.conceptCategory, SKOS.hasTopConcept, DCTERMS.description, SKOS.definition}
    if crumbs:
        hidden |= {SKOS.broader, SKOS.narrower, SKOS.topConceptOf, CG.line, CG.page}

    def is_told(other: Node) -> bool:
        """Whether a node is of the same standard, and so among the groups or on the way here."""
        whole = str(other).partition("#")[0] + "/"
        return bool(standard and crumbs) and whole.startswith(f"{standard}/")

    def is_row(relation: Node, other: Node) -> bool:
        """Whether a node is a printed code of this one, which is told by what the code resolves to."""
        return relation != CG.hasDoubt and str(other).startswith(f"{iri}#")

    ours = {one.iri for one in services.standards()}

    def is_beside(relation: Node, other: Node) -> bool:
        """Whether that is told by what stands under a code, or by what requires a concept."""
        if relation in _CLASSIFYING or is_listed(str(other), services.identifiers):
            return True
        return str(other) in ours and (relation == CG.level or bool(groups))

    return EntityView(
        iri=iri,
        code=code,
        label=title,
        language=language_of(label),
        description=str(description or ""),
        description_language=language_of(description),
        types=types,
        properties=property_rows(
            graph,
            page,
            (
                (p, o)
                for _, p, o in graph.triples((node, None, None))
                if p not in hidden and not is_told(o) and not is_row(p, o)
            ),
        ),
        incoming=property_rows(
            graph,
            page,
            (
                (p, s)
                for s, p, _ in graph.triples((None, None, node))
                if p not in _NOT_INCOMING and not is_told(s) and not (under and is_beside(p, s))
            ),
        ),
        standard_href=standard_href,
        links=links_view(services, page, iri),
        source=source,
        doubts=doubts,
        under=under,
        is_searched=is_searched,
        crumbs=crumbs,
        groups=groups,
        similar=similar_hits(services, page, iri) if is_searched else (),
        linked_data=script_data(data, breadcrumb_data(steps)) if data else "",
    )


def _concept_types(graph: Graph, node: Node, language: str) -> tuple[str, ...]:
    """The code list that a concept is of, or its kind, in words; nothing where the pages have none."""
    schemes = (scheme_words(language, str(one)) for one in graph.objects(node, SKOS.inScheme))
    kinds = (f"kind_{one}" for one in graph.objects(node, CG.conceptKind))
    named = (*schemes, *(translate(language, one) for one in kinds if one in catalogue(language)))
    return tuple(one for one in named if one)[:1]


def _is_concept(graph: Graph, node: Node) -> bool:
    """Whether a node is a shared concept of a framework, of a kind that is searched."""
    kinds = {"concept", *(kind.value for kind in ConceptKind)}
    names = (str(one) for one in graph.objects(node, RDF.type))
    return any(one.startswith(str(CG)) and one.removeprefix(str(CG)).casefold() in kinds for one in names)

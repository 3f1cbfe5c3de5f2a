"""The schema page: the terms of the ontology, their names in both query languages, counts and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from rdflib import OWL, RDF, RDFS
from starlette.responses import JSONResponse, Response

from api.pages.schema_views import SchemaView, TermView
from api.pages.views import Value
from graph.property_graph import property_graph_schema
from ontology.vocabulary import core_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.pages import Page, Renderer
    from api.services import Services
    from graph import Contents
    from graph.property_graph import PropertyGraphSchema
    from graph.property_graph.schema import ClassTerm, LiteralTerm, RelationshipTerm

__all__ = ["make_router"]

_LONGEST = 60
# What makes an ontology, not what is said in it.
_MACHINERY = tuple(str(one) for one in (RDF, RDFS, OWL))


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/schema")
    def schema(request: Request) -> Response:
        page = renderer.page(request, "query")
        view = _Terms(page, services.contents.get(), property_graph_schema()).view()
        return renderer.render("schema.html", page, view)

    @router.get("/schema/terms")
    def terms(request: Request) -> Response:
        """What the editor of queries completes, in the language of the page."""
        page = renderer.page(request)
        view = _Terms(page, services.contents.get(), property_graph_schema()).view()
        names = {prefix: str(iri) for prefix, iri in core_graph().namespaces()}
        body = {"prefixes": names, "terms": [one.completion for one in view.used]}
        return JSONResponse(body, headers={"Vary": "Accept-Language", "Cache-Control": "max-age=60"})

    return router


class _Terms:
    """The terms of a schema as the page shows them."""

    def __init__(self, page: Page, contents: Contents, schema: PropertyGraphSchema) -> None:
        self._page = page
        self._contents = contents
        self._schema = schema
        self._names = core_graph().namespace_manager

    def view(self) -> SchemaView:
        classes = [self._class(one) for one in self._schema.classes]
        relationships = [self._relationship(one) for one in self._schema.relationships]
        literals = [self._literal(one) for one in self._schema.literals]
        for iri, links in self._borrowed():
            (relationships if links else literals).append(self._property(iri, links=links))
        every = [*classes, *relationships, *literals]
        return SchemaView(
            tuple(one for one in classes if one.count),
            tuple(sorted((one for one in relationships if one.count), key=lambda one: one.name)),
            tuple(sorted((one for one in literals if one.count), key=lambda one: one.name.casefold())),
            tuple(one for one in every if not one.count),
        )

    def _borrowed(self) -> Iterator[tuple[str, bool]]:
        """What the data uses of other vocabularies besides what the schema names."""
        named = {one.iri for one in self._schema.relationships}
        named |= {one.iri for one in self._schema.literals}
        for iri, use in self._contents.properties.items():
            if iri not in named and not iri.startswith(_MACHINERY):
                yield iri, use.links

    def _class(self, term: ClassTerm) -> TermView:
        use = self._contents.classes.get(term.iri)
        return TermView(
            f"class-{term.label}",
            self._text(term.names) or term.label,
            self._text(term.definitions),
            self._curie(term.iri),
            term.label,
            use.count if use else 0,
            self._query("sparql", f"SELECT ?one WHERE {{ ?one a <{term.iri}> }} LIMIT 20"),
            self._query("cypher", f"MATCH (one:{term.label}) RETURN one LIMIT 20"),
            above=tuple(one for one in term.labels if one != term.label),
            example=(self._value(use.example, link=True),) if use else (),
        )

    def _relationship(self, term: RelationshipTerm) -> TermView:
        return self._property(term.iri, links=True, term=term)

    def _literal(self, term: LiteralTerm) -> TermView:
        return self._property(term.iri, links=False, term=term)

    def _property(
        self, iri: str, *, links: bool, term: RelationshipTerm | LiteralTerm | None = None
    ) -> TermView:
        schema = self._schema
        name = schema.relationship_type(iri) if links else schema.property_name(iri)
        use = self._contents.properties.get(iri)
        of = f":{term.domain}" if term and term.domain else ""
        cypher = (
            f"MATCH (one{of})-[:{name}]->(other) RETURN one, other LIMIT 20"
            if links
            else f"MATCH (one{of or ':Resource'}) WHERE one.{name} IS NOT NULL "
            f"RETURN one, one.{name} LIMIT 20"
        )
        return TermView(
            f"type-{name}" if links else f"property-{self._curie(iri).replace(':', '-')}",
            (self._text(term.names) if term else "") or self._curie(iri).rpartition(":")[2],
            self._text(term.definitions) if term else "",
            self._curie(iri),
            name,
            use.count if use else 0,
            self._query("sparql", f"SELECT ?one ?other WHERE {{ ?one <{iri}> ?other }} LIMIT 20"),
            self._query("cypher", cypher),
            domain=term.domain if term else "",
            range=getattr(term, "range", "") or getattr(term, "datatype", ""),
            example=(self._value(use.subject, link=True), self._value(use.object, link=use.links))
            if use
            else (),
        )

    def _text(self, texts: tuple[tuple[str, str], ...]) -> str:
        """The one in the language of the page."""
        return next((text for language, text in texts if language == self._page.language), "")

    def _curie(self, iri: str) -> str:
        try:
            return self._names.curie(iri, generate=False)
        except KeyError:
            return f"<{iri}>"

    def _query(self, language: str, text: str) -> str:
        return self._page.url("/query", language=language, query=text)

    def _value(self, text: str, *, link: bool) -> Value:
        if not link:
            return Value(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")
        base = self._page.identifiers.base
        return Value(text.removeprefix(base), self._page.local(text))

"""The query page: a form for SPARQL, its answer as a table, and examples to begin with."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.views import Download, Example, QueryView, Table, Value
from graph import query_text
from ontology.errors import CompetencyError, Unavailable

if TYPE_CHECKING:
    from api.pages import Page, Renderer
    from api.services import Services

__all__ = ["make_router"]

_MOST_ROWS = 500
_MOST_BYTES = 4 << 20
_EXAMPLES = ("indicators", "skills", "outputs", "levels", "shared")
_TABLE_FORMS = {
    "JSON": "application/sparql-results+json",
    "XML": "application/sparql-results+xml",
    "CSV": "text/csv",
    "TSV": "text/tab-separated-values",
}
_GRAPH_FORMS = {
    "Turtle": "text/turtle",
    "JSON-LD": "application/ld+json",
    "N-Triples": "application/n-triples",
}


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/query")
    def query(request: Request, query: str = "") -> Response:
        page = renderer.page(request, "sparql")
        text = query.replace("\r\n", "\n").strip()
        view = _answer(services, page, text) if text else QueryView(examples()[0].text, examples())
        return renderer.render("query.html", page, view, status=400 if view.error else 200)

    return router


def examples() -> tuple[Example, ...]:
    """The queries that the page offers, from ``graph/queries``."""
    return tuple(Example(query_text(f"example-{key}.rq").strip(), key=key) for key in _EXAMPLES)


def _answer(services: Services, page: Page, text: str) -> QueryView:
    started = time.perf_counter()
    try:
        answer = services.sparql.query(text, accept="application/sparql-results+json, text/turtle")
    except Unavailable:
        raise
    except CompetencyError as error:
        return QueryView(text, examples(), error=str(error))
    took_ms = round((time.perf_counter() - started) * 1000)
    forms = _GRAPH_FORMS if answer.form.gives_graph else _TABLE_FORMS
    downloads = tuple(
        Download(label, "/sparql?" + urlencode({"query": text, "format": media_type}))
        for label, media_type in forms.items()
    )
    if answer.size > _MOST_BYTES:
        return QueryView(text, examples(), too_large=True, took_ms=took_ms, downloads=downloads)
    if answer.form.gives_graph:
        return QueryView(
            text, examples(), graph_text=answer.body.decode(), took_ms=took_ms, downloads=downloads
        )
    found = json.loads(answer.body)
    if "boolean" in found:
        table = Table(("ASK",), ((Value(str(found["boolean"]).lower()),),))
        return QueryView(text, examples(), table, 1, took_ms=took_ms, downloads=downloads[:2])
    columns = tuple(found["head"]["vars"])
    bindings = found["results"]["bindings"]
    rows = tuple(
        tuple(_value(page, row[column]) if column in row else None for column in columns)
        for row in bindings[:_MOST_ROWS]
    )
    return QueryView(
        text,
        examples(),
        Table(columns, rows),
        len(bindings),
        cut=len(bindings) > _MOST_ROWS,
        took_ms=took_ms,
        downloads=downloads,
    )


def _value(page: Page, term: dict[str, Any]) -> Value:
    if term["type"] == "uri":
        iri = term["value"]
        local = page.local(iri)
        return Value(iri, local if local != iri or iri.startswith(("http://", "https://")) else None)
    return Value(term["value"], language=term.get("xml:lang", ""))

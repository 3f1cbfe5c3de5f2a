"""The query page: a form for SPARQL or Cypher, its answer as a table, and questions to begin with."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.problem_views import problem_view
from api.pages.query_views import AnswerGraph, QueryView, QuestionGroup, QuestionLink
from api.pages.views import Download, Table, Value
from api.routers.cypher_table import DOWNLOAD_FORMS, MOST_ROWS, as_download, as_table
from api.routers.query_graph import graph_of_cypher, graph_of_statements, graph_of_table
from graph import query_text, questions
from ontology.errors import CompetencyError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.pages import Page, Renderer
    from api.services import Services
    from graph.property_graph import Answer

__all__ = ["make_router"]

QueryLanguage = Literal["sparql", "cypher"]

_MOST_ROWS = 500
_MOST_BYTES = 4 << 20
_FIRST = {"sparql": "example-indicators.rq", "cypher": "example-indicators.cypher"}
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
    def query(
        request: Request,
        query: str = "",
        language: QueryLanguage = "sparql",
        example: str = "",
        format: Literal["", "csv", "json"] = "",
        show: Literal["", "table", "graph"] = "",
    ) -> Response:
        page = renderer.page(request, "query")
        text = query.replace("\r\n", "\n").strip()
        if text and language == "cypher" and format:
            return _download(_ask_cypher(services, text), format)
        view = _empty(page, language, example, text)
        if text:
            answer = _in_sparql if language == "sparql" else _in_cypher
            try:
                view = replace(answer(services, page, view), is_drawn=show == "graph")
            except Unavailable:
                raise
            except CompetencyError as error:
                view = view.failed(str(error), problem_view(page.language, error))
        return renderer.render("query.html", page, view, status=400 if view.error else 200)

    return router


def _empty(page: Page, language: QueryLanguage, example: str, text: str) -> QueryView:
    """The page before anything was asked: with the example that was chosen, or the first one."""
    found = next((one for one in questions() if one.name == example), None)
    if not text and found is not None:
        text = found.sparql if language == "sparql" else found.cypher
    other = "cypher" if language == "sparql" else "sparql"
    chosen = {"example": found.name} if found else {}
    return QueryView(
        text.strip() or query_text(_FIRST[language]).strip(),
        language,
        page.url("/query", language=other, **chosen),
        tuple(_groups(page, language, example)),
        page.url("/query", language=language, query=text) if text else "",
        found.shows if found and page.language == "en" else "",
        title=_title(page, language, text.strip()),
    )


def _title(page: Page, language: QueryLanguage, text: str) -> str:
    """That of the question that this is the query of, word for word; else empty."""
    for one in questions():
        if text and text == (one.sparql if language == "sparql" else one.cypher).strip():
            return one.titles[page.language]
    return ""


def _groups(page: Page, language: str, example: str) -> list[QuestionGroup]:
    return [
        QuestionGroup(
            needs,
            tuple(
                QuestionLink(
                    one.titles[page.language],
                    page.url("/query", language=language, example=one.name),
                    one.name == example,
                )
                for one in group
            ),
        )
        for needs, group in groupby(questions(), key=lambda one: one.needs)
    ]


def _in_sparql(services: Services, page: Page, view: QueryView) -> QueryView:
    started = time.perf_counter()
    answer = services.sparql.query(view.query, accept="application/sparql-results+json, text/turtle")
    forms = _GRAPH_FORMS if answer.form.gives_graph else _TABLE_FORMS
    downloads = tuple(
        Download(label, "/sparql?" + urlencode({"query": view.query, "format": media_type}))
        for label, media_type in forms.items()
    )
    view = replace(view, took_ms=_milliseconds_since(started), downloads=downloads)
    if answer.size > _MOST_BYTES:
        return replace(view, too_large=True)
    if answer.form.gives_graph:
        drawn = _if_linked(graph_of_statements(page, answer.body))
        return replace(view, graph_text=answer.body.decode(), graph=drawn)
    found = json.loads(answer.body)
    if "boolean" in found:
        table = Table(("ASK",), ((Value(str(found["boolean"]).lower()),),))
        return replace(view, table=table, row_count=1, downloads=downloads[:2])
    columns = _in_order(found["head"]["vars"], view.query)
    bindings = found["results"]["bindings"]
    rows = tuple(
        tuple(_value(page, row[column]) if column in row else None for column in columns)
        for row in bindings[:_MOST_ROWS]
    )
    count = len(bindings)
    drawn = _if_linked(graph_of_table(page, columns, bindings[:_MOST_ROWS]))
    return replace(view, table=Table(columns, rows), row_count=count, cut=count > _MOST_ROWS, graph=drawn)


def _in_order(columns: Sequence[str], query: str) -> tuple[str, ...]:
    """The columns of an answer: as the query names them, and those of ``SELECT *``, which a store may give in
    any order, as they first stand in it."""
    if not re.search(r"\bselect\s+((distinct|reduced)\s+)?\*", query, re.IGNORECASE):
        return tuple(columns)
    places = {one.group(1): one.start() for one in reversed(list(re.finditer(r"[?$](\w+)", query)))}
    return tuple(sorted(columns, key=lambda one: places.get(one, len(query))))


def _if_linked(graph: AnswerGraph) -> AnswerGraph | None:
    return graph if graph.links else None


def _in_cypher(services: Services, page: Page, view: QueryView) -> QueryView:
    started = time.perf_counter()
    answer = _ask_cypher(services, view.query)
    address = {"language": "cypher", "query": view.query}
    return replace(
        view,
        table=as_table(page, answer, _MOST_ROWS),
        row_count=len(answer.rows),
        cut=len(answer.rows) > _MOST_ROWS,
        graph=_if_linked(graph_of_cypher(page, replace(answer, rows=answer.rows[:_MOST_ROWS]))),
        took_ms=_milliseconds_since(started),
        downloads=tuple(
            Download(label, "/query?" + urlencode({**address, "format": form}))
            for label, form in DOWNLOAD_FORMS.items()
        ),
    )


def _ask_cypher(services: Services, text: str) -> Answer:
    return services.cypher.run(text, rows=MOST_ROWS)


def _download(answer: Answer, form: str) -> Response:
    text, media_type = as_download(answer, form)
    headers = {"Content-Disposition": f'attachment; filename="answer.{form}"'}
    return Response(text, media_type=media_type, headers=headers)


def _milliseconds_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def _value(page: Page, term: dict[str, Any]) -> Value:
    if term["type"] == "uri":
        iri = term["value"]
        local = page.local(iri)
        return Value(iri, local if local != iri or iri.startswith(("http://", "https://")) else None)
    return Value(term["value"], language=term.get("xml:lang", ""))

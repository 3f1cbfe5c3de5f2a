"""The pages for people: search, the list of standards, the query page and the description of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.pages import Alternate
from api.pages.messages import translate
from api.pages.views import (
    ApiView,
    Choice,
    Example,
    HitView,
    Operation,
    Parameter,
    SearchView,
    StandardRow,
    StandardsView,
    Step,
    pieces,
)
from ontology.errors import CompetencyError, Unavailable
from ontology.model import Kind
from search import QUERY_LIMIT

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.pages import Page, Renderer
    from api.services import Services
    from search import Hit, SearchResult

__all__ = ["make_router"]

_PAGE_SIZE = 10
_MOST_PAGES = 50
_EXAMPLES = (
    Example("which competencies cover conflict handling", "en"),
    Example("如何處理同事吵架", "zh-Hant"),
    Example("コンフリクト対応", "ja"),
    Example("xử lý xung đột", "vi"),
    Example("Umgang mit Konflikten", "de"),
    Example("P4.1.3"),
)


def make_router(services: Services, renderer: Renderer, app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def search(
        request: Request,
        q: str = "",
        kind: Annotated[list[str] | None, Query()] = None,
        standard: str = "",
        page: int = 1,
    ) -> Response:
        frame = renderer.page(request, "search", _search_alternates(request, q))
        view = _search(services, frame, q.strip(), _kinds(kind or ()), standard.strip(), page)
        return renderer.render("search.html", frame, view, status=400 if view.error else 200)

    @router.get("/standards")
    def standards(request: Request) -> Response:
        json_form = Alternate("application/json", "JSON", "/api/v1/standards")
        frame = renderer.page(request, "standards", (json_form,))
        rows = tuple(
            StandardRow(
                one.iri,
                one.code,
                one.name,
                one.language,
                one.framework,
                one.level,
                one.status,
                {kind.value: one.counts.get(kind, 0) for kind in Kind},
            )
            for one in services.standards()
        )
        kinds = tuple(kind.value for kind in Kind if any(row.counts[kind.value] for row in rows))
        view = StandardsView(rows, len(rows), kinds)
        return renderer.render("standards.html", frame, view)

    @router.get("/standards/{key}")
    def standard(request: Request, key: str) -> Response:
        found, _ = services.standard(key)
        return RedirectResponse(renderer.page(request).local(found.iri), status_code=303)

    @router.get("/api")
    def api(request: Request) -> Response:
        openapi = Alternate("application/vnd.oai.openapi+json", "OpenAPI", "/openapi.json")
        frame = renderer.page(request, "api", (openapi,))
        return renderer.render("api.html", frame, ApiView(tuple(_operations(app.openapi()))))

    return router


def _kinds(names: list[str] | tuple[()]) -> tuple[Kind, ...]:
    """Kinds by name; a link with a kind that does not exist shows all rather than an error."""
    known = {kind.value: kind for kind in Kind}
    return tuple(known[name] for name in names if name in known)


def _search_alternates(request: Request, query: str) -> tuple[Alternate, ...]:
    if not query.strip():
        return ()
    address = request.url_for("search").include_query_params(q=query)
    return (Alternate("application/json", "JSON", f"{address.path}?{address.query}"),)


def _search(
    services: Services, page: Page, query: str, kinds: tuple[Kind, ...], standard: str, number: int
) -> SearchView:
    if not query:
        return SearchView("", QUERY_LIMIT, examples=_EXAMPLES)
    number = min(max(number, 1), _MOST_PAGES)
    offset = (number - 1) * _PAGE_SIZE
    choices: dict[str, Any] = {
        "kinds": tuple(Choice(kind.value, kind.value, kind in kinds) for kind in Kind),
        "standards": tuple(Choice(one.code, one.name, one.code == standard) for one in services.standards()),
        "filtered": bool(kinds or standard),
    }
    try:
        result = services.index.current().search(
            query,
            limit=_PAGE_SIZE,
            offset=offset,
            kinds=kinds,
            standards=services.standard_keys([standard] if standard else ()),
        )
    except Unavailable:
        raise
    except CompetencyError as error:
        return SearchView(query, QUERY_LIMIT, error=str(error), **choices)
    hits = tuple(_hit(hit) for hit in result.hits)
    last = offset + len(hits)
    return SearchView(
        query,
        QUERY_LIMIT,
        hits=hits,
        total=result.total,
        first=offset + 1,
        last=last,
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if last < result.total and number < _MOST_PAGES else None,
        took_ms=round(result.took_ms),
        notes=_notes(page, query, result),
        **choices,
    )


def _notes(page: Page, query: str, result: SearchResult) -> tuple[str, ...]:
    if result.interpreted and result.interpreted != query:
        return (translate(page.language, "search_read_as", text=result.interpreted),)
    return ()


def _hit(hit: Hit) -> HitView:
    words = dict.fromkeys(hit.text[start:end] for start, end in hit.reason.spans)
    return HitView(
        iri=hit.iri,
        code=hit.code,
        kind=hit.kind,
        language=hit.lang,
        pieces=pieces(hit.text, hit.reason.spans),
        percent=round(100 * hit.score),
        standard=hit.standard,
        standard_iri=hit.standard_iri,
        standard_name=hit.standard_name,
        path=tuple(Step(step.code, step.text) for step in hit.path),
        found_by=hit.reason.found_by,
        words=", ".join(words),
    )


def _example(parameter: dict[str, Any]) -> str | None:
    """The first example value of a parameter in an OpenAPI document."""
    named = list(parameter.get("examples", {}).values())
    if named:
        return str(named[0]["value"])
    listed = parameter.get("schema", {}).get("examples", [])
    return str(listed[0]) if listed else None


def _operations(document: dict[str, Any]) -> list[Operation]:
    """The routes of an OpenAPI document, with one address to try where a GET has example values."""
    operations = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            parameters = operation.get("parameters", [])
            examples = {
                one["name"]: quote(value) for one in parameters if (value := _example(one)) is not None
            }
            address = path
            for one in parameters:
                if one["in"] == "path" and one["name"] in examples:
                    address = address.replace(f"{{{one['name']}}}", examples[one["name"]])
            asked = [one for one in parameters if one["in"] == "query" and one.get("required")]
            if asked and all(one["name"] in examples for one in asked):
                address += "?" + "&".join(f"{one['name']}={examples[one['name']]}" for one in asked)
            operations.append(
                Operation(
                    id=operation["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=operation.get("summary", ""),
                    parameters=tuple(
                        Parameter(one["name"], one.get("description", ""), one.get("required", False))
                        for one in parameters
                    ),
                    example=address if method == "get" and "{" not in address else None,
                )
            )
    return operations

"""The pages for people: search, the list of standards, the query page and the description of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.pages import Alternate
from api.pages.views import (
    ApiView,
    Choice,
    Operation,
    Parameter,
    StandardsView,
)
from api.routers.standard_rows import standard_row
from ontology.model import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fastapi import FastAPI

    from api.pages import Page, Renderer
    from api.services import Services
    from graph import StandardSummary

__all__ = ["make_router"]

_ROWS = 200


def make_router(services: Services, renderer: Renderer, app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/standards")
    def standards(request: Request, q: str = "", framework: str = "", page: int = 1) -> Response:
        json_form = Alternate("application/json", "JSON", "/api/v1/standards")
        frame = renderer.page(request, "browse", (json_form,))
        view = _list(services.standards(), frame, q.strip(), framework.strip(), page)
        return renderer.render("standards.html", frame, view)

    @router.get("/standards/{key}")
    def standard(request: Request, key: str) -> Response:
        found, _ = services.standard(key)
        return RedirectResponse(renderer.page(request).local(found.iri), status_code=303)

    @router.get("/api")
    def api(request: Request) -> Response:
        openapi = Alternate("application/vnd.oai.openapi+json", "OpenAPI", "/openapi.json")
        frame = renderer.page(request, "query", (openapi,))
        loaded = {one.code for one in services.standards()}
        return renderer.render("api.html", frame, ApiView(tuple(_operations(app.openapi(), loaded))))

    return router


def _list(
    standards: Sequence[StandardSummary], page: Page, query: str, framework: str, number: int
) -> StandardsView:
    """A page of the standards whose code or name holds ``query``."""
    folded = query.casefold()
    found = [
        one
        for one in standards
        if (not framework or one.framework == framework)
        and (folded in one.code.casefold() or folded in one.name.casefold())
    ]
    frameworks = sorted({one.framework for one in standards})
    last_page = max(1, -(-len(found) // _ROWS))
    number = min(max(number, 1), last_page)
    start = (number - 1) * _ROWS
    rows = tuple(standard_row(one) for one in found[start : start + _ROWS])
    return StandardsView(
        rows,
        len(found),
        tuple(kind.value for kind in Kind if any(row.counts[kind.value] for row in rows)),
        query=query,
        framework=framework,
        frameworks=tuple(Choice(one, one, one == framework) for one in frameworks if len(frameworks) > 1),
        first=start + 1,
        last=start + len(rows),
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if number < last_page else None,
    )


def _example(parameter: dict[str, Any]) -> str | None:
    """The first example value of a parameter in an OpenAPI document; of several values the first."""
    named = list(parameter.get("examples", {}).values())
    if named:
        value = named[0]["value"]
        return str(value[0] if isinstance(value, list) else value)
    listed = parameter.get("schema", {}).get("examples", [])
    return str(listed[0]) if listed else None


def _operations(document: dict[str, Any], loaded: Collection[str]) -> list[Operation]:
    """The routes of an OpenAPI document, with one address to try where a GET has example values, if the
    standard that it names is among the ``loaded`` codes."""
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
            queried = [one for one in parameters if one["in"] == "query"]
            # an element can be named in several ways, of which its IRI always tells it
            asked = [one for one in queried if one.get("required") or one["name"] == "iri"]
            if asked and all(one["name"] in examples for one in asked):
                address += "?" + "&".join(f"{one['name']}={examples[one['name']]}" for one in asked)
            is_there = "{code}" not in path or unquote(examples.get("code", "")) in loaded
            # what takes a key cannot be tried by following a link
            is_open = not operation.get("security")
            is_shown = method == "get" and is_open and "{" not in address and is_there
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
                    example=address if is_shown else None,
                )
            )
    return operations

"""The page of the API: its operations by what they are for, from the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from api.pages import Alternate
from api.pages.api_views import ApiView, Operation, OperationGroup, Parameter
from api.pages.messages import described_operation, described_parameter

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.pages import Renderer
    from api.services import Services

__all__ = ["make_router"]


def make_router(services: Services, renderer: Renderer, app: FastAPI) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/api")
    def api(request: Request) -> Response:
        openapi = Alternate("application/vnd.oai.openapi+json", "OpenAPI", "/openapi.json")
        frame = renderer.page(request, "query", (openapi,))
        loaded = {one.code for one in services.standards()}
        groups: dict[str, list[Operation]] = {}
        for one in _operations(app.openapi(), loaded, frame.language):
            groups.setdefault(one.tag, []).append(one)
        view = ApiView(tuple(OperationGroup(tag, tuple(members)) for tag, members in groups.items()))
        return renderer.render("api.html", frame, view)

    return router


def _example(parameter: dict[str, Any]) -> str | None:
    """The first example value of a parameter in an OpenAPI document; of several values the first."""
    named = list(parameter.get("examples", {}).values())
    if named:
        value = named[0]["value"]
        return str(value[0] if isinstance(value, list) else value)
    listed = parameter.get("schema", {}).get("examples", [])
    return str(listed[0]) if listed else None


def _operations(document: dict[str, Any], loaded: Collection[str], language: str) -> list[Operation]:
    """The routes of an OpenAPI document in words of ``language``, with one address to try where a GET has
    example values, if the standard that it names is among the ``loaded`` codes."""
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
                    summary=described_operation(
                        language, operation["operationId"], operation.get("summary", "")
                    ),
                    tag=operation.get("tags", ["service"])[0].lower(),
                    parameters=tuple(
                        Parameter(
                            one["name"],
                            described_parameter(language, one.get("description", "")),
                            one.get("required", False),
                        )
                        for one in parameters
                    ),
                    example=address if is_shown else None,
                )
            )
    return operations

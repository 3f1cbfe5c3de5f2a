"""The SPARQL 1.1 Protocol, query operation: GET, POST of a form and POST of the query itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from api.routers.descriptions import describe_service
from api.routers.responses import PROBLEMS
from ontology.errors import InvalidInput, QueryRefused

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]

_EXAMPLE = (
    "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
    "SELECT (COUNT(?indicator) AS ?count) WHERE { ?indicator a cg:Indicator }"
)
_NO_UPDATES = "updates are not answered here; this endpoint answers queries only"
_FORMATS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "text/turtle",
    "application/n-triples",
    "application/ld+json",
    "application/rdf+xml",
)
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Bindings or a truth value (SELECT, ASK), or a graph (CONSTRUCT, DESCRIBE)",
        "content": {
            media_type: {"schema": {"type": "object"} if media_type.endswith("results+json") else {}}
            for media_type in _FORMATS
        },
    },
    **PROBLEMS,
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}, "example": _EXAMPLE},
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "query": {"type": "string"},
                        "default-graph-uri": {"type": "array", "items": {"type": "string"}},
                        "named-graph-uri": {"type": "array", "items": {"type": "string"}},
                    },
                    "required": ["query"],
                },
                "example": {"query": _EXAMPLE},
            },
        },
    }
}


def make_router(services: Services) -> APIRouter:
    router = APIRouter(tags=["sparql"])

    @router.get(
        "/sparql",
        summary="Ask the graph in SPARQL 1.1 (queries only)",
        responses=_ANSWER,
        response_class=Response,
    )
    def query_by_get(
        request: Request,
        query: Annotated[
            str | None,
            Query(
                description="the query; without one the endpoint describes itself",
                openapi_examples={"count of indicators": {"value": _EXAMPLE}},
            ),
        ] = None,
        default_graph: Annotated[
            list[str] | None,
            Query(alias="default-graph-uri", description="graphs that make the default graph"),
        ] = None,
        named_graph: Annotated[
            list[str] | None, Query(alias="named-graph-uri", description="graphs that GRAPH can name")
        ] = None,
        media_type: Annotated[
            str | None, Query(alias="format", description="a media type, instead of Accept, for links")
        ] = None,
    ) -> Response:
        if "update" in request.query_params:
            raise QueryRefused(_NO_UPDATES)
        if query is None:
            return describe_service(request, services)
        if len(request.query_params.getlist("query")) > 1:
            raise InvalidInput("the address must have one parameter named query")
        accept = media_type or request.headers.get("accept")
        return _answer(services, query, accept, default_graph or [], named_graph or [])

    @router.post(
        "/sparql",
        summary="Ask the graph in SPARQL 1.1, with the query in the body",
        responses=_ANSWER,
        response_class=Response,
        openapi_extra=_BODY,
    )
    async def query_by_post(request: Request) -> Response:
        parameters = {
            name: request.query_params.getlist(name) for name in ("default-graph-uri", "named-graph-uri")
        }
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await request.body()
        if content_type == "application/sparql-query":
            query = _decoded(body)
        elif content_type == "application/x-www-form-urlencoded":
            try:
                form = parse_qs(_decoded(body), keep_blank_values=True, max_num_fields=1000, errors="strict")
            except ValueError as error:
                raise InvalidInput(f"the form cannot be read: {error}") from error
            if "update" in form:
                raise QueryRefused(_NO_UPDATES)
            if len(form.get("query", [])) != 1:
                raise InvalidInput("the form must have one field named query")
            query = form["query"][0]
            for name, values in parameters.items():
                values += form.get(name, [])
        elif content_type == "application/sparql-update":
            raise QueryRefused(_NO_UPDATES)
        else:
            raise HTTPException(
                415,
                f"the body is {content_type or 'of no stated type'}; send application/sparql-query, "
                "or a form (application/x-www-form-urlencoded) with a field named query",
            )
        return await run_in_threadpool(
            _answer, services, query, request.headers.get("accept"), *parameters.values()
        )

    return router


def _answer(
    services: Services, query: str, accept: str | None, default_graphs: list[str], named_graphs: list[str]
) -> Response:
    answer = services.sparql.query(
        query, accept=accept, default_graphs=default_graphs, named_graphs=named_graphs
    )
    headers = {"Vary": "Accept", "Content-Length": str(answer.size)}
    return StreamingResponse(answer.chunks(), media_type=answer.media_type, headers=headers)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"the body is not UTF-8: byte {error.start + 1} cannot be read") from error

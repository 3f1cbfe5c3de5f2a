"""Cypher over HTTP: one reading query with its parameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.routers.responses import PROBLEMS

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]

_COUNT = "MATCH (i:Indicator) RETURN count(i) AS count"
_TASKS = (
    "MATCH (s:Standard {code: $standard})-[:HAS_TASK]->(t:Task)\n"
    "RETURN t.code AS code, t.text AS text ORDER BY code LIMIT 20"
)
_EXAMPLES: dict[str, Any] = {
    "count of indicators": {"value": {"query": _COUNT}},
    "tasks of a standard": {"value": {"query": _TASKS, "parameters": {"standard": "BGM1219-002v2"}}},
}


class CypherRequest(BaseModel):
    """A query and the values of its parameters."""

    query: str = Field(description="one query that only reads")
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="values for $name; long lists belong here, not into the query"
    )


class CypherResponse(BaseModel):
    """Rows with a value for each column."""

    columns: list[str]
    rows: list[list[Any]] = Field(
        description="numbers, texts, lists and maps as in JSON; a node is {iri, labels, properties}, a "
        "relationship {type, start, end, properties}, a path {nodes, relationships}; dates, times and "
        "durations are ISO 8601 texts, a point {srid, coordinates}"
    )
    complete: bool = Field(description="false where there are more rows than the limit of the service")
    revision: str = Field(description="of the store when the query began; the answer is at least as new")
    took_ms: int = Field(description="milliseconds that the query took")


def make_router(services: Services) -> APIRouter:
    router = APIRouter(tags=["cypher"])

    @router.post(
        "/api/v1/cypher",
        summary="Ask the property graph in Cypher (queries that only read)",
        responses={200: {"model": CypherResponse, "description": "The rows"}, **PROBLEMS},
        response_class=Response,
    )
    def cypher(request: Annotated[CypherRequest, Body(openapi_examples=_EXAMPLES)]) -> Response:
        answer = services.cypher.query(request.query, request.parameters)
        body = {
            "columns": answer.columns,
            "rows": answer.rows,
            "complete": answer.complete,
            "revision": answer.revision,
            "took_ms": answer.took_ms,
        }
        return Response(json.dumps(body, ensure_ascii=False), media_type="application/json")

    return router

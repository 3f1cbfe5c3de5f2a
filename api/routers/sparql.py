"""The SPARQL 1.1 Protocol, query operation: GET, POST of a form and POST of the query itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response, StreamingResponse

from api.routers.responses import PROBLEMS
from ontology.errors import InvalidInput

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]

_EXAMPLE = (
    "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
    "SELECT (COUNT(?indicator) AS ?count) WHERE { ?indicator a cg:Indicator }"
)
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
        "content": {media_type: {"schema": {"type": "string"}} for media_type in _FORMATS},
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

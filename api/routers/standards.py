"""The standards as data: a list, and each in JSON, Turtle, N-Triples or JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from api.routers.representations import DATA, represent
from api.routers.responses import PROBLEMS
from api.routers.standard_code import StandardCode
from graph import standard_graph
from ontology.json_form import to_json

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]


class StandardItem(BaseModel):
    """A standard in a line."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2"])
    code: str = Field(examples=["BGM1219-002v2"])
    name: str = Field(examples=["基層主管"])
    lang: str = Field(examples=["zh-Hant"])
    framework: str = Field(examples=["icap"])
    version: str = Field(examples=["V2"])
    level: int | None = Field(examples=[4])
    status: str = Field(examples=["最新版本"], description="what the document calls itself, as printed")
    counts: dict[str, int] = Field(description="elements by kind", examples=[{"task": 5, "indicator": 66}])


class StandardList(BaseModel):
    """A page of the list, by framework and code."""

    total: int
    offset: int
    limit: int
    standards: list[StandardItem]


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["standards"])

    @router.get("/standards", summary="List the loaded standards", responses=PROBLEMS)
    def standards(
        limit: Annotated[int, Query(ge=1, le=1000, description="how many standards")] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="how many to pass over")] = 0,
    ) -> StandardList:
        found = services.standards()
        return StandardList(
            total=len(found),
            offset=offset,
            limit=limit,
            standards=[
                StandardItem(
                    iri=one.iri,
                    code=one.code,
                    name=one.name,
                    lang=one.language,
                    framework=one.framework,
                    version=one.version,
                    level=one.level,
                    status=one.status,
                    counts={kind.value: count for kind, count in sorted(one.counts.items())},
                )
                for one in found[offset : offset + limit]
            ],
        )

    @router.get(
        "/standards/{code}",
        summary="Show one standard, as JSON or as RDF",
        responses={
            200: {
                "description": "The standard; by Accept, or by `format`",
                "content": {form.media_type: {} for form in DATA},
            },
            **PROBLEMS,
        },
        response_class=JSONResponse,
    )
    def standard(
        request: Request,
        code: StandardCode,
        form: Annotated[
            str | None,
            Query(alias="format", description="json, turtle, ntriples or jsonld, instead of Accept"),
        ] = None,
    ) -> Response:
        found, whole = services.standard(code)

        def document() -> dict[str, Any]:
            return {"iri": found.iri, **to_json(whole)}

        return represent(
            request, form, graph=lambda: standard_graph(services.store, found.iri), document=document
        )

    return router

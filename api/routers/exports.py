"""Standards as files in the formats that others read, and what each format does not carry."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from api.exporting import export_losses, export_standards
from api.routers.responses import PROBLEMS
from ontology.writers import WRITERS

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["disposition", "make_router"]

Format = StrEnum("Format", {writer.name: writer.name for writer in WRITERS})  # type: ignore[misc]

_Standards = Annotated[
    list[str] | None,
    Query(
        description="a code, with its version or without; repeatable; all where none is named",
        openapi_examples={"the bundled standard": {"value": ["BGM1219-002v2"]}},
    ),
]
_Frameworks = Annotated[list[str] | None, Query(description="only standards of this framework; repeatable")]
_Form = Annotated[
    Format,
    Query(
        alias="format",
        description="the format of the file",
        openapi_examples={"a workbook for people": {"value": "xlsx"}},
    ),
]


class LossItem(BaseModel):
    """Something of a standard that the format does not carry."""

    standard: str = Field(examples=["BGM1219-002v2"])
    field: str = Field(examples=["tasks[].activities[].place"])
    reason: str = Field(examples=["the workbook does not say where in the source a text stands"])
    count: int = Field(examples=[17], description="how many values are concerned")


class LossReport(BaseModel):
    """What is lost, by standard and field; an empty list where the format carries everything."""

    format: str = Field(examples=["xlsx"])
    losses: list[LossItem]


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["export"])

    @router.get(
        "/export",
        summary="Download standards in a format that others read",
        responses={
            200: {
                "description": "The file; its `Link` with rel=describedby leads to the report of losses",
                "content": {writer.media_type: {} for writer in WRITERS},
            },
            **PROBLEMS,
        },
        response_class=StreamingResponse,
    )
    def export(
        request: Request,
        form: _Form,
        standard: _Standards = None,
        framework: _Frameworks = None,
    ) -> StreamingResponse:
        made = export_standards(services, standard or (), form.value, framework or ())
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {
            "Content-Disposition": disposition(made.file_name),
            "Link": f'</api/v1/export/losses{query}>; rel="describedby"; type="application/json"',
        }
        return StreamingResponse(made.chunks, media_type=made.media_type, headers=headers)

    @router.get("/export/losses", summary="Tell what an export does not carry", responses=PROBLEMS)
    def losses(form: _Form, standard: _Standards = None, framework: _Frameworks = None) -> LossReport:
        found = export_losses(services, standard or (), form.value, framework or ())
        return LossReport(
            format=form.value,
            losses=[
                LossItem(standard=one.standard, field=one.field, reason=one.reason, count=one.count)
                for one in found
            ],
        )

    return router


def disposition(file_name: str) -> str:
    """As RFC 6266 says: a plain name for old clients, and the whole one in UTF-8 where they differ."""
    plain = file_name.encode("ascii", errors="replace").decode().replace("?", "_")
    whole = f"; filename*=UTF-8''{quote(file_name, safe='')}" if plain != file_name else ""
    return f'attachment; filename="{plain}"{whole}'

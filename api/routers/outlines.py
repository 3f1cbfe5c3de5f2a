"""Course outlines as data: measured, written as files, and read again. None is stored here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.outline_answer import CoverageAnswer, to_coverage_answer
from api.outlining import OUTLINE_MEDIA, OutlineFormat, entries_of, export_outline, measure_outline
from api.routers.exports import disposition
from api.routers.responses import PROBLEMS
from api.routers.uploads import UPLOAD_BODY, uploaded
from ontology.outline import Outline, OutlineCompetency, Unit, outline_from_json, outline_to_json
from ontology.readers.outline import read_outline

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]

_EXAMPLE = outline_to_json(
    Outline(
        "基層主管培訓",
        "zh-Hant",
        (
            Unit(
                "帶領團隊",
                (
                    OutlineCompetency(
                        "https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2",
                        "S1#2",
                        "處理團隊衝突",
                        "skill",
                        "BGM1219-002v2",
                        5,
                        "zh-Hant",
                    ),
                ),
                6,
            ),
        ),
        ("BGM1219-002v2",),
    )
)
_OUTLINE = "the JSON form of an outline, as `competency outline new` writes it"


class CoverageBody(BaseModel):
    """An outline and the standards that it is to cover."""

    model_config = ConfigDict(extra="forbid")

    outline: dict[str, Any] = Field(description=_OUTLINE, examples=[_EXAMPLE])
    standards: list[str] = Field(
        default_factory=list,
        max_length=20,
        description="codes or IRIs; without, those that the outline names",
        examples=[["BGM1219-002v2"]],
    )


class ImportAnswer(BaseModel):
    """The outline of a file, and what is to be said about its reading."""

    outline: dict[str, Any] = Field(description=_OUTLINE)
    notes: list[str]


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1/outlines", tags=["curriculum"])

    @router.post("/coverage", summary="Tell what a course outline covers", responses=PROBLEMS)
    def coverage(body: CoverageBody) -> CoverageAnswer:
        outline = outline_from_json(body.outline, "outline")
        result = measure_outline(services, outline, body.standards)
        return to_coverage_answer(result, entries_of(services, result))

    @router.post(
        "/export",
        summary="Write a course outline as a file",
        responses={
            200: {"description": "The file", "content": {media: {} for media in OUTLINE_MEDIA.values()}},
            **PROBLEMS,
        },
        response_class=Response,
    )
    def export(
        body: Annotated[dict[str, Any], Body(description=_OUTLINE, examples=[_EXAMPLE])],
        form: Annotated[
            OutlineFormat,
            Query(
                alias="format",
                description="json, xlsx or docx",
                openapi_examples={"a workbook": {"value": "xlsx"}},
            ),
        ],
    ) -> Response:
        made = export_outline(outline_from_json(body, "outline"), form)
        headers = {"Content-Disposition": disposition(made.file_name)}
        return Response(b"".join(made.chunks), media_type=made.media_type, headers=headers)

    @router.post(
        "/import",
        summary="Read a course outline from a file that was exported",
        responses=PROBLEMS,
        openapi_extra=UPLOAD_BODY,
    )
    async def read(
        request: Request,
        name: Annotated[str, Query(description="what messages call the file", examples=["course.docx"])] = "",
    ) -> ImportAnswer:
        data, called = await uploaded(request)
        called = name.strip() or called
        found = await run_in_threadpool(lambda: read_outline(data, called, services.settings.limits))
        return ImportAnswer(
            outline=outline_to_json(found.outline), notes=[english for english, _ in found.notes]
        )

    return router

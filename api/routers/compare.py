"""Two standards side by side, and the standards nearest to one, as data and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, Response

from api.comparing import compare_named, nearest_named
from api.comparison_export import ComparisonFile, export_comparison
from api.routers.comparison_form import CompareAnswer, NearestAnswer, to_compare_answer, to_nearest_answer
from api.routers.exports import disposition
from api.routers.representations import JSON, Form, chosen_form
from api.routers.responses import PROBLEMS
from api.routers.search_filters import Offset, SearchKind
from api.routers.standard_code import StandardCode
from api.spreadsheets import XLSX_MEDIA

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["COMPARISON_FORMS", "make_router"]

COMPARISON_FORMS = (JSON, Form("csv", "text/csv", "CSV"), Form("xlsx", XLSX_MEDIA, "XLSX"))
"""The forms in which a comparison can be had."""

_SIDE = (
    "a standard by its code (without a version the latest) or IRI, or a part of one by the IRI of an element "
    "or by code and element"
)

# needed, but optional to the framework, so that the error can say more than that
_SECOND = {
    "name": "b",
    "in": "query",
    "required": True,
    "description": f"what it is compared with: {_SIDE}",
    "schema": {"type": "string"},
    "examples": {"a task": {"value": "BGM1219-002v2 T1"}},
}


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["comparing"])

    @router.get(
        "/compare",
        summary="Compare two standards, or parts of them, element by element",
        responses={
            200: {
                "description": "The comparison; by Accept, or by `format`",
                "content": {form.media_type: {} for form in COMPARISON_FORMS},
            },
            **PROBLEMS,
        },
        response_model=CompareAnswer,
        openapi_extra={"parameters": [_SECOND]},
    )
    def compare(
        request: Request,
        a: Annotated[
            str, Query(description=_SIDE, openapi_examples={"a standard": {"value": "BGM1219-002v2"}})
        ],
        b: Annotated[str | None, Query(include_in_schema=False)] = None,
        kind: Annotated[
            list[SearchKind] | None, Query(description="only elements of these kinds, on both sides")
        ] = None,
        form: Annotated[
            str | None, Query(alias="format", description="json, csv or xlsx, instead of Accept")
        ] = None,
    ) -> Response:
        if not (b or "").strip():
            message = (
                "Field required: the second standard; for those nearest to the first see "
                "/api/v1/standards/{code}/nearest"
            )
            raise RequestValidationError([{"type": "missing", "loc": ("query", "b"), "msg": message}])
        chosen = chosen_form(request, form, COMPARISON_FORMS)
        result = compare_named(services, a, b or "", [one.value for one in kind or ()])
        headers = {"Vary": "Accept"}
        if chosen is JSON:
            return JSONResponse(to_compare_answer(result).model_dump(), headers=headers)
        made = export_comparison(result, ComparisonFile(chosen.name))
        headers["Content-Disposition"] = disposition(made.file_name)
        return Response(b"".join(made.chunks), media_type=made.media_type, headers=headers)

    @router.get(
        "/standards/{code}/nearest",
        summary="The standards most like one, of all frameworks",
        responses=PROBLEMS,
    )
    def nearest(
        code: StandardCode,
        framework: Annotated[
            list[str] | None, Query(description="only standards of these frameworks")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=100, description="how many standards")] = 10,
        offset: Offset = 0,
        *,
        all_versions: Annotated[
            bool, Query(description="whether its own other versions and older ones of others count, too")
        ] = False,
    ) -> NearestAnswer:
        result = nearest_named(
            services,
            code,
            frameworks=tuple(framework or ()),
            limit=limit,
            offset=offset,
            all_versions=all_versions,
        )
        return to_nearest_answer(result, limit, offset)

    return router

"""A list of hits as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.hit_export import MOST_HITS, HitFormat, export_hits
from api.routers.exports import disposition
from api.routers.responses import PROBLEMS
from api.routers.search_filters import FilterParameters, Offset, QueryLanguage, filter_parameters

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]

_FILES: dict[str, dict[str, str]] = {
    "text/csv": {},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {},
    "application/json": {},
}


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["search"])

    @router.get(
        "/search/export",
        summary="Download the hits of a search",
        responses={200: {"description": "The file, one row a hit", "content": _FILES}, **PROBLEMS},
        response_class=Response,
    )
    def export(
        q: Annotated[
            str,
            Query(
                description="a phrase, a question or a code, in any language",
                openapi_examples={"Traditional Chinese": {"value": "如何處理同事吵架"}},
            ),
        ],
        form: Annotated[
            HitFormat,
            Query(
                alias="format",
                description="csv and xlsx for spreadsheets, json for programs",
                openapi_examples={"a workbook for people": {"value": "xlsx"}},
            ),
        ],
        narrowed: Annotated[FilterParameters, Depends(filter_parameters)],
        limit: Annotated[int, Query(ge=1, le=MOST_HITS, description="how many hits")] = MOST_HITS,
        offset: Offset = 0,
        query_lang: QueryLanguage = None,
        *,
        fold: Annotated[bool, Query(description="whether elements that say the same are one hit")] = True,
    ) -> Response:
        result = services.index.current().search(
            q,
            limit=limit,
            offset=offset,
            filters=narrowed.resolved(services),
            query_language=query_lang,
            all_versions=narrowed.all_versions,
            fold=fold,
        )
        made = export_hits(result.hits, q, form, first=offset + 1)
        headers = {"Content-Disposition": disposition(made.file_name)}
        return Response(b"".join(made.chunks), media_type=made.media_type, headers=headers)

    return router

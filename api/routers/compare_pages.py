"""The page of comparisons: two boxes, two standards side by side, or those nearest to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request

from api.comparing import compare_named, nearest_named, short_name
from api.pages import Alternate
from api.pages.comparison_views import CompareView
from api.pages.problem_views import problem_view
from api.pages.views import Choice
from api.problems import edge_of
from api.routers.comparison_views import compared_view, nearest_view
from ontology.errors import CompetencyError, Unavailable
from search import SEARCH_KINDS, STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from api.pages import Page, Renderer
    from api.services import Services

__all__ = ["make_router"]

_NEAREST = 20
_MOST_PAGES = 100


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/compare")
    def compare(
        request: Request,
        a: str = "",
        b: str = "",
        kind: Annotated[list[str] | None, Query()] = None,
        framework: str = "",
        page: int = 1,
    ) -> Response:
        first, second = a.strip(), b.strip()
        if not first:
            first, second = second, ""
        kinds = [one for one in SEARCH_KINDS if one in (kind or ()) and one != STANDARD_KIND]
        data = Alternate("application/json", "JSON", f"/api/v1/compare?{request.url.query}")
        frame = renderer.page(request, "compare", (data,) if second else ())
        status = 200
        try:
            if second:
                view = _comparison(services, frame, first, second, kinds)
            elif first:
                number = min(max(page, 1), _MOST_PAGES)
                view = _nearest(services, frame, first, framework.strip(), number)
            else:
                view = CompareView("", "")
        except Unavailable:
            raise
        except CompetencyError as error:
            status = edge_of(error).status
            view = CompareView(first, second, problem=problem_view(frame.language, error))
        return renderer.render("compare.html", frame, view, status=status)

    return router


def _comparison(services: Services, page: Page, first: str, second: str, kinds: Sequence[str]) -> CompareView:
    result = compare_named(services, first, second, kinds)
    present = {one.kind for one in result.kinds} | set(kinds)
    if kinds:
        present |= {one.kind for one in compare_named(services, first, second).kinds}
    return CompareView(
        short_name(services, result.a),
        short_name(services, result.b),
        kinds=tuple(Choice(one, one, one in kinds) for one in SEARCH_KINDS if one in present),
        compared=compared_view(services, page, result, kinds),
    )


def _nearest(services: Services, page: Page, name: str, framework: str, number: int) -> CompareView:
    result = nearest_named(
        services,
        name,
        frameworks=(framework,) if framework else (),
        limit=_NEAREST,
        offset=(number - 1) * _NEAREST,
    )
    found = nearest_view(services, page, result, framework=framework, number=number, size=_NEAREST)
    return CompareView(short_name(services, result.compared), "", nearest=found)

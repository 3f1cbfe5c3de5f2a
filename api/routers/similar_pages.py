"""The pages that go on from an element: where else the same stands, and what is like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api.indexed import indexed, locate
from api.pages import Alternate
from api.pages.hits import PlacesView, SimilarView
from api.routers.hit_views import hit_view, place_view, places_sentence
from search import STANDARD_KIND, Filters

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.pages import Page, Renderer
    from api.services import Services
    from search import Hit

__all__ = ["make_router"]

_PLACES = 100
_MOST_PAGES = 1000
_SIMILAR = 10
_MOST_SIMILAR_PAGES = 50


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/places")
    def places(request: Request, iri: str, versions: str = "", page: int = 1) -> Response:
        json_form = Alternate("application/json", "JSON", f"/api/v1/places?{request.url.query}")
        frame = renderer.page(request, "search", (json_form,))
        number = min(max(page, 1), _MOST_PAGES)
        offset = (number - 1) * _PLACES
        index = services.index.current()
        every = versions == "all"
        with indexed(services):
            element = index.elements.passage(iri)
            found = index.elements.places(iri, limit=_PLACES, offset=offset, all_versions=every)
        last = offset + len(found.places)
        view = PlacesView(
            iri=iri,
            code=element.code,
            kind=element.kind,
            text=element.text,
            language=element.lang,
            standard=element.standard,
            standard_name=element.standard_name,
            standard_iri=element.standard_iri,
            also=places_sentence(frame, found.total, found.standard_count) if found.total else "",
            places=tuple(place_view(place) for place in found.places),
            first=offset + 1,
            last=last,
            total=found.total,
            previous=frame.here(page=str(number - 1)) if number > 1 else None,
            next=frame.here(page=str(number + 1)) if last < found.total and number < _MOST_PAGES else None,
        )
        return renderer.render("places.html", frame, view)

    @router.get("/similar")
    def similar(
        request: Request,
        iri: str = "",
        code: str = "",
        standard: str = "",
        same_standard: str = "",
        versions: str = "",
        page: int = 1,
    ) -> Response:
        json_form = Alternate("application/json", "JSON", f"/api/v1/similar?{request.url.query}")
        frame = renderer.page(request, "search", (json_form,))
        number = min(max(page, 1), _MOST_SIMILAR_PAGES)
        offset = (number - 1) * _SIMILAR
        index = services.index.current()
        wide, every = same_standard == "true", versions == "all"
        with indexed(services):
            result = index.elements.similar(
                locate(services, index, iri, code, standard),
                Filters(),
                limit=_SIMILAR,
                offset=offset,
                same_standard=wide,
                all_versions=every,
            )
        last = offset + len(result.hits)
        more = last < result.total and number < _MOST_SIMILAR_PAGES
        view = SimilarView(
            element=hit_view(frame, result.element, all_versions=every),
            hits=tuple(hit_view(frame, hit, all_versions=every) for hit in result.hits),
            first=offset + 1,
            last=last,
            total=result.total,
            previous=frame.here(page=str(number - 1)) if number > 1 else None,
            next=frame.here(page=str(number + 1)) if more else None,
            wider=_wider(frame, result.element, wide=wide),
            is_wide=wide,
        )
        return renderer.render("similar.html", frame, view)

    return router


def _wider(page: Page, element: Hit, *, wide: bool) -> str:
    if element.kind == STANDARD_KIND or element.standard == element.framework:
        return ""
    return page.here(same_standard=None if wide else "true", page=None)

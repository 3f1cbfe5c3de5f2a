"""The pages that go on from an element: where else the same stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api.indexed import indexed
from api.pages import Alternate
from api.pages.hits import PlacesView
from api.routers.hit_views import place_view, places_sentence

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.pages import Renderer
    from api.services import Services

__all__ = ["make_router"]

_PLACES = 100
_MOST_PAGES = 1000


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
            element = index.passage(iri)
            found = index.places(iri, limit=_PLACES, offset=offset, all_versions=every)
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

    return router

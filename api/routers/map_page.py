"""The map of all standards by meaning: a page, and a picture for those who run no scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages import Alternate
from api.pages.map_views import MapView, RegionStandard, RegionView, picture
from api.pages.messages import catalogue, translate
from api.pages.views import Choice
from api.routers.browse_parts import place_name
from api.routers.map_data import current_map
from search import QUERY_LIMIT

if TYPE_CHECKING:
    from api.map_data import Grouping, MapData
    from api.pages import Page, Renderer
    from api.services import Services

__all__ = ["make_router"]

_EXAMPLES = 6


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/map")
    def page(request: Request, q: str = "", colour: str = "") -> Response:
        frame = renderer.page(request, "browse", (Alternate("application/json", "JSON", "/api/v1/map"),))
        total = len(services.standards())
        data = current_map(services) if total else None
        view = _view(data, frame, colour, q) if data else MapView(total, is_ready=not total)
        return renderer.render("map.html", frame, view)

    @router.get("/map.svg")
    def svg(request: Request, colour: str = "") -> Response:
        frame = renderer.page(request)
        data = current_map(services)
        if data is None:
            return Response(status_code=503, headers={"Retry-After": "5"})
        title = translate(frame.language, "map_title")
        return Response(picture(data, _chosen(data, colour), title), media_type="image/svg+xml")

    return router


def _chosen(data: MapData, colour: str) -> Grouping | None:
    named = (one for one in data.groupings if one.name == colour)
    return next(named, data.groupings[0] if data.groupings else None)


def _view(data: MapData, page: Page, colour: str, query: str) -> MapView:
    chosen = _chosen(data, colour)
    colours = tuple(
        Choice(one.name, _name(page, one.name), one is chosen) for one in data.groupings if one.groups
    )
    words = {
        f"{one.name} {group.value}": place_name(page, group)[0]
        for one in data.groupings
        for group in one.groups
        if one.name in ("framework", "level")
    }
    return MapView(
        len(data.standards),
        is_ready=True,
        colours=colours,
        query=query[:QUERY_LIMIT],
        query_limit=QUERY_LIMIT,
        regions=_regions(data),
        words=tuple(words.items()),
    )


def _name(page: Page, grouping: str) -> str:
    key = f"browse_scheme_{grouping}"
    return translate(page.language, key if key in catalogue(page.language) else "map_by_" + grouping)


def _regions(data: MapData) -> tuple[RegionView, ...]:
    """The regions seen from afar, the largest first, each with the standards nearest to its middle."""
    places = np.stack([np.array(data.x), np.array(data.y)], axis=1) / 10_000
    found = []
    for one in sorted(data.regions, key=lambda region: -region.count):
        if one.depth:
            continue
        distances = ((places - (one.x, one.y)) ** 2).sum(axis=1)
        nearest = [data.standards[at] for at in np.argsort(distances, kind="stable")[:_EXAMPLES].tolist()]
        examples = tuple(RegionStandard(each.iri, each.code, each.name, each.language) for each in nearest)
        found.append(RegionView(one.label, one.language, one.count, examples))
    return tuple(found)

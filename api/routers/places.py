"""Where else an element stands that says the same, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.indexed import indexed
from api.routers.responses import PROBLEMS
from api.routers.search import PlaceModel, to_place_model
from api.routers.search_filters import Versions

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]


class PlacesAnswer(BaseModel):
    """The other places of an element, by IRI."""

    iri: str
    total: int = Field(ge=0, description="at how many other places the same stands")
    standard_count: int = Field(ge=0, description="in how many standards other than its own these are")
    offset: int
    limit: int
    places: list[PlaceModel]


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["search"])

    @router.get("/places", summary="All places where the same stands as at an element", responses=PROBLEMS)
    def places(
        iri: Annotated[
            str,
            Query(
                description="the IRI of an element of a standard, or of a shared concept",
                openapi_examples={
                    "a skill": {"value": "https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2"}
                },
            ),
        ],
        limit: Annotated[int, Query(ge=1, le=1000, description="how many places")] = 100,
        offset: Annotated[int, Query(ge=0, le=100_000, description="how many places to pass over")] = 0,
        versions: Annotated[
            Versions,
            Query(description="of a standard loaded in several versions, the latest or all of them"),
        ] = Versions.LATEST,
    ) -> PlacesAnswer:
        index = services.index.current()
        with indexed(services):
            found = index.elements.places(
                iri, limit=limit, offset=offset, all_versions=versions is Versions.ALL
            )
        return PlacesAnswer(
            iri=iri,
            total=found.total,
            standard_count=found.standard_count,
            offset=offset,
            limit=limit,
            places=[to_place_model(place) for place in found.places],
        )

    return router

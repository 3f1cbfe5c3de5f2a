"""The trees as data: a place, what is below it, and the standards there."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.routers.responses import PROBLEMS

if TYPE_CHECKING:
    from api.browsing import Place
    from api.services import Services

__all__ = ["make_router"]


class Facet(StrEnum):
    """The trees."""

    FRAMEWORK = "framework"
    LEVEL = "level"
    CATEGORY = "category"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"


class PlaceItem(BaseModel):
    """A place in a tree."""

    place: str = Field(
        examples=["occupation-mol-tw:12"], description="names it in its tree; empty at the top"
    )
    scheme: str = Field(examples=["occupation-mol-tw"], description="the code list, or the framework")
    code: str = Field(examples=["12"])
    name: str = Field(examples=["行政及商業經理人員"])
    lang: str = Field(examples=["zh-Hant"], description="of the name")
    count: int = Field(examples=[3], description="standards at and below it, under the filters")


class PlacedStandard(BaseModel):
    """A standard at a place."""

    iri: str
    code: str
    name: str
    lang: str
    framework: str
    level: int | None


class PlaceAnswer(BaseModel):
    """A place with the way to it, the places right below, and a page of its standards."""

    path: list[PlaceItem] = Field(description="from the top of the tree down to the place, itself last")
    below: list[PlaceItem]
    total: int
    offset: int
    limit: int
    standards: list[PlacedStandard]


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["standards"])

    @router.get("/browse/{facet}", summary="A place in a tree of standards", responses=PROBLEMS)
    def browse(
        facet: Annotated[
            Facet,
            Path(description="which tree", openapi_examples={"by occupation": {"value": "occupation"}}),
        ],
        place: Annotated[
            str, Query(max_length=200, description="the place, as `below` names it; the top without it")
        ] = "",
        framework: Annotated[str, Query(description="only this framework")] = "",
        level: Annotated[int | None, Query(ge=0, le=100, description="only this level")] = None,
        limit: Annotated[int, Query(ge=1, le=1000, description="how many standards")] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="how many to pass over")] = 0,
    ) -> PlaceAnswer:
        tree = services.browsing.get()
        found = tree.place(facet.value, place)
        kept = tree.within(framework, level)

        def item(one: Place) -> PlaceItem:
            return PlaceItem(
                place=one.value,
                scheme=one.scheme,
                code=one.code,
                name=one.name,
                lang=one.language,
                count=len(one.standards & kept),
            )

        numbers = sorted(found.standards & kept)
        return PlaceAnswer(
            path=[item(one) for one in tree.path(found)],
            below=[item(one) for one in tree.below(found)],
            total=len(numbers),
            offset=offset,
            limit=limit,
            standards=[
                PlacedStandard(
                    iri=one.iri,
                    code=one.code,
                    name=one.name,
                    lang=one.language,
                    framework=one.framework,
                    level=one.level,
                )
                for one in (tree.standards[number] for number in numbers[offset : offset + limit])
            ],
        )

    return router

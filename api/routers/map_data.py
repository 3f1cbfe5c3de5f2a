"""The map of all standards as data, and where on it something is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.routers.responses import PROBLEMS
from ontology.errors import IndexStale
from search import QUERY_LIMIT

if TYPE_CHECKING:
    from api.map_data import MapData
    from api.services import Services

__all__ = ["current_map", "make_router"]

_HITS = 100
_MARKED = 150


class MapGroup(BaseModel):
    """A group of standards, which is a place in a tree of `/api/v1/browse`."""

    place: str = Field(examples=["isco-08:2"])
    code: str = Field(examples=["2"])
    name: str = Field(examples=["Professionals"])
    lang: str = Field(examples=["en"])
    scheme: str = Field(examples=["isco-08"])


class MapGrouping(BaseModel):
    """One way to colour the map."""

    name: str = Field(description="a code list, `framework` or `level`", examples=["isco-08"])
    groups: list[MapGroup] = Field(description="the largest first")
    standards: list[int] = Field(description="for each standard the number of its group, or -1")


class MapRegion(BaseModel):
    """A part of the map with the words that tell it from others."""

    depth: int = Field(description="0 seen from afar, 1 from nearer")
    x: int
    y: int
    label: str
    lang: str
    count: int


class MapAnswer(BaseModel):
    """The map in columns: the entries at one place of the lists belong to one standard."""

    version: str = Field(description="of the search index that it was made from")
    total: int
    iri: list[str]
    code: list[str]
    name: list[str]
    lang: list[str]
    x: list[int] = Field(description="0 to 10,000, to the right")
    y: list[int] = Field(description="0 to 10,000, down")
    groupings: list[MapGrouping]
    regions: list[MapRegion]


class MapHit(BaseModel):
    """A standard on the map that has something."""

    iri: str
    score: float


class MapHits(BaseModel):
    """The standards that are, have or require what fits the query, the best 150 first."""

    query: str
    standards: list[MapHit]


def current_map(services: Services) -> MapData | None:
    """The map as the store is now; ``None`` while it is being drawn. Raises ``IndexStale``."""
    drawn = services.map.get()
    return None if drawn is None else services.joined_map.of(drawn, services.browsing.get())


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["standards"])

    @router.get("/map", summary="All standards on a map by meaning", responses=PROBLEMS)
    def drawn() -> MapAnswer:
        data = current_map(services)
        if data is None:
            raise IndexStale("the map is being drawn for the first time; ask again in a few seconds")
        standards = data.standards
        return MapAnswer(
            version=data.version,
            total=len(standards),
            iri=[one.iri for one in standards],
            code=[one.code for one in standards],
            name=[one.name for one in standards],
            lang=[one.language for one in standards],
            x=list(data.x),
            y=list(data.y),
            groupings=[
                MapGrouping(
                    name=one.name,
                    groups=[
                        MapGroup(
                            place=group.value,
                            code=group.code,
                            name=group.name,
                            lang=group.language,
                            scheme=group.scheme,
                        )
                        for group in one.groups
                    ],
                    standards=list(one.of_standards),
                )
                for one in data.groupings
            ],
            regions=[
                MapRegion(
                    depth=one.depth,
                    x=round(one.x * 10_000),
                    y=round(one.y * 10_000),
                    label=one.label,
                    lang=one.language,
                    count=one.count,
                )
                for one in data.regions
            ],
        )

    @router.get("/map/hits", summary="Where on the map something is", responses=PROBLEMS)
    def hits(
        q: Annotated[
            str,
            Query(
                openapi_examples={"a skill": {"value": "conflict handling"}},
                min_length=1,
                max_length=QUERY_LIMIT,
                description="a phrase, a question or a code",
            ),
        ],
    ) -> MapHits:
        index = services.index.current()
        found = index.search(q, limit=_HITS, spans=False)
        scores = {one.iri: one.score for one in found.hits if not one.weak}
        standards = list(index.standards_with(scores).items())[:_MARKED]
        return MapHits(
            query=q, standards=[MapHit(iri=iri, score=round(score, 4)) for iri, score in standards]
        )

    return router

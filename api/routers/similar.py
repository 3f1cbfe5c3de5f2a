"""What is like an element of a standard, a standard or a shared concept, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.indexed import indexed, locate
from api.routers.responses import PROBLEMS
from api.routers.search import HitModel, to_hit_model
from api.routers.search_filters import Offset, SearchKind, Versions
from search import Filters

if TYPE_CHECKING:
    from api.services import Services
    from search import SimilarResult

__all__ = ["SimilarAnswer", "make_router", "to_similar_answer"]


class SimilarAnswer(BaseModel):
    """What is like an element, best first."""

    element: HitModel = Field(description="the element itself, with its other places; its score is 1")
    total: int = Field(ge=0, description="how many elements were compared; folded, how many different ones")
    folded: bool = Field(description="whether elements that say the same are one hit")
    offset: int
    limit: int
    took_ms: float
    hits: list[HitModel]


def to_similar_answer(
    result: SimilarResult, limit: int, offset: int, *, folded: bool, all_versions: bool
) -> SimilarAnswer:
    """The result of the search layer in the form of the API."""
    return SimilarAnswer(
        element=to_hit_model(result.element, all_versions=all_versions),
        total=result.total,
        folded=folded,
        offset=offset,
        limit=limit,
        took_ms=round(result.took_ms, 1),
        hits=[to_hit_model(hit, all_versions=all_versions) for hit in result.hits],
    )


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["search"])

    @router.get("/similar", summary="What is like an element, across standards", responses=PROBLEMS)
    def similar(
        iri: Annotated[
            str | None,
            Query(
                description="the IRI of an element, a standard or a shared concept",
                openapi_examples={
                    "a skill": {"value": "https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2"}
                },
            ),
        ] = None,
        code: Annotated[
            str | None, Query(description="in place of the IRI, its code", examples=["S1#2"])
        ] = None,
        standard: Annotated[
            str | None,
            Query(description="the standard in which the code stands", examples=["BGM1219-002v2"]),
        ] = None,
        kind: Annotated[
            list[SearchKind] | None,
            Query(
                description="only these kinds; without, standards for a standard and other kinds for others"
            ),
        ] = None,
        framework: Annotated[list[str] | None, Query(description="only these frameworks")] = None,
        lang: Annotated[list[str] | None, Query(description="only texts in these languages (BCP 47)")] = None,
        versions: Annotated[
            Versions,
            Query(description="of standards loaded in several versions, the latest or all of them"),
        ] = Versions.LATEST,
        limit: Annotated[int, Query(ge=1, le=100, description="how many hits")] = 10,
        offset: Offset = 0,
        *,
        same_standard: Annotated[
            bool, Query(description="whether elements of the same standard are compared, too")
        ] = False,
        fold: Annotated[
            bool, Query(description="whether elements that say the same are one hit, with its other places")
        ] = True,
    ) -> SimilarAnswer:
        index = services.index.current()
        every = versions is Versions.ALL
        with indexed(services):
            result = index.elements.similar(
                locate(services, index, iri or "", code or "", standard or ""),
                Filters(
                    kinds=tuple(one.value for one in kind or ()),
                    frameworks=tuple(framework or ()),
                    languages=tuple(lang or ()),
                ),
                limit=limit,
                offset=offset,
                same_standard=same_standard,
                all_versions=every,
                fold=fold,
            )
        return to_similar_answer(result, limit, offset, folded=fold, all_versions=every)

    return router

"""Search by meaning and by words, as data."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.routers.responses import PROBLEMS
from api.routers.search_filters import FilterParameters, Offset, QueryLanguage, Versions, filter_parameters

if TYPE_CHECKING:
    from api.services import Services
    from search import Hit, Place, SearchResult

__all__ = [
    "HitModel",
    "PlaceModel",
    "SearchAnswer",
    "make_router",
    "to_answer",
    "to_hit_model",
    "to_place_model",
]


class StepModel(BaseModel):
    """One step from the standard down to the element."""

    code: str = Field(examples=["T1"])
    text: str = Field(examples=["提升團隊效能"])


class OtherNameModel(BaseModel):
    """What an element is called besides its text."""

    text: str = Field(examples=["dispute handling"])
    spans: list[tuple[int, int]] = Field(
        description="where words of the query stand in it: start and end in code points", examples=[[[8, 16]]]
    )


class FoundBy(BaseModel):
    """Why a hit was found."""

    arm: str = Field(description="words, meaning, both, or code", examples=["both"])
    words: float | None = Field(description="score of the words alone, 0–1; null where no word is shared")
    meaning: float | None = Field(description="score of the meaning alone, 0–1")
    spans: list[tuple[int, int]] = Field(
        description="where words of the query stand in the text: start and end in code points",
        examples=[[[4, 6]]],
    )
    name: OtherNameModel | None = Field(
        description="the other name that the words of the query stand in, where they are not in the text"
    )


class PlaceModel(BaseModel):
    """Where an element stands that says the same."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM2421-901v1/S1"])
    code: str = Field(examples=["S1"])
    standard: str = Field(examples=["BGM2421-901v1"])
    standard_name: str
    standard_iri: str
    framework: str = Field(examples=["icap"])
    path: list[StepModel] = Field(description="the elements above it, outermost first")


class HitModel(BaseModel):
    """One element of a standard."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2"])
    code: str = Field(examples=["S1#2"])
    kind: str = Field(examples=["skill"])
    text: str = Field(examples=["處理團隊衝突"])
    lang: str = Field(examples=["zh-Hant"])
    score: float = Field(
        ge=0,
        le=1,
        examples=[0.91],
        description="the probability that it is relevant, for a model that is calibrated (`/health`)",
    )
    weak: bool = Field(description="true where the score says that it fits only loosely")
    standard: str = Field(examples=["BGM1219-002v2"])
    standard_name: str = Field(examples=["基層主管"])
    standard_iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2"])
    framework: str = Field(examples=["icap"])
    level: int | None = Field(description="the nearest level that the document states", examples=[5])
    detail: str = Field(description="what else the document says of it, such as an attitude's description")
    path: list[StepModel] = Field(description="the elements above it, outermost first")
    required_by: list[StepModel] = Field(description="tasks and activities that require it")
    found_by: FoundBy
    place_count: int = Field(
        ge=0, description="at how many other places the same stands; 0 where duplicates are not folded"
    )
    standard_count: int = Field(ge=0, description="in how many standards other than its own these are")
    places: list[PlaceModel] = Field(description="the first of these places, at most 5")
    places_url: str | None = Field(description="where all of these places are had, page by page")


class FacetValueModel(BaseModel):
    """One value of a field, and how many relevant hits have it."""

    value: str = Field(description="what the filter of the same name takes", examples=["skill"])
    label: str = Field(examples=["skill"])
    count: int = Field(ge=1)


class FacetsModel(BaseModel):
    """The values of each field with the most hits, at most 20."""

    framework: list[FacetValueModel] = []
    kind: list[FacetValueModel] = []
    standard: list[FacetValueModel] = []
    level: list[FacetValueModel] = []
    category: list[FacetValueModel] = []
    occupation: list[FacetValueModel] = []
    industry: list[FacetValueModel] = []


class GroupModel(BaseModel):
    """A standard with the best of its hits."""

    standard: str = Field(examples=["BGM1219-002v2"])
    standard_name: str
    standard_iri: str
    framework: str = Field(examples=["icap"])
    total: int = Field(ge=0, description="how many of its hits are not weak, up to 1,000")
    hits: list[HitModel]


class GroupBy(StrEnum):
    """What hits are grouped by."""

    STANDARD = "standard"


class SearchAnswer(BaseModel):
    """The hits, best first."""

    query: str
    interpreted: str = Field(description="the query as it was searched, its question frame taken away")
    query_language: str | None = Field(description="the language the query was taken to be in")
    total: int = Field(
        description="how many elements were ranked under the filters; folded, how many different ones"
    )
    folded: bool = Field(description="whether elements that say the same are one hit")
    offset: int
    limit: int
    took_ms: float
    notes: list[str] = Field(description="what the reader of the answer should know")
    nothing_fits: bool = Field(description="true where even the best hit is weak; the notes say it too")
    hits: list[HitModel] = Field(description="empty where the hits are grouped")
    groups: list[GroupModel] = Field(
        [], description="with group=standard, the standards, the one with the best hit first"
    )
    group_total: int = Field(0, ge=0, description="how many standards can be paged through")
    facets: FacetsModel = Field(
        description="how many relevant hits have each value, under the filters of the other fields"
    )


def to_answer(
    result: SearchResult, query: str, limit: int, offset: int, *, folded: bool, all_versions: bool
) -> SearchAnswer:
    """The result of the search layer in the form of the API."""
    return SearchAnswer(
        query=query,
        interpreted=result.interpreted,
        query_language=result.query_language,
        total=result.total,
        folded=folded,
        offset=offset,
        limit=limit,
        took_ms=round(result.took_ms, 1),
        notes=list(result.notes),
        nothing_fits=result.nothing_fits,
        hits=[to_hit_model(hit, all_versions=all_versions) for hit in result.hits],
        groups=[
            GroupModel(
                standard=one.standard,
                standard_name=one.standard_name,
                standard_iri=one.standard_iri,
                framework=one.framework,
                total=one.total,
                hits=[to_hit_model(hit, all_versions=all_versions) for hit in one.hits],
            )
            for one in result.groups
        ],
        group_total=result.group_total,
        facets=FacetsModel.model_validate(
            {name: [asdict(one) for one in values] for name, values in result.facets.items()}
        ),
    )


def to_place_model(place: Place) -> PlaceModel:
    return PlaceModel.model_validate(asdict(place))


def to_hit_model(hit: Hit, *, all_versions: bool) -> HitModel:
    name = hit.reason.name
    return HitModel(
        iri=hit.iri,
        code=hit.code,
        kind=hit.kind,
        text=hit.text,
        lang=hit.lang,
        score=hit.score,
        weak=hit.weak,
        standard=hit.standard,
        standard_name=hit.standard_name,
        standard_iri=hit.standard_iri,
        framework=hit.framework,
        level=hit.level,
        detail=hit.detail,
        path=[StepModel(code=step.code, text=step.text) for step in hit.path],
        required_by=[StepModel(code=step.code, text=step.text) for step in hit.required_by],
        found_by=FoundBy(
            arm=hit.reason.found_by,
            words=hit.reason.words,
            meaning=hit.reason.meaning,
            spans=list(hit.reason.spans),
            name=OtherNameModel(text=name.text, spans=list(name.spans)) if name else None,
        ),
        place_count=hit.place_count,
        standard_count=hit.standard_count,
        places=[to_place_model(place) for place in hit.places],
        places_url=_places_url(hit, all_versions=all_versions) if hit.place_count else None,
    )


def _places_url(hit: Hit, *, all_versions: bool) -> str:
    versions = {"versions": Versions.ALL.value} if all_versions else {}
    return "/api/v1/places?" + urlencode({"iri": hit.iri, **versions})


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["search"])

    @router.get("/search", summary="Search competencies by meaning, in any language", responses=PROBLEMS)
    def search(
        q: Annotated[
            str,
            Query(
                description="a phrase, a question or a code, in any language",
                openapi_examples={
                    "English": {"value": "which competencies cover conflict handling"},
                    "Traditional Chinese": {"value": "如何處理同事吵架"},
                    "code": {"value": "P4.1.3"},
                },
            ),
        ],
        narrowed: Annotated[FilterParameters, Depends(filter_parameters)],
        limit: Annotated[int, Query(ge=1, le=100, description="how many hits")] = 10,
        offset: Offset = 0,
        query_lang: QueryLanguage = None,
        group: Annotated[
            GroupBy | None, Query(description="group the hits; limit and offset are then of groups")
        ] = None,
        group_hits: Annotated[int, Query(ge=1, le=20, description="how many hits a group has")] = 3,
        *,
        fold: Annotated[
            bool, Query(description="whether elements that say the same are one hit, with its other places")
        ] = True,
    ) -> SearchAnswer:
        result = services.index.current().search(
            q,
            limit=limit,
            offset=offset,
            filters=narrowed.resolved(services),
            query_language=query_lang,
            all_versions=narrowed.all_versions,
            facets=True,
            fold=fold,
            group_hits=group_hits if group else 0,
        )
        return to_answer(result, q, limit, offset, folded=fold, all_versions=narrowed.all_versions)

    return router

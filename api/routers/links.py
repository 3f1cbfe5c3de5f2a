"""Links to shared concepts as data, and people's decisions on them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.link_listing import list_links, listed
from api.linking import changing_links, today
from api.routers.responses import PROBLEMS
from api.routers.writing import writing_guard
from ontology.errors import Unsigned
from ontology.links import LinkStatus

if TYPE_CHECKING:
    from api.link_listing import ListedLink
    from api.services import Services

__all__ = ["make_router"]


class ElementModel(BaseModel):
    """The element of a standard that is linked, as it is now."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2"])
    code: str = Field(examples=["S1#2"])
    text: str = Field(examples=["處理團隊衝突"])
    lang: str = Field(examples=["zh-Hant"])
    standard: str = Field(examples=["BGM1219-002v2"])
    standard_name: str = Field(examples=["基層主管"])
    standard_iri: str
    above: str = Field(description="the text of the element right above it, empty where there is none")
    compared_text: str = Field(description="the text that was compared, or that was judged")


class ConceptModel(BaseModel):
    """The concept that it is linked to, as it is now."""

    iri: str
    code: str
    text: str
    lang: str
    compared_text: str = Field(description="the text that was compared, or that was judged")


class EarlierDecision(BaseModel):
    """What was made of a link before; ``open`` is that a decision was taken back."""

    status: LinkStatus
    predicate: str
    by: str
    on: str = Field(examples=["2026-11-25"])
    comment: str


class LinkModel(BaseModel):
    """A link; a suggestion until it is accepted or rejected."""

    id: str
    status: LinkStatus
    predicate: str = Field(description="of SKOS", examples=["closeMatch"])
    score: float = Field(ge=0, le=1, description="the probability that a person accepts it")
    method: str = Field(description="exact_text, words, meaning or manual")
    model: str | None = Field(description="the model that compared the meanings")
    reviewed: bool
    changed: bool = Field(description="true where a text is no longer the one that was judged")
    element: ElementModel
    concept: ConceptModel
    decided_by: str | None
    decided_on: str | None = Field(examples=["2026-11-25"])
    comment: str
    history: list[EarlierDecision] = Field(description="earlier decisions, oldest first")


class LinksAnswer(BaseModel):
    """A page of links, those with the highest score first."""

    total: int
    offset: int
    limit: int
    links: list[LinkModel]


class Verdict(StrEnum):
    """What a person makes of a link; ``undo`` takes an earlier decision back."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"


class DecisionBody(BaseModel):
    """A decision on a link."""

    model_config = ConfigDict(extra="forbid")

    decision: Verdict
    by: str = Field("", max_length=200, description="who decides; needed but for undo")
    comment: str = Field("", max_length=2000)


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["links"])

    @router.get("/links", summary="Links to shared concepts, suggested and settled", responses=PROBLEMS)
    def links(
        status: Annotated[
            list[LinkStatus] | None,
            Query(description="suggested, grey, accepted, rejected, open; repeatable"),
        ] = None,
        element: Annotated[str, Query(description="only links of this element (IRI)")] = "",
        concept: Annotated[str, Query(description="only links to this concept (IRI)")] = "",
        standard: Annotated[str, Query(description="only links of this standard (code or IRI)")] = "",
        limit: Annotated[int, Query(ge=1, le=200, description="how many")] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="how many to pass over")] = 0,
        *,
        changed: Annotated[
            bool, Query(description="only decisions whose texts are no longer those that were judged")
        ] = False,
    ) -> LinksAnswer:
        services.store.revision()
        found, total = list_links(
            services,
            statuses=status or (),
            element=element,
            concept=concept,
            standard=services.standard_iri(standard) if standard else "",
            changed=changed,
            limit=limit,
            offset=offset,
        )
        return LinksAnswer(total=total, offset=offset, limit=limit, links=[_model(one) for one in found])

    @router.post(
        "/links/{id}/decision",
        summary="Accept or reject a link, or take that back",
        responses=PROBLEMS,
        dependencies=[Depends(writing_guard(services))],
    )
    def decide(
        id: Annotated[
            str,
            Path(description="of the link", openapi_examples={"a link": {"value": "3f2a9c0d1e4b5a6f7788"}}),
        ],
        body: DecisionBody,
    ) -> LinkModel:
        with changing_links(services) as book:
            if body.decision is Verdict.UNDO:
                (link,) = book.undo([id], by=body.by, on=today())
            else:
                if not body.by.strip():
                    raise Unsigned("a decision needs the name of who makes it, in the field by")
                status = LinkStatus.ACCEPTED if body.decision is Verdict.ACCEPT else LinkStatus.REJECTED
                (link,) = book.settle({id: status}, by=body.by, on=today(), comment=body.comment)
        return _model(listed(services, link))

    return router


def _model(one: ListedLink) -> LinkModel:
    return LinkModel.model_validate(one.to_json())

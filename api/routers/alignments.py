"""Alignments as data: pairs that people accepted or rejected, settled by the names of their ends; files."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.aligning import Ruling, align, list_alignments, select_alignments
from api.link_exchange import LinkFormat, export_links
from api.routers.exports import disposition
from api.routers.responses import PROBLEMS
from api.routers.writing import writing_guard
from graph import find_standard
from ontology.errors import Unsigned
from ontology.links import PREDICATES

if TYPE_CHECKING:
    from api.aligning import Alignment
    from api.services import Services

__all__ = ["make_router"]

Predicate = StrEnum("Predicate", {one: one for one in PREDICATES})  # type: ignore[misc]
Predicate.__doc__ = "A mapping property of SKOS, read from a to b."

_ENDS = "an IRI, a code of a standard, or CODE ELEMENT (BGM1219-002v2 S1#2)"
_Standard = Annotated[str, Query(description="only alignments of this standard (code or IRI)")]
_Other = Annotated[str, Query(alias="with", description="of these only those with this other standard")]


class EndModel(BaseModel):
    """An end of an alignment, as it is now."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2"])
    code: str = Field(examples=["S1#2"])
    text: str = Field(examples=["處理團隊衝突"])
    lang: str = Field(examples=["zh-Hant"])
    standard: str = Field(examples=["BGM1219-002v2"], description="empty for a shared concept")
    standard_name: str = Field(examples=["基層主管"])
    standard_iri: str | None
    judged_text: str = Field(description="the text that was judged")


class EarlierRuling(BaseModel):
    """What was made of the pair before."""

    status: Ruling
    predicate: str
    by: str
    on: str = Field(examples=["2026-11-25"])
    comment: str


class AlignmentModel(BaseModel):
    """A pair and what people made of it."""

    id: str
    a: EndModel
    b: EndModel
    predicate: str = Field(description="of SKOS, read from a to b", examples=["closeMatch"])
    decision: Ruling
    score: float = Field(ge=0, le=1, description="what comparing the two gave; 1 where it found nothing")
    method: str = Field(description="by what comparing found the pair: exact_text, words, meaning; or manual")
    model: str | None = Field(description="the model that compared the meanings")
    by: str | None
    on: str | None = Field(examples=["2026-11-25"])
    comment: str
    changed: bool = Field(description="true where a text is no longer the one that was judged")
    history: list[EarlierRuling] = Field(description="earlier decisions, oldest first")


class AlignmentsAnswer(BaseModel):
    """A page of alignments."""

    total: int
    offset: int
    limit: int
    alignments: list[AlignmentModel]


class AlignmentBody(BaseModel):
    """A decision on a pair."""

    model_config = ConfigDict(extra="forbid")

    a: str = Field(max_length=2000, description=_ENDS, examples=["BGM1219-002v2 S1#2"])
    b: str = Field(max_length=2000, description=_ENDS, examples=["BGM2421-901v1 S1"])
    decision: Ruling
    predicate: Predicate | None = Field(
        None, description="default: exactMatch where comparing finds them the same, else closeMatch"
    )
    by: str = Field(max_length=200, description="who decides")
    comment: str = Field("", max_length=2000)


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["alignments"])

    @router.get("/alignments", summary="Pairs that people accepted or rejected", responses=PROBLEMS)
    def alignments(
        standard: _Standard = "",
        other: _Other = "",
        decision: Annotated[
            list[Ruling] | None,
            Query(description="default: accepted and rejected; undone are those taken back; repeatable"),
        ] = None,
        limit: Annotated[int, Query(ge=1, le=200, description="how many")] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="how many to pass over")] = 0,
    ) -> AlignmentsAnswer:
        services.store.revision()
        one, two = (services.standard_iri(key) if key else "" for key in (standard, other))
        found, total = list_alignments(
            services, standard=one, other=two, rulings=decision or (), limit=limit, offset=offset
        )
        return AlignmentsAnswer(
            total=total, offset=offset, limit=limit, alignments=[_model(alignment) for alignment in found]
        )

    @router.post(
        "/alignments",
        summary="Accept or reject a pair, or take that back",
        responses=PROBLEMS,
        dependencies=[Depends(writing_guard(services))],
    )
    def settle(body: AlignmentBody) -> AlignmentModel:
        if not body.by.strip():
            raise Unsigned("a decision needs the name of who makes it, in the field by")
        predicate = body.predicate.value if body.predicate else None
        made = align(
            services, body.a, body.b, body.decision, by=body.by, predicate=predicate, comment=body.comment
        )
        return _model(made)

    @router.get(
        "/alignments/export",
        summary="Download alignments as SSSOM or as CASE associations",
        responses={
            200: {
                "description": "The file",
                "content": {media_type: {} for media_type in {one.media_type for one in LinkFormat}},
            },
            **PROBLEMS,
        },
        response_class=Response,
    )
    def export(
        form: Annotated[
            LinkFormat,
            Query(
                alias="format",
                description="sssom is a table, sssom-json a mapping set in JSON, case a CFPackage",
                openapi_examples={"a table": {"value": "sssom"}},
            ),
        ],
        standard: _Standard = "",
        other: _Other = "",
    ) -> Response:
        services.store.revision()
        one, two = (services.standard_iri(key) if key else "" for key in (standard, other))
        of = find_standard(services.standards(), standard).code if standard else ""
        chosen = select_alignments(services, standard=one, other=two)
        name = f"{of}-alignments" if of else "alignments"
        headers = {"Content-Disposition": disposition(name + form.suffix)}
        content = export_links(services, chosen, form, of=of)
        return Response(content, media_type=form.media_type, headers=headers)

    return router


def _model(one: Alignment) -> AlignmentModel:
    return AlignmentModel.model_validate(one.to_json())

"""Several standards with each other, and moves from one to others, as data and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from api.comparing_many import best_moves, export_matrix, matrix_named, move_named, names_in
from api.routers.compare import COMPARISON_FORMS
from api.routers.comparison_form import (
    CoverageModel,
    ElementModel,
    PairModel,
    Share,
    SideModel,
    to_coverage_model,
    to_element_model,
    to_pair_model,
    to_side_model,
)
from api.routers.exports import disposition
from api.routers.representations import JSON, chosen_form
from api.routers.responses import PROBLEMS
from api.routers.standard_code import StandardCode

if TYPE_CHECKING:
    from api.services import Services
    from search.comparing.matrix import Matrix
    from search.comparing.moves import Move

__all__ = ["MatrixAnswer", "MovesAnswer", "make_router", "to_matrix_answer", "to_move_model"]


class MatrixSide(SideModel):
    """A standard of the matrix."""

    cluster: int = Field(description="standards with one number are alike")


class MatrixAnswer(BaseModel):
    """Standards with each other, alike ones together."""

    standards: list[MatrixSide]
    coverage: list[list[CoverageModel]] = Field(
        description="row i, column j: a is how much of i the standard j has, b the reverse; estimates"
    )
    took_ms: float


class ToLearnModel(BaseModel):
    """An element that is to be learnt."""

    element: ElementModel
    level: int | None = Field(description="the nearest level that is stated")
    share: Share = Field(description="its weight among all elements of the standard to go to")
    partly_known: PairModel | None = Field(description="what is known of it, where that is a part")


class MoveModel(BaseModel):
    """From one standard to another. The shares are of the one to go to and add up to 1."""

    to: SideModel
    readiness: Share = Field(description="the share that is known, what is known in part as a half")
    share_known: Share
    share_partly: Share
    share_new: Share
    level_difference: int | None = Field(description="null where either has none, or the frameworks differ")
    known: list[PairModel] = Field(description="pairs that are the same or near, in the order of the target")
    to_learn: list[ToLearnModel] = Field(description="by level, then in the order of the document")


class MovesAnswer(BaseModel):
    """Moves from a standard, the one of which most is known first."""

    standard: SideModel | None
    moves: list[MoveModel]


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["comparing"])

    @router.get(
        "/compare/matrix",
        summary="Compare up to 50 standards, each with each",
        responses={
            200: {
                "description": "The matrix; by Accept, or by `format`",
                "content": {form.media_type: {} for form in COMPARISON_FORMS},
            },
            **PROBLEMS,
        },
        response_model=MatrixAnswer,
    )
    def matrix(
        request: Request,
        standard: Annotated[
            list[str],
            Query(
                description="a code or IRI, or several with commas; 2 to 50 standards",
                openapi_examples={"two": {"value": ["BGM1219-002v2 T1, BGM1219-002v2 T2"]}},
            ),
        ],
        form: Annotated[
            str | None, Query(alias="format", description="json, csv or xlsx, instead of Accept")
        ] = None,
    ) -> Response:
        chosen = chosen_form(request, form, COMPARISON_FORMS)
        made = matrix_named(services, names_in(standard))
        headers = {"Vary": "Accept"}
        if chosen is JSON:
            return JSONResponse(to_matrix_answer(made).model_dump(), headers=headers)
        file = export_matrix(made, chosen.name)
        headers["Content-Disposition"] = disposition(file.file_name)
        return Response(b"".join(file.chunks), media_type=file.media_type, headers=headers)

    @router.get(
        "/standards/{code}/moves",
        summary="Where somebody can go who works by a standard: what is known, what is to be learnt",
        responses=PROBLEMS,
    )
    def moves(
        code: StandardCode,
        to: Annotated[str, Query(description="only the move to this standard (code or IRI)")] = "",
        framework: Annotated[
            list[str] | None, Query(description="without to: only standards of these frameworks")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=20, description="without to: how many moves")] = 5,
    ) -> MovesAnswer:
        if to.strip():
            found: tuple[Move, ...] = (move_named(services, code, to),)
        else:
            found = best_moves(services, code, frameworks=tuple(framework or ()), limit=limit)
        return MovesAnswer(
            standard=to_side_model(found[0].comparison.a) if found else None,
            moves=[to_move_model(one) for one in found],
        )

    return router


def to_matrix_answer(matrix: Matrix) -> MatrixAnswer:
    """The result of the search layer in the form of the API."""
    return MatrixAnswer(
        standards=[
            MatrixSide(**to_side_model(side).model_dump(), cluster=cluster)
            for side, cluster in zip(matrix.standards, matrix.clusters, strict=True)
        ],
        coverage=[[to_coverage_model(cell) for cell in row] for row in matrix.coverage],
        took_ms=round(matrix.took_ms, 1),
    )


def to_move_model(move: Move) -> MoveModel:
    """The result of the search layer in the form of the API."""
    return MoveModel(
        to=to_side_model(move.comparison.b),
        readiness=round(move.readiness, 4),
        share_known=move.share_known,
        share_partly=move.share_partly,
        share_new=move.share_new,
        level_difference=move.comparison.level_difference,
        known=[to_pair_model(one) for one in move.known],
        to_learn=[
            ToLearnModel(
                element=to_element_model(one.element),
                level=one.level,
                share=one.share,
                partly_known=to_pair_model(one.pair) if one.pair else None,
            )
            for one in move.to_learn
        ],
    )

"""The pages of several standards with each other, and of moves from one to others."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request

from api.comparing import short_name
from api.comparing_many import best_moves, matrix_named, move_named, names_in
from api.pages import Alternate
from api.pages.problem_views import problem_view
from api.pages.survey_views import (
    HeatStep,
    LearnGroup,
    LearnRow,
    MatrixCell,
    MatrixRow,
    MatrixView,
    MovesView,
    MoveView,
)
from api.pages.views import Download
from api.problems import edge_of
from ontology.errors import CompetencyError, Unavailable
from search.comparing.matrix import MOST_STANDARDS

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.pages import Page, Renderer
    from api.services import Services
    from search import Pair, Passage
    from search.comparing.matrix import Matrix
    from search.comparing.moves import Move

__all__ = ["make_router"]


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/compare/matrix")
    def matrix(request: Request, standard: Annotated[list[str] | None, Query()] = None) -> Response:
        names = names_in(standard or ())
        query = urlencode([("standard", one) for one in names])
        data = (Alternate("application/json", "JSON", f"/api/v1/compare/matrix?{query}"),) if names else ()
        page = renderer.page(request, "compare", data)
        status, view = 200, MatrixView("\n".join(names), MOST_STANDARDS)
        if names:
            try:
                made = matrix_named(services, names)
                view = _matrix_view(services, page, made, view.names, query)
            except Unavailable:
                raise
            except CompetencyError as error:
                status = edge_of(error).status
                view = MatrixView(view.names, MOST_STANDARDS, problem=problem_view(page.language, error))
        return renderer.render("matrix.html", page, view, status=status)

    @router.get("/moves")
    def moves(request: Request, origin: Annotated[str, Query(alias="from")] = "", to: str = "") -> Response:
        origin, target = origin.strip(), to.strip()
        page = renderer.page(request, "compare")
        status, view = 200, MovesView(origin, target)
        if origin:
            try:
                one = bool(target)
                found = (
                    (move_named(services, origin, target),) if one else best_moves(services, origin, limit=10)
                )
                view = MovesView(
                    origin,
                    target,
                    name=found[0].comparison.a.standard.text if found else "",
                    language=found[0].comparison.a.standard.lang if found else "",
                    moves=tuple(_move_view(services, page, each, whole=one) for each in found),
                )
            except Unavailable:
                raise
            except CompetencyError as error:
                status = edge_of(error).status
                view = MovesView(origin, target, problem=problem_view(page.language, error))
        return renderer.render("moves.html", page, view, status=status)

    return router


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _matrix_view(services: Services, page: Page, matrix: Matrix, names: str, query: str) -> MatrixView:
    shorts = [short_name(services, side) for side in matrix.standards]
    starts = [False, *(before != own for before, own in pairwise(matrix.clusters))]
    rows = []
    for i, side in enumerate(matrix.standards):
        cells = tuple(
            MatrixCell(
                percent=_percent(cell.a),
                shade=0 if cell.a is None else _shade(_percent(cell.a) or 0),
                href="" if i == j else page.url("/compare", a=shorts[i], b=shorts[j]),
                column=shorts[j],
            )
            for j, cell in enumerate(matrix.coverage[i])
        )
        standard, part = side.standard, side.part
        rows.append(
            MatrixRow(
                number=i + 1,
                iri=(part or standard).iri,
                code=f"{standard.code} {part.code}" if part else standard.code,
                name=part.text if part else standard.text,
                language=(part or standard).lang,
                framework=standard.framework,
                cluster=matrix.clusters[i],
                starts=starts[i],
                cells=cells,
            )
        )
    downloads = tuple(
        Download(label, f"/api/v1/compare/matrix?{query}&format={form}")
        for label, form in (("XLSX", "xlsx"), ("CSV", "csv"), ("JSON", "json"))
    )
    return MatrixView(names, MOST_STANDARDS, tuple(rows), downloads, _steps())


def _shade(percent: int) -> int:
    """0 up to 9 %, then one more from each of 10, 30, 50, 70 and 90 %."""
    return (percent + 10) // 20


def _steps() -> tuple[HeatStep, ...]:
    """The legend: which percentages have each shade."""
    shades = [(shade, list(some)) for shade, some in groupby(range(101), key=_shade)]
    return tuple(HeatStep(shade, some[0], some[-1]) for shade, some in shades)


def _move_view(services: Services, page: Page, move: Move, *, whole: bool) -> MoveView:
    a, b = (short_name(services, side) for side in (move.comparison.a, move.comparison.b))
    to = move.comparison.b.standard
    groups = groupby(move.to_learn, key=lambda one: one.level) if whole else ()
    return MoveView(
        iri=to.iri,
        code=to.code,
        name=to.text,
        language=to.lang,
        framework=to.framework,
        level=move.comparison.b.level,
        known_percent=round(100 * move.share_known),
        partly_percent=round(100 * move.share_partly),
        new_percent=round(100 * move.share_new),
        href=page.url("/moves", **{"from": a, "to": b}),
        compare=page.url("/compare", a=a, b=b),
        known=tuple(_row(one.b, one) for one in move.known) if whole else (),
        groups=tuple(
            LearnGroup(level, tuple(_row(one.element, one.pair) for one in some)) for level, some in groups
        ),
    )


def _row(element: Passage, pair: Pair | None) -> LearnRow:
    return LearnRow(
        iri=element.iri,
        code=element.code,
        kind=element.kind,
        text=element.text,
        language=element.lang,
        known=f"{pair.a.code} {pair.a.text}".strip() if pair else "",
        known_language=pair.a.lang if pair else "",
    )

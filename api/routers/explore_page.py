"""The page of the graph around a node, and the same as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request

from api.exploring import explore, node_iri
from api.pages import Alternate
from api.pages.explore_views import (
    ExploreExample,
    ExploreGroup,
    ExploreKind,
    ExploreRow,
    ExploreView,
    RelationChoice,
)
from api.pages.messages import translate
from api.pages.problem_views import problem_view
from api.routers.neighbours import relation_key, shown_description, shown_label
from graph.neighbours import KINDS, Selection
from ontology.errors import NotFound

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.pages import Page, Renderer
    from api.pages.problem_views import ProblemView
    from api.services import Services
    from graph.neighbours import Neighbourhood, NodeFacts

__all__ = ["make_router"]

_ROWS = 40
_MOST_PAGES = 500
_EXAMPLES = 8


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/explore")
    def explore_page(
        request: Request,
        node: str = "",
        kind: Annotated[list[str] | None, Query()] = None,
        relation: str = "",
        open: Annotated[list[str] | None, Query()] = None,
        page: int = 1,
    ) -> Response:
        if not node.strip():
            frame = renderer.page(request, "browse")
            return renderer.render("explore.html", frame, _start(services, frame))
        query = [("iri", node.strip()), *((name, one) for name, one in request.query_params.multi_items())]
        kept = [(name, one) for name, one in query if name in ("iri", "kind", "relation", "hl") and one]
        json_form = Alternate("application/json", "JSON", f"/api/v1/neighbours?{urlencode(kept)}")
        frame = renderer.page(request, "browse", (json_form,))
        number = min(max(page, 1), _MOST_PAGES)
        selection = Selection(
            kinds=tuple(one for one in kind or () if one in KINDS),
            relations=(relation,) if relation else (),
            limit=_ROWS,
            offset=(number - 1) * _ROWS,
        )
        try:
            found = explore(services, node_iri(services, node), selection)
        except NotFound as error:
            view = _start(services, frame, node.strip(), problem_view(frame.language, error))
            return renderer.render("explore.html", frame, view, status=404)
        view = _view(services, frame, node.strip(), found, selection, number, tuple(open or ()))
        return renderer.render("explore.html", frame, view)

    return router


def _start(
    services: Services, page: Page, unknown: str = "", problem: ProblemView | None = None
) -> ExploreView:
    """The page without a node: some standards of each framework that is loaded."""
    standards = services.standards() if services.store.graphs() else ()
    by_framework: dict[str, list[ExploreExample]] = {}
    for one in standards:
        examples = by_framework.setdefault(one.framework, [])
        if len(examples) < _EXAMPLES:
            examples.append(
                ExploreExample(
                    page.url("/explore", node=one.code), "standard", one.code, one.name, one.language
                )
            )
    share = max(2, _EXAMPLES // max(1, len(by_framework)))
    return ExploreView(
        typed=unknown,
        example=standards[0].code if standards else "BGM1219-002v2",
        examples=tuple(one for examples in by_framework.values() for one in examples[:share]),
        problem=problem,
    )


def _view(
    services: Services,
    page: Page,
    typed: str,
    found: Neighbourhood,
    selection: Selection,
    number: int,
    opened: tuple[str, ...],
) -> ExploreView:
    standards = {one.iri: (f"{one.code} {one.name}", one.language) for one in services.standards()}
    node = _row(page, found.node, standards)
    # where they stand is told of elements of other standards
    standards.pop(found.node.standard or found.node.iri, None)
    rows: dict[str, list[ExploreRow]] = {}
    for one, key in zip(found.neighbours, found.keys, strict=True):
        rows.setdefault(key, []).append(_row(page, one, standards))
    totals = {one.key: one.count for one in found.groups}
    labels = {one.key: translate(page.language, relation_key(one.key)) for one in found.groups}
    groups = tuple(
        ExploreGroup(
            label=labels[key],
            rows=tuple(rows[key]),
            total=totals[key],
            more=page.here(relation=key, page=None)
            if totals[key] > len(rows[key]) and not selection.relations
            else None,
        )
        for key in totals
        if key in rows
    )
    last = selection.offset + len(found.neighbours)
    return ExploreView(
        typed=node.text if typed == node.iri else typed,
        example="",
        examples=(),
        node=node,
        kinds=tuple(
            ExploreKind(name, count, name in selection.kinds or not selection.kinds)
            for name, count in found.kinds.items()
        ),
        relations=tuple(
            RelationChoice(one.key, labels[one.key], one.count, one.key in selection.relations)
            for one in found.groups
        ),
        groups=groups,
        opened=opened,
        is_filtered=bool(selection.kinds or selection.relations),
        first=selection.offset + 1 if found.neighbours else 0,
        last=last,
        total=found.total,
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if last < found.total and number < _MOST_PAGES else None,
    )


def _row(page: Page, node: NodeFacts, standards: dict[str, tuple[str, str]]) -> ExploreRow:
    text, language = shown_label(node, page.language)
    place, place_language = standards.get(node.standard, ("", ""))
    description, description_language = shown_description(node, page.language)
    return ExploreRow(
        iri=node.iri,
        # of a version that is not loaded there is no page
        href=page.local(node.iri) if node.labels else "",
        explore=page.url("/explore", node=node.iri),
        kind=node.kind,
        code=node.code if node.code != text else "",
        text=text,
        language=language,
        count=node.degree,
        place=place,
        place_language=place_language,
        description=description,
        description_language=description_language,
    )

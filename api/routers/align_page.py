"""The page on which a person accepts or rejects a pair. Its form sends the key of the service, so that no
other site can send it for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse

from api.aligning import Ruling, align, end_named, pair_of
from api.pages import Alternate
from api.pages.link_views import AlignEnd, AlignView, RulingRow
from api.routers.writing import check_key, takes_writing
from ontology.links import PREDICATES, LinkStatus, inverse

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.aligning import Alignment
    from api.pages import Renderer
    from api.services import Services
    from graph import LinkedNode

__all__ = ["make_router"]


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/align")
    def show(request: Request, a: str, b: str) -> Response:
        services.store.revision()
        first, second, alignment = pair_of(services, end_named(services, a), end_named(services, b))
        json_form = Alternate("application/json", "JSON", "/api/v1/alignments")
        page = renderer.page(request, "compare", (json_form,))
        both = bool(first.standard and second.standard and first.standard != second.standard)
        view = AlignView(
            a=_end(first),
            b=_end(second),
            rulings=_rulings(alignment) if alignment else (),
            predicate=alignment.predicate if alignment else "closeMatch",
            predicates=PREDICATES,
            is_settled=alignment is not None and alignment.link.status.is_decided,
            is_changed=alignment is not None and alignment.changed,
            is_open=takes_writing(services),
            compare=page.url("/compare", a=first.standard, b=second.standard) if both else "",
        )
        return renderer.render("align.html", page, view)

    @router.post("/align")
    def settle(
        request: Request,
        a: Annotated[str, Form(max_length=2000)],
        b: Annotated[str, Form(max_length=2000)],
        decision: Annotated[Ruling, Form()],
        key: Annotated[str, Form(max_length=1000)] = "",
        by: Annotated[str, Form(max_length=200)] = "",
        predicate: Annotated[str, Form(max_length=40)] = "",
        comment: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        check_key(services, key)
        align(services, a, b, decision, by=by, predicate=predicate or None, comment=comment)
        return RedirectResponse(renderer.page(request).url("/align", a=a, b=b), status_code=303)

    return router


def _end(node: LinkedNode) -> AlignEnd:
    place = f"{node.standard_code} {node.standard_name}".strip()
    return AlignEnd(node.iri, node.code, node.text, node.language, place if node.iri != node.standard else "")


def _rulings(alignment: Alignment) -> tuple[RulingRow, ...]:
    link = alignment.link
    every = (*link.history, *([link.decision] if link.decision else []))
    return tuple(
        RulingRow(
            ruling="undone" if one.status is LinkStatus.OPEN else one.status.value,
            predicate=inverse(one.predicate) if alignment.is_turned else one.predicate,
            by=one.by,
            on=one.on,
            comment=one.comment,
        )
        for one in reversed(every)
    )

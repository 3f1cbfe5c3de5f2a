"""The basket: competencies that a reader collects across searches. The browser keeps their IRIs; what they
are is looked up here, so that texts are those of now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from api.indexed import indexed
from api.pages.basket_views import BasketElement, BasketView
from ontology.errors import NotFound

if TYPE_CHECKING:
    from api.pages import Page, Renderer
    from api.services import Services
    from search import Passage

__all__ = ["make_router"]

_MOST = 500


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/basket")
    def basket(request: Request) -> Response:
        frame = renderer.page(request, "curriculum")
        return renderer.render("basket.html", frame, BasketView(_MOST, frame.url("/basket/elements")))

    @router.post("/basket/elements")
    def elements(
        request: Request, iris: Annotated[list[str], Body(embed=True, max_length=_MOST)]
    ) -> dict[str, Any]:
        """The elements with these IRIs in their order, each once; those that are not loaded stand apart."""
        frame = renderer.page(request)
        index = services.index.current()
        found: list[BasketElement] = []
        missing: list[str] = []
        with indexed(services):
            for iri in dict.fromkeys(iris):
                try:
                    found.append(_element(frame, index.elements.passage(iri)))
                except NotFound:
                    missing.append(iri)
        return {"elements": [asdict(one) for one in found], "missing": missing}

    return router


def _element(page: Page, passage: Passage) -> BasketElement:
    return BasketElement(
        passage.iri,
        passage.code,
        passage.kind,
        passage.text,
        passage.lang,
        passage.standard,
        passage.standard_name,
        page.local(passage.iri),
    )

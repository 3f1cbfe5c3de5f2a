"""The list of standards, and the short addresses of standards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.pages import Alternate
from api.pages.views import (
    Choice,
    StandardsView,
)
from api.routers.standard_rows import standard_rows
from ontology.model import Kind
from ontology.vocabulary import framework_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.pages import Page, Renderer
    from api.services import Services
    from graph import StandardSummary

__all__ = ["make_router"]

_ROWS = 200


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/standards")
    def standards(request: Request, q: str = "", framework: str = "", page: int = 1) -> Response:
        json_form = Alternate("application/json", "JSON", "/api/v1/standards")
        frame = renderer.page(request, "browse", (json_form,))
        view = _list(services.standards(), frame, q.strip(), framework.strip(), page)
        return renderer.render("standards.html", frame, view)

    @router.get("/standards/{key}")
    def standard(request: Request, key: str) -> Response:
        found, _ = services.standard(key)
        return RedirectResponse(renderer.page(request).local(found.iri), status_code=303)

    return router


def _list(
    standards: Sequence[StandardSummary], page: Page, query: str, framework: str, number: int
) -> StandardsView:
    """A page of the standards whose code or name holds ``query``."""
    folded = query.casefold()
    found = [
        one
        for one in standards
        if (not framework or one.framework == framework)
        and (folded in one.code.casefold() or folded in one.name.casefold())
    ]
    frameworks = sorted({one.framework for one in standards})
    last_page = max(1, -(-len(found) // _ROWS))
    number = min(max(number, 1), last_page)
    start = (number - 1) * _ROWS
    rows = standard_rows(found[start : start + _ROWS], standards)
    return StandardsView(
        rows,
        len(found),
        tuple(kind.value for kind in Kind if any(row.counts[kind.value] for row in rows)),
        query=query,
        framework=framework,
        frameworks=tuple(
            Choice(one, framework_name(one, page.language), one == framework)
            for one in frameworks
            if len(frameworks) > 1
        ),
        first=start + 1,
        last=start + len(rows),
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if number < last_page else None,
    )

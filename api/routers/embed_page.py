"""A search box for other sites: the HTML to copy, and the small page that may stand in a frame there."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request

from api.headers import FRAMED_POLICY
from api.pages.embed_views import EmbedSearchView, EmbedView
from api.pages.messages import translate
from api.pages.problem_views import problem_view
from api.pages.views import Choice
from api.routers.hit_views import hit_view
from ontology.errors import CompetencyError, Unavailable
from ontology.vocabulary import framework_name
from search import QUERY_LIMIT, Filters

if TYPE_CHECKING:
    from starlette.responses import Response

    from api.pages import Page, Renderer
    from api.services import Services

__all__ = ["make_router"]

_HITS = 5
_FRAME_HEIGHT = 480


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/embed")
    def embed(request: Request, framework: str = "", standard: str = "") -> Response:
        page = renderer.page(request, "embed")
        problem = None
        kept: tuple[tuple[str, str], ...] = ()
        try:
            kept = _kept(services, framework, standard)
        except CompetencyError as error:
            problem = problem_view(page.language, error)
        frameworks = sorted({one.framework for one in services.standards()})
        fields = (*kept, ("hl", page.language))
        address = f"{page.origin}/embed/search?{urlencode(fields)}"
        view = EmbedView(
            form=_form(page, fields),
            frame=(
                f'<iframe src="{escape(address)}" title="{escape(translate(page.language, "embed_label"))}"\n'
                f'  width="100%" height="{_FRAME_HEIGHT}" loading="lazy"></iframe>'
            ),
            address=address,
            standard=standard.strip(),
            frameworks=tuple(
                Choice(one, framework_name(one, page.language), one == framework)
                for one in frameworks
                if len(frameworks) > 1
            ),
            query_limit=QUERY_LIMIT,
            kept=kept,
            problem=problem,
        )
        return renderer.render("embed.html", page, view, status=404 if problem else 200)

    @router.get("/embed/search")
    def box(request: Request, q: str = "", framework: str = "", standard: str = "") -> Response:
        page = renderer.page(request, "embed")
        view = _found(services, page, q.strip(), framework, standard)
        response = renderer.render("embed_search.html", page, view, status=400 if view.problem else 200)
        response.headers["Content-Security-Policy"] = FRAMED_POLICY
        return response

    return router


def _kept(services: Services, framework: str, standard: str) -> tuple[tuple[str, str], ...]:
    """The filters that are set, as fields of the search page. Raises ``NotFound`` for a standard that is not
    loaded."""
    found = services.standard_keys([standard.strip()] if standard.strip() else ())
    return (
        *([("framework", framework.strip())] if framework.strip() else []),
        *(("standard", one) for one in found),
    )


def _form(page: Page, fields: tuple[tuple[str, str], ...]) -> str:
    """A plain form that opens the search page in a new tab; it needs no script and no style of ours."""
    hidden = "\n".join(
        f'  <input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields
    )
    return (
        f'<form action="{escape(page.origin)}/" method="get" target="_blank">\n'
        f"  <label>{escape(translate(page.language, 'embed_label'))}\n"
        f'    <input type="search" name="q" maxlength="{QUERY_LIMIT}" required></label>\n'
        f"{hidden}\n"
        f"  <button>{escape(translate(page.language, 'search_button'))}</button>\n"
        "</form>"
    )


def _found(services: Services, page: Page, query: str, framework: str, standard: str) -> EmbedSearchView:
    try:
        kept = _kept(services, framework, standard)
        if not query:
            return EmbedSearchView("", QUERY_LIMIT, kept)
        fields = dict(kept)
        filters = Filters(
            standards=tuple(filter(None, [fields.get("standard")])),
            frameworks=tuple(filter(None, [fields.get("framework")])),
        )
        result = services.index.current().search(query, limit=_HITS, filters=filters)
    except Unavailable:
        raise
    except CompetencyError as error:
        return EmbedSearchView(query, QUERY_LIMIT, (), problem=problem_view(page.language, error))
    return EmbedSearchView(
        query,
        QUERY_LIMIT,
        kept,
        hits=tuple(hit_view(page, hit, all_versions=False) for hit in result.hits),
        all_hits="/?" + urlencode([("q", query), *kept, ("hl", page.language)]),
    )

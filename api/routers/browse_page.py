"""The pages for browsing: all trees, and each place in them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.browsing import FACETS, UNCLASSIFIED
from api.pages import Alternate
from api.pages.browse_views import BranchView, BrowseHomeView, BrowseView
from api.pages.views import Choice
from api.routers.browse_parts import Narrowed, browse_address, concept_iri, place_link, search_filters
from api.routers.standard_rows import standard_rows
from ontology.errors import NotFound
from ontology.vocabulary import framework_name
from search.classes import CLASS_FACETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.browsing import BrowseTree, Place
    from api.pages import Page, Renderer
    from api.services import Services

__all__ = ["make_router"]

_ROWS = 50
_TOPS = 12


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/browse")
    def home(request: Request) -> Response:
        page = renderer.page(request, "browse")
        return renderer.render("browse.html", page, _home(services.browsing.get(), page))

    @router.get("/browse/{facet}")
    def top(request: Request, facet: str, framework: str = "", level: str = "") -> Response:
        return answer(request, facet, "", Narrowed(framework.strip(), _number(level)))

    @router.get("/browse/{facet}/{value:path}")
    def place(request: Request, facet: str, value: str, framework: str = "", level: str = "") -> Response:
        return answer(request, facet, value, Narrowed(framework.strip(), _number(level)))

    def answer(request: Request, facet: str, value: str, narrowed: Narrowed) -> Response:
        if facet not in FACETS:
            raise NotFound(facet, f"there is no tree {facet!r}; there are {', '.join(FACETS)}")
        tree = services.browsing.get()
        place = tree.place(facet, value)
        data = urlencode({**({"place": place.value} if place.value else {}), **narrowed.parameters})
        address = f"/api/v1/browse/{facet}" + (f"?{data}" if data else "")
        page = renderer.page(request, "browse", (Alternate("application/json", "JSON", address),))
        wanted = _number(request.query_params.get("page", "")) or 1
        iri = concept_iri(place, services.identifiers)
        return renderer.render("browse_place.html", page, _view(tree, page, place, narrowed, wanted, iri))

    return router


def _home(tree: BrowseTree, page: Page) -> BrowseHomeView:
    every = tree.within()
    branches = []
    for top in tree.tops():
        shown = tree.below(top)
        # one code list alone is no choice
        if len([one for one in shown if one.value != UNCLASSIFIED]) == 1 and top.facet != "framework":
            shown = tree.below(shown[0])
        links = tuple(place_link(page, one, every, Narrowed()) for one in shown if one.value != UNCLASSIFIED)
        if links:
            href = page.url(f"/browse/{top.facet}")
            branches.append(BranchView(top.facet, href, links[:_TOPS], max(0, len(links) - _TOPS)))
    return BrowseHomeView(len(tree.standards), tuple(branches))


def _view(
    tree: BrowseTree, page: Page, place: Place, narrowed: Narrowed, number: int, iri: str
) -> BrowseView:
    kept = narrowed.kept(tree)
    here = place.standards & kept
    last_page = max(1, -(-len(here) // _ROWS))
    number = min(max(number, 1), last_page)
    start = (number - 1) * _ROWS
    shown = sorted(here)[start : start + _ROWS]
    filters = search_filters(tree, place, narrowed)
    is_wider = bool(place.value) and place.facet in CLASS_FACETS and place.facet not in (filters or {})
    path = browse_address(place.facet, place.value)
    at = {"page": str(number)} if number > 1 else {}
    return BrowseView(
        facet=place.facet,
        path=tuple(place_link(page, one, kept, narrowed) for one in tree.path(place)[:-1]),
        here=place_link(page, place, kept, narrowed),
        below=tuple(place_link(page, one, kept, narrowed) for one in tree.below(place)),
        standards=standard_rows((tree.standards[one] for one in shown), tree.standards),
        total=len(here),
        action=path,
        entity_iri=iri,
        frameworks=_frameworks(tree, place.standards, page, narrowed) if place.facet != "framework" else (),
        levels=_levels(tree, place.standards, narrowed) if place.facet != "level" else (),
        filtered=bool(narrowed.parameters),
        searched_by=framework_name(filters["framework"], page.language) if is_wider and filters else "",
        kept=None if filters is None else tuple(filters.items()),
        first=start + 1,
        last=start + len(shown),
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if number < last_page else None,
        permalink=f"{path}?{urlencode({**narrowed.parameters, **at, 'hl': page.language})}",
    )


def _frameworks(
    tree: BrowseTree, numbers: Iterable[int], page: Page, narrowed: Narrowed
) -> tuple[Choice, ...]:
    """The frameworks at a place; none where there is nothing to choose."""
    found = {tree.standards[number].framework for number in numbers}
    if len(found) < 2 and not narrowed.framework:
        return ()
    names = sorted(found | ({narrowed.framework} if narrowed.framework else set()))
    return tuple(Choice(one, framework_name(one, page.language), one == narrowed.framework) for one in names)


def _levels(tree: BrowseTree, numbers: Iterable[int], narrowed: Narrowed) -> tuple[Choice, ...]:
    found = {tree.standards[number].level for number in numbers} | {narrowed.level}
    levels = sorted(one for one in found if one is not None)
    if len(levels) < 2 and narrowed.level is None:
        return ()
    return tuple(Choice(str(one), str(one), one == narrowed.level) for one in levels)


def _number(typed: str) -> int | None:
    text = typed.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None

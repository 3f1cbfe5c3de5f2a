"""The search page: its hits under filters, and the first page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages import Alternate
from api.pages.hits import GroupView
from api.pages.messages import translate
from api.pages.problem_views import problem_view
from api.pages.search_views import LoadedFramework, SearchView
from api.pages.views import Download, Example
from api.routers.hit_views import hit_view
from api.routers.page_filters import Chosen, choices, facet_views, filter_links
from ontology.errors import CompetencyError, Unavailable
from ontology.vocabulary import framework_name
from search import QUERY_LIMIT, SEARCH_KINDS
from search.facets import FACET_DEPTH, FACET_VALUES

if TYPE_CHECKING:
    from api.pages import Page, Renderer
    from api.services import Services
    from search import Group, SearchResult

__all__ = ["make_router"]

_PAGE_SIZE = 10
_MOST_PAGES = 50
_GROUP_HITS = 3
_EXAMPLES = (
    Example("which competencies cover conflict handling", "en"),
    Example("如何處理同事吵架", "zh-Hant"),
    Example("コンフリクト対応", "ja"),
    Example("xử lý xung đột", "vi"),
    Example("Umgang mit Konflikten", "de"),
)


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def search(
        request: Request,
        q: str = "",
        kind: Annotated[list[str] | None, Query()] = None,
        standard: str = "",
        framework: str = "",
        versions: str = "",
        fold: str = "",
        group: str = "",
        level: str = "",
        level_min: str = "",
        level_max: str = "",
        category: str = "",
        occupation: str = "",
        industry: str = "",
        page: int = 1,
    ) -> Response:
        kinds = tuple(one for one in kind or () if one in SEARCH_KINDS)
        links = {"category": category, "occupation": occupation, "industry": industry}
        links = {name: value.strip() for name, value in links.items() if value.strip()}
        chosen = Chosen(
            kinds,
            standard.strip(),
            framework.strip(),
            all_versions=versions == "all",
            fold=fold != "false",
            grouped=group == "standard",
            level_min=_number(level_min, level),
            level_max=_number(level_max, level),
            links=links,
        )
        frame = renderer.page(request, "search", _alternates(q.strip(), chosen, page))
        view = _search(services, frame, q.strip(), chosen, page)
        return renderer.render("search.html", frame, view, status=400 if view.error else 200)

    return router


def _search(services: Services, page: Page, query: str, chosen: Chosen, number: int) -> SearchView:
    if not query:
        return _home(services, page.language)
    number = min(max(number, 1), _MOST_PAGES)
    offset = (number - 1) * _PAGE_SIZE
    index = services.index.current()
    try:
        result = index.search(
            query,
            limit=_PAGE_SIZE,
            offset=offset,
            filters=chosen.filters(services),
            all_versions=chosen.all_versions,
            facets=True,
            fold=chosen.fold,
            group_hits=_GROUP_HITS if chosen.grouped else 0,
        )
    except Unavailable:
        raise
    except CompetencyError as error:
        offered = choices(services, index, chosen, {}, page.language)
        filters, plain = filter_links(page, chosen, {})
        problem = problem_view(page.language, error)
        return SearchView(
            query,
            QUERY_LIMIT,
            error=problem,
            filters=filters,
            without_filters=plain,
            **offered,
        )
    fitting, more_fit = _fitting(chosen, result)
    in_older = 0
    if not result.total and index.has_older_versions and not chosen.all_versions:
        older = index.search(
            query, limit=1, filters=chosen.filters(services), all_versions=True, fold=chosen.fold
        )
        in_older = older.total
    groups = tuple(_group(page, one, all_versions=chosen.all_versions) for one in result.groups)
    hits = tuple(hit_view(page, hit, all_versions=chosen.all_versions) for hit in result.hits)
    hits += tuple(hit for one in groups for hit in one.hits)
    total = result.group_total if chosen.grouped else result.total
    last = offset + len(groups if chosen.grouped else hits)
    offered = choices(services, index, chosen, result.facets, page.language)
    filters, plain = filter_links(page, chosen, result.facets)
    return SearchView(
        query,
        QUERY_LIMIT,
        fitting=fitting,
        more_fit=more_fit,
        in_older=in_older,
        older_href=page.here(versions="all", page=None),
        hits=hits,
        facets=facet_views(page, chosen, result.facets, standards_listed=bool(offered["standards"])),
        filters=filters,
        without_filters=plain,
        downloads=_downloads(query, chosen) if hits else (),
        permalink=_permalink(page, query, chosen, number),
        groups=groups,
        total=total,
        first=offset + 1,
        last=last,
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if last < total and number < _MOST_PAGES else None,
        took_ms=round(result.took_ms),
        notes=_notes(page, query, result),
        **offered,
    )


def _home(services: Services, language: str) -> SearchView:
    """The first page, with what is loaded: the frameworks with the most standards first."""
    standards = services.standards()
    counted = Counter(one.framework for one in standards)
    return SearchView(
        "",
        QUERY_LIMIT,
        examples=_EXAMPLES,
        loaded=tuple(
            LoadedFramework(key, framework_name(key, language), count) for key, count in counted.most_common()
        ),
        elements=sum(sum(one.counts.values()) for one in standards),
    )


def _fitting(chosen: Chosen, result: SearchResult) -> tuple[int, bool]:
    """How many hits are not weak, or where they are grouped, in how many standards they stand; and whether
    that is only how far was counted."""
    if chosen.grouped:
        standards = [one.value for one in result.facets["standard"]]
        if chosen.standard:
            standards = [one for one in standards if one == chosen.standard]
        return len(standards), len(standards) >= FACET_VALUES
    kinds = [one for one in result.facets["kind"] if not chosen.kinds or one.value in chosen.kinds]
    count = sum(one.count for one in kinds)
    return count, count >= FACET_DEPTH


def _group(page: Page, group: Group, *, all_versions: bool) -> GroupView:
    return GroupView(
        group.standard,
        group.standard_name,
        group.total,
        page.here(standard=group.standard, group=None, page=None),
        tuple(hit_view(page, hit, all_versions=all_versions) for hit in group.hits),
    )


def _alternates(query: str, chosen: Chosen, number: int) -> tuple[Alternate, ...]:
    """The same hits as data, under the same filters."""
    if not query:
        return ()
    offset = (min(max(number, 1), _MOST_PAGES) - 1) * _PAGE_SIZE
    paging = [("offset", str(offset))] if offset else []
    address = urlencode([("q", query), *chosen.parameters(), *paging])
    return (Alternate("application/json", "JSON", f"/api/v1/search?{address}"),)


def _downloads(query: str, chosen: Chosen) -> tuple[Download, ...]:
    def address(form: str) -> str:
        return "/api/v1/search/export?" + urlencode([("q", query), *chosen.parameters(), ("format", form)])

    return (Download("CSV", address("csv")), Download("Excel", address("xlsx")))


def _permalink(page: Page, query: str, chosen: Chosen, number: int) -> str:
    """The whole state of the page and nothing else: query, filters, place and language."""
    place = [("page", str(number))] if number > 1 else []
    return f"/?{urlencode([('q', query), *chosen.parameters(), *place, ('hl', page.language)])}"


def _number(*typed: str) -> int | None:
    """The first that is a number; others bound nothing."""
    found = (one.strip() for one in typed)
    return next((int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 3), None)


def _notes(page: Page, query: str, result: SearchResult) -> tuple[str, ...]:
    notes = []
    if result.interpreted and result.interpreted != query:
        notes.append(translate(page.language, "search_read_as", text=result.interpreted))
    if result.nothing_fits:
        notes.append(translate(page.language, "search_nothing_fits"))
    return tuple(notes)

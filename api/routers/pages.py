"""The pages for people: search, the list of standards, the query page and the description of the API."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, unquote, urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.pages import Alternate
from api.pages.hits import GroupView
from api.pages.messages import translate
from api.pages.problem_views import problem_view
from api.pages.search_views import LoadedFramework, SearchView
from api.pages.views import (
    ApiView,
    Choice,
    Download,
    Example,
    Operation,
    Parameter,
    StandardsView,
)
from api.routers.hit_views import hit_view
from api.routers.page_filters import Chosen, choices, facet_views, filter_links
from api.routers.standard_rows import standard_row
from ontology.errors import CompetencyError, Unavailable
from ontology.model import Kind
from ontology.vocabulary import framework_name
from search import QUERY_LIMIT, SEARCH_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fastapi import FastAPI

    from api.pages import Page, Renderer
    from api.services import Services
    from graph import StandardSummary
    from search import Group, SearchResult

__all__ = ["make_router"]

_PAGE_SIZE = 10
_MOST_PAGES = 50
_GROUP_HITS = 3
_ROWS = 200
_EXAMPLES = (
    Example("which competencies cover conflict handling", "en"),
    Example("如何處理同事吵架", "zh-Hant"),
    Example("コンフリクト対応", "ja"),
    Example("xử lý xung đột", "vi"),
    Example("Umgang mit Konflikten", "de"),
    Example("P4.1.3"),
)


def make_router(services: Services, renderer: Renderer, app: FastAPI) -> APIRouter:
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

    @router.get("/api")
    def api(request: Request) -> Response:
        openapi = Alternate("application/vnd.oai.openapi+json", "OpenAPI", "/openapi.json")
        frame = renderer.page(request, "query", (openapi,))
        loaded = {one.code for one in services.standards()}
        return renderer.render("api.html", frame, ApiView(tuple(_operations(app.openapi(), loaded))))

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
    rows = tuple(standard_row(one) for one in found[start : start + _ROWS])
    return StandardsView(
        rows,
        len(found),
        tuple(kind.value for kind in Kind if any(row.counts[kind.value] for row in rows)),
        query=query,
        framework=framework,
        frameworks=tuple(Choice(one, one, one == framework) for one in frameworks if len(frameworks) > 1),
        first=start + 1,
        last=start + len(rows),
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if number < last_page else None,
    )


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
            query, QUERY_LIMIT, error=problem, filters=filters, without_filters=plain, **offered
        )
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


def _example(parameter: dict[str, Any]) -> str | None:
    """The first example value of a parameter in an OpenAPI document; of several values the first."""
    named = list(parameter.get("examples", {}).values())
    if named:
        value = named[0]["value"]
        return str(value[0] if isinstance(value, list) else value)
    listed = parameter.get("schema", {}).get("examples", [])
    return str(listed[0]) if listed else None


def _operations(document: dict[str, Any], loaded: Collection[str]) -> list[Operation]:
    """The routes of an OpenAPI document, with one address to try where a GET has example values, if the
    standard that it names is among the ``loaded`` codes."""
    operations = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            parameters = operation.get("parameters", [])
            examples = {
                one["name"]: quote(value) for one in parameters if (value := _example(one)) is not None
            }
            address = path
            for one in parameters:
                if one["in"] == "path" and one["name"] in examples:
                    address = address.replace(f"{{{one['name']}}}", examples[one["name"]])
            queried = [one for one in parameters if one["in"] == "query"]
            # an element can be named in several ways, of which its IRI always tells it
            asked = [one for one in queried if one.get("required") or one["name"] == "iri"]
            if asked and all(one["name"] in examples for one in asked):
                address += "?" + "&".join(f"{one['name']}={examples[one['name']]}" for one in asked)
            is_there = "{code}" not in path or unquote(examples.get("code", "")) in loaded
            # what takes a key cannot be tried by following a link
            is_open = not operation.get("security")
            is_shown = method == "get" and is_open and "{" not in address and is_there
            operations.append(
                Operation(
                    id=operation["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=operation.get("summary", ""),
                    parameters=tuple(
                        Parameter(one["name"], one.get("description", ""), one.get("required", False))
                        for one in parameters
                    ),
                    example=address if is_shown else None,
                )
            )
    return operations

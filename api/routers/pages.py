"""The pages for people: search, the list of standards, the query page and the description of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.pages import Alternate
from api.pages.messages import translate
from api.pages.views import (
    ApiView,
    Choice,
    Example,
    FacetLink,
    FacetView,
    Operation,
    Parameter,
    SearchView,
    StandardRow,
    StandardsView,
)
from api.routers.hit_views import hit_view
from ontology.errors import CompetencyError, Unavailable
from ontology.model import Kind
from search import QUERY_LIMIT, SEARCH_KINDS, Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI

    from api.pages import Page, Renderer
    from api.services import Services
    from graph import StandardSummary
    from search import SearchIndex, SearchResult

__all__ = ["make_router"]

_PAGE_SIZE = 10
_MOST_PAGES = 50
_MOST_CHOICES = 60
"""Up to so many standards are listed to choose from; beyond it a code is typed."""
_ROWS = 200
_LINKED_FACETS = ("level", "standard", "category", "occupation", "industry")
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
        level: str = "",
        category: str = "",
        occupation: str = "",
        industry: str = "",
        page: int = 1,
    ) -> Response:
        frame = renderer.page(request, "search", _search_alternates(request, q))
        kinds = tuple(one for one in kind or () if one in SEARCH_KINDS)
        links = {"level": level, "category": category, "occupation": occupation, "industry": industry}
        links = {name: value.strip() for name, value in links.items() if value.strip()}
        chosen = _Chosen(
            kinds, standard.strip(), framework.strip(), versions == "all", fold != "false", links
        )
        view = _search(services, frame, q.strip(), chosen, page)
        return renderer.render("search.html", frame, view, status=400 if view.error else 200)

    @router.get("/standards")
    def standards(request: Request, q: str = "", framework: str = "", page: int = 1) -> Response:
        json_form = Alternate("application/json", "JSON", "/api/v1/standards")
        frame = renderer.page(request, "standards", (json_form,))
        view = _list(services.standards(), frame, q.strip(), framework.strip(), page)
        return renderer.render("standards.html", frame, view)

    @router.get("/standards/{key}")
    def standard(request: Request, key: str) -> Response:
        found, _ = services.standard(key)
        return RedirectResponse(renderer.page(request).local(found.iri), status_code=303)

    @router.get("/api")
    def api(request: Request) -> Response:
        openapi = Alternate("application/vnd.oai.openapi+json", "OpenAPI", "/openapi.json")
        frame = renderer.page(request, "api", (openapi,))
        return renderer.render("api.html", frame, ApiView(tuple(_operations(app.openapi()))))

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
    rows = tuple(
        StandardRow(
            one.iri,
            one.code,
            one.name,
            one.language,
            one.framework,
            one.level,
            one.status,
            {kind.value: one.counts.get(kind, 0) for kind in Kind},
        )
        for one in found[start : start + _ROWS]
    )
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


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The filters of the search page; a kind that does not exist has been left out."""

    kinds: tuple[str, ...]
    standard: str
    framework: str
    all_versions: bool
    fold: bool
    links: dict[str, str]

    def of(self, name: str) -> str:
        """What is chosen in a facet that the page shows as links."""
        return self.standard if name == "standard" else self.links.get(name, "")

    def filters(self, services: Services) -> Filters:
        """Raises ``NotFound`` for a standard that is not loaded."""
        level = self.links.get("level", "")
        number = int(level) if level.isascii() and level.isdigit() else None
        return Filters(
            standards=services.standard_keys([self.standard] if self.standard else ()),
            kinds=self.kinds,
            frameworks=(self.framework,) if self.framework else (),
            level_min=number,
            level_max=number,
            categories=tuple(filter(None, [self.of("category")])),
            occupations=tuple(filter(None, [self.of("occupation")])),
            industries=tuple(filter(None, [self.of("industry")])),
        )


def _facets(page: Page, chosen: _Chosen, result: SearchResult) -> tuple[FacetView, ...]:
    """The facets as links: each adds its value to the address, or takes it away where it is chosen."""
    views = []
    for name in _LINKED_FACETS:
        links = []
        for one in result.facets.get(name, ()):
            on = one.value.casefold() == chosen.of(name).casefold()
            href = page.here(**{name: None if on else one.value, "page": None})
            code = one.value.rpartition(":")[2]
            label = one.label if one.label == code else f"{code} {one.label}"
            links.append(FacetLink(label, one.count, href, on))
        if len(links) > 1 or any(link.chosen for link in links):
            views.append(FacetView(name, tuple(links), is_open=bool(chosen.of(name))))
    return tuple(views)


def _choices(services: Services, index: SearchIndex, chosen: _Chosen) -> dict[str, Any]:
    standards = services.standards()
    listed = standards if len(standards) <= _MOST_CHOICES else ()
    frameworks = sorted({one.framework for one in standards})
    return {
        "kinds": tuple(Choice(kind, kind, kind in chosen.kinds) for kind in index.kinds),
        "standards": tuple(Choice(one.code, one.name, one.code == chosen.standard) for one in listed),
        "standard": chosen.standard,
        "frameworks": tuple(
            Choice(one, one, one == chosen.framework) for one in frameworks if len(frameworks) > 1
        ),
        "older": Choice("all", "all", chosen.all_versions) if index.has_older_versions else None,
        "apart": Choice("false", "false", not chosen.fold),
        "filtered": bool(chosen.kinds or chosen.standard or chosen.framework or chosen.all_versions)
        or bool(chosen.links or not chosen.fold),
        "kept": tuple(chosen.links.items()),
    }


def _search_alternates(request: Request, query: str) -> tuple[Alternate, ...]:
    if not query.strip():
        return ()
    address = request.url_for("search").include_query_params(q=query)
    return (Alternate("application/json", "JSON", f"{address.path}?{address.query}"),)


def _search(services: Services, page: Page, query: str, chosen: _Chosen, number: int) -> SearchView:
    if not query:
        return SearchView("", QUERY_LIMIT, examples=_EXAMPLES)
    number = min(max(number, 1), _MOST_PAGES)
    offset = (number - 1) * _PAGE_SIZE
    index = services.index.current()
    choices = _choices(services, index, chosen)
    try:
        result = index.search(
            query,
            limit=_PAGE_SIZE,
            offset=offset,
            filters=chosen.filters(services),
            all_versions=chosen.all_versions,
            facets=True,
            fold=chosen.fold,
        )
    except Unavailable:
        raise
    except CompetencyError as error:
        return SearchView(query, QUERY_LIMIT, error=str(error), **choices)
    hits = tuple(hit_view(page, hit, all_versions=chosen.all_versions) for hit in result.hits)
    last = offset + len(hits)
    return SearchView(
        query,
        QUERY_LIMIT,
        hits=hits,
        facets=_facets(page, chosen, result),
        total=result.total,
        first=offset + 1,
        last=last,
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if last < result.total and number < _MOST_PAGES else None,
        took_ms=round(result.took_ms),
        notes=_notes(page, query, result),
        **choices,
    )


def _notes(page: Page, query: str, result: SearchResult) -> tuple[str, ...]:
    notes = []
    if result.interpreted and result.interpreted != query:
        notes.append(translate(page.language, "search_read_as", text=result.interpreted))
    if result.nothing_fits:
        notes.append(translate(page.language, "search_nothing_fits"))
    return tuple(notes)


def _example(parameter: dict[str, Any]) -> str | None:
    """The first example value of a parameter in an OpenAPI document."""
    named = list(parameter.get("examples", {}).values())
    if named:
        return str(named[0]["value"])
    listed = parameter.get("schema", {}).get("examples", [])
    return str(listed[0]) if listed else None


def _operations(document: dict[str, Any]) -> list[Operation]:
    """The routes of an OpenAPI document, with one address to try where a GET has example values."""
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
            asked = [one for one in parameters if one["in"] == "query" and one.get("required")]
            if asked and all(one["name"] in examples for one in asked):
                address += "?" + "&".join(f"{one['name']}={examples[one['name']]}" for one in asked)
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
                    example=address if method == "get" and "{" not in address else None,
                )
            )
    return operations

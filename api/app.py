"""The web application as a function of its services."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.failures import Failures, install_failure_handlers
from api.headers import SecurityHeaders
from api.importing import ImportDesk
from api.limits import BodyLimit
from api.pages import Renderer
from api.pages.assets import AssetFiles
from api.routers import (
    align_page,
    alignments,
    api_page,
    basket,
    browse,
    browse_page,
    case,
    change_pages,
    changes,
    compare,
    compare_many,
    compare_pages,
    curriculum,
    cypher,
    descriptions,
    drafts,
    embed_page,
    embedding,
    entities,
    explore_page,
    exports,
    health,
    import_page,
    imports,
    links,
    map_data,
    map_page,
    match,
    match_page,
    neighbours,
    outlines,
    pages,
    places,
    query,
    schema_page,
    search,
    search_export,
    search_page,
    similar,
    similar_pages,
    sitemap,
    sparql,
    standards,
    suggest,
    survey_pages,
    validation,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.services import Services

__all__ = ["create_app"]

UPLOADS = (
    "/api/v1/validate",
    "/api/v1/match",
    "/match",
    "/api/v1/outlines/coverage",
    "/api/v1/outlines/export",
    "/api/v1/outlines/import",
    "/curriculum",
    "/curriculum/export",
    "/curriculum/import",
    "/api/v1/imports",
    "/import",
)
"""The paths that take documents, which may be larger than other bodies."""

_DESCRIPTION = """\
Occupational competency standards as a graph: search by meaning in any language, SPARQL, Cypher, and linked
data under `/id/…`. Every error is a problem details object (RFC 9457, `application/problem+json`).
"""


def create_app(services: Services) -> FastAPI:
    """A web application over ``services``, which it closes when it stops."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()
        services.close()

    desk = ImportDesk(services)
    release = version("competency-graph")
    app = FastAPI(
        title="Competency Graph",
        version=release,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    renderer = Renderer(services.identifiers, services.examples.get)
    for router in (
        search.make_router(services),
        search_export.make_router(services),
        places.make_router(services),
        suggest.make_router(services),
        embedding.make_router(services),
        similar.make_router(services),
        neighbours.make_router(services),
        standards.make_router(services),
        browse.make_router(services),
        map_data.make_router(services),
        compare.make_router(services),
        compare_many.make_router(services),
        changes.make_router(services),
        match.make_router(services),
        validation.make_router(services),
        links.make_router(services),
        imports.make_router(services, desk),
        alignments.make_router(services),
        exports.make_router(services),
        outlines.make_router(services),
        sparql.make_router(services),
        descriptions.make_router(services),
        cypher.make_router(services),
        case.make_router(services),
        health.make_router(services),
        drafts.make_router(services, renderer),
        curriculum.make_router(services, renderer),
        basket.make_router(services, renderer),
        sitemap.make_router(services),
        entities.make_router(services, renderer),
        search_page.make_router(services, renderer),
        pages.make_router(services, renderer),
        api_page.make_router(services, renderer, app),
        browse_page.make_router(services, renderer),
        map_page.make_router(services, renderer),
        similar_pages.make_router(services, renderer),
        explore_page.make_router(services, renderer),
        compare_pages.make_router(services, renderer),
        survey_pages.make_router(services, renderer),
        align_page.make_router(services, renderer),
        change_pages.make_router(services, renderer),
        match_page.make_router(services, renderer),
        embed_page.make_router(services, renderer),
        import_page.make_router(services, renderer, desk),
        query.make_router(services, renderer),
        schema_page.make_router(services, renderer),
    ):
        app.include_router(router)
    app.mount("/static", AssetFiles(), name="static")
    failures = Failures(renderer)
    install_failure_handlers(app, failures)
    kib = 1024
    upload = services.settings.max_upload_kb * kib
    app.add_middleware(
        BodyLimit,
        limit=services.settings.max_body_kb * kib,
        refused=failures.too_large,
        uploads=dict.fromkeys(UPLOADS, upload),
    )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    return app

"""Every failure of the web service has one shape: problem details for machines, a page for people."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.headers import HEADERS
from api.pages.problem_views import parameters_problem, problem_view, status_problem, too_large_problem
from api.pages.views import ErrorView
from api.problems import PROBLEM_JSON, problem, problem_of
from api.routers.case import CASE_PATH, status_info
from ontology.errors import CompetencyError, NotAuthorised, Overloaded, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from starlette.requests import Request

    from api.pages import Renderer
    from api.pages.problem_views import ProblemView

__all__ = ["Failures", "install_failure_handlers"]

_LOG = logging.getLogger(__name__)
_DATA_PATHS = ("/api/", "/ims/", "/sparql", "/openapi.json", "/health", "/static/")


class Failures:
    """Makes the answers to failures: pages for browsers, problem details for everybody else."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def answer(
        self,
        request: Request,
        body: dict[str, Any],
        told: Callable[[str], ProblemView],
        headers: dict[str, str] | None = None,
    ) -> Response:
        """``told`` is given the language of the page."""
        status = body["status"]
        if request.url.path.startswith(CASE_PATH):
            body = {**body, **status_info(body)}
        if request.url.path.startswith(_DATA_PATHS) or not _wants_page(request):
            return JSONResponse(body, status_code=status, media_type=PROBLEM_JSON, headers=headers)
        page = self._renderer.page(request)
        retry_after = int((headers or {}).get("Retry-After", 0)) if request.method == "GET" else 0
        view = ErrorView(told(page.language), retry_after)
        response = self._renderer.render("error.html", page, view, status=status)
        response.headers.update(headers or {})
        return response

    def too_large(self, request: Request, limit: int) -> Response:
        """What is sent has more than ``limit`` bytes."""
        detail = f"a request body may have {limit // 1024} KiB at most"
        body = problem(413, "too-large", "The request is too large", detail, instance=request.url.path)
        return self.answer(
            request, body, lambda language: too_large_problem(language, limit), {"Connection": "close"}
        )


def install_failure_handlers(app: FastAPI, failures: Failures) -> None:
    """Answers our own errors, wrong parameters, unknown addresses and unexpected failures alike."""
    answer = failures.answer

    @app.exception_handler(CompetencyError)
    async def _ours(request: Request, error: CompetencyError) -> Response:
        headers = {}
        if isinstance(error, Unavailable):
            headers["Retry-After"] = str(error.retry_after if isinstance(error, Overloaded) else 5)
        if isinstance(error, NotAuthorised):
            headers["WWW-Authenticate"] = "Bearer"
        body = problem_of(error, instance=request.url.path)
        return answer(request, body, lambda language: problem_view(language, error), headers)

    @app.exception_handler(RequestValidationError)
    async def _parameters(request: Request, error: RequestValidationError) -> Response:
        broken = [
            {"in": str(one["loc"][0]), "name": ".".join(map(str, one["loc"][1:])), "reason": one["msg"]}
            for one in error.errors()
        ]
        detail = "; ".join(f"{one['in']} {one['name']}: {one['reason']}" for one in broken)
        body = problem(422, "parameters", "A parameter is wrong", detail, instance=request.url.path)
        body["parameters"] = broken
        names = [one["name"] for one in broken]
        return answer(request, body, lambda language: parameters_problem(language, names, detail))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        title = {404: "Nothing at this address", 405: "This method is not answered here"}.get(
            error.status_code, "The request failed"
        )
        detail = str(error.detail) if error.status_code != 404 else f"there is nothing at {request.url.path}"
        body = problem(error.status_code, "http", title, detail, instance=request.url.path)
        path = request.url.path

        def told(language: str) -> ProblemView:
            return status_problem(language, error.status_code, path=path, detail=detail)

        return answer(request, body, told, dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> Response:
        _LOG.error("unexpected failure at %s", request.url.path, exc_info=error)
        body = problem(
            500,
            "internal",
            "Something went wrong here",
            "the failure was logged; the request itself may be right",
            instance=request.url.path,
        )
        path = request.url.path
        # it is answered outside of the middleware that gives the headers to all others
        return answer(request, body, lambda language: status_problem(language, 500, path=path), {**HEADERS})


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")

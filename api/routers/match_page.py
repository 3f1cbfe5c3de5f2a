"""The page on which a job description is matched. What is sent is answered, and kept nowhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api.match_export import MatchFile, export_match
from api.matching import DEFAULT_LIMIT, Matched, MatchOptions, match_text, read_document
from api.pages.match_views import MatchForm, MatchView, report_of
from api.pages.messages import translate
from api.pages.problem_views import parameters_problem, problem_view
from api.pages.views import Choice
from api.problems import edge_of
from api.routers.exports import disposition
from api.routers.match_bodies import checked, read_form
from api.routers.match_form import MatchOptionsModel, to_match_answer, to_options
from ontology.errors import CompetencyError, NotFound, Unavailable
from ontology.readers.plain_text import PLAIN_TEXT_LIMITS, PLAIN_TEXT_SUFFIXES
from search import Filters
from search.matching import DEFAULT_THRESHOLD

if TYPE_CHECKING:
    from api.pages import Page, Renderer
    from api.routers.match_bodies import MatchForm as Sent
    from api.services import Services
    from search.matching import MatchedStandard

__all__ = ["make_router"]

_PRIVATE = {"Cache-Control": "no-store"}


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/match")
    def form(request: Request, example: str = "") -> Response:
        page = renderer.page(request, "match")
        text = translate(page.language, "match_example_text") if example else ""
        return renderer.render("match.html", page, _view(services, MatchForm(text=text)))

    @router.post("/match")
    async def match(request: Request) -> Response:
        page = renderer.page(request, "match")
        sent = await read_form(request)
        response = await run_in_threadpool(lambda: _answer(services, renderer, page, sent))
        response.headers.update(_PRIVATE)
        return response

    return router


def _answer(services: Services, renderer: Renderer, page: Page, sent: Sent) -> Response:
    """The page with the report, or the report as the file that a button asked for."""
    typed = dict(sent.options)
    wanted, shown = (str(typed.pop(name, "")) for name in ("format", "show"))
    view = _view(services, _filled_in(sent))
    try:
        options = to_options(checked(MatchOptionsModel, "body", typed))
        if sent.document is not None:
            text = read_document(sent.document.data, sent.document.name)
            view = replace(view, form=replace(view.form, text=text, file=sent.document.name))
        if not view.form.text.strip():
            return renderer.render("match.html", page, replace(view, is_empty=True), status=400)
        matched = match_text(services, view.form.text, options)
        if wanted:
            return _file(matched, wanted)
        report = report_of(matched, _shown(services, matched, shown, options))
    except Unavailable:
        raise
    except RequestValidationError as error:
        faults = error.errors()
        detail = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in faults)
        told = parameters_problem(page.language, [str(one["loc"][-1]) for one in faults], detail)
        return renderer.render("match.html", page, replace(view, error=told), status=422)
    except CompetencyError as error:
        status = edge_of(error).status
        return renderer.render(
            "match.html", page, replace(view, error=problem_view(page.language, error)), status=status
        )
    return renderer.render("match.html", page, replace(view, report=report))


def _view(services: Services, form: MatchForm) -> MatchView:
    """The page with a form; its frameworks are those that are loaded."""
    chosen = {one.value for one in form.frameworks}
    loaded = sorted({one.framework for one in services.standards()})
    return MatchView(
        replace(
            form,
            frameworks=tuple(Choice(one, one, one in chosen) for one in loaded if len(loaded) > 1),
            threshold=form.threshold or f"{DEFAULT_THRESHOLD:g}",
            limit=form.limit or str(DEFAULT_LIMIT),
        ),
        most_kb=min(services.settings.max_upload_kb, PLAIN_TEXT_LIMITS.bytes // 1024),
        suffixes=",".join(PLAIN_TEXT_SUFFIXES),
    )


def _filled_in(sent: Sent) -> MatchForm:
    def typed(name: str) -> str:
        value = sent.options.get(name, "")
        return value if isinstance(value, str) else ", ".join(value)

    return MatchForm(
        # browsers send line ends as CR LF
        text=sent.text.replace("\r\n", "\n"),
        frameworks=tuple(Choice(one, one, chosen=True) for one in sent.options.get("frameworks", ())),
        title=typed("title"),
        occupations=typed("occupations"),
        standards=typed("standards"),
        threshold=typed("threshold"),
        limit=typed("limit"),
        older=typed("all_versions") == "true",
    )


def _shown(services: Services, matched: Matched, code: str, options: MatchOptions) -> MatchedStandard | None:
    """The standard that is shown in full: the one that was asked for, else the best."""
    standards = matched.result.standards
    for one in standards:
        if one.standard.code == code:
            return one
    if any(one.standard.code == code for one in matched.result.alternatives):
        alone = replace(options, filters=Filters(standards=(code,)), limit=1)
        try:
            return match_text(services, matched.text, alone).result.standards[0]
        except (NotFound, IndexError):
            pass
    return standards[0] if standards else None


def _file(matched: Matched, wanted: str) -> Response:
    if wanted not in list(MatchFile):
        answer = {**to_match_answer(matched).model_dump(), "text": matched.text}
        headers = {"Content-Disposition": disposition("match.json")}
        return JSONResponse(answer, headers=headers)
    made = export_match(matched, MatchFile(wanted))
    headers = {"Content-Disposition": disposition(made.file_name)}
    return Response(b"".join(made.chunks), media_type=made.media_type, headers=headers)

"""The page on which documents are imported. Its forms send the key of the service each time, so that no other
site can send them for somebody, and no cookie is needed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.importing.desk import MOST_FILES
from api.pages.import_views import DocumentRow, FileRow, FindingRow, ImportView
from api.pages.messages import catalogue, doubt_sentence, translate
from api.pages.problem_views import problem_view
from api.problems import edge_of
from api.routers.imports import uploads_in
from api.routers.writing import check_key, takes_writing
from ontology.errors import CompetencyError
from ontology.readers import SUFFIXES
from ontology.validation import Severity

if TYPE_CHECKING:
    from api.importing import Import, ImportDesk, ImportedFile
    from api.pages import Page, Renderer
    from api.pages.problem_views import ProblemView
    from api.services import Services
    from graph.ingest import Outcome
    from ontology.model import Place

__all__ = ["make_router"]

_PATH = "/import"


def make_router(services: Services, renderer: Renderer, desk: ImportDesk) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def shown(
        request: Request, found: Import | None = None, error: ProblemView | None = None, status: int = 200
    ) -> Response:
        page = renderer.page(request, "")
        view = ImportView(
            is_open=takes_writing(services),
            most_kb=services.settings.max_upload_kb,
            most_files=MOST_FILES,
            suffixes=",".join(SUFFIXES),
            found=found,
            files=tuple(_file(page, one) for one in found.files) if found else (),
            step=_step(page, found) if found else "",
            error=error,
        )
        return renderer.render("import.html", page, view, status=status)

    def refused(request: Request, error: CompetencyError, found: Import | None = None) -> Response:
        told = problem_view(renderer.page(request).language, error)
        return shown(request, found, told, edge_of(error).status)

    @router.get(_PATH)
    def start(request: Request) -> Response:
        return shown(request)

    @router.post(_PATH)
    async def check(request: Request) -> Response:
        async with request.form(max_files=MOST_FILES, max_fields=10) as form:
            key = form.get("key", "")
            uploads = await uploads_in(form)
        try:
            check_key(services, key if isinstance(key, str) else "")
            found = await run_in_threadpool(desk.check, uploads)
        except CompetencyError as error:
            return await run_in_threadpool(refused, request, error)
        return RedirectResponse(renderer.page(request).url(f"{_PATH}/{quote(found.id)}"), status_code=303)

    @router.get(f"{_PATH}/{{name}}")
    def state(request: Request, name: str) -> Response:
        return shown(request, desk.get(name))

    @router.get(f"{_PATH}/{{name}}/state")
    def progress(request: Request, name: str) -> Response:
        """What the script of the page asks for while an import is published."""
        found = desk.get(name)
        step = _step(renderer.page(request), found)
        body = {
            "state": found.state.value,
            "step": step,
            "done": found.progress.done,
            "total": found.progress.total,
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    @router.post(f"{_PATH}/{{name}}")
    async def settle(request: Request, name: str) -> Response:
        async with request.form(max_files=0, max_fields=MOST_FILES + 10) as form:
            key, do = form.get("key", ""), form.get("do", "")
            numbers = [int(one) for one in form.getlist("file") if isinstance(one, str) and one.isdecimal()]
        found = desk.get(name)
        page = renderer.page(request)
        try:
            check_key(services, key if isinstance(key, str) else "")
            if do == "discard":
                await run_in_threadpool(desk.drop, name)
                return RedirectResponse(page.url(_PATH), status_code=303)
            await run_in_threadpool(desk.publish, name, numbers)
        except CompetencyError as error:
            return await run_in_threadpool(refused, request, error, found)
        return RedirectResponse(page.url(f"{_PATH}/{quote(name)}"), status_code=303)

    return router


def _step(page: Page, found: Import) -> str:
    """What is being done in the words of the page; a step without words has general ones."""
    key = "import_step_" + found.progress.step.split(" ")[0].casefold()
    words = catalogue(page.language)
    return words.get(key, words["import_step_other"])


def _file(page: Page, file: ImportedFile) -> FileRow:
    return FileRow(
        file.number, file.name, file.is_right, tuple(_document(page, one) for one in file.outcomes)
    )


def _document(page: Page, outcome: Outcome) -> DocumentRow:
    checked = outcome.checked
    standard = checked.standard if checked else None
    rows: dict[Severity, list[FindingRow]] = {severity: [] for severity in Severity}
    for one in checked.findings if checked else ():
        text = one.message_zh if page.language == "zh-Hant" else one.message
        place = _place(page, checked.place(one.code)) if checked else ""
        rows[one.severity].append(FindingRow(one.code, text, place, one.value))
    counts = Counter(one.kind.value for one in standard.elements()) if standard else Counter()
    return DocumentRow(
        status=outcome.status.value,
        code=outcome.key,
        name=outcome.name,
        language=standard.language if standard else "",
        href=page.local(outcome.iri) if outcome.iri else "",
        error=problem_view(page.language, outcome.error)
        if outcome.error and not rows[Severity.VIOLATION]
        else None,
        violations=tuple(rows[Severity.VIOLATION]),
        warnings=tuple(
            one for severity in Severity if severity is not Severity.VIOLATION for one in rows[severity]
        ),
        doubts=tuple(
            FindingRow(one.where, doubt_sentence(page.language, one.kind), _place(page, one.place), one.text)
            for one in outcome.doubts
        ),
        counts=tuple((kind, count) for kind, count in counts.items() if count)
        or tuple(outcome.counts.items()),
    )


def _place(page: Page, place: Place | None) -> str:
    if place is not None and place.page:
        return translate(page.language, "page", page=place.page)
    if place is not None and place.line:
        return translate(page.language, "line", line=place.line)
    return ""

"""The page of a course outline. It keeps it in its address, or in its form where that is too long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.outline_editing import Edit, added, edited
from api.outline_state import packed, unpacked
from api.outlining import OutlineFormat, entries_of, export_outline
from api.pages.curriculum_views import CurriculumView
from api.pages.messages import translate
from api.pages.problem_views import problem_view
from api.pages.views import Choice
from api.routers.exports import disposition
from api.routers.hit_views import hit_view
from api.routers.uploads import uploaded
from ontology.errors import CompetencyError, NotFound, Unavailable
from ontology.outline import MOST_UNITS, Outline
from ontology.readers.outline import read_outline
from search import QUERY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.pages import Page, Renderer
    from api.pages.hits import HitView
    from api.pages.problem_views import ProblemView
    from api.services import Services
    from search.curriculum.results import CurriculumResult

__all__ = ["make_router"]

_PATH = "/curriculum"
_HITS = 12
_MOST_CHOICES = 60
# longer addresses are not safe behind all proxies
_LONGEST_ADDRESS = 6_000
_LARGEST_FIELD = 20_000_000


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(_PATH)
    def page(
        request: Request,
        o: str = "",
        q: str = "",
        into: str = "",
        add: Annotated[list[str] | None, Query()] = None,
        standard: Annotated[list[str] | None, Query()] = None,
    ) -> Response:
        frame = renderer.page(request, "curriculum")
        outline = unpacked(o) if o else _empty(frame)
        if standard:
            keys = services.standard_keys(standard)
            outline = replace(outline, standards=tuple(dict.fromkeys((*outline.standards, *keys))))
        if add or standard:
            # a reload is not to add it again
            number = _number(into, outline)
            outline = added(services, outline, add or (), number, _unit_name(frame, outline, q))
            return _shown(request, outline, q, number)
        return _rendered(request, outline, q, _number(into, outline))

    @router.post(_PATH)
    async def change(request: Request) -> Response:
        outline, edit = await _sent(request)
        return await run_in_threadpool(_changed, request, outline, edit)

    @router.post(f"{_PATH}/export")
    async def export(request: Request) -> Response:
        outline, edit = await _sent(request)
        form = OutlineFormat(edit.do) if edit.do in list(OutlineFormat) else OutlineFormat.JSON

        def made() -> Response:
            saved = edited(services, outline, Edit(edit.fields, (), "", edit.unit_name))
            file = export_outline(saved, form)
            headers = {"Content-Disposition": disposition(file.file_name)}
            return Response(b"".join(file.chunks), media_type=file.media_type, headers=headers)

        return await run_in_threadpool(made)

    @router.post(f"{_PATH}/import")
    async def read(request: Request) -> Response:
        data, name = await uploaded(request)

        def opened() -> Response:
            frame = renderer.page(request, "curriculum")
            try:
                found = read_outline(data, name, services.settings.limits)
            except CompetencyError as error:
                return _rendered(request, _empty(frame), "", 0, error=problem_view(frame.language, error))
            column = 1 if frame.language == "zh-Hant" else 0
            notes = tuple(pair[column] for pair in found.notes)
            if notes:
                return _rendered(request, found.outline, "", 0, notes=notes)
            return _shown(request, found.outline, "", 0)

        return await run_in_threadpool(opened)

    def _changed(request: Request, outline: Outline, edit: Edit) -> Response:
        frame = renderer.page(request, "curriculum")
        query = edit.fields.get("q", "").strip()[:QUERY_LIMIT]
        try:
            saved = edited(services, outline, edit)
        except Unavailable:
            raise
        except CompetencyError as error:
            return _rendered(request, outline, query, edit.into, error=problem_view(frame.language, error))
        return _shown(request, saved, query, edit.into)

    def _shown(request: Request, outline: Outline, query: str, into: int) -> Response:
        """The page of an outline at an address of its own, where that is not too long."""
        frame = renderer.page(request, "curriculum")
        kept = {"o": packed(outline), "q": query, "into": str(into) if into else ""}
        address = frame.url(_PATH, **{name: value for name, value in kept.items() if value})
        if len(address) <= _LONGEST_ADDRESS:
            return RedirectResponse(address, status_code=303)
        return _rendered(request, outline, query, into)

    def _rendered(
        request: Request,
        outline: Outline,
        query: str,
        into: int,
        *,
        notes: Sequence[str] = (),
        error: ProblemView | None = None,
    ) -> Response:
        frame = renderer.page(request, "curriculum")
        view = _view(services, frame, outline, query, into, notes=notes, error=error)
        return renderer.render("curriculum.html", frame, view, status=400 if error else 200)

    async def _sent(request: Request) -> tuple[Outline, Edit]:
        frame = renderer.page(request, "curriculum")
        async with request.form(
            max_files=0, max_fields=4 * MOST_UNITS + 1_000, max_part_size=_LARGEST_FIELD
        ) as form:
            fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
            picked = [value for value in form.getlist("pick") if isinstance(value, str)]
        outline = unpacked(fields["o"]) if fields.get("o") else _empty(frame)
        name = _unit_name(frame, outline, fields.get("q", ""))
        return outline, Edit(fields, picked, fields.get("do", ""), name)

    return router


def _empty(page: Page) -> Outline:
    return Outline(translate(page.language, "curriculum_new"), page.language)


def _unit_name(page: Page, outline: Outline, query: str) -> str:
    """A new unit is called as what was searched for, or by its number."""
    number = translate(page.language, "curriculum_unit", number=len(outline.units) + 1)
    return query.strip()[:200] or number


def _number(text: str, outline: Outline) -> int:
    """The unit that additions go into: the last, where none is named."""
    named = int(text) if text.isdecimal() and len(text) < 4 else len(outline.units) - 1
    return min(max(named, 0), len(outline.units))


def _view(
    services: Services,
    frame: Page,
    outline: Outline,
    query: str,
    into: int,
    *,
    notes: Sequence[str],
    error: ProblemView | None,
) -> CurriculumView:
    hits: tuple[HitView, ...] = ()
    sentences = list(notes)
    if query.strip():
        try:
            result = services.index.current().search(query, limit=_HITS)
            hits = tuple(hit_view(frame, hit, all_versions=False) for hit in result.hits)
        except Unavailable:
            raise
        except CompetencyError as refused:
            error = error or problem_view(frame.language, refused)
    measured: CurriculumResult | None = None
    loaded = []
    for key in outline.standards:
        try:
            loaded.append(services.standard_iri(key))
        except NotFound as missing:
            sentences.append(problem_view(frame.language, missing).sentence)
    if outline.units:
        measured = services.index.current().curriculum(services.links.sure).measure(outline, loaded)
    elif loaded:
        # everything is a gap before there is a unit
        measured = services.index.current().curriculum().measure(outline, loaded)
    known = services.standards()
    offered = known if len(known) <= _MOST_CHOICES else ()
    return CurriculumView(
        outline=outline,
        state=packed(outline),
        into=min(into, len(outline.units)),
        standards=tuple(
            Choice(one.code, one.name, chosen=False) for one in offered if one.code not in outline.standards
        ),
        result=measured,
        entries=entries_of(services, measured) if measured else (),
        unknown=frozenset(one.competency.iri for one in measured.unknown) if measured else frozenset(),
        query=query,
        query_limit=QUERY_LIMIT,
        hits=hits,
        nothing_found=bool(query.strip()) and not hits,
        notes=tuple(sentences),
        error=error,
    )

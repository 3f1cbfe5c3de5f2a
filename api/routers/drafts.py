"""Drafts of job descriptions from standards, as data and as a page to choose tasks on and print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from api.pages import LANGUAGES, Alternate
from api.pages.draft_views import DraftView, TaskChoice
from api.pages.views import Download
from api.routers.exports import disposition
from api.routers.representations import JSON, Form, chosen_form
from api.routers.responses import PROBLEMS
from api.routers.standard_code import StandardCode
from graph import make_draft
from ontology.errors import UnknownChoice
from ontology.writers.draft import draft_docx, draft_json, draft_markdown
from ontology.writers.word import DOCX_MEDIA

if TYPE_CHECKING:
    from api.pages import Renderer
    from api.services import Services
    from ontology.drafting import Draft

__all__ = ["make_router"]

MARKDOWN = Form("md", "text/markdown", "Markdown")
WORD = Form("docx", DOCX_MEDIA, "Word")
_FORMS = (JSON, MARKDOWN, WORD)

_Tasks = Annotated[
    list[str] | None,
    Query(
        description="code of a task; repeatable; the whole standard where none is named",
        openapi_examples={"two tasks": {"value": ["T1", "T2"]}},
    ),
]


def make_router(services: Services, renderer: Renderer) -> APIRouter:
    router = APIRouter()

    @router.get(
        "/api/v1/standards/{code}/draft",
        tags=["standards"],
        summary="Draft a job description from a standard",
        responses={
            200: {
                "description": "Duties, requirements and points of assessment; by Accept, or by `format`",
                "content": {form.media_type: {} for form in _FORMS},
            },
            **PROBLEMS,
        },
        response_class=JSONResponse,
    )
    def draft(
        request: Request,
        code: StandardCode,
        task: _Tasks = None,
        form: Annotated[
            str | None, Query(alias="format", description="json, md or docx, instead of Accept")
        ] = None,
        hl: Annotated[
            str | None,
            Query(description="language of the headings, zh-Hant or en; without, that of the standard"),
        ] = None,
    ) -> Response:
        chosen = chosen_form(request, form, _FORMS)
        language = hl or ""
        if hl is not None and hl not in LANGUAGES:
            raise UnknownChoice("hl", hl, LANGUAGES)
        made = _draft(services, code, task or ())
        headers = {"Vary": "Accept"}
        if chosen is JSON:
            return JSONResponse(draft_json(made), headers=headers)
        if chosen is MARKDOWN:
            return Response(
                draft_markdown(made, language),
                media_type=f"{MARKDOWN.media_type}; charset=utf-8",
                headers=headers,
            )
        headers["Content-Disposition"] = disposition(f"draft-{_file_part(made)}.docx")
        return Response(draft_docx(made, language), media_type=WORD.media_type, headers=headers)

    @router.get("/standards/{key}/draft", include_in_schema=False)
    def page(request: Request, key: str, task: Annotated[list[str] | None, Query()] = None) -> Response:
        found, standard = services.standard(key)
        made = make_draft(services.store, services.identifiers, standard, task or ())
        address = f"/api/v1/standards/{quote(found.code, safe='')}/draft"
        chosen = [("task", code) for code in made.tasks]
        frame = renderer.page(
            request, "standards", (Alternate("application/json", "JSON", _joined(address, chosen)),)
        )
        view = DraftView(
            draft=made,
            path=f"/standards/{quote(found.code, safe='')}/draft",
            choices=tuple(TaskChoice(one.code, one.name, one.code in made.tasks) for one in standard.tasks),
            downloads=tuple(
                Download(
                    form.label, _joined(address, [*chosen, ("format", form.name), ("hl", frame.language)])
                )
                for form in (WORD, MARKDOWN)
            ),
        )
        return renderer.render("draft.html", frame, view)

    return router


def _draft(services: Services, key: str, tasks: list[str] | tuple[str, ...]) -> Draft:
    _, standard = services.standard(key)
    return make_draft(services.store, services.identifiers, standard, tasks)


def _joined(address: str, parameters: list[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(parameters)}" if parameters else address


def _file_part(draft: Draft) -> str:
    return "-".join([draft.code, *draft.tasks[:5]]).replace("/", "-").replace("\\", "-")

"""Job descriptions matched to standards: as JSON, as a form with a file, or as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api.match_export import MatchFile, export_match
from api.matching import match_document, match_text
from api.routers.exports import disposition
from api.routers.match_bodies import DOCUMENT_TYPES, FORM, checked, read_document_body, read_form, values_of
from api.routers.match_form import MatchAnswer, MatchOptionsModel, MatchRequest, to_match_answer, to_options
from api.routers.representations import JSON, Form, chosen_form
from api.routers.responses import PROBLEMS
from api.spreadsheets import XLSX_MEDIA
from ontology.errors import InvalidInput, UnknownMediaType

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.matching import Matched
    from api.services import Services

__all__ = ["MATCH_FORMS", "make_router"]

MATCH_FORMS = (JSON, Form("csv", "text/csv", "CSV"), Form("xlsx", XLSX_MEDIA, "XLSX"))
"""The forms in which the report can be had."""
_JSON_TYPES = ("", "application/json")


def _form_schema() -> dict[str, Any]:
    schema = MatchOptionsModel.model_json_schema()
    document = {"type": "string", "format": "binary", "description": "TXT, HTML, DOCX, ODT or PDF"}
    return {"type": "object", "properties": {"file": document, **schema["properties"]}, "required": ["file"]}


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The text in JSON, a form with a file, or the document itself; options stand beside "
        "the text, as fields of the form, or in the address",
        "content": {
            "application/json": {"schema": MatchRequest.model_json_schema()},
            FORM: {"schema": _form_schema()},
            **{
                media_type: {"schema": {"type": "string", "format": "binary"}}
                for media_type in DOCUMENT_TYPES
            },
        },
    }
}


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["matching"])

    @router.post(
        "/match",
        summary="Find the standards that fit a job description, with evidence and gaps",
        responses={
            200: {
                "description": "The report; by Accept, or by `format`",
                "content": {form.media_type: {} for form in MATCH_FORMS},
            },
            **PROBLEMS,
        },
        response_model=MatchAnswer,
        openapi_extra=_BODY,
    )
    async def match(
        request: Request,
        form: Annotated[
            str | None, Query(alias="format", description="json, csv or xlsx, instead of Accept")
        ] = None,
        name: Annotated[str, Query(description="what messages call a document", examples=["job.pdf"])] = "",
    ) -> Response:
        chosen = chosen_form(request, form, MATCH_FORMS)
        run = await _asked(request, services, name.strip())
        matched = await run_in_threadpool(run)
        headers = {"Vary": "Accept"}
        if chosen is JSON:
            answer = to_match_answer(matched)
            left_out = set() if matched.file else {"file", "text"}
            return JSONResponse(answer.model_dump(exclude=left_out), headers=headers)
        made = export_match(matched, MatchFile(chosen.name))
        headers["Content-Disposition"] = disposition(made.file_name)
        return Response(b"".join(made.chunks), media_type=made.media_type, headers=headers)

    return router


async def _asked(request: Request, services: Services, name: str) -> Callable[[], Matched]:
    """What the request asks for, ready to be run."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    in_address = values_of(request.query_params.multi_items(), without=("format", "name"))
    if media_type in _JSON_TYPES:
        wanted = checked(MatchRequest, "body", json=await request.body())
        given = wanted.model_dump(exclude_none=True, exclude={"text"})
        options = to_options(checked(MatchOptionsModel, "query", {**in_address, **given}))
        return lambda: match_text(services, wanted.text, options)
    if media_type == FORM:
        form = await read_form(request)
        options = to_options(checked(MatchOptionsModel, "body", {**in_address, **form.options}))
        if form.document is not None:
            document = form.document
            return lambda: match_document(services, document.data, name or document.name, options)
        if not form.text:
            raise InvalidInput(
                "the form has neither a file nor a text; send a document in a field called file"
            )
        return lambda: match_text(services, form.text, options)
    if media_type in DOCUMENT_TYPES:
        options = to_options(checked(MatchOptionsModel, "query", in_address))
        data = await read_document_body(request)
        return lambda: match_document(services, data, name or "document", options)
    raise UnknownMediaType(media_type, ("application/json", FORM, *DOCUMENT_TYPES))

"""Checking an upload without storing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.routers.responses import PROBLEMS
from graph.checking import check_documents
from ontology.errors import InvalidInput

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The document itself, or a form with one file; its format is told by its content",
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


class ValidationAnswer(BaseModel):
    """What was found in a document."""

    file: str = Field(examples=["standard.pdf"])
    valid: bool = Field(description="whether all of it could be stored")
    documents: list[dict[str, Any]] = Field(
        description="each standard of the file, or why it cannot be read: error, findings and doubts, "
        "with element, line or page"
    )


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["validation"])

    @router.post(
        "/validate",
        summary="Check a document against the rules, and store nothing",
        responses=PROBLEMS,
        openapi_extra=_BODY,
    )
    async def validate(
        request: Request,
        name: Annotated[
            str, Query(description="what messages call the document", examples=["standard.pdf"])
        ] = "",
    ) -> ValidationAnswer:
        data, called = await _document(request)
        called = name.strip() or called
        documents = await run_in_threadpool(
            lambda: [
                one.to_json()
                for one in check_documents(
                    data, services.identifiers, called, limits=services.settings.limits
                )
            ]
        )
        return ValidationAnswer(
            file=called, valid=all(one["valid"] for one in documents), documents=documents
        )

    return router


async def _document(request: Request) -> tuple[bytes, str]:
    """The bytes of the upload and its name. Raises ``InvalidInput`` for a form without a file."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body(), "document"
    async with request.form(max_files=1, max_fields=10) as form:
        for value in form.values():
            if isinstance(value, UploadFile):
                return await value.read(), value.filename or "document"
    raise InvalidInput("the form has no file; send one in a field called file")

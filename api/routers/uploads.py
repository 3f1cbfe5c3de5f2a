"""Documents that come as the body of a request, or as the file of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile

from ontology.errors import FileMissing

if TYPE_CHECKING:
    from fastapi import Request

__all__ = ["UPLOAD_BODY", "uploaded"]

UPLOAD_BODY: dict[str, Any] = {
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


async def uploaded(request: Request) -> tuple[bytes, str]:
    """The bytes of the upload and its name. Raises ``FileMissing`` for a form without a file."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body(), "document"
    async with request.form(max_files=1, max_fields=10) as form:
        for value in form.values():
            if isinstance(value, UploadFile):
                return await value.read(), value.filename or "document"
    raise FileMissing("the form has no file; send one in a field called file")

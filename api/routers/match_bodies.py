"""The bodies in which a job description comes, besides JSON."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from ontology.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from starlette.requests import Request

__all__ = [
    "DOCUMENT_TYPES",
    "FORM",
    "Document",
    "MatchForm",
    "checked",
    "read_document_body",
    "read_form",
    "values_of",
]

Model = TypeVar("Model", bound=BaseModel)

FORM = "multipart/form-data"
DOCUMENT_TYPES = (
    "text/plain",
    "text/markdown",
    "text/html",
    "application/xhtml+xml",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
    "application/octet-stream",
)
"""Media types of documents; what one is, its content tells."""
_LISTS = frozenset({"frameworks", "standards", "occupations", "industries", "categories", "languages"})


@dataclass(frozen=True, slots=True)
class Document:
    """An upload."""

    data: bytes
    name: str


@dataclass(frozen=True, slots=True)
class MatchForm:
    """The fields of a form: a document or a text, and the options as they were typed."""

    text: str = ""
    document: Document | None = None
    options: dict[str, str | list[str]] = field(default_factory=dict)


async def read_form(request: Request) -> MatchForm:
    """A form of at most one file. A file field that was left empty, as browsers send it, does not count."""
    document = None
    fields: list[tuple[str, str]] = []
    async with request.form(max_files=1, max_fields=100) as form:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                fields.append((name, value))
            elif value.filename or value.size:
                document = Document(await value.read(), value.filename or "document")
    text = next((value for name, value in fields if name == "text"), "")
    return MatchForm(text, document, values_of(fields, without=("text", "file")))


async def read_document_body(request: Request) -> bytes:
    """The body as bytes; plain text in the charset that its media type names as UTF-8.

    Raises ``InvalidInput`` for a charset that is not known, or not that of the bytes.
    """
    data = await request.body()
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'")
    if media_type.strip().lower() != "text/plain" or not charset:
        return data
    try:
        if codecs.lookup(charset).name.startswith("utf"):
            return data
        return data.decode(charset).encode()
    except (LookupError, UnicodeError) as error:
        raise InvalidInput(f"the text is not in the charset {charset!r} that its media type names") from error


def values_of(items: Iterable[tuple[str, str]], *, without: Collection[str]) -> dict[str, str | list[str]]:
    """Fields as options: those that may have several values as lists, empty ones left out."""
    found: dict[str, str | list[str]] = {}
    for name, value in items:
        typed = value.strip()
        if name in without or not typed:
            continue
        if name in _LISTS:
            found.setdefault(name, [])
            found[name] = [*found[name], *(one.strip() for one in typed.split(",") if one.strip())]
        else:
            found[name] = typed
    return found


def checked(
    model: type[Model], place: str, values: dict[str, Any] | None = None, *, json: bytes | None = None
) -> Model:
    """``values``, or strictly ``json``, as a model. Raises ``RequestValidationError`` with each wrong
    field."""
    try:
        if json is not None:
            return model.model_validate_json(json, strict=True)
        return model.model_validate(values)
    except ValidationError as error:
        raise RequestValidationError(
            [
                {**one, "loc": (place, *one["loc"]), "msg": _reason(one["msg"])}
                for one in error.errors(include_url=False)
            ]
        ) from error


def _reason(message: str) -> str:
    broken = "hex escape" in message
    return f"{message} (half of a surrogate pair is no character)" if broken else message

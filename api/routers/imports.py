"""Importing documents over HTTP, with a key: checked first, published when somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Path, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.importing import ImportState, Upload
from api.importing.desk import MOST_FILES
from api.routers.responses import PROBLEMS
from api.routers.writing import writing_guard

if TYPE_CHECKING:
    from starlette.datastructures import FormData

    from api.importing import Import, ImportDesk
    from api.services import Services

__all__ = ["make_router", "uploads_in"]

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A form with one or more files in fields called file",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            }
        },
    }
}


ImportId = Annotated[
    str,
    Path(
        description="the id of an import",
        openapi_examples={"one that was checked": {"value": "q1w2e3r4t5y6u7i8o9p0aa"}},
    ),
]


class ProgressModel(BaseModel):
    """What is being done; ``total`` is 0 where it is not known."""

    step: str = Field(examples=["Embedding"])
    done: int
    total: int


class ImportedFileModel(BaseModel):
    """A file of an import, with the standards in it."""

    number: int = Field(description="what the file is called when it is chosen for publishing")
    name: str = Field(examples=["standard.pdf"])
    right: bool = Field(description="whether something of it can be published")
    documents: list[dict[str, Any]] = Field(
        description="each standard: status (added, changed, unchanged, refused: what becomes of it, or "
        "would), code, name, error, violations, findings and doubts with element, line or page"
    )


class ImportModel(BaseModel):
    """An import as it is now."""

    id: str
    state: ImportState = Field(description="checked: nothing is stored yet")
    files: list[ImportedFileModel]
    progress: ProgressModel
    error: str = Field(description="why publishing failed, empty where it did not")
    stored: bool = Field(
        description="whether the graph has the documents; after a failure the search index is behind"
    )


class Choice(BaseModel):
    """Which files of an import are published."""

    files: list[int] | None = Field(
        None, description="numbers of files; all that are right where none are named", examples=[[0]]
    )


def make_router(services: Services, desk: ImportDesk) -> APIRouter:
    router = APIRouter(
        prefix="/api/v1/imports", tags=["imports"], dependencies=[Depends(writing_guard(services))]
    )

    @router.post(
        "",
        status_code=201,
        summary="Check documents for an import, and store nothing",
        responses=PROBLEMS,
        openapi_extra=_BODY,
    )
    async def check(request: Request) -> ImportModel:
        async with request.form(max_files=MOST_FILES, max_fields=10) as form:
            uploads = await uploads_in(form)
        return _model(await run_in_threadpool(desk.check, uploads))

    @router.get("/{name}", summary="How an import stands", responses=PROBLEMS)
    def state(name: ImportId) -> ImportModel:
        return _model(desk.get(name))

    @router.post(
        "/{name}/publish",
        status_code=202,
        summary="Publish the files of an import, in the background",
        responses=PROBLEMS,
    )
    def publish(name: ImportId, choice: Annotated[Choice | None, Body()] = None) -> ImportModel:
        return _model(desk.publish(name, choice.files if choice else None))

    @router.delete("/{name}", summary="Forget an import that was not published", responses=PROBLEMS)
    def drop(name: ImportId) -> dict[Literal["dropped"], str]:
        desk.drop(name)
        return {"dropped": name}

    return router


async def uploads_in(form: FormData) -> list[Upload]:
    """The files of a form in their order; fields that were left empty are none."""
    return [
        Upload(value.filename, await value.read())
        for _, value in form.multi_items()
        if isinstance(value, UploadFile) and value.filename
    ]


def _model(found: Import) -> ImportModel:
    return ImportModel.model_validate(found.to_json())

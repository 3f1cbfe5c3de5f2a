"""Checking an upload without storing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.routers.responses import PROBLEMS
from api.routers.uploads import UPLOAD_BODY, uploaded
from graph.checking import check_documents

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]


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
        openapi_extra=UPLOAD_BODY,
    )
    async def validate(
        request: Request,
        name: Annotated[
            str, Query(description="what messages call the document", examples=["standard.pdf"])
        ] = "",
    ) -> ValidationAnswer:
        data, called = await uploaded(request)
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

"""Whether the service can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.routers.responses import PROBLEMS
from search import is_calibrated

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]


class Health(BaseModel):
    """What a monitor reads; a service that cannot answer says so with 503."""

    status: str = Field(examples=["ok"])
    revision: str = Field(description="version of the published data")
    standards: int = Field(description="how many standards are loaded", examples=[1])
    passages: int = Field(description="how many texts the search index holds", examples=[162])
    model: str = Field(description="embedding model of the search index", examples=["multilingual-e5-small"])
    calibrated: bool = Field(
        description="whether scores are probabilities; for a model without a calibration they only order hits"
    )


def make_router(services: Services) -> APIRouter:
    router = APIRouter(tags=["service"])

    @router.get("/health", summary="Whether the service can answer", responses=PROBLEMS)
    def health() -> Health:
        index = services.index.current()
        return Health(
            status="ok",
            revision=services.store.revision(),
            standards=len(services.standards()),
            passages=len(index),
            model=index.model,
            calibrated=is_calibrated(index.model),
        )

    return router

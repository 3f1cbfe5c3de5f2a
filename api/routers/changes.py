"""What changed from one version of a standard to another, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query

from api.changes import changes_since
from api.changes_answer import VersionChangesAnswer, to_version_answer
from api.routers.responses import PROBLEMS

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["make_router"]


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["standards"])

    @router.get("/standards/{code}/changes", summary="What changed since another version", responses=PROBLEMS)
    def changes(
        code: Annotated[
            str,
            Path(
                description="a code, with its version or without (then the latest)",
                openapi_examples={"the later of two": {"value": "BGM2421-901v2"}},
            ),
        ],
        since: Annotated[
            str | None,
            Query(
                description="code or IRI of the version before; without, the one before it that is loaded",
                examples=["BGM1219-002v2"],
            ),
        ] = None,
    ) -> VersionChangesAnswer:
        found = changes_since(services, code, since)
        return to_version_answer(
            found.changes,
            services.identifiers,
            found.names,
            iris=(found.before.iri, found.after.iri),
        )

    return router

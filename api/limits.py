"""Limits on what a request may send: a body over the limit is answered with 413 and never held in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from api.problems import PROBLEM_JSON, problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimit"]


class _TooLarge(Exception):
    pass


class BodyLimit:
    """ASGI middleware; ``limit`` is in bytes, ``uploads`` has that of the paths that take documents. Holds
    for declared lengths and for chunked bodies alike."""

    def __init__(self, app: ASGIApp, limit: int, uploads: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limit = limit
        self._uploads = dict(uploads or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._uploads.get(scope["path"], self._limit)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await self._refuse(scope, receive, send, limit)
            return
        taken = 0
        started = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if started:
                raise
            await self._refuse(scope, receive, send, limit)

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        detail = f"a request body may have {limit // 1024} KiB at most"
        body = problem(413, "too-large", "The request is too large", detail, instance=scope["path"])
        response = JSONResponse(
            body, status_code=413, media_type=PROBLEM_JSON, headers={"Connection": "close"}
        )
        await response(scope, receive, send)

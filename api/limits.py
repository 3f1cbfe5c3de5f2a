"""Limits on what a request may send: a body over the limit is answered with 413 and never held in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BodyLimit"]

_DRAINED = 8
"""How many times the limit is read and thrown away before the answer, as browsers show no answer that comes
while they still send."""


class _TooLarge(Exception):
    pass


class BodyLimit:
    """ASGI middleware; ``limit`` is in bytes, ``uploads`` has that of the paths that take documents. Holds
    for declared lengths and for chunked bodies alike. ``refused`` makes the answer to a request over a
    limit."""

    def __init__(
        self,
        app: ASGIApp,
        limit: int,
        refused: Callable[[Request, int], Response],
        uploads: Mapping[str, int] | None = None,
    ) -> None:
        self._app = app
        self._limit = limit
        self._refused = refused
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
        more = True

        async def counted() -> Message:
            nonlocal taken, more
            message = await receive()
            more = message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            # what reads forms may take the error for one of the form, and answer that
            if taken > limit and not started:
                return
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if started:
                raise
        if taken > limit and not started:
            await self._refuse(scope, receive, send, limit, more=more)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, limit: int, *, more: bool = True
    ) -> None:
        response = self._refused(Request(scope), limit)
        if more and response.headers["content-type"].startswith("text/html"):
            await _drain(receive, _DRAINED * limit)
        await response(scope, receive, send)


async def _drain(receive: Receive, most: int) -> None:
    while most > 0:
        message = await receive()
        most -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return

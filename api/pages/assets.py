"""The files that pages load: each address carries a digest of the content, so that browsers may keep it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from starlette.responses import Response
    from starlette.types import Scope

__all__ = ["AssetFiles", "asset_address"]

_FOREVER = "public, max-age=31536000, immutable"


@cache
def asset_address(name: str) -> str:
    """Where a file of the ``static`` folder is served, ``vendor/cytoscape.js`` for one. Raises
    ``FileNotFoundError``."""
    target: Traversable = files("api.pages").joinpath("static", *name.split("/"))
    digest = hashlib.sha256(target.read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class AssetFiles(StaticFiles):
    """The ``static`` folder; what is asked for with a digest may be kept for a year."""

    def __init__(self) -> None:
        super().__init__(packages=[("api.pages", "static")])

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code == 200 and "v" in parse_qs(scope["query_string"].decode("latin-1")):
            answer.headers["Cache-Control"] = _FOREVER
        return answer

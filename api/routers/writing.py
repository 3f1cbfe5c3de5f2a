"""The guard of routes that write: a key in the settings, and the same key in the request."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ontology.errors import NotAuthorised, WritingDisabled

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.services import Services

__all__ = ["writing_guard"]

_BEARER = HTTPBearer(auto_error=False, description="the key that the service was given (COMPETENCY_API_KEY)")


def writing_guard(services: Services) -> Callable[..., None]:
    """A dependency that lets a request through only with the key. Raises ``WritingDisabled`` where the
    settings have none, ``NotAuthorised`` for another one."""

    def guard(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> None:
        key = services.settings.api_key
        if key is None or not key.get_secret_value():
            raise WritingDisabled(
                "this service has no key, so it writes nothing over HTTP; set COMPETENCY_API_KEY, or use the "
                "command line"
            )
        given = sent.credentials if sent else ""
        if not hmac.compare_digest(given.encode(), key.get_secret_value().encode()):
            raise NotAuthorised("send the key of this service as Authorization: Bearer KEY")

    return guard

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

__all__ = ["check_key", "takes_writing", "writing_guard"]

_BEARER = HTTPBearer(auto_error=False, description="the key that the service was given (COMPETENCY_API_KEY)")


def writing_guard(services: Services) -> Callable[..., None]:
    """A dependency that lets a request through only with the key. Raises ``WritingDisabled`` where the
    settings have none, ``NotAuthorised`` for another one."""

    def guard(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> None:
        check_key(services, sent.credentials if sent else "")

    return guard


def takes_writing(services: Services) -> bool:
    """Whether the service has a key, so that it writes for who sends it."""
    key = services.settings.api_key
    return key is not None and bool(key.get_secret_value())


def check_key(services: Services, given: str) -> None:
    """Raises as the guard does; for what sends the key in another way, such as a form."""
    key = services.settings.api_key
    if key is None or not takes_writing(services):
        raise WritingDisabled(
            "this service has no key, so it writes nothing over HTTP; set COMPETENCY_API_KEY, or use the "
            "command line"
        )
    if not hmac.compare_digest(given.encode(), key.get_secret_value().encode()):
        raise NotAuthorised("send the key of this service as Authorization: Bearer KEY")

"""Requests to a SPARQL 1.1 endpoint on another machine, on urllib3: queries, updates, and what can go wrong.

SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/. Queries and updates go as POST, whose length no
server bounds as it does that of an address. An update is never sent twice.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import urllib3
from urllib3 import exceptions as failures

from ontology.errors import InvalidInput, QuerySyntaxError, QueryTimeout, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Endpoint", "RemoteClient"]

_CONNECT = 10.0
_PIECE = 1 << 16
_TOLD = 400
_AGENT = "competency-graph (+urllib3)"


class Endpoint:
    """The addresses of a descriptor's location, such as ``https://host/data/query?update=/data/update``.

    Updates go to what ``update`` names, or else to ``update`` in the place of the last part of the path.
    Raises ``InvalidInput`` for what is no such address, and for a password in it: descriptors are printed.
    """

    def __init__(self, location: str, update: str = "") -> None:
        parts = urlsplit(location)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment:
            raise InvalidInput(
                f"{location!r} is not the address of a SPARQL endpoint, such as https://host/data/query"
            )
        if parts.username is not None or parts.password is not None:
            raise InvalidInput(
                "a store descriptor takes no user or password, because it is printed; "
                "set COMPETENCY_STORE_USER and COMPETENCY_STORE_PASSWORD"
            )
        kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "update"]
        named = [value for name, value in parse_qsl(parts.query) if name == "update"]
        self.query = urlunsplit(parts._replace(query=urlencode(kept)))
        self.update = urljoin(self.query, update or (named[-1] if named else "update"))
        if urlsplit(self.update).scheme not in ("http", "https"):
            raise InvalidInput(f"{self.update!r} is not an address that takes SPARQL updates")


class RemoteClient:
    """One endpoint, with connections that are kept. ``timeout`` is in seconds, for what has no deadline.

    Every failure is ``Unavailable`` with a sentence that says what to do, ``QueryTimeout``, or
    ``QuerySyntaxError`` for what the server could not read.
    """

    def __init__(
        self, endpoint: Endpoint, *, user: str = "", password: str = "", timeout: float = 600
    ) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._headers = {"User-Agent": _AGENT}
        if user:
            pair = f"{user}:{password}".encode().decode("latin-1")
            self._headers |= urllib3.make_headers(basic_auth=pair)
        self._pool = urllib3.PoolManager(maxsize=16, retries=False)

    def query(
        self,
        text: str,
        media_type: str,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        deadline: float | None = None,
    ) -> Iterator[bytes]:
        """The answer in pieces, in exactly this media type, within ``deadline`` seconds in all."""
        form = [("query", text)]
        form += [("default-graph-uri", iri) for iri in default_graphs]
        form += [("named-graph-uri", iri) for iri in named_graphs]
        headers = {"Accept": media_type, "Content-Type": "application/x-www-form-urlencoded"}
        if deadline is not None:
            headers["Timeout"] = f"{deadline:.3f}"  # Fuseki stops the query itself then
        seconds = self._timeout if deadline is None else deadline
        with self._response(self.endpoint.query, urlencode(form).encode(), headers, seconds) as response:
            given = str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
            if given != media_type:
                raise Unavailable(
                    f"{self.endpoint.query} is not a SPARQL endpoint that answers in {media_type}; it sent "
                    f"{given or 'nothing that says what it is'}"
                )
            while piece := response.read1(_PIECE):
                yield piece

    def update(self, text: str) -> None:
        """Runs one update request; when this returns, its changes are in force."""
        headers = {"Content-Type": "application/sparql-update"}
        with self._response(self.endpoint.update, text.encode(), headers, self._timeout) as response:
            response.drain_conn()

    def close(self) -> None:
        """Closes the connections."""
        self._pool.clear()

    @contextmanager
    def _response(
        self, url: str, body: bytes, headers: dict[str, str], seconds: float
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        end = time.monotonic() + seconds
        with self._translated(url, end, seconds):
            response = self._pool.request(
                "POST",
                url,
                body=body,
                headers=self._headers | headers,
                timeout=urllib3.Timeout(connect=min(_CONNECT, seconds), read=seconds),
                redirect=False,
                preload_content=False,
            )
            # A server that sends a little now and then never comes to the timeout of one reading.
            watch = threading.Timer(max(0.0, end - time.monotonic()), response.shutdown)
            watch.daemon = True
            watch.start()
            try:
                if response.status not in (200, 201, 204):
                    raise _refused(url, response.status, response.read(_TOLD * 4), seconds)
                yield response
                if time.monotonic() > end:
                    raise QueryTimeout(seconds)
            finally:
                watch.cancel()
                response.close()

    @contextmanager
    def _translated(self, url: str, end: float, seconds: float) -> Iterator[None]:
        try:
            yield
        except (failures.HTTPError, OSError) as error:
            if isinstance(error, failures.NameResolutionError):
                raise Unavailable(f"the name of the store's machine cannot be resolved: {url}") from error
            if isinstance(error, failures.NewConnectionError | failures.ConnectTimeoutError):
                raise Unavailable(f"the store at {url} does not take the connection: {error}") from error
            if isinstance(error, failures.ReadTimeoutError) or time.monotonic() >= end:
                raise QueryTimeout(seconds) from error
            raise Unavailable(f"the connection with the store at {url} broke off: {error}") from error


def _refused(url: str, status: int, body: bytes, seconds: float) -> Exception:
    told = " ".join(body.decode("utf-8", "replace").split())[:_TOLD]
    if status in (401, 403):
        return Unavailable(
            f"the store at {url} does not let this user in ({status}); "
            "set COMPETENCY_STORE_USER and COMPETENCY_STORE_PASSWORD"
        )
    if status in (404, 405, 415):
        return Unavailable(f"{url} is not a SPARQL endpoint: it answers {status}")
    if status == 400:
        return QuerySyntaxError(f"the store at {url} cannot read the query: {told}")
    if status in (408, 504) or (status == 503 and "time" in told.casefold()):
        return QueryTimeout(seconds)
    return Unavailable(f"the store at {url} answers {status}: {told}")

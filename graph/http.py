"""Requests for one file, on urllib3: redirects one by one, and every failure as one of a few words."""

from __future__ import annotations

import errno
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3 import exceptions as failures

from ontology.errors import CompetencyError, DownloadFailed, DownloadRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

__all__ = ["Answer", "Broken", "Connection", "content_start"]

_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_OFFLINE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
_AGENT = "competency-graph (+urllib3)"


class Broken(Exception):
    """A try that failed: ``why`` as in ``DownloadFailed``, ``passing`` where another try may help, ``wait``
    the seconds that the server asks for."""

    def __init__(self, why: str, message: str, *, passing: bool = True, wait: float | None = None) -> None:
        super().__init__(message)
        self.why = why
        self.passing = passing
        self.wait = wait

    def error(self, url: str, kept: int) -> CompetencyError:
        """The error for the caller, who is told that ``kept`` bytes are here to go on from."""
        rest = f"; {kept:,} bytes are kept, and the same command goes on from there" if kept else ""
        return DownloadFailed(url, self.why, f"{self}{rest}")


@dataclass(frozen=True, slots=True)
class Answer:
    """The head of a response, and its body in blocks."""

    _response: urllib3.BaseHTTPResponse
    status: int

    def _header(self, name: str) -> str:
        return str(self._response.headers.get(name, ""))

    @property
    def _is_encoded(self) -> bool:
        return self._header("Content-Encoding").casefold() not in ("", "identity")

    @property
    def length(self) -> int | None:
        """Bytes of the body, where they can be known beforehand."""
        value = self._header("Content-Length").strip()
        return int(value) if value.isdecimal() and not self._is_encoded else None

    @property
    def validator(self) -> str:
        """What names this version of the file: a strong ETag or the time of change; else nothing."""
        if self._is_encoded:
            return ""
        tag = self._header("ETag").strip()
        return tag if tag and not tag.startswith("W/") else self._header("Last-Modified").strip()

    @property
    def whole_size(self) -> int | None:
        """The size of the whole file that a partial answer, or a refusal of one, names."""
        match = re.fullmatch(r"bytes\s+(?:[0-9]+-[0-9]+|\*)/([0-9]+)", self._header("Content-Range").strip())
        return int(match[1]) if match else None

    @property
    def range(self) -> str:
        return self._header("Content-Range").strip()

    @property
    def is_page(self) -> bool:
        return self._header("Content-Type").partition(";")[0].strip().casefold() in (
            "text/html",
            "application/xhtml+xml",
        )

    def is_same(self, validator: str) -> bool:
        """Whether the answer is of the version that ``validator`` names, or does not say."""
        named = {self._header("ETag").strip(), self._header("Last-Modified").strip()} - {""}
        return not named or validator in named

    def refusal(self, url: str, longest_wait: float) -> Broken | DownloadRefused:
        """The failure that the status means."""
        if self.status in _PASSING:
            wait = _retry_after(self._header("Retry-After"))
            told = "" if wait is None else f" and asks to come back in {wait:.0f} s"
            message = f"the server answers {self.status}{told}"
            return Broken("busy", message, passing=wait is None or wait <= longest_wait, wait=wait)
        if self.status in (401, 403, 407):
            return DownloadRefused(url, f"the server wants a login ({self.status}); download it by hand")
        if self.status in (404, 410):
            return DownloadRefused(url, f"there is no such file on the server ({self.status})")
        return DownloadRefused(url, f"the server answers {self.status}")

    def blocks(self, size: int) -> Iterator[bytes]:
        """The body as it comes, at most ``size`` bytes at a time; raises ``Broken`` where it ends early."""
        with _translated(urlsplit(self._response.url or "").hostname or "the server"):
            while block := self._response.read1(size, decode_content=self._is_encoded):
                yield block


def content_start(answer: Answer) -> int:
    """Where in the file the body begins; -1 for a partial answer that does not say."""
    if answer.status != 206:
        return 0
    match = re.match(r"bytes\s+([0-9]+)-", answer.range)
    return int(match[1]) if match else -1


class Connection:
    """Asks for one address, through the proxy that the environment names, where it names one."""

    def __init__(self, url: str, timeout: float, redirects: int) -> None:
        self._url = url
        self._redirects = redirects
        self._timeout = urllib3.Timeout(connect=timeout, read=timeout)
        self._pools: dict[str, urllib3.PoolManager] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            pool.clear()

    @contextmanager
    def get(self, start: int, validator: str) -> Iterator[Answer]:
        """The answer to a request for the file from byte ``start`` on, redirects followed."""
        headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        if start and validator:
            headers |= {"Range": f"bytes={start}-", "If-Range": validator}
        response = self._follow(headers)
        try:
            yield Answer(response, response.status)
        finally:
            response.close()

    def _follow(self, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        url = self._url
        for _ in range(self._redirects + 1):
            host = urlsplit(url).hostname or ""
            with _translated(host):
                response = self._pool(url).request(
                    "GET",
                    url,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    timeout=self._timeout,
                )
            if response.status not in _REDIRECTS:
                return response
            response.close()
            url = self._next(url, str(response.headers.get("Location", "")))
        raise DownloadRefused(self._url, f"the server redirects more than {self._redirects} times")

    def _next(self, url: str, location: str) -> str:
        target = urljoin(url, location)
        scheme = urlsplit(target).scheme
        if not location or scheme not in {"http", "https"} or not urlsplit(target).hostname:
            raise DownloadRefused(self._url, f"the server redirects to {location!r}, which is not followed")
        if scheme == "http" and urlsplit(url).scheme == "https":
            raise DownloadRefused(
                self._url, f"the server redirects from https to {target}, which is not followed"
            )
        return target

    def _pool(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        proxies = getproxies()
        proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
        if proxy and proxy_bypass(parts.netloc):
            proxy = ""
        if proxy not in self._pools:
            self._pools[proxy] = _proxy_pool(proxy) if proxy else urllib3.PoolManager()
        return self._pools[proxy]


def _proxy_pool(proxy: str) -> urllib3.ProxyManager:
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    login = {}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        login = urllib3.make_headers(proxy_basic_auth=pair)
    address = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    return urllib3.ProxyManager(address, proxy_headers=login)


@contextmanager
def _translated(host: str) -> Iterator[None]:
    """What urllib3 raises, as ``Broken``."""
    try:
        yield
    except (failures.HTTPError, OSError) as error:
        raise _broken(error, host) from error


def _broken(error: Exception, host: str) -> Broken:
    cause: BaseException = error
    while isinstance(cause, failures.MaxRetryError | failures.ProxyError):
        inner = cause.reason if isinstance(cause, failures.MaxRetryError) else cause.original_error
        if inner is None:
            break
        cause = inner
    number = getattr(cause, "errno", None) or getattr(cause.__cause__, "errno", None)
    if isinstance(cause, failures.NameResolutionError):
        message = f"the name {host} cannot be resolved; this machine may be offline, or the name misspelt"
        return Broken("unknown-host", message, passing=False)
    if isinstance(cause, failures.SSLError):
        return Broken("tls", f"no secure connection with {host}: {cause}", passing=False)
    if number in _OFFLINE:
        return Broken("offline", f"{host} cannot be reached; this machine seems to be offline", passing=False)
    if number == errno.ECONNREFUSED or isinstance(cause, failures.NewConnectionError):
        return Broken("refused", f"{host} does not take the connection", passing=False)
    if isinstance(cause, failures.TimeoutError):
        return Broken("timeout", f"{host} does not answer in time")
    if isinstance(cause, failures.IncompleteRead | failures.ProtocolError):
        return Broken("interrupted", f"the connection with {host} broke off")
    return Broken("bad-answer", f"{host} cannot be understood: {cause}")


def _retry_after(value: str) -> float | None:
    """Seconds that a Retry-After header asks for, given in seconds or as a date."""
    value = value.strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None

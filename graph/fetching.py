"""Downloads that survive a bad network: resumed where they broke off, checked, and renamed when whole.

A download is written to ``.NAME.part``. Beside it ``.NAME.origin.json`` remembers where it comes from and
the server's validator (ETag or Last-Modified), without which nothing is resumed: a ``Range`` is asked for
with ``If-Range`` (RFC 9110, 13.1.5), and what a server answers is believed only where it says the same
version. When all is there, ``NAME`` takes its name in one step, and ``NAME.sha256`` holds its digest in the
form that ``sha256sum --check`` reads.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from graph.http import Answer, Broken, Connection, content_start
from ontology.errors import DownloadFailed, DownloadRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

__all__ = ["Fetched", "Limits", "Transfer", "fetch"]

_BLOCK = 1 << 16
_LONGEST_NAME = 120
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
_PAGE_START = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)", re.I | re.S)
_PASSWORD = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a download may take: the size in bytes; ``timeout`` in seconds of silence; how often it is tried
    without getting further, with a ``pause`` before the second time that doubles; how long a server may ask
    us to wait; how many redirects; and bytes a second over ``patience`` seconds, below which it is given
    up."""

    max_bytes: int = 2 << 30
    timeout: float = 30.0
    attempts: int = 5
    pause: float = 1.0
    longest_wait: float = 120.0
    redirects: int = 8
    least_rate: float = 100.0
    patience: float = 60.0


@dataclass(frozen=True, slots=True)
class Transfer:
    """How far a download is: bytes here and in all (where the server says), and bytes a second."""

    received: int
    total: int | None
    rate: float


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file. ``sha256`` is its digest; ``fresh`` is false where it was here already; ``resumed`` is
    the number of bytes that an earlier try had brought."""

    path: Path
    url: str
    size: int
    sha256: str
    fresh: bool = True
    resumed: int = 0

    def to_json(self) -> dict[str, object]:
        return {
            "path": str(self.path),
            "url": self.url,
            "size": self.size,
            "sha256": self.sha256,
            "fresh": self.fresh,
            "resumed": self.resumed,
        }


@dataclass(frozen=True, slots=True)
class _Origin:
    """What is remembered of a file: its address, the version that the server named, its digest when whole."""

    url: str
    validator: str = ""
    sha256: str = ""

    @classmethod
    def read(cls, path: Path) -> _Origin | None:
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls(str(values["url"]), str(values["validator"]), str(values["sha256"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        content = {"url": self.url, "validator": self.validator, "sha256": self.sha256}
        path.write_text(json.dumps(content) + "\n", encoding="utf-8")


def fetch(
    url: str,
    folder: Path,
    *,
    name: str | None = None,
    sha256: str | None = None,
    force: bool = False,
    limits: Limits | None = None,
    progress: Callable[[Transfer], None] | None = None,
) -> Fetched:
    """The file at ``url`` in ``folder``, under ``name`` or the last part of the address.

    A whole file that came from the same address is kept unless ``force`` is given. A web page is taken only
    under a name that ends in .html. Raises ``DownloadRefused`` where the server has no such file or sends
    another thing (see there), ``DownloadFailed`` where it cannot be had now.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise DownloadRefused(url, "only addresses that begin with http:// or https:// are fetched")
    wanted = sha256.strip().casefold() if sha256 else ""
    if wanted and not re.fullmatch(r"[0-9a-f]{64}", wanted):
        raise DownloadRefused(url, "a SHA-256 checksum has 64 hexadecimal digits")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = _Place.of(url, folder, name)
        if not force and (known := place.whole(url)):
            _check_digest(known.url, known.sha256, wanted)
            return known
        return _Download(url, place, wanted, limits or Limits(), progress).run()
    except OSError as error:
        raise _disk_error(url, error) from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file and what is known of it are kept."""

    path: Path

    @classmethod
    def of(cls, url: str, folder: Path, name: str | None) -> _Place:
        last = name or unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]) or "download"
        safe = re.sub(r"[^\w.()+ -]", "_", last).strip(" .")[-_LONGEST_NAME:] or "download"
        place = cls(folder / safe)
        origin = _Origin.read(place.origin)
        if origin is None or origin.url == url or name:
            return place
        tag = hashlib.sha256(url.encode()).hexdigest()[:8]
        return cls(folder / f"{place.path.stem}-{tag}{place.path.suffix}")

    @property
    def part(self) -> Path:
        return self.path.with_name(f".{self.path.name}.part")

    @property
    def origin(self) -> Path:
        return self.path.with_name(f".{self.path.name}.origin.json")

    @property
    def digest(self) -> Path:
        return self.path.with_name(f"{self.path.name}.sha256")

    def whole(self, url: str) -> Fetched | None:
        """The file, where it came whole from this address and is still what it was."""
        origin = _Origin.read(self.origin)
        if origin is None or origin.url != url or not origin.sha256 or not self.path.is_file():
            return None
        digest, size = _digest_of(self.path)
        if digest != origin.sha256:
            return None
        return Fetched(self.path, url, size, digest, fresh=False)


class _Download:
    """One file on its way, over as many connections as it takes."""

    def __init__(
        self,
        url: str,
        place: _Place,
        wanted: str,
        limits: Limits,
        progress: Callable[[Transfer], None] | None,
    ) -> None:
        self._url = url
        self._place = place
        self._wanted = wanted
        self._limits = limits
        self._progress = progress
        self._started = time.monotonic()
        self._brought = 0
        self._furthest = 0

    def run(self) -> Fetched:
        place, resumed = self._place, self._kept()
        tries = 0
        with Connection(self._url, self._limits.timeout, self._limits.redirects) as connection:
            while True:
                furthest = self._furthest
                try:
                    self._once(connection)
                    break
                except Broken as broken:
                    tries = 1 if self._furthest > furthest else tries + 1
                    if tries >= self._limits.attempts or not broken.passing:
                        raise broken.error(self._url, self._kept()) from broken
                    self._wait(broken, tries)
        digest, size = _digest_of(place.part)
        try:
            _check_digest(self._url, digest, self._wanted)
            self._check_page()
        except DownloadRefused:
            self._forget()
            raise
        origin = _Origin.read(place.origin) or _Origin(self._url)
        replace(origin, sha256=digest).write(place.origin)
        place.part.replace(place.path)
        place.digest.write_text(f"{digest}  {place.path.name}\n", encoding="utf-8")
        return Fetched(place.path, self._url, size, digest, resumed=min(resumed, size))

    def _kept(self) -> int:
        """Bytes of an earlier try that may be gone on from."""
        origin = _Origin.read(self._place.origin)
        if origin is None or origin.url != self._url or not origin.validator:
            return 0
        return self._place.part.stat().st_size if self._place.part.is_file() else 0

    def _forget(self) -> None:
        self._place.part.unlink(missing_ok=True)

    def _once(self, connection: Connection) -> None:
        kept = self._kept()
        origin = _Origin.read(self._place.origin)
        validator = origin.validator if origin and kept else ""
        with connection.get(kept, validator) as answer:
            if answer.status == 416 and kept and answer.whole_size == kept and answer.is_same(validator):
                return
            if answer.status == 416 and kept:
                self._forget()
                raise Broken("bad-answer", "the server does not go on from where the download broke off")
            if answer.status not in (200, 206):
                raise answer.refusal(self._url, self._limits.longest_wait)
            start = content_start(answer)
            goes_on = kept > 0 and start == kept and answer.is_same(validator)
            if answer.status == 206 and not goes_on:
                self._forget()
                raise Broken("bad-answer", "the server sent another part of the file than was asked for")
            self._receive(answer, kept if goes_on else 0)

    def _receive(self, answer: Answer, start: int) -> None:
        total = None if answer.length is None else start + answer.length
        if total is not None and total > self._limits.max_bytes:
            raise self._too_large(f"it has {total:,} bytes")
        if self._place.path.suffix.casefold() not in _PAGE_SUFFIXES and answer.is_page:
            raise DownloadRefused(self._url, _PAGE_SENT)
        _Origin(self._url, answer.validator).write(self._place.origin)
        with self._place.part.open("ab" if start else "wb") as file:
            self._copy(answer, file, start, total)

    def _copy(self, answer: Answer, file: BinaryIO, received: int, total: int | None) -> None:
        checked, at = time.monotonic(), received
        for block in answer.blocks(_BLOCK):
            file.write(block)
            received += len(block)
            self._brought += len(block)
            self._furthest = max(self._furthest, received)
            if received > self._limits.max_bytes:
                self._forget()
                raise self._too_large("more came")
            now = time.monotonic()
            if now - checked >= self._limits.patience:
                if (received - at) / (now - checked) < self._limits.least_rate:
                    raise Broken("timeout", "the server sends next to nothing", passing=False)
                checked, at = now, received
            self._tell(received, total)
        self._tell(received, received)

    def _tell(self, received: int, total: int | None) -> None:
        if self._progress:
            elapsed = max(time.monotonic() - self._started, 1e-6)
            self._progress(Transfer(received, total, self._brought / elapsed))

    def _too_large(self, what: str) -> DownloadRefused:
        return DownloadRefused(
            self._url,
            f"the file is too large: {what} and the limit is {self._limits.max_bytes:,} "
            "(COMPETENCY_FETCH_MAX_MB raises it)",
        )

    def _check_page(self) -> None:
        """A file that is a web page under another name, or one that asks for a password, is not the file."""
        with self._place.part.open("rb") as file:
            start = file.read(_BLOCK)
        named = self._place.path.suffix.casefold() in _PAGE_SUFFIXES
        if _PAGE_START.match(start) and (not named or _PASSWORD.search(start)):
            raise DownloadRefused(self._url, _PAGE_SENT)

    def _wait(self, broken: Broken, tries: int) -> None:
        pause = self._limits.pause * 2 ** (tries - 1) if broken.wait is None else broken.wait
        time.sleep(min(pause, self._limits.longest_wait))


_PAGE_SENT = (
    "the server sent a web page in place of a file; it may ask to log in or to agree to something. Open the "
    "address in a browser, and give the file to: competency ingest (to fetch a page itself, "
    "use --name page.html)"
)


def _check_digest(url: str, digest: str, wanted: str) -> None:
    if wanted and digest != wanted:
        raise DownloadRefused(
            url, f"the SHA-256 checksum is {digest} and not {wanted}; nothing was kept of it"
        )


def _digest_of(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return digest, path.stat().st_size


def _disk_error(url: str, error: OSError) -> DownloadFailed:
    reason = (
        "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror or str(error)
    )
    where = f" ({error.filename})" if error.filename else ""
    return DownloadFailed(url, "disk", f"the file cannot be written: {reason}{where}")

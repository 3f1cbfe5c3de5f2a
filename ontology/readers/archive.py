"""Zip containers (ODT, DOCX, XLSX, packed CSV), opened so that no file in them can do harm."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ontology.errors import DocumentError

if TYPE_CHECKING:
    from ontology.readers.limits import Limits

__all__ = ["Archive", "has_member"]

_ENCRYPTED = 0x1
_SMALL = 1_000_000
_FAILURES = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


def has_member(data: bytes, *names: str) -> bool:
    """Whether the bytes are a zip that lists one of these names; nothing is unpacked."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return not set(names).isdisjoint(packed.namelist())
    except _FAILURES:
        return False


class Archive:
    """A zip in memory. All that is wrong with it as a whole is found when it is opened.

    Raises ``DocumentError`` for what is no zip, is encrypted, has a name that leads out of it or is there
    twice, or is larger than ``limits`` allow.
    """

    def __init__(self, data: bytes, file: str, limits: Limits) -> None:
        self._file = file
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(data))
        except _FAILURES as error:
            raise DocumentError(
                f"the zip container is damaged: {error}", file=file, expected="a whole zip container"
            ) from error
        self._members = {info.filename: info for info in self._packed.infolist()}
        self._check(self._packed.infolist(), limits)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the members, in the order of the archive."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of a member; raises ``DocumentError`` where there is none or it is damaged."""
        info = self._members.get(name)
        if info is None:
            raise DocumentError("the container lacks a part", file=self._file, field=name, expected=name)
        try:
            with self._packed.open(info) as stream:
                data = stream.read(info.file_size + 1)
        except _FAILURES as error:
            raise DocumentError(
                f"a part of the container is damaged: {error}", file=self._file, field=name
            ) from error
        if len(data) != info.file_size:
            raise DocumentError("a part has another size than it says", file=self._file, field=name)
        return data

    def _check(self, members: list[zipfile.ZipInfo], limits: Limits) -> None:
        if len(members) > limits.members:
            raise self._refusal(f"the container has {len(members)} parts", f"at most {limits.members}")
        if len(self._members) < len(members):
            raise self._refusal("a part of the container is there twice", "each part once")
        total = sum(info.file_size for info in members)
        if total > limits.unpacked_bytes:
            raise self._refusal(
                f"the container would unpack to {total} bytes", f"at most {limits.unpacked_bytes} bytes"
            )
        for info in members:
            path = PurePosixPath(info.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or ":" in info.filename:
                raise self._refusal("the name of a part leads out of the container", "a name within it", info)
            if info.flag_bits & _ENCRYPTED:
                raise self._refusal("the container is encrypted", "a file without a password", info)
            if info.file_size > max(_SMALL, limits.ratio * info.compress_size):
                raise self._refusal(
                    f"a part would unpack to {info.file_size} bytes from {info.compress_size}",
                    f"at most {limits.ratio} times as much",
                    info,
                )

    def _refusal(self, reason: str, expected: str, info: zipfile.ZipInfo | None = None) -> DocumentError:
        field = info.filename[:100] if info else None
        return DocumentError(reason, file=self._file, field=field, expected=expected)

"""Readers of standards: ``read_standard`` looks at the content and takes the reader that knows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.icap_text import read_icap_text, recognises_icap_text
from ontology.readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontology.model import Standard

__all__ = ["DEFAULT_MAX_BYTES", "READERS", "Reader", "read_standard"]

DEFAULT_MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: ``recognises`` judges by content alone, ``read`` takes the bytes and the file's name."""

    label: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str], Standard]


READERS: tuple[Reader, ...] = (
    Reader("text extracted from an iCAP standard", recognises_icap_text, read_icap_text),
)


def read_standard(
    source: Path | bytes, name: str | None = None, *, max_bytes: int = DEFAULT_MAX_BYTES
) -> Standard:
    """The standard in a file, or in the bytes of one.

    ``name`` is what messages and ``Standard.source`` call the document. Without it messages give the path
    and ``source`` the file's name; bytes are called ``document``. Raises ``DocumentError``, and nothing
    else, where there is no such file, it is larger than ``max_bytes``, or it cannot be read.
    """
    if isinstance(source, Path):
        called = name or str(source)
        data = _bytes_of(source, called, max_bytes)
        name = name or source.name
    else:
        called = name or "document"
        data = source
    _check_size(len(data), called, max_bytes)
    if not data.strip():
        raise DocumentError("the file is empty", file=called, expected="a competency standard")
    for reader in READERS:
        if reader.recognises(data):
            return replace(reader.read(data, called), source=name or called)
    expected = " or ".join(reader.label for reader in READERS)
    if data.startswith((b"%PDF", b"PK\x03\x04")):
        raise DocumentError("no reader knows this format", file=called, expected=expected)
    decode(data, called)
    raise DocumentError("this is not a competency standard", file=called, expected=expected)


def _bytes_of(path: Path, name: str, max_bytes: int) -> bytes:
    try:
        _check_size(path.stat().st_size, name, max_bytes)
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DocumentError(f"the file cannot be opened: {reason}", file=name) from error


def _check_size(size: int, name: str, max_bytes: int) -> None:
    if size > max_bytes:
        raise DocumentError(
            f"the file has {size} bytes, which is too large", file=name, expected=f"at most {max_bytes} bytes"
        )

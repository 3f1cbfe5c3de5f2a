"""Readers of standards: ``read_standards`` looks at the content and takes the reader that knows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.archive import Archive
from ontology.readers.au_units import read_au_units, recognises_au_units
from ontology.readers.case import read_case, recognises_case
from ontology.readers.icap_docx import read_icap_docx, recognises_docx
from ontology.readers.icap_html import read_icap_html, recognises_html
from ontology.readers.icap_json import read_icap_json, recognises_icap_json
from ontology.readers.icap_odt import read_icap_odt, recognises_odt
from ontology.readers.icap_pdf import read_icap_pdf, recognises_icap_pdf
from ontology.readers.icap_text import read_icap_text, recognises_icap_text
from ontology.readers.limits import DEFAULT_LIMITS, Limits
from ontology.readers.rdf_documents import read_rdf, recognises_rdf
from ontology.readers.standard_json import read_standard_json, recognises_json
from ontology.readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontology.model import Standard

__all__ = [
    "DEFAULT_LIMITS",
    "READERS",
    "SUFFIXES",
    "Limits",
    "Reader",
    "read_standard",
    "read_standards",
]


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: ``recognises`` judges by content alone, ``read`` takes the bytes, the file's name and
    the limits. ``suffixes`` are those by which folders are searched for it.
    """

    label: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str, Limits], tuple[Standard, ...]]


def _one(read: Callable[[bytes, str], Standard]) -> Callable[[bytes, str, Limits], tuple[Standard, ...]]:
    return lambda data, name, _: (read(data, name),)


def _limited(
    read: Callable[[bytes, str, Limits], Standard],
) -> Callable[[bytes, str, Limits], tuple[Standard, ...]]:
    return lambda data, name, limits: (read(data, name, limits),)


def _several(
    read: Callable[[bytes, str], tuple[Standard, ...]],
) -> Callable[[bytes, str, Limits], tuple[Standard, ...]]:
    return lambda data, name, _: read(data, name)


READERS: tuple[Reader, ...] = (
    Reader("RDF that this program writes", (".ttl", ".nt", ".jsonld"), recognises_rdf, _several(read_rdf)),
    Reader("an iCAP standard as ODT", (".odt",), recognises_odt, _limited(read_icap_odt)),
    Reader("as PDF", (".pdf",), recognises_icap_pdf, _limited(read_icap_pdf)),
    Reader("as DOCX", (".docx",), recognises_docx, _limited(read_icap_docx)),
    Reader("as HTML", (".html", ".htm"), recognises_html, _limited(read_icap_html)),
    Reader("its public JSON", (".json",), recognises_icap_json, _several(read_icap_json)),
    Reader("a CASE package", (".json",), recognises_case, _several(read_case)),
    Reader("Australian units as JSON", (".json",), recognises_au_units, _several(read_au_units)),
    Reader("the JSON that this program writes", (".json",), recognises_json, _several(read_standard_json)),
    Reader("text extracted from an iCAP standard", (".txt",), recognises_icap_text, _one(read_icap_text)),
)
"""In the order in which they are asked: those that know their format by more come first."""

SUFFIXES = tuple(sorted({suffix for reader in READERS for suffix in reader.suffixes}))


def read_standard(
    source: Path | bytes, name: str | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> Standard:
    """The one standard in a file, as ``read_standards`` gives it; several are a ``DocumentError``."""
    standards = read_standards(source, name, limits=limits)
    if len(standards) > 1:
        raise DocumentError(
            f"the file holds {len(standards)} standards",
            file=name or (str(source) if isinstance(source, Path) else "document"),
            expected="one standard",
        )
    return standards[0]


def read_standards(
    source: Path | bytes, name: str | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Standard, ...]:
    """The standards in a file, or in the bytes of one: at least one, in the file's order.

    ``name`` is what messages and ``Standard.source`` call the document. Without it messages give the path
    and ``source`` the file's name; bytes are called ``document``. A document that names its own source
    keeps it. Raises ``DocumentError``, and nothing else, where there is no such file, it is over
    ``limits``, or it cannot be read.
    """
    if isinstance(source, Path):
        called = name or str(source)
        data = _bytes_of(source, called, limits.bytes)
        name = name or source.name
    else:
        called = name or "document"
        data = source
    _check_size(len(data), called, limits.bytes)
    if not data.strip():
        raise DocumentError("the file is empty", file=called, expected="a competency standard")
    for reader in READERS:
        if reader.recognises(data):
            found = reader.read(data, called, limits)
            return tuple(
                replace(one, source=name or called) if one.source == called else one for one in found
            )
    expected = " or ".join(reader.label for reader in READERS)
    if data.startswith(b"PK"):
        Archive(data, called, limits)
    if data.startswith((b"%PDF", b"PK")):
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

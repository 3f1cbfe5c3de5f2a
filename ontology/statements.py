"""Where RDF statements are written to: a graph in memory, or N-Triples on their way to disk.

The line writer exists because a release has millions of statements, and making an rdflib term for each takes
longer than loading them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from rdflib import XSD, Graph, Literal, URIRef

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO, Self

__all__ = ["GraphSink", "Scalar", "StatementFile", "StatementFileWriter", "StatementSink"]

Scalar = bool | int | float | date

_NO_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPED = re.compile(r'["\\\n\r]')
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
_BUFFER = 4_000


class StatementSink(Protocol):
    """Takes statements one by one; an IRI is a plain string. Raises ``ValueError`` for an IRI or a text that
    cannot be said in RDF."""

    def link(self, subject: str, predicate: str, target: str) -> None:
        """A statement whose object is an IRI."""

    def text(self, subject: str, predicate: str, text: str, language: str | None = None) -> None:
        """A statement whose object is a text, with a language tag or plain."""

    def value(self, subject: str, predicate: str, value: Scalar) -> None:
        """A statement whose object is a truth value, a number or a date."""


class GraphSink:
    """Into an rdflib graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def link(self, subject: str, predicate: str, target: str) -> None:
        for iri in (subject, predicate, target):
            _check_iri(iri)
        self.graph.add((URIRef(subject), URIRef(predicate), URIRef(target)))

    def text(self, subject: str, predicate: str, text: str, language: str | None = None) -> None:
        text.encode()  # so that a lone surrogate is found here, and not when the graph is written out
        self.graph.add((URIRef(subject), URIRef(predicate), Literal(text, lang=language)))

    def value(self, subject: str, predicate: str, value: Scalar) -> None:
        text, datatype = _typed(value)
        self.graph.add((URIRef(subject), URIRef(predicate), Literal(text, datatype=URIRef(datatype))))


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A document as a file of N-Triples; ``digest`` is the SHA-256 of its bytes, ``statements`` its lines."""

    path: Path
    digest: str
    statements: int


class StatementFileWriter:
    """Into a file of N-Triples (https://www.w3.org/TR/n-triples/), as a context; ``finished`` afterwards.

    The same calls give the same bytes, so the digest tells whether a document changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self._lines: list[str] = []
        self._count = 0

    def __enter__(self) -> Self:
        self._file = self._path.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            if kind is None:
                self._flush()
        finally:
            self._file.close()

    def link(self, subject: str, predicate: str, target: str) -> None:
        _check_iri(subject)
        _check_iri(target)
        # Not by way of another method: there are millions of these.
        self._lines.append(f"<{subject}> <{predicate}> <{target}> .\n")
        if len(self._lines) >= _BUFFER:
            self._flush()

    def text(self, subject: str, predicate: str, text: str, language: str | None = None) -> None:
        _check_iri(subject)
        if language and not _is_language(language):
            raise ValueError(f"{language!r} is no language tag")
        tag = f"@{language}" if language else ""
        if _ESCAPED.search(text):
            text = text.translate(_ESCAPES)
        self._lines.append(f'<{subject}> <{predicate}> "{text}"{tag} .\n')
        if len(self._lines) >= _BUFFER:
            self._flush()

    def value(self, subject: str, predicate: str, value: Scalar) -> None:
        _check_iri(subject)
        text, datatype = _typed(value)
        self._lines.append(f'<{subject}> <{predicate}> "{text}"^^<{datatype}> .\n')
        if len(self._lines) >= _BUFFER:
            self._flush()

    def finished(self) -> StatementFile:
        """The file, once the context has been left."""
        return StatementFile(self._path, self._digest.hexdigest(), self._count)

    def _flush(self) -> None:
        assert self._file is not None
        self._count += len(self._lines)
        data = "".join(self._lines).encode()
        self._lines.clear()
        self._digest.update(data)
        self._file.write(data)


@lru_cache(maxsize=64)
def _is_language(tag: str) -> bool:
    return re.fullmatch("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", tag) is not None


@lru_cache(maxsize=65_536)
def _check_iri(iri: str) -> None:
    if _NO_IRI.search(iri):
        raise ValueError(f"{iri!r} is no IRI: it holds a blank or a character that IRIs cannot have")


def _typed(value: Scalar) -> tuple[str, str]:
    """Lexical form and datatype; a float is an ``xsd:decimal`` in its canonical form."""
    if isinstance(value, bool):
        return ("true" if value else "false"), str(XSD.boolean)
    if isinstance(value, int):
        return str(value), str(XSD.integer)
    if isinstance(value, date):
        return value.isoformat(), str(XSD.date)
    text = f"{value:.10f}".rstrip("0")
    return (f"{text}0" if text.endswith(".") else text), str(XSD.decimal)

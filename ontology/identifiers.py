"""IRIs of everything the graph names, and codes as people type them.

Codes are local to their document, so an element's IRI carries both: ``{base}icap/BGM1219-002v2/S1/2`` is
the second bulleted item of S1. IRIs are stable: they depend on codes alone, never on order or text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from ontology.model import Standard

__all__ = [
    "DEFAULT_BASE",
    "FRAMEWORK_NAMESPACES",
    "ONTOLOGY",
    "Identifiers",
    "concept_reference",
    "split_item",
    "standard_key",
    "standard_reference",
]

DEFAULT_BASE = "https://w3id.org/competency-graph/id/"
ONTOLOGY = "https://w3id.org/competency-graph/ontology#"

FRAMEWORK_NAMESPACES = ("http://data.europa.eu/esco/",)
"""Beginnings of the IRIs that frameworks themselves give what is loaded here."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_VERSIONED = re.compile(r"(?P<series>.+?)[vV](?P<number>\d+)")


def standard_key(code: str, version: str = "") -> str:
    """The code of a standard with its version in it: first versions are printed with and without ``v1``.

    >>> standard_key("BGM1219-002", "V1")
    'BGM1219-002v1'
    >>> standard_key("BGM1219-002V2")
    'BGM1219-002v2'
    """
    code = code.strip()
    if match := _VERSIONED.fullmatch(code):
        return f"{match['series']}v{match['number']}"
    number = version.strip().lstrip("vV")
    return f"{code}v{number}" if number.isdigit() else code


def split_item(code: str) -> tuple[str, int | None]:
    """``S1#2`` is ``("S1", 2)``; a code without a sub-item has ``None``."""
    parent, separator, number = code.partition("#")
    return (parent, int(number)) if separator and number.isdecimal() else (code, None)


def concept_reference(scheme: str, code: str) -> str:
    """The reference of one code of a concept scheme: its IRI without the base."""
    return f"code/{_segment(scheme)}/{_segment(code)}"


def standard_reference(framework: str, key: str) -> str:
    """The reference of a standard: its IRI without the base."""
    return f"{_segment(framework)}/{_segment(key)}"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Makes IRIs under one base, which ends in ``/`` or ``#``."""

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*[/#]", self.base):
            raise ValueError(f"the base must be an absolute IRI that ends in / or #, not {self.base!r}")

    def absolute(self, reference: str) -> str:
        """The IRI that a reference means: an absolute IRI is one already, anything else follows the base."""
        return reference if _SCHEME.match(reference) else self.base + reference

    def framework(self, framework: str) -> str:
        return self.base + _segment(framework)

    def standard(self, framework: str, key: str) -> str:
        """``key`` is a code with its version, as ``standard_key`` gives it."""
        return self.base + standard_reference(framework, key)

    def of_standard(self, standard: Standard) -> str:
        """The IRI that the framework itself gives a standard, else the one that is made from its code."""
        key = standard_key(standard.code, standard.version)
        return standard.iri or self.standard(standard.framework, key)

    def series(self, framework: str, key: str) -> str:
        """All versions of one standard together: the code without its version, under ``series/``."""
        match = _VERSIONED.fullmatch(key)
        return f"{self.base}series/{_segment(framework)}/{_segment(match['series'] if match else key)}"

    def element(self, standard_iri: str, code: str) -> str:
        """``code`` may name a sub-item (``S1#2``)."""
        parent, number = split_item(code)
        iri = f"{standard_iri}/{_segment(parent)}"
        return iri if number is None else f"{iri}/{number}"

    def level(self, framework: str, level: int) -> str:
        return f"{self.base}level/{_segment(framework)}/{level}"

    def scheme(self, scheme: str) -> str:
        """A classification's concept scheme, such as ``occupation-mol-tw``."""
        return f"{self.base}code/{_segment(scheme)}"

    def concept(self, scheme: str, code: str) -> str:
        """One code of a classification."""
        return self.base + concept_reference(scheme, code)

    def local_concept(self, framework: str, kind: str, language: str, digest: str) -> str:
        """A concept of our own, by the digest of its folded text."""
        return f"{self.base}concept/{_segment(framework)}/{_segment(kind)}/{_segment(language)}-{digest}"

    def links_of(self, standard_iri: str) -> str:
        """The document of the links of a standard's elements."""
        own = standard_iri.startswith(self.base)
        return f"{self.base}links/{standard_iri.removeprefix(self.base) if own else _segment(standard_iri)}"

    def path(self, iri: str) -> str | None:
        """What follows the base in one of our IRIs, percent-decoding undone; ``None`` for other IRIs."""
        return unquote(iri.removeprefix(self.base)) if iri.startswith(self.base) else None


def _segment(text: str) -> str:
    """One path segment: everything but unreserved characters is percent-encoded as UTF-8 (RFC 3986)."""
    if not text:
        raise ValueError("an identifier cannot be made from an empty code")
    return quote(text, safe="")

"""What the reader and the writer of CASE share (1EdTech Competencies and Academic Standards Exchange).

Fields of a package that the model has no place for are kept as details, by their own names: a string as it
is, anything else as JSON text, and so a string that would itself read as JSON.
"""

from __future__ import annotations

import json
import re
from uuid import NAMESPACE_URL, uuid5

__all__ = [
    "ASSOCIATION_TYPES",
    "EXTENSION",
    "STATUSES",
    "UUID",
    "case_identifier",
    "detail_text",
    "detail_value",
    "is_iri",
    "is_language",
    "shown_detail",
]

EXTENSION = "competency-graph"
"""The member of ``extensions`` that holds what CASE itself has no field for."""

ASSOCIATION_TYPES = (
    "isChildOf",
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
    "isTranslationOf",
)
STATUSES = ("Private Draft", "Draft", "Adopted", "Deprecated")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_PART = r"(?:[A-Za-z0-9._~:/?@!$&'()*+,;=\-\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef]|%[0-9A-Fa-f]{2})*"
_IRI = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:(?P<rest>{_PART})(?:#{_PART})?")
_AUTHORITY = re.compile(r"//[^:/?]+(?::\d*)?(?:[/?].*)?", re.DOTALL)


def detail_text(value: object) -> str:
    """A value of a package as details keep it."""
    if isinstance(value, str) and detail_value(value) is value:
        return value
    return json.dumps(value, ensure_ascii=False)


def detail_value(text: str) -> object:
    """The value that ``detail_text`` made a text of."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def shown_detail(text: str) -> str:
    """A detail for people: a string without the quotes that tell it from other JSON."""
    value = detail_value(text)
    return value if isinstance(value, str) else text


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI that every RDF store takes; stricter than RFC 3987 allows."""
    match = _IRI.fullmatch(text)
    if match is None:
        return False
    rest = match["rest"]
    return bool(_AUTHORITY.fullmatch(rest)) if rest.startswith("//") else bool(rest)


def is_language(text: str) -> bool:
    """Whether a text has the form of a BCP 47 tag."""
    return _LANGUAGE.fullmatch(text) is not None


def case_identifier(iri: str) -> str:
    """The UUID that a thing has in CASE: version 5 of its IRI in the namespace for URLs (RFC 9562, 6.6), so
    that an export names it the same each time."""
    return str(uuid5(NAMESPACE_URL, iri))

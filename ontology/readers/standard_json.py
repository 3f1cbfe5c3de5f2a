"""Reader of the project's own JSON (``ontology.json_form``), loss-free: one standard, or a list of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.json_form import from_json
from ontology.readers.json_document import json_text, load_json

if TYPE_CHECKING:
    from ontology.model import Standard

__all__ = ["read_standard_json", "recognises_json"]


def recognises_json(data: bytes) -> bool:
    """Whether the bytes begin as a JSON object or list, of whatever kind."""
    return bool(json_text(data))


def read_standard_json(data: bytes, name: str) -> tuple[Standard, ...]:
    """The standards of a document as ``competency parse --json`` and ``export --format json`` write it.

    ``source`` stays what the document says, and is ``name`` where it says nothing. Raises ``DocumentError``
    with the path of what does not fit.
    """
    value = load_json(data, name)
    if not isinstance(value, list):
        if isinstance(value, dict) and "code" not in value:
            raise DocumentError(
                "the JSON is of no known form",
                file=name,
                field=next(iter(value), None),
                expected="a standard as `competency parse --json` prints it, or one of the public iCAP JSON",
            )
        return (_read(value, name, ""),)
    if not value:
        raise DocumentError("the list is empty", file=name, expected="at least one standard")
    return tuple(_read(member, name, f"[{position}]") for position, member in enumerate(value))


def _read(value: object, name: str, path: str) -> Standard:
    standard = from_json(value, name, path)
    return standard if standard.source else replace(standard, source=name)

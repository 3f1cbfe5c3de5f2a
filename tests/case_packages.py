"""A small CASE package for tests: two items under a third, one association of each sort."""

from __future__ import annotations

import copy
import json
from typing import Any

__all__ = ["DOCUMENT", "FIRST", "SECOND", "TOP", "package", "package_bytes"]

DOCUMENT = "11111111-1111-4111-8111-111111111111"
TOP = "22222222-2222-4222-8222-222222222222"
FIRST = "33333333-3333-4333-8333-333333333333"
SECOND = "44444444-4444-4444-8444-444444444444"
_WHEN = "2024-03-01T08:00:00+00:00"


def _uri(identifier: str) -> str:
    return f"http://case.example.org/uri/{identifier}"


def _node(identifier: str) -> dict[str, Any]:
    return {"title": f"node {identifier[:4]}", "identifier": identifier, "uri": _uri(identifier)}


def _item(identifier: str, code: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "uri": _uri(identifier),
        "fullStatement": text,
        "humanCodingScheme": code,
        "lastChangeDateTime": _WHEN,
        **more,
    }


def _association(number: int, kind: str, origin: str, destination: str, **more: Any) -> dict[str, Any]:
    identifier = f"5555555{number}-5555-4555-8555-555555555555"
    return {
        "identifier": identifier,
        "uri": _uri(identifier),
        "associationType": kind,
        "originNodeURI": _node(origin),
        "destinationNodeURI": _node(destination),
        "lastChangeDateTime": _WHEN,
        **more,
    }


_PACKAGE: dict[str, Any] = {
    "CFDocument": {
        "identifier": DOCUMENT,
        "uri": _uri(DOCUMENT),
        "creator": "Example Guild",
        "title": "Baking",
        "lastChangeDateTime": _WHEN,
        "version": "2024",
        "adoptionStatus": "Adopted",
        "description": "What a baker can do.",
        "language": "en",
        "subject": ["Food", "Craft"],
        "notes": "Reviewed each year.",
    },
    "CFItems": [
        _item(FIRST, "B.1", "Kneads dough by hand.", notes="Wheat and rye.", CFItemType="Competency"),
        _item(SECOND, "B.2", "Heats the oven.", language="en-GB", abbreviatedStatement="Oven"),
        _item(TOP, "B", "Bakes bread.", educationLevel=["09", "10"], listEnumeration="1"),
    ],
    "CFAssociations": [
        _association(1, "isChildOf", FIRST, TOP, sequenceNumber=2),
        _association(2, "isChildOf", SECOND, TOP, sequenceNumber=1),
        _association(3, "isChildOf", TOP, DOCUMENT, sequenceNumber=1),
        _association(4, "precedes", SECOND, FIRST),
        _association(5, "exactMatchOf", TOP, "66666666-6666-4666-8666-666666666666"),
    ],
    "CFDefinitions": {"CFItemTypes": [], "CFSubjects": [{"title": "Food"}]},
    "CFRubrics": [{"identifier": "77777777-7777-4777-8777-777777777777", "title": "Crust"}],
}


def package(**changes: Any) -> dict[str, Any]:
    """The package with the values under paths such as ``CFItems__0__uri`` changed; ``...`` takes one away."""
    document = copy.deepcopy(_PACKAGE)
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdecimal() else step for step in path.split("__")]
        target: Any = document
        for step in steps:
            target = target[step]
        if value is ...:
            del target[last]
        else:
            target[last] = value
    return document


def package_bytes(**changes: Any) -> bytes:
    return json.dumps(package(**changes), ensure_ascii=False).encode()

"""Writer of the project's own JSON (``ontology.json_form``): a standard, or a list of several."""

from __future__ import annotations

import json
from itertools import chain, islice
from typing import TYPE_CHECKING

from ontology.writers.writer import Loss, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["JSON"]


def _write(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    return b"".join(_stream(standards, identifiers))


def _stream(standards: Iterable[Standard], _: Identifiers) -> Iterator[bytes]:
    waiting = iter(standards)
    first = list(islice(waiting, 2))
    if len(first) == 1:
        yield _text(first[0]).encode() + b"\n"
        return
    yield b"["
    mark = b"\n"
    for standard in chain(first, waiting):
        yield mark + _text(standard).encode()
        mark = b",\n"
    yield b"\n]\n"


def _text(standard: Standard) -> str:
    from ontology.json_form import to_json

    return json.dumps(to_json(standard), ensure_ascii=False, indent=2)


def _losses(standards: Sequence[Standard]) -> tuple[Loss, ...]:
    """None, but for a name that a list of further fields has twice: JSON holds each key once."""
    found = []
    for standard in standards:
        for path, lists in (
            ("details", [standard.details]),
            ("statements[].details", [one.details for one in standard.statements]),
            ("associations[].details", [one.details for one in standard.associations]),
        ):
            doubled = sum(len(details) - len(dict(details)) for details in lists)
            if doubled:
                found.append(Loss(standard.code, path, "of a name given twice the last stays", doubled))
    return tuple(found)


JSON = Writer("json", "JSON", "application/json", ".json", _write, _losses, _stream)

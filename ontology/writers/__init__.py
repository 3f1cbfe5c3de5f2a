"""Writers of standards: one module a format, chosen by name.

What a format cannot carry is never left out silently: ``losses`` says it, field by field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["WRITERS", "Loss", "Writer", "writer_named"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a standard that a format does not carry.

    ``standard`` is its code, ``field`` a field of the JSON form (``tasks[0].activities[1].outputs``) or a
    kind of element, ``reason`` a sentence for a person, ``count`` how many values are concerned.
    """

    standard: str
    field: str
    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Writer:
    """One format. ``write`` gives the bytes of a whole file for one standard or several; ``losses`` what of
    them is not in it, an empty tuple where nothing is lost."""

    name: str
    label: str
    media_type: str
    suffix: str
    write: Callable[[Sequence[Standard], Identifiers], bytes]
    losses: Callable[[Sequence[Standard]], tuple[Loss, ...]]


WRITERS: tuple[Writer, ...] = ()


def writer_named(name: str) -> Writer:
    """The writer of a format. Raises ``InvalidInput`` with the names there are."""
    for writer in WRITERS:
        if writer.name == name:
            return writer
    known = ", ".join(writer.name for writer in WRITERS)
    raise InvalidInput(f"no format is known under {name!r}; there are {known}")

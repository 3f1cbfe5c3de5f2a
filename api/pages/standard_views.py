"""Parts of the page of a standard: its doubts in short, its notes, its files and its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ontology.model import Doubt

__all__ = [
    "DoubtGroup",
    "DoubtPlace",
    "DownloadGroup",
    "File",
    "NotePart",
    "NoteView",
    "SortColumn",
    "doubt_groups",
]

_PLACES = 8
_FIELDS = {
    "category": "profile",
    "occupation": "profile",
    "industry": "profile",
    "version": "profile",
    "notes": "notes",
}
"""The fields that readers doubt, by the section of the page that they stand in."""


@dataclass(frozen=True, slots=True)
class DoubtPlace:
    """Where a doubt stands: ``label`` is a code, or a field by the key of its words where ``is_field``;
    ``href`` leads there within the page."""

    label: str
    href: str
    is_field: bool = False


@dataclass(frozen=True, slots=True)
class DoubtGroup:
    """The doubts of one kind: ``count`` of them, with the first places; ``rest`` are not named."""

    kind: str
    count: int
    places: tuple[DoubtPlace, ...]
    rest: int


def doubt_groups(
    doubts: Sequence[Doubt], elements: Collection[str], anchor: Callable[[str], str]
) -> tuple[DoubtGroup, ...]:
    """The doubts by kind, in the order of the document. An element or a field of the page is a place to go;
    others lead to the doubt itself in the list of all."""
    found: dict[str, list[DoubtPlace]] = {}
    for number, doubt in enumerate(doubts, 1):
        field = re.split(r"[.\[]", doubt.where, maxsplit=1)[0]
        if doubt.where in elements:
            place = DoubtPlace(doubt.where, f"#{anchor(doubt.where)}")
        elif field in _FIELDS:
            place = DoubtPlace(field, f"#{_FIELDS[field]}", is_field=True)
        else:
            place = DoubtPlace(doubt.where, f"#doubt-{number}")
        found.setdefault(doubt.kind, []).append(place)
    return tuple(
        DoubtGroup(kind, len(places), tuple(places[:_PLACES]), max(0, len(places) - _PLACES))
        for kind, places in found.items()
    )


@dataclass(frozen=True, slots=True)
class NotePart:
    """A piece of a note; ``href`` where it leads to something."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note with the line it stands under, else a word for its kind where that is not just a note."""

    heading: str
    parts: tuple[NotePart, ...]
    is_printed: bool
    """Whether the heading is of the source, and so in its language."""


@dataclass(frozen=True, slots=True)
class File:
    """A format to download, by the name of its writer."""

    format: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class DownloadGroup:
    """Formats for one sort of reader: ``people``, ``systems`` or ``data``."""

    key: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class SortColumn:
    """The head of a column: ``order`` is what ``aria-sort`` says, empty where the table is not sorted by it;
    ``href`` sorts by it, the other way round where it is sorted by it already."""

    key: str
    label: str
    order: str
    href: str

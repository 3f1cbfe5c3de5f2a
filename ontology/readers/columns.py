"""The headings of the table of tasks, and the levels in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from ontology.readers.labels import COLUMNS, label_in
from ontology.readers.text import fold_width, normal_label, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.model import Place

__all__ = ["Columns", "find_columns", "read_level"]

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 6


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands in a header row; ``width`` counts its cells up to the last heading."""

    positions: dict[str, int]
    width: int
    per_activity: bool
    unknown: tuple[tuple[int, str], ...] = ()

    def cell(self, cells: Sequence[str], column: str) -> str:
        position = self.positions.get(column)
        return "" if position is None else cells[position]


def _column(label: str) -> str | None:
    folded = label.casefold()
    if "k=" in folded:
        return "knowledge"
    if "s=" in folded:
        return "skills"
    return label_in(COLUMNS, label)


def find_columns(cells: Sequence[str]) -> Columns | None:
    """The columns that a header row names, in whatever order; ``None`` for any other row."""
    found: dict[str, int] = {}
    unknown = []
    for position, cell in enumerate(cells):
        label = normal_label(cell)
        column = _column(label)
        if column is not None and column not in found:
            found[column] = position
        elif label:
            unknown.append((position, label))
    if "indicators" not in found or "task" not in found or len(found) < len(unknown) + 3:
        return None
    per_activity = "duty" in found
    if per_activity:
        if "activity" not in found:
            found["activity"] = found["task"]
        found["task"] = found.pop("duty")
    width = max([*found.values(), *(position for position, _ in unknown)]) + 1
    return Columns(found, width, per_activity, tuple(unknown))


def read_level(text: str, *, file: str, place: Place | None, field: str) -> int:
    """A level as printed (``4``, ``４``, ``第4級``, ``Level 4``); anything but 1–6 is a ``DocumentError``."""
    match = re.fullmatch(r"(?:第|level)?\s*([0-9]{1,3})\s*級?", fold_width(text).strip(), re.IGNORECASE)
    if not match or not LOWEST_LEVEL <= int(match[1]) <= HIGHEST_LEVEL:
        raise DocumentError(
            f"{shorten(text)!r} is not a level",
            file=file,
            line=place.line if place else None,
            page=place.page if place else None,
            field=field,
            expected=f"a whole number from {LOWEST_LEVEL} to {HIGHEST_LEVEL}",
        )
    return int(match[1])

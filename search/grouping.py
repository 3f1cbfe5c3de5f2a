"""Hits by standard: the standard with the best evidence first, whatever the number of its hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.results import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.passages import Passage
    from search.results import Hit

__all__ = ["rows_by_standard", "to_group"]


def rows_by_standard(rows: Sequence[int], passages: Sequence[Passage]) -> dict[str, list[int]]:
    """The rows of each standard, in order; the standard of the first row first."""
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(passages[row].standard, []).append(row)
    return found


def to_group(passage: Passage, total: int, hits: Sequence[Hit]) -> Group:
    """The group of the standard that ``passage`` stands in."""
    return Group(
        passage.standard,
        passage.standard_name,
        passage.standard_iri,
        passage.framework,
        total,
        tuple(hits),
    )

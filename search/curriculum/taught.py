"""The competencies of an outline as rows of the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ontology.errors import NotFound
from search.comparing.results import Compared
from search.comparing.standards import Side
from search.curriculum.results import Taken
from search.passages import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.outline import Outline
    from search.comparing.standards import Comparer
    from search.passages import Passage

__all__ = ["Known", "gathered", "is_above", "taught", "with_parts"]

_HOLDERS = (STANDARD_KIND, "task", "activity")


@dataclass(frozen=True, slots=True)
class Known:
    """A competency of an outline that the index has."""

    taken: Taken
    row: int
    passage: Passage


def taught(comparer: Comparer, outline: Outline) -> tuple[tuple[Known, ...], tuple[Taken, ...]]:
    """What the index has of an outline, and what it does not have; one that a unit has twice counts once."""
    known, unknown = [], []
    for at, unit in enumerate(outline.units):
        for one in {competency.iri: competency for competency in unit.competencies}.values():
            taken = Taken(at, one)
            try:
                row = comparer.codes.row_of(one.iri)
            except NotFound:
                unknown.append(taken)
            else:
                known.append(Known(taken, row, comparer.passages[row]))
    return tuple(known), tuple(unknown)


def gathered(comparer: Comparer, rows: Sequence[int]) -> Side:
    """Any rows as a side of a comparison; at least one."""
    passages = tuple(comparer.passages[row] for row in rows)
    weights = np.ones(len(rows), np.float32)
    compared = Compared(passages[0], None, len(rows))
    return Side(rows[0], compared, passages, np.array(rows, np.int64), weights)


def with_parts(comparer: Comparer, known: Iterable[Known]) -> dict[int, list[Taken]]:
    """The rows that competencies mean, each with those that mean it: a task, an activity or a standard means
    what stands below it and what it requires, too."""
    found: dict[int, list[Taken]] = {}
    for one in known:
        rows = [one.row]
        if one.passage.kind in _HOLDERS:
            rows += comparer.side(one.passage.iri).rows.tolist()
        for row in dict.fromkeys(rows):
            found.setdefault(row, []).append(one.taken)
    return found


def is_above(above: Passage, below: Passage) -> bool:
    """Whether the one stands above the other in the same standard, or is the standard."""
    if above.standard_iri != below.standard_iri or above.iri == below.iri:
        return False
    return above.kind == STANDARD_KIND or any(step.code == above.code for step in below.path)

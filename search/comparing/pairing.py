"""Which elements of two standards are pairs: one to one where that fits best together, then many to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["assign", "attach"]


def assign(scores: NDArray[np.float32], least: float) -> list[tuple[int, int]]:
    """Rows and columns of pairs, each in one pair at most, whose sum of scores is the greatest (Jonker and
    Volgenant, as ``scipy.optimize.linear_sum_assignment`` has it); none below ``least``. By row."""
    if not scores.size:
        return []
    from scipy.optimize import linear_sum_assignment

    # what is below the least gains nothing, so that it displaces no pair
    rows, columns = linear_sum_assignment(np.where(scores >= least, scores, 0), maximize=True)
    return [
        (row, column)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if scores[row, column] >= least
    ]


def attach(scores: NDArray[np.float32], pairs: list[tuple[int, int]], least: float) -> list[tuple[int, int]]:
    """Further pairs of the rows and columns that ``pairs`` leaves out, each with the best of the other side,
    if it reaches ``least``: several may share one that way."""
    if not scores.size:
        return []
    found: dict[tuple[int, int], None] = {}
    with_row, with_column = {row for row, _ in pairs}, {column for _, column in pairs}
    for row, column in enumerate(scores.argmax(axis=1).tolist()):
        if row not in with_row and scores[row, column] >= least:
            found[row, column] = None
    for column, row in enumerate(scores.argmax(axis=0).tolist()):
        if column not in with_column and scores[row, column] >= least:
            found[row, column] = None
    return list(found)

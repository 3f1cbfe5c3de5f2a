"""Stars: a centre and what is near to it.

Members are tied to their centre alone, never to each other, so that a chain A~B~C does not make A and C one
(after Aslam, Pelekhov and Rus 2004, "The star clustering algorithm", with centres taken by weight instead of
degree).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["make_stars"]


def make_stars(
    order: Iterable[int],
    near: Mapping[int, Sequence[tuple[int, float]]],
    *,
    fixed: frozenset[int] = frozenset(),
) -> dict[int, tuple[int, float]]:
    """The centre of each row, with its score; a centre is its own, at 1.

    ``order`` gives every row once, who should rather be a centre first; ``near`` the other rows that may be
    tied to a row, with scores, the same both ways. Rows in ``fixed`` are centres whatever is near to them. A
    row that is near to no centre becomes one; every other is tied to the nearest centre, of equally near
    ones to the first in ``order``.
    """
    place = {row: at for at, row in enumerate(order)}
    centres = set(fixed)
    for row in place:
        if row not in centres and not any(other in centres for other, _ in near.get(row, ())):
            centres.add(row)
    tied: dict[int, tuple[int, float]] = {}
    for row in place:
        if row in centres:
            tied[row] = (row, 1.0)
            continue
        tied[row] = min(
            (one for one in near[row] if one[0] in centres), key=lambda one: (-one[1], place[one[0]])
        )
    return tied

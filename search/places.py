"""Where else an element stands: the rows that say the same, as places of one hit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from search.results import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from search.duplicates import Duplicates
    from search.filters import Column
    from search.passages import Passage
    from search.results import Hit

    Scored: TypeAlias = tuple[NDArray[np.int64], NDArray[np.float32]]

__all__ = ["SHOWN_PLACES", "PlaceTable", "PlacesResult"]

SHOWN_PLACES = 5
"""So many places stand in a hit itself; all of them are had page by page."""
# so many of those that say the same are compared for the one that is shown
_COMPARED = 500
# scores are rounded to the sixth digit
_EQUAL = 1.5e-6


@dataclass(frozen=True, slots=True)
class PlacesResult:
    """The other places of an element from an offset on, by IRI. ``total`` counts them all,
    ``standard_count`` the standards among them other than its own."""

    places: tuple[Place, ...]
    total: int
    standard_count: int


@dataclass(frozen=True)
class PlaceTable:
    """Places do not depend on what narrows a search, except on the versions: they are those of the ``latest``
    version of a standard, unless all versions are asked for."""

    passages: Sequence[Passage]
    duplicates: Duplicates
    latest: NDArray[np.bool_]
    standards: Column

    def shown(
        self,
        rows: Sequence[int],
        scores: NDArray[np.float32],
        score_of: Callable[[NDArray[np.int64]], Scored],
    ) -> list[int]:
        """For each of the ``rows``, the best of theirs, the row that stands for all that say the same and are
        placed as well: of a latest version where there is one, and of these that with the smallest IRI.

        ``score_of`` gives rows with their scores, −∞ for what is not let through.
        """
        alike = [self.duplicates.alike(row)[:_COMPARED] for row in rows]
        several = [some for some in alike if len(some) > 1]
        if not several:
            return list(rows)
        known, known_scores = score_of(np.unique(np.concatenate(several)).astype(np.int64))
        chosen = []
        for row, score, some in zip(rows, scores.tolist(), alike, strict=True):
            found = known_scores[np.minimum(np.searchsorted(known, some), len(known) - 1)]
            equal = some[found >= score - _EQUAL] if len(some) > 1 else some
            latest = equal[self.latest[equal]]
            best = latest if len(latest) else equal
            chosen.append(int(best[0]) if len(best) else row)
        return chosen

    def on(self, rows: Sequence[int], hits: Sequence[Hit], *, all_versions: bool) -> tuple[Hit, ...]:
        """The hits of ``rows`` with their other places."""
        found = [self.of(row, limit=SHOWN_PLACES, offset=0, all_versions=all_versions) for row in rows]
        return tuple(
            replace(hit, places=one.places, place_count=one.total, standard_count=one.standard_count)
            for hit, one in zip(hits, found, strict=True)
        )

    def of(self, row: int, *, limit: int, offset: int, all_versions: bool) -> PlacesResult:
        """The other places of ``row``."""
        alike = self.duplicates.alike(row)
        others = alike[(alike != row) & (all_versions | self.latest[alike])]
        standards = np.unique(self.standards.members[others])
        own = self.standards.members[row]
        return PlacesResult(
            tuple(_place(self.passages[other]) for other in others[offset : offset + limit].tolist()),
            len(others),
            int((standards != own).sum()),
        )


def _place(passage: Passage) -> Place:
    return Place(
        iri=passage.iri,
        code=passage.code,
        standard=passage.standard,
        standard_name=passage.standard_name,
        standard_iri=passage.standard_iri,
        framework=passage.framework,
        path=passage.path,
    )

"""Course outlines against the standards of an index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.curriculum.coverage import coverage_of
from search.curriculum.ordering import order_of
from search.curriculum.overlaps import overlaps_of
from search.curriculum.results import CurriculumResult
from search.curriculum.taught import taught

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.outline import Outline
    from search.comparing.standards import Comparer

__all__ = ["Curriculum"]


@dataclass(frozen=True)
class Curriculum:
    """Measures outlines by the stored vectors of the elements; nothing is embedded. Cheap to make."""

    comparer: Comparer

    def measure(self, outline: Outline, standards: Sequence[str] = ()) -> CurriculumResult:
        """What the outline covers of the standards with these IRIs, what its units teach twice, and the order
        that is proposed. Raises ``NotFound`` for a standard that the index does not have."""
        started = time.perf_counter()
        known, unknown = taught(self.comparer, outline)
        measured = tuple(coverage_of(self.comparer, iri, known) for iri in dict.fromkeys(standards))
        overlaps, count = overlaps_of(self.comparer, known)
        order = order_of(self.comparer, len(outline.units), known, [one.standard for one in measured])
        took = (time.perf_counter() - started) * 1000
        return CurriculumResult(outline, measured, unknown, overlaps, count, order, took)

"""What is found out about a course outline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontology.outline import Outline, OutlineCompetency
    from search.passages import Passage

__all__ = [
    "CurriculumResult",
    "Evidence",
    "Figures",
    "Overlap",
    "PlacedUnit",
    "Prerequisite",
    "StandardCoverage",
    "Status",
    "Taken",
    "Target",
    "TargetGroup",
    "figures_of",
]

_WHOLE = 0.999


class Status(StrEnum):
    """How much of an element of a standard an outline has."""

    COVERED = "covered"
    PARTLY = "partly"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Taken:
    """A competency of an outline; ``unit`` counts from 0."""

    unit: int
    competency: OutlineCompetency


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an element counts as covered, in part or whole.

    ``reason`` is ``itself``, ``above`` (the unit has its activity, its task or the standard), ``required`` (a
    knowledge or skill that its activity or task requires; ``through`` is its code), or for what comes from
    elsewhere ``text`` (the same words), ``concept`` (linked to the same shared concept) or ``meaning``.
    ``score`` (0–1) is how sure the last is, 1 for all others.
    """

    taken: Taken
    reason: str
    score: float = 1.0
    through: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """An element that a course for the standard should cover. ``value`` (0–1) says how much of it the
    outline has, ``weight`` how much it counts, ``evidence`` why, the strongest first."""

    passage: Passage
    weight: float
    value: float
    evidence: tuple[Evidence, ...]

    @property
    def status(self) -> Status:
        if self.value >= _WHOLE:
            return Status.COVERED
        return Status.PARTLY if self.value > 0 else Status.MISSING


@dataclass(frozen=True, slots=True)
class Figures:
    """How many elements of one kind there are, and how many are covered; ``share`` (0–1) is by their weights,
    those that are partly covered in part."""

    kind: str
    count: int
    covered: int
    partly: int
    share: float


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """The targets of one task, in the standard's order; in a standard without indicators and outputs of one
    kind where they stand under no task, with an empty ``code`` and the kind as ``name``."""

    code: str
    name: str
    level: int | None
    targets: tuple[Target, ...]

    @property
    def figures(self) -> tuple[Figures, ...]:
        return figures_of(self.targets)


@dataclass(frozen=True, slots=True)
class StandardCoverage:
    """What an outline covers of one standard; without groups where it has no content."""

    standard: Passage
    groups: tuple[TargetGroup, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(target for group in self.groups for target in group.targets)

    @property
    def figures(self) -> tuple[Figures, ...]:
        return figures_of(self.targets)

    @property
    def gaps(self) -> tuple[Target, ...]:
        """What is missing or covered in part only, what counts most first, then in the standard's order."""
        missing = [one for one in self.targets if one.status is not Status.COVERED]
        return tuple(sorted(missing, key=lambda one: -one.weight))


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two units teach both. ``reason`` is ``element`` (the same), ``part`` (the one is part of the
    other), ``concept``, ``text`` or ``meaning``; ``score`` as in ``Evidence``."""

    first: Taken
    second: Taken
    reason: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """That a unit needs what ``taken`` teaches, because its element ``needed_by`` (a code) requires it."""

    taken: Taken
    needed_by: str


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit in the proposed order. ``unit`` counts from 0 in the outline as it is, ``level`` is the mean of
    the levels of its competencies, ``after`` says why it comes after other units."""

    unit: int
    level: float | None
    after: tuple[Prerequisite, ...] = ()


@dataclass(frozen=True, slots=True)
class CurriculumResult:
    """What is found out about an outline. ``unknown`` are competencies that the index does not have: they are
    kept, and cover nothing. ``overlaps`` has the surest of ``overlap_count``."""

    outline: Outline
    standards: tuple[StandardCoverage, ...]
    unknown: tuple[Taken, ...]
    overlaps: tuple[Overlap, ...]
    overlap_count: int
    order: tuple[PlacedUnit, ...]
    took_ms: float

    @property
    def is_in_order(self) -> bool:
        return [one.unit for one in self.order] == sorted(one.unit for one in self.order)


def figures_of(targets: Iterable[Target]) -> tuple[Figures, ...]:
    """By kind: indicators and outputs, then others in the order in which they first stand there."""
    kinds: dict[str, list[Target]] = {"indicator": [], "output": []}
    for one in targets:
        kinds.setdefault(one.passage.kind, []).append(one)
    found = []
    for kind, some in kinds.items():
        if not some:
            continue
        weight = sum(one.weight for one in some)
        share = sum(one.value * one.weight for one in some) / weight if weight else 0.0
        states = [one.status for one in some]
        found.append(
            Figures(
                kind, len(some), states.count(Status.COVERED), states.count(Status.PARTLY), round(share, 4)
            )
        )
    return tuple(found)

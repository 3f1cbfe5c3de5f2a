"""What the page of comparisons is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.pair_drawing import DrawingView
    from api.pages.problem_views import ProblemView
    from api.pages.views import Choice, Download

__all__ = [
    "CompareView",
    "ComparedView",
    "ElementView",
    "GroupView",
    "KindRow",
    "NearRow",
    "NearestView",
    "PairRow",
    "SideView",
]


@dataclass(frozen=True, slots=True)
class ElementView:
    """An element of a side; ``above`` is the text of what stands right above it."""

    iri: str
    code: str
    kind: str
    text: str
    language: str
    above: str = ""


@dataclass(frozen=True, slots=True)
class SideView:
    """A side: its ``letter``, its standard, the ``part`` that is compared where it is not the whole, and how
    much of it the other has in per cent; ``None`` where it has no elements."""

    letter: str
    iri: str
    code: str
    name: str
    language: str
    framework: str
    level: int | None
    part: ElementView | None
    size: int
    percent: int | None


@dataclass(frozen=True, slots=True)
class KindRow:
    """The coverage of a kind in per cent, and how many elements of it there are."""

    kind: str
    percent_a: int | None
    percent_b: int | None
    count_a: int
    count_b: int


@dataclass(frozen=True, slots=True)
class PairRow:
    """``number`` is that of the drawing, from 1; ``sign`` stands beside the word for the verdict, ``percent``
    is the score of 0–100; ``shared`` where either is in other pairs, too."""

    number: int
    a: ElementView
    b: ElementView
    verdict: str
    sign: str
    percent: int
    reason: str
    shared: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """Pairs, or elements that only one side has, under a task (``code`` and ``text``) or of a ``kind``."""

    kind: str
    code: str
    text: str
    language: str
    pairs: tuple[PairRow, ...] = ()
    elements: tuple[ElementView, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedView:
    """Two standards side by side; ``settles`` says that pairs can be accepted and rejected here."""

    a: SideView
    b: SideView
    kinds: tuple[KindRow, ...]
    drawing: DrawingView
    groups: tuple[GroupView, ...]
    only_a: tuple[GroupView, ...]
    only_b: tuple[GroupView, ...]
    pair_count: int
    count_a: int
    count_b: int
    level: str
    notes: tuple[str, ...]
    likeness: int
    settles: bool
    swap: str
    downloads: tuple[Download, ...]
    permalink: str


@dataclass(frozen=True, slots=True)
class NearRow:
    """A standard like the one that was named; percentages as in ``KindRow``."""

    iri: str
    code: str
    name: str
    language: str
    framework: str
    level: int | None
    percent: int
    percent_a: int | None
    percent_b: int | None
    href: str


@dataclass(frozen=True, slots=True)
class NearestView:
    """A page of the standards nearest to one."""

    side: SideView
    rows: tuple[NearRow, ...]
    frameworks: tuple[Choice, ...]
    total: int
    first: int
    last: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class CompareView:
    """The two boxes with what stands in them, and what came of it: a comparison, what is nearest to one, a
    ``problem``, or nothing yet."""

    a: str
    b: str
    kinds: tuple[Choice, ...] = ()
    compared: ComparedView | None = None
    nearest: NearestView | None = None
    problem: ProblemView | None = None

"""What the pages of the matrix and of moves are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.problem_views import ProblemView
    from api.pages.views import Download

__all__ = [
    "HeatStep",
    "LearnGroup",
    "LearnRow",
    "MatrixCell",
    "MatrixRow",
    "MatrixView",
    "MoveView",
    "MovesView",
]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """``percent`` is how much of the row the column has, ``shade`` 0–5 the same for the eye; ``href`` leads
    to the comparison, empty for a standard with itself."""

    percent: int | None
    shade: int
    href: str
    column: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A standard of the matrix; ``starts`` says that a cluster begins here."""

    number: int
    iri: str
    code: str
    name: str
    language: str
    framework: str
    cluster: int
    starts: bool
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class HeatStep:
    """The percentages that have one shade, both ends among them."""

    shade: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class MatrixView:
    """``names`` are those in the form, one a line."""

    names: str
    most: int
    rows: tuple[MatrixRow, ...] = ()
    downloads: tuple[Download, ...] = ()
    steps: tuple[HeatStep, ...] = ()
    problem: ProblemView | None = None


@dataclass(frozen=True, slots=True)
class LearnRow:
    """An element of the standard to go to; ``known`` is the text of its counterpart, where there is one."""

    iri: str
    code: str
    kind: str
    text: str
    language: str
    known: str
    known_language: str


@dataclass(frozen=True, slots=True)
class LearnGroup:
    """What is to be learnt at one level; ``level`` is ``None`` where none is stated."""

    level: int | None
    rows: tuple[LearnRow, ...]


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move; percentages of the standard to go to. The lists are empty where several moves are shown."""

    iri: str
    code: str
    name: str
    language: str
    framework: str
    level: int | None
    known_percent: int
    partly_percent: int
    new_percent: int
    href: str
    compare: str
    known: tuple[LearnRow, ...] = ()
    groups: tuple[LearnGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class MovesView:
    """``origin`` and ``target`` are what stands in the form; ``name`` is of the standard that is left."""

    origin: str
    target: str
    name: str = ""
    language: str = ""
    moves: tuple[MoveView, ...] = ()
    problem: ProblemView | None = None

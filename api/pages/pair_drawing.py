"""The pairs of a comparison as a drawing: the elements of each side in a column, and lines between them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from search import SEARCH_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search import Comparison, Passage

__all__ = ["DrawingView", "LineView", "NodeView", "draw_pairs"]

MOST_NODES = 120
"""Elements of a side that are drawn."""

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class NodeView:
    """A row of a column: an element with the number of its best ``pair`` in the list below; or the name of a
    ``kind`` above its elements, without ``text``; or, with ``alone``, how many of that kind have no pair."""

    kind: str
    code: str = ""
    text: str = ""
    language: str = ""
    pair: int = 0
    alone: int = 0


@dataclass(frozen=True, slots=True)
class LineView:
    """A pair between row ``a`` and row ``b``, counted from 0."""

    a: int
    b: int
    verdict: str


@dataclass(frozen=True, slots=True)
class DrawingView:
    """Two columns and the lines between them; ``left_out`` elements with a pair are not drawn."""

    a: tuple[NodeView, ...]
    b: tuple[NodeView, ...]
    lines: tuple[LineView, ...]
    left_out: int

    @property
    def rows(self) -> int:
        return max(len(self.a), len(self.b))


def draw_pairs(result: Comparison) -> DrawingView:
    """Both columns by kind: what has a pair, and the count of what has none. *a* keeps its order; an
    element of *b* stands at the mean height of its partners, so that few lines cross (the barycentre rule of
    Sugiyama, Tagawa and Toda, 1981). Pairs are numbered as in ``result.pairs``, from 1."""
    best_a: dict[str, int] = {}
    best_b: dict[str, int] = {}
    for number, pair in enumerate(result.pairs, start=1):
        for best, iri in ((best_a, pair.a.iri), (best_b, pair.b.iri)):
            held = best.get(iri)
            if held is None or pair.score > result.pairs[held - 1].score:
                best[iri] = number
    column_a = _Column([pair.a for pair in result.pairs], result.only_a, best_a, {})
    heights: defaultdict[str, list[int]] = defaultdict(list)
    for pair in result.pairs:
        if pair.a.iri in column_a.row_of:
            heights[pair.b.iri].append(column_a.row_of[pair.a.iri])
    wanted = {iri: mean(rows) for iri, rows in heights.items()}
    column_b = _Column([pair.b for pair in result.pairs], result.only_b, best_b, wanted)
    lines = [
        LineView(column_a.row_of[pair.a.iri], column_b.row_of[pair.b.iri], pair.verdict.value)
        for pair in result.pairs
        if pair.a.iri in column_a.row_of and pair.b.iri in column_b.row_of
    ]
    return DrawingView(
        tuple(column_a.nodes), tuple(column_b.nodes), tuple(lines), column_a.left_out + column_b.left_out
    )


class _Column:
    """The rows of a side; ``row_of`` has the row of each element that is drawn, by its IRI."""

    def __init__(
        self,
        paired: Sequence[Passage],
        alone: Sequence[Passage],
        best: Mapping[str, int],
        wanted: Mapping[str, float],
    ) -> None:
        own = list({one.iri: one for one in paired}.values())
        self.left_out = max(len(own) - MOST_NODES, 0)
        # a stable sort keeps the order of the standard where nothing else is wanted
        drawn = sorted(own[:MOST_NODES], key=lambda one: wanted.get(one.iri, 0.0))
        self.nodes: list[NodeView] = []
        self.row_of: dict[str, int] = {}
        for kind in SEARCH_KINDS:
            elements = [one for one in drawn if one.kind == kind]
            others = sum(one.kind == kind for one in alone)
            if elements or others:
                self.nodes.append(NodeView(kind))
            for one in elements:
                self.row_of[one.iri] = len(self.nodes)
                self.nodes.append(NodeView(kind, one.code, _short(one.text), one.lang, best[one.iri]))
            if others:
                self.nodes.append(NodeView(kind, alone=others))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

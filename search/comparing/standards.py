"""Two standards, or parts of them, element by element: what both say, and what only one does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ontology.errors import NotComparable
from ontology.links import LinkStatus
from search.comparing.pairing import assign, attach
from search.comparing.points import points_of
from search.comparing.results import Compared, Comparison, Coverage, KindCoverage, Pair
from search.comparing.scale import DEFAULT_SCALE, kind_distances
from search.comparing.words import wording
from search.dense import unit
from search.folding import folded_text
from search.linking.forms import language_key
from search.passages import SEARCH_KINDS, STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from ontology.links import Link
    from search.codes import CodeTable
    from search.comparing.points import Points
    from search.comparing.scale import PairScale
    from search.contents import Contents
    from search.passages import Passage
    from search.ranking import DenseSide

    Found = Sequence[tuple[int, int, Pair]]
    Concepts = Callable[[Sequence[str]], Mapping[str, frozenset[str]]]
    Decided = Callable[[Sequence[str]], Mapping[tuple[str, str], Link]]

__all__ = ["Comparer", "Side"]

# above this the same language has the same words, in part
_SAME_WORDS = 0.6
_ITSELF = ("the two are the same standard", "兩者是同一份職能基準")
_OTHER_LEVELS = (
    "the levels of the two frameworks are scales of their own and are not compared",
    "兩個職能體系的級別標準不同，不作比較",
)


@dataclass(frozen=True)
class Side:
    """What is compared of a standard: ``row`` stands for it or its part, ``passages`` are its elements, with
    their rows and weights."""

    row: int
    compared: Compared
    passages: tuple[Passage, ...]
    rows: NDArray[np.int64]
    weights: NDArray[np.float32]


@dataclass(frozen=True)
class Comparer:
    """Standards by the stored vectors of their elements; nothing is embedded. Cheap to make.

    ``concepts`` gives, for IRIs of elements, the shared concepts that they are surely linked to; ``decided``
    the links among them that a person accepted or rejected, by the IRIs of their ends. An accepted pair is
    always shown: of an ``exactMatch`` with the score 1, of any other predicate as near at least. A rejected
    one never is.
    """

    passages: Sequence[Passage]
    dense: DenseSide
    codes: CodeTable
    contents: Contents
    scale: PairScale = DEFAULT_SCALE
    concepts: Concepts | None = None
    decided: Decided | None = None

    def side(self, iri: str, kinds: Collection[str] = ()) -> Side:
        """A standard, or the part of one that stands at and below an element, by its IRI; only its elements
        of ``kinds``, where there are some. Raises ``NotFound``, and ``NotComparable`` for what belongs to no
        standard."""
        row = self.codes.row_of(iri)
        named = self.passages[row]
        whole = named if named.kind == STANDARD_KIND else None
        if whole is None:
            if named.standard == named.framework:
                raise NotComparable(
                    iri, f"{iri} is a shared concept, which is no part of one standard; compare standards"
                )
            whole = self.passages[self.codes.row_of(named.standard_iri)]
        number = self.contents.number_of(self.codes.row_of(whole.iri))
        rows, weights = self.contents.of_standard(number)
        passages = [self.passages[one] for one in rows.tolist()]
        keep = np.array(
            [
                (not kinds or one.kind in kinds) and (named is whole or _is_below(one, named))
                for one in passages
            ],
            np.bool_,
        )
        kept = tuple(one for one, is_kept in zip(passages, keep.tolist(), strict=True) if is_kept)
        part = None if named is whole else named
        compared = Compared(whole, part, len(kept))
        return Side(row, compared, kept, np.asarray(rows[keep], np.int64), weights[keep])

    def compare(self, a: str, b: str, kinds: Collection[str] = ()) -> Comparison:
        """The comparison of two standards, or of parts of them, by IRI. With ``kinds`` only elements of these
        kinds are compared, and all coverage is of these. Raises ``NotFound`` and ``NotComparable`` as
        ``side`` does."""
        started = time.perf_counter()
        first, second = self.side(a, kinds), self.side(b, kinds)
        scores, reasons = self.explained_scores(first, second)
        decided = self._decided_among(first, second)
        scores = self._as_decided(scores, decided)
        pairs = assign(scores, self.scale.partly)
        if pairs:
            scores = self._as_decided(self._with_places(scores, first, second, pairs), decided)
            pairs = assign(scores, self.scale.partly)
        pairs += attach(scores, pairs, self.scale.attach)
        accepted = [at for at, link in decided.items() if link.status is LinkStatus.ACCEPTED]
        pairs += [at for at in accepted if at not in set(pairs)]
        reasons |= dict.fromkeys(accepted, "accepted")
        found = self._pairs(first, second, pairs, scores, reasons)
        return Comparison(
            first.compared,
            second.compared,
            Coverage(_coverage(first, found, 0), _coverage(second, found, 1)),
            _by_kind(first, second, found),
            tuple(pair for _, _, pair in found),
            _only(first, found, 0),
            _only(second, found, 1),
            self.likeness(first.compared.standard.iri, second.compared.standard.iri),
            _notes(first, second, narrowed=bool(kinds)),
            (time.perf_counter() - started) * 1000,
        )

    def scores(self, first: Side, others: Sequence[Side]) -> NDArray[np.float32]:
        """The score of each element with each of all the others, a column each in their order, as people
        settled pairs; what stands above elements does not count."""
        passages = tuple(one for side in others for one in side.passages)
        rows = np.concatenate([side.rows for side in others])
        weights = np.concatenate([side.weights for side in others])
        together = Side(
            first.row, Compared(first.compared.standard, None, len(rows)), passages, rows, weights
        )
        scores, _ = self.explained_scores(first, together)
        start = 0
        for side in others:
            block = scores[:, start : start + len(side.rows)]
            start += len(side.rows)
            self._as_decided(block, self._decided_among(first, side))
        return scores

    def pair(self, a: str, b: str) -> Pair | None:
        """Two elements by themselves, whatever was decided on them; ``None`` where they are too far apart to
        be a pair. Raises ``NotFound``."""
        first, second = (self._alone(iri) for iri in (a, b))
        scores, reasons = self.explained_scores(first, second)
        found = self._pairs(first, second, [(0, 0)], scores, reasons)
        return found[0][2] if found else None

    def _alone(self, iri: str) -> Side:
        row = self.codes.row_of(iri)
        passage = self.passages[row]
        return Side(row, Compared(passage, None, 1), (passage,), np.array([row]), np.ones(1, np.float32))

    def likeness(self, a: str, b: str) -> float:
        """How near names and descriptions of two standards are, 0–1."""
        rows = [self.codes.row_of(one) for one in (a, b)]
        vectors = unit(np.asarray(self.dense.vectors[rows], np.float32))
        return float(np.clip(vectors[0] @ vectors[1], 0, 1))

    def likeness_to_side(self, points: Points, side: Side) -> NDArray[np.float32]:
        """The likeness of each of ``points`` to each element (see ``PairScale``), whatever their kinds."""
        others = points_of(self.dense, side)
        found = points.vectors @ others.vectors.T
        found -= self.scale.hubness / 2 * (points.hubs[:, None] + others.hubs[None])
        keys, other_keys = (
            np.array([language_key(one or "") for one in side.languages], np.str_)
            for side in (points, others)
        )
        found += self.scale.across * (keys[:, None] != other_keys[None])
        return np.asarray(found, np.float32)

    def explained_scores(
        self, first: Side, second: Side
    ) -> tuple[NDArray[np.float32], dict[tuple[int, int], str]]:
        """The score of each element with each, 0–1, before what stands above them is looked at, and the
        reason of those that are sure (``concept`` or ``text``)."""
        likeness = self.likeness_to_side(points_of(self.dense, first), second)
        kinds, other_kinds = ([passage.kind for passage in one.passages] for one in (first, second))
        likeness -= self.scale.kinds * kind_distances(kinds, other_kinds)
        scores = self.scale.scores(likeness)
        sure = dict.fromkeys(self._of_one_concept(first, second), "concept")
        sure |= dict.fromkeys(_of_one_text(first, second), "text")
        for row, column in sure:
            scores[row, column] = 1.0
        return scores, sure

    def _decided_among(self, first: Side, second: Side) -> dict[tuple[int, int], Link]:
        """The links that a person settled, by the numbers of the elements."""
        if self.decided is None:
            return {}
        rows, columns = ({one.iri: at for at, one in enumerate(side.passages)} for side in (first, second))
        found = {}
        for (one, other), link in self.decided([*rows, *columns]).items():
            for a, b in ((one, other), (other, one)):
                if a in rows and b in columns:
                    found[rows[a], columns[b]] = link
        return found

    def _as_decided(
        self, scores: NDArray[np.float32], decided: Mapping[tuple[int, int], Link]
    ) -> NDArray[np.float32]:
        for at, link in decided.items():
            if link.status is LinkStatus.REJECTED:
                scores[at] = 0
            else:
                scores[at] = 1 if link.predicate == "exactMatch" else max(scores[at], self.scale.near)
        return scores

    def _with_places(
        self, scores: NDArray[np.float32], first: Side, second: Side, pairs: list[tuple[int, int]]
    ) -> NDArray[np.float32]:
        """The scores, raised for elements that stand under a pair."""
        above, other_above = (_numbers_above(side) for side in (first, second))
        paired = np.zeros((len(first.rows) + 1, len(second.rows) + 1), np.bool_)
        for row, column in pairs:
            paired[row, column] = True
        under = paired[np.ix_(above, other_above)]
        with np.errstate(divide="ignore"):
            likeness = np.log(scores / (1 - scores))
        likeness += self.scale.steepness * self.scale.above * under
        return np.asarray(1 / (1 + np.exp(-likeness)), np.float32)

    def _pairs(
        self,
        first: Side,
        second: Side,
        pairs: list[tuple[int, int]],
        scores: NDArray[np.float32],
        reasons: Mapping[tuple[int, int], str],
    ) -> list[tuple[int, int, Pair]]:
        counts: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for pair in pairs:
            for side, at in zip(counts, pair, strict=True):
                side[at] = side.get(at, 0) + 1
        found = []
        for row, column in sorted(pairs, key=lambda one: (one[0], -scores[one], one[1])):
            score = float(scores[row, column])
            verdict = self.scale.verdict(score)
            if verdict is None:
                continue
            a, b = first.passages[row], second.passages[column]
            reason = reasons.get((row, column))
            if reason is None:
                reason = "words" if wording(a.text, b.text) >= _SAME_WORDS else "meaning"
            only = counts[0][row] == 1 and counts[1][column] == 1
            found.append((row, column, Pair(a, b, round(score, 4), verdict, reason, only)))
        return found

    def _of_one_concept(self, first: Side, second: Side) -> list[tuple[int, int]]:
        """Elements that are one shared concept, or are surely linked to one."""
        linked = (
            self.concepts([one.iri for side in (first, second) for one in side.passages])
            if self.concepts
            else {}
        )
        meant: dict[str, list[int]] = {}
        for column, one in enumerate(second.passages):
            for concept in {one.iri, *linked.get(one.iri, ())}:
                meant.setdefault(concept, []).append(column)
        return [
            (row, column)
            for row, one in enumerate(first.passages)
            for concept in {one.iri, *linked.get(one.iri, ())}
            for column in meant.get(concept, ())
        ]


def _is_below(passage: Passage, named: Passage) -> bool:
    """Whether a passage is the named element, stands below it, or is required by it or what is below it."""
    if passage.iri == named.iri or any(step.code == named.code for step in passage.path):
        return True
    holder = named.code
    return any(step.code == holder or step.code.startswith(f"{holder}.") for step in passage.required_by)


# a matrix asks for the texts of a standard once for each of the others
_folded = lru_cache(maxsize=20_000)(folded_text)


def _of_one_text(first: Side, second: Side) -> list[tuple[int, int]]:
    """Elements of one kind with the same words."""
    columns: dict[tuple[str, str], list[int]] = {}
    for column, one in enumerate(second.passages):
        columns.setdefault((one.kind, _folded(one.text)), []).append(column)
    return [
        (row, column)
        for row, one in enumerate(first.passages)
        for column in columns.get((one.kind, _folded(one.text)), ())
    ]


def _numbers_above(side: Side) -> NDArray[np.int64]:
    """For each element the number of the one right above it; one more than there are for none."""
    numbers = {(one.standard_iri, one.code): number for number, one in enumerate(side.passages)}
    return np.array(
        [
            numbers.get((one.standard_iri, one.path[-1].code), len(side.passages))
            if one.path
            else len(side.passages)
            for one in side.passages
        ],
        np.int64,
    )


def _coverage(side: Side, found: Found, which: int, kind: str | None = None) -> float | None:
    chosen = np.array([kind is None or one.kind == kind for one in side.passages], np.bool_)
    total = float(side.weights[chosen].sum())
    if not total:
        return None
    covered = np.zeros(len(side.passages), np.float32)
    for row, column, pair in found:
        at = column if which else row
        covered[at] = max(float(covered[at]), pair.verdict.covers)
    return round(float((covered * side.weights)[chosen].sum()) / total, 4)


def _by_kind(first: Side, second: Side, found: Found) -> tuple[KindCoverage, ...]:
    kinds = [[one.kind for one in side.passages] for side in (first, second)]
    return tuple(
        KindCoverage(
            kind,
            Coverage(_coverage(first, found, 0, kind), _coverage(second, found, 1, kind)),
            kinds[0].count(kind),
            kinds[1].count(kind),
        )
        for kind in SEARCH_KINDS
        if kind in kinds[0] or kind in kinds[1]
    )


def _only(side: Side, found: Found, which: int) -> tuple[Passage, ...]:
    paired = {column if which else row for row, column, _ in found}
    return tuple(one for at, one in enumerate(side.passages) if at not in paired)


def _notes(first: Side, second: Side, *, narrowed: bool) -> tuple[tuple[str, str], ...]:
    a, b = first.compared, second.compared
    empty = dict.fromkeys(side.standard.code for side in (a, b) if not side.size)
    notes = [_nothing_of_the_kinds(code) if narrowed else _nothing(code) for code in empty]
    if a == b:
        notes.append(_ITSELF)
    if None not in (a.level, b.level) and a.standard.framework != b.standard.framework:
        notes.append(_OTHER_LEVELS)
    return tuple(notes)


def _nothing(code: str) -> tuple[str, str]:
    return (
        f"{code} has no content here, only its name and description: nothing of it can be compared",
        f"{code} 在這裡只有名稱與說明，沒有內容，無法逐項比較",
    )


def _nothing_of_the_kinds(code: str) -> tuple[str, str]:
    return (
        f"{code} has no elements of the kinds that were chosen: nothing of it can be compared",
        f"{code} 沒有所選類別的項目，無法逐項比較",
    )

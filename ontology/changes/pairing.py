"""Which element of one version is which of another, by wording and place, without a model.

What says the same in the same words is paired first. Of the rest the pairs with the most likeness are taken,
best first, each element once, as long as they reach a threshold; neighbours that are pairs already (the task
of an activity, the leaves of a task) count for a pair, and of equals the one whose code stayed is taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.changes.codes import plain_code
from ontology.changes.wording import Wording, phrases
from ontology.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ontology.changes.model import FoundBy
    from ontology.model import Element

__all__ = ["Pair", "greedy_pairs", "pair_elements"]

LIKE_ENOUGH = 0.45
LIKE_ENOUGH_IN_PLACE = 0.4
_PLACE = 0.1
_CHILDREN = 0.3
_SAME_CODE = 0.02
_ALL_PAIRS = 250_000
_COMMON = 12
_NEAREST = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """The places of an element in the two lists, and what told that it is one."""

    before: int
    after: int
    found_by: FoundBy


def greedy_pairs(scored: Iterable[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """The pairs with the highest scores, each place once; the same, mirrored, for mirrored input."""
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    chosen: list[tuple[int, int]] = []
    for _, before, after in sorted(scored, key=lambda one: (-one[0], one[1] + one[2], abs(one[1] - one[2]))):
        if before not in taken_before and after not in taken_after:
            taken_before.add(before)
            taken_after.add(after)
            chosen.append((before, after))
    return chosen


def pair_elements(
    before: Sequence[Element],
    after: Sequence[Element],
    given: Iterable[tuple[str, str]] = (),
    *,
    same_codes: bool = False,
) -> list[Pair]:
    """The pairs, by their place in ``before``. ``given`` are pairs of codes that the caller knows, for what
    wording leaves over, first come first taken; unknown codes and pairs of two kinds are passed over.

    Statements are paired by their codes, which are the framework's own; with ``same_codes`` all elements are.
    """
    pairing = _Pairing(before, after)
    pairing.by_code(None if same_codes else {Kind.STATEMENT})
    pairing.by_same_words()
    for kind in Kind:
        pairing.by_likeness(kind)
    pairing.by_given(given)
    return sorted(pairing.pairs, key=lambda one: one.before)


@dataclass
class _Pairing:
    before: Sequence[Element]
    after: Sequence[Element]
    pairs: list[Pair] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._of_before: dict[int, int] = {}
        self._of_after: dict[int, int] = {}
        texts = {one.text for one in (*self.before, *self.after)}
        self._wording = {text: Wording.of(text) for text in texts}
        self._above_before = _above(self.before)
        self._above_after = _above(self.after)

    def by_code(self, kinds: set[Kind] | None) -> None:
        places = {(one.kind, one.code): at for at, one in reversed(list(enumerate(self.after)))}
        for at, one in enumerate(self.before):
            other = places.get((one.kind, one.code))
            if other is not None and other not in self._of_after and (kinds is None or one.kind in kinds):
                self._take(at, other, "code")

    def by_same_words(self) -> None:
        """Texts that stand several times are told apart by what they stand under, then by code: after those
        that stand once, so that it is known what these stand under."""
        groups: dict[tuple[Kind, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, elements, taken in ((0, self.before, self._of_before), (1, self.after, self._of_after)):
            for at, one in enumerate(elements):
                if at not in taken:
                    groups[one.kind, self._wording[one.text].plain][side].append(at)
        for places in groups.values():
            if len(places[0]) == len(places[1]) == 1:
                self._take(places[0][0], places[1][0], "words")
        for kind in Kind:
            scored: list[tuple[float, int, int]] = []
            for (of_kind, _), places in groups.items():
                if of_kind is kind and not len(places[0]) == len(places[1]) == 1:
                    few = len(places[0]) * len(places[1]) <= _ALL_PAIRS
                    pairs = _product(*places) if few else zip(*places, strict=False)
                    scored += ((self._place(one, other), one, other) for one, other in pairs)
            self._take_best(scored)

    def by_likeness(self, kind: Kind) -> None:
        left_before = [
            at for at, one in enumerate(self.before) if one.kind is kind and at not in self._of_before
        ]
        left_after = [
            at for at, one in enumerate(self.after) if one.kind is kind and at not in self._of_after
        ]
        children = self._children() if kind in (Kind.TASK, Kind.ACTIVITY) else Counter()
        scored = []
        for one, other in self._candidates(left_before, left_after):
            like = self._wording[self.before[one].text].likeness(self._wording[self.after[other].text])
            agreeing = children[one, other] and 2 * children[one, other] / (
                children[one, -1] + children[-1, other]
            )
            place = self._place(one, other)
            enough = LIKE_ENOUGH_IN_PLACE if place >= _PLACE else LIKE_ENOUGH
            if like + _CHILDREN * agreeing >= enough:
                scored.append((like + _CHILDREN * agreeing + place, one, other))
        self._take_best(scored)

    def by_given(self, given: Iterable[tuple[str, str]]) -> None:
        places_before = {one.code: at for at, one in reversed(list(enumerate(self.before)))}
        places_after = {one.code: at for at, one in reversed(list(enumerate(self.after)))}
        for code_before, code_after in given:
            one, other = places_before.get(code_before), places_after.get(code_after)
            if one is None or other is None or one in self._of_before or other in self._of_after:
                continue
            if self.before[one].kind is self.after[other].kind:
                self._take(one, other, "meaning")

    def _take_best(self, scored: Iterable[tuple[float, int, int]]) -> None:
        for before, after in greedy_pairs(scored):
            self._take(before, after, "words")

    def _take(self, before: int, after: int, found_by: FoundBy) -> None:
        self._of_before[before] = after
        self._of_after[after] = before
        self.pairs.append(Pair(before, after, found_by))

    def _place(self, before: int, after: int) -> float:
        """What the places count for a pair: that what they stand under is one, and that the code stayed."""
        above, above_after = self._above_before[before], self._above_after[after]
        together = above is not None and self._of_before.get(above, -1) == above_after
        same = plain_code(self.before[before].code) == plain_code(self.after[after].code)
        return _PLACE * together + _SAME_CODE * same

    def _children(self) -> Counter[tuple[int, int]]:
        """How many pairs there are below two elements; with -1 on one side, how many elements below the
        other."""
        counted: Counter[tuple[int, int]] = Counter()
        below = _all_above(self._above_before), _all_above(self._above_after)
        for over in below[0]:
            counted.update((one, -1) for one in over)
        for over in below[1]:
            counted.update((-1, one) for one in over)
        for pair in self.pairs:
            counted.update(_product(below[0][pair.before], below[1][pair.after]))
        return counted

    def _candidates(self, before: list[int], after: list[int]) -> Iterable[tuple[int, int]]:
        """All pairs; of very many elements those that share most of the rare phrases."""
        if len(before) * len(after) <= _ALL_PAIRS:
            return _product(before, after)
        holders: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, elements, places in ((0, self.before, before), (1, self.after, after)):
            for at in places:
                for phrase in phrases(elements[at].text):
                    holders[phrase][side].append(at)
        shared: dict[tuple[int, int], float] = defaultdict(float)
        for on_before, on_after in holders.values():
            if len(on_before) <= _COMMON and len(on_after) <= _COMMON:
                for pair in _product(on_before, on_after):
                    shared[pair] += 1 / (len(on_before) + len(on_after))
        ranked = sorted(shared, key=lambda pair: (-shared[pair], sum(pair), abs(pair[0] - pair[1])))
        seen_before, seen_after = Counter[int](), Counter[int]()
        found = []
        for one, other in ranked:
            seen_before[one] += 1
            seen_after[other] += 1
            if min(seen_before[one], seen_after[other]) <= _NEAREST:
                found.append((one, other))
        return found


def _product(before: Iterable[int], after: Sequence[int]) -> Iterator[tuple[int, int]]:
    for one in before:
        for other in after:
            yield one, other


def _above(elements: Sequence[Element]) -> list[int | None]:
    """For each element the place of the one that it stands under."""
    places = {one.code: at for at, one in reversed(list(enumerate(elements)))}
    return [places.get(one.path[-1]) if one.path else None for one in elements]


def _all_above(above: Sequence[int | None]) -> list[list[int]]:
    """For each element the places of all that it stands under."""
    found: list[list[int]] = []
    for start in range(len(above)):
        chain: list[int] = []
        at = above[start]
        while at is not None and at not in chain:
            chain.append(at)
            at = above[at]
        found.append(chain)
    return found

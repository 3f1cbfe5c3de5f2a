"""Examples for the help of the pages, chosen from what is loaded."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from api.pages.help_views import ExampleNode, Examples
from api.versions import series_of, versions_by_series
from ontology.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graph import StandardSummary
    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["choose_examples"]

_SEVERAL = 4


def choose_examples(
    list_standards: Callable[[], Sequence[StandardSummary]],
    read: Callable[[str], tuple[StandardSummary, Standard]],
    identifiers: Identifiers,
) -> Examples:
    """Of two standards whose codes are most alike, among those that show the most kinds of elements, and of
    others like them; ``read`` gives a standard by its IRI. Where there is only one, its own tasks are
    compared."""
    standards = list_standards()
    best = _best(standards)
    if best is None:
        return Examples()
    _, content = read(best.iri)
    codes = Counter(one.code for one in standards)

    def node(one: StandardSummary) -> ExampleNode:
        is_enough = codes[one.code] == 1 and not any(sign.isspace() for sign in one.code)
        return ExampleNode(one.code if is_enough else one.iri, one.iri, one.name, one.language)

    first = node(best)
    parts = []
    for task in content.tasks[:_SEVERAL]:
        iri = identifiers.element(best.iri, task.code)
        name = f"{first.name} {task.code}" if first.name == best.code else iri
        parts.append(ExampleNode(name, iri, task.name, best.language))
    several = (first, *(node(one) for one in _like(standards, best)))
    if len(several) < 2:
        several = tuple(parts)
    return Examples(
        standard=first,
        pair=several[:2] if len(several) > 1 else (),
        several=several if len(several) > 1 else (),
        elements=_elements(best, content, identifiers),
        versions=_versions(standards),
    )


def _best(standards: Sequence[StandardSummary]) -> StandardSummary | None:
    shown = {one.iri: sum(count > 0 for count in one.counts.values()) for one in standards}
    most = max(shown.values(), default=0)
    full = sorted((one for one in standards if shown[one.iri] == most), key=lambda one: one.code)
    beside = [
        (_alike(one.code, other.code), one)
        for one, other in pairwise(full)
        if series_of(one) != series_of(other)
    ]
    return max(beside, key=lambda pair: pair[0])[1] if beside else next(iter(full), None)


def _like(standards: Sequence[StandardSummary], best: StandardSummary) -> list[StandardSummary]:
    """Others with content, those whose codes begin most like that of ``best`` first: they stand near it."""
    own = series_of(best)
    others = [
        one for one in standards if one.iri != best.iri and any(one.counts.values()) and series_of(one) != own
    ]
    others.sort(key=lambda one: (one.framework != best.framework, -_alike(one.code, best.code)))
    return others[: _SEVERAL - 1]


def _alike(first: str, second: str) -> int:
    """With how many same letters two codes begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def _versions(standards: Sequence[StandardSummary]) -> tuple[str, ...]:
    """The codes of the two oldest versions of the first standard that is loaded in several."""
    for some in versions_by_series(standards).values():
        if len(some) > 1:
            return (some[0].code, some[1].code)
    return ()


def _elements(best: StandardSummary, content: Standard, identifiers: Identifiers) -> tuple[ExampleNode, ...]:
    """Three parts, of different kinds where there are some."""
    elements = [one for one in content.elements() if one.text.strip()]
    wanted = (Kind.SKILL, Kind.KNOWLEDGE, Kind.ACTIVITY, Kind.INDICATOR, Kind.STATEMENT)
    firsts = (next((one for one in elements if one.kind is kind), None) for kind in wanted)
    chosen = {one.code: one for one in (*firsts, *elements[:3]) if one is not None}
    return tuple(
        ExampleNode(one.code, identifiers.element(best.iri, one.code), one.text, best.language)
        for one in list(chosen.values())[:3]
    )

"""Comparisons and nearest standards as the page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from api.comparing import short_name
from api.pages.comparison_views import (
    ComparedView,
    ElementView,
    GroupView,
    KindRow,
    NearestView,
    NearRow,
    PairRow,
    SideView,
)
from api.pages.messages import translate
from api.pages.pair_drawing import draw_pairs
from api.pages.views import Choice, Download
from api.routers.writing import takes_writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.pages import Page
    from api.services import Services
    from search import Compared, Comparison, Near, NearestResult, Pair, Passage

__all__ = ["compared_view", "nearest_view"]

_SIGNS = {"same": "=", "near": "≈", "partly": "~"}
_OWN_GROUP = frozenset({"task", "activity", "output", "indicator"})


def compared_view(services: Services, page: Page, result: Comparison, kinds: Sequence[str]) -> ComparedView:
    """The comparison with its pairs by task of *a*, and what only one of the two has by its own tasks."""
    names = [short_name(services, side) for side in (result.a, result.b)]
    narrowed = [("kind", kind) for kind in kinds]
    sides = [("a", names[0]), ("b", names[1]), *narrowed]
    # an address with one parameter several times is more than the frame's own method makes
    swapped = urlencode([("a", names[1]), ("b", names[0]), *narrowed])
    heading = _headings([*(pair.a for pair in result.pairs), *result.only_a])
    grouped: dict[tuple[str, str], list[tuple[int, Pair]]] = {}
    for number, pair in enumerate(result.pairs, start=1):
        grouped.setdefault(heading(pair.a), []).append((number, pair))
    groups = []
    for (kind, code), pairs in grouped.items():
        first = pairs[0][1].a
        text = _top_text(first) if code else ""
        rows = tuple(_pair_row(number, pair) for number, pair in pairs)
        groups.append(GroupView(kind, code, text, first.lang, pairs=rows))
    return ComparedView(
        a=_side("A", result.a, result.coverage.a),
        b=_side("B", result.b, result.coverage.b),
        kinds=tuple(
            KindRow(one.kind, _percent(one.coverage.a), _percent(one.coverage.b), one.count_a, one.count_b)
            for one in result.kinds
        ),
        drawing=draw_pairs(result),
        groups=tuple(groups),
        only_a=_alone(result.only_a),
        only_b=_alone(result.only_b),
        pair_count=len(result.pairs),
        count_a=len(result.only_a),
        count_b=len(result.only_b),
        level=_level(page, result.level_difference),
        notes=tuple(chinese if page.language == "zh-Hant" else english for english, chinese in result.notes),
        likeness=round(100 * result.likeness),
        settles=takes_writing(services),
        swap=_in_language(page, f"/compare?{swapped}"),
        downloads=tuple(
            Download(label, f"/api/v1/compare?{urlencode([*sides, ('format', form)])}")
            for label, form in (("XLSX", "xlsx"), ("CSV", "csv"), ("JSON", "json"))
        ),
        permalink=f"/compare?{urlencode(sides)}",
    )


def nearest_view(
    services: Services, page: Page, result: NearestResult, *, framework: str, number: int, size: int
) -> NearestView:
    """A page of the nearest standards, each with a link to its comparison."""
    name = short_name(services, result.compared)
    first = (number - 1) * size + 1
    last = first + len(result.hits) - 1
    frameworks = sorted({one.framework for one in services.standards()})
    return NearestView(
        side=_side("A", result.compared, None),
        rows=tuple(_near_row(page, name, near) for near in result.hits),
        frameworks=tuple(
            Choice(one, page.framework(one), one == framework) for one in frameworks if len(frameworks) > 1
        ),
        total=result.total,
        first=first,
        last=last,
        previous=page.here(page=str(number - 1)) if number > 1 else None,
        next=page.here(page=str(number + 1)) if last < result.total and result.hits else None,
    )


def _in_language(page: Page, address: str) -> str:
    return f"{address}&hl={page.language}" if page.explicit_language else address


def _near_row(page: Page, name: str, near: Near) -> NearRow:
    one = near.standard
    return NearRow(
        iri=one.iri,
        code=one.code,
        name=one.text,
        language=one.lang,
        framework=one.framework,
        level=one.level,
        percent=round(100 * near.score),
        percent_a=_percent(near.coverage.a),
        percent_b=_percent(near.coverage.b),
        href=page.url("/compare", a=name, b=one.iri),
    )


def _side(letter: str, side: Compared, share: float | None) -> SideView:
    one = side.standard
    return SideView(
        letter=letter,
        iri=one.iri,
        code=one.code,
        name=one.text,
        language=one.lang,
        framework=one.framework,
        level=side.level,
        part=_element(side.part) if side.part else None,
        size=side.size,
        percent=_percent(share),
    )


def _element(one: Passage) -> ElementView:
    return ElementView(
        iri=one.iri,
        code=one.code,
        kind=one.kind,
        text=one.text,
        language=one.lang,
        above=one.path[-1].text if one.path else "",
    )


def _pair_row(number: int, pair: Pair) -> PairRow:
    return PairRow(
        number=number,
        a=_element(pair.a),
        b=_element(pair.b),
        verdict=pair.verdict.value,
        sign=_SIGNS[pair.verdict.value],
        percent=round(100 * pair.score),
        reason=pair.reason,
        shared=not pair.only,
    )


def _headings(passages: Sequence[Passage]) -> Callable[[Passage], tuple[str, str]]:
    """Where an element is shown: under its task, where tasks have more than their names here, else with those
    of its kind. A kind, and the code of the task or nothing."""
    tasks = {one.path[0].code for one in passages if one.path and one.kind in _OWN_GROUP}

    def heading(one: Passage) -> tuple[str, str]:
        top = one.path[0].code if one.path else one.code
        return ("task", top) if one.kind in _OWN_GROUP and top in tasks else (one.kind, "")

    return heading


def _top_text(one: Passage) -> str:
    return one.path[0].text if one.path else one.text


def _alone(passages: Sequence[Passage]) -> tuple[GroupView, ...]:
    heading = _headings(passages)
    grouped: dict[tuple[str, str], list[Passage]] = {}
    for one in passages:
        grouped.setdefault(heading(one), []).append(one)
    return tuple(
        GroupView(
            kind, code, _top_text(own[0]) if code else "", own[0].lang, elements=tuple(map(_element, own))
        )
        for (kind, code), own in grouped.items()
    )


def _level(page: Page, difference: int | None) -> str:
    if difference is None:
        return ""
    if not difference:
        return translate(page.language, "compare_level_same")
    if difference > 0:
        return translate(page.language, "compare_level_above", count=difference)
    return translate(page.language, "compare_level_below", count=-difference)


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)

"""What narrows the search page: the filters of its address, and what it offers to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.pages.messages import translate
from api.pages.search_views import ChosenLink, FacetLink, FacetView
from api.pages.views import Choice
from ontology.vocabulary import framework_name
from search import Filters
from search.classes import ClassCode, with_broader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.pages import Page
    from api.services import Services
    from search import FacetValue, SearchIndex

__all__ = ["Chosen", "choices", "facet_views", "filter_links"]

_MOST_CHOICES = 60
"""Up to so many standards are listed to choose from; beyond it a code is typed."""
_LINKED_FACETS = ("standard", "category", "occupation", "industry")
_HIERARCHIES = ("occupation", "industry")
_DEEPEST = 4
_OPEN_FACETS = 2
_FILTERS = (
    *("kind", "standard", "framework", "level", "level_min", "level_max"),
    *("category", "occupation", "industry", "versions"),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters of the search page; a kind that does not exist has been left out, ``links`` are those
    that are chosen by links."""

    kinds: tuple[str, ...]
    standard: str
    framework: str
    all_versions: bool
    fold: bool
    grouped: bool
    level_min: int | None
    level_max: int | None
    links: dict[str, str]

    def of(self, name: str) -> str:
        """What is chosen in a facet that the page shows as links."""
        return self.standard if name == "standard" else self.links.get(name, "")

    def filters(self, services: Services) -> Filters:
        """Raises ``NotFound`` for a standard that is not loaded."""
        return Filters(
            standards=services.standard_keys([self.standard] if self.standard else ()),
            kinds=self.kinds,
            frameworks=(self.framework,) if self.framework else (),
            level_min=self.level_min,
            level_max=self.level_max,
            categories=tuple(filter(None, [self.of("category")])),
            occupations=tuple(filter(None, [self.of("occupation")])),
            industries=tuple(filter(None, [self.of("industry")])),
        )

    def parameters(self) -> list[tuple[str, str]]:
        """The same filters as the parameters of the API and of the page, without those that are not set."""
        levels = (("level_min", self.level_min), ("level_max", self.level_max))
        return [
            *(("kind", kind) for kind in self.kinds),
            *((name, value) for name, value in [("standard", self.standard)] if value),
            *((name, value) for name, value in [("framework", self.framework)] if value),
            *((name, str(value)) for name, value in levels if value is not None),
            *self.links.items(),
            *([("versions", "all")] if self.all_versions else []),
            *([] if self.fold else [("fold", "false")]),
            *([("group", "standard")] if self.grouped else []),
        ]


def choices(
    services: Services,
    index: SearchIndex,
    chosen: Chosen,
    facets: Mapping[str, Sequence[FacetValue]],
    language: str,
) -> dict[str, Any]:
    """What the form offers, in words of ``language``, with the number of relevant hits of each where
    ``facets`` has been counted."""
    standards = services.standards()
    listed = standards if len(standards) <= _MOST_CHOICES else ()
    frameworks = sorted({one.framework for one in standards})
    counts = {name: {one.value: one.count for one in values} for name, values in facets.items()}

    def counted(name: str, value: str, *, label: str, on: bool) -> Choice:
        return Choice(value, label, on, counts[name].get(value, 0) if name in counts else None)

    return {
        "kinds": tuple(counted("kind", kind, label=kind, on=kind in chosen.kinds) for kind in index.kinds),
        "standards": tuple(
            counted("standard", one.code, label=one.name, on=one.code == chosen.standard) for one in listed
        ),
        "standard": chosen.standard,
        "frameworks": tuple(
            counted("framework", one, label=framework_name(one, language), on=one == chosen.framework)
            for one in frameworks
            if len(frameworks) > 1
        ),
        "level_min": _levels(chosen.level_min, counts.get("level", {})),
        "level_max": _levels(chosen.level_max, counts.get("level", {})),
        "older": Choice("all", "all", chosen.all_versions) if index.has_older_versions else None,
        "apart": Choice("false", "false", not chosen.fold),
        "grouped": Choice("standard", "standard", chosen.grouped),
        "kept": tuple(chosen.links.items()),
    }


def _levels(limit: int | None, counts: Mapping[str, int]) -> tuple[Choice, ...]:
    """The levels that relevant hits have, and the one chosen; none where there is nothing to choose."""
    found = {int(value): count for value, count in counts.items()}
    if limit is not None:
        found.setdefault(limit, 0)
    if len(found) < 2 and limit is None:
        return ()
    return tuple(Choice(str(one), str(one), one == limit, found[one]) for one in sorted(found))


def filter_links(
    page: Page, chosen: Chosen, facets: Mapping[str, Sequence[FacetValue]]
) -> tuple[tuple[ChosenLink, ...], str]:
    """Each filter that is set with a link that takes it away, and the address without any. How the hits are
    shown, grouped or with duplicates, is no filter, and is kept."""

    def named(title: str, value: str) -> str:
        return f"{title}{translate(page.language, 'search_colon')}{value}"

    def label(name: str, value: str) -> str:
        code = value.rpartition(":")[2] if name != "standard" else value
        found = (one.label for one in facets.get(name, ()) if one.value.casefold() == value.casefold())
        words = next(found, code)
        return words if words.casefold() == code.casefold() else f"{code} {words}"

    links = [
        ChosenLink(translate(page.language, f"kind_{kind}"), page.without(("kind", kind)))
        for kind in chosen.kinds
    ]
    singles = {"standard": chosen.standard, "framework": chosen.framework, **chosen.links}
    for name, value in singles.items():
        if value:
            is_framework = name == "framework"
            title = translate(page.language, "search_framework" if is_framework else f"facet_{name}")
            words = framework_name(value, page.language) if is_framework else label(name, value)
            links.append(ChosenLink(named(title, words), page.without(names=[name])))
    low, high = chosen.level_min, chosen.level_max
    if low is not None or high is not None:
        bounds = str(low) if low == high else f"{'' if low is None else low}–{'' if high is None else high}"
        href = page.without(names=["level", "level_min", "level_max"])
        links.append(ChosenLink(named(translate(page.language, "facet_level"), bounds), href))
    if chosen.all_versions:
        links.append(ChosenLink(translate(page.language, "search_older"), page.without(names=["versions"])))
    return tuple(links), page.without(names=_FILTERS)


def facet_views(
    page: Page, chosen: Chosen, facets: Mapping[str, Sequence[FacetValue]], *, standards_listed: bool
) -> tuple[FacetView, ...]:
    """The facets as links: each adds its value to the address, or takes it away where it is chosen. The first
    are open, and those in which something is chosen. Standards are among them unless they are listed."""
    names = [one for one in _LINKED_FACETS if one != "standard" or not standards_listed]
    views: list[FacetView] = []
    for name in names:
        values = facets.get(name, ())
        ordered = _as_tree(name, values) if name in _HIERARCHIES else [(one, 0) for one in values]
        links = []
        for one, depth in ordered:
            on = one.value.casefold() == chosen.of(name).casefold()
            href = page.here(**{name: None if on else one.value, "page": None})
            code = one.value.rpartition(":")[2]
            label = one.label if one.label == code else f"{code} {one.label}"
            links.append(FacetLink(label, one.count, href, on, min(depth, _DEEPEST)))
        if len(links) > 1 or any(link.chosen for link in links):
            is_open = bool(chosen.of(name)) or len(views) < _OPEN_FACETS
            views.append(FacetView(name, tuple(links), is_open))
    return tuple(views)


def _as_tree(facet: str, values: Sequence[FacetValue]) -> list[tuple[FacetValue, int]]:
    """The values below those that are above them in their hierarchy, each with its depth; siblings stay in
    their order."""
    known = {one.value: one for one in values}
    below: dict[str, list[str]] = {}
    for value in known:
        scheme, _, code = value.rpartition(":")
        above = (one.value for one in with_broader(ClassCode(facet, scheme, code, ""))[1:])
        below.setdefault(next((one for one in above if one in known), ""), []).append(value)
    ordered: list[tuple[FacetValue, int]] = []

    def walk(parent: str, depth: int) -> None:
        for value in below.get(parent, ()):
            ordered.append((known[value], depth))
            walk(value, depth + 1)

    walk("", 0)
    return ordered

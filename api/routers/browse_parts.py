"""A place in a tree under filters: how it is named, counted, addressed and searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.browsing import UNCLASSIFIED
from api.pages.browse_views import PlaceLink
from api.pages.messages import catalogue, translate
from ontology.codes import CATEGORY, INDUSTRY, ISCO, ISCO_GROUPS, OCCUPATION
from ontology.errors import NotFound
from ontology.soc import SOC
from ontology.vocabulary import framework_name
from search.classes import CLASS_FACETS

if TYPE_CHECKING:
    from api.browsing import BrowseTree, Place
    from api.pages import Page
    from ontology.identifiers import Identifiers

__all__ = [
    "Narrowed",
    "browse_address",
    "concept_iri",
    "place_link",
    "place_name",
    "place_named",
    "place_of_concept",
    "search_filters",
]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters that hold in a whole tree."""

    framework: str = ""
    level: int | None = None

    @property
    def parameters(self) -> dict[str, str]:
        level = {} if self.level is None else {"level": str(self.level)}
        return ({"framework": self.framework} if self.framework else {}) | level

    def kept(self, tree: BrowseTree) -> frozenset[int]:
        return tree.within(self.framework, self.level)


def browse_address(facet: str, value: str = "") -> str:
    """The address of a place."""
    return f"/browse/{facet}" + (f"/{quote(value, safe=':')}" if value else "")


def place_name(page: Page, place: Place) -> tuple[str, str]:
    """What a place is called, and the language of that where it is not the page's."""
    if not place.value:
        return translate(page.language, f"browse_{place.facet}"), ""
    if place.value == UNCLASSIFIED:
        return translate(page.language, f"browse_none_{place.facet}"), ""
    if place.facet == "framework" or (place.facet == "level" and not place.code):
        return framework_name(place.scheme, page.language), ""
    if place.facet == "level":
        return translate(page.language, "level_value", level=place.code), ""
    scheme = f"browse_scheme_{place.scheme}"
    if not place.code and scheme in catalogue(page.language):
        return translate(page.language, scheme), ""
    return place.name, place.language


def place_link(page: Page, place: Place, kept: frozenset[int], narrowed: Narrowed) -> PlaceLink:
    """A link to a place, with the number of its standards among ``kept``."""
    name, language = place_name(page, place)
    code = "" if place.facet == "level" else place.code
    return PlaceLink(
        code,
        name,
        language,
        len(place.standards & kept),
        page.url(browse_address(place.facet, place.value), **narrowed.parameters),
        bool(place.below),
    )


def search_filters(tree: BrowseTree, place: Place, narrowed: Narrowed) -> dict[str, str] | None:
    """The filters of the search page that let through what stands at a place, or somewhat more: a place that
    the search does not know is searched in its framework. ``None`` where that says nothing."""
    found = dict(narrowed.parameters)
    if place.facet in CLASS_FACETS and place.code and place.scheme != SOC:
        return found | {place.facet: place.value}
    if place.facet == "level" and place.code:
        return found | {"framework": place.scheme, "level": place.code}
    frameworks = {tree.standards[number].framework for number in place.standards}
    if len(frameworks) == 1:
        return found | {"framework": frameworks.pop()}
    return None if place.value else found


def concept_iri(place: Place, identifiers: Identifiers) -> str:
    """The IRI of the code that a place stands for; empty where the graph has none."""
    if not place.code or place.facet not in CLASS_FACETS or place.value == place.code or place.scheme == SOC:
        return ""
    if place.scheme == ISCO:
        return ISCO_GROUPS + place.code
    return identifiers.concept(place.scheme, place.code)


_TREES = {CATEGORY: "category", OCCUPATION: "occupation", INDUSTRY: "industry"}


def place_of_concept(tree: BrowseTree, iri: str, identifiers: Identifiers) -> Place | None:
    """The place of a code, a code list, a level or a framework, by its IRI; ``None`` where no standard stands
    there."""
    facet, value = place_named(iri, identifiers)
    try:
        return tree.place(facet, value) if facet else None
    except NotFound:
        return None


def place_named(iri: str, identifiers: Identifiers) -> tuple[str, str]:
    """The tree and the place in it that an IRI may name; both empty where standards are not classified by
    such."""
    path = (identifiers.path(iri) or "").split("/")
    if iri.startswith(ISCO_GROUPS):
        return "occupation", f"{ISCO}:{iri.removeprefix(ISCO_GROUPS)}"
    if len(path) in (2, 3) and path[0] == "code" and path[1] in _TREES:
        return _TREES[path[1]], ":".join(path[1:])
    if len(path) == 3 and path[0] == "level":
        return "level", f"{path[1]}:{path[2]}"
    return ("framework", path[0]) if len(path) == 1 and path[0] else ("", "")

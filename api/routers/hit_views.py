"""Hits and places as the pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.hits import HitView, PlaceView, Step, pieces
from api.pages.messages import translate

if TYPE_CHECKING:
    from api.pages import Page
    from search import Hit, Place

__all__ = ["hit_view", "place_view", "places_sentence"]


def hit_view(page: Page, hit: Hit, *, all_versions: bool) -> HitView:
    """A hit of a search, with the first of its other places and a link to all where there are more."""
    words = dict.fromkeys(hit.text[start:end] for start, end in hit.reason.spans)
    name = hit.reason.name
    versions = {"versions": "all"} if all_versions else {}
    more = hit.place_count > len(hit.places)
    return HitView(
        iri=hit.iri,
        code=hit.code,
        kind=hit.kind,
        language=hit.lang,
        pieces=pieces(hit.text, hit.reason.spans),
        percent=round(100 * hit.score),
        weak=hit.weak,
        # a shared concept is of a release, whose key says nothing to people
        standard="" if hit.standard == hit.framework else hit.standard,
        standard_iri=hit.standard_iri,
        standard_name=hit.standard_name,
        path=tuple(Step(step.code, step.text) for step in hit.path),
        level=hit.level,
        found_by=hit.reason.found_by,
        words=translate(page.language, "list_joint").join(words),
        name=pieces(name.text, name.spans) if name else (),
        also=places_sentence(page, hit.place_count, hit.standard_count) if hit.place_count else "",
        places=tuple(place_view(place) for place in hit.places),
        more_places=page.url("/places", iri=hit.iri, **versions) if more else None,
    )


def place_view(place: Place) -> PlaceView:
    return PlaceView(
        iri=place.iri,
        code=place.code,
        standard=place.standard,
        standard_name=place.standard_name,
        path=tuple(Step(step.code, step.text) for step in place.path),
    )


def places_sentence(page: Page, places: int, standards: int) -> str:
    """In how many other standards the same stands, and at how many places, where that is not the same."""
    if not standards:
        return translate(page.language, "places_here", count=places)
    if standards == 1:
        sentence = translate(page.language, "places_in_one")
    else:
        sentence = translate(page.language, "places_in_many", count=standards)
    if places > standards:
        sentence += translate(page.language, "places_in_all", count=places)
    return sentence

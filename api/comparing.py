"""Standards with each other, as people name them: by codes, by IRIs, and by parts of a standard."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rdflib import Literal

from api.indexed import indexed
from graph import query_text
from ontology.errors import NotFound, NothingNamed, NotIndexed
from ontology.identifiers import standard_key
from search import STANDARD_KIND, Filters

if TYPE_CHECKING:
    from collections.abc import Collection

    from api.services import Services
    from search import Compared, Comparison, NearestResult, SearchIndex

__all__ = ["compare_named", "located_side", "nearest_named", "short_name"]

# BGM1219-002v2 T1, BGM1219-002v2#S1#2
_PART = re.compile(r"(?P<standard>[^\s#]+)(?:\s*#\s*|\s+)(?P<element>\S+)")


def located_side(services: Services, index: SearchIndex, name: str) -> str:
    """The IRI of a side of a comparison: a standard by its IRI or code (without a version the latest), or a
    part of one by the IRI of an element, ``CODE ELEMENT`` or ``CODE#ELEMENT``.

    Raises ``NotFound`` with the nearest codes there are, ``NotIndexed`` for what only a catalogue or the
    graph knows, and ``NothingNamed`` for no name at all, and
    ``Ambiguous`` for one that several elements have.
    """
    wanted = unicodedata.normalize("NFKC", name).strip()
    if not wanted:
        raise NothingNamed("name a standard, by its code or IRI, or a part of one: BGM1219-002v2 T1")
    if "://" in wanted or wanted.startswith("urn:"):
        # an IRI is compared as it is written
        return name.strip()
    part = _PART.fullmatch(wanted)
    try:
        if part is None:
            return services.standard_iri(wanted)
        (key,) = services.standard_keys([part["standard"]])
    except NotFound as error:
        raise _only_listed(services, error) from None
    return index.elements.iri_of(part["element"], key)


def _only_listed(services: Services, error: NotFound) -> NotFound:
    """The error as it is better said of a standard of which there is only its entry in a catalogue."""
    code = {"code": Literal(standard_key(error.key.upper()))}
    entries = services.store.select(query_text("catalogue-entry.rq"), code)
    if not entries:
        return error
    name = entries[0]["name"]
    return NotIndexed(
        error.key,
        f"of {error.key} ({name}) there is only its entry in a catalogue, without content; nothing of "
        "it can be compared until the standard itself is loaded: competency ingest",
    )


def short_name(services: Services, side: Compared) -> str:
    """What names a side again: its code, with that of its part, where that is enough, else its IRI."""
    standard, part = side.standard, side.part
    try:
        is_enough = services.standard_iri(standard.code) == standard.iri
    except NotFound:
        is_enough = False
    if not is_enough or " " in standard.code:
        return part.iri if part else standard.iri
    return f"{standard.code} {part.code}" if part else standard.code


def compare_named(services: Services, a: str, b: str, kinds: Collection[str] = ()) -> Comparison:
    """Compares two standards or parts of them; only elements of ``kinds``, where there are some. Elements
    that are surely linked to the same shared concept say the same, and what people made of pairs counts.

    Raises as ``located_side`` does, and ``NotComparable`` for what belongs to no standard.
    """
    index = services.index.current()
    first, second = (located_side(services, index, name) for name in (a, b))
    with indexed(services):
        comparer = index.comparer(services.links.sure, services.links.decided_among)
        return comparer.compare(first, second, kinds)


def nearest_named(
    services: Services,
    name: str,
    *,
    frameworks: Collection[str] = (),
    limit: int = 10,
    offset: int = 0,
    all_versions: bool = False,
) -> NearestResult:
    """The standards most like a standard, or like a part of one. Raises as ``compare_named`` does."""
    index = services.index.current()
    side = located_side(services, index, name)
    filters = Filters(kinds=(STANDARD_KIND,), frameworks=tuple(frameworks))
    with indexed(services):
        return index.nearest_standards(side, filters, limit=limit, offset=offset, all_versions=all_versions)

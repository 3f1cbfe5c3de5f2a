"""What the search index does not have: unknown to all, or known to the graph and not searched."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rdflib import URIRef

from graph import query_text
from ontology.errors import NotFound, NothingNamed, NotIndexed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services
    from search import SearchIndex

__all__ = ["indexed", "locate"]


@contextmanager
def indexed(services: Services) -> Iterator[None]:
    """Turns ``NotFound`` of the search index into ``NotIndexed`` where the graph knows the IRI."""
    try:
        yield
    except NotFound as error:
        if _is_described(services, error.key):
            raise NotIndexed(
                error.key,
                f"{error.key} is known, but it is not in the search index: what is searched are standards, "
                "their elements with text, and shared concepts with a name",
            ) from error
        raise


def locate(services: Services, index: SearchIndex, iri: str, code: str, standard: str) -> str:
    """The IRI of what is named by its IRI, by a code and a standard, or by one of them alone.

    Raises ``NotFound``, ``Ambiguous`` for a code that several elements have, ``NothingNamed`` for no name.
    """
    if iri:
        return iri
    if not code and not standard:
        raise NothingNamed("name an element: its IRI, or its code and its standard")
    elements = index.elements
    (key,) = services.standard_keys([standard]) if standard else ("",)
    try:
        return elements.iri_of(code or key, key)
    except NotFound:
        if key:
            raise
        # a standard may be named without its version
        (key,) = services.standard_keys([code])
        return elements.iri_of(key, key)


def _is_described(services: Services, iri: str) -> bool:
    try:
        return bool(services.store.select(query_text("described.rq"), {"node": URIRef(iri)}))
    except ValueError:
        # not every text that is asked for is an IRI
        return False

"""Where this service answers an IRI."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from ontology.identifiers import FRAMEWORK_NAMESPACES

if TYPE_CHECKING:
    from ontology.identifiers import Identifiers

__all__ = ["local_path"]


def local_path(iri: str, identifiers: Identifiers) -> str:
    """``/id/…`` for its own IRIs, ``/resource`` for those that frameworks keep, others as they are."""
    # what has a fragment there is a term of a vocabulary (esco/model#), and nothing that is loaded
    if iri.startswith(FRAMEWORK_NAMESPACES) and "#" not in iri:
        return f"/resource?{urlencode({'iri': iri})}"
    if not iri.startswith(identifiers.base):
        return iri
    path, mark, fragment = iri.removeprefix(identifiers.base).partition("#")
    return quote(f"/id/{path}", safe="/%~:@!$&'()*+,;=-._") + mark + fragment

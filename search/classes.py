"""The classifications a standard stands in: its own codes, what is above them, and how people type them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.codes import INDUSTRY, ISCO, OCCUPATION, open_scheme, resolve_printed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ontology.model import Classification, Standard

__all__ = ["CLASS_FACETS", "ClassCode", "classes_of", "typed_matches", "with_broader"]

CLASS_FACETS = ("category", "occupation", "industry")
"""The kinds of classification, as the filters and facets name them."""

_LISTED = {"occupation": OCCUPATION, "industry": INDUSTRY}


@dataclass(frozen=True, slots=True)
class ClassCode:
    """A code that a standard is classified by. ``facet`` is one of ``CLASS_FACETS``; ``scheme`` is empty,
    and ``code`` as printed, where the code means nothing that is known here."""

    facet: str
    scheme: str
    code: str
    name: str

    @property
    def value(self) -> str:
        """The code with its scheme, as facets give it and filters take it: ``occupation-mol-tw:1219``."""
        return f"{self.scheme}:{self.code}" if self.scheme else self.code


def classes_of(standard: Standard) -> tuple[ClassCode, ...]:
    """The codes of a standard, resolved by their lists where they can be."""
    printed: dict[str, Iterable[Classification]] = {
        "category": standard.category,
        "occupation": standard.occupation,
        "industry": standard.industry,
    }
    found: dict[ClassCode, None] = {}
    for facet, group in printed.items():
        for one in group:
            concept = resolve_printed(standard.framework, facet, one.code)
            if concept:
                found[ClassCode(facet, concept.scheme, concept.code, one.name)] = None
            elif code := _folded(one.code):
                found[ClassCode(facet, "", code, one.name)] = None
    return tuple(found)


def with_broader(one: ClassCode) -> tuple[ClassCode, ...]:
    """The code and all above it, nearest first, with the names of the lists where there are lists."""
    if one.scheme == ISCO:
        above = [
            ClassCode(one.facet, ISCO, one.code[:length], "") for length in range(len(one.code) - 1, 0, -1)
        ]
        return (one, *above)
    if one.scheme not in _LISTED.values():
        return (one,)
    scheme = open_scheme(one.scheme)
    if one.code not in scheme:
        return (one,)
    concepts = (scheme[one.code], *scheme.ancestors(one.code))
    return tuple(ClassCode(one.facet, one.scheme, concept.code, concept.name) for concept in concepts)


def typed_matches(facet: str, typed: str, known: Iterable[ClassCode]) -> list[ClassCode]:
    """Those of ``known`` that ``typed`` means: a value with its scheme, or a code as it is printed.

    ``M7010`` means the class 701 (see ``CodeScheme.resolve``); a code without scheme means that code in every
    scheme.
    """
    wanted = _folded(typed)
    codes = {wanted}
    if facet in _LISTED and (concept := open_scheme(_LISTED[facet]).resolve(wanted)):
        codes.add(f"{concept.scheme}:{concept.code}".upper())
    return [one for one in known if one.code.upper() in codes or one.value.upper() in codes]


def _folded(code: str) -> str:
    return unicodedata.normalize("NFKC", code).strip().upper()

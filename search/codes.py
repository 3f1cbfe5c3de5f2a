"""Codes that people type: ``P4.1.3``, ``S1#2``, ``BGM1219-002v2 K14``, ``K04``, ``1219``, ``M7010``, IRIs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import NotFound
from search.classes import CLASS_FACETS, typed_matches, with_broader
from search.passages import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.classes import ClassCode
    from search.passages import Passage

__all__ = ["CodeMatches", "CodeTable"]

_SEPARATORS = re.compile(r"[\s,;:、，；：/]+")
_VERSION = re.compile(r"v\d+$")
_NUMBER = re.compile(r"\d+")
# a letter, digits, or both: nothing else is a code of an occupation or industry
_CLASS = re.compile(r"[A-Z]?\d{0,6}|[A-Z]{3}|[\w-]+:\w+")


@dataclass(frozen=True, slots=True)
class CodeMatches:
    """What the codes of a query name. ``exact`` and ``below`` are rows: the elements named, and what
    stands under them, in document order. ``standards`` are the standards named, ``rest`` the text of the
    query that is no code; ``exact`` is empty where there is a rest."""

    exact: tuple[int, ...]
    below: tuple[int, ...]
    standards: tuple[str, ...]
    rest: str


class CodeTable:
    """All codes of an index. Case, full-width forms, blanks, leading zeros (K4, K04) and a final point do not
    count; a standard's code without its version names all its versions. A code of an occupation, industry or
    category names the standards under it: 12 those of 1219.

    The maps are made once, so that a query costs no more in a large index.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._elements: dict[str, list[int]] = {}
        self._standards: dict[str, dict[str, None]] = {}
        self._own: dict[str, list[int]] = {}
        self._children: dict[tuple[str, str], list[int]] = {}
        self._iris: dict[str, int] = {}
        self._classes: dict[ClassCode, dict[str, None]] = {}
        for row, passage in enumerate(passages):
            if passage.code:
                self._elements.setdefault(_key(passage.code), []).append(row)
            self._iris.setdefault(passage.iri, row)
            for code in {step.code for step in passage.path}:
                self._children.setdefault((passage.standard, code), []).append(row)
            if passage.standard not in self._own:
                self._add_standard(passage)
            self._own.setdefault(passage.standard, []).append(row)

    def _add_standard(self, passage: Passage) -> None:
        standard = _key(passage.standard)
        # an O*NET code is often written without its .00
        for name in {standard, _VERSION.sub("", standard), standard.removesuffix(".0")}:
            self._standards.setdefault(name, {})[passage.standard] = None
        for stated in passage.classes:
            for one in with_broader(stated):
                self._classes.setdefault(one, {})[passage.standard] = None

    def row_of(self, iri: str) -> int:
        """The row of the passage with this IRI. Raises ``NotFound``."""
        if iri not in self._iris:
            raise NotFound(iri, f"the search index has no element with the IRI {iri}")
        return self._iris[iri]

    def find(self, query: str) -> CodeMatches:
        """A query is a search by code where every part of it is one that the index has."""
        typed = query.strip()
        if (named := self._iris.get(typed)) is not None:
            return CodeMatches((named,), self._below([named]), (), "")
        found = self._of_parts(query, [part for part in _SEPARATORS.split(typed) if part])
        if not found.rest:
            return found
        joined = "".join(query.split())
        if joined != typed and not joined.isdigit() and self._is_code(_key(joined)):
            return self._of_parts(joined, [joined])
        return CodeMatches(classed, (), (), "") if (classed := self._classified(typed)) else found

    def _is_code(self, key: str) -> bool:
        return key in self._standards or key in self._elements

    def _of_parts(self, query: str, parts: Sequence[str]) -> CodeMatches:
        standards: dict[str, None] = {}
        elements: list[str] = []
        rest: list[str] = []
        # a bare number may be the code of an element (O*NET numbers tasks), but only beside its standard
        names_standard = any(_key(part) in self._standards for part in parts)
        for part in parts:
            key = _key(part)
            if key in self._standards:
                standards |= self._standards[key]
            elif key in self._elements and (names_standard or not key.isdigit()):
                elements.append(key)
            else:
                rest.append(part)
        if rest:
            standard_parts = {part for part in parts if _key(part) in self._standards}
            text = " ".join(part for part in query.split() if part not in standard_parts)
            return CodeMatches((), (), tuple(standards), text)
        named = [row for key in elements for row in self._elements[key]]
        if standards:
            named = [row for row in named if self._passages[row].standard in standards]
        if not elements:
            own = sorted(row for one in standards for row in self._own[one])
            exact = [row for row in own if self._passages[row].code == self._passages[row].standard]
            below = tuple(row for row in own if self._passages[row].code != self._passages[row].standard)
            return CodeMatches(tuple(exact), below, tuple(standards), "")
        return CodeMatches(tuple(named), self._below(named), tuple(standards), "")

    def _below(self, named: Sequence[int]) -> tuple[int, ...]:
        holders = {(self._passages[row].standard, self._passages[row].code) for row in named}
        return tuple(sorted({row for holder in holders for row in self._children.get(holder, ())}))

    def _classified(self, typed: str) -> tuple[int, ...]:
        """The rows of the standards under the code ``typed`` of an occupation, industry or category."""
        folded = unicodedata.normalize("NFKC", typed).strip().upper()
        if not _CLASS.fullmatch(folded):
            return ()
        standards = {
            standard
            for facet in CLASS_FACETS
            for one in typed_matches(facet, folded, (code for code in self._classes if code.facet == facet))
            for standard in self._classes[one]
        }
        rows = (row for standard in standards for row in self._own[standard])
        return tuple(sorted(row for row in rows if self._passages[row].kind == STANDARD_KIND))


def _key(code: str) -> str:
    text = unicodedata.normalize("NFKC", code).casefold().rstrip(".")
    return _NUMBER.sub(lambda digits: digits[0].lstrip("0") or "0", text)

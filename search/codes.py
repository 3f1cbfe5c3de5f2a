"""Codes that people type: ``P4.1.3``, ``S1#2``, ``BGM1219-002v2 K14``, ``K04``, ``1219``, ``M7010``, IRIs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ontology.errors import Ambiguous, NotFound
from search.classes import typed_matches
from search.code_maps import CodeMaps, code_key
from search.passages import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search.filters import FilterTable
    from search.passages import Passage

__all__ = ["CodeMatches", "CodeTable"]

_SEPARATORS = re.compile(r"[\s,;:、，；：/]+")
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

    The maps are made once and lie on disk, so that a query costs no more in a large index.
    """

    def __init__(self, table: FilterTable, maps: CodeMaps) -> None:
        self._table = table
        self._maps = maps
        self._standard_of_row = table.columns["standard"].members

    @classmethod
    def of(cls, passages: Sequence[Passage], table: FilterTable) -> CodeTable:
        return cls(table, CodeMaps.of(passages))

    @classmethod
    def read(cls, folder: Path, table: FilterTable) -> CodeTable:
        """Raises ``ValueError`` or ``OSError`` for damaged files."""
        return cls(table, CodeMaps.read(folder))

    def write(self, folder: Path) -> None:
        self._maps.write(folder)

    def row_of(self, iri: str) -> int:
        """The row of the passage with this IRI. Raises ``NotFound``."""
        rows = self._maps.iris.find(iri)
        if not len(rows):
            raise NotFound(iri, f"the search index has no element with the IRI {iri}")
        return int(rows[0])

    def row_named(self, code: str, standard: str = "") -> int:
        """The row of the element with this code in a standard, named with its version; of the only one with
        it where none is named. Raises ``NotFound``, and ``Ambiguous`` where several have it."""
        rows = self._maps.elements.find(code_key(code))
        if standard:
            number = self._table.columns["standard"].numbers.get(standard, -1)
            rows = rows[self._standard_of_row[rows] == number]
        if not len(rows):
            where = f" in {standard}" if standard else ""
            raise NotFound(code, f"the search index has no element with the code {code!r}{where}")
        if len(rows) > 1:
            raise Ambiguous(code, len(rows))
        return int(rows[0])

    def find(self, query: str) -> CodeMatches:
        """A query is a search by code where every part of it is one that the index has."""
        typed = query.strip()
        if len(named := self._maps.iris.find(typed)):
            return CodeMatches((int(named[0]),), self._below(named[:1]), (), "")
        found = self._of_parts(query, [part for part in _SEPARATORS.split(typed) if part])
        if not found.rest:
            return found
        joined = "".join(query.split())
        if joined != typed and not joined.isdigit() and self._is_code(code_key(joined)):
            return self._of_parts(joined, [joined])
        return CodeMatches(classed, (), (), "") if (classed := self._classified(typed)) else found

    def _is_code(self, key: str) -> bool:
        return key in self._maps.standards or key in self._maps.elements

    def _of_parts(self, query: str, parts: Sequence[str]) -> CodeMatches:
        named: list[NDArray[np.int32]] = []
        numbers: dict[int, None] = {}
        rest: list[str] = []
        keys = [code_key(part) for part in parts]
        # a bare number may be the code of an element (O*NET numbers tasks), but only beside its standard
        of_standard = [key in self._maps.standards for key in keys]
        for part, key, is_standard in zip(parts, keys, of_standard, strict=True):
            if is_standard:
                firsts = self._maps.standards.find(key)
                numbers |= dict.fromkeys(self._standard_of_row[firsts].tolist())
            elif (any(of_standard) or not key.isdigit()) and key in self._maps.elements:
                named.append(self._maps.elements.find(key))
            else:
                rest.append(part)
        values = self._table.columns["standard"].values
        standards = tuple(values[number] for number in numbers)
        if rest:
            standard_parts = {
                part for part, is_standard in zip(parts, of_standard, strict=True) if is_standard
            }
            text = " ".join(part for part in query.split() if part not in standard_parts)
            return CodeMatches((), (), standards, text)
        if not named:
            own = np.flatnonzero(np.isin(self._standard_of_row, list(numbers)))
            heads = self._maps.heads[own]
            return CodeMatches(tuple(own[heads].tolist()), tuple(own[~heads].tolist()), standards, "")
        rows = np.concatenate(named)
        if standards:
            rows = rows[np.isin(self._standard_of_row[rows], list(numbers))]
        return CodeMatches(tuple(rows.tolist()), self._below(rows), standards, "")

    def _below(self, named: NDArray[np.int32]) -> tuple[int, ...]:
        starts, holders = self._maps.child_starts, np.unique(self._maps.holders[named])
        if not len(holders):
            return ()
        parts = [self._maps.children[starts[one] : starts[one + 1]] for one in holders.tolist()]
        return tuple(np.unique(np.concatenate(parts)).tolist())

    def _classified(self, typed: str) -> tuple[int, ...]:
        """The rows of the standards under the code ``typed`` of an occupation, industry or category."""
        folded = unicodedata.normalize("NFKC", typed).strip().upper()
        if not _CLASS.fullmatch(folded):
            return ()
        found = np.zeros(len(self._standard_of_row), np.bool_)
        for facet, known in self._table.classes.items():
            column = self._table.columns[facet]
            wanted = [column.numbers[one.value] for one in typed_matches(facet, folded, known)]
            if wanted:
                found |= column.having(wanted)
        if not found.any():
            return ()
        kinds = self._table.columns["kind"]
        return tuple(np.flatnonzero(found & kinds.having([kinds.numbers[STANDARD_KIND]])).tolist())

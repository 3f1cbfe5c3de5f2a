"""Codes that people type: ``P4.1.3``, ``S1#2``, ``BGM1219-002v2 K14``, ``K04``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.passages import Passage

__all__ = ["CodeMatches", "CodeTable"]

_SEPARATORS = re.compile(r"[\s,;:、，；：/]+")
_VERSION = re.compile(r"v\d+$")
_NUMBER = re.compile(r"\d+")


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
    """All codes of an index. Case, full-width forms, leading zeros (K4, K04) and a final point do not
    count; a standard's code without its version names all its versions."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._elements: dict[str, list[int]] = {}
        self._standards: dict[str, dict[str, None]] = {}
        for row, passage in enumerate(passages):
            if passage.code:
                self._elements.setdefault(_key(passage.code), []).append(row)
            standard = _key(passage.standard)
            for name in {standard, _VERSION.sub("", standard)}:
                self._standards.setdefault(name, {})[passage.standard] = None

    def find(self, query: str) -> CodeMatches:
        """A query is a search by code where every part of it is one that the index has."""
        parts = [part for part in _SEPARATORS.split(query.strip()) if part]
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
            own = [row for row, one in enumerate(self._passages) if one.standard in standards]
            exact = [row for row in own if self._passages[row].code == self._passages[row].standard]
            return CodeMatches(
                tuple(exact), tuple(row for row in own if row not in exact), tuple(standards), ""
            )
        return CodeMatches(tuple(named), self._below(named), tuple(standards), "")

    def _below(self, named: Sequence[int]) -> tuple[int, ...]:
        holders = {(self._passages[row].standard, self._passages[row].code) for row in named}
        return tuple(
            row
            for row, passage in enumerate(self._passages)
            if any((passage.standard, step.code) in holders for step in passage.path)
        )


def _key(code: str) -> str:
    text = unicodedata.normalize("NFKC", code).casefold().rstrip(".")
    return _NUMBER.sub(lambda digits: digits[0].lstrip("0") or "0", text)

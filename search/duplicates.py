"""Which rows of the index say the same: one kind, one language, one folded text.

The same skill stands in many standards, printed now with a full-width comma and now without. Texts are
compared more strictly here than with a query (``search.folding.tokens``): marks on letters count, and so do
signs that tell terms apart (C, C++, C#).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from search.folding import is_unspaced, to_script
from search.passages import STANDARD_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search.passages import Passage

__all__ = ["Duplicates", "first_of_each", "same_text"]

# signs that tell terms apart: C and C++ and C#, 5 and 5 %, R&D; mathematics and currencies beside them
_TELLING = frozenset("#%&@")
_TELLING_CATEGORIES = ("Sm", "Sc")
_STRETCHES = re.compile(r"\s+")


def same_text(text: str, language: str) -> str:
    """``text`` without what is no difference: width, case, the script of Chinese, blanks beside characters
    of unspaced scripts, and punctuation; between two letters of spaced scripts blanks and punctuation are one
    blank, and between two digits the sign itself counts (1.5, 15). May be empty."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if _primary(language) == "zh":
        folded = to_script(folded, "zh-Hans")
    kept: list[str] = []
    between = ""
    for character in folded:
        category = unicodedata.category(character)
        if not (character.isalnum() or category[0] == "M" or _is_telling(character, category)):
            between += character
            continue
        if between and kept:
            kept.append(_separator(kept[-1], character, between))
        between = ""
        kept.append(character)
    return "".join(kept)


def _is_telling(character: str, category: str) -> bool:
    return character in _TELLING or category in _TELLING_CATEGORIES


def _separator(before: str, after: str, between: str) -> str:
    if before.isdigit() and after.isdigit():
        return _STRETCHES.sub("", between) or " "
    return " " if _is_spaced(before) and _is_spaced(after) else ""


def _is_spaced(character: str) -> bool:
    letter = character.isalnum() or unicodedata.category(character)[0] == "M"
    return letter and not is_unspaced(character)


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


@dataclass(frozen=True)
class Duplicates:
    """The folds of all rows. ``folds`` has the number of each row's fold, 0 and up without a gap; ``order``
    all rows, fold after fold, those of a fold by their IRI."""

    folds: NDArray[np.int32]
    order: NDArray[np.int32]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> Duplicates:
        """A standard is never folded with another: of the same name, it has other elements. Neither is a text
        without letters."""
        numbers: dict[tuple[str, ...], int] = {}
        folds = np.empty(len(passages), np.int32)
        for row, passage in enumerate(passages):
            text = same_text(passage.text, passage.lang) if passage.kind != STANDARD_KIND else ""
            key = (passage.kind, _primary(passage.lang), text) if text else (str(row),)
            folds[row] = numbers.setdefault(key, len(numbers))
        by_iri = np.array(sorted(range(len(passages)), key=lambda row: passages[row].iri), np.int32)
        return cls(folds, by_iri[np.argsort(folds[by_iri], kind="stable")])

    def write(self, folder: Path) -> None:
        np.save(folder / "folds.npy", np.stack([self.folds, self.order]))

    @classmethod
    def read(cls, folder: Path, rows: int) -> Duplicates:
        """Raises ``ValueError`` where the file is of another index."""
        folds, order = np.load(folder / "folds.npy")
        if len(folds) != rows:
            raise ValueError("its files do not belong together")
        return cls(folds, order)

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(np.bincount(self.folds))])

    def alike(self, row: int) -> NDArray[np.int32]:
        """The rows of the fold of ``row``, itself among them, by their IRI."""
        fold = self.folds[row]
        return self.order[self._starts[fold] : self._starts[fold + 1]]

    def count(self, allowed: NDArray[np.bool_]) -> int:
        """How many different folds the rows have that are let through."""
        seen = np.zeros(len(self._starts) - 1, np.bool_)
        seen[self.folds[allowed]] = True
        return int(seen.sum())


def first_of_each(keys: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """The places at which each key stands for the first time, in order."""
    _, first = np.unique(keys, return_index=True)
    return np.sort(first)

"""What the codes of an index are looked up in, as arrays on disk."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.rows_by_key import RowsByKey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search.passages import Passage

__all__ = ["CodeMaps", "code_key"]

_VERSION = re.compile(r"v\d+$")
_NUMBER = re.compile(r"\d+")
_ARRAYS = ("heads", "holders", "child_starts", "children")
_KEYED = ("elements", "standards", "iris")


@dataclass(frozen=True)
class CodeMaps:
    """``elements`` has the rows of a code, ``standards`` the first row of each standard of a code, ``iris``
    the row of an IRI. ``heads`` tells the rows that stand for a whole standard. Rows of one standard with
    one code have one number in ``holders``; the rows below number *n* are
    ``children[child_starts[n]:child_starts[n + 1]]``.
    """

    elements: RowsByKey
    standards: RowsByKey
    iris: RowsByKey
    heads: NDArray[np.bool_]
    holders: NDArray[np.int32]
    child_starts: NDArray[np.int64]
    children: NDArray[np.int32]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> CodeMaps:
        numbers: dict[tuple[str, str], int] = {}
        firsts: dict[str, int] = {}
        for row, one in enumerate(passages):
            numbers.setdefault((one.standard, one.code), len(numbers))
            firsts.setdefault(one.standard, row)
        holders = [numbers[one.standard, one.code] for one in passages]
        below = [
            (numbers[one.standard, code], row)
            for row, one in enumerate(passages)
            for code in {step.code for step in one.path}
            if (one.standard, code) in numbers
        ]
        below.sort()
        counts = np.bincount(np.array([holder for holder, _ in below], np.int64), minlength=len(numbers))
        return cls(
            elements=RowsByKey.of((code_key(one.code), row) for row, one in enumerate(passages) if one.code),
            standards=RowsByKey.of(
                (name, row) for standard, row in firsts.items() for name in _names_of(standard)
            ),
            iris=RowsByKey.of((one.iri, row) for row, one in enumerate(passages)),
            heads=np.array([one.code == one.standard for one in passages], np.bool_),
            holders=np.array(holders, np.int32),
            child_starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            children=np.array([row for _, row in below], np.int32),
        )

    def write(self, folder: Path) -> None:
        for name in _KEYED:
            getattr(self, name).write(folder, f"codes-{name}")
        for name in _ARRAYS:
            np.save(folder / f"codes-{name}.npy", getattr(self, name))

    @classmethod
    def read(cls, folder: Path) -> CodeMaps:
        elements, standards, iris = (RowsByKey.read(folder, f"codes-{name}") for name in _KEYED)
        arrays = (np.load(folder / f"codes-{name}.npy", mmap_mode="r") for name in _ARRAYS)
        return cls(elements, standards, iris, *arrays)


def _names_of(standard: str) -> set[str]:
    """What a standard is called: by its code, without the version, and O*NET's without their .00."""
    key = code_key(standard)
    return {key, _VERSION.sub("", key), key.removesuffix(".0")}


def code_key(code: str) -> str:
    """A code as it is compared."""
    text = unicodedata.normalize("NFKC", code).casefold().rstrip(".")
    return _NUMBER.sub(lambda digits: digits[0].lstrip("0") or "0", text)

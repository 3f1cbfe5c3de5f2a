"""The passages of a version on disk, one JSON object a line, each read when it is asked for."""

from __future__ import annotations

import json
import mmap
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from search.classes import ClassCode
from search.passages import Passage, Requires, Step

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["PassageFile", "passage_line"]

_LINES = "passages.jsonl"
_STARTS = "passages.npy"
_NESTED = ("path", "required_by", "classes", "requires")
_PLAIN = tuple(name for name in Passage.__dataclass_fields__ if name not in _NESTED)


class PassageFile(Sequence[Passage]):
    """Opened in no time, whatever its size. Safe to use from several threads."""

    def __init__(self, data: bytes | mmap.mmap, starts: NDArray[np.int64]) -> None:
        self._data = data
        self._starts = starts

    @classmethod
    def write(cls, folder: Path, passages: Iterable[Passage]) -> None:
        starts = [0]
        with (folder / _LINES).open("wb") as file:
            for passage in passages:
                starts.append(starts[-1] + file.write(passage_line(passage)))
        np.save(folder / _STARTS, np.array(starts, np.int64))

    @classmethod
    def open(cls, folder: Path) -> PassageFile:
        """Raises ``ValueError`` where the file is cut short."""
        starts = np.load(folder / _STARTS, mmap_mode="r")
        size = int(starts[-1])
        with (folder / _LINES).open("rb") as file:
            # an empty file cannot be mapped
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        if len(data) != size:
            raise ValueError(f"{_LINES} has {len(data)} bytes, not {size}")
        return cls(data, starts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, row: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(row, slice):
            return tuple(self[one] for one in range(*row.indices(len(self))))
        if row < 0:
            row += len(self)
        if not 0 <= row < len(self):
            raise IndexError(row)
        return _passage(json.loads(self._data[int(self._starts[row]) : int(self._starts[row + 1])]))


def passage_line(passage: Passage) -> bytes:
    """A passage as a line of the file."""
    values = {name: getattr(passage, name) for name in _PLAIN}
    for name in _NESTED:
        values[name] = [asdict(one) for one in getattr(passage, name)]
    return (json.dumps(values, ensure_ascii=False) + "\n").encode()


def _passage(values: dict[str, Any]) -> Passage:
    for name in ("path", "required_by"):
        values[name] = tuple(Step(**step) for step in values[name])
    values["classes"] = tuple(ClassCode(**one) for one in values["classes"])
    values["requires"] = tuple(Requires(**one) for one in values["requires"])
    values["names"] = tuple(values["names"])
    return Passage(**values)

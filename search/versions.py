"""Which passages are of the latest version of their standard, as far as it is loaded."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.passages import Passage

__all__ = ["latest_rows", "series_and_version"]

_VERSIONED = re.compile(r"(?P<series>.+?)v(?P<number>\d+)", re.IGNORECASE)


def latest_rows(passages: Sequence[Passage]) -> NDArray[np.bool_]:
    """For each passage whether no later version of its standard is among the passages.

    Codes tell series and version (``BGM1219-002v2``); a standard without a version in its code is the latest
    of itself.
    """
    highest: dict[tuple[str, str], int] = {}
    named = [(passage.framework, *series_and_version(passage.standard)) for passage in passages]
    for framework, series, number in named:
        key = framework, series
        highest[key] = max(highest.get(key, 0), number)
    return np.array(
        [number == highest[framework, series] for framework, series, number in named], dtype=np.bool_
    )


# pages ask for those of all standards
@lru_cache(maxsize=20_000)
def series_and_version(code: str) -> tuple[str, int]:
    """What all versions of a standard are called, and the number of this one: 0 where the code has none."""
    match = _VERSIONED.fullmatch(code)
    return (match["series"].casefold(), int(match["number"])) if match else (code.casefold(), 0)

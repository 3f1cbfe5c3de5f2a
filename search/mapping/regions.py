"""The regions of a map, and the words that tell one from the others."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.vq import kmeans2

from search.folding import is_unspaced
from search.mapping.standard_map import Region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["regions_of"]

_SIZES = (250, 60)
"""How many standards a region has at the mean: seen from afar, and from nearer."""
_FEWEST = 12
_WORDS = 3
_LONGEST = 4
_WORD = re.compile(r"[^\W_]+")
_EMPTY_WORDS = frozenset(
    {
        *(
            "all",
            "and",
            "except",
            "first",
            "for",
            "from",
            "general",
            "including",
            "into",
            "line",
            "not",
            "other",
        ),
        *("others", "related", "than", "that", "the", "their", "them", "under", "using", "with", "without"),
    }
)
"""Words of English names that tell nothing of the work."""


def regions_of(
    places: NDArray[np.float32], names: Sequence[str], languages: Sequence[str]
) -> tuple[Region, ...]:
    """The regions of both sizes, each with where it lies and its most telling words in the language that most
    of its standards have; none of few standards."""
    if len(places) < _FEWEST:
        return ()
    words = [_words(name) for name in names]
    overall = Counter(word for own in words for word in set(own))
    found = []
    for depth, size in enumerate(_SIZES):
        count = max(2, round(len(places) / size)) if depth == 0 or len(places) > _SIZES[0] else 0
        if not count:
            continue
        _, members = kmeans2(places.astype(np.float64), count, minit="++", rng=1, iter=30)
        for number in range(count):
            own = np.flatnonzero(members == number).tolist()
            if len(own) < 3:
                continue
            language = Counter(languages[one] for one in own).most_common(1)[0][0]
            of_language = [one for one in own if languages[one] == language]
            label = _label([words[one] for one in of_language], overall, len(names), language)
            if label:
                x, y = (float(one) for one in np.median(places[own], axis=0))
                found.append(Region(depth, x, y, label, language, len(own)))
    return tuple(found)


def _words(name: str) -> list[str]:
    """The words of a name, as they are shown; of a script without spaces the stretches of two to four
    characters."""
    found = []
    for word in _WORD.findall(name.lower()):
        if is_unspaced(word[0]):
            found += [
                word[at : at + size] for size in range(2, _LONGEST + 1) for at in range(len(word) - size + 1)
            ]
        elif len(word) > 2 and word not in _EMPTY_WORDS and not word.isdigit():
            found.append(word)
    return found


def _label(words: Sequence[Sequence[str]], overall: Counter[str], total: int, language: str) -> str:
    """The words that are in many of a region's names and in few of the others: how often, times by how much
    more often than everywhere."""
    counts = Counter(word for own in words for word in set(own))
    scores = {
        word: _weight(word) * count * math.log((count / len(words)) / (overall[word] / total))
        for word, count in counts.items()
        if count > 1 and count / len(words) > overall[word] / total
    }
    chosen: list[str] = []
    for word in sorted(scores, key=lambda one: (-scores[one], -len(one), one)):
        if not any(_alike(word, one) for one in chosen):
            chosen.append(word)
        if len(chosen) == _WORDS:
            break
    return ("、" if language.startswith(("zh", "ja")) else " · ").join(chosen)


def _weight(word: str) -> float:
    """Of a script without spaces longer stretches say more, and are found less often."""
    return math.sqrt(len(word)) if is_unspaced(word[0]) else 1.0


def _alike(word: str, other: str) -> bool:
    """Whether two words say nearly the same: forms of one word, or stretches that overlap."""
    if is_unspaced(word[0]):
        return any(word[at : at + 2] in other for at in range(len(word) - 1))
    return word[:5] == other[:5] or word in other or other in word

"""Questions: what is asked about, without the frame around it.

"Which competencies cover conflict handling?" is a search for *conflict handling*; the words around it say
only that it is a search, and they pull the vector of the whole towards texts about competencies. The frames
are data, ``frames.tsv``, in the languages of the background: one line a frame, with ``…`` where the matter
stands, ``(a|b)`` for a choice, ``[a|b]`` for a choice that may be absent, and ``〜`` for the endings that
follow a Japanese stem.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from search.questions.frame_words import without_frame_words

__all__ = ["Reading", "read_query", "without_frame"]

_EDGES = " \t.。．｡?？¿!！¡؟।、，,:：;；\"“”'‘’«»「」『』"
_PARTS = re.compile(r"[()\[\]|…〜 ]|[^()\[\]|…〜 ]+")
_PATTERNS = {
    "(": "(?:",
    ")": ")",
    "[": "(?:",
    "]": ")?",
    "|": "|",
    "…": "(.+?)",
    "〜": "[ぁ-ん]{0,12}",
    " ": r"\s+",
}
_LEAST = 2
_KATAKANA = re.compile(r"[ァ-ヴー]{2,}")
_COMPOUND = re.compile(r"[ァ-ヴー]{2,}|[一-鿿々]{2,}|[^\W\d_ァ-ヴー一-鿿々ぁ-ん]{2,}")
# shares of a query's vector; measured in docs/decisions/0005-ranking.md
_WHOLE_QUESTION = 0.2
_COMPOUND_PARTS = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query is read: ``matter`` is what it asks about, ``views`` the texts whose vectors are blended
    into the query's, each with its share; the first is the matter, the shares sum to 1."""

    matter: str
    views: tuple[tuple[str, float], ...]


def read_query(query: str) -> Reading:
    """The matter of ``query``; beside it the whole question, where there was a frame, and the parts of a
    compound of katakana and other letters (コンフリクト対応), which models cut into pieces at random."""
    matter = without_frame(query)
    parts = _COMPOUND.findall(matter) if _KATAKANA.search(matter) else []
    views: list[tuple[str, float]] = []
    if matter != query.strip(_EDGES):
        views.append((query, _WHOLE_QUESTION))
    left = 1.0 - sum(share for _, share in views)
    if len(parts) > 1:
        share = left * _COMPOUND_PARTS
        views.extend((part, share / len(parts)) for part in parts)
        left -= share
    return Reading(matter, ((matter, left), *views))


def without_frame(query: str) -> str:
    """The matter of a question; a query that is none comes back without the punctuation at its ends.

    Of several frames that fit, the one that leaves least is taken. What is left must have two letters or
    digits at least, or the query stays as it is.
    """
    text = unicodedata.normalize("NFKC", query).strip(_EDGES)
    found = [
        matter
        for frame in _frames()
        if (match := frame.fullmatch(text)) and _is_enough(matter := match[1].strip(_EDGES))
    ]
    if found:
        return min(found, key=len)
    matter = without_frame_words(unicodedata.normalize("NFKC", query))
    if matter and _is_enough(matter):
        return matter
    return query.strip(_EDGES) or query


def _is_enough(text: str) -> bool:
    return sum(character.isalnum() for character in text) >= _LEAST


@cache
def _frames() -> tuple[re.Pattern[str], ...]:
    lines = (files("search.questions") / "frames.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple(_compiled(line.split("\t")[1]) for line in lines)


def _compiled(frame: str) -> re.Pattern[str]:
    text = unicodedata.normalize("NFKC", frame.replace("…", "\0")).replace("\0", "…")
    parts = _PARTS.findall(text)
    return re.compile("".join(_PATTERNS.get(part) or re.escape(part) for part in parts), re.IGNORECASE)

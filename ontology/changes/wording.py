"""Two texts side by side: which words changed, and how much of the wording they share."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

__all__ = ["Run", "RunKind", "Wording", "changed_words", "likeness", "phrases", "plain_words"]

RunKind = Literal["equal", "removed", "added"]

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
)
_HAN_PLUS = f"[{_UNSPACED}\uf900-\ufaff\U00020000-\U000323af]"
_TOKEN = re.compile(rf"{_HAN_PLUS}|(?:(?!{_HAN_PLUS})\w)+|\s+|.", re.DOTALL)
_HAN, _HAN_RUN = re.compile(_HAN_PLUS), re.compile(f"{_HAN_PLUS}+")
_LOOSE_BLANK = re.compile(rf"(?<={_HAN_PLUS}) | (?={_HAN_PLUS})")
_SENTENCE = re.compile(r"[^\n。.;；]*[\n。.;；]\s*|[^\n。.;；]+")
_MOST_STEPS = 1_000_000
_KEPT_SIGNS = frozenset("#%&")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that both sides have, or only the one before, or only the one after."""

    kind: RunKind
    text: str


def changed_words(a: str, b: str) -> tuple[Run, ...]:
    """What became of ``a`` in ``b``, in the order of reading; of a change first what was removed.

    The runs that are equal or removed make up ``a``, those equal or added make up ``b``, exactly. Scripts
    written without spaces are compared by characters, others by words. What stays between two changes is
    taken into them where it is a single character, a blank or a sign, since such scraps are hard to read.
    Long texts are compared by sentences, and the longest not at all.
    """
    if a == b:
        return (Run("equal", a),) if a else ()
    before, after = _TOKEN.findall(a), _TOKEN.findall(b)
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    middle_before, middle_after = before[head : len(before) - tail], after[head : len(after) - tail]
    pieces: list[tuple[str, str, str]] = [("".join(before[:head]), "", "")]
    pieces += _differences(middle_before, middle_after)
    pieces.append(("".join(before[len(before) - tail :]), "", ""))
    return _runs(_without_scraps(pieces))


def _shared(before: list[str], after: list[str]) -> int:
    """How many tokens both begin with."""
    count = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        count += 1
    return count


def _differences(before: list[str], after: list[str]) -> list[tuple[str, str, str]]:
    """Pieces in order, each what is equal, removed and added; one of them is filled, or the last two."""
    if len(before) * len(after) > _MOST_STEPS:
        before, after = _SENTENCE.findall("".join(before)), _SENTENCE.findall("".join(after))
        if len(before) * len(after) > _MOST_STEPS:
            return [("", "".join(before), "".join(after))]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [
        ("".join(before[i:j]), "", "") if what == "equal" else ("", "".join(before[i:j]), "".join(after[k:n]))
        for what, i, j, k, n in matcher.get_opcodes()
    ]


def _without_scraps(pieces: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Neighbouring changes as one, with the scraps between them."""
    filled = [piece for piece in pieces if any(piece)]
    joined: list[tuple[str, str, str]] = []
    for at, (equal, removed, added) in enumerate(filled):
        between = 0 < at < len(filled) - 1
        if equal and between and _is_scrap(equal):
            removed, added, equal = equal, equal, ""
        if not equal and joined and not joined[-1][0]:
            _, removed_before, added_before = joined.pop()
            removed, added = removed_before + removed, added_before + added
        joined.append((equal, removed, added))
    return joined


def _is_scrap(text: str) -> bool:
    tokens = _TOKEN.findall(text)
    return len(tokens) == 1 and (len(text) == 1 or text.isspace())


def _runs(pieces: list[tuple[str, str, str]]) -> tuple[Run, ...]:
    kinds: tuple[RunKind, ...] = ("equal", "removed", "added")
    return tuple(Run(kind, text) for piece in pieces for kind, text in zip(kinds, piece, strict=True) if text)


def plain_words(text: str) -> str:
    """The text without case, width, blanks between characters, and signs: equal where only the printing
    differs. Signs that change what is said stay: C, C# and C++ differ."""
    kept = [
        character if _says_something(character) else " "
        for character in unicodedata.normalize("NFKC", text).casefold()
    ]
    words = " ".join("".join(kept).split())
    return _LOOSE_BLANK.sub("", words)


def _says_something(character: str) -> bool:
    return character.isalnum() or character in _KEPT_SIGNS or unicodedata.category(character)[0] in "MS"


def _pieces(words: str) -> frozenset[str]:
    """What plain words are compared by, the second of a kind apart from the first: single characters and
    pairs of neighbours of scripts without spaces; of other words the three-letter pieces, with the word's
    ends, so that forms of a word are like each other."""
    counts: Counter[str] = Counter()
    for token in _TOKEN.findall(words):
        if not _HAN.match(token) and not token.isspace():
            padded = f" {token} "
            counts.update(padded[at : at + 3] for at in range(len(padded) - 2))
    for run in _HAN_RUN.findall(words):
        counts.update(run)
        counts.update(map("".join, pairwise(run)))
    return frozenset(
        piece if number == 0 else f"{piece}\n{number}"
        for piece, count in counts.items()
        for number in range(count)
    )


def phrases(text: str) -> set[str]:
    """Two and three words, or characters of scripts without spaces, in a row: what few texts share."""
    tokens = [token for token in _TOKEN.findall(plain_words(text)) if not token.isspace()]
    return {" ".join(tokens[at : at + size]) for size in (2, 3) for at in range(len(tokens) - size + 1)}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text made ready for being compared with many."""

    plain: str
    pieces: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Wording:
        plain = plain_words(text)
        return cls(plain or text, _pieces(plain))

    def likeness(self, other: Wording) -> float:
        if self.plain == other.plain:
            return 1.0
        if not self.pieces or not other.pieces:
            return 0.0
        return 2 * len(self.pieces & other.pieces) / (len(self.pieces) + len(other.pieces))


def likeness(a: str, b: str) -> float:
    """How much wording two texts share, 0–1 and the same from both sides: 2 × shared pieces / all pieces
    (Dice 1945, "Measures of the amount of ecologic association between species"). Texts that differ in
    printing alone have 1; order counts little."""
    return 1.0 if a == b else Wording.of(a).likeness(Wording.of(b))

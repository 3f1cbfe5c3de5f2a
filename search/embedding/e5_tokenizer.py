"""Text → pieces, as multilingual-e5-small was trained on them: the Unigram model of SentencePiece.

Of all ways to cut a text into pieces of the vocabulary the one with the greatest sum of scores is taken
(Kudo 2018, "Subword Regularization", by the algorithm of Viterbi). No piece goes on beyond the mark of a
space, so that each word is cut by itself and its pieces are remembered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.embedding.e5_weights import Pieces

__all__ = ["E5Tokenizer"]

_SPACE = "▁"
_WORDS = re.compile(f"{_SPACE}?[^{_SPACE}]+|{_SPACE}")
_SPACES = re.compile("  +")
_LONG_WORD = 64
# what a character that no piece has costs, beside the least score of a piece
_UNKNOWN_COST = 10.0
_REMEMBERED = 1 << 16


class E5Tokenizer:
    """Gives the same pieces as the wheel's own tokenizer. Safe to call from several threads."""

    def __init__(self, pieces: Pieces) -> None:
        self._normal = dict(pieces.normal)
        self._unknown = pieces.unknown
        self._unknown_score = min(pieces.scores) - _UNKNOWN_COST
        self._scores = pieces.scores
        self._numbers = dict(zip(pieces.texts, range(len(pieces.texts)), strict=True))
        for without in ("", pieces.texts[pieces.unknown]):
            self._numbers.pop(without, None)
        # the length of the longest piece that begins with a character
        self._longest: dict[str, int] = {}
        for text in self._numbers:
            if len(text) > self._longest.get(text[0], 0):
                self._longest[text[0]] = len(text)
        self._of_word = lru_cache(_REMEMBERED)(self._cut)

    def pieces(self, text: str) -> list[int]:
        """The numbers of the pieces of ``text``, without those for begin and end."""
        plain = _SPACES.sub(" ", text.translate(self._normal))
        marked = (plain if plain.startswith(" ") else " " + plain).replace(" ", _SPACE)
        found: list[int] = []
        for word in _WORDS.findall(marked):
            found += self._of_word(word) if len(word) <= _LONG_WORD else self._cut(word)
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        size = len(word)
        best = [0.0] + [float("-inf")] * size
        came: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        numbers, scores, longest = self._numbers, self._scores, self._longest
        for start in range(size):
            score = best[start]
            for stop in range(start + 1, min(size, start + longest.get(word[start], 0)) + 1):
                number = numbers.get(word[start:stop])
                if number is not None and score + scores[number] > best[stop]:
                    best[stop] = score + scores[number]
                    came[stop] = (start, number)
            if score + self._unknown_score > best[start + 1]:
                best[start + 1] = score + self._unknown_score
                came[start + 1] = (start, self._unknown)
        found = []
        at = size
        while at:
            at, number = came[at]
            found.append(number)
        return tuple(reversed(found))

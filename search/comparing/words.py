"""How much of two texts is the same wording."""

from __future__ import annotations

from collections import Counter

from search.folding import tokens

__all__ = ["wording"]


def wording(first: str, second: str) -> float:
    """The part of the tokens that both texts have (Dice), 0–1; 0 across scripts."""
    mine, theirs = (Counter(token.text for token in tokens(text)) for text in (first, second))
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 0.0

"""Texts that another program took from the official form: what a line wrap did to them, mended or doubted."""

from __future__ import annotations

import re

from ontology.model import Doubt
from ontology.readers.text import join, shorten, split_lines

__all__ = ["Mender"]

_WIDE = r"\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_BLANK = re.compile(rf"(?<=[{_WIDE}])[ \u3000]+(?=[{_WIDE}])")
_ASCII_SIGN = re.compile(rf"(?<=[{_WIDE}])[,;:?!]|[,;:?!](?=[{_WIDE}])")
_LISTED = 8


class Mender:
    """Mends the texts of one document and keeps all doubts about it.

    Lines of one text are joined. A blank between two wide characters was a line wrap, too, and is taken out
    with a doubt; ASCII punctuation between them is left, with one doubt for the document.
    """

    def __init__(self) -> None:
        self._doubts: list[Doubt] = []
        self._signs: dict[str, str] = {}

    def doubt(self, kind: str, where: str, text: str, message: str) -> None:
        """Keeps a doubt, once."""
        doubt = Doubt(kind, where, text, message)
        if doubt not in self._doubts:
            self._doubts.append(doubt)

    def text(self, printed: str, where: str) -> str:
        """The text in one line; ``where`` is what doubts call its place."""
        plain = self.lines(printed)
        mended = _BLANK.sub("", plain)
        if mended != plain:
            message = "a blank between Chinese characters was taken for the trace of a line wrap"
            self.doubt("blank-in-text", where, plain, message)
        if _ASCII_SIGN.search(mended):
            self._signs.setdefault(where, mended)
        return mended

    @staticmethod
    def lines(printed: str) -> str:
        """The text with its lines joined, and nothing else done to it."""
        text = ""
        for line in split_lines(printed):
            text = join(text, line.strip())
        return text

    def finish(self) -> list[Doubt]:
        """The doubts of all texts so far."""
        if not self._signs:
            return self._doubts
        where, text = next(iter(self._signs.items()))
        listed = "、".join(list(self._signs)[:_LISTED]) + ("…" if len(self._signs) > _LISTED else "")
        message = (
            f"ASCII punctuation stands between Chinese characters in {len(self._signs)} text(s), {listed}; "
            "it was left as it is"
        )
        return [*self._doubts, Doubt("ascii-punctuation", where, shorten(text), message)]

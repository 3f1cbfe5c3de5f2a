"""Codes of elements as a standard prints them, and where in a cell one of them begins an item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.readers.text import fold_width, join

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Code", "Inner", "Piece", "leading_code", "split_items"]

_END = r"(?![0-9A-Za-z_]|\.[0-9])"
_SHAPES = {
    "T": rf"T(?P<numbers>[0-9]{{1,3}}){_END}",
    "T.": rf"T(?P<numbers>[0-9]{{1,3}}\.[0-9]{{1,3}}){_END}",
    "O": rf"[O0](?P<numbers>[0-9]{{1,3}}\.[0-9]{{1,3}}\.[0-9]{{1,3}}){_END}",
    "P": rf"P(?P<numbers>[0-9]{{1,3}}\.[0-9]{{1,3}}\.[0-9]{{1,3}}){_END}",
    "K": rf"K(?P<numbers>[0-9]{{1,3}}){_END}",
    "S": rf"S(?P<numbers>[0-9]{{1,3}}){_END}",
    "A": rf"A(?P<numbers>[0-9]{{1,3}}){_END}",
}
_SEPARATOR = r"[.、:](?!\S*\.[0-9])"
_LEADING = {
    shape: re.compile(
        pattern.replace("(?P<numbers>", r"\s?(?P<numbers>", 1) + rf"(?P<separator>{_SEPARATOR})?",
        re.IGNORECASE,
    )
    for shape, pattern in _SHAPES.items()
}
_INNER = {shape: re.compile(rf"(?<=\s){pattern}(?P<separator>\.)?") for shape, pattern in _SHAPES.items()}


@dataclass(frozen=True, slots=True)
class Code:
    """A code found in a text: ``shape`` is its letter (``T.`` for an activity), ``code`` its regular
    form, ``printed`` what the source has, ``numbers`` its numbers; ``start`` and ``end`` are offsets."""

    shape: str
    code: str
    printed: str
    numbers: tuple[int, ...]
    start: int
    end: int

    @property
    def is_malformed(self) -> bool:
        return self.printed != self.code


@dataclass(frozen=True, slots=True)
class Piece:
    """What one cell says of one item; ``code`` is ``None`` for text that stands before any code.

    ``paragraphs`` has more than one member only in a piece without a code.
    """

    code: Code | None
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        text = ""
        for paragraph in self.paragraphs:
            text = join(text, paragraph)
        return text


@dataclass(frozen=True, slots=True)
class Inner:
    """A code inside a paragraph: ``before`` is the code of the item so far, ``left`` that item's text up
    to here, ``right`` the rest of the paragraph, ``later`` the codes in it."""

    code: Code
    before: Code | None
    left: str
    right: str
    later: Sequence[Code]


def _code(shape: str, match: re.Match[str], source: str) -> Code:
    numbers = match["numbers"]
    printed = source[match.start() : match.end()].strip()
    return Code(
        shape=shape,
        code=shape[0] + numbers,
        printed=printed,
        numbers=tuple(int(number) for number in numbers.split(".")),
        start=match.start(),
        end=match.end(),
    )


def leading_code(text: str, shapes: Sequence[str]) -> Code | None:
    """The code at the very start of a text, in any of the shapes; here also lower case, a space after
    the letter and a separator after the numbers are read, and show in ``printed``."""
    folded = fold_width(text)
    for shape in shapes:
        if match := _LEADING[shape].match(folded):
            return _code(shape, match, text)
    return None


def _inner_codes(text: str, start: int, shapes: Sequence[str]) -> list[Code]:
    """Codes after ``start`` that follow a blank, in the order of the text."""
    folded = fold_width(text)
    found = [_code(shape, match, text) for shape in shapes for match in _INNER[shape].finditer(folded, start)]
    return sorted(found, key=lambda code: code.start)


def split_items(
    parts: Sequence[str],
    shapes: Sequence[str],
    begins_item: Callable[[Inner], bool],
) -> list[Piece]:
    """The items of a cell, given its paragraphs.

    A code at the start of a paragraph begins an item. For one inside a paragraph ``begins_item`` is asked.
    """
    pieces: list[Piece] = []

    def add(code: Code | None, text: str) -> None:
        text = text.strip()
        if code is None and pieces and pieces[-1].code is not None:
            last = pieces[-1]
            pieces[-1] = Piece(last.code, (join(last.text, text),))
        elif code is None and pieces:
            pieces[-1] = Piece(None, (*pieces[-1].paragraphs, text))
        else:
            pieces.append(Piece(code, (text,)))

    for part in parts:
        current = leading_code(part, shapes)
        begin = current.end if current else 0
        open_code = current or (pieces[-1].code if pieces else None)
        codes = _inner_codes(part, begin, shapes)
        for position, code in enumerate(codes):
            left, right = part[begin : code.start], part[code.end :]
            if begins_item(Inner(code, open_code, left, right, codes[position + 1 :])):
                if current or part[begin : code.start].strip():
                    add(current, part[begin : code.start])
                current = open_code = code
                begin = code.end
        if current or part[begin:].strip():
            add(current, part[begin:])
    return pieces

"""Text folded for comparison: what people type and what documents print meet in one form.

Folded text is for comparison only and is never shown: conversion between Chinese scripts changes words
(軟體 comes back as 软件).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from zhconv_rs import zhconv

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ChineseScript",
    "Folded",
    "Token",
    "folded",
    "folded_text",
    "is_han",
    "is_unspaced",
    "mainland_words",
    "other_chinese_script",
    "to_script",
    "tokens",
]

# Scripts written without spaces; Hangul is spaced, but its endings cling to the word.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul letters
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0xAC00, 0xD7AF),  # Hangul syllables
)
_HAN = ((0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))


ChineseScript = Literal["zh-Hans", "zh-Hant"]
"""The two scripts of Chinese, as language tags."""


_HAN_CHARACTER = re.compile("[{}]".format("".join(f"{chr(first)}-{chr(last)}" for first, last in _HAN)))
_ASCII_WORD = re.compile("[0-9A-Za-z]+")


class Token(NamedTuple):
    """A unit of comparison; ``start`` and ``end`` are code points of the text it was cut from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in its form for comparison, its words apart by one blank. Character *i* of it stands for
    ``starts[i]`` to ``ends[i]`` (code points) of the text that it was folded from."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@lru_cache(maxsize=65_536)
def is_han(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _HAN)


@lru_cache(maxsize=65_536)
def is_unspaced(character: str) -> bool:
    """Whether the script of ``character`` is written without spaces, or is compared as if it were."""
    return is_han(character) or any(first <= ord(character) <= last for first, last in _UNSPACED)


def mainland_words(text: str) -> str:
    """The text in the words of mainland China where they differ (軟體 → 软件); other text unchanged."""
    return str(zhconv(text, "zh-CN")) if _HAN_CHARACTER.search(text) else text


def other_chinese_script(language: str) -> ChineseScript | None:
    """``zh-Hans`` for a tag of Traditional Chinese, ``zh-Hant`` for one of Simplified; ``None`` for others.

    Chinese without script or region counts as Traditional.
    """
    primary, *rest = language.lower().split("-")
    if primary != "zh":
        return None
    return "zh-Hant" if {"hans", "cn", "sg", "my"} & set(rest) else "zh-Hans"


def to_script(text: str, script: ChineseScript) -> str:
    """``text`` in ``zh-Hans`` or ``zh-Hant``, for embedding and comparing only."""
    return str(zhconv(text, script))


def tokens(text: str) -> list[Token]:
    """Words of spaced scripts; single characters and pairs of neighbours of unspaced ones.

    The text is folded character by character, so that the places are those of ``text`` as given.
    """
    found: list[Token] = []
    start = 0
    for part in text.split(" "):
        if part.isascii():
            found += (
                Token(word[0].lower(), start + word.start(), start + word.end())
                for word in _ASCII_WORD.finditer(part)
            )
        else:
            found += _folded_tokens(part, start)
        start += len(part) + 1
    return found


def _folded_tokens(text: str, start: int) -> list[Token]:
    """The tokens of a text that begins at the place ``start`` of a longer one."""
    found: list[Token] = []
    for run in _runs(text, start):
        if not is_unspaced(run[0].text[0]):
            found.append(Token("".join(one.text for one in run), run[0].start, run[-1].end))
            continue
        for at, one in enumerate(run):
            found.append(one)
            if at + 1 < len(run):
                found.append(Token(one.text + run[at + 1].text, one.start, run[at + 1].end))
    return found


def folded(text: str) -> Folded:
    """The whole of a text, folded; signs that are no part of a word are blanks."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for run in _runs(text):
        if ends and run[0].start > ends[-1]:
            characters.append(" ")
            starts.append(ends[-1])
            ends.append(run[0].start)
        for one in run:
            characters.append(one.text)
            starts.extend([one.start] * len(one.text))
            ends.extend([one.end] * len(one.text))
    return Folded("".join(characters), tuple(starts), tuple(ends))


def _runs(text: str, start: int = 0) -> Iterator[list[Token]]:
    """Stretches of folded letters and digits of one sort, spaced or unspaced."""
    run: list[Token] = []
    for place, character in enumerate(text, start):
        for folded, in_word, marks in _folded(character):
            if not in_word:
                if run:
                    yield run
                run = []
                continue
            if run and not marks and is_unspaced(run[0].text[0]) != is_unspaced(folded):
                yield run
                run = []
            if marks and run:
                last = run[-1]
                run[-1] = Token(unicodedata.normalize("NFC", last.text + folded), last.start, place + 1)
            else:
                run.append(Token(folded, place, place + 1))
    if run:
        yield run


@lru_cache(maxsize=65_536)
def _is_part_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


@lru_cache(maxsize=65_536)
def _folded(character: str) -> tuple[tuple[str, bool, bool], ...]:
    """What a character becomes; for each part whether it belongs to a word, and whether it is a mark."""
    return tuple(
        (one, _is_part_of_word(one), unicodedata.category(one).startswith("M"))
        for one in _fold_character(character)
    )


@lru_cache(maxsize=65_536)
def _fold_character(character: str) -> str:
    """NFKC, case folded, Latin and Greek letters without their marks (which people leave out when typing),
    Han characters in their simplified form."""
    folded = unicodedata.normalize("NFKC", character).casefold()
    if len(folded) == 1 and is_han(folded):
        # one character at a time: a converter of whole texts may change their length
        simplified = str(zhconv(folded, "zh-Hans"))
        return simplified if len(simplified) == 1 else folded
    if folded and (folded[0] < "Ѐ" or "Ḁ" <= folded[0] <= "\u1fff"):
        parts = unicodedata.normalize("NFD", folded)
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    return "d" if folded == "đ" else folded


def folded_text(text: str) -> str:
    """The whole text folded, for telling whether two texts are the same but for case, width, script, marks,
    blanks and punctuation. Signs that change what is said stay: C, C# and C++ differ, 1.5 and 15 too."""
    parts: list[str] = []
    for place, character in enumerate(text):
        for folded in _fold_character(character):
            between_digits = (
                folded in ".,:"
                and text[place - 1 : place].isdecimal()
                and text[place + 1 : place + 2].isdecimal()
            )
            category = unicodedata.category(folded)
            kept = _is_part_of_word(folded) or folded in "#%&" or between_digits or category[0] == "S"
            parts.append(folded if kept else " ")
    words = "".join(parts).split()
    joined = words[:1]
    for before, word in pairwise(words):
        joined.append(word if is_unspaced(before[-1]) or is_unspaced(word[0]) else f" {word}")
    return "".join(joined)

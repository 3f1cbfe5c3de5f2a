"""The lines of a text and what begins them, and the sentences of a line: all as places in the text."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.readers.text import is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Line", "items", "lines_of", "sentences", "trimmed"]

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_SIGNS = "*·•・-‐‑–—―#_=~+>※†‡"
_NUMBER = (
    r"[(（]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[A-Za-z]|[ivxIVX]{1,4})\s*[)）]\s*[.、．:：]?|"
    r"\d{1,2}\s*[)）、．]|\d{1,2}\.(?!\d)|[①-⑳㈠-㈩❶-❿➀-➓Ⅰ-ⅻ]|"
    r"[一二三四五六七八九十]{1,3}\s*[、．.)）]|[甲乙丙丁戊己庚辛]\s*[、．]|"
    r"[A-Za-z]\s*[、．]|[A-Za-z][.)）](?=[\s\u3400-\u9fff])|[ivxIVX]{1,4}[.)](?=\s)"
)
_MARK = re.compile(rf"(?:{_NUMBER})\s*")
_INNER_BULLET = re.compile(r"(?<=\S)\s*[●◎■◆★☆▲▼◇□▪◼✓✔✅☑➤►▶‣⁃•]+\s*(?=\w)")
_INNER_NUMBER = re.compile(
    r"(?<![\d.A-Za-z$/-])(\d{1,2})(?:[.．](?!\d)|[、)）])\s*(?=\S)|[(（](\d{1,2})[)）]\s*(?=\S)|([①-⑳])\s*(?=\S)"
)
_SENTENCE_END = re.compile(
    r"[。！？؟।｡!?](?:[」』）)”’\"'》】]*)|[;；]|\.+[)”’\"']*(?=\s|$|(?<=[\u3400-\u9fff]\.)\S)"
)
_LAST_WORD = re.compile(r"(?:[^\W\d_]+\.)*[^\W\d_]+$")
_ABBREVIATION = re.compile(
    r"e\.?g|i\.?e|vs|cf|mrs?|ms|dr|prof|sr|jr|inc|ltd|co|corp|nos?|approx|ca|incl|excl|esp|max|min|dept|st|ave|"
    r"rd|blvd|fig|vol|ed|ext|tel|ph\.d|z\.b|d\.h|bzw|inkl|evtl|mind|ggf|p\.ej|uds?|sra|srta|mon|tue|wed|thu|fri|"
    r"sat|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|(?:[^\W\d_]\.)+[^\W\d_]|[A-Z]",
    re.IGNORECASE,
)
_MAY_END_TOO = frozenset({"a.m", "p.m"})
_SHORTEST_CLAUSE = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line without white space and the mark that begins it.

    ``start`` to ``end`` is its content, ``columns`` its width as printed, a Chinese character two. ``mark``
    is the bullet or number, empty where there is none; ``after_blank`` says that an empty line or the start
    of the text is above.
    """

    start: int
    end: int
    mark: str
    columns: int
    after_blank: bool


def lines_of(text: str) -> Iterator[Line]:
    """The lines that have a letter or a digit, from top to bottom."""
    last_end = -1
    blank = True
    for match in _LINE.finditer(text):
        start, end = match.span()
        if last_end >= 0 and text[last_end:start] not in {"\n", "\r", "\r\n", "\x0b", "\u2028"}:
            blank = True
        last_end = end
        first, end = _edges(text, start, end)
        content = _after_mark(text, first, end)
        if content >= end or not any(character.isalnum() for character in text[content:end]):
            blank = True
            continue
        yield Line(content, end, text[first:content].strip(), _columns(text[first:end]), blank)
        blank = False


def _edges(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and _is_blank(text[start]):
        start += 1
    while end > start and _is_blank(text[end - 1]):
        end -= 1
    return start, end


def _after_mark(text: str, start: int, end: int) -> int:
    """Where the content begins after bullets, pictures and one number."""
    numbered = False
    while start < end:
        if _is_bullet(text, start, end) or _is_blank(text[start]):
            start += 1
        elif not numbered and (match := _MARK.match(text, start, end)) and match.end() < end:
            start, numbered = match.end(), True
        else:
            break
    return start


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cf", "Cc", "Zs"}


def _is_bullet(text: str, at: int, end: int) -> bool:
    character = text[at]
    if character in "-–+~" and at + 1 < end and text[at + 1].isdigit():
        return False
    # private use: the bullets of symbol fonts, as word processors and PDFs hold them
    return character in _SIGNS or unicodedata.category(character) in {"So", "Co", "Mn"}


def _columns(text: str) -> int:
    return len(text) + sum(is_wide(character) for character in text)


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without white space at its ends and without marks that begin or end it; ``None`` where no
    letter or digit is left."""
    first, last = _edges(text, start, end)
    first = _after_mark(text, first, last)
    while last > first and (_is_blank(text[last - 1]) or _ends_as_bullet(text[last - 1])):
        last -= 1
    if not any(character.isalnum() for character in text[first:last]):
        return None
    return first, last


def _ends_as_bullet(character: str) -> bool:
    return character in "*·•・-–—_=~※" or unicodedata.category(character) in {"So", "Co", "Mn", "Cf"}


def items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The items of a list that is written in one line, ``1. … 2. …`` or ``● … ● …``; else the whole span."""
    cuts = {match.start() for match in _INNER_BULLET.finditer(text, start, end) if match.start() > start}
    numbers = [
        (match.start(), _value(next(group for group in match.groups() if group)))
        for match in _INNER_NUMBER.finditer(text, start, end)
    ]
    cuts |= _counted(numbers)
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    yield from itertools.pairwise(edges)


def _value(number: str) -> int:
    return int(unicodedata.numeric(number)) if len(number) == 1 else int(number)


def _counted(numbers: list[tuple[int, int]]) -> set[int]:
    """Where numbers stand that count up by one, two at the least and from 1 or 2."""
    counted: list[int] = []
    wanted = None
    for at, value in numbers:
        if value == wanted or (wanted is None and value in (1, 2)):
            counted.append(at)
            wanted = value + 1
    first = next((value for _, value in numbers if value in (1, 2)), 0)
    return set(counted) if len(counted) > 1 or first == 2 else set()


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a span; a semicolon ends one where a clause of some length is on both sides."""
    begun = start
    for match in _SENTENCE_END.finditer(text, start, end):
        cut = match.end()
        if cut >= end or not _ends(text, match.group()[0], match.start(), cut, begun, end):
            continue
        yield begun, cut
        begun = cut
    yield begun, end


def _ends(text: str, sign: str, at: int, cut: int, begun: int, end: int) -> bool:
    if sign in ";；":
        # a following clause is looked at up to its own semicolon
        after = re.split("[;；]", text[cut : min(end, cut + 80)], maxsplit=1)[0]
        return min(_columns(text[begun:at].strip()), _columns(after.strip())) >= _SHORTEST_CLAUSE
    if sign in "!?":
        return text[cut].isspace() or is_wide(text[cut]) or is_wide(text[at - 1 : at] or " ")
    if sign != ".":
        return True
    word = _LAST_WORD.search(text, max(begun, at - 12), at)
    following = text[cut:end].lstrip()[:1]
    if word is not None and _ABBREVIATION.fullmatch(word[0]) and word[0].lower() not in _MAY_END_TOO:
        return False
    return not following.islower()

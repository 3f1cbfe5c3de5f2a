"""Questions whose frame no list has: the words of frames, taken away from both ends.

The words are data, ``frame-words.tsv``: for each language ``cue`` (words that make a query a question or
a request), ``frame`` (what else stands around the matter of one: prepositions, verbs such as *cover*),
``weak`` (words that may be of the matter as well: *skills*, *training*, *team*) and ``keep`` (words that
begin or end as a word of a frame does, in scripts without spaces). Words of scripts without spaces are
looked for letter by letter, the longest first.

A query loses what stands at its ends, where that has a cue and a word more, or the query ends with a question
mark. Weak words
go only where a word of a frame stands further in: "which courses cover team conflicts" loses "which courses
cover", and *team* stays.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from search.folding import to_script

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["without_frame_words"]

_BY_LETTER = "\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_BETWEEN = r"\s!-/:-@\[-`{-~¡-¿‐-‧«»、。「」『』！？，．：；（）؟،।"
_UNITS = re.compile(f"[{_BY_LETTER}]|[^{_BETWEEN}{_BY_LETTER}]+")
_PARTICLES = re.compile(
    r"(?<=[가-힣]{2})(에서는|에서|에게|에는|으로|은|는|이|가|을|를|에|의|과|와|로|도|만)$"
)
# so many words at least make a frame without a question mark, and so many where all stand behind the matter
_LEAST, _LEAST_BEHIND = 2, 3
_QUESTION_MARKS = ("?", "？", "؟")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word, or a letter of a script without spaces, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language: the role of each sequence of units, joined by ``|``, and how many units the
    longest has."""

    roles: Mapping[str, str]
    longest: int


def without_frame_words(text: str) -> str | None:
    """What is left of a question or a request without the words around it, ``None`` where it is neither.

    Each language is tried with its own words; the one that leaves least is taken.
    """
    units = [_Unit(found[0].lower(), found.start(), found.end()) for found in _UNITS.finditer(text)]
    asked = text.rstrip().endswith(_QUESTION_MARKS)
    found = [matter for words in _languages() if (matter := _trimmed(text, units, words, asked=asked))]
    return min(found, key=len, default=None)


def _trimmed(text: str, units: Sequence[_Unit], words: _Words, *, asked: bool) -> str | None:
    texts = [unit.text for unit in units]
    start, before = _end_of_frame(texts, words, step=1)
    beyond, after = _end_of_frame(texts[start:][::-1], words, step=-1)
    stop, roles = len(units) - beyond, [*before, *after]
    if start >= stop or not roles:
        return None
    # what-if analysis, 弄清楚客人要什麼
    if not asked and ("cue" not in roles or len(roles) < (_LEAST if before else _LEAST_BEHIND)):
        return None
    matter = text[units[start].start : units[stop - 1].end]
    return _PARTICLES.sub("", matter) if beyond else matter


def _end_of_frame(texts: Sequence[str], words: _Words, *, step: int) -> tuple[int, list[str]]:
    """How many units from here on are of the frame, and the roles of the words there but weak ones."""
    at, end = 0, 0
    roles: list[str] = []
    while at < len(texts):
        for length in range(min(words.longest, len(texts) - at), 0, -1):
            role = _role(texts[at : at + length][::step], words)
            if role:
                break
        else:
            break
        if role == "keep":
            break
        at += length
        if role != "weak":
            end = at
            roles.append(role)
    return end, roles


def _role(units: Sequence[str], words: _Words) -> str | None:
    key = "|".join(units)
    role = words.roles.get(key)
    if role or not "가" <= key[-1] <= "힣":
        return role
    role = words.roles.get(_PARTICLES.sub("", key))
    # who does it is not what is asked about: 관리자는
    return "frame" if role == "weak" and key.endswith(("은", "는")) else role


@cache
def _languages() -> tuple[_Words, ...]:
    languages: dict[str, dict[str, str]] = {}
    lines = (files("search.questions") / "frame-words.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for language, role, words in (line.split("\t") for line in lines):
        own = languages.setdefault(language, {})
        for word in words.split("|"):
            forms = {word, to_script(word, "zh-Hans")} if language == "zh-Hant" else {word}
            for form in forms:
                plain = unicodedata.normalize("NFKC", form).lower()
                own.setdefault("|".join(_UNITS.findall(plain)), role)
    return tuple(_Words(own, max(key.count("|") + 1 for key in own)) for own in languages.values())

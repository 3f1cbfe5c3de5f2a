"""Words that tell what a line of a job description is about, and how much they count.

The cues are data, ``cues.tsv``: language (for people who mend the file), kind, weight and a pattern over the
text in ``comparable`` form. Kinds of cues that speak for a requirement add to a score, the others take away
from it; of one kind the heaviest that is found counts. The heading above adds or takes away
``SECTION_WEIGHT``: what is less than that yields to the section, what is more overrules it. A sentence
without a cue of its own goes with the sentences beside it in its line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from search.folding import to_script

__all__ = [
    "OTHER",
    "REQUIREMENT",
    "REQUIREMENT_KINDS",
    "SECTION_WEIGHT",
    "Cues",
    "Reading",
    "Role",
    "comparable",
    "find_cues",
]

Role = Literal["requirement", "other"]
REQUIREMENT: Role = "requirement"
OTHER: Role = "other"
REQUIREMENT_KINDS = frozenset({"duty", "requirement", "skill", "experience", "education", "licence", "trait"})
SECTION_WEIGHT = 2
_MOST_FROM_BESIDE = 3
_MOST_READ = 2_000
_PUNCTUATION = str.maketrans("，；：（）臺", ",;:()台")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line is; ``role`` is ``None`` where nothing tells. ``why`` is the kind of the cue that told,
    ``section``, ``beside`` or ``default``. ``score`` is more than nothing for a requirement."""

    role: Role | None
    why: str
    score: int


def comparable(text: str) -> str:
    """A text as headings and cues are compared: without differences of width, case, Chinese script and
    typographic apostrophes. Places in it are not those of ``text``."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("臺", "台")
    # a lone surrogate, as JSON may hold one, has no UTF-8
    return plain if plain.isascii() else to_script(plain.encode("utf-8", "replace").decode(), "zh-Hans")


@dataclass(frozen=True, slots=True)
class Cues:
    """The kinds of cues that a text has, each with the weight of its heaviest, from heavy to light."""

    weights: tuple[tuple[str, int], ...]

    @property
    def score(self) -> int:
        """More than nothing for a requirement."""
        return sum(weight if kind in REQUIREMENT_KINDS else -weight for kind, weight in self.weights)

    def reading(self, section: Role | None, beside: int = 0) -> Reading:
        """The role of the text in such a section, where what is beside it has the score ``beside``."""
        score = self.score
        if not self.weights:
            score = max(-_MOST_FROM_BESIDE, min(_MOST_FROM_BESIDE, beside))
        if section is not None:
            score += SECTION_WEIGHT if section == REQUIREMENT else -SECTION_WEIGHT
        if score == 0:
            return Reading(section, "section", 0) if section else Reading(None, "default", 0)
        role = REQUIREMENT if score > 0 else OTHER
        own = (kind for kind, _ in self.weights if (kind in REQUIREMENT_KINDS) == (score > 0))
        return Reading(role, next(own, "section" if role == section else "beside"), score)


def find_cues(text: str) -> Cues:
    """The cues of a text; only its first 2,000 characters are looked at."""
    plain = comparable(text[:_MOST_READ])
    found: dict[str, int] = {}
    for cue in _cues():
        if cue.kind not in found and cue.pattern.search(plain):
            found[cue.kind] = cue.weight
    return Cues(tuple(found.items()))


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: str
    weight: int
    pattern: re.Pattern[str]


@cache
def _cues() -> tuple[_Cue, ...]:
    lines = (files("search.matching") / "cues.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cues = []
    for line in lines:
        _, kind, weight, pattern = line.split("\t")
        cues.append(_Cue(kind, int(weight), re.compile(_comparable_pattern(pattern))))
    return tuple(sorted(cues, key=lambda cue: -cue.weight))


def _comparable_pattern(pattern: str) -> str:
    """A pattern over comparable text: its words in the same Chinese script, its signs as they are."""
    return pattern if pattern.isascii() else to_script(pattern.translate(_PUNCTUATION), "zh-Hans")

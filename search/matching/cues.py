"""Words that tell what a line of a job description is about, and how much they count.

The cues are data, ``cues.tsv``: language (for people who mend the file), kind, weight and a pattern over the
text in ``comparable`` form. Kinds of cues that speak for a requirement add to a score, the others take away
from it; of one kind the heaviest that is found counts. The heading above adds or takes away
``SECTION_WEIGHT``: what is less than that yields to the section, what is more overrules it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from search.folding import to_script

__all__ = ["OTHER", "REQUIREMENT", "REQUIREMENT_KINDS", "Reading", "Role", "comparable", "read_cues"]

Role = Literal["requirement", "other"]
REQUIREMENT: Role = "requirement"
OTHER: Role = "other"
REQUIREMENT_KINDS = frozenset({"duty", "requirement", "skill", "experience", "education", "licence", "trait"})
SECTION_WEIGHT = 2
_MOST_READ = 2_000
_PUNCTUATION = str.maketrans("，；：（）臺", ",;:()台")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line is by its cues and its section; ``role`` is ``None`` where nothing tells. ``why`` is the
    kind of the cue, or ``section``."""

    role: Role | None
    why: str


def comparable(text: str) -> str:
    """A text as headings and cues are compared: without differences of width, case, Chinese script and
    typographic apostrophes. Places in it are not those of ``text``."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("臺", "台")
    # a lone surrogate, as JSON may hold one, has no UTF-8
    return plain if plain.isascii() else to_script(plain.encode("utf-8", "replace").decode(), "zh-Hans")


def read_cues(text: str, section: Role | None) -> Reading:
    """The role of a line in a section of ``section`` kind; only its first 2,000 characters are looked at."""
    plain = comparable(text[:_MOST_READ])
    found: dict[str, int] = {}
    for cue in _cues():
        if found.get(cue.kind, 0) < cue.weight and cue.pattern.search(plain):
            found[cue.kind] = cue.weight
    score = sum(weight if kind in REQUIREMENT_KINDS else -weight for kind, weight in found.items())
    if section is not None:
        score += SECTION_WEIGHT if section == REQUIREMENT else -SECTION_WEIGHT
    if score == 0:
        return Reading(section, "section") if section else Reading(None, "default")
    role = REQUIREMENT if score > 0 else OTHER
    own = [kind for kind in found if (kind in REQUIREMENT_KINDS) == (score > 0)]
    return Reading(role, max(own, key=lambda kind: found[kind]) if own else "section")


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

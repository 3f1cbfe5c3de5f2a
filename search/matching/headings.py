"""Headings of job descriptions, in the languages that they are written in, and labels before a value.

The headings are data, ``headings.tsv``: language, kind and heading, ``…`` at an end standing for some words.
A line is one when it says no more than a heading, bare or with a remark in brackets, a number, signs around
it or its translation; one with ``…`` must also look like a heading. A short line that looks like one and is
not known parts sections too, and its kind is open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from search.matching.cues import OTHER, REQUIREMENT, REQUIREMENT_KINDS, comparable
from search.matching.lines import trimmed

if TYPE_CHECKING:
    from search.matching.cues import Role
    from search.matching.lines import Line

__all__ = ["TITLE", "Heading", "heading_of", "role_of_kind"]

TITLE = "title"
_BRACKETED = re.compile(
    r"[【\[〔《〈＜<「『(（]\s*([^【】\[\]〔〕《》〈〉＜＞<>「」『』]{1,40}?)\s*[】\]〕》〉＞>」』)）]\s*[:：]?\s*"
)
_LABEL = re.compile(r"([^:：。！？\t]{1,60}?)(?:\s*[:：]\s*|\t\s*|\s{2,}|\u3000+|\s*[|｜]\s*|\s+[-–—]\s+)")
_NUMBERED = re.compile(r"[(（]?[\w①-⑳]")
_REMARK = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_PARTS = re.compile(
    r"\s*(?:[/／&＆+、|｜]|\band\b|\bor\b|及|與|与|和|暨)\s*|(?<=[\u3400-\u9fff])\s*(?=[a-z])|(?<=[a-z])\s+(?=[\u3400-\u9fff])"
)
_TWO_LANGUAGES = re.compile(r"[\u3400-\u9fff]\s*[|/(]?\s*[a-z]{3}|[a-z]{3}\s*[|/(]?\s*[\u3400-\u9fff]")
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_LONGEST_WILD = 40
_LONGEST_OPEN = 60
_LONGEST_LEAD = 110
_ENDS_SENTENCE = tuple("。.；;，,、")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading from ``start`` to ``end``, without signs around it; ``value`` is where a text after it begins
    in the same line, or ``None``. ``kind`` is one of ``headings.tsv``, empty for one that is not known."""

    start: int
    end: int
    kind: str
    value: int | None

    @property
    def role(self) -> Role | None:
        return role_of_kind(self.kind)


def role_of_kind(kind: str) -> Role | None:
    if not kind:
        return None
    return REQUIREMENT if kind in REQUIREMENT_KINDS else OTHER


def heading_of(text: str, line: Line, following: Line | None) -> Heading | None:
    """The heading that ``line`` is or begins with; ``None`` for a line of running text."""
    bracketed = _BRACKETED.match(text, line.start, line.end)
    if bracketed is not None:
        return _bracketed(text, line, bracketed)
    whole = text[line.start : line.end]
    bare = whole.rstrip(" :：-–—*#=_>")
    signed = _is_signed(text, line, whole)
    if kind := _known(bare, wild=signed or _stands_alone(line, following, bare)):
        return _heading(text, line.start, line.end, kind)
    label = _LABEL.match(text, line.start, line.end)
    if label is not None and label.end() < line.end:
        kind = _known(label[1], wild=False)
        if kind and (":" in label[0] or "：" in label[0] or kind != TITLE or len(label[1]) > 1):
            return _heading(text, line.start, label.end(1), kind, label.end())
    if following is not None and _looks_like_one(text, line, following):
        return _heading(text, line.start, line.end, "")
    return None


def _bracketed(text: str, line: Line, match: re.Match[str]) -> Heading | None:
    inner = match[1]
    rest = match.end() < line.end
    kind = _known(inner, wild=True)
    if kind or (
        not rest and len(inner) <= _LONGEST_WILD and not match[0].startswith(("(", "（", "「", "『"))
    ):
        return _heading(text, match.start(1), match.end(1), kind, match.end() if rest else None)
    return None


def _heading(text: str, start: int, end: int, kind: str, value: int | None = None) -> Heading | None:
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ")）]】+#?？"):
        end -= 1
    span = trimmed(text, start, end)
    return Heading(*span, kind, value) if span else None


def _is_signed(text: str, line: Line, whole: str) -> bool:
    marked = (
        line.mark.startswith(("#", "**", "=")) or re.match(r"[一二三四五六七八九十]", line.mark) is not None
    )
    return marked or whole.endswith((":", "：", "**")) or (whole.isupper() and len(whole) > 3)


def _stands_alone(line: Line, following: Line | None, bare: str) -> bool:
    if line.mark or following is None or bare.endswith(_ENDS_SENTENCE):
        return False
    return bool(following.mark) or (line.after_blank and not following.after_blank)


def _looks_like_one(text: str, line: Line, following: Line) -> bool:
    whole = text[line.start : line.end]
    if line.mark.startswith("#"):
        return True
    if whole.endswith((":", "：")):
        return line.columns <= _LONGEST_LEAD and not re.search("[。！？]", whole)
    if line.columns > _LONGEST_OPEN or whole.endswith(_ENDS_SENTENCE) or following.after_blank:
        return False
    if not any(character.isalnum() for character in text[: line.start]):
        # the first line is the title rather
        return False
    if line.mark:
        # a sign that begins headings, not the items below
        return line.after_blank and line.mark != following.mark and _NUMBERED.match(line.mark) is None
    return line.after_blank and bool(following.mark)


def _known(text: str, *, wild: bool) -> str:
    """The kind of a heading; empty for a text that is none."""
    if len(text) > _LONGEST_OPEN:
        return ""
    plain = comparable(text)
    whole = _key(plain)
    exact, patterns = _headings()
    if kind := exact.get(whole) or exact.get(_key(_REMARK.sub(" ", plain))):
        return kind
    parts = [
        key
        for part in _PARTS.split(_REMARK.sub(lambda match: f"/{match[0][1:-1]}", plain))
        if (key := _key(part))
    ]
    kinds = [exact.get(part, "") for part in parts]
    if len(kinds) > 1 and (all(kinds) or (any(kinds) and len(kinds) == 2 and _TWO_LANGUAGES.search(plain))):
        return next(kind for kind in kinds if kind)
    if wild and len(text) <= _LONGEST_WILD:
        return next((kind for kind, pattern in patterns if pattern.fullmatch(whole)), "")
    return ""


def _key(plain: str) -> str:
    key = " ".join(_EDGES.sub("", plain).split())
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", key)


@cache
def _headings() -> tuple[dict[str, str], tuple[tuple[str, re.Pattern[str]], ...]]:
    lines = (files("search.matching") / "headings.tsv").read_text(encoding="utf-8").splitlines()[1:]
    exact: dict[str, str] = {}
    patterns = []
    for line in lines:
        _, kind, heading = line.split("\t")
        if "…" in heading:
            words = [re.escape(comparable(part)) for part in heading.split("…")]
            patterns.append((kind, re.compile(".{1,30}".join(words))))
        else:
            exact.setdefault(_key(comparable(heading)), kind)
    return exact, tuple(patterns)

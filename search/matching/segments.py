"""Job descriptions in segments: headings, list items and sentences, each a requirement or something else.

Everything here follows rules over words that are data (``headings.tsv``, ``cues.tsv``); what they leave open
has ``why`` ``default`` and may be settled by likeness (``search.matching.roles``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.readers.text import join
from search.matching.cues import OTHER, REQUIREMENT, SECTION_WEIGHT, find_cues
from search.matching.headings import TITLE, heading_of
from search.matching.limits import check_count, check_description
from search.matching.lines import items, lines_of, sentences, trimmed
from search.matching.wraps import goes_on, page_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.matching.cues import Role
    from search.matching.headings import Heading
    from search.matching.lines import Line

__all__ = ["Segment", "split_segments", "title_of"]

_LONGEST_TITLE = 60
_LOOKED_AT_FOR_TITLE = 3
_HIRING = re.compile(
    r"(?:【?\s*(?:誠徵|诚征|急徵|急征|徵求|徵才|招募|招聘|誠聘|诚聘|急聘)\s*】?\s*[:：]?\s*|"
    r"(?:(?<=[」』）】，。])|^)\s*徵(?![求才信收詢選])\s*|"
    r"(?:在|要|想|正在|尋)找(?:一|兩|幾)?[位名個]?(?=[^，。]{2,12}(?:$|[，。！]))|"
    r"\b(?:we(?:'re|’re| are) (?:now |currently )?(?:hiring|looking for|seeking|recruiting)|now hiring|"
    r"hiring|wanted(?=[:!])|"
    r"is (?:looking for|seeking|hiring))[:!]?\s+(?:an?\s|our next\s)?)",
    re.IGNORECASE,
)
_AFTER_TITLE = re.compile(
    r"\s*(?:[\d一二三四五六七八九十兩]+\s*[名位人]|[數数若干]+名|[(（\[【|｜，,。!！;；]|\s[-–—]\s|\b(?:to|who|with|in|for|at|based|that)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a job description that says one thing.

    ``start`` and ``end`` count code points of the text as it was sent, half open, with no white space and no
    bullet at the ends; ``text`` is what stands there, line breaks of a wrapped sentence included.
    ``role`` is ``requirement`` (what the person has to do, know, be able to do or be) or ``other``;
    ``section`` is the heading above it, empty where there is none. ``why`` says what gave the role:
    ``heading`` and ``title`` for these themselves, ``section`` for the heading above, the kind of its own
    words (``duty``, ``skill``, ``experience``, ``education``, ``licence``, ``trait``; ``pay``, ``benefit``,
    ``hours``, ``address``, ``contact``, ``company``), ``beside`` for the sentences beside it in its line,
    ``opening`` for standing before the first heading of duties or requirements, ``likeness``, or ``default``
    where nothing told. ``score`` is the sum of what rules found: more than nothing for a requirement.
    """

    start: int
    end: int
    text: str
    role: Role
    section: str
    why: str
    is_heading: bool = False
    score: int = 0

    @property
    def plain(self) -> str:
        """The text in one line."""
        plain = ""
        for line in self.text.splitlines():
            plain = join(plain, line.strip())
        return plain


def split_segments(text: str) -> tuple[Segment, ...]:
    """The segments of a job description, in its order; they do not overlap.

    Raises ``InvalidInput`` for a text that is empty, without letters, or over the bounds of
    ``search.matching.limits``.
    """
    check_description(text)
    segments: list[Segment] = []
    for segment in _segments(text):
        segments.append(segment)
        check_count(len(segments))
    return tuple(_with_opening(_with_title(segments)))


def title_of(text: str, segments: Sequence[Segment]) -> Segment | None:
    """The likely job title: what a label or an advertisement's first words name, else a short first line.

    It may be a part of one of the ``segments`` of ``text``; its ``why`` is ``title``.
    """
    titles = [one for one in segments if one.why == TITLE and not one.is_heading]
    for one in titles:
        return _cut_title(text, one.start, one.end, one.section)
    for one in segments:
        if (match := _HIRING.search(one.text[:200])) and match.end() < len(one.text):
            return _cut_title(text, one.start + match.end(), one.end, one.section)
    return None


def _cut_title(text: str, start: int, end: int, section: str) -> Segment | None:
    if (match := _HIRING.match(text, start, end)) and match.end() < end:
        start = match.end()
    if (match := _AFTER_TITLE.search(text, start + 1, end)) and match.start() > start:
        end = match.start()
    span = trimmed(text, start, min(end, start + _LONGEST_TITLE))
    return _segment(text, span, OTHER, section, TITLE) if span else None


def _segment(
    text: str, span: tuple[int, int], role: Role, section: str, why: str, *, is_heading: bool = False
) -> Segment:
    return Segment(*span, text[slice(*span)], role, section, why, is_heading)


@dataclass(frozen=True, slots=True)
class _Section:
    """What holds for the lines below a heading."""

    name: str = ""
    role: Role | None = None
    kind: str = ""


_NO_SECTION = _Section()


def _segments(text: str) -> Iterator[Segment]:
    lines = list(lines_of(text))
    width = page_width(lines)
    section = _NO_SECTION
    listed = False
    at = 0
    while at < len(lines):
        first = lines[at]
        heading = heading_of(text, first, lines[at + 1] if at + 1 < len(lines) else None)
        last = at
        if heading is None or heading.value is not None:
            while last + 1 < len(lines) and goes_on(text, lines[last], lines[last + 1], width):
                if heading_of(text, lines[last + 1], lines[last + 2] if last + 2 < len(lines) else None):
                    break
                last += 1
        at = last + 1
        end = lines[last].end
        if heading is None:
            if listed and first.after_blank and not first.mark:
                # a list was all that its heading held
                section, listed = _NO_SECTION, False
            listed = listed or bool(section.name and first.mark)
            yield from _pieces(text, first.start, end, section)
            continue
        own = _section_of(text, heading)
        # for the moment with the role of what is below it, for _with_opening
        why = REQUIREMENT if own.role == REQUIREMENT else "heading"
        yield _segment(text, (heading.start, heading.end), OTHER, own.name, why, is_heading=True)
        if heading.value is not None:
            yield from _pieces(text, heading.value, end, own)
        if _holds_below(text, heading, lines[at] if at < len(lines) else None):
            section, listed = own, False


def _section_of(text: str, heading: Heading) -> _Section:
    name = text[heading.start : heading.end]
    # a lead such as "You will be responsible for:" is no known heading, and its words tell
    role = heading.role if heading.kind else find_cues(name).reading(None).role
    return _Section(name, role, heading.kind)


def _holds_below(text: str, heading: Heading, following: Line | None) -> bool:
    """Whether the section goes on below the line of its heading: a label with its value is a line of its own
    unless it begins a list or names duties or requirements."""
    if heading.value is None:
        return True
    if heading.role == REQUIREMENT:
        return True
    value = next(lines_of(text[heading.value : heading.value + 20]), None)
    return bool(value and value.mark and following and following.mark)


def _pieces(text: str, start: int, end: int, section: _Section) -> Iterator[Segment]:
    for item in items(text, start, end):
        spans = [span for piece in sentences(text, *item) if (span := trimmed(text, *piece))]
        if section.kind == TITLE:
            yield from (_segment(text, span, OTHER, section.name, TITLE) for span in spans)
            continue
        cues = [find_cues(text[slice(*span)]) for span in spans]
        together = sum(one.score for one in cues)
        for span, own in zip(spans, cues, strict=True):
            reading = own.reading(section.role, together)
            segment = _segment(text, span, reading.role or REQUIREMENT, section.name, reading.why)
            yield replace(segment, score=reading.score)


def _with_title(segments: list[Segment]) -> list[Segment]:
    """The segments with the line marked that is the title, where no label names one."""
    if any(one.why == TITLE and not one.is_heading for one in segments):
        return segments
    for at, one in enumerate(segments[:_LOOKED_AT_FOR_TITLE]):
        if one.is_heading and at == 0 and one.section == one.text:
            continue
        if one.section or one.is_heading:
            break
        if _may_be_title(one):
            segments[at] = replace(one, role=OTHER, why=TITLE)
            break
    return segments


def _with_opening(segments: list[Segment]) -> list[Segment]:
    """The segments; what rules left open before the first heading of duties or requirements is none, nor is
    a first line that says who is wanted: there advertisements tell of themselves."""
    first = next((at for at, one in enumerate(segments) if one.is_heading and one.why == REQUIREMENT), 0)
    if not first and segments and _HIRING.search(segments[0].text):
        first = 1
    for at, one in enumerate(segments[:first]):
        if one.why == "default":
            segments[at] = replace(one, role=OTHER, why="opening", score=-SECTION_WEIGHT)
    return [replace(one, why="heading") if one.is_heading else one for one in segments]


def _may_be_title(segment: Segment) -> bool:
    text = segment.text
    if _HIRING.match(text):
        return len(text) <= _LONGEST_TITLE
    if len(re.findall("[、，,;；]", text)) > 1:
        return False
    wide = len(re.findall(r"[\u3040-\u9fff\uac00-\ud7af]", text))
    short = wide <= 24 and len(text.split()) <= 10 and len(text) <= _LONGEST_TITLE
    ends = text.endswith(tuple("。.！!；;，,：:"))
    return short and not ends and segment.why in {"default", "skill", "trait", "duty", "licence", "education"}

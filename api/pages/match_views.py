"""What the page of a matched job description is given."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from search import SEARCH_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.matching import Matched
    from api.pages.problem_views import ProblemView
    from api.pages.views import Choice
    from search import Passage
    from search.matching import Alternative, MatchedStandard, PartCoverage, Segment

__all__ = [
    "ElementLine",
    "KindGroup",
    "MatchForm",
    "MatchReport",
    "MatchView",
    "Piece",
    "Sentence",
    "StandardReport",
    "Tab",
    "report_of",
]

_FIRST_MISSING = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text. ``number`` is that of its sentence among those that evidence something; ``role`` is
    ``requirement``, ``other``, ``heading``, or empty for what stands between segments."""

    text: str
    role: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class ElementLine:
    """An element; ``percent`` is the score of one evidence, ``numbers`` are those of the sentences that
    evidence it."""

    iri: str
    code: str
    kind: str
    text: str
    language: str
    percent: int = 0
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text that evidences elements, best first."""

    number: int
    text: str
    elements: tuple[ElementLine, ...]


@dataclass(frozen=True, slots=True)
class KindGroup:
    """The elements of a kind, and how many of it there are."""

    kind: str
    elements: tuple[ElementLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Tab:
    """A standard that can be shown."""

    iri: str
    code: str
    name: str
    language: str
    framework: str
    percent: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class StandardReport:
    """The standard that is shown. ``reason`` is in English and zh-Hant; ``evidenced`` and ``missing`` are all
    elements by kind, ``first_missing`` those that weigh most."""

    tab: Tab
    level: int | None
    coverage: int
    covered: int
    likely_level: int | None
    reason: tuple[str, str]
    parts: Sequence[PartCoverage]
    sentences: tuple[Sentence, ...]
    evidenced: tuple[KindGroup, ...]
    missing: tuple[KindGroup, ...]
    first_missing: tuple[ElementLine, ...]
    found_count: int
    missing_count: int


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What was found; ``standard`` is ``None`` where no standard took part. ``notes`` are in English and
    zh-Hant."""

    title: str
    language: str
    pieces: tuple[Piece, ...]
    requirements: int
    standard: StandardReport | None
    tabs: tuple[Tab, ...]
    alternatives: tuple[Tab, ...]
    notes: tuple[tuple[str, str], ...]
    took_ms: int


@dataclass(frozen=True, slots=True)
class MatchForm:
    """The form as it was filled in, options as they were typed."""

    text: str = ""
    file: str = ""
    title: str = ""
    frameworks: tuple[Choice, ...] = ()
    occupations: str = ""
    standards: str = ""
    threshold: str = ""
    limit: str = ""
    older: bool = False


@dataclass(frozen=True, slots=True)
class MatchView:
    """The form with what was found, or why nothing could be. ``most_kb`` is the largest upload, in
    KiB, ``suffixes`` are those of the files that are read."""

    form: MatchForm
    most_kb: int
    report: MatchReport | None = None
    is_empty: bool = False
    error: ProblemView | None = None
    suffixes: str = ""


def report_of(matched: Matched, shown: MatchedStandard | None) -> MatchReport:
    """The report with ``shown`` as the standard whose evidence is marked in the text."""
    result = matched.result
    numbers: dict[int, int] = {}
    for one in shown.evidence if shown else ():
        numbers.setdefault(one.segment, len(numbers) + 1)
    chosen = shown.standard.iri if shown else ""
    return MatchReport(
        title=result.title,
        language=result.language or "",
        pieces=tuple(_pieces(matched.text, result.segments, numbers)),
        requirements=sum(one.role == "requirement" for one in result.segments),
        standard=_standard(shown, result.segments, numbers) if shown else None,
        tabs=tuple(_tab(one, chosen) for one in result.standards),
        alternatives=tuple(_tab(one, chosen) for one in result.alternatives),
        notes=result.notes,
        took_ms=round(result.took_ms),
    )


def _pieces(text: str, segments: Sequence[Segment], numbers: dict[int, int]) -> list[Piece]:
    pieces = []
    at = 0
    for number, one in enumerate(segments):
        if one.start > at:
            pieces.append(Piece(text[at : one.start]))
        role = "heading" if one.is_heading else one.role
        pieces.append(Piece(one.text, role, numbers.get(number, 0)))
        at = one.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def _tab(one: MatchedStandard | Alternative, chosen: str) -> Tab:
    standard = one.standard
    return Tab(
        standard.iri,
        standard.code,
        standard.text,
        standard.lang,
        standard.framework,
        round(100 * one.score),
        standard.iri == chosen,
    )


def _standard(one: MatchedStandard, segments: Sequence[Segment], numbers: dict[int, int]) -> StandardReport:
    of_segment = groupby(one.evidence, key=lambda each: each.segment)
    sentences = tuple(
        Sentence(
            numbers[segment],
            segments[segment].plain,
            tuple(_line(each.element, percent=round(100 * each.score)) for each in evidence),
        )
        for segment, evidence in of_segment
    )
    held: dict[str, tuple[Passage, list[int]]] = {}
    for each in one.evidence:
        held.setdefault(each.element.iri, (each.element, []))[1].append(numbers[each.segment])
    evidenced = [_line(element, numbers=tuple(found)) for element, found in held.values()]
    missing = [_line(element) for element in one.missing]
    level = one.level
    return StandardReport(
        tab=_tab(one, one.standard.iri),
        level=one.standard.level,
        coverage=round(100 * one.coverage),
        covered=round(100 * one.covered),
        likely_level=level.level if level else None,
        reason=level.reason if level else ("", ""),
        parts=one.parts,
        sentences=sentences,
        evidenced=_by_kind(evidenced, missing),
        missing=_by_kind(missing, evidenced),
        first_missing=tuple(missing[:_FIRST_MISSING]),
        found_count=len(evidenced),
        missing_count=len(missing),
    )


def _line(element: Passage, *, percent: int = 0, numbers: tuple[int, ...] = ()) -> ElementLine:
    return ElementLine(
        element.iri, element.code, element.kind, element.full_text, element.lang, percent, numbers
    )


def _by_kind(elements: Sequence[ElementLine], others: Sequence[ElementLine]) -> tuple[KindGroup, ...]:
    groups = []
    for kind in SEARCH_KINDS:
        own = tuple(one for one in elements if one.kind == kind)
        if own:
            groups.append(KindGroup(kind, own, len(own) + sum(one.kind == kind for one in others)))
    return tuple(groups)

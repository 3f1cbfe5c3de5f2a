"""A matched job description in the form of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.matching import DEFAULT_LIMIT, MOST_IN_TITLE, MatchOptions
from search import Filters
from search.matching import DEFAULT_THRESHOLD, MAX_STANDARDS

if TYPE_CHECKING:
    from api.matching import Matched
    from search import Passage
    from search.matching import MatchedStandard, PartCoverage

__all__ = ["MatchAnswer", "MatchOptionsModel", "MatchRequest", "to_match_answer", "to_options"]


class MatchOptionsModel(BaseModel):
    """What a job description is matched with; what is null or left out does not narrow."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(
        None,
        max_length=MOST_IN_TITLE,
        description="the job title, where it does not stand in the text",
        examples=["客服組長"],
    )
    limit: int | None = Field(
        None,
        ge=1,
        le=MAX_STANDARDS,
        description=f"how many standards are reported on (default {DEFAULT_LIMIT})",
    )
    threshold: float | None = Field(
        None, ge=0, le=1, description=f"the least score of evidence (default {DEFAULT_THRESHOLD:g})"
    )
    frameworks: list[str] | None = Field(None, description="only standards of these", examples=[["icap"]])
    standards: list[str] | None = Field(
        None,
        description="only these, by code; in whatever version, where they have one",
        examples=[["BGM1219-002v2"]],
    )
    occupations: list[str] | None = Field(
        None, description="only standards classified under these codes; 12 finds 1219", examples=[["12"]]
    )
    industries: list[str] | None = Field(None, description="only these industries: M finds M7010")
    categories: list[str] | None = Field(None, description="only these categories", examples=[["BGM"]])
    languages: list[str] | None = Field(None, description="only standards in these languages (BCP 47)")
    level_min: int | None = Field(None, ge=0, le=100, description="only standards of this level and above")
    level_max: int | None = Field(None, ge=0, le=100, description="only standards of this level and below")
    all_versions: bool | None = Field(
        None, description="older versions of a standard take part, not only the latest"
    )


class MatchRequest(MatchOptionsModel):
    """A job description as text, and the options."""

    text: str = Field(
        description="the job description, at most 50,000 characters",
        examples=["組長\n工作內容：\n1. 分派團隊工作並追蹤進度\n2. 處理成員之間的衝突"],
    )


class SegmentModel(BaseModel):
    """A piece of the text that says one thing."""

    start: int = Field(description="where it begins, in code points", examples=[15])
    end: int = Field(description="where it ends, itself not included", examples=[26])
    text: str = Field(examples=["分派團隊工作並追蹤進度"])
    role: Literal["requirement", "other"]
    section: str = Field(description="the heading above it; empty where there is none", examples=["工作內容"])
    why: str = Field(
        description="what gave the role: heading, title, section, likeness, default, or the kind of its "
        "words, such as duty, skill, pay or benefit",
        examples=["duty"],
    )


class ElementModel(BaseModel):
    """An element of a standard."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1/2"])
    code: str = Field(examples=["S1#2"])
    kind: str = Field(examples=["skill"])
    text: str = Field(examples=["處理團隊衝突"])


class EvidenceModel(ElementModel):
    """That a segment evidences an element."""

    segment: int = Field(ge=0, description="which of the segments, counted from 0", examples=[3])
    score: float = Field(ge=0, le=1, description="the probability that a person says so", examples=[0.81])


class PartModel(BaseModel):
    """A task with what it requires, or of a standard without tasks all elements of a kind."""

    iri: str | None = Field(description="of the task; null for a kind")
    code: str = Field(description="of the task; empty for a kind", examples=["T1"])
    name: str = Field(description="of the task; empty for a kind", examples=["提升團隊效能"])
    kind: str = Field(examples=["task"])
    coverage: float = Field(ge=0, le=1, description="how much of it is evidenced, by weight")
    evidenced: int = Field(ge=0, description="how many of its elements are evidenced")
    elements: int = Field(ge=0)


class LevelModel(BaseModel):
    """The level that the evidence speaks for, on the scale of the standard's framework."""

    level: int = Field(examples=[4])
    reason_en: str
    reason_zh: str


class NoteModel(BaseModel):
    """What the reader should know."""

    en: str
    zh: str


class StandardModel(BaseModel):
    """A standard."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2"])
    code: str = Field(examples=["BGM1219-002v2"])
    name: str = Field(examples=["基層主管"])
    framework: str = Field(examples=["icap"])
    level: int | None = Field(description="the level that the standard states")
    score: float = Field(ge=0, le=1, description="how well it fits; the standards are ordered by it")


class MatchedModel(StandardModel):
    """A standard that fits, with its evidence."""

    coverage: float = Field(ge=0, le=1, description="how much of it the text evidences, by weight")
    covered: float = Field(
        ge=0, le=1, description="the part of the requirements that evidence anything of it"
    )
    evidence: list[EvidenceModel] = Field(description="in the order of the text")
    missing: list[ElementModel] = Field(description="its elements without evidence, heaviest first")
    parts: list[PartModel]
    likely_level: LevelModel | None = Field(description="null where no evidence has a level")


class MatchAnswer(BaseModel):
    """The text in segments, and the standards that fit, best first."""

    title: str = Field(
        description="the job title, as it was given or as the text has it; empty where none was found"
    )
    language: str | None = Field(description="of most of the text (BCP 47)", examples=["zh-Hant"])
    segments: list[SegmentModel]
    standards: list[MatchedModel]
    alternatives: list[StandardModel] = Field(description="the next ten, without evidence")
    notes: list[NoteModel]
    took_ms: float
    file: str | None = Field(None, description="the name of the document; only for one")
    text: str | None = Field(
        None, description="what was read of a document, which places refer to; only for one"
    )


def to_options(options: MatchOptionsModel) -> MatchOptions:
    """The options as the matching takes them."""
    defaults = MatchOptions()
    return MatchOptions(
        title=options.title or "",
        limit=defaults.limit if options.limit is None else options.limit,
        threshold=defaults.threshold if options.threshold is None else options.threshold,
        filters=Filters(
            standards=tuple(options.standards or ()),
            frameworks=tuple(options.frameworks or ()),
            languages=tuple(options.languages or ()),
            level_min=options.level_min,
            level_max=options.level_max,
            categories=tuple(options.categories or ()),
            occupations=tuple(options.occupations or ()),
            industries=tuple(options.industries or ()),
        ),
        all_versions=bool(options.all_versions),
    )


def to_match_answer(matched: Matched) -> MatchAnswer:
    """The result of the search layer in the form of the API; with ``text`` and ``file`` for a document."""
    result = matched.result
    return MatchAnswer(
        title=result.title,
        language=result.language,
        segments=[
            SegmentModel(
                start=one.start, end=one.end, text=one.text, role=one.role, section=one.section, why=one.why
            )
            for one in result.segments
        ],
        standards=[_standard(one) for one in result.standards],
        alternatives=[
            StandardModel.model_validate({**_named(one.standard), "score": one.score})
            for one in result.alternatives
        ],
        notes=[NoteModel(en=english, zh=chinese) for english, chinese in result.notes],
        took_ms=round(result.took_ms, 1),
        file=matched.file or None,
        text=matched.text if matched.file else None,
    )


def _standard(matched: MatchedStandard) -> MatchedModel:
    level = matched.level
    return MatchedModel.model_validate(
        {
            **_named(matched.standard),
            "score": matched.score,
            "coverage": matched.coverage,
            "covered": matched.covered,
            "evidence": [
                {**_element(one.element), "segment": one.segment, "score": one.score}
                for one in matched.evidence
            ],
            "missing": [_element(one) for one in matched.missing],
            "parts": [_part(one) for one in matched.parts],
            "likely_level": {
                "level": level.level,
                "reason_en": level.reason[0],
                "reason_zh": level.reason[1],
            }
            if level
            else None,
        }
    )


def _part(part: PartCoverage) -> dict[str, object]:
    task = part.task
    return {
        "iri": task.iri if task else None,
        "code": task.code if task else "",
        "name": task.text if task else "",
        "kind": part.kind,
        "coverage": part.coverage,
        "evidenced": part.evidenced,
        "elements": part.elements,
    }


def _named(standard: Passage) -> dict[str, object]:
    return {
        "iri": standard.iri,
        "code": standard.code,
        "name": standard.text,
        "framework": standard.framework,
        "level": standard.level,
    }


def _element(passage: Passage) -> dict[str, str]:
    return {"iri": passage.iri, "code": passage.code, "kind": passage.kind, "text": passage.text}

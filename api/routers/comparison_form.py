"""Comparisons and nearest standards in the form of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from api.routers.search import StepModel
from search import Verdict

if TYPE_CHECKING:
    from search import Compared, Comparison, Coverage, Near, NearestResult, Pair, Passage

__all__ = [
    "CompareAnswer",
    "CoverageModel",
    "ElementModel",
    "NearestAnswer",
    "PairModel",
    "Share",
    "SideModel",
    "to_compare_answer",
    "to_coverage_model",
    "to_element_model",
    "to_nearest_answer",
    "to_pair_model",
    "to_side_model",
]

Share = Annotated[float, Field(ge=0, le=1)]


class ElementModel(BaseModel):
    """An element of one side."""

    iri: str
    code: str = Field(examples=["P1.1.1"], description="S1#2 is a sub-item")
    text: str
    kind: str = Field(examples=["indicator"])
    lang: str = Field(examples=["zh-Hant"])
    level: int | None = None
    path: list[StepModel] = Field(description="what stands above it, outermost first")


class SideModel(BaseModel):
    """A side of the comparison."""

    iri: str
    code: str = Field(examples=["BGM1219-002v2"])
    name: str = Field(examples=["基層主管"])
    lang: str = Field(examples=["zh-Hant"])
    framework: str = Field(examples=["icap"])
    level: int | None = Field(description="of the part, where a part is compared")
    part: ElementModel | None = Field(description="the part that is compared; null for the whole")
    size: int = Field(ge=0, description="how many elements were compared")


class CoverageModel(BaseModel):
    """How much of each side the other has, 0–1 by weight: what is only partly a pair counts half. Null for a
    side that has no elements."""

    a: Share | None
    b: Share | None


class KindModel(BaseModel):
    """The coverage of one kind of element, and how many of it each side has."""

    kind: str
    coverage: CoverageModel
    count_a: int = Field(ge=0)
    count_b: int = Field(ge=0)


class PairModel(BaseModel):
    """An element of each side; several pairs may share one."""

    kind: str = Field(description="the kind of a's element")
    a: ElementModel
    b: ElementModel
    score: Share
    verdict: Verdict
    reason: str = Field(
        examples=["meaning"],
        description="text: the same words; concept: linked to the same shared concept; words: much the same "
        "words; meaning: near in meaning; accepted: a person says so",
    )
    only: bool = Field(description="whether neither of the two is in another pair")


class NoteModel(BaseModel):
    """Something the reader should know, in both languages of the pages."""

    en: str
    zh: str


class CompareAnswer(BaseModel):
    """Two standards side by side: pairs in the order of a, then what only one of them has."""

    a: SideModel
    b: SideModel
    coverage: CoverageModel
    kinds: list[KindModel]
    pairs: list[PairModel]
    only_a: list[ElementModel]
    only_b: list[ElementModel]
    level_difference: int | None = Field(
        description="b's level less a's; null where either has none, or the frameworks differ"
    )
    likeness: Share = Field(description="of names and descriptions")
    notes: list[NoteModel]
    took_ms: float


class NearModel(BaseModel):
    """A standard like another one."""

    iri: str
    code: str
    name: str
    lang: str
    framework: str
    level: int | None
    score: float = Field(description="orders the list")
    likeness: Share = Field(description="of names and descriptions")
    coverage: CoverageModel = Field(description="an estimate of what a comparison finds")


class NearestAnswer(BaseModel):
    """The standards most like one, best first."""

    standard: SideModel
    total: int = Field(ge=0, description="how many standards it was compared with")
    offset: int
    limit: int
    took_ms: float
    hits: list[NearModel]


def to_compare_answer(result: Comparison) -> CompareAnswer:
    """The result of the search layer in the form of the API."""
    return CompareAnswer(
        a=to_side_model(result.a),
        b=to_side_model(result.b),
        coverage=to_coverage_model(result.coverage),
        kinds=[
            KindModel(
                kind=one.kind,
                coverage=to_coverage_model(one.coverage),
                count_a=one.count_a,
                count_b=one.count_b,
            )
            for one in result.kinds
        ],
        pairs=[to_pair_model(one) for one in result.pairs],
        only_a=[to_element_model(one) for one in result.only_a],
        only_b=[to_element_model(one) for one in result.only_b],
        level_difference=result.level_difference,
        likeness=round(result.likeness, 4),
        notes=[NoteModel(en=english, zh=chinese) for english, chinese in result.notes],
        took_ms=round(result.took_ms, 1),
    )


def to_nearest_answer(result: NearestResult, limit: int, offset: int) -> NearestAnswer:
    """The result of the search layer in the form of the API."""
    return NearestAnswer(
        standard=to_side_model(result.compared),
        total=result.total,
        offset=offset,
        limit=limit,
        took_ms=round(result.took_ms, 1),
        hits=[_near(one) for one in result.hits],
    )


def to_side_model(side: Compared) -> SideModel:
    """A side in the form of the API."""
    return SideModel(
        iri=side.standard.iri,
        code=side.standard.code,
        name=side.standard.text,
        lang=side.standard.lang,
        framework=side.standard.framework,
        level=side.level,
        part=to_element_model(side.part) if side.part else None,
        size=side.size,
    )


def to_element_model(one: Passage) -> ElementModel:
    """An element in the form of the API."""
    return ElementModel(
        iri=one.iri,
        code=one.code,
        text=one.text,
        kind=one.kind,
        lang=one.lang,
        level=one.level,
        path=[StepModel(code=step.code, text=step.text) for step in one.path],
    )


def to_pair_model(pair: Pair) -> PairModel:
    """A pair in the form of the API."""
    return PairModel(
        kind=pair.a.kind,
        a=to_element_model(pair.a),
        b=to_element_model(pair.b),
        score=pair.score,
        verdict=pair.verdict,
        reason=pair.reason,
        only=pair.only,
    )


def to_coverage_model(coverage: Coverage) -> CoverageModel:
    """Coverage in the form of the API."""
    return CoverageModel(a=coverage.a, b=coverage.b)


def _near(near: Near) -> NearModel:
    return NearModel(
        iri=near.standard.iri,
        code=near.standard.code,
        name=near.standard.text,
        lang=near.standard.lang,
        framework=near.standard.framework,
        level=near.standard.level,
        score=near.score,
        likeness=near.likeness,
        coverage=to_coverage_model(near.coverage),
    )

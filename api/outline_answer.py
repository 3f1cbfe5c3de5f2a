"""What is found out about an outline, in the form of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from search.curriculum.results import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.outlining import Entry
    from search.curriculum.results import CurriculumResult, Figures, StandardCoverage, Taken, Target

__all__ = ["CoverageAnswer", "to_coverage_answer"]


class TakenModel(BaseModel):
    """A competency of a unit; units count from 1."""

    unit: int
    iri: str
    code: str
    kind: str
    text: str
    standard: str


class EvidenceModel(TakenModel):
    """Why an element counts as covered."""

    reason: str = Field(description="itself, above, required, text, concept or meaning")
    score: float = Field(ge=0, le=1)
    through: str = Field(description="the code of what is required, or of the part that makes the pair")


class TargetModel(BaseModel):
    """An element of a standard that a course for it should cover."""

    iri: str
    code: str
    kind: str
    text: str
    lang: str
    activity: str = Field(description="the code of the element right above it, empty where there is none")
    value: float = Field(ge=0, le=1, description="how much of it the outline has")
    status: Status
    by: list[EvidenceModel]


class FiguresModel(BaseModel):
    """The elements of one kind."""

    kind: str = Field(examples=["indicator"])
    count: int
    covered: int
    partly: int
    share: float = Field(ge=0, le=1, description="covered in part counts in part")


class GroupModel(BaseModel):
    """A task with what is measured of it."""

    code: str = Field(examples=["T1"])
    name: str
    level: int | None
    coverage: list[FiguresModel]
    elements: list[TargetModel]


class GapModel(BaseModel):
    """What is missing, or covered in part only."""

    iri: str
    code: str
    kind: str
    text: str
    task: str
    activity: str
    value: float


class StandardCoverageModel(BaseModel):
    """What an outline covers of one standard."""

    iri: str
    code: str
    name: str
    framework: str
    lang: str
    level: int | None
    empty: bool = Field(description="whether the standard has no content here: nothing can be covered")
    coverage: list[FiguresModel]
    tasks: list[GroupModel]
    gaps: list[GapModel]
    entry: list[str] = Field(description="what the standard asks of those who begin")


class OverlapModel(BaseModel):
    """What two units teach both."""

    first: TakenModel
    second: TakenModel
    reason: str = Field(description="element, part, concept, text or meaning")
    score: float = Field(ge=0, le=1)


class PrerequisiteModel(BaseModel):
    """What a unit needs of an earlier one."""

    unit: int
    iri: str
    code: str
    needed_by: str = Field(description="the code of the element that requires it")


class PlacedUnitModel(BaseModel):
    """A unit in the proposed order; ``unit`` is its number in the outline as it is."""

    unit: int
    title: str
    level: float | None
    after: list[PrerequisiteModel]


class CoverageAnswer(BaseModel):
    """What is found out about an outline."""

    title: str
    units: int
    competencies: int
    unknown: list[TakenModel] = Field(description="what is not loaded here: it is kept, and covers nothing")
    standards: list[StandardCoverageModel]
    overlaps: list[OverlapModel]
    overlap_count: int
    in_order: bool = Field(description="whether the units stand in the proposed order")
    order: list[PlacedUnitModel]
    took_ms: float


def to_coverage_answer(result: CurriculumResult, entries: Sequence[Entry]) -> CoverageAnswer:
    """The result of the search layer in the form of the API."""
    asked = {one.standard: list(one.texts) for one in entries}
    return CoverageAnswer(
        title=result.outline.title,
        units=len(result.outline.units),
        competencies=result.outline.size,
        unknown=[_taken(one) for one in result.unknown],
        standards=[_standard(one, asked.get(one.standard.code, [])) for one in result.standards],
        overlaps=[
            OverlapModel(
                first=_taken(one.first), second=_taken(one.second), reason=one.reason, score=one.score
            )
            for one in result.overlaps
        ],
        overlap_count=result.overlap_count,
        in_order=result.is_in_order,
        order=[
            PlacedUnitModel(
                unit=one.unit + 1,
                title=result.outline.units[one.unit].title,
                level=one.level,
                after=[
                    PrerequisiteModel(
                        unit=need.taken.unit + 1,
                        iri=need.taken.competency.iri,
                        code=need.taken.competency.code,
                        needed_by=need.needed_by,
                    )
                    for need in one.after
                ],
            )
            for one in result.order
        ],
        took_ms=round(result.took_ms, 1),
    )


def _standard(one: StandardCoverage, entry: list[str]) -> StandardCoverageModel:
    tasks = {target.passage.iri: group.code for group in one.groups for target in group.targets}
    return StandardCoverageModel(
        iri=one.standard.iri,
        code=one.standard.code,
        name=one.standard.text,
        framework=one.standard.framework,
        lang=one.standard.lang,
        level=one.standard.level,
        empty=not one.groups,
        coverage=_figures(one.figures),
        tasks=[
            GroupModel(
                code=group.code,
                name=group.name,
                level=group.level,
                coverage=_figures(group.figures),
                elements=[_target(target) for target in group.targets],
            )
            for group in one.groups
        ],
        gaps=[
            GapModel(
                iri=gap.passage.iri,
                code=gap.passage.code,
                kind=gap.passage.kind,
                text=gap.passage.text,
                task=tasks[gap.passage.iri],
                activity=_above(gap),
                value=gap.value,
            )
            for gap in one.gaps
        ],
        entry=entry,
    )


def _figures(figures: Iterable[Figures]) -> list[FiguresModel]:
    return [
        FiguresModel(kind=one.kind, count=one.count, covered=one.covered, partly=one.partly, share=one.share)
        for one in figures
    ]


def _target(one: Target) -> TargetModel:
    return TargetModel(
        iri=one.passage.iri,
        code=one.passage.code,
        kind=one.passage.kind,
        text=one.passage.text,
        lang=one.passage.lang,
        activity=_above(one),
        value=one.value,
        status=one.status,
        by=[
            EvidenceModel(
                **_taken(why.taken).model_dump(), reason=why.reason, score=why.score, through=why.through
            )
            for why in one.evidence
        ],
    )


def _above(one: Target) -> str:
    return one.passage.path[-1].code if one.passage.path else ""


def _taken(one: Taken) -> TakenModel:
    competency = one.competency
    return TakenModel(
        unit=one.unit + 1,
        iri=competency.iri,
        code=competency.code,
        kind=competency.kind,
        text=competency.text,
        standard=competency.standard,
    )

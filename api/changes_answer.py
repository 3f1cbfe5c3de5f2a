"""What changed between versions and releases, in the form of the API and of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from ontology.changes import Change, ItemKind
from ontology.identifiers import Identifiers
from ontology.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ontology.changes import (
        ElementChange,
        FieldChange,
        LinkChange,
        ReleaseChanges,
        RequirementChange,
        StandardLabel,
        VersionChanges,
    )
    from ontology.changes import Run as TextRun
    from ontology.dataset import DatasetInfo
    from ontology.model import Element, Requirement

__all__ = [
    "ReleaseChangesAnswer",
    "VersionChangesAnswer",
    "to_release_answer",
    "to_version_answer",
]


class Run(BaseModel):
    """A stretch of text. Those that are equal or removed make up the text before, those that are equal or
    added the text after."""

    kind: Literal["equal", "removed", "added"]
    text: str


class FieldModel(BaseModel):
    """A field of the profile, or one value of a field with several, that says something else."""

    field: str = Field(examples=["description"])
    change: Change
    before: str = Field(description="empty where the value is new")
    after: str = Field(description="empty where the value is gone")
    runs: list[Run] = Field(description="the changed words; empty where there is only one side")


class StandardModel(BaseModel):
    """A version in a line."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2"])
    framework: str = Field(examples=["icap"])
    code: str = Field(examples=["BGM1219-002v2"])
    name: str = Field(examples=["基層主管"])
    version: str = Field(examples=["V2"])
    lang: str = Field(examples=["zh-Hant"])
    holder: Kind | None = Field(description="where its template states K and S")
    level_holder: Kind | None = Field(description="where its template states levels")


class ElementModel(BaseModel):
    """An element in one of the versions."""

    iri: str
    code: str = Field(examples=["P1.3.1"])
    text: str
    path: list[str] = Field(description="the codes above it, outermost first")
    levels: list[int] = Field(description="its level, that of its task, or those of a task's activities")


class ElementChangeModel(BaseModel):
    """An element in both versions, or in the one that has it; without changes it stayed as it was."""

    kind: Kind
    changes: list[Change]
    before: ElementModel | None
    after: ElementModel | None
    likeness: float = Field(ge=0, le=1, description="how much wording the two share")
    found_by: Literal["", "code", "words", "meaning"] = Field(description="what told that they are one")
    runs: list[Run] = Field(description="the changed words of the text; empty where none changed")
    fields: list[FieldModel] = Field(description="what else it says, such as an attitude's description")


class LinkModel(BaseModel):
    """A knowledge or skill that a task or activity takes newly or no more, where both stand in both."""

    change: Change
    kind: Kind
    holder_before: str = Field(examples=["T1"])
    holder_after: str = Field(examples=["T1"])
    before: str = Field(examples=["S2"])
    after: str = Field(examples=["S02"])


class RequiredModel(BaseModel):
    """How a shared concept is required."""

    relation: str = Field(examples=["essential"])
    importance: float | None
    level: float | None
    suppressed: bool
    level_suppressed: bool
    not_relevant: bool


class RequirementModel(BaseModel):
    """A shared concept that is required newly, otherwise or no more."""

    kind: str = Field(examples=["skill"])
    concept: str = Field(description="its IRI")
    name: str = Field(description="empty where it is not known")
    before: RequiredModel | None
    after: RequiredModel | None


class KindCounts(BaseModel):
    """How many elements of a kind there are, and what became of them. One may have several changes."""

    kind: Kind
    before: int
    after: int
    unchanged: int
    added: int
    removed: int
    reworded: int
    reprinted: int = Field(description="the same words with other signs, blanks or width")
    moved: int
    renumbered: int
    recoded: int = Field(description="the same number written differently: K4, K04")
    level: int
    details: int


class VersionChangesAnswer(BaseModel):
    """What changed from one version of a standard to another."""

    before: StandardModel
    after: StandardModel
    equal: bool
    template_changed: bool = Field(description="whether K and S, or levels, are stated elsewhere")
    summary: list[KindCounts]
    fields: list[FieldModel]
    elements: list[ElementChangeModel] = Field(
        description="those of the version after in its order, then those that are gone"
    )
    links: list[LinkModel]
    requirements: list[RequirementModel]


class ReleaseModel(BaseModel):
    """A release in a line."""

    title: str
    version: str
    language: str
    source: str
    sizes: dict[str, int] = Field(description="items by what they are")


class ItemModel(BaseModel):
    """An item of a release that is new, gone or other."""

    kind: ItemKind
    sort: str = Field(description="the kind of a concept, else as `kind`")
    changes: list[str]
    before: str = Field(description="its IRI before; empty where it is new")
    after: str
    code: str
    name: str
    fields: list[FieldModel]
    elements: list[ElementChangeModel]
    links: list[LinkModel]
    requirements: list[RequirementModel]


class ReleaseChangesAnswer(BaseModel):
    """What changed from one release of a framework to another."""

    before: ReleaseModel
    after: ReleaseModel
    summary: dict[str, dict[str, int]] = Field(description="of each sort how many have each change")
    items: list[ItemModel]


def to_version_answer(
    changes: VersionChanges,
    identifiers: Identifiers,
    names: Mapping[str, str] | None = None,
    *,
    iris: tuple[str, str] = ("", ""),
) -> VersionChangesAnswer:
    """``iris`` are those of the two standards where they are known, ``names`` tells what concepts are called,
    by IRI."""
    before, after = (
        _standard(label, identifiers, iri)
        for label, iri in zip((changes.before, changes.after), iris, strict=True)
    )
    return VersionChangesAnswer(
        before=before,
        after=after,
        equal=changes.is_equal,
        template_changed=changes.template_changed,
        summary=[
            KindCounts(
                kind=kind, **{name: counts[name] for name in KindCounts.model_fields if name != "kind"}
            )
            for kind, counts in changes.counts().items()
        ],
        fields=_fields(changes.fields),
        elements=[_element_change(one, identifiers, before.iri, after.iri) for one in changes.elements],
        links=_links(changes.links),
        requirements=_requirements(changes.requirements, identifiers, names or {}),
    )


def to_release_answer(changes: ReleaseChanges, identifiers: Identifiers) -> ReleaseChangesAnswer:
    return ReleaseChangesAnswer(
        before=_release(changes.before, changes.sizes_before),
        after=_release(changes.after, changes.sizes_after),
        summary={sort: dict(counts) for sort, counts in changes.counts().items()},
        items=[
            ItemModel(
                kind=one.kind,
                sort=one.sort,
                changes=list(one.changes),
                before=one.before and identifiers.absolute(one.before),
                after=one.after and identifiers.absolute(one.after),
                code=one.code,
                name=one.name,
                fields=_fields(one.fields),
                elements=[
                    _element_change(
                        element,
                        identifiers,
                        identifiers.absolute(one.before),
                        identifiers.absolute(one.after),
                    )
                    for element in one.elements
                ],
                links=_links(one.links),
                requirements=_requirements(one.requirements, identifiers, changes.names),
            )
            for one in changes.items
        ],
    )


def _release(info: DatasetInfo, sizes: Mapping[str, int]) -> ReleaseModel:
    return ReleaseModel(
        title=info.title,
        version=info.version,
        language=info.language,
        source=info.source,
        sizes=dict(sizes),
    )


def _standard(label: StandardLabel, identifiers: Identifiers, iri: str) -> StandardModel:
    return StandardModel(
        iri=iri or identifiers.standard(label.framework, label.code),
        framework=label.framework,
        code=label.code,
        name=label.name,
        version=label.version,
        lang=label.language,
        holder=label.holder,
        level_holder=label.level_holder,
    )


def _runs(runs: Iterable[TextRun]) -> list[Run]:
    return [Run(kind=one.kind, text=one.text) for one in runs]


def _fields(changes: Iterable[FieldChange]) -> list[FieldModel]:
    return [
        FieldModel(
            field=one.field,
            change=one.change,
            before=one.before,
            after=one.after,
            runs=_runs(one.runs) if one.before and one.after else [],
        )
        for one in changes
    ]


def _element_change(
    change: ElementChange, identifiers: Identifiers, before: str, after: str
) -> ElementChangeModel:
    other_words = change.before and change.after and change.before.text != change.after.text
    return ElementChangeModel(
        kind=change.kind,
        changes=list(change.changes),
        before=_element(change.before, change.levels_before, identifiers, before),
        after=_element(change.after, change.levels_after, identifiers, after),
        likeness=round(change.likeness, 3),
        found_by=change.found_by,
        runs=_runs(change.runs) if other_words else [],
        fields=_fields(change.fields),
    )


def _element(
    element: Element | None, levels: tuple[int, ...], identifiers: Identifiers, standard: str
) -> ElementModel | None:
    if element is None:
        return None
    return ElementModel(
        iri=identifiers.element(standard, element.code),
        code=element.code,
        text=element.text,
        path=list(element.path),
        levels=list(levels),
    )


def _links(changes: Iterable[LinkChange]) -> list[LinkModel]:
    return [
        LinkModel(
            change=one.change,
            kind=one.kind,
            holder_before=one.holder_before,
            holder_after=one.holder_after,
            before=one.before,
            after=one.after,
        )
        for one in changes
    ]


def _requirements(
    changes: Iterable[RequirementChange], identifiers: Identifiers, names: Mapping[str, str]
) -> list[RequirementModel]:
    return [
        RequirementModel(
            kind=one.kind.value,
            concept=identifiers.absolute(one.concept),
            name=names.get(one.concept) or names.get(identifiers.absolute(one.concept), ""),
            before=_required(one.before),
            after=_required(one.after),
        )
        for one in changes
    ]


def _required(one: Requirement | None) -> RequiredModel | None:
    if one is None:
        return None
    return RequiredModel(
        relation=one.relation,
        importance=one.importance,
        level=one.level,
        suppressed=one.suppressed,
        level_suppressed=one.level_suppressed,
        not_relevant=one.not_relevant,
    )

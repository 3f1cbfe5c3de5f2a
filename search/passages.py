"""What is searched: one passage for each element of a standard, sub-items included, with its context."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.identifiers import Identifiers, standard_key
from ontology.model import ConceptKind, Kind
from search.classes import ClassCode, classes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graph import ConceptSummary, DatasetSummary
    from ontology.model import Activity, Requirement, Standard, Task

__all__ = [
    "SEARCH_KINDS",
    "STANDARD_KIND",
    "Passage",
    "Requires",
    "Step",
    "passages_of",
    "passages_of_concepts",
    "with_names",
]

STANDARD_KIND = "standard"
"""The kind of the passage that stands for a standard as a whole: its name, and its description as detail."""

SEARCH_KINDS = tuple(dict.fromkeys((STANDARD_KIND, *Kind, *ConceptKind)))
"""Every kind that a passage can have: of a standard, of its elements, of what standards share."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path from the standard down to an element, or one that requires it."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Requires:
    """A shared concept that a standard requires; ``weight`` (0–1) says how much it does."""

    iri: str
    weight: float


@dataclass(frozen=True, slots=True)
class Passage:
    """One unit of the index.

    ``kind`` is one of ``SEARCH_KINDS``, ``lang`` the BCP 47 tag of the
    text, ``path`` what stands above, outermost first and without the standard, ``required_by`` the tasks
    and activities that require a knowledge or skill, ``detail`` what else the document says about it (the
    description of an attitude, the description of a standard), ``level`` the nearest level stated,
    ``classes`` the codes that its standard is classified by and ``names`` what it is called besides ``text``:
    words of a query may stand there instead. ``requires`` has the shared concepts that a standard requires.
    """

    iri: str
    code: str
    kind: str
    text: str
    lang: str
    framework: str
    standard: str
    standard_name: str
    standard_iri: str
    level: int | None = None
    path: tuple[Step, ...] = ()
    required_by: tuple[Step, ...] = ()
    detail: str = ""
    classes: tuple[ClassCode, ...] = ()
    names: tuple[str, ...] = ()
    requires: tuple[Requires, ...] = ()

    @property
    def full_text(self) -> str:
        """The text with its detail: what the element says by itself."""
        return f"{self.text}：{self.detail}" if self.detail else self.text

    @property
    def text_in_context(self) -> str:
        """The text after that of the element right above it."""
        return f"{self.path[-1].text} › {self.full_text}" if self.path else self.full_text


def passages_of(
    standards: Standard | Iterable[Standard], identifiers: Identifiers | None = None
) -> tuple[Passage, ...]:
    """The passages of one standard or several, in document order, each standard itself first.

    Elements without text (an empty cell of the source) have nothing to be found by and are left out.
    """
    from ontology.model import Standard

    identifiers = identifiers or Identifiers()
    group = (standards,) if isinstance(standards, Standard) else standards
    return tuple(passage for standard in group for passage in _passages(standard, identifiers))


def passages_of_concepts(
    concepts: Iterable[ConceptSummary], datasets: Iterable[DatasetSummary]
) -> Iterable[Passage]:
    """One passage for each shared concept; what stands for its standard is the release that it comes from."""
    releases = {one.framework: one for one in datasets}
    for concept in concepts:
        release = releases.get(concept.framework)
        if release is None or not concept.name.strip():
            continue
        yield Passage(
            iri=concept.iri,
            code=concept.code,
            kind=concept.kind.value,
            text=concept.name,
            lang=concept.language,
            framework=concept.framework,
            standard=concept.framework,
            standard_name=f"{release.title} {release.version}".strip(),
            standard_iri=release.iri,
            detail=concept.description,
        )


def with_names(passages: Iterable[Passage], names: Mapping[str, Sequence[str]]) -> Iterator[Passage]:
    """The passages, those of IRIs that ``names`` has with what they are called there."""
    for passage in passages:
        own = tuple(dict.fromkeys(name for name in names.get(passage.iri, ()) if name != passage.text))
        yield replace(passage, names=own) if own else passage


def _passages(standard: Standard, identifiers: Identifiers) -> Iterable[Passage]:
    key = standard_key(standard.code, standard.version)
    iri = identifiers.of_standard(standard)
    texts = {element.code: element.text for element in standard.elements()}
    details = {attitude.code: attitude.text for attitude in standard.attitudes}
    details |= {statement.code: statement.note for statement in standard.statements}
    languages = {one.code: one.language for one in standard.statements if one.language}
    levels = _levels(standard)
    classes = classes_of(standard)
    required_by: dict[str, list[Step]] = {}
    for task in standard.tasks:
        holders: tuple[Task | Activity, ...] = (task, *task.activities)
        for holder in holders:
            for code in (*holder.knowledge, *holder.skills):
                required_by.setdefault(code, []).append(Step(holder.code, holder.name))
    if standard.name.strip():
        yield Passage(
            iri=iri,
            code=key,
            kind=STANDARD_KIND,
            text=standard.name,
            lang=standard.language,
            framework=standard.framework,
            standard=key,
            standard_name=standard.name,
            standard_iri=iri,
            level=standard.level,
            detail=standard.description,
            classes=classes,
            requires=_requires(standard, identifiers),
        )
    for element in standard.elements():
        if not element.text.strip():
            continue
        holder_code = element.path[0] if "#" in element.code and element.path else element.code
        stated = [levels[code] for code in (element.code, *reversed(element.path)) if code in levels]
        yield Passage(
            iri=identifiers.element(iri, element.code),
            code=element.code,
            kind=element.kind.value,
            text=element.text,
            lang=languages.get(element.code, standard.language),
            framework=standard.framework,
            standard=key,
            standard_name=standard.name,
            standard_iri=iri,
            level=stated[0] if stated else standard.level,
            path=tuple(Step(code, texts.get(code, "")) for code in element.path),
            required_by=tuple(required_by.get(holder_code, ())),
            detail=details.get(element.code, ""),
            classes=classes,
        )


def _requires(standard: Standard, identifiers: Identifiers) -> tuple[Requires, ...]:
    """What it requires of what its framework shares, each once, as ``_weight`` has it; nothing that weighs
    nothing."""
    weights: dict[str, float] = {}
    for one in standard.requirements:
        iri = identifiers.absolute(one.concept)
        weights[iri] = max(weights.get(iri, 0.0), _weight(one))
    return tuple(Requires(iri, round(weight, 3)) for iri, weight in weights.items() if weight > 0)


def _weight(requirement: Requirement) -> float:
    """ESCO's optional ones count half. O*NET rates the same competencies for every occupation, from 1 (not
    important) to 5: what it calls important begins at 3; a rating that it advises against is none. Its
    technologies are lists of products, which say less than what is done with them."""
    if requirement.suppressed or requirement.not_relevant:
        return 0.0
    if requirement.kind is ConceptKind.TECHNOLOGY:
        return 0.3 if requirement.relation else 0.15
    if requirement.importance is not None:
        return max(0.0, (requirement.importance - 2.5) / 2.5)
    return 0.5 if requirement.relation == "optional" else 1.0


def _levels(standard: Standard) -> dict[str, int]:
    """The level of each task and activity that states one, and of a competency that only one level of
    task or activity requires."""
    levels: dict[str, int] = {}
    competencies: dict[str, set[int]] = {}
    for task in standard.tasks:
        holders: tuple[Task | Activity, ...] = (task, *task.activities)
        for holder in holders:
            level = holder.level if holder.level is not None else task.level
            if level is None:
                continue
            levels[holder.code] = level
            for code in (*holder.knowledge, *holder.skills):
                competencies.setdefault(code, set()).add(level)
    levels |= {code: next(iter(found)) for code, found in competencies.items() if len(found) == 1}
    return levels

"""What the templates are given: one declared type a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.pages.detail_views import DetailView, detail_view
from api.pages.link_views import LinksView
from api.pages.standard_views import DoubtGroup, doubt_groups
from ontology.model import Kind, Standard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.pages.change_views import VersionLink
    from api.pages.entity_views import CodeView, Crumb, ElementSource, NeighbourGroup
    from api.pages.hits import HitView
    from api.pages.problem_views import ProblemView
    from api.pages.provenance_views import Provenance
    from api.pages.standard_views import DownloadGroup, NoteView, SortColumn
    from ontology.model import Activity, Doubt, Statement, SubItem, Task

__all__ = [
    "AssociationLink",
    "Choice",
    "ClassificationLink",
    "Download",
    "EntityView",
    "ErrorView",
    "Example",
    "Figure",
    "HistoryRow",
    "PropertyRow",
    "StandardView",
    "StandardsView",
    "StatementRow",
    "Table",
    "Value",
    "shapes_of",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter; ``count`` relevant hits have it, where they have been counted."""

    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A query to try, in ``language``."""

    text: str
    language: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class StandardRow:
    iri: str
    code: str
    name: str
    language: str
    framework: str
    level: int | None
    status: str
    counts: dict[str, int]
    newer: str = ""
    newer_iri: str = ""


@dataclass(frozen=True, slots=True)
class StandardsView:
    standards: tuple[StandardRow, ...]
    total: int
    kinds: tuple[str, ...]
    query: str = ""
    framework: str = ""
    frameworks: tuple[Choice, ...] = ()
    first: int = 1
    last: int = 0
    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class ClassificationLink:
    """A printed code and name; ``iri`` where the graph has a node for it."""

    code: str
    name: str
    iri: str | None
    resolved: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of the version table; ``href`` where the version is loaded."""

    version: str
    code: str
    name: str
    status: str
    note: str
    date: str
    href: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class Figure:
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class SharedItem:
    """A shared concept or another standard that a standard refers to. ``relation`` is the framework's word,
    ``relation_words`` the page's for it, where it has any."""

    name: str
    href: str
    importance: float | None = None
    level: float | None = None
    suppressed: bool = False
    level_suppressed: bool = False
    not_relevant: bool = False
    relation: str = ""
    relation_words: str = ""

    @property
    def importance_point(self) -> int:
        """The point of the scale of five that the importance is nearest to; 0 where it is not rated."""
        return 0 if self.importance is None else min(5, max(1, int(self.importance + 0.5)))


@dataclass(frozen=True, slots=True)
class SharedGroup:
    """The shared concepts of one kind and relation (``skill_essential``), the most important first where the
    reader sorts by nothing else. ``columns`` are the heads of a table of ratings, none without ratings."""

    key: str
    items: tuple[SharedItem, ...]
    columns: tuple[SortColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class AssociationLink:
    """Where a statement leads: ``label`` says how, ``text`` is a code or a URI; ``href`` where there is one
    to follow."""

    label: str
    text: str
    href: str | None
    title: str = ""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement of the list; ``depth`` counts from 0, ``also_under`` are its parents after the first."""

    statement: Statement
    depth: int
    language: str
    also_under: tuple[str, ...] = ()
    links: tuple[AssociationLink, ...] = ()


def shapes_of(standard: Standard) -> tuple[str, ...]:
    """The forms that the tasks of a standard can be shown in, the one that suits it best first: the table of
    the official form only where activities have indicators or outputs."""
    activities = [one for task in standard.tasks for one in task.activities]
    if any(one.indicators or one.outputs for one in activities):
        return ("table", "tree", "text")
    return ("text", "tree") if activities else ("text",)


@dataclass(frozen=True)
class StandardView:
    """A standard with what its page looks up by code; ``key`` is its code with its version, as a segment of
    addresses, ``shape`` the one of ``shapes_of`` that its tasks are shown in."""

    standard: Standard
    iri: str
    key: str
    category: tuple[ClassificationLink, ...]
    occupation: tuple[ClassificationLink, ...]
    industry: tuple[ClassificationLink, ...]
    history: tuple[HistoryRow, ...]
    shape: str
    element_hrefs: dict[str, str]
    provenance: Provenance
    row: StandardRow
    downloads: tuple[DownloadGroup, ...] = ()
    notes: tuple[NoteView, ...] = ()
    changes: tuple[VersionLink, ...] = ()
    shared: tuple[SharedGroup, ...] = ()
    related: tuple[SharedItem, ...] = ()
    broader: tuple[SharedItem, ...] = ()
    statements: tuple[StatementRow, ...] = ()
    linked_data: str = ""
    similar: tuple[HitView, ...] = ()
    counts: dict[str, int] = field(init=False)
    figures: tuple[Figure, ...] = field(init=False)
    doubts: tuple[DoubtGroup, ...] = field(init=False)
    _texts: dict[str, str] = field(init=False, repr=False)
    _items: dict[str, tuple[SubItem, ...]] = field(init=False, repr=False)
    _required_by: dict[str, list[str]] = field(init=False, repr=False)
    _doubts: dict[str, list[Doubt]] = field(init=False, repr=False)
    _statements: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        counts = Counter(
            "sub_item" if "#" in one.code and one.kind is not Kind.STATEMENT else one.kind.value
            for one in self.standard.elements()
        )
        required_by: dict[str, list[str]] = {}
        for task in self.standard.tasks:
            holders: tuple[Task | Activity, ...] = (task, *task.activities)
            for holder in holders:
                for code in (*holder.knowledge, *holder.skills):
                    required_by.setdefault(code, []).append(holder.code)
        doubts: dict[str, list[Doubt]] = {}
        for doubt in self.standard.doubts:
            doubts.setdefault(doubt.where, []).append(doubt)
        order = [*(kind.value for kind in Kind), "sub_item"]
        object.__setattr__(self, "counts", {kind: counts[kind] for kind in order})
        figures = tuple(Figure(kind, counts[kind]) for kind in order if counts[kind])
        object.__setattr__(self, "figures", figures)
        object.__setattr__(self, "_texts", {one.code: one.text for one in self.standard.elements()})
        competencies = (*self.standard.knowledge, *self.standard.skills)
        object.__setattr__(self, "_items", {one.code: one.items for one in competencies})
        object.__setattr__(self, "_required_by", required_by)
        object.__setattr__(self, "_doubts", doubts)
        object.__setattr__(self, "_statements", frozenset(one.statement.code for one in self.statements))
        in_short = doubt_groups(self.standard.doubts, self.element_hrefs, self.anchor)
        object.__setattr__(self, "doubts", in_short)

    @property
    def shapes(self) -> tuple[str, ...]:
        return shapes_of(self.standard)

    @property
    def task_groups(self) -> dict[str, list[Task]]:
        """The tasks by the framework's word for their sort (``Core``), empty where it has none."""
        found: dict[str, list[Task]] = {}
        for task in self.standard.tasks:
            found.setdefault(task.category, []).append(task)
        return found

    def is_bare(self, task: Task) -> bool:
        """Whether the activities of a task are no more than sentences."""
        return not any(
            one.level or one.outputs or one.indicators or one.knowledge or one.skills
            for one in task.activities
        )

    def is_stated_by_task(self, task: Task) -> bool:
        """Whether level, knowledge and skills stand at the task as a whole, as in the older form."""
        below = any(one.level or one.knowledge or one.skills for one in task.activities)
        return not task.activities or not below

    def href(self, code: str) -> str:
        """Permalink of an element."""
        return self.element_hrefs[code]

    def fields(self, details: Sequence[tuple[str, str]]) -> list[DetailView]:
        """Further fields of the source, as people read them."""
        return [detail_view(name, text) for name, text in details]

    def anchor(self, code: str) -> str:
        """The fragment of an element in the page; a statement's cannot be taken for a section of it."""
        return quote(f"statement-{code}" if code in self._statements else code.replace("#", "-"))

    def text(self, code: str) -> str:
        return self._texts.get(code, "")

    def items(self, code: str) -> Sequence[SubItem]:
        """The items under a knowledge or skill."""
        return self._items.get(code, ())

    def required_by(self, code: str) -> Sequence[str]:
        """Codes of the tasks or activities that require a knowledge or skill."""
        return self._required_by.get(code, ())

    def doubts_at(self, code: str) -> Sequence[Doubt]:
        return self._doubts.get(code, ())


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property: a text with its language, or a link."""

    text: str
    href: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """The values of a property; ``is_folded`` where they are shown on demand."""

    label: str
    values: tuple[Value, ...]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class EntityView:
    """Any node of the graph that is not a standard."""

    iri: str
    code: str
    label: str
    language: str
    types: tuple[str, ...]
    properties: tuple[PropertyRow, ...]
    incoming: tuple[PropertyRow, ...]
    links: LinksView
    description: str = ""
    description_language: str = ""
    standard_href: str | None = None
    is_searched: bool = False
    crumbs: tuple[Crumb, ...] = ()
    groups: tuple[NeighbourGroup, ...] = ()
    similar: tuple[HitView, ...] = ()
    linked_data: str = ""
    source: ElementSource | None = None
    doubts: tuple[Doubt, ...] = ()
    under: CodeView | None = None


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Download:
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class ErrorView:
    """``retry_after`` are the seconds after which the same may work; 0 where trying again is of no use."""

    problem: ProblemView
    retry_after: int = 0

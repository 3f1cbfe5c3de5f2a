"""What changed from one version of a standard to another, and from one release to another, as values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from ontology.changes.wording import changed_words, plain_words
from ontology.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ontology.changes.wording import Run
    from ontology.dataset import DatasetInfo
    from ontology.model import ConceptKind, Element, Requirement

__all__ = [
    "Change",
    "ElementChange",
    "FieldChange",
    "FoundBy",
    "ItemChange",
    "ItemKind",
    "LinkChange",
    "ReleaseChanges",
    "RequirementChange",
    "StandardLabel",
    "VersionChanges",
]

FoundBy = Literal["", "code", "words", "meaning"]
"""What told that two elements are the same one: the framework's own code, the wording, or whoever gave the
pair; empty where there is only one."""


class Change(StrEnum):
    """What may become of an element; several at once may.

    ``reprinted``: the same words with other signs, blanks or width. ``moved``: what it stands under is
    another. ``renumbered``: its code is another; ``recoded``: its code is the same number written
    differently (K4, K04). ``details``: what is said beside its text, such as an attitude's description.
    """

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    REPRINTED = "reprinted"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    RECODED = "recoded"
    LEVEL = "level"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that says something else; of a field with several values, one of them. ``before`` is empty
    where the value is new, ``after`` where it is gone. Values of ``broader``, ``schemes`` and ``related``
    are references (see ``Identifiers.absolute``)."""

    field: str
    before: str
    after: str

    @property
    def change(self) -> Change:
        if not self.before:
            return Change.ADDED
        if not self.after:
            return Change.REMOVED
        same = plain_words(self.before) == plain_words(self.after)
        return Change.REPRINTED if same else Change.REWORDED

    @property
    def runs(self) -> tuple[Run, ...]:
        return changed_words(self.before, self.after)


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element in both versions, or in the one that has it. ``changes`` is empty where it stayed as it was,
    and otherwise in the order of ``Change``.

    ``likeness`` is that of the wording, 0–1. The levels are those that hold for the element: its own, that of
    its task, or those of a task's activities, each once and ascending.
    """

    kind: Kind
    before: Element | None
    after: Element | None
    changes: tuple[Change, ...] = ()
    likeness: float = 0.0
    found_by: FoundBy = ""
    levels_before: tuple[int, ...] = ()
    levels_after: tuple[int, ...] = ()
    fields: tuple[FieldChange, ...] = ()

    @property
    def runs(self) -> tuple[Run, ...]:
        return changed_words(
            self.before.text if self.before else "",
            self.after.text if self.after else "",
        )


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A knowledge or skill that a task or activity takes no more (``removed``) or now (``added``), where both
    of them stand in both versions: by their codes in each."""

    change: Change
    kind: Kind
    holder_before: str
    holder_after: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """A shared concept that is required otherwise, newly, or no more; the references are those of the version
    after, where there is one."""

    kind: ConceptKind
    concept: str
    before: Requirement | None
    after: Requirement | None


@dataclass(frozen=True, slots=True)
class StandardLabel:
    """A standard in a line; ``holder`` is the kind of element at which its template states K and S (the older
    one of iCAP at tasks, the newer at activities), ``None`` where it states none."""

    framework: str
    code: str
    name: str
    version: str = ""
    language: str = ""
    holder: Kind | None = None
    level_holder: Kind | None = None


@dataclass(frozen=True)
class VersionChanges:
    """From one version of a standard to another.

    ``elements`` has every element of both: those of the version after in its order, then those that are gone
    in theirs. Code, version, history, date and source are not compared: they differ by their nature.
    """

    before: StandardLabel
    after: StandardLabel
    fields: tuple[FieldChange, ...] = ()
    elements: tuple[ElementChange, ...] = ()
    links: tuple[LinkChange, ...] = ()
    requirements: tuple[RequirementChange, ...] = ()

    @property
    def changed(self) -> tuple[ElementChange, ...]:
        return tuple(one for one in self.elements if one.changes)

    @property
    def is_equal(self) -> bool:
        return not (self.fields or self.changed or self.links or self.requirements)

    @property
    def template_changed(self) -> bool:
        """Whether K and S, or levels, are stated at another kind of element."""
        pairs = (
            (self.before.holder, self.after.holder),
            (self.before.level_holder, self.after.level_holder),
        )
        return any(one and other and one is not other for one, other in pairs)

    def counts(self) -> dict[Kind, Counter[str]]:
        """How many elements of a kind there are before and after, stayed as they were (``unchanged``), and
        have each change."""
        found: dict[Kind, Counter[str]] = {}
        for one in self.elements:
            counter = found.setdefault(one.kind, Counter())
            counter["before"] += one.before is not None
            counter["after"] += one.after is not None
            counter.update(change.value for change in one.changes)
            counter["unchanged"] += not one.changes
        return {kind: found[kind] for kind in Kind if kind in found}


class ItemKind(StrEnum):
    """The kinds of item in a release."""

    STANDARD = "standard"
    CONCEPT = "concept"
    SCHEME = "scheme"
    ENTRY = "entry"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item of a release that is new, gone or other. ``before`` and ``after`` are its identifiers (its IRI,
    else a reference), empty where it is not there; ``sort`` is the kind of a concept, else the item's."""

    kind: ItemKind
    sort: str
    before: str
    after: str
    code: str
    name: str
    fields: tuple[FieldChange, ...] = ()
    elements: tuple[ElementChange, ...] = ()
    links: tuple[LinkChange, ...] = ()
    requirements: tuple[RequirementChange, ...] = ()

    @property
    def changes(self) -> tuple[str, ...]:
        """``added`` or ``removed`` alone; else the names of what changed: ``identifier``, fields, then
        ``elements``, ``links`` and ``requirements``."""
        if not self.before:
            return (Change.ADDED.value,)
        if not self.after:
            return (Change.REMOVED.value,)
        parts = (
            ("elements", self.elements),
            ("links", self.links),
            ("requirements", self.requirements),
        )
        names = ["identifier"] if self.before != self.after else []
        names += dict.fromkeys(one.field for one in self.fields)
        return tuple(names + [name for name, changed in parts if changed])


@dataclass(frozen=True)
class ReleaseChanges:
    """From one release of a framework to another: its items that are new, gone or other, in the order of the
    release after, then those that are gone.

    ``sizes_before`` and ``sizes_after`` count all items by their sort; ``names`` tells what references are
    called. Dates of modification are not compared.
    """

    before: DatasetInfo
    after: DatasetInfo
    items: tuple[ItemChange, ...] = ()
    sizes_before: Mapping[str, int] = field(default_factory=dict)
    sizes_after: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    def counts(self) -> dict[str, Counter[str]]:
        """For each sort of item how many have each of ``ItemChange.changes``."""
        found: dict[str, Counter[str]] = {}
        for one in self.items:
            found.setdefault(one.sort, Counter()).update(one.changes)
        return found

"""What the template is given of what changed between two versions of a standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ontology.changes import Run

__all__ = [
    "ChangeGroup",
    "ChangeRow",
    "ChangesView",
    "CodeLink",
    "FieldRow",
    "KindRow",
    "RequirementRow",
    "VersionLink",
]


@dataclass(frozen=True, slots=True)
class VersionLink:
    """A version of the standard, and where to go for it."""

    code: str
    name: str
    language: str
    href: str


@dataclass(frozen=True, slots=True)
class CodeLink:
    """The code of an element with its page in the version that has it."""

    code: str
    href: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field that says something else; ``runs`` mark what was removed and what was added."""

    label: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """An element that changed: its codes, one where it kept it; ``badges`` are changes by their names in the
    catalogue, ``notes`` sentences on levels and places."""

    codes: tuple[CodeLink, ...]
    badges: tuple[str, ...]
    runs: tuple[Run, ...]
    notes: tuple[str, ...] = ()
    fields: tuple[FieldRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changed elements of a kind; ``total`` counts those that are not shown, too."""

    kind: str
    rows: tuple[ChangeRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class KindRow:
    """How many elements of a kind there are and have each change, in the order of the columns."""

    kind: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A concept that is required newly, otherwise or no more; ``before`` and ``after`` say how, and are empty
    where it is not required."""

    name: str
    href: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """``language`` is that of the texts, ``columns`` are keys of the catalogue, ``data`` the address of the
    same as data."""

    before: VersionLink
    after: VersionLink
    language: str
    data: str
    others: tuple[VersionLink, ...]
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    kinds: tuple[KindRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    groups: tuple[ChangeGroup, ...] = ()
    links: tuple[ChangeRow, ...] = ()
    requirements: tuple[RequirementRow, ...] = ()
    is_equal: bool = False

"""What the page of imports is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.importing import Import
    from api.pages.problem_views import ProblemView

__all__ = ["DocumentRow", "FileRow", "FindingRow", "ImportView"]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A broken rule or a doubt: at which element, where in the source, and what to know of it."""

    element: str
    text: str
    place: str
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A standard of a file. ``status`` is what becomes of it, or would; ``href`` leads to it once it is
    stored, ``counts`` are pairs of a kind and a number."""

    status: str
    code: str
    name: str
    language: str
    href: str
    error: ProblemView | None
    violations: tuple[FindingRow, ...]
    warnings: tuple[FindingRow, ...]
    doubts: tuple[FindingRow, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    number: int
    name: str
    is_right: bool
    documents: tuple[DocumentRow, ...]


@dataclass(frozen=True, slots=True)
class ImportView:
    """``is_open`` says that the service has a key, so that it takes documents at all; ``step`` is what is
    being done, in words."""

    is_open: bool
    most_kb: int
    most_files: int
    suffixes: str
    found: Import | None = None
    files: tuple[FileRow, ...] = ()
    step: str = ""
    error: ProblemView | None = None

    @property
    def can_be_published(self) -> bool:
        return any(one.is_right for one in self.files)

"""What is known of an import."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from graph.ingest import Status

if TYPE_CHECKING:
    from graph.ingest import Outcome

__all__ = ["Import", "ImportState", "ImportedFile", "Progress", "Upload"]


class ImportState(StrEnum):
    """Where an import stands. Nothing is stored before ``PUBLISHED``, nor after ``FAILED`` where ``stored``
    is false."""

    CHECKED = "checked"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it came: what it is called, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file with what became of each standard in it, or what would: ``number`` counts from 0."""

    number: int
    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def is_right(self) -> bool:
        """Whether something of it can be published."""
        return any(one.status is not Status.REFUSED for one in self.outcomes)

    def to_json(self) -> dict[str, Any]:
        documents = []
        for one in self.outcomes:
            form = {**one.to_json(), "file": self.name}
            if one.checked is not None:
                form["findings"] = one.checked.to_json()["findings"]
            documents.append(form)
        return {"number": self.number, "name": self.name, "right": self.is_right, "documents": documents}


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, how much of it is done and of how much; ``total`` is 0 where that is unknown."""

    step: str = ""
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Import:
    """An import as it is now. ``error`` is a sentence; ``stored`` says that the graph has the documents, so
    that after a failure only the search index is behind."""

    id: str
    state: ImportState
    files: tuple[ImportedFile, ...]
    progress: Progress = Progress()
    error: str = ""
    stored: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "state": self.state.value,
            "files": [one.to_json() for one in self.files],
            "progress": {
                "step": self.progress.step,
                "done": self.progress.done,
                "total": self.progress.total,
            },
            "error": self.error,
            "stored": self.stored,
        }

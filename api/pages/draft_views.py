"""What the page of a draft is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.pages.views import Download
    from ontology.drafting import Draft

__all__ = ["DraftView", "TaskChoice"]


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """A task that a draft can be made of."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft; ``path`` is the address of its page without parameters."""

    draft: Draft
    path: str
    choices: tuple[TaskChoice, ...]
    downloads: tuple[Download, ...]

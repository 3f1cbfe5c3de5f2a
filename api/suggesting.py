"""The suggestions in force, and how they are built from the store."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from search import AlternativeName, SuggestIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from search import Passage

__all__ = ["SuggestHandle", "build_suggestions"]

_FOLDER = "suggest"


class SuggestHandle:
    """Opened on first use, opened again when others were published."""

    def __init__(self, index: Path) -> None:
        """``index`` is the folder of the search index, beside whose versions the suggestions lie."""
        self._folder = index / _FOLDER
        self._lock = threading.Lock()
        self._opened: SuggestIndex | None = None
        self._version: str | None = None

    def current(self) -> SuggestIndex:
        """Raises ``IndexStale`` where there are none yet, or they have another format."""
        version = SuggestIndex.version(self._folder)
        with self._lock:
            if self._opened is None or version != self._version:
                self._opened = SuggestIndex(self._folder)
                self._version = version
            return self._opened


def build_suggestions(
    passages: Iterable[Passage], names: Mapping[str, Sequence[tuple[str, str]]], index: Path
) -> SuggestIndex:
    """Makes the suggestions for the passages of the search index in the folder ``index``; ``names`` as
    ``graph.list_names`` gives them."""
    others = {
        iri: tuple(AlternativeName(text, language) for text, language in found)
        for iri, found in names.items()
    }
    return SuggestIndex.build(passages, others, index / _FOLDER)

"""What keeps and searches the vectors and the words of an index: files beside it, or a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from search.lexical import LexicalIndex
from search.vectors import DEFAULT_VECTORS, choose_engine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from search.lexical import WordIndex
    from search.passages import Passage
    from search.vectors import VectorIndex, VectorRows

__all__ = ["LocalEngine", "SearchEngine"]


class SearchEngine(Protocol):
    """Where a version of the index is searched. What it finds is scored with the files of the version, so
    that every engine gives the same hits the same scores."""

    @property
    def name(self) -> str:
        """Stands in the manifest of a version."""

    def build(
        self,
        folder: Path,
        version: str,
        passages: Sequence[Passage],
        rows: VectorRows,
        *,
        embedder: str,
    ) -> None:
        """Keeps what it needs of a version, in ``folder`` or elsewhere; ``embedder`` is the model's name."""

    def holds(self, version: str) -> bool:
        """Whether what it keeps elsewhere of a version is there."""

    def open_vectors(self, folder: Path, version: str, rows: VectorRows) -> VectorIndex:
        """Raises ``ValueError`` where what was kept is damaged or missing."""

    def open_words(self, folder: Path, version: str) -> WordIndex:
        """Raises ``ValueError`` where what was kept is damaged or missing."""

    def keep_only(self, versions: set[str], current: str) -> None:
        """Drops what it keeps elsewhere of other versions; ``current`` is the one in force."""


class LocalEngine:
    """Words in files; vectors as a descriptor of ``search.vectors`` says, for so many rows.

    Raises ``InvalidInput`` for a descriptor that names no engine.
    """

    def __init__(self, vectors: str = DEFAULT_VECTORS, rows: int = 0) -> None:
        self._vectors = choose_engine(vectors, rows)

    @property
    def name(self) -> str:
        return self._vectors.name

    def build(
        self,
        folder: Path,
        version: str,
        passages: Sequence[Passage],
        rows: VectorRows,
        *,
        embedder: str,
    ) -> None:
        del embedder
        (folder / "lexical").mkdir(exist_ok=True)
        LexicalIndex.build(passages, folder / "lexical")
        self._vectors.build(folder, version, rows)

    def holds(self, version: str) -> bool:
        del version
        return True

    def open_vectors(self, folder: Path, version: str, rows: VectorRows) -> VectorIndex:
        return self._vectors.open(folder, version, rows)

    def open_words(self, folder: Path, version: str) -> WordIndex:
        del version
        return LexicalIndex.open(folder / "lexical")

    def keep_only(self, versions: set[str], current: str) -> None:
        del current
        self._vectors.keep_only(versions)

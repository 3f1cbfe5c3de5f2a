"""A model that remembers what it embedded, in a folder: for measurements that are repeated."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from search.background import Progress
    from search.embedding import Embedder, Role

__all__ = ["RememberingEmbedder"]

_BATCH = 32


class RememberingEmbedder:
    """``embedder`` with the vectors of earlier texts at hand; on leaving the ``with`` block they are
    written to ``folder``, one file a model and revision."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self.model, self.revision, self.dimension = embedder.model, embedder.revision, embedder.dimension
        self._embedder = embedder
        self._lock = threading.Lock()
        name = hashlib.sha256(embedder.revision.encode()).hexdigest()[:16]
        self._path = folder / f"texts-{name}.npz"
        self._known: dict[tuple[str, str], NDArray[np.float32]] = {}
        self._fresh = False
        if self._path.is_file():
            with np.load(self._path) as file:
                keys = json.loads(str(file["keys"]))
                vectors = file["vectors"]
            self._known = {(role, text): vectors[row] for row, (role, text) in enumerate(keys)}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if not self._fresh:
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_name(f".{id(self):x}-{self._path.name}")
            with beside.open("wb") as file:
                keys = np.array(json.dumps(list(self._known)))
                np.savez(file, keys=keys, vectors=np.stack(list(self._known.values())))
            beside.replace(self._path)
            self._fresh = False

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if (role, text) not in self._known]
            if missing:
                vectors = self._embedder.embed(missing, role=role)
                self._known |= {(role, text): vector for text, vector in zip(missing, vectors, strict=True)}
                self._fresh = True
            if not texts:
                return np.empty((0, self.dimension), np.float32)
            return np.stack([self._known[role, text] for text in texts])

    def prepare(self, texts: Sequence[str], *, role: Role, message: str, progress: Progress | None) -> None:
        """Embeds ``texts`` in batches, with ``progress(message, done, total)`` after each."""
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            self.embed(batch, role=role)
            if progress:
                progress(message, start + len(batch), len(texts))

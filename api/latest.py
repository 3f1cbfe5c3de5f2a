"""What is read from the store, kept until the store changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from search.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph import RdfStore

__all__ = ["Latest", "LatestOf"]

K = TypeVar("K")
T = TypeVar("T")


class Latest(Generic[T]):
    """What ``read`` gives, asked for once a revision of the store; ``empty`` while nothing was loaded."""

    def __init__(self, store: RdfStore, read: Callable[[], T], empty: T) -> None:
        self._store = store
        self._read = read
        self._empty = empty
        self._lock = threading.Lock()
        self._known: tuple[str, T] | None = None

    def get(self) -> T:
        if not self._store.graphs():
            return self._empty
        with self._lock:
            revision = self._store.revision()
            if self._known is None or self._known[0] != revision:
                self._known = (revision, self._read())
            return self._known[1]


class LatestOf(Generic[K, T]):
    """What ``read`` gives for a key, kept for the last ``most`` keys that were asked for. ``read`` may run
    in several threads at once, and what it raises is not kept."""

    def __init__(self, store: RdfStore, read: Callable[[K], T], most: int) -> None:
        self._store = store
        self._read = read
        self._known: Recent[tuple[str, K], T] = Recent(most)

    def get(self, key: K) -> T:
        """Raises ``StoreMissing`` while nothing was loaded, and what ``read`` raises."""
        # with the revision before the reading, so that what is read of a later one is not taken for it
        return self._known.get((self._store.revision(), key), lambda: self._read(key))

"""What is read from the store, kept until the store changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from search.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from graph import RdfStore

__all__ = ["Latest", "LatestOf", "LatestOfEach"]

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


class LatestOfEach(Generic[K, T]):
    """As ``LatestOf``, of what is read of many keys at once: ``read`` gives something for each."""

    def __init__(self, store: RdfStore, read: Callable[[Sequence[K]], Mapping[K, T]], most: int) -> None:
        self._store = store
        self._read = read
        self._known: Recent[tuple[str, K], T] = Recent(most)

    def get(self, keys: Sequence[K]) -> Mapping[K, T]:
        """Raises as ``LatestOf.get`` does."""
        revision = self._store.revision()
        found = {key: value for (_, key), value in self._known.known((revision, key) for key in keys).items()}
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        if missing:
            read = self._read(missing)
            self._known.keep({(revision, key): value for key, value in read.items()})
            found |= read
        return found

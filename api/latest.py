"""What is read from the whole store, kept until the store changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph import RdfStore

__all__ = ["Latest"]

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

"""The contents of the store, read once a revision: reading them goes over the whole store."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from graph import Contents, list_contents

if TYPE_CHECKING:
    from graph.store import RdfStore

__all__ = ["LatestContents"]


class LatestContents:
    """What the store has of each class and property, as it is now."""

    def __init__(self, store: RdfStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._revision = ""
        self._contents = Contents({}, {})

    def get(self) -> Contents:
        if not self._store.graphs():
            return Contents({}, {})
        with self._lock:
            revision = self._store.revision()
            if revision != self._revision:
                self._contents = list_contents(self._store)
                self._revision = revision
            return self._contents

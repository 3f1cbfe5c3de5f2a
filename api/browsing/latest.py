"""The trees of what is loaded now, made once a revision of the store."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from api.browsing.making import make_tree
from api.browsing.tree import BrowseTree
from graph import isco_group_names, list_printed_codes

if TYPE_CHECKING:
    from collections.abc import Callable

    from graph import RdfStore, StandardSummary

__all__ = ["LatestTree"]


class LatestTree:
    """Two queries and the list of ``standards`` make it; after that none is asked until the store changes."""

    def __init__(self, store: RdfStore, standards: Callable[[], tuple[StandardSummary, ...]]) -> None:
        self._store = store
        self._standards = standards
        self._lock = threading.Lock()
        self._revision: str | None = None
        self._tree = make_tree((), (), {})

    def get(self) -> BrowseTree:
        with self._lock:
            revision = self._store.revision() if self._store.graphs() else ""
            if revision != self._revision:
                printed, isco = list_printed_codes(self._store), isco_group_names(self._store)
                self._tree = make_tree(self._standards(), printed, isco)
                self._revision = revision
            return self._tree

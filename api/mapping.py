"""The map of all standards: made with the index, or in the background for an index that has none."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from ontology.errors import CompetencyError, IndexMissing, IndexStale
from search import SearchIndex
from search.mapping import StandardMap, build_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["MapHandle", "keep_map"]

_FOLDER = "map"
_LOG = logging.getLogger(__name__)


class MapHandle:
    """Read at the first use, and again when another index was published."""

    def __init__(self, index: Path, current: Callable[[], SearchIndex]) -> None:
        """``index`` is the folder of the search index, beside whose versions the map lies, and ``current``
        gives the index in force."""
        self._index = index
        self._current = current
        self._lock = threading.Lock()
        self._map: StandardMap | None = None
        self._making: threading.Thread | None = None

    def get(self) -> StandardMap | None:
        """The map of the index in force; ``None`` while it is being made, which the first call starts. Raises
        ``IndexStale`` where there is no index."""
        version = SearchIndex.version(self._index)
        if version is None:
            raise IndexMissing("there is no search index yet; load a standard: competency ingest --bundled")
        with self._lock:
            if self._map is not None and self._map.version == version:
                return self._map
            try:
                self._map = StandardMap.read(self._index / _FOLDER, version)
            except IndexStale:
                self._make(self._current())
                return None
            return self._map

    def wait(self) -> None:
        """Returns when nothing is being made."""
        making = self._making
        if making is not None:
            making.join()

    def _make(self, index: SearchIndex) -> None:
        if self._making is None or not self._making.is_alive():
            self._making = threading.Thread(target=self._kept, args=(index,), name="map", daemon=True)
            self._making.start()

    def _kept(self, index: SearchIndex) -> None:
        version = SearchIndex.version(self._index)
        try:
            made = build_map(index.all_standards, version or "")
        except CompetencyError:
            _LOG.exception("the map of the standards could not be made")
            return
        # a folder that cannot be written to still has a map, for as long as the service runs
        with self._lock:
            self._map = made
        with suppress(OSError):
            made.write(self._index / _FOLDER)


def keep_map(index: SearchIndex, folder: Path) -> StandardMap:
    """Makes the map of the index in force in ``folder`` and keeps it there, unless it is there already."""
    version = SearchIndex.version(folder)
    assert version is not None
    try:
        return StandardMap.read(folder / _FOLDER, version)
    except IndexStale:
        made = build_map(index.all_standards, version)
        made.write(folder / _FOLDER)
        return made

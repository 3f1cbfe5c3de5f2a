"""The nearest rows, by a vector index of Neo4j; scored with the exact vectors of the version's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.dense import top_rows
from search.neo4j.names import Names
from search.neo4j.points import query_point
from search.neo4j.words import SECONDS
from search.vectors import Nearest
from search.vectors.exact import ExactVectors, nearest_among

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.property_graph.bolt import BoltConnection
    from search.vectors import VectorRows, Wanted

__all__ = ["Neo4jVectors"]

_NEAREST = "CALL db.index.vector.queryNodes($index, $count, $point) YIELD node RETURN node.row AS row"
# the index is approximate, and filters are looked at here: so many more rows come than are wanted
_DEEPER, _MARGIN = 2, 200
_MOST = 10_000


class Neo4jVectors:
    """The vectors of one version."""

    def __init__(self, connection: BoltConnection, version: str, rows: VectorRows, few: int) -> None:
        self._connection = connection
        self._index = Names(version).vector_index
        self._rows = rows
        self._few = few
        self._exact = ExactVectors(rows)

    def search(self, query: NDArray[np.float32], *wanted: Wanted) -> tuple[Nearest, ...]:
        return tuple(self._nearest(query, one) for one in wanted)

    def close(self) -> None:
        """The connection is the engine's, for words as well."""

    def _nearest(self, query: NDArray[np.float32], wanted: Wanted) -> Nearest:
        allowed = wanted.allowed.count
        if allowed <= max(self._few, wanted.count):
            return nearest_among(self._rows, query, wanted)
        depth = _MARGIN + _DEEPER * wanted.count * len(self._rows) // allowed
        if depth > _MOST:
            return self._exact.search(query, wanted)[0]
        rows = self._ask(query, min(depth, len(self._rows)))
        rows = rows[wanted.allowed.mask[rows]]
        if len(rows) < wanted.count:
            return self._exact.search(query, wanted)[0]
        scores = self._rows.scores(rows, query)
        best = top_rows(scores, wanted.count)
        return Nearest(rows[best], scores[best])

    def _ask(self, query: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        point = query_point(query).tolist()
        answer = self._connection.read(
            _NEAREST,
            {"index": self._index, "count": count, "point": point},
            deadline=SECONDS,
            rows=count,
        )
        return np.array([row for (row,) in answer.rows], np.int64)

"""Milvus: vectors on another machine, or in a file beside (milvus-lite).

A version of the index is a collection of its own. What narrows a search goes along as numbers of values, and
what comes back is scored with the exact vectors of the version's own files.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from ontology.errors import EngineUnavailable, InvalidInput
from search.dense import top_rows
from search.vectors.base import Nearest
from search.vectors.exact import ExactVectors, nearest_among

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from search.filters import Column
    from search.vectors.base import Allowed, VectorRows, Wanted

__all__ = ["MilvusServer", "MilvusVectors"]

_PREFIX = "competency_"
_MOST_VALUES = 1024
_BATCH = 2000
_HNSW = {"M": 32, "efConstruction": 200}
# how many rows are looked at on the way, twice as many as are wanted at least
_LEAST_EF = 512
_SECONDS = 30.0
# the server does not give more hits than this
_MOST = 16_000


class MilvusServer:
    """What a descriptor without its ``milvus+`` names: ``http://host:19530`` or ``file:/path/name.db``.

    Raises ``InvalidInput`` where the extra is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            from pymilvus import MilvusClient
        except ImportError as error:
            raise InvalidInput(
                "Milvus needs packages that are not installed: pip install 'competency-graph[milvus]'"
            ) from error
        parts = urlsplit(address)
        self._name = parts.hostname or parts.path
        with self._answering():
            if parts.scheme == "file":
                self.client = MilvusClient(parts.path)
            else:
                place = f"{parts.scheme}://{parts.hostname}:{parts.port or 19530}"
                self.client = MilvusClient(
                    place, user=parts.username or "", password=parts.password or "", timeout=_SECONDS
                )

    def build(self, version: str, rows: VectorRows) -> None:
        """Fills the collection of a version, which takes the place of one that was not finished."""
        from pymilvus import DataType

        name = _PREFIX + version
        with self._answering():
            if self.client.has_collection(name):
                self.client.drop_collection(name)
            schema = self.client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("row", DataType.INT64, is_primary=True)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=rows.vectors.shape[1] + 1)
            schema.add_field("latest", DataType.BOOL)
            for column in rows.columns:
                schema.add_field(
                    column, DataType.ARRAY, element_type=DataType.INT64, max_capacity=_MOST_VALUES
                )
            parameters = self.client.prepare_index_params()
            parameters.add_index("vector", index_type="HNSW", metric_type="IP", params=_HNSW)
            self.client.create_collection(name, schema=schema, index_params=parameters)
            values = {column: _values_of_rows(one, len(rows)) for column, one in rows.columns.items()}
            for start in range(0, len(rows), _BATCH):
                block = range(start, min(start + _BATCH, len(rows)))
                vectors = np.c_[rows.vectors[block.start : block.stop], rows.biases[block.start : block.stop]]
                batch = [
                    {
                        "row": row,
                        "vector": vector,
                        "latest": bool(rows.latest[row]),
                        **{column: own[row] for column, own in values.items()},
                    }
                    for row, vector in zip(block, vectors.astype(np.float32), strict=True)
                ]
                self.client.insert(name, batch)
            self.client.flush(name)

    def open(self, version: str, rows: VectorRows, *, few: int) -> MilvusVectors:
        """Raises ``ValueError`` where the server does not have the version whole."""
        name = _PREFIX + version
        with self._answering():
            if not self.client.has_collection(name):
                raise ValueError(f"{self._name} has no collection {name}")
            held = int(self.client.get_collection_stats(name)["row_count"])
            self.client.load_collection(name)
        if held != len(rows):
            raise ValueError(f"the collection {name} of {self._name} has {held} rows, not {len(rows)}")
        return MilvusVectors(self, name, rows, few)

    def keep_only(self, versions: set[str]) -> None:
        """Drops the collections of other versions."""
        kept = {_PREFIX + version for version in versions}
        with self._answering():
            for name in self.client.list_collections():
                if name.startswith(_PREFIX) and name not in kept:
                    self.client.drop_collection(name)

    def nearest(
        self, name: str, point: NDArray[np.float32], count: int, allowed: Allowed
    ) -> NDArray[np.int64]:
        """The rows that the server finds nearest."""
        with self._answering():
            (found,) = self.client.search(
                name,
                data=[point],
                limit=count,
                filter=_expression(allowed),
                output_fields=["row"],
                search_params={"metric_type": "IP", "params": {"ef": max(_LEAST_EF, 2 * count)}},
            )
        return np.array([hit["row"] for hit in found], np.int64)

    def close(self) -> None:
        self.client.close()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except (MilvusException, OSError) as error:
            raise EngineUnavailable(f"Milvus at {self._name} does not answer: {error}") from error


class MilvusVectors:
    """One version on a server."""

    def __init__(self, server: MilvusServer, name: str, rows: VectorRows, few: int) -> None:
        self._server = server
        self._name = name
        self._rows = rows
        self._few = few
        self._exact = ExactVectors(rows)

    def search(self, query: NDArray[np.float32], *wanted: Wanted) -> tuple[Nearest, ...]:
        if any(one.count > _MOST for one in wanted):
            return self._exact.search(query, *wanted)
        return tuple(self._nearest(query, one) for one in wanted)

    def close(self) -> None:
        self._server.close()

    def _nearest(self, query: NDArray[np.float32], wanted: Wanted) -> Nearest:
        if wanted.allowed.count <= self._few:
            return nearest_among(self._rows, query, wanted)
        point = np.append(query, np.float32(1))
        rows = self._server.nearest(self._name, point, wanted.count, wanted.allowed)
        scores = self._rows.scores(rows, query)
        best = top_rows(scores, wanted.count)
        return Nearest(rows[best], scores[best])


def _expression(allowed: Allowed) -> str:
    """What is let through, in the server's language: names of columns and whole numbers, nothing typed."""
    clauses = [
        f"array_contains_any({column}, {[int(one) for one in numbers] or [-1]})"
        for column, numbers in allowed.numbers.items()
    ]
    return " and ".join([*clauses, *(["latest == true"] if allowed.latest else [])])


def _values_of_rows(column: Column, count: int) -> list[list[int]]:
    """The numbers of the values that each row has."""
    if column.owners is None or column.owner_of_row is None:
        return [[number] if number >= 0 else [] for number in column.members.tolist()]
    of_owner: dict[int, list[int]] = {}
    for owner, number in zip(column.owners.tolist(), column.members.tolist(), strict=True):
        of_owner.setdefault(owner, []).append(number)
    return [of_owner.get(owner, []) for owner in column.owner_of_row.tolist()[:count]]

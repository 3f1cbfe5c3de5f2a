"""What a Cypher query gives, as JSON can say it.

A node is ``{"iri", "labels", "properties"}``, a relationship ``{"type", "start", "end", "properties"}`` with
the IRIs of its ends, a path ``{"nodes", "relationships"}`` from its start to its end. Dates, times and
durations are ISO 8601 texts, a point is ``{"srid", "coordinates"}``, bytes are in Base64. Numbers stay what
they are, however large; what JSON has no number for is ``"NaN"``, ``"Infinity"`` or ``"-Infinity"``.
"""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING

from ontology.errors import QueryTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MOST_VALUES", "to_json_rows"]

MOST_VALUES = 2_000_000
"""Values in one answer, those inside lists, maps and nodes counted too."""


def to_json_rows(rows: Iterable[Iterable[object]]) -> list[list[object]]:
    """The rows as JSON values. Raises ``QueryTooLarge`` over ``MOST_VALUES``."""
    writer = _Writer()
    return [writer.list_of(row) for row in rows]


class _Writer:
    def __init__(self) -> None:
        self._count = 0

    def list_of(self, values: Iterable[object]) -> list[object]:
        return [self.value(one) for one in values]

    def map_of(self, values: Mapping[object, object]) -> dict[str, object]:
        return {str(key): self.value(one) for key, one in values.items()}

    def value(self, one: object) -> object:
        from neo4j.graph import Node, Path, Relationship
        from neo4j.spatial import Point

        self._count += 1
        if self._count > MOST_VALUES:
            raise QueryTooLarge(f"the answer has more than {MOST_VALUES:,} values; narrow it, or add a LIMIT")
        if one is None or isinstance(one, bool | int | str):
            return one
        if isinstance(one, float):
            return one if math.isfinite(one) else _NOT_FINITE.get(one, "NaN")
        if isinstance(one, Node):
            return {
                "iri": one.get("iri"),
                "labels": sorted(one.labels),
                "properties": self.map_of(dict(one.items())),
            }
        if isinstance(one, Relationship):
            return self._relationship(one)
        if isinstance(one, Path):
            return {"nodes": self.list_of(one.nodes), "relationships": self.list_of(one.relationships)}
        if isinstance(one, Point):
            return {"srid": one.srid, "coordinates": self.list_of(one)}
        if isinstance(one, dict):
            return self.map_of(one)
        if isinstance(one, list | tuple | set | frozenset) and not hasattr(one, "iso_format"):
            return self.list_of(one)
        return _text(one)

    def _relationship(self, one: object) -> dict[str, object]:
        from neo4j.graph import Relationship

        assert isinstance(one, Relationship)
        start, end = (None if node is None else node.get("iri") for node in one.nodes)
        return {"type": one.type, "start": start, "end": end, "properties": self.map_of(dict(one.items()))}


_NOT_FINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}


def _text(one: object) -> str:
    if isinstance(one, bytes | bytearray):
        return base64.b64encode(one).decode()
    iso_format = getattr(one, "iso_format", None) or getattr(one, "isoformat", None)
    return str(iso_format()) if iso_format is not None else str(one)

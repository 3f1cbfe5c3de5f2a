"""The property graph: what the RDF store says, as labelled nodes and relationships, for Cypher.

It is made from the store (``project``), never written by anybody else, and can be thrown away at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.property_graph.current import CurrentGraph
from graph.property_graph.interface import Answer, Census, ProjectionReport, ProjectionState, PropertyGraph
from graph.property_graph.schema import PropertyGraphSchema, property_graph_schema
from ontology.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Answer",
    "Census",
    "CurrentGraph",
    "ProjectionReport",
    "ProjectionState",
    "PropertyGraph",
    "PropertyGraphSchema",
    "open_property_graph",
    "property_graph_schema",
]

_BOLT = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def open_property_graph(
    descriptor: str,
    *,
    folder: Path,
    user: str = "",
    password: str = "",
    database: str | None = None,
    command_seconds: float = 30.0,
    memory_mb: int = 1024,
) -> PropertyGraph:
    """The property graph a descriptor names; nothing is started or connected before its first use.

    ``arcadedb:`` is a local server that is started then, with its files in ``folder``, Java's heap of
    ``memory_mb`` and ``command_seconds`` as the longest that anything may take in it.
    ``bolt://…`` and ``neo4j://…`` (also ``+s``, ``+ssc``) are servers that run already, such as Neo4j 5, with
    ``user``, ``password`` and ``database``. Raises ``InvalidInput`` for another descriptor.
    """
    from graph.property_graph.adapters import ArcadeGraph, BoltGraph
    from graph.property_graph.bolt import Credentials

    kind, separator, location = descriptor.partition(":")
    if separator and kind == "arcadedb" and not location:
        return ArcadeGraph(folder, command_seconds=command_seconds, memory_mb=memory_mb)
    if separator and kind in _BOLT and location.startswith("//") and location != "//":
        return BoltGraph(descriptor, who=Credentials(user, password), database=database)
    raise InvalidInput(
        f"no property graph is known under {descriptor!r}; a descriptor is arcadedb: or begins with one of "
        + ", ".join(f"{one}://" for one in _BOLT)
    )

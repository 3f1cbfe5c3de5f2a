"""The engine: what of a version is on the server, and the connection to it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from graph.property_graph.bolt import BoltConnection, Credentials
from ontology.errors import InvalidInput
from search.neo4j.frequencies import Frequencies
from search.neo4j.loading import load_version, remove_version
from search.neo4j.vectors import Neo4jVectors
from search.neo4j.words import Neo4jWords
from search.vectors.choice import FEW_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from search.passages import Passage
    from search.vectors import VectorRows

__all__ = ["Neo4jEngine", "open_neo4j_engine"]

_HELD = "MATCH (i:SearchIndex {version: $version}) RETURN i.passages AS passages"
_VERSIONS = "MATCH (i:SearchIndex) RETURN i.version AS version"
_PUT_IN_FORCE = "MATCH (i:SearchIndex) SET i.current = (i.version = $current)"


class Neo4jEngine:
    """A ``SearchEngine`` on a Neo4j 5.18 or newer. Nothing is connected before its first use.

    Where filters let at most ``few`` rows through, these are multiplied one by one here.
    """

    name = "neo4j"

    def __init__(
        self, uri: str, *, who: Credentials, database: str | None = None, few: int = FEW_ROWS
    ) -> None:
        self._uri = uri
        self._who = who
        self._database = database
        self._few = few

    @cached_property
    def _connection(self) -> BoltConnection:
        return BoltConnection(self._uri, writer=self._who, database=self._database)

    def build(
        self,
        folder: Path,
        version: str,
        passages: Sequence[Passage],
        rows: VectorRows,
        *,
        embedder: str,
    ) -> None:
        load_version(self._connection, folder, version, passages, rows, embedder)

    def holds(self, version: str) -> bool:
        return bool(self._connection.write(_HELD, version=version))

    def open_vectors(self, folder: Path, version: str, rows: VectorRows) -> Neo4jVectors:
        del folder
        found = self._connection.write(_HELD, version=version)
        if not found or found[0]["passages"] != len(rows):
            raise ValueError(f"{self._uri} does not have this version of it with {len(rows)} rows")
        return Neo4jVectors(self._connection, version, rows, self._few)

    def open_words(self, folder: Path, version: str) -> Neo4jWords:
        return Neo4jWords(self._connection, version, Frequencies.open(folder))

    def keep_only(self, versions: set[str], current: str) -> None:
        self._connection.write(_PUT_IN_FORCE, current=current)
        for found in self._connection.write(_VERSIONS):
            if found["version"] not in versions:
                remove_version(self._connection, found["version"])

    def close(self) -> None:
        """Ends the connection; the next use makes another."""
        if "_connection" in self.__dict__:
            self._connection.close()
            del self.__dict__["_connection"]


def open_neo4j_engine(
    property_graph: str, *, user: str, password: str, database: str | None = None
) -> Neo4jEngine:
    """The engine on the server that a descriptor of the property graph names. Raises ``InvalidInput`` where
    it names none."""
    if not property_graph.startswith(("bolt", "neo4j")) or "://" not in property_graph:
        raise InvalidInput(
            "the search engine neo4j needs a Neo4j server: set COMPETENCY_PROPERTY_GRAPH=bolt://host:7687 "
            f"(it is {property_graph!r})"
        )
    return Neo4jEngine(property_graph, who=Credentials(user, password), database=database)

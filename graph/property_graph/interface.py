"""What the rest of the program needs of a property graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from graph.store import RdfStore

    Progress = Callable[[str, int, int], None]

__all__ = ["Answer", "Census", "ProjectionReport", "ProjectionState", "PropertyGraph"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query. Values are as the driver gives them: numbers, texts, lists, maps, and
    ``neo4j.graph``'s ``Node``, ``Relationship`` and ``Path``, ``neo4j.time``'s and ``neo4j.spatial``'s types.

    ``complete`` is false where there were more rows than were asked for.
    """

    columns: tuple[str, ...]
    rows: list[list[object]]
    complete: bool


@dataclass(frozen=True, slots=True)
class ProjectionState:
    """What a property graph holds: ``revision`` of the store that it was made from (empty: nothing yet), the
    digests of the documents in it, and whether it is whole. One that is not is being made, or was left
    half made by a process that ended; it answers no query."""

    revision: str
    documents: Mapping[str, str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Census:
    """How many nodes have each label, and how many relationships are of each type. A node with several
    labels is counted under each, ``Resource`` counts all."""

    labels: Mapping[str, int]
    relationships: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ProjectionReport:
    """What ``project`` did. ``changed`` and ``removed`` count documents; ``neighbourhoods`` is how many nodes
    were compared with the store property by property."""

    revision: str
    changed: int
    removed: int
    rebuilt: bool
    census: Census
    neighbourhoods: int
    seconds: float


class PropertyGraph(Protocol):
    """A property graph that is made from an RDF store. Safe to use from several threads."""

    def run(
        self, query: str, parameters: Mapping[str, object] | None = None, *, deadline: float, rows: int
    ) -> Answer:
        """The answer of a reading query, at most ``rows`` rows of it, within ``deadline`` seconds.

        Nothing is checked here but what the server itself refuses: users' queries go through
        ``graph.cypher``. Raises ``QueryTimeout``, ``QuerySyntaxError``, ``QueryRefused`` for a write,
        ``QueryTooLarge``, ``InvalidInput`` for a query that fails for its own fault, ``Unavailable`` while
        the projection is not whole, and ``EngineUnavailable`` where the server does not answer.
        """

    def project(
        self, store: RdfStore, progress: Progress | None = None, *, rebuild: bool = False
    ) -> ProjectionReport:
        """Brings the graph up to date with the store and verifies it.

        Only documents whose digest changed are read again, unless ``rebuild``. Raises ``ProjectionWrong``
        where the result does not fit the store.
        """

    def state(self) -> ProjectionState:
        """What the graph holds."""

    def verify(self, store: RdfStore) -> Census:
        """Compares counts and a sample of neighbourhoods with the store. Raises ``ProjectionWrong``."""

    def close(self) -> None:
        """Ends connections, and the server where it is our own."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

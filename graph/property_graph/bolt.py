"""The official driver for Neo4j, over Bolt, to whatever server answers there.

Writing is for the loader; reading is bounded. A reading query has the deadline on the server, where that
heeds it, and on this side in any case: the caller goes on when it has passed, and the query's thread and
place are given back when the server has ended it.
"""

from __future__ import annotations

import logging
import queue
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.property_graph.interface import Answer
from ontology.errors import (
    CompetencyError,
    EngineUnavailable,
    InvalidInput,
    Overloaded,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from neo4j import Driver, Session

__all__ = ["BoltConnection", "Credentials"]

_LOG = logging.getLogger(__name__)
_AT_ONCE = 8
_FETCH = 1000
_PLACE = re.compile(r"line (?P<line>\d+)(?:, column |:)(?P<column>\d+)")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password; both empty where the server asks for none."""

    user: str
    password: str


class BoltConnection:
    """A database on a Bolt server; ``reader`` may be another user than ``writer``.

    ``make_empty`` removes everything, where the database is ours alone and that is quicker than node by node;
    ``overdue`` is called when the server has not ended a query ``grace`` seconds after its deadline.
    """

    def __init__(
        self,
        uri: str,
        *,
        writer: Credentials,
        reader: Credentials | None = None,
        database: str | None = None,
        make_empty: Callable[[], None] | None = None,
        overdue: Callable[[], None] | None = None,
        grace: float = 5.0,
    ) -> None:
        from neo4j import GraphDatabase
        from neo4j.exceptions import ConfigurationError

        self.uri = uri
        self._database = database
        self.make_empty = make_empty
        self._overdue = overdue
        self._grace = grace
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        # What was written is seen by what is read next, on whichever member of a cluster.
        self._bookmarks = GraphDatabase.bookmark_manager()
        try:
            self._writer = _driver(uri, writer)
            self._reader = self._writer if reader is None else _driver(uri, reader)
        except (ConfigurationError, ValueError) as error:
            raise InvalidInput(f"{uri} is no address of a Bolt server: {error}") from error

    def check(self) -> None:
        """Raises ``EngineUnavailable`` where the server does not answer, or not to this user."""
        self.write("RETURN 1")

    def write(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """Runs one of the project's own statements in a transaction of its own; not for users' queries."""
        from neo4j.exceptions import DriverError, Neo4jError

        try:
            with self._session(self._writer, writing=True) as session:
                # The text is a constant, or put together from names that went through the schema.
                result = session.run(query, parameters)
                return [record.data() for record in result]
        except (Neo4jError, DriverError) as error:
            raise self._translated(error, 0) from error

    def read(
        self, query: str, parameters: Mapping[str, object] | None = None, *, deadline: float, rows: int
    ) -> Answer:
        """At most ``rows`` rows within ``deadline`` seconds; errors as ``PropertyGraph.run`` has them."""
        if not self._places.acquire(timeout=deadline):
            raise Overloaded(
                "the property graph is busy with other queries; try again in a moment", retry_after=2
            )
        outcome: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()
        ended = threading.Event()

        def work() -> None:
            try:
                outcome.put(self._read(query, parameters or {}, deadline, rows))
            except BaseException as error:
                outcome.put(error)
            finally:
                ended.set()
                self._places.release()

        threading.Thread(target=work, name="cypher", daemon=True).start()
        try:
            found = outcome.get(timeout=deadline)
        except queue.Empty:
            threading.Thread(target=self._watch, args=(ended,), name="cypher-overdue", daemon=True).start()
            raise QueryTimeout(deadline) from None
        if isinstance(found, BaseException):
            raise self._translated(found, deadline) from found
        return found

    def bookmarks(self) -> frozenset[str]:
        """Of what was written; empty where the server gives none."""
        return frozenset(self._bookmarks.get_bookmarks())

    def close(self) -> None:
        self._reader.close()
        self._writer.close()

    def _read(self, query: str, parameters: Mapping[str, object], deadline: float, rows: int) -> Answer:
        from neo4j import Query

        with self._session(self._reader, writing=False) as session:
            result = session.run(Query(query, timeout=deadline), dict(parameters))
            found: list[list[object]] = []
            for record in result:
                if len(found) == rows:
                    result.consume()
                    return Answer(tuple(result.keys()), found, complete=False)
                found.append(list(record.values()))
            return Answer(tuple(result.keys()), found, complete=True)

    def _watch(self, ended: threading.Event) -> None:
        if not ended.wait(self._grace) and self._overdue is not None:
            _LOG.warning("a Cypher query went on %g s after its deadline; the server is stopped", self._grace)
            self._overdue()

    def _session(self, driver: Driver, *, writing: bool) -> Session:
        from neo4j import READ_ACCESS, WRITE_ACCESS

        access = WRITE_ACCESS if writing else READ_ACCESS
        return driver.session(
            database=self._database,
            default_access_mode=access,
            fetch_size=_FETCH,
            bookmark_manager=self._bookmarks,
        )

    def _translated(self, error: BaseException, deadline: float) -> BaseException:
        """An error of the driver or the server as one of ours; another error as it is."""
        from neo4j import exceptions as theirs

        if isinstance(error, theirs.Neo4jError):
            return _server_error(error, deadline)
        if isinstance(error, theirs.ResultError | theirs.SessionExpired | theirs.ServiceUnavailable):
            return EngineUnavailable(f"the property graph at {self.uri} does not answer: {error}")
        if isinstance(error, theirs.DriverError | OSError):
            return EngineUnavailable(f"the property graph at {self.uri} cannot be asked: {error}")
        if isinstance(error, TypeError | ValueError | OverflowError):
            return InvalidInput(f"a parameter of the query cannot be sent: {error}")
        return error


def _server_error(error: Any, deadline: float) -> CompetencyError:
    code = str(error.code or "")
    message = str(error.message or error)
    last = code.rpartition(".")[2]
    if last in ("AuthenticationRateLimit", "Unauthorized", "CredentialsExpired", "TokenExpired"):
        return EngineUnavailable(
            "the property graph does not know this user: set COMPETENCY_PROPERTY_GRAPH_USER and "
            f"COMPETENCY_PROPERTY_GRAPH_PASSWORD ({message})"
        )
    if last == "DatabaseNotFound":
        return EngineUnavailable(
            f"no such database there: set COMPETENCY_PROPERTY_GRAPH_DATABASE ({message})"
        )
    if last.startswith("TransactionTimedOut") or last == "Terminated":
        return QueryTimeout(deadline)
    if last == "SyntaxError":
        place = _PLACE.search(message)
        if place is None:
            return QuerySyntaxError(message)
        return QuerySyntaxError(message, line=int(place["line"]), column=int(place["column"]))
    if last in ("AccessMode", "Forbidden") or ".Security." in code:
        return QueryRefused(f"the query asks for what only a writer may: {message}")
    too_large = "arcadedb.queryMax" in message  # ArcadeDB names the limit that would have to be raised
    if too_large or "MemoryPool" in last or last in ("OutOfMemoryError", "TransactionOutOfMemoryError"):
        return QueryTooLarge(f"the query needed more memory than the property graph has: {message}")
    if code.startswith("Neo.ClientError"):
        return InvalidInput(f"the query failed: {message}")
    if code.startswith("Neo.TransientError"):
        return EngineUnavailable(f"the property graph cannot answer now: {message}")
    return CompetencyError(f"the query failed: {message}")


def _driver(uri: str, who: Credentials) -> Driver:
    from neo4j import GraphDatabase

    return GraphDatabase.driver(
        uri,
        auth=(who.user, who.password) if who.user else None,
        connection_timeout=5,
        connection_acquisition_timeout=10,
        max_transaction_retry_time=10,
        max_connection_pool_size=2 * _AT_ONCE,
        notifications_min_severity="OFF",
        user_agent="competency-graph",
    )

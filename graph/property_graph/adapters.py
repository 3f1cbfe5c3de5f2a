"""The property graphs there are: a Bolt server's, and one on an ArcadeDB server of our own."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING, Self

from graph.property_graph.arcade_server import ArcadeServer
from graph.property_graph.bolt import BoltConnection, Credentials
from graph.property_graph.loading import WHOLE, Loader
from graph.property_graph.making import bring_up_to_date
from graph.property_graph.schema import property_graph_schema
from graph.property_graph.verification import verify
from ontology.errors import EngineUnavailable, ProjectionPending

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from graph.property_graph.interface import (
        Answer,
        Census,
        Progress,
        ProjectionReport,
        ProjectionState,
    )
    from graph.store import RdfStore

__all__ = ["ArcadeGraph", "BoltGraph"]

# Seconds. Another process may project into the same server: a query can meet its work for so long at most.
_SEEN_WHOLE_LASTS = 1.0
# Seconds after its own time limit that ArcadeDB has to end a command before it is taken for lost.
_MARGIN = 5.0


class BoltGraph:
    """A ``PropertyGraph`` on a server that speaks Bolt, such as Neo4j 5."""

    def __init__(self, uri: str, *, who: Credentials, database: str | None = None) -> None:
        self._uri = uri
        self._who = who
        self._database = database
        self._opening = threading.Lock()
        self._projecting = threading.Lock()
        self._opened: BoltConnection | None = None
        self._seen_whole = -math.inf

    def run(
        self, query: str, parameters: Mapping[str, object] | None = None, *, deadline: float, rows: int
    ) -> Answer:
        end = time.monotonic() + deadline
        connection = self._connection()
        if time.monotonic() - self._seen_whole > _SEEN_WHOLE_LASTS:
            found = connection.read(WHOLE, deadline=_left(end), rows=2).rows
            if found != [[True]]:
                raise ProjectionPending
            self._seen_whole = time.monotonic()
        return connection.read(query, parameters, deadline=_left(end), rows=rows)

    def project(
        self, store: RdfStore, progress: Progress | None = None, *, rebuild: bool = False
    ) -> ProjectionReport:
        with self._projecting:
            connection = self._connection()
            self._seen_whole = -math.inf
            return bring_up_to_date(
                connection, store, property_graph_schema(), progress=progress, rebuild=rebuild
            )

    def state(self) -> ProjectionState:
        return Loader(self._connection()).state()

    def verify(self, store: RdfStore) -> Census:
        return verify(self._connection(), store, property_graph_schema())

    def close(self) -> None:
        with self._opening:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connection(self) -> BoltConnection:
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> BoltConnection:
        return BoltConnection(self._uri, writer=self._who, database=self._database)


class ArcadeGraph(BoltGraph):
    """A ``PropertyGraph`` on an ArcadeDB server that this process starts at first use, and ends."""

    def __init__(self, folder: Path, *, command_seconds: float, memory_mb: int) -> None:
        super().__init__("", who=Credentials("", ""))
        self._grace = command_seconds + _MARGIN
        self._server = ArcadeServer(folder, command_seconds=command_seconds, memory_mb=memory_mb)
        self._closed = False

    def run(
        self, query: str, parameters: Mapping[str, object] | None = None, *, deadline: float, rows: int
    ) -> Answer:
        end = time.monotonic() + deadline
        if not self._server.running():
            self._await_start(deadline)
        return super().run(query, parameters, deadline=_left(end), rows=rows)

    def process_id(self) -> int | None:
        """Of the child that keeps the server, where it runs."""
        return self._server.process_id() if self._server.running() else None

    def close(self) -> None:
        super().close()
        with self._opening:
            self._closed = True
            self._server.stop()

    def _await_start(self, seconds: float) -> None:
        """Starts the server in a thread that goes on when the time has passed."""
        failures: list[Exception] = []

        def start() -> None:
            try:
                self._connection()
            except Exception as error:
                failures.append(error)

        thread = threading.Thread(target=start, name="arcadedb-start", daemon=True)
        thread.start()
        thread.join(seconds)
        if failures:
            raise failures[0]
        if thread.is_alive():
            raise EngineUnavailable("the property graph's server is starting; try again in a moment")

    def _connection(self) -> BoltConnection:
        with self._opening:
            if self._opened is not None and not self._server.running():
                self._opened.close()
                self._opened = None
                self._server.kill()
                self._seen_whole = -math.inf
        return super()._connection()

    def _open(self) -> BoltConnection:
        if self._closed:
            raise EngineUnavailable("the service is stopping")
        endpoint = self._server.start()
        return BoltConnection(
            endpoint.uri,
            writer=Credentials(*endpoint.writer),
            reader=Credentials(*endpoint.reader),
            database=endpoint.database,
            make_empty=lambda: self._server.make_empty(endpoint),
            overdue=self._server.kill,
            grace=self._grace,
        )


def _left(end: float) -> float:
    """Seconds until a moment of the monotonic clock; a little where it has passed."""
    return max(end - time.monotonic(), 0.01)

"""The property graphs there are: a Bolt server's, and one on an ArcadeDB server of our own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from graph.property_graph.arcade_server import ArcadeServer
from graph.property_graph.bolt import BoltConnection, Credentials
from graph.property_graph.loading import Loader
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


class BoltGraph:
    """A ``PropertyGraph`` on a server that speaks Bolt, such as Neo4j 5."""

    def __init__(self, uri: str, *, who: Credentials, database: str | None = None) -> None:
        self._uri = uri
        self._who = who
        self._database = database
        self._opening = threading.Lock()
        self._projecting = threading.Lock()
        self._opened: BoltConnection | None = None
        self._whole = False

    def run(
        self, query: str, parameters: Mapping[str, object] | None = None, *, deadline: float, rows: int
    ) -> Answer:
        connection = self._connection()
        if not self._whole:
            self._whole = self._is_whole()
        if not self._whole:
            raise ProjectionPending
        return connection.read(query, parameters, deadline=deadline, rows=rows)

    def project(
        self, store: RdfStore, progress: Progress | None = None, *, rebuild: bool = False
    ) -> ProjectionReport:
        with self._projecting:
            connection = self._connection()
            self._whole = False
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

    def _is_whole(self) -> bool:
        state = self.state()
        return state.whole and bool(state.revision)

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
        self._server = ArcadeServer(folder, command_seconds=command_seconds, memory_mb=memory_mb)
        self._closed = False

    def process_id(self) -> int | None:
        """Of the child that keeps the server, where it runs."""
        return self._server.process_id() if self._server.running() else None

    def close(self) -> None:
        super().close()
        with self._opening:
            self._closed = True
            self._server.stop()

    def _connection(self) -> BoltConnection:
        with self._opening:
            if self._opened is not None and not self._server.running():
                self._opened.close()
                self._opened = None
                self._server.kill()
                self._whole = False
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
            overdue=self._server.kill,
        )

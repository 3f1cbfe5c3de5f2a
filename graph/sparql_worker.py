"""The program of one SPARQL worker: jobs come in over a socket, serialised answers go out in pieces.

    python -P graph/sparql_worker.py SOCKET MEMORY

``SOCKET`` is the descriptor of an inherited socket, ``MEMORY`` the bytes that a query may take. It is run by
its path and imports nothing of the project, so that a worker is ready soon after the last one was killed.

A job is one JSON object (the fields of ``graph.workers.Job`` and ``seconds``, the time it has). The answer is
a run of messages whose first byte tells what they are; see ``MESSAGES``.

Standard input is a lifeline that the parent holds open and never writes to: the kernel signals its end, which
ends the worker in the middle of a query too, where no Python code would run.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import resource
import select
import signal
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

    from typing_extensions import Buffer

MESSAGES = {
    b"r": "the job was received; what ends the worker from here on may be the query's doing",
    b"c": "a piece of the answer",
    b"e": "the end of the answer",
    b"s": "the query does not parse; the engine's message",
    b"l": "the answer has more rows or statements than are given",
    b"m": "the query needed more memory than is allowed",
    b"o": "the database cannot be opened; the reason",
    b"u": "the query asks for a function that the engine does not have; its message",
    b"f": "another failure; what it was",
}

_PIECE = 1 << 18
_ALARM_MARGIN = 2


class TooManyRows(Exception):
    """The answer goes over its limit."""


class RowCount:
    """Rows in serialised bindings, from pieces that may end anywhere.

    The serialiser takes the engine's solutions as they are and counts none, but each format has a mark that
    stands once a row and nowhere else. In JSON that is the quote of a row's first name behind ``,{``, which
    only the first row, counted ahead, does not have: within a text a quote has a backslash, and behind one
    that ends in ``,{`` there is no name. A row without any value has no mark in JSON. Graphs count 0: their
    statements are counted before.
    """

    def __init__(self, media_type: str) -> None:
        self._media_type = media_type
        self._quoted = False
        self._carried = b""
        heads = {"text/csv": -1, "text/tab-separated-values": -1, "application/sparql-results+json": 1}
        self._rows = heads.get(media_type, 0)

    def add(self, piece: bytes) -> int:
        """The rows so far."""
        if self._media_type == "text/tab-separated-values":
            self._rows += piece.count(b"\n")
        elif self._media_type == "text/csv":
            parts = piece.split(b'"')
            self._rows += sum(part.count(b"\n") for part in parts[self._quoted :: 2])
            self._quoted ^= len(parts) % 2 == 0
        elif self._media_type == "application/sparql-results+xml":
            self._rows += self._marks(piece, b"<result>")
        elif self._media_type == "application/sparql-results+json":
            self._rows += self._marks(piece, b',{"', but=(b',{",', b',{"}'))
        return self._rows

    def _marks(self, piece: bytes, mark: bytes, but: tuple[bytes, ...] = ()) -> int:
        """How often the mark comes to its end in this piece, less where it goes on as ``but``."""

        def ends(mark: bytes) -> int:
            return (self._carried[1 - len(mark) :] + piece).count(mark)

        found = ends(mark) - sum(map(ends, but))
        self._carried = (self._carried + piece)[-7:]
        return found


class _Outlet(io.RawIOBase):
    """A binary file, as serialisers want it, whose writes are pieces of the answer."""

    def __init__(self, pipe: Connection, media_type: str, limit: int) -> None:
        self._pipe = pipe
        self._rows = RowCount(media_type)
        self._limit = limit

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        piece = bytes(data)
        if self._rows.add(piece) > self._limit:
            raise TooManyRows
        self._pipe.send_bytes(b"c" + piece)
        return len(piece)


class _Worker:
    def __init__(self, pipe: Connection, memory: int) -> None:
        self._pipe = pipe
        self._memory = memory
        self._limited = False
        self._opened: tuple[str, ox.Store] | None = None

    def serve(self) -> None:
        """Answers jobs until the parent closes the socket."""
        while True:
            try:
                job = json.loads(self._pipe.recv_bytes())
                self._pipe.send_bytes(b"r")
            except (EOFError, OSError):
                return
            # The parent kills at the deadline; this is for the case that it cannot.
            signal.setitimer(signal.ITIMER_REAL, job["seconds"] + _ALARM_MARGIN)
            message = self._message(job)
            signal.setitimer(signal.ITIMER_REAL, 0)
            try:
                self._pipe.send_bytes(message)
            except OSError:
                return

    def _message(self, job: dict[str, Any]) -> bytes:
        try:
            store = self._store(job["database"])
        except OSError as error:
            return b"o" + str(error).encode()
        try:
            outlet = _Outlet(self._pipe, job["media_type"], job["rows"])
            with io.BufferedWriter(outlet, _PIECE) as output:
                _answer(store, job, output)
        except TooManyRows:
            return b"l"
        except SyntaxError as error:
            return b"s" + str(error).encode()
        except MemoryError:
            return b"m"
        except Exception as error:
            if "custom function" in str(error):
                return b"u" + str(error).encode()
            return b"f" + f"{type(error).__name__}: {error}".encode()
        return b"e"

    def _store(self, database: str) -> ox.Store:
        if self._opened is None or self._opened[0] != database:
            self._opened = (database, ox.Store.read_only(database))
        if not self._limited:
            # Private writable memory: the engine's mappings of its files and its reserved addresses, which
            # RLIMIT_AS would count, are not part of it.
            limit = self._memory + _private_memory()
            resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
            self._limited = True
        return self._opened[1]


def _answer(store: ox.Store, job: dict[str, Any], output: IO[bytes]) -> None:
    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [
        ox.NamedNode(iri) for iri in job["default_graphs"]
    ]
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in job["named_graphs"]]
    explicit = bool(default or named)
    results = store.query(
        job["query"],
        base_iri=job["base_iri"],
        default_graph=default if explicit else None,
        named_graphs=named if explicit else None,
    )
    if isinstance(results, ox.QueryTriples):
        rdf_format = ox.RdfFormat.from_media_type(job["media_type"])
        assert rdf_format is not None
        ox.serialize(_counted(results, job["rows"]), output, format=rdf_format, prefixes=job["prefixes"])
    else:
        results_format = ox.QueryResultsFormat.from_media_type(job["media_type"])
        assert results_format is not None
        results.serialize(output, format=results_format)


def _counted(triples: Iterable[ox.Triple], limit: int) -> Iterator[ox.Triple]:
    for number, triple in enumerate(triples):
        if number == limit:
            raise TooManyRows
        yield triple


def _private_memory() -> int:
    """Bytes of private memory before the first query (``VmData`` of Linux; a guess elsewhere)."""
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        for line in status:
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 1 << 28


def _end_with_parent() -> None:
    """Lets the kernel end this process when the other end of standard input is closed."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGIO, signal.SIGALRM})
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([0], [], [], 0)[0]:  # it was closed before the kernel was asked to tell
        sys.exit()


def main() -> None:
    """Serves until the parent has gone."""
    _end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl + C is for the parent, which then closes the socket
    os.nice(5)  # searches go on while queries burn processor time
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a query out of memory aborts; nobody wants its core
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123
        score.write("500")  # where the machine runs out of memory, a query goes before the service
    _Worker(Connection(int(sys.argv[1])), int(sys.argv[2])).serve()


if __name__ == "__main__":
    main()

"""Processes that answer SPARQL queries and are killed at the deadline.

The engine has no timeout and a thread cannot be stopped, so each query runs in a process of its own choosing
from a small pool. A worker opens the store's published version read-only, answers one query at a time over a
pipe, and is replaced when it was killed. It cannot outlive its parent for long: an idle worker ends when
its pipe closes, a busy one at an alarm that it set itself.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import queue
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import CompetencyError, Overloaded, QuerySyntaxError, QueryTimeout, QueryTooLarge

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from typing import IO

    import pyoxigraph as ox
    from typing_extensions import Buffer

__all__ = ["Job", "WorkerPool"]

_CHUNK = 1 << 18
_ALARM_MARGIN = 2
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """One query: its text, the database folder, the media type of the answer, and the data set.

    Empty ``default_graphs`` means the store's default graph, empty ``named_graphs`` all named graphs.
    """

    query: str
    database: str
    media_type: str
    base_iri: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection


class WorkerPool:
    """``size`` worker processes, started on first use.

    At most ``waiting`` queries wait for a free worker; the next one is told to come again.
    ``memory_mb`` bounds the memory that one worker's query takes, ``answer_mb`` the size of an answer.
    """

    def __init__(self, *, size: int, memory_mb: int, answer_mb: int, waiting: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._memory = memory_mb * _MIB
        self._answer = answer_mb * _MIB
        self._size = size
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)
        self._places = threading.BoundedSemaphore(size + waiting)
        self._closed = threading.Event()
        self._all: set[int] = set()

    def start(self) -> None:
        """Starts the workers ahead of the first query."""
        workers = [self._idle.get() for _ in range(self._size)]
        for worker in workers:
            self._idle.put(worker or self._spawn())

    def run(self, job: Job, deadline: float) -> bytes:
        """The serialised answer.

        Raises ``QueryTimeout`` when ``deadline`` seconds passed (waiting for a worker included),
        ``Overloaded`` when too many wait, ``QuerySyntaxError`` and ``QueryTooLarge``.
        """
        if self._closed.is_set():
            raise Overloaded("the service is stopping")
        if not self._places.acquire(blocking=False):
            raise Overloaded("too many queries are waiting; try again in a moment", retry_after=2)
        try:
            end = time.monotonic() + deadline
            try:
                worker = self._idle.get(timeout=deadline)
            except queue.Empty:
                raise Overloaded("all workers were busy until the deadline", retry_after=2) from None
            survives = False
            try:
                if worker is None or not worker.process.is_alive():
                    worker = self._spawn()
                answer = self._ask(worker, job, end, deadline)
            except QuerySyntaxError:
                survives = True
                raise
            else:
                survives = True
                return answer
            finally:
                if not survives and worker is not None:
                    self._kill(worker)
                self._idle.put(worker if survives else None)
        finally:
            self._places.release()

    def close(self) -> None:
        """Ends all workers; queries in flight fail."""
        self._closed.set()
        for _ in range(self._size):
            with contextlib.suppress(queue.Empty):
                worker = self._idle.get(timeout=0.1)
                if worker is not None:
                    self._kill(worker)

    def process_ids(self) -> tuple[int, ...]:
        """Of the workers that run now."""
        return tuple(sorted(self._all))

    def _ask(self, worker: _Worker, job: Job, end: float, deadline: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            worker.pipe.send((job, max(end - time.monotonic(), 0.0)))
            while True:
                if not worker.pipe.poll(max(end - time.monotonic(), 0.0)):
                    raise QueryTimeout(deadline)
                kind, value = worker.pipe.recv()
                if kind == "chunk":
                    parts.append(value)
                    size += len(value)
                    if size > self._answer:
                        limit = self._answer // _MIB
                        raise QueryTooLarge(
                            f"the answer is larger than {limit} MiB; add a LIMIT or ask for less"
                        )
                elif kind == "end":
                    return b"".join(parts)
                elif kind == "syntax":
                    raise QuerySyntaxError(value)
                elif kind == "memory":
                    raise QueryTooLarge(self._memory_message())
                else:
                    raise CompetencyError(f"the query failed: {value}")
        except (EOFError, OSError):
            worker.process.join(1)
            if worker.process.exitcode in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
                raise QueryTooLarge(self._memory_message()) from None
            if worker.process.exitcode == -signal.SIGALRM:
                raise QueryTimeout(deadline) from None
            raise CompetencyError(
                f"the query's worker process ended unexpectedly (exit code {worker.process.exitcode}); "
                "the query can be sent again"
            ) from None

    def _memory_message(self) -> str:
        return f"the query needed more than {self._memory // _MIB} MiB of memory; narrow it or add a LIMIT"

    def _spawn(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._memory), daemon=True, name="sparql"
        )
        process.start()
        theirs.close()
        if process.pid is not None:
            self._all.add(process.pid)
        return _Worker(process, ours)

    def _kill(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join(5)
        worker.pipe.close()
        if worker.process.pid is not None:
            self._all.discard(worker.process.pid)


class _Pipe(io.RawIOBase):
    """A binary file, as serialisers want it, whose writes go through the pipe."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        chunk = bytes(data)
        self._pipe.send(("chunk", chunk))
        return len(chunk)


def _serve(pipe: Connection, memory: int) -> None:
    """The life of a worker: jobs from the pipe until it closes."""
    import resource

    import pyoxigraph as ox

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl + C is for the parent, which then closes the pipe
    os.nice(5)  # searches go on while queries burn processor time
    opened: tuple[str, ox.Store] | None = None
    limited = False
    while True:
        try:
            job, seconds = pipe.recv()
        except (EOFError, OSError):
            return
        signal.setitimer(signal.ITIMER_REAL, seconds + _ALARM_MARGIN)
        try:
            if opened is None or opened[0] != job.database:
                opened = (job.database, ox.Store.read_only(job.database))
            if not limited:
                # Private writable memory; the engine's read-only mappings of its files do not count.
                resource.setrlimit(resource.RLIMIT_DATA, (memory + _data_size(), resource.RLIM_INFINITY))
                limited = True
            with io.BufferedWriter(_Pipe(pipe), _CHUNK) as output:
                _answer(opened[1], job, output)
            message: tuple[str, str] = ("end", "")
        except SyntaxError as error:
            message = ("syntax", str(error))
        except MemoryError:
            message = ("memory", "")
        except Exception as error:
            message = ("failure", f"{type(error).__name__}: {error}")
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            pipe.send(message)
        except OSError:
            return


def _answer(store: ox.Store, job: Job, output: IO[bytes]) -> None:
    import pyoxigraph as ox

    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [
        ox.NamedNode(iri) for iri in job.default_graphs
    ]
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in job.named_graphs]
    explicit = bool(default or named)
    results = store.query(
        job.query,
        base_iri=job.base_iri,
        default_graph=default if explicit else None,
        named_graphs=named if explicit else None,
    )
    if isinstance(results, ox.QueryTriples):
        rdf_format = ox.RdfFormat.from_media_type(job.media_type)
        assert rdf_format is not None
        ox.serialize(results, output, format=rdf_format, prefixes=_PREFIXES)
    else:
        results_format = ox.QueryResultsFormat.from_media_type(job.media_type)
        assert results_format is not None
        results.serialize(output, format=results_format)


_PREFIXES = {
    "cg": "https://w3id.org/competency-graph/ontology#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def _data_size() -> int:
    """Bytes of private memory that the worker has before its first query (``VmData`` of Linux)."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            for line in status:
                if line.startswith("VmData:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        return 256 * _MIB
    return 256 * _MIB

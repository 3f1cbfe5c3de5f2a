"""Processes that answer SPARQL queries and are killed at the deadline.

The engine has no timeout and a thread cannot be stopped, so each query runs in one of a few processes
(``graph.sparql_worker``). A worker opens the store's published version read-only, answers one query at a
time, and is replaced when it was killed. None outlives its parent: ``graph.sparql_worker`` has a lifeline.
"""

from __future__ import annotations

import contextlib
import json
import logging
import multiprocessing
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import (
    CompetencyError,
    InvalidInput,
    Overloaded,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection

__all__ = ["DatabaseGone", "Job", "Spool", "WorkerPool"]

_LOG = logging.getLogger(__name__)

_PROGRAM = Path(__file__).with_name("sparql_worker.py")
_ENGINE_ERROR = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<what>.*)", re.DOTALL)
_MIB = 1 << 20
_IN_MEMORY = 1 * _MIB
_PIECE = 1 << 18


class DatabaseGone(Unavailable):
    """The database folder of a job is not there (any more)."""


class _NotReceived(Unavailable):
    """The worker was gone before it had the job: it can be given to another one."""


@dataclass(frozen=True, slots=True)
class Job:
    """One query: its text, the database folder, the media type of the answer, and the data set.

    Empty ``default_graphs`` means the store's default graph, empty ``named_graphs`` all named graphs.
    ``prefixes`` are for answers that are graphs. An answer of more than ``rows`` rows, or
    statements, fails.
    """

    query: str
    database: str
    media_type: str
    base_iri: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    rows: int = 1_000_000


class Spool:
    """The bytes of an answer: in memory up to 1 MiB, beyond that in a temporary file without a name.

    The answer is complete when a caller gets it, so what went wrong is known before its first byte is sent
    on, and a slow reader holds no worker. For one reader at a time.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._close = weakref.finalize(self, self._file.close)
        self._size = 0

    def __len__(self) -> int:
        """Bytes."""
        return self._size

    def append(self, piece: bytes) -> None:
        """Adds to the end; for the maker of the answer."""
        self._file.write(piece)
        self._size += len(piece)

    def read(self) -> bytes:
        """All of it."""
        self._file.seek(0)
        return self._file.read()

    def chunks(self, size: int = _PIECE) -> Iterator[bytes]:
        """All of it in pieces of ``size`` bytes, the last one shorter."""
        self._file.seek(0)
        while piece := self._file.read(size):
            yield piece

    def close(self) -> None:
        """Gives the file back early; otherwise that happens when nobody holds the answer any more."""
        self._close()


@dataclass(frozen=True, slots=True)
class _Worker:
    process: subprocess.Popen[bytes]
    pipe: Connection


class WorkerPool:
    """``size`` worker processes, started on first use.

    At most ``waiting`` queries wait for a free worker; the next one is told to come again.
    ``memory_mb`` bounds the memory that one worker's query takes, ``answer_mb`` the size of an answer.
    """

    def __init__(self, *, size: int, memory_mb: int, answer_mb: int, waiting: int) -> None:
        self._memory = memory_mb * _MIB
        self._answer = answer_mb * _MIB
        self._size = size
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)
        self._places = threading.BoundedSemaphore(size + waiting)
        self._lock = threading.Lock()
        self._workers: dict[int, _Worker] = {}
        self._closed = False

    def start(self) -> None:
        """Starts the workers that are not running, ahead of the first query."""
        idle = list(self._take_idle())
        try:
            for position, worker in enumerate(idle):
                idle[position] = worker or self._spawn()
        finally:
            for worker in idle:
                self._idle.put(worker)

    def run(self, job: Job, deadline: float) -> Spool:
        """The serialised answer.

        Raises ``QueryTimeout`` when ``deadline`` seconds passed, ``Overloaded`` when too many wait or no
        worker was free until then, ``QuerySyntaxError``, ``QueryTooLarge``, ``DatabaseGone``, and
        ``Unavailable`` when the pool is closed or no process can be started.
        """
        if self._closed:
            raise Unavailable("the service is stopping")
        if not self._places.acquire(blocking=False):
            raise Overloaded("too many queries are waiting; try again in a moment", retry_after=2)
        try:
            end = time.monotonic() + deadline
            try:
                worker = self._idle.get(timeout=deadline)
            except queue.Empty:
                raise Overloaded("all workers were busy until the deadline", retry_after=2) from None
            try:
                worker = worker or self._spawn()
                try:
                    answer = self._ask(worker, job, end, deadline)
                except _NotReceived:
                    self._end(worker)
                    worker = None
                    worker = self._spawn()
                    answer = self._ask(worker, job, end, deadline)
            except (QuerySyntaxError, DatabaseGone):
                raise
            except BaseException:
                worker = self._replace(worker)
                raise
            finally:
                self._idle.put(worker)
        finally:
            self._places.release()
        return answer

    def close(self) -> None:
        """Ends all workers; queries in flight fail."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            workers = list(self._workers.values())
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            worker.process.wait()
        for _ in range(self._size):
            with contextlib.suppress(queue.Empty):
                if (idle := self._idle.get(timeout=1)) is not None:
                    self._end(idle)

    def _take_idle(self) -> Iterator[_Worker | None]:
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._idle.get_nowait()

    def process_ids(self) -> tuple[int, ...]:
        """Of the workers that run now."""
        with self._lock:
            return tuple(sorted(self._workers))

    def _ask(self, worker: _Worker, job: Job, end: float, deadline: float) -> Spool:
        spool = Spool()
        received = False
        try:
            worker.pipe.send_bytes(json.dumps({**asdict(job), "seconds": _left(end)}).encode())
            while True:
                if not worker.pipe.poll(_left(end)):
                    raise QueryTimeout(deadline)
                message = worker.pipe.recv_bytes()
                if message[:1] == b"c":
                    self._keep(spool, message[1:])
                elif message == b"r":
                    received = True
                else:
                    break
        except (EOFError, OSError):
            raise self._death(worker, deadline, received=received) from None
        if message == b"e":
            return spool
        if message == b"l":
            raise QueryTooLarge(
                f"the answer has more than {job.rows:,} rows or statements; add a LIMIT or ask for less"
            )
        raise self._failure(message[:1], message[1:].decode())

    def _keep(self, spool: Spool, piece: bytes) -> None:
        if len(spool) + len(piece) > self._answer:
            raise QueryTooLarge(
                f"the answer is larger than {self._answer // _MIB} MiB; add a LIMIT or ask for less"
            )
        try:
            spool.append(piece)
        except OSError as error:
            raise Unavailable(f"the answer cannot be kept in {tempfile.gettempdir()}: {error}") from error

    def _failure(self, kind: bytes, text: str) -> CompetencyError:
        if kind == b"s":
            return _syntax_error(text)
        if kind == b"m":
            return self._out_of_memory()
        if kind == b"o":
            return DatabaseGone(f"the store cannot be opened: {text}")
        if kind == b"u":
            return InvalidInput(f"the query cannot be answered: {text}")
        return CompetencyError(f"the query failed: {text}")

    def _death(self, worker: _Worker, deadline: float, *, received: bool) -> CompetencyError:
        """What the end of a worker in the middle of a query tells."""
        if self._closed:
            return Unavailable("the service is stopping")
        try:
            code = worker.process.wait(1)
        except subprocess.TimeoutExpired:
            return CompetencyError("the query's worker process closed its connection; send the query again")
        if not received:
            return _NotReceived(f"the worker process could not start (exit code {code})")
        if code == -signal.SIGABRT:  # how the engine ends when memory is refused to it
            return self._out_of_memory()
        if code in (-signal.SIGSEGV, -signal.SIGBUS):
            return QueryTooLarge("the query is nested too deeply, or has too many parts in a row")
        if code == -signal.SIGALRM:
            return QueryTimeout(deadline)
        _LOG.warning("a SPARQL worker ended unexpectedly (exit code %d); another takes its place", code)
        return CompetencyError(
            f"the query's worker process ended unexpectedly (exit code {code}); the query can be sent again"
        )

    def _out_of_memory(self) -> QueryTooLarge:
        limit = self._memory // _MIB
        return QueryTooLarge(f"the query needed more than {limit} MiB of memory; narrow it or add a LIMIT")

    def _replace(self, worker: _Worker | None) -> _Worker | None:
        """A worker that is starting, in place of one that is of no more use; ``None`` where none starts."""
        if worker is not None:
            self._end(worker)
        with contextlib.suppress(Unavailable):
            return self._spawn()
        return None

    def _spawn(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        arguments = [sys.executable, "-P", str(_PROGRAM), str(theirs.fileno()), str(self._memory)]
        with theirs, self._lock:
            if self._closed:
                ours.close()
                raise Unavailable("the service is stopping")
            try:
                process = subprocess.Popen(  # noqa: S603 - our own program, numbers for arguments
                    arguments,
                    env={**os.environ, "RUST_BACKTRACE": "0"},  # out of memory is no place for a backtrace
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                )
            except OSError as error:
                ours.close()
                raise Unavailable(f"no process can be started for the query: {error}") from error
            worker = _Worker(process, ours)
            self._workers[process.pid] = worker
            return worker

    def _end(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.wait()
        assert worker.process.stdin is not None
        worker.process.stdin.close()
        worker.pipe.close()
        with self._lock:
            self._workers.pop(worker.process.pid, None)


def _syntax_error(text: str) -> QuerySyntaxError:
    match = _ENGINE_ERROR.fullmatch(text)
    if match is None:
        return QuerySyntaxError(text)
    return QuerySyntaxError(match["what"], line=int(match["line"]), column=int(match["column"]))


def _left(end: float) -> float:
    return max(end - time.monotonic(), 0.0)

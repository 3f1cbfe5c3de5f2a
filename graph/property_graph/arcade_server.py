"""A local ArcadeDB server as a child process, from the jars and the Java that ``arcadedb-embedded`` brings.

It listens on free loopback ports, with passwords made for this start, and ends with this process, however
this process ends (``arcade_keeper``). Its folder holds nothing that cannot be made again from the store.

Queries run as a user who may only read: the server itself refuses what writes, whatever our guard let pass.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import logging
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ontology.errors import EngineUnavailable, StoreBusy

__all__ = ["ArcadeServer", "Endpoint"]

_LOG = logging.getLogger(__name__)
_KEEPER = Path(__file__).with_name("arcade_keeper.py")
_DATABASE = "graph"
_READER = "reader"
_ATTEMPTS = 3
_SECONDS_TO_START = 60
_SECONDS_TO_STOP = 15
_SECONDS_FOR_THE_LOCK = 15
_LOG_TAIL = 1500
_ADMIN_ACCESS = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
_GROUPS = {
    "admin": (["updateSecurity", "updateSchema", "updateDatabaseSettings"], _ADMIN_ACCESS),
    _READER: ([], ["readRecord"]),
    "*": ([], []),
}
_JAVA_OPTIONS = (
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dfile.encoding=UTF8",
    "-Djava.awt.headless=true",
    "-Dpolyglot.engine.WarnInterpreterOnly=false",
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a running server answers, and as whom it is written and read."""

    uri: str
    http: str
    database: str
    writer: tuple[str, str]
    reader: tuple[str, str]


class ArcadeServer:
    """The child process. ``command_seconds`` bounds every command, those of the loader too; ``memory_mb`` is
    Java's heap."""

    def __init__(self, folder: Path, *, command_seconds: float, memory_mb: int) -> None:
        self._folder = folder
        self._command_seconds = command_seconds
        self._memory = memory_mb
        self._keeper: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self) -> Endpoint:
        """Raises ``EngineUnavailable`` where it does not start, ``StoreBusy`` if another process has it."""
        if importlib.util.find_spec("arcadedb_embedded") is None:
            raise EngineUnavailable(
                "the property graph needs the package arcadedb-embedded, which has no wheel for every "
                "platform; install it, or name a Neo4j server: COMPETENCY_PROPERTY_GRAPH=bolt://…"
            )
        self._take_lock()
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def running(self) -> bool:
        return self._keeper is not None and self._keeper.poll() is None

    def process_id(self) -> int | None:
        """Of the keeper, which ends the server when it is ended."""
        return self._keeper.pid if self._keeper is not None else None

    def stop(self) -> None:
        """Asks the server to close its files and end; kills it where it does not."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            assert keeper.stdin is not None
            keeper.stdin.close()
            try:
                keeper.wait(_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                keeper.kill()
                keeper.wait()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def kill(self) -> None:
        """Ends the server at once, in the middle of whatever it does; the next start recovers its files."""
        if self._keeper is not None:
            self._keeper.kill()
        self.stop()

    def make_empty(self, endpoint: Endpoint) -> None:
        """A new database in place of the old one: deleting nodes is slow where many lead to the same one."""
        there = self._command(endpoint, "list databases")
        if f'"{endpoint.database}"' in there:
            self._command(endpoint, f"drop database {endpoint.database}")
        self._command(endpoint, f"create database {endpoint.database}")

    def _command(self, endpoint: Endpoint, command: str) -> str:
        import urllib3

        answer = None
        for attempt in range(_ATTEMPTS):
            try:
                answer = urllib3.request(
                    "POST",
                    f"{endpoint.http}/api/v1/server",
                    headers=urllib3.make_headers(basic_auth=":".join(endpoint.writer)),
                    json={"command": command},
                    timeout=_SECONDS_TO_START,
                    retries=False,
                )
            except urllib3.exceptions.HTTPError as error:
                if attempt + 1 == _ATTEMPTS:
                    raise EngineUnavailable(f"the local ArcadeDB server does not answer: {error}") from error
                time.sleep(0.5)
                continue
            # A second attempt can find that the first one was heard after all.
            if answer.status == 200 or attempt:
                return answer.data.decode(errors="replace")
            break
        told = answer.data.decode(errors="replace") if answer is not None else ""
        raise EngineUnavailable(f"the local ArcadeDB server refuses {command!r}: {told}")

    def remove_data(self) -> None:
        """Forgets everything; only while it does not run."""
        shutil.rmtree(self._folder / "databases", ignore_errors=True)

    def _start(self) -> Endpoint:
        for attempt in range(_ATTEMPTS):
            bolt, http = _free_ports(2)
            endpoint = Endpoint(
                f"bolt://127.0.0.1:{bolt}",
                f"http://127.0.0.1:{http}",
                _DATABASE,
                ("root", secrets.token_urlsafe(24)),
                (_READER, secrets.token_urlsafe(24)),
            )
            self._prepare(endpoint, bolt, http)
            self._spawn()
            if self._answers(bolt):
                (self._folder / "java.arguments").unlink()
                return endpoint
            _LOG.warning("ArcadeDB did not start (attempt %d): %s", attempt + 1, self._tail())
            self._end_attempt()
            if attempt:  # a port that was taken is over at the second try; files that cannot be read are not
                self.remove_data()
        raise EngineUnavailable(f"the local ArcadeDB server does not start: {self._tail()}")

    def _prepare(self, endpoint: Endpoint, bolt: int, http: int) -> None:
        for name in ("config", "databases", "log"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        # The users of the last start have passwords that nobody knows any more.
        (self._folder / "config" / "server-users.jsonl").unlink(missing_ok=True)
        groups = {
            name: {
                "resultSetLimit": -1,
                "readTimeout": -1,
                "access": access,
                "types": {"*": {"access": types}},
            }
            for name, (access, types) in _GROUPS.items()
        }
        (self._folder / "config" / "server-groups.json").write_text(
            json.dumps({"databases": {"*": {"groups": groups}}, "version": 2}), encoding="utf-8"
        )
        user, password = endpoint.reader
        settings = {
            "server.rootPath": str(self._folder.resolve()),
            "server.rootPassword": endpoint.writer[1],
            "server.defaultDatabases": f"{_DATABASE}[{user}:{password}:{_READER}]",
            "server.mode": "development",  # in production it does not say what is wrong with a query
            "server.httpIncomingHost": "127.0.0.1",
            "server.httpIncomingPort": str(http),
            "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt.host": "127.0.0.1",
            "bolt.port": str(bolt),
            "bolt.defaultDatabase": _DATABASE,
            "command.timeout": str(int(self._command_seconds * 1000)),
            "opencypher.loadCsv.allowFileUrls": "false",
            "txWalFlush": "1",
        }
        options = [
            f"-Xmx{self._memory}m",
            *_JAVA_OPTIONS,
            *(f"-Darcadedb.{name}={value}" for name, value in settings.items()),
        ]
        # A file that only this user can read: the passwords would be seen by all on the command line.
        arguments = self._folder / "java.arguments"
        arguments.unlink(missing_ok=True)
        descriptor = os.open(arguments, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - of a descriptor
            file.writelines(_quoted(option) + "\n" for option in options)

    def _spawn(self) -> None:
        assert self._lock is not None
        home = _wheel()
        command = [
            str(home / "jre" / "bin" / "java"),
            f"@{self._folder.resolve() / 'java.arguments'}",
            "-cp",
            str(home / "jars" / "*"),
            "com.arcadedb.server.ArcadeDBServer",
        ]
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("JAVA_", "JDK_"))
        }
        with (self._folder / "log" / "server.log").open("wb") as log:
            self._keeper = subprocess.Popen(  # noqa: S603 - our own program and the wheel's Java
                [sys.executable, "-P", str(_KEEPER), str(self._lock.fileno()), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=environment,
                pass_fds=(self._lock.fileno(),),
                start_new_session=True,  # Ctrl + C is for the parent, which then closes the lifeline
            )

    def _answers(self, port: int) -> bool:
        end = time.monotonic() + _SECONDS_TO_START
        while self.running() and time.monotonic() < end:
            # The databases are opened after the port, and this line comes when they are.
            if b"ArcadeDB Server started" in self._log():
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    return True
            time.sleep(0.05)
        return False

    def _end_attempt(self) -> None:
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper.wait()
            assert self._keeper.stdin is not None
            self._keeper.stdin.close()
            self._keeper = None

    def _take_lock(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = (self._folder / "lock").open("w")
        end = time.monotonic() + _SECONDS_FOR_THE_LOCK
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < end:
                    time.sleep(0.1)
                    continue
                lock.close()
                raise StoreBusy(
                    f"another process has the property graph in {self._folder}; a service that runs there "
                    "brings it up to date by itself"
                ) from None
            self._lock = lock
            return

    def _log(self) -> bytes:
        with contextlib.suppress(OSError):
            return (self._folder / "log" / "server.log").read_bytes()
        return b""

    def _tail(self) -> str:
        return self._log()[-_LOG_TAIL:].decode(errors="replace").strip()


def _wheel() -> Path:
    """Where ``arcadedb-embedded`` is, found without importing it, which would load its bridge to Java."""
    found = importlib.util.find_spec("arcadedb_embedded")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now; somebody may a moment later, so a start is tried again."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _quoted(option: str) -> str:
    """As Java's argument files have it: in quotes, with backslashes and quotes escaped."""
    escaped = option.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

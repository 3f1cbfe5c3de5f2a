"""A genuine Neo4j 5.26 for tests: the community server's jars from Maven Central, started on free ports.

Where ``NEO4J_TEST_URI`` is set (with ``NEO4J_TEST_USER`` and ``NEO4J_TEST_PASSWORD``), that server is used
instead. Tests change and remove what it holds.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import neo4j
from maven import fetch_jars, java
from neo4j.exceptions import AuthError, DriverError, Neo4jError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Neo4jServer", "running_neo4j"]

VERSION = "5.26.20"
_SECONDS_TO_START = 120
_OPENED = (
    "java.base/java.nio",
    "java.base/java.io",
    "java.base/sun.nio.ch",
    "java.base/java.util.concurrent",
)
_NEW_PASSWORD = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
_CONFIGURATION = """server.bolt.listen_address=127.0.0.1:{bolt}
server.bolt.advertised_address=127.0.0.1:{bolt}
server.http.listen_address=127.0.0.1:{http}
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.heap.initial_size=256m
server.memory.heap.max_size=768m
server.memory.pagecache.size=128m
"""


@dataclass(frozen=True, slots=True)
class Neo4jServer:
    """Where it answers, and to whom."""

    uri: str
    user: str
    password: str


@contextmanager
def running_neo4j(home: Path) -> Iterator[Neo4jServer]:
    """The server of ``NEO4J_TEST_URI``, or one of our own with its files in ``home`` until the end."""
    if uri := os.environ.get("NEO4J_TEST_URI"):
        yield Neo4jServer(
            uri,
            os.environ.get("NEO4J_TEST_USER", "neo4j"),
            os.environ.get("NEO4J_TEST_PASSWORD", ""),
        )
        return
    jars = fetch_jars("neo4j", f"org.neo4j:neo4j:{VERSION}", f"org.neo4j.app:neo4j-server:{VERSION}")
    bolt, http = _free_ports(2)
    (home / "conf").mkdir(parents=True)
    (home / "conf" / "neo4j.conf").write_text(_CONFIGURATION.format(bolt=bolt, http=http), encoding="utf-8")
    command = [
        java(),
        "-Xmx768m",
        "-XX:+UseSerialGC",
        *(f"--add-opens={one}=ALL-UNNAMED" for one in (*_OPENED, "java.base/java.lang")),
        "-cp",
        f"{jars}/*",
        "org.neo4j.server.CommunityEntryPoint",
        f"--home-dir={home}",
        f"--config-dir={home / 'conf'}",
    ]
    with (home / "console.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=home)
    try:
        server = Neo4jServer(f"bolt://127.0.0.1:{bolt}", "neo4j", secrets.token_urlsafe(16))
        _set_first_password(server, process, home)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _set_first_password(server: Neo4jServer, process: subprocess.Popen[bytes], home: Path) -> None:
    """Waits until the server answers, and changes the password that every new server has."""
    end = time.monotonic() + _SECONDS_TO_START
    with neo4j.GraphDatabase.driver(server.uri, auth=("neo4j", "neo4j"), connection_timeout=5) as driver:
        while True:
            try:
                with driver.session(database="system") as session:
                    session.run(_NEW_PASSWORD, password=server.password).consume()
            except (DriverError, Neo4jError) as error:
                refused = isinstance(error, AuthError)
                if refused or process.poll() is not None or time.monotonic() > end:
                    console = (home / "console.log").read_text(errors="replace")[-3000:]
                    raise AssertionError(f"Neo4j did not start: {error}\n{console}") from error
                time.sleep(0.3)
            else:
                return


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]

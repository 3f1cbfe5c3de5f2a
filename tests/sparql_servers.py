"""SPARQL servers for tests, each a process of its own on a free port of this machine.

Oxigraph's comes as a package; a genuine Apache Jena Fuseki is fetched with Maven.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import urllib3
from maven import fetch_jars, java

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["emptied", "running_fuseki", "running_oxigraph"]

FUSEKI = ("org.apache.jena:jena-fuseki-main:5.5.0", "org.apache.logging.log4j:log4j-slf4j2-impl:2.24.3")
_SECONDS_TO_START = 90


@contextmanager
def running_oxigraph() -> Iterator[str]:
    """The descriptor of a store behind Oxigraph's own server, with nothing in it."""
    port = _free_port()
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(command, f"http://127.0.0.1:{port}/query"):
        yield f"sparql+http://127.0.0.1:{port}/query"


@contextmanager
def running_fuseki() -> Iterator[str]:
    """The descriptor of a store behind a genuine Fuseki, with nothing in it. Skips without Java and Maven."""
    jars = fetch_jars("fuseki", *FUSEKI)
    port = _free_port()
    command = [java(), "-Xmx512m", "-XX:+UseSerialGC", "-cp", f"{jars}/*"]
    command += ["org.apache.jena.fuseki.main.cmds.FusekiMainCmd"]
    command += ["--mem", "--update", "--localhost", f"--port={port}", "/data"]
    with _running(command, f"http://127.0.0.1:{port}/data/query"):
        yield f"sparql+http://127.0.0.1:{port}/data/query"


def emptied(descriptor: str) -> str:
    """The same descriptor, after everything on that server was removed."""
    url = descriptor.removeprefix("sparql+").removesuffix("query") + "update"
    headers = {"Content-Type": "application/sparql-update"}
    answer = urllib3.request("POST", url, body=b"DROP ALL", headers=headers)
    assert answer.status in (200, 204), answer.data
    return descriptor


@contextmanager
def _running(command: list[str], url: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + _SECONDS_TO_START
        while not _answers(url):
            assert process.poll() is None, f"the server ended with {process.returncode}: {command}"
            assert time.monotonic() < end, f"the server does not answer: {command}"
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    with contextlib.suppress(urllib3.exceptions.HTTPError):
        answer = urllib3.request("GET", url, fields={"query": "ASK {}"}, timeout=5, retries=False)
        return answer.status == 200
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Processes that are killed at random moments: nothing published is lost or half there, none is left running,
and the next start is clean. A hundred kills: 62 in the plain suite, 38 more with the marker ``servers``."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph import OxigraphStore, SparqlService
from ontology.errors import CompetencyError, StoreMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
STANDARDS = ROOT / "data" / "standards"
FIRST = STANDARDS / "BGM1219-002v2.txt"
OTHERS = sorted(path for path in STANDARDS.glob("sample-*.txt"))
INDICATORS = (
    "PREFIX cg: <https://w3id.org/competency-graph/ontology#> "
    "SELECT (COUNT(?i) AS ?n) { ?i a cg:Indicator ; cg:ofStandard "
    "<https://w3id.org/competency-graph/id/icap/BGM1219-002v2> }"
)
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?c)) = STRLEN(STR(?f))) }"


def started(data_dir: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "COMPETENCY_EMBEDDER": "toy",
        "COMPETENCY_DATA_DIR": str(data_dir),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "api", *arguments],
        env=environment,
        cwd=data_dir,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def finished(data_dir: Path, *arguments: str) -> str:
    process = started(data_dir, *arguments)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 0, told.decode()
    return told.decode()


def indicators(data_dir: Path) -> int:
    with OxigraphStore(data_dir / "store") as store:
        (row,) = store.select(INDICATORS)
        return int(str(row["n"]))


def documents(data_dir: Path) -> dict[str, str]:
    with OxigraphStore(data_dir / "store") as store:
        return dict(store.graphs())


def descendants(of: int) -> dict[int, str]:
    """The processes below one, with when each was started, which tells it from another of its number."""
    parents, begun = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)], begun[int(folder.name)] = int(fields[1]), fields[19]
    found = {of}
    while True:
        more = {child for child, parent in parents.items() if parent in found} - found
        if not more:
            return {one: begun[one] for one in found - {of}}
        found |= more


def alive(processes: dict[int, str]) -> list[int]:
    left = []
    for one, begun in processes.items():
        with contextlib.suppress(OSError, IndexError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            if fields[19] == begun and fields[0] != "Z":
                left.append(one)
    return left


@pytest.mark.parametrize("kills", [54])
def test_workers_that_are_killed_cost_at_most_their_query(
    loaded_data: Path, kills: int, caplog: pytest.LogCaptureFixture
) -> None:
    chance = random.Random(1)
    outcomes: Counter[str] = Counter()
    with OxigraphStore(loaded_data / "store") as store, SparqlService(store, workers=2) as service:
        ended = threading.Event()

        def ask() -> None:
            while not ended.is_set():
                try:
                    answer = json.loads(service.query(chance.choice([INDICATORS, SLOW]), deadline=0.5).body)
                    outcomes["answered"] += 1
                    assert int(answer["results"]["bindings"][0]["n"]["value"]) >= 66
                except CompetencyError as error:
                    outcomes[type(error).__name__] += 1

        asking = [threading.Thread(target=ask) for _ in range(2)]
        for one in asking:
            one.start()
        killed = 0
        end = time.monotonic() + 120
        while (killed < kills or not outcomes["answered"]) and time.monotonic() < end:
            time.sleep(chance.uniform(0.0, 0.3))
            if workers := service.pool.process_ids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    killed += 1
        ended.set()
        for one in asking:
            one.join()
        assert outcomes["answered"] > 0
        assert killed >= kills
        assert set(outcomes) <= {"answered", "CompetencyError", "QueryTimeout", "_NotReceived"}, outcomes
        assert json.loads(service.query(INDICATORS).body)["results"]["bindings"][0]["n"]["value"] == "66"
        workers = service.pool.process_ids()
    assert not [one for one in workers if Path(f"/proc/{one}").exists()]
    if outcomes["CompetencyError"]:
        assert "a SPARQL worker ended unexpectedly (exit code -9)" in caplog.text


@pytest.mark.parametrize(
    "kills", [pytest.param(6, id="6"), pytest.param(22, id="22", marks=pytest.mark.servers)]
)
def test_an_ingest_that_is_killed_leaves_what_was_or_what_is_new(tmp_path: Path, kills: int) -> None:
    chance = random.Random(kills)
    finished(tmp_path, "ingest", str(FIRST))
    before = documents(tmp_path)
    begin = time.monotonic()
    finished(tmp_path, "ingest", *map(str, OTHERS[:1]))
    lasts = time.monotonic() - begin
    seen = {json.dumps(before), json.dumps(documents(tmp_path))}
    told = ""
    for number in range(kills):
        # what is left in place, and what comes in or goes out, differ from time to time
        process = started(tmp_path, "ingest", *map(str, chance.sample(OTHERS, 2)), str(FIRST))
        time.sleep(chance.uniform(0.3, 1.1) * lasts)
        kill(process)
        left = documents(tmp_path)
        assert before.items() <= left.items(), number  # nothing published is lost
        seen.add(json.dumps(left))
        assert indicators(tmp_path) == 66
    told = finished(tmp_path, "ingest", *map(str, OTHERS), str(FIRST))
    assert len(documents(tmp_path)) >= len(before) + len(OTHERS)
    building = list((tmp_path / "store" / "versions").glob("building"))
    assert not building
    again = finished(tmp_path, "ingest", *map(str, OTHERS), str(FIRST))
    assert "did not come to its end" not in again, told


@pytest.fixture
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def asked(port: int, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@contextlib.contextmanager
def serving(data_dir: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = started(data_dir, "serve", "--port", str(port))
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                if asked(port, "GET", "/health")[0] == 200:
                    break
            assert process.poll() is None, process.communicate()[1].decode()
            time.sleep(0.1)
        yield process
    finally:
        kill(process)


@pytest.mark.parametrize(
    "kills", [pytest.param(2, id="2"), pytest.param(16, id="16", marks=pytest.mark.servers)]
)
def test_a_service_that_is_killed_leaves_no_process_and_starts_again(
    tmp_path: Path, free_port: int, kills: int
) -> None:
    """In the middle of queries of both languages, and of the making of the property graph."""
    chance = random.Random(kills)
    finished(tmp_path, "ingest", str(FIRST), str(OTHERS[0]))
    cypher = json.dumps({"query": "MATCH (i:Indicator) RETURN count(i) AS n"})
    for number in range(kills):
        with serving(tmp_path, free_port) as process:

            def ask() -> None:
                with contextlib.suppress(OSError):
                    asked(free_port, "POST", "/api/v1/cypher", cypher)
                with contextlib.suppress(OSError):
                    asked(free_port, "GET", "/sparql?query=ASK%20%7B%7D")

            asking = threading.Thread(target=ask)
            asking.start()
            time.sleep(chance.uniform(0.2, 6.0))
            below = descendants(process.pid)
            process.kill()
            asking.join()
        end = time.monotonic() + 20
        while (left := alive(below)) and time.monotonic() < end:
            time.sleep(0.1)
        assert not left, (number, left)
        assert indicators(tmp_path) == 66
    with serving(tmp_path, free_port):
        for _ in range(120):
            status, body = asked(free_port, "POST", "/api/v1/cypher", cypher)
            if status == 200:
                break
            assert status == 503, body
            time.sleep(1)
        assert json.loads(body)["rows"][0][0] >= 66


def test_a_store_that_was_never_published_to_is_no_store(tmp_path: Path) -> None:
    """Killed before the first publication came to its end, it is as if it had never begun."""
    process = started(tmp_path, "ingest", str(FIRST))
    time.sleep(0.05)
    kill(process)
    with OxigraphStore(tmp_path / "store") as store, pytest.raises(StoreMissing):
        store.revision()
    finished(tmp_path, "ingest", str(FIRST))
    assert indicators(tmp_path) == 66

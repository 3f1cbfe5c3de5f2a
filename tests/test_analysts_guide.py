"""``docs/analysts.md``, line by line: every block is run against a service with the bundled standards."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from graph import questions
from graph.ingest import ingest
from graph.oxigraph import MemoryStore
from ontology.identifiers import Identifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neo4j_server import Neo4jServer

    from graph.property_graph import PropertyGraph


ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
HERE = "http://127.0.0.1:8000"
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", flags=re.DOTALL | re.MULTILINE)
BLOCKS = [(match[2], textwrap.dedent(match[3])) for match in BLOCK.finditer(GUIDE)]
PAIRS = [
    (language, text, answer) for (language, text), (_, answer) in zip(BLOCKS[::2], BLOCKS[1::2], strict=True)
]
BY_DRIVER = [one for one in PAIRS if "neo4j import" in one[1]]
BY_SERVICE = [one for one in PAIRS if one not in BY_DRIVER]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with what `make run` loads, on a free port."""
    folder = str(tmp_path_factory.mktemp("analysts"))
    environment = {
        **os.environ,
        "COMPETENCY_EMBEDDER": "toy",
        "COMPETENCY_PROPERTY_GRAPH_MEMORY_MB": "512",
        "PYTHONPATH": str(ROOT),
    }
    program = [sys.executable, "-m", "api"]
    subprocess.run(
        [*program, "ingest", "--bundled", "--data-dir", folder],
        env=environment,
        check=True,
        capture_output=True,
    )
    serve = [*program, "serve", "--port", "0", "--data-dir", folder]
    with subprocess.Popen(serve, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        found = None
        while found is None:
            line = process.stderr.readline()
            assert line, "the service ended"
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{found[0]}/static/mark.svg"):
                break
            time.sleep(0.1)
        yield found[0]
        process.terminate()
        process.wait(30)


def run(language: str, text: str) -> str:
    if language == "sh" and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    command = ["sh", "-c", text] if language == "sh" else [sys.executable, "-c", text]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False, encoding="utf-8"
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.replace("\r\n", "\n")


def test_the_guide_has_blocks_of_every_kind() -> None:
    assert {language for language, _, _ in PAIRS} == {"sh", "python"}
    assert len(BY_SERVICE) >= 12
    assert len(BY_DRIVER) == 1
    assert all(answer.strip() for _, _, answer in PAIRS)


def test_every_block_answers_what_the_guide_shows(address: str) -> None:
    for language, text, answer in BY_SERVICE:
        assert run(language, text.replace(HERE, address)) == answer, text


@pytest.mark.servers
def test_the_block_with_the_driver_answers_from_neo4j(
    neo4j_server: Neo4jServer, neo4j_graph: PropertyGraph, sample_path: Path
) -> None:
    store = MemoryStore()
    ingest([sample_path], store, Identifiers())
    neo4j_graph.project(store)
    [(language, text, answer)] = BY_DRIVER
    text = text.replace("bolt://127.0.0.1:7687", neo4j_server.uri)
    text = text.replace('("neo4j", "the password")', repr((neo4j_server.user, neo4j_server.password)))
    assert run(language, text) == answer


def test_the_guide_names_every_question_by_its_title() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| (.*?) ?\|$", GUIDE, flags=re.MULTILINE)
    names = {"": "", "esco": "ESCO", "onet": "O*NET", "icap": "catalogue of iCAP"}
    assert rows == [(one.name, one.titles["en"], names[one.needs]) for one in questions()]

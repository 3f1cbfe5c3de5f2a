"""Fixtures shared by all suites: the bundled document, and the data that may lie beside the project."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import address, browser, context, page, plain_page, width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neo4j_server import Neo4jServer

    from api.services import Services
    from graph.property_graph import PropertyGraph

__all__ = ["address", "browser", "context", "page", "plain_page", "width"]

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def sample_path() -> Path:
    """The bundled founding document, BGM1219-002v2, as extracted text."""
    return ROOT / "data" / "standards" / "BGM1219-002v2.txt"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real files beside the project; a test that needs them is skipped where they are absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data files are not beside the project (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def e5_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """multilingual-e5-small as a folder of sentence-transformers; beside it, ``checkpoint``, the same without
    ``modules.json``."""
    from e5_folder import write_checkpoint, write_model

    folder = tmp_path_factory.mktemp("models")
    write_checkpoint(folder / "checkpoint")
    write_model(folder / "checkpoint", folder / "multilingual-e5-small")
    return folder / "multilingual-e5-small"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fail-on-skip",
        action="store_true",
        help="fail if any test was skipped: what CI should have run, ran",
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--fail-on-skip") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows what tests counted and recorded under ``counted``: a name and its counts, added up."""
    found: dict[str, Counter[str]] = {}
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for report in reports:
        for key, value in getattr(report, "user_properties", ()):
            if key == "counted" and getattr(report, "when", "") == "call":
                name, counts = value
                found.setdefault(name, Counter()).update(counts)
    if found:
        terminalreporter.section("counted")
    for name, counter in found.items():
        terminalreporter.line(f"{name}: " + ", ".join(f"{count:,} {what}" for what, count in counter.items()))


@pytest.fixture(scope="session")
def loaded_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled standard, indexed with the toy model."""
    from api.services import ingest_and_index
    from api.settings import Settings

    folder = tmp_path_factory.mktemp("loaded")
    report = ingest_and_index(
        [ROOT / "data" / "standards" / "BGM1219-002v2.txt"], Settings(data_dir=folder, embedder="toy")
    )
    assert report.counts()["added"] == 1
    return folder


@pytest.fixture(scope="session")
def arcade_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PropertyGraph]:
    """A local property graph, empty at first, on the one server that all tests share; it starts when it is
    first used."""
    from graph.property_graph import open_property_graph

    folder = tmp_path_factory.mktemp("property-graph")
    with open_property_graph("arcadedb:", folder=folder, memory_mb=512) as graph:
        yield graph


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """A genuine Neo4j, on the one server that all tests share; for tests with the marker ``servers``."""
    from neo4j_server import running_neo4j

    with running_neo4j(tmp_path_factory.mktemp("neo4j")) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_graph(
    neo4j_server: Neo4jServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PropertyGraph]:
    """A property graph on that server, empty at first."""
    from graph.property_graph import open_property_graph

    with open_property_graph(
        neo4j_server.uri,
        folder=tmp_path_factory.mktemp("unused"),
        user=neo4j_server.user,
        password=neo4j_server.password,
    ) as graph:
        yield graph


@pytest.fixture(scope="session")
def oxigraph_server() -> Iterator[str]:
    """The store behind Oxigraph's own server. Each test empties it for itself."""
    from sparql_servers import running_oxigraph

    with running_oxigraph() as descriptor:
        yield descriptor


@pytest.fixture(scope="session")
def fuseki_server() -> Iterator[str]:
    """The store behind a genuine Fuseki. Each test empties it for itself."""
    from sparql_servers import running_fuseki

    with running_fuseki() as descriptor:
        yield descriptor


@pytest.fixture(scope="module")
def services(loaded_data: Path, arcade_graph: PropertyGraph) -> Iterator[Services]:
    """The services over the bundled standard, with the toy model and a short deadline."""
    from api.services import open_services
    from api.settings import Settings

    settings = Settings(data_dir=loaded_data, embedder="toy", sparql_deadline=2.0, cypher_deadline=2.0)
    with open_services(settings, property_graph=arcade_graph) as opened:
        yield opened


@pytest.fixture
def empty_services(tmp_path: Path) -> Iterator[Services]:
    """The services of a folder in which nothing was loaded."""
    from api.services import open_services
    from api.settings import Settings

    with open_services(Settings(data_dir=tmp_path / "empty", embedder="toy")) as opened:
        yield opened

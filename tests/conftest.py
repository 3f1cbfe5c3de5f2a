"""Fixtures shared by all suites: the bundled document, and the data that may lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fail-on-skip", action="store_true", help="fail if any test was skipped: what CI should have run, ran"
    )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--fail-on-skip") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

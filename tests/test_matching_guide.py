"""``docs/matching.md``, command by command, with what ``make run`` loads."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from running import running_service

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "matching.md").read_text(encoding="utf-8")
(JOB,) = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
LINES = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]
HERE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to work in, with the job description of the guide, and the bundled standards in ``var``."""
    made = tmp_path_factory.mktemp("guide")
    (made / "job.txt").write_text(JOB, encoding="utf-8")
    run(made, "competency ingest --bundled")
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with running_service(environment=environment(), folder=folder) as found:
        yield found


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMPETENCY_")}
    return {**kept, "COMPETENCY_EMBEDDER": "toy", "PYTHONPATH": str(ROOT)}


def run(folder: Path, line: str) -> str:
    line = re.sub(r"^competency ", f"{sys.executable} -m api ", line)
    done = subprocess.run(
        line, shell=True, cwd=folder, env=environment(), capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, (line, done.stderr)
    return done.stdout


@pytest.mark.parametrize("line", [one for one in LINES if one.startswith("competency")])
def test_each_command_of_the_guide_runs(folder: Path, line: str) -> None:
    for made in re.findall(r"report\.\w+", line):
        (folder / made).unlink(missing_ok=True)
    printed = run(folder, line)
    files = re.findall(r"report\.\w+", line)
    assert all((folder / made).stat().st_size for made in files)
    assert files or "title: 客服組長" in printed


@pytest.mark.parametrize("line", [one for one in LINES if one.startswith("curl")])
def test_each_request_of_the_guide_is_answered(folder: Path, address: str, line: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl is installed")
    printed = run(folder, line.replace("curl ", "curl -sf ").replace(HERE, address))
    assert "report.csv" in line or '"standards"' in printed


def test_nothing_of_the_guide_is_left_out() -> None:
    assert all(line.startswith(("competency match", "curl")) for line in LINES)
    assert len(LINES) >= 7

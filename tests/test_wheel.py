"""The wheel holds the packages and their data, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ontology", "graph", "search", "api", "data")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_wheel_holds_every_tracked_file_of_the_packages_and_nothing_else(wheel_names: set[str]) -> None:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "--", *PACKAGES],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    # how the front-end libraries are bundled is of no use where they are
    kept = [name for name in listed if not name.startswith("api/pages/vendor/")]
    assert wheel_names == {name for name in kept if (ROOT / name).is_file()}


def test_wheel_carries_the_data_that_the_service_starts_with(wheel_names: set[str]) -> None:
    assert {
        "data/standards/BGM1219-002v2.txt",
        "data/codes/occupation-mol-tw.csv",
        "data/codes/industry-dgbas-tw.csv",
        "ontology/schema/core.ttl",
        "ontology/schema/shapes.ttl",
        "ontology/schema/context.jsonld",
        "api/pages/static/base.css",
        "api/pages/messages/zh-Hant/frame.toml",
    } <= wheel_names

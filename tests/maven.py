"""Jars of servers that tests start, fetched with Maven into a folder that is kept between runs.

The folder is ``.maven/`` beside the project's files; deleting it only means that they are fetched again.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

__all__ = ["fetch_jars", "java"]

CACHE = Path(__file__).resolve().parent.parent / ".maven"
_SECONDS = 900
_PROJECT = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tests</groupId>
  <artifactId>{name}</artifactId>
  <version>1</version>
  <dependencies>
{dependencies}
  </dependencies>
</project>
"""
_DEPENDENCY = """    <dependency>
      <groupId>{0}</groupId>
      <artifactId>{1}</artifactId>
      <version>{2}</version>
    </dependency>"""


def java() -> str:
    """The Java on the path; a test that needs it is skipped where there is none."""
    found = shutil.which("java")
    if found is None:
        pytest.skip("needs Java on the path")
    return found


def fetch_jars(name: str, *coordinates: str) -> Path:
    """The folder with the jars of these artifacts (``group:artifact:version``) and all they need.

    They are fetched once for a name and set of coordinates. Skips where Maven is missing; a fetch that fails
    is an error, not a skip.
    """
    wanted = "\n".join(coordinates)
    folder = CACHE / name
    CACHE.mkdir(exist_ok=True)
    with FileLock(CACHE / f"{name}.lock"):
        done = folder / "coordinates"
        if done.is_file() and done.read_text(encoding="utf-8") == wanted:
            return folder / "lib"
        maven = shutil.which("mvn")
        if maven is None:
            pytest.skip("needs Maven (mvn) on the path")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        dependencies = "\n".join(_DEPENDENCY.format(*one.split(":")) for one in coordinates)
        project = folder / "pom.xml"
        project.write_text(_PROJECT.format(name=name, dependencies=dependencies), encoding="utf-8")
        ran = subprocess.run(
            [
                maven,
                "--batch-mode",
                "--quiet",
                "--file",
                str(project),
                "dependency:copy-dependencies",
                "-DincludeScope=runtime",
                f"-DoutputDirectory={folder / 'lib'}",
            ],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        assert ran.returncode == 0, (
            f"Maven could not fetch {wanted}:\n{ran.stdout[-3000:]}{ran.stderr[-3000:]}"
        )
        done.write_text(wanted, encoding="utf-8")
        return folder / "lib"

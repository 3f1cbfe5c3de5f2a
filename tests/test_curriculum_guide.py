"""``docs/curriculum.md``, line by line: its commands are run in one folder over the bundled standards."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "curriculum.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```\n\n```text\n(.*?)^```$", GUIDE, flags=re.DOTALL | re.MULTILINE)


def test_every_block_answers_what_the_guide_shows(tmp_path: Path) -> None:
    assert len(BLOCKS) == len(re.findall(r"^```sh$", GUIDE, flags=re.MULTILINE)) == 3
    environment = {
        **os.environ,
        "COMPETENCY_EMBEDDER": "toy",
        "COMPETENCY_DATA_DIR": str(tmp_path / "var"),
        "PYTHONPATH": str(ROOT),
    }
    command = f'competency() {{ "{sys.executable}" -m api "$@" 2>&1; }}\n'
    loaded = subprocess.run(
        [sys.executable, "-m", "api", "ingest", "--bundled"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert loaded.returncode == 0, loaded.stderr
    for text, answer in BLOCKS:
        done = subprocess.run(
            ["sh", "-c", command + text],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.stdout == answer, done.stderr

"""The tour in docs/tour.md: its pictures are there, are used, and can be taken anew."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "docs" / "tour.py"
PICTURES = ROOT / "docs" / "images" / "tour"


def shown() -> list[str]:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    return re.findall(r"!\[[^\]]+\]\(images/tour/([^)]+)\)", text)


def taken() -> list[str]:
    return [f"{scene.name}.png" for scene in runpy.run_path(str(SCRIPT))["SCENES"]]


def test_each_picture_of_the_tour_is_there_and_each_is_shown_once() -> None:
    assert sorted(shown()) == sorted(path.name for path in PICTURES.iterdir())


def test_the_script_takes_the_pictures_that_the_tour_shows() -> None:
    assert sorted(taken()) == sorted(shown())


def test_each_picture_has_words_for_those_who_cannot_see_it() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    assert text.count("](images/tour/") == len(shown())


@pytest.mark.browser
def test_the_tour_can_be_walked_to_its_end(tmp_path: Path) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium is installed (Debian: apt-get install chromium fonts-noto-cjk)")
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--into", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(taken())

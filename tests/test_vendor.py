"""Libraries that the project carries are those that their manifests name, with their licences."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "api" / "pages" / "static" / "vendor", ROOT / "tests" / "vendor")
ASKED = ROOT / "api" / "pages" / "vendor" / "package.json"


@pytest.mark.parametrize("folder", FOLDERS, ids=["pages", "tests"])
def test_each_bundle_is_the_one_of_the_manifest_with_its_licences(folder: Path) -> None:
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert entries
    for entry in entries:
        content = (folder / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]
        licences = (folder / entry["licences"]).read_text(encoding="utf-8")
        for library in entry["libraries"]:
            assert re.fullmatch(r"\d+\.\d+\.\d+", library["version"])
            assert f"{library['name']} {library['version']}: {library['licence']}" in licences
        assert "opyright" in licences
    named = {entry[key] for entry in entries for key in ("file", "licences")}
    assert {path.name for path in folder.iterdir()} == {*named, "manifest.json"}


def test_what_is_asked_for_is_what_is_there() -> None:
    asked = json.loads(ASKED.read_text(encoding="utf-8"))["dependencies"]
    there = {
        library["name"]: library["version"]
        for folder in FOLDERS
        for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for library in entry["libraries"]
    }
    assert asked.items() <= there.items()

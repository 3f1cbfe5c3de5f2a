"""The documentation is held to the program: every setting, command and route, and what the README shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from api.app import create_app
from api.cli import cli
from api.settings import Settings

if TYPE_CHECKING:
    from api.services import Services

ROOT = Path(__file__).resolve().parent.parent


def headings(name: str) -> set[str]:
    return set(re.findall(r"^## (.+)$", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.MULTILINE))


def test_every_setting_has_its_heading() -> None:
    assert headings("settings.md") == {f"COMPETENCY_{name.upper()}" for name in Settings.model_fields}


def test_every_command_has_its_heading() -> None:
    assert headings("commands.md") == {f"competency {name}" for name in cli.commands}


def test_every_route_has_its_heading(services: Services) -> None:
    paths = create_app(services).openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, operations in paths.items() for method in operations}
    assert headings("api.md") == routes | {"Linked data"}


def test_relative_links_of_the_documentation_lead_to_files() -> None:
    for document in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_readme_names_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"run", "test", "test-all"} <= named <= targets


def test_nothing_in_the_project_carries_a_path_of_the_machine_it_was_written_on() -> None:
    for folder in ("ontology", "graph", "search", "api", "docs", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".ttl", ".rq", ".html", ".toml"}:
                assert not re.search(r"/(work|root|home)/\w", path.read_text(encoding="utf-8")), path

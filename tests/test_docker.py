"""The container files: what they set is a setting of ours, what they copy is there, health is asked for."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from api.cli import cli
from api.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SETTINGS = {"COMPETENCY_" + name.upper() for name in Settings.model_fields}
REQUIRED = re.compile(r"\$\{[A-Z0-9_]+:\?[^}]+\}")


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.+)$", DOCKERFILE, flags=re.MULTILINE)


def environment() -> dict[str, str]:
    found: dict[str, str] = {}
    for service in COMPOSE["services"].values():
        found |= service["environment"]
    return found


def test_every_variable_is_a_setting_of_ours() -> None:
    ours = {name for name in environment() if name.startswith("COMPETENCY_")}
    assert len(ours) >= 4
    assert ours | set(re.findall(r"COMPETENCY_\w+", DOCKERFILE)) <= SETTINGS


def test_the_settings_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment().items():
        if name.startswith("COMPETENCY_"):
            monkeypatch.setenv(name, REQUIRED.sub("a password", value))
    settings = Settings()
    assert settings.property_graph == "bolt://neo4j:7687"
    assert settings.property_graph_password.get_secret_value() == "a password"


def test_passwords_come_from_the_environment_and_are_required() -> None:
    secret = {name: value for name, value in environment().items() if re.search(r"PASSWORD|AUTH|KEY", name)}
    assert set(secret) == {"COMPETENCY_PROPERTY_GRAPH_PASSWORD", "NEO4J_AUTH"}
    assert all(REQUIRED.search(value) for value in secret.values())


def test_data_is_in_named_volumes() -> None:
    used = [volume.partition(":") for one in COMPOSE["services"].values() for volume in one["volumes"]]
    assert {name for name, _, _ in used} == set(COMPOSE["volumes"])
    assert [folder for _, _, folder in used] == ["/data", "/data"]
    assert "COMPETENCY_DATA_DIR=/data" in DOCKERFILE


def test_neo4j_is_of_the_version_that_the_tests_run_and_the_service_waits_for_it() -> None:
    neo4j, ours = COMPOSE["services"]["neo4j"], COMPOSE["services"]["competency"]
    assert re.fullmatch(r"neo4j:5\.26[\w.-]*", neo4j["image"])
    assert ours["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert neo4j["healthcheck"]["test"]


def test_only_this_machine_reaches_the_service_and_nobody_the_database() -> None:
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["competency"]["ports"])
    assert "ports" not in COMPOSE["services"]["neo4j"]


def test_what_is_copied_exists_and_is_sent_to_the_builder() -> None:
    assert (ROOT / COMPOSE["services"]["competency"]["build"] / "Dockerfile").is_file()
    sent = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    sources = [name for one in instructions("COPY") for name in one.split()[:-1]]
    assert sorted(sources) == sorted(sent)
    for name in sources:
        assert (ROOT / name).exists(), name
        assert any(fnmatch.fnmatch(name, pattern) for pattern in sent)


def test_the_image_has_all_packages_and_the_python_that_we_ask_for() -> None:
    configuration = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    packages = re.search(r"^packages = (\[.+\])$", configuration, flags=re.MULTILINE)
    assert packages
    assert set(json.loads(packages[1])) <= {one.split()[0] for one in instructions("COPY")}
    lowest = re.search(r'requires-python = ">=3\.(\d+)"', configuration)
    (image,) = instructions("FROM")
    assert lowest
    assert image == f"python:3.{lowest[1]}-slim"


def test_the_service_is_not_run_by_root() -> None:
    (user,) = instructions("USER")
    assert f"useradd --create-home --uid 10001 {user}" in DOCKERFILE
    after = DOCKERFILE.partition("\nUSER ")[2]
    assert "\nRUN " not in after


def test_the_commands_that_are_run_exist() -> None:
    assert isinstance(cli, click.Group)
    (command,) = [json.loads(one) for one in re.findall(r"^CMD (.+)$", DOCKERFILE, flags=re.MULTILINE)]
    named = re.findall(r"competency (\w+)", command[-1])
    assert named == ["ingest", "serve"]
    assert set(named) <= set(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_asks_the_service(status: int, healthy: bool) -> None:  # noqa: FBT001
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    check = re.search(r"^HEALTHCHECK .*?CMD (\[.+\])$", DOCKERFILE, flags=re.MULTILINE)
    assert check
    command = [sys.executable, *json.loads(check[1])[1:]]
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        variables = {**os.environ, "COMPETENCY_PORT": str(server.server_port)}
        ended = subprocess.run(command, env=variables, capture_output=True, timeout=30, check=False)
        thread.join()
    assert asked == ["/health"]
    assert (ended.returncode == 0) is healthy

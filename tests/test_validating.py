"""Checking documents, on the command line and over HTTP: what is told, where it stands, and that nothing is
stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from small_documents import ROW, document, row
from starlette.testclient import TestClient
from test_cli import run

from api.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services

NO_INDICATOR = document(row(*ROW[:3], "", *ROW[4:]))


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    yield TestClient(create_app(services), raise_server_exceptions=False)
    services.sparql.close()


def test_the_command_tells_element_place_and_rule(tmp_path: Path, sample_path: Path) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_text(NO_INDICATOR)
    done = run("validate", str(broken), str(sample_path))
    assert done.returncode == 1
    line = NO_INDICATOR.splitlines().index(row(*ROW[:3], "", *ROW[4:])) + 1
    assert f"  violation  line {line}, T1.1: an activity needs at least one indicator" in done.stdout
    assert f"{broken}: refused, BGM1219-002v2 基層主管, 1 violation" in done.stdout
    assert f"{sample_path}: valid, BGM1219-002v2 基層主管" in done.stdout
    assert "  doubt      line 44, S16: S16 may be cut short" in done.stdout


def test_the_command_prints_json_and_tells_what_no_reader_knows(tmp_path: Path) -> None:
    prose = tmp_path / "prose.txt"
    prose.write_text("no standard at all")
    done = run("validate", "--json", str(prose))
    report = json.loads(done.stdout)
    assert (done.returncode, report["valid"]) == (1, False)
    [one] = report["documents"]
    assert (one["file"], one["valid"]) == (str(prose), False)
    assert "not a competency standard" in one["error"]["message"]


def test_an_upload_is_checked_and_not_stored(client: TestClient, sample_path: Path) -> None:
    before = client.get("/health").json()
    answer = client.post("/api/v1/validate?name=sample.txt", content=sample_path.read_bytes()).json()
    assert (answer["file"], answer["valid"]) == ("sample.txt", True)
    [one] = answer["documents"]
    assert (one["code"], one["findings"]) == ("BGM1219-002v2", [])
    places = {(doubt["kind"], doubt["where"]): doubt["line"] for doubt in one["doubts"]}
    assert places["unfinished-sentence", "S16"] == 44
    assert client.get("/health").json() == before


def test_a_form_with_a_file_is_an_upload_too(client: TestClient) -> None:
    answer = client.post("/api/v1/validate", files={"file": ("broken.txt", NO_INDICATOR.encode())}).json()
    assert (answer["file"], answer["valid"]) == ("broken.txt", False)
    [finding] = [one for one in answer["documents"][0]["findings"] if one["severity"] == "violation"]
    assert (finding["element"], finding["field"]) == ("T1.1", "hasIndicator")
    assert finding["line"] > 1
    assert "行為指標" in finding["message_zh"]


def test_a_form_without_a_file_says_so(client: TestClient) -> None:
    response = client.post("/api/v1/validate", data={"note": "x"}, files={"other": (None, "text")})
    assert (response.status_code, "no file" in response.json()["detail"]) == (400, True)


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 cut", b"PK\x03\x04cut", b"\xff\xfe\x00", b'{"code": 1}'])
def test_what_cannot_be_read_is_an_answer_that_says_why(client: TestClient, body: bytes) -> None:
    response = client.post("/api/v1/validate?name=upload", content=body)
    assert response.status_code == 200
    answer = response.json()
    assert not answer["valid"]
    assert answer["documents"][0]["error"]["message"].startswith("upload")


def test_an_upload_over_the_limit_is_refused(client: TestClient, services: Services) -> None:
    size = services.settings.max_upload_kb * 1024 + 1
    response = client.post("/api/v1/validate", content=b" " * size)
    assert (response.status_code, response.json()["status"]) == (413, 413)
    response = client.post("/api/v1/validate", content=b" " * (services.settings.max_body_kb * 1024 + 1))
    assert response.status_code == 200


def test_limits_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = tmp_path / "large.txt"
    large.write_text(document() + "\n" * 1_000_000)
    monkeypatch.setenv("COMPETENCY_DOCUMENT_MB", "1")
    done = run("validate", str(large))
    assert (done.returncode, "which is too large; expected at most 1000000 bytes" in done.stdout) == (1, True)
    monkeypatch.setenv("COMPETENCY_DOCUMENT_MB", "2")
    assert run("validate", str(large)).returncode == 0

"""What changed, as the command line, the API and the page tell it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from lxml import html
from small_documents import document, row
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import cli
from api.services import ingest_and_index, open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = document(
    row(
        "T1 提升團隊效能",
        "T1.1 設定團隊計畫",
        "O1.1.1 計畫書",
        "P1.1.1 建立團隊目標",
        "4",
        "K1 組織結構",
        "S1 溝通",
    )
)
NEW = (
    OLD.replace("BGM1219-002v2", "BGM1219-002v3")
    .replace("P1.1.1 建立團隊目標", "P1.1.1 建立並記錄團隊目標")
    .replace("S1 溝通", "S01 溝通")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two versions as files, and a data folder in which both are loaded."""
    folder = tmp_path_factory.mktemp("versions")
    (folder / "old.txt").write_text(OLD, encoding="utf-8")
    (folder / "new.txt").write_text(NEW, encoding="utf-8")
    report = ingest_and_index(
        [folder / "old.txt", folder / "new.txt"], Settings(data_dir=folder / "var", embedder="toy")
    )
    assert report.counts()["added"] == 2
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with open_services(Settings(data_dir=folder / "var", embedder="toy")) as services:
        yield TestClient(create_app(services))


def test_the_command_compares_two_documents_and_marks_the_words(folder: Path) -> None:
    done = CliRunner().invoke(cli, ["compare-versions", str(folder / "old.txt"), str(folder / "new.txt")])
    assert done.exit_code == 0, done.output
    assert "BGM1219-002v2 基層主管 → BGM1219-002v3 基層主管" in done.stdout
    assert "P1.1.1 (reworded) 建立{+並記錄+}團隊目標" in done.stdout
    assert "S1 → S01 (recoded) 溝通" in done.stdout


def test_the_command_takes_codes_of_loaded_standards_and_prints_all_as_json(folder: Path) -> None:
    arguments = ["compare-versions", "BGM1219-002v2", str(folder / "new.txt"), "--json"]
    done = CliRunner().invoke(cli, [*arguments, "--data-dir", str(folder / "var")])
    body = json.loads(done.stdout)
    assert (body["before"]["code"], body["after"]["code"], body["equal"]) == (
        "BGM1219-002v2",
        "BGM1219-002v3",
        False,
    )
    assert len(body["elements"]) == 6


def test_long_lists_are_cut_and_counted(sample_path: Path, folder: Path) -> None:
    done = CliRunner().invoke(
        cli, ["compare-versions", str(sample_path), str(folder / "new.txt"), "--limit", "3"]
    )
    assert "… and 63 more; --limit 0 shows all" in done.stdout
    whole = CliRunner().invoke(
        cli, ["compare-versions", str(sample_path), str(folder / "new.txt"), "--limit", "0"]
    )
    assert " more; " not in whole.stdout
    assert len(whole.stdout) > len(done.stdout)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("missing.txt", "no such file"),
        ("folder/BGM1219-002v2", "no such file"),
        (".", "no release that is known"),
        ("11-1011.00", "no standard is known"),
        ("https://example.org/none", "no standard is known"),
    ],
)
def test_what_cannot_be_compared_is_told(
    folder: Path, before: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    arguments = ["compare-versions", before, str(folder / "new.txt"), "--data-dir", str(folder / "var")]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 1
    assert told in str(done.exception)


def test_the_api_compares_with_the_version_before(client: TestClient) -> None:
    body = client.get("/api/v1/standards/BGM1219-002/changes").json()
    assert (body["before"]["version"], body["after"]["code"]) == ("V2", "BGM1219-002v3")
    changed = {one["after"]["code"]: one for one in body["elements"] if one["changes"]}
    assert {code: one["changes"] for code, one in changed.items()} == {
        "P1.1.1": ["reworded"],
        "S01": ["recoded"],
    }
    assert changed["P1.1.1"]["runs"][1] == {"kind": "added", "text": "並記錄"}
    assert client.get(
        changed["S01"]["before"]["iri"].replace("https://w3id.org/competency-graph", "")
    ).is_success
    indicators = next(one for one in body["summary"] if one["kind"] == "indicator")
    assert (indicators["before"], indicators["reworded"], indicators["unchanged"]) == (1, 1, 0)


def test_the_api_compares_with_any_version_and_with_itself(client: TestClient) -> None:
    address = "/api/v1/standards/BGM1219-002v2/changes"
    assert client.get(address, params={"since": "BGM1219-002v2"}).json()["equal"] is True
    assert client.get(address, params={"since": "BGM1219-002v3"}).json()["before"]["code"] == "BGM1219-002v3"
    missing = client.get(address)
    assert missing.status_code == 404
    assert "before it is loaded" in missing.json()["detail"]
    assert client.get(address, params={"since": "BGM1219-009"}).status_code == 404


@pytest.mark.parametrize(("language", "title"), [("zh-Hant", "版本差異"), ("en", "What changed")])
def test_the_page_marks_what_was_added_and_removed(client: TestClient, language: str, title: str) -> None:
    page = client.get(f"/standards/BGM1219-002v3/changes?hl={language}", headers={"accept": "text/html"})
    assert page.status_code == 200
    document = html.fromstring(page.text)
    assert title in document.findtext(".//title")
    assert [one.text for one in document.xpath("//section[@id='indicator']//ins")] == ["並記錄"]
    assert document.xpath("//section[@id='skill']//a/text()") == ["S1", "S01"]
    assert not document.xpath("//section[@id='task'] | //a[@href='#task']")
    data = document.xpath("//link[@rel='alternate'][@type='application/json']/@href")[0]
    assert client.get(data).json()["after"]["code"] == "BGM1219-002v3"
    for address in document.xpath("//main//a/@href"):
        assert address.startswith("#") or client.get(address).is_success, address


def test_the_page_of_equal_versions_says_so(client: TestClient) -> None:
    page = client.get("/standards/BGM1219-002v3/changes?since=BGM1219-002v3&hl=en")
    assert "Nothing changed between these two." in page.text


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_the_page_of_a_standard_leads_to_its_other_versions(client: TestClient, version: str) -> None:
    page = html.fromstring(
        client.get(f"/standards/BGM1219-002{version}", headers={"accept": "text/html"}).text
    )
    (address,) = page.xpath("//a[contains(@href, '/changes')]/@href")
    assert address == "/standards/BGM1219-002v3/changes?since=BGM1219-002v2"


def test_the_page_of_an_unknown_version_is_a_page_of_its_own(client: TestClient) -> None:
    page = client.get("/standards/BGM1219-002v2/changes", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "沒有載入「BGM1219-002v2」更早的版次" in page.text

"""Importing over HTTP: checked first, published when somebody says so, and never by halves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from importable import CODE, printed
from pydantic import SecretStr
from starlette.testclient import TestClient

from api.app import create_app
from api.services import open_services
from api.settings import Settings
from ontology.errors import ModelUnavailable
from search import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = {"Authorization": "Bearer opensesame"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", embedder="toy", api_key=SecretStr("opensesame"))


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(open_services(settings)), headers=KEY) as opened:
        yield opened


def sent(client: TestClient, **files: bytes) -> dict[str, Any]:
    """The import that these files make."""
    form = [("file", (name.replace("_", "."), data)) for name, data in files.items()]
    answer = client.post("/api/v1/imports", files=form)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def settled(client: TestClient, name: str) -> dict[str, Any]:
    """The import once it is no longer being published."""
    for _ in range(600):
        found: dict[str, Any] = client.get(f"/api/v1/imports/{name}").json()
        if found["state"] != "publishing":
            return found
        time.sleep(0.1)
    raise AssertionError("the import does not end")


def codes(client: TestClient) -> list[str]:
    answer = client.get("/api/v1/standards")
    return [one["code"] for one in answer.json()["standards"]] if answer.status_code == 200 else []


def test_what_is_sent_is_checked_and_not_stored(client: TestClient) -> None:
    found = sent(client, good_pdf=printed(), bad_pdf=printed(broken=True), torn_pdf=b"%PDF-1.7 torn")
    assert found["state"] == "checked"
    good, bad, torn = found["files"]
    assert [one["right"] for one in (good, bad, torn)] == [True, False, False]
    assert (good["documents"][0]["code"], good["documents"][0]["status"]) == (CODE, "added")
    (violation,) = [one for one in bad["documents"][0]["findings"] if one["severity"] == "violation"]
    assert (violation["element"], violation["page"]) == ("T1.1", 1)
    assert torn["documents"][0]["error"].startswith("torn.pdf: ")
    assert "/" not in torn["documents"][0]["error"].partition(":")[0]
    assert codes(client) == []


def test_the_right_files_are_published_and_searched_at_once(client: TestClient) -> None:
    found = sent(client, good_pdf=printed(), bad_pdf=printed(broken=True))
    begun = client.post(f"/api/v1/imports/{found['id']}/publish")
    assert begun.status_code == 202
    done = settled(client, found["id"])
    assert (done["state"], done["stored"], done["error"]) == ("published", True, "")
    assert [one["documents"][0]["status"] for one in done["files"]] == ["added", "refused"]
    assert codes(client) == [CODE]
    hits = client.get("/api/v1/search", params={"q": "客訴"}).json()["hits"]
    assert {one["standard"] for one in hits} == {CODE}
    again = sent(client, good_pdf=printed())
    assert again["files"][0]["documents"][0]["status"] == "unchanged"


def test_a_failure_of_the_model_leaves_the_search_as_it_was(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> SearchIndex:
        raise ModelUnavailable("toy", "it is gone")

    found = sent(client, good_pdf=printed())
    monkeypatch.setattr(SearchIndex, "build", fails)
    client.post(f"/api/v1/imports/{found['id']}/publish")
    failed = settled(client, found["id"])
    assert (failed["state"], failed["stored"]) == ("failed", True)
    assert failed["error"] == "the embedding model toy is not available: it is gone"
    monkeypatch.undo()
    # the same import can be tried again, and then all is well
    client.post(f"/api/v1/imports/{found['id']}/publish")
    assert settled(client, found["id"])["state"] == "published"
    assert client.get("/api/v1/search", params={"q": "客訴"}).json()["hits"]


def test_nothing_is_taken_without_the_key(client: TestClient, settings: Settings) -> None:
    form = {"file": ("a.pdf", printed())}
    wrong = {"Authorization": "Bearer wrong"}
    assert client.post("/api/v1/imports", files=form, headers=wrong).status_code == 401
    found = sent(client, a_pdf=printed())
    path = f"/api/v1/imports/{found['id']}"
    assert client.get(path, headers=wrong).status_code == 401
    assert client.post(f"{path}/publish", headers=wrong).status_code == 401
    assert client.delete(path, headers=wrong).status_code == 401
    closed = settings.model_copy(update={"api_key": None, "data_dir": settings.data_dir / "other"})
    with TestClient(create_app(open_services(closed))) as without:
        assert without.post("/api/v1/imports", files=form).status_code == 403
        assert "takes no documents" in without.get("/import?hl=en", headers={"Accept": "text/html"}).text


def test_an_import_that_is_dropped_or_has_nothing_right_is_not_published(client: TestClient) -> None:
    bad = sent(client, bad_pdf=printed(broken=True))
    answer = client.post(f"/api/v1/imports/{bad['id']}/publish")
    assert answer.status_code == 400
    assert "none of the chosen files" in answer.json()["detail"]
    good = sent(client, good_pdf=printed())
    assert client.post(f"/api/v1/imports/{good['id']}/publish", json={"files": [4]}).status_code == 400
    assert client.delete(f"/api/v1/imports/{good['id']}").json() == {"dropped": good["id"]}
    assert client.get(f"/api/v1/imports/{good['id']}").status_code == 404
    assert codes(client) == []


def test_what_waits_is_bounded_and_so_is_what_comes_at_once(client: TestClient) -> None:
    first = sent(client, a_txt=b"nothing")
    for _ in range(20):
        last = sent(client, a_txt=b"nothing")
    assert client.get(f"/api/v1/imports/{first['id']}").status_code == 404
    assert client.get(f"/api/v1/imports/{last['id']}").status_code == 200
    many = [("file", (f"{number}.txt", b"x")) for number in range(51)]
    assert client.post("/api/v1/imports", files=many).status_code == 400
    assert client.post("/api/v1/imports", data={"other": "x"}).status_code in (400, 422)


def test_names_of_files_cannot_lead_elsewhere(client: TestClient) -> None:
    form = [("file", ("../../../etc/passwd", b"x")), ("file", ("..", b"x")), ("file", ("a\\b\\c.pdf", b"x"))]
    answer = client.post("/api/v1/imports", files=form)
    assert [one["name"] for one in answer.json()["files"]] == ["passwd", "document", "c.pdf"]


def test_the_page_refuses_a_wrong_key_in_the_language_of_the_reader(client: TestClient) -> None:
    headers = {"Accept": "text/html"}
    answer = client.post(
        "/import?hl=zh-Hant", files={"file": ("a.pdf", printed())}, data={"key": "x"}, headers=headers
    )
    assert answer.status_code == 401
    assert "金鑰不正確" in answer.text
    answer = client.post(
        "/import?hl=zh-Hant",
        files={"file": ("a.pdf", printed(broken=True))},
        data={"key": "opensesame"},
        headers=headers,
    )
    assert answer.status_code == 200
    assert "1 項不合規則" in answer.text
    assert "opensesame" not in answer.text + str(answer.url)

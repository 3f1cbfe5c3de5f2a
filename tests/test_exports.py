"""Exports over HTTP: every format as a file with its name, its type and its report of losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.exporting import export_standards
from ontology.errors import ExportTooLarge
from ontology.writers import WRITERS, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services

CODE = "BGM1219-002v2"


@pytest.fixture(scope="module")
def client(services: Services) -> Iterator[TestClient]:
    yield TestClient(create_app(services), raise_server_exceptions=False)
    services.sparql.close()


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_each_format_is_a_file_with_its_losses_beside_it(
    client: TestClient, services: Services, writer: Writer
) -> None:
    answer = client.get("/api/v1/export", params={"standard": CODE, "format": writer.name})
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == writer.media_type.split(";")[0]
    assert answer.headers["content-disposition"] == f'attachment; filename="{CODE}{writer.suffix}"'
    assert answer.content == b"".join(export_standards(services, [CODE], writer.name).chunks)
    link = answer.headers["link"]
    assert 'rel="describedby"' in link
    report = client.get(link[1 : link.index(">")]).json()
    _, standard = services.standard(CODE)
    assert report["format"] == writer.name
    assert [(one["field"], one["count"]) for one in report["losses"]] == [
        (one.field, one.count) for one in writer.losses([standard])
    ]


def test_all_standards_are_taken_where_none_is_named(client: TestClient, services: Services) -> None:
    answer = client.get("/api/v1/export", params={"format": "json"})
    loaded = {one.code for one in services.standards()}
    written = answer.json() if len(loaded) > 1 else [answer.json()]
    assert {one["code"] for one in written} == loaded
    twice = client.get("/api/v1/export", params={"format": "json", "standard": [CODE, "BGM1219-002"]})
    assert twice.json()["code"] == CODE
    none = client.get("/api/v1/export", params={"format": "json", "framework": "onet"})
    assert (none.json(), "onet-standards.json" in none.headers["content-disposition"]) == ([], True)


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"format": "json", "standard": "XYZ0000-001"}, 404),
        ({"format": "pdf"}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_exported_is_a_problem(
    client: TestClient, parameters: dict[str, str], status: int
) -> None:
    for path in ("/api/v1/export", "/api/v1/export/losses"):
        answer = client.get(path, params=parameters)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_more_than_one_file_takes_is_refused(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    many = services.standards() * 300
    monkeypatch.setattr(type(services), "standards", lambda _: many)
    monkeypatch.setattr("api.exporting.select_standards", lambda *_: many)
    with pytest.raises(ExportTooLarge, match="which takes 200; name fewer"):
        export_standards(services, [], "xlsx")


def test_the_page_of_a_standard_links_to_every_format(client: TestClient) -> None:
    for language, excel in (("en", "Excel workbook"), ("zh-Hant", "Excel 活頁簿")):
        page = client.get(f"/id/icap/{CODE}", params={"hl": language}, headers={"accept": "text/html"}).text
        for writer in WRITERS:
            assert f"&amp;format={writer.name}" in page
        assert excel in page

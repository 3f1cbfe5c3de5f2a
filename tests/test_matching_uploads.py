"""Job descriptions as documents: a form with a file, or the document as the body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from office_forms import to_docx, to_html, to_odt
from starlette.testclient import TestClient
from test_plain_text import drawn, picture

from api.app import create_app
from api.services import open_services
from api.settings import Settings
from ontology.readers.grid import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ontology.readers.grid import Block

ROUTE = "/api/v1/match"
LINES = ["團隊組長", "工作內容", "帶領團隊並追蹤進度", "處理團隊衝突", "擬定營運計畫"]
BLOCKS: list[Block] = [
    Paragraph(line, depth=number > 1, bulleted=number > 1) for number, line in enumerate(LINES)
]
PAGE = [(60.0, 760.0 - 18 * number, line) for number, line in enumerate(LINES)]
DOCUMENTS = {
    "job.txt": ("text/plain", "\r\n".join(LINES).encode()),
    "job.html": ("text/html", to_html(BLOCKS)),
    "job.docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        to_docx(BLOCKS),
    ),
    "job.odt": ("application/vnd.oasis.opendocument.text", to_odt(BLOCKS)),
    "job.pdf": ("application/pdf", drawn(PAGE)),
}


@pytest.fixture(scope="module")
def client(loaded_data: Path) -> Iterator[TestClient]:
    with open_services(Settings(data_dir=loaded_data, embedder="toy", max_upload_kb=2_000)) as services:
        yield TestClient(create_app(services), raise_server_exceptions=False)


def told(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    return body


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_form_with_a_file_is_read(client: TestClient, name: str) -> None:
    media_type, data = DOCUMENTS[name]
    response = client.post(
        ROUTE,
        files={"file": (name, data, media_type)},
        data={"limit": "1", "frameworks": ["icap"], "threshold": "0.3", "occupations": ""},
    )
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["file"] == name
    for one in answer["segments"]:
        assert answer["text"][one["start"] : one["end"]] == one["text"]
    read = [one["text"] for one in answer["segments"]]
    assert [line for line in LINES if line in read] == LINES
    evidenced = {read[one["segment"]] for one in answer["standards"][0]["evidence"]}
    assert "處理團隊衝突" in evidenced


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_as_the_body_is_read_with_options_in_the_address(client: TestClient, name: str) -> None:
    media_type, data = DOCUMENTS[name]
    response = client.post(
        f"{ROUTE}?name={name}&standards=BGM1219-002&threshold=0.3",
        content=data,
        headers={"Content-Type": media_type},
    )
    answer = response.json()
    assert (answer["file"], answer["standards"][0]["code"]) == (name, "BGM1219-002v2")
    assert "處理團隊衝突" in answer["text"]


def test_all_formats_of_one_text_find_the_same(client: TestClient) -> None:
    answers = [
        client.post(ROUTE, files={"file": (name, data, media_type)}).json()
        for name, (media_type, data) in DOCUMENTS.items()
    ]
    found = [
        [(one["code"], one["score"]) for one in answer["standards"][0]["evidence"]] for answer in answers
    ]
    assert all(one == found[0] for one in found)


def test_a_text_in_a_form_is_taken(client: TestClient) -> None:
    answer = client.post(ROUTE, files={"text": (None, "\n".join(LINES))}).json()
    assert "file" not in answer
    assert answer["standards"]


def test_plain_text_in_another_charset_is_read(client: TestClient) -> None:
    data = "\n".join(LINES).encode("big5")
    response = client.post(ROUTE, content=data, headers={"Content-Type": "text/plain; charset=big5"})
    assert response.json()["text"] == "\n".join(LINES)
    told(client.post(ROUTE, content=data, headers={"Content-Type": "text/plain; charset=utf-99"}), 400)
    problem = told(client.post(ROUTE, content=data, headers={"Content-Type": "text/plain"}), 422)
    assert "Big5" in problem["detail"]


@pytest.mark.parametrize(
    ("name", "data", "status", "word"),
    [
        ("empty.txt", b"", 422, "empty.txt"),
        ("scan.pdf", picture(), 422, "picture"),
        ("job.png", picture(), 422, "picture"),
        ("nul.txt", b"lead\x00 the team", 422, "U+0000"),
        ("job.docx", b"PK\x03\x04 broken", 422, "job.docx"),
        ("job.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 422, "job.doc"),
        ("long.txt", "帶領團隊\n".encode() * 50_000, 400, "characters"),
        ("one.txt", b"a" * 1_000_000, 400, "1,000,000 characters"),
    ],
)
def test_a_document_that_is_none_is_told(
    client: TestClient, name: str, data: bytes, status: int, word: str
) -> None:
    problem = told(client.post(ROUTE, files={"file": (name, data, "application/octet-stream")}), status)
    assert word in problem["detail"]


def test_a_form_without_a_file_is_told(client: TestClient) -> None:
    response = client.post(ROUTE, files={"limit": (None, "3")})
    assert "file" in told(response, 400)["detail"]


def test_a_wrong_field_of_a_form_is_named(client: TestClient) -> None:
    response = client.post(ROUTE, files={"file": ("a.txt", b"lead"), "limit": (None, "many")})
    assert told(response, 422)["parameters"][0]["name"] == "limit"


def test_a_file_over_the_bound_of_uploads_is_refused(client: TestClient) -> None:
    response = client.post(ROUTE, files={"file": ("big.txt", b"a" * 2_100_000)})
    assert "2000 KiB" in told(response, 413)["detail"]

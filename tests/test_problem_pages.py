"""Errors as people meet them: on every page, in its language, with what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.pages.messages import LANGUAGES, catalogue
from api.pages.problem_views import problem_view
from api.services import open_services
from api.settings import Settings
from ontology import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services
    from graph.property_graph import PropertyGraph

KEY = "the key of this test"


@dataclass(frozen=True)
class Case:
    """A request that fails: with a ``status``, and a word of each language that the page has to say."""

    address: str
    status: int
    told: tuple[str, str]
    form: dict[str, str] | None = None
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


def _get(address: str, status: int, *told: str) -> Case:
    return Case(address, status, (told[0], told[1]))


CASES = [
    _get("/nothing/here", 404, "/nothing/here", "/nothing/here"),
    _get("/curriculum/export", 405, "表單", "form"),
    _get("/?page=many", 422, "頁次", "Page"),
    _get("/similar", 400, "尚未指定", "No standard"),
    _get("/similar?code=S99", 404, "S99", "S99"),
    _get("/similar?iri=https://example.org/x", 404, "https://example.org/x", "https://example.org/x"),
    _get("/places", 422, "IRI", "IRI"),
    _get("/places?iri=https://example.org/x", 404, "檢查代碼", "Check the code"),
    _get("/id/icap/BGM1219-002v9", 404, "檢查代碼", "Check the code"),
    _get("/id/icap/BGM1219-002v2?format=pdf", 400, "請改用：", "Take one of"),
    _get("/resource", 422, "IRI", "IRI"),
    _get("/standards/BGM9999-001", 404, "BGM1219-002v2", "BGM1219-002v2"),
    _get("/standards/BGM9999-001/draft", 404, "BGM9999-001", "BGM9999-001"),
    _get("/standards/BGM1219-002v2/draft?task=T99", 404, "T99", "T99"),
    _get("/standards/BGM1219-002v2/changes", 404, "版次", "version"),
    _get("/browse/colour", 404, "colour", "colour"),
    _get("/browse/occupation/9999", 404, "9999", "9999"),
    _get("/explore?node=https://example.org/x", 404, "example.org", "example.org"),
    _get("/explore?node=BGM1219-002v2&relation=loves", 400, "關係", "Relation"),
    _get("/?q=%21%21%21", 400, "至少輸入一個字詞", "at least a word"),
    _get("/?q=" + "x" * 3000, 400, "3,000", "3,000"),
    _get("/?q=team&standard=XX1", 400, "XX1", "XX1"),
    _get("/compare?a=XX1&b=XX2", 404, "XX1", "XX1"),
    _get("/compare?a=BGM1219-002v2%20T99&b=BGM1219-002v2", 404, "T99", "T99"),
    _get("/compare/matrix?standard=BGM1219-002v2", 400, "2 至", "2 to"),
    _get("/compare/matrix?standard=XX1,XX2", 404, "XX1", "XX1"),
    _get("/moves?from=XX1", 404, "XX1", "XX1"),
    _get("/curriculum?o=broken", 400, "重新複製完整網址", "Copy the whole address"),
    _get("/curriculum?add=https://example.org/x", 404, "example.org", "example.org"),
    _get("/curriculum?standard=XX1", 404, "XX1", "XX1"),
    _get("/embed?standard=XX1", 404, "XX1", "XX1"),
    _get("/embed/search?standard=XX1&q=team", 400, "XX1", "XX1"),
    _get("/embed/search?q=%3F%3F", 400, "至少輸入一個字詞", "at least a word"),
    _get("/query?query=SELECT%20*%20WHERE%20%7B", 400, "查詢語法有誤（第 1 行", "does not parse (line 1"),
    _get("/query?query=DELETE%20WHERE%20%7B%3Fs%20%3Fp%20%3Fo%7D", 400, "不允許", "not allowed"),
    _get("/query?language=cypher&query=MATCH%20(", 400, "查詢語法有誤", "does not parse"),
    _get("/query?language=cypher&query=CREATE%20(n)%20RETURN%20n", 400, "不允許", "not allowed"),
    _get("/query?language=gremlin&query=x", 422, "查詢語言", "Query language"),
    _get("/align?a=https://example.org/x&b=https://example.org/y", 404, "example.org", "example.org"),
    _get("/align", 422, "a、b", "a, b"),
    _get("/import/unknown", 404, "重新選擇檔案", "Choose the files again"),
    Case("/import", 400, ("選擇檔案", "Choose one"), {"key": KEY}),
    Case("/import", 401, ("金鑰不正確", "not the key"), {"key": "another"}),
    Case("/curriculum/import", 400, ("選擇檔案", "Choose one"), {"title": "x"}, {"none": ("", b"")}),
    Case("/curriculum/import", 400, ("大綱.json", "大綱.json"), {}, {"file": ("大綱.json", b"{}")}),
    Case("/curriculum", 400, ("XX1", "XX1"), {"standards": "XX1", "do": "save"}),
    Case("/match", 422, ("佐證門檻", "Threshold"), {"text": "Lead a team.", "threshold": "3"}),
    Case("/match", 404, ("沒有「XX1」", "has “XX1”"), {"text": "Lead a team.", "standards": "XX1"}),
    Case("/match", 404, ("職業代碼", "Occupation"), {"text": "Lead a team.", "occupations": "0000"}),
    Case("/match", 400, ("至少輸入一個字詞", "at least a word"), {"text": "..."}),
    Case("/match", 400, ("重新複製文字", "Copy the text again"), {"text": "Lead\x00 a team"}),
    Case("/match", 422, ("scan.pdf", "scan.pdf"), {"text": ""}, {"file": ("scan.pdf", b"%PDF-1.4 broken")}),
]


@pytest.fixture(scope="module")
def client(loaded_data: Path, arcade_graph: PropertyGraph) -> Iterator[TestClient]:
    settings = Settings.model_validate({"data_dir": loaded_data, "embedder": "toy", "api_key": KEY})
    with open_services(settings, property_graph=arcade_graph) as services:
        yield TestClient(create_app(services), raise_server_exceptions=False)


def _ask(client: TestClient, case: Case, language: str) -> str:
    headers = {"Accept": "text/html", "Accept-Language": language}
    if case.form is None:
        response = client.get(case.address, headers=headers)
    elif case.files:
        response = client.post(case.address, data=case.form, files=case.files, headers=headers)
    else:
        response = client.post(case.address, data=case.form, headers=headers)
    assert response.status_code == case.status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-language"] == language
    assert "default-src 'none'" in response.headers["content-security-policy"]
    return response.text


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def _is_chinese(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def _english_words(text: str) -> list[str]:
    """Runs of four English words, which are a sentence and no name."""
    return re.findall(r"[a-z]+(?: [a-z]+){3,}", text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.address[:60]} {case.status}")
def test_an_error_is_told_in_the_language_of_the_page_with_what_to_do(client: TestClient, case: Case) -> None:
    for language, word in zip(LANGUAGES, case.told, strict=True):
        html = _ask(client, case, language)
        told = re.search(r'<p class="problem" role="alert">(.*?)</p>', html, re.DOTALL)
        assert told, html
        sentence = _text(re.sub(r'<small class="detail">.*?</small>', "", told[1], flags=re.DOTALL)).strip()
        assert word in sentence
        assert "problem_" not in html
        assert "{" not in sentence
        title = re.search(r"<title>(.*?)</title>", html)
        assert title
        if language == "zh-Hant":
            assert _is_chinese(title[1])
            assert re.search("請|改", sentence), sentence
            assert _english_words(sentence) == []
            for detail in re.findall(r'<small class="detail">(.*?)</small>', told[1], re.DOTALL):
                assert '<q lang="en">' in detail


INSTANCES: dict[str, errors.CompetencyError] = {
    "AddressDamaged": errors.AddressDamaged("the address holds no outline"),
    "Ambiguous": errors.Ambiguous("T1", 2),
    "CompetencyError": errors.CompetencyError("no"),
    "DocumentError": errors.DocumentError("the row has 3 cells", file="a.pdf", page=3, expected="4 cells"),
    "DownloadFailed": errors.DownloadFailed("https://example.org", "offline", "there is no network"),
    "DownloadRefused": errors.DownloadRefused("https://example.org", "it is a web page"),
    "EmptyText": errors.EmptyText("the query is empty"),
    "EngineUnavailable": errors.EngineUnavailable("the server does not answer"),
    "ExportTooLarge": errors.ExportTooLarge("CSV", 1200, 1000),
    "FileMissing": errors.FileMissing("the form has no file"),
    "ImportGone": errors.ImportGone("abc", "this import is not known"),
    "IndexMissing": errors.IndexMissing("there is no search index yet"),
    "IndexStale": errors.IndexStale("the search index is older than the store; run: competency index"),
    "InvalidInput": errors.InvalidInput("it cannot be used"),
    "ModelUnavailable": errors.ModelUnavailable("a model", "it is not there"),
    "NoContent": errors.NoContent("XX1"),
    "NoNumber": errors.NoNumber("Unit 1", "many", "many is no number"),
    "NoOtherVersion": errors.NoOtherVersion("XX1", "no version before it is loaded"),
    "NotAcceptable": errors.NotAcceptable(["text/html", "text/turtle"]),
    "NotAuthorised": errors.NotAuthorised("send the key"),
    "NotComparable": errors.NotComparable("XX1", "it is a shared concept"),
    "NotFound": errors.NotFound("XX1", "there is none", near=["XX2"]),
    "NotIndexed": errors.NotIndexed("XX1", "it is not searched"),
    "NothingNamed": errors.NothingNamed("name an element"),
    "NothingToPublish": errors.NothingToPublish("none can be published"),
    "Overloaded": errors.Overloaded("too many wait", retry_after=2),
    "ProjectionPending": errors.ProjectionPending("writing nodes", 1, 2),
    "ProjectionWrong": errors.ProjectionWrong(["one is missing"]),
    "QueryRefused": errors.QueryRefused("this is an update", line=2, column=3),
    "QuerySyntaxError": errors.QuerySyntaxError("a bracket is missing"),
    "QueryTimeout": errors.QueryTimeout(10),
    "QueryTooLarge": errors.QueryTooLarge("the answer has more than 10 rows"),
    "SameTwice": errors.SameTwice("XX1", "they are the same"),
    "StoreBusy": errors.StoreBusy("another process is writing"),
    "StoreMissing": errors.StoreMissing("nothing has been loaded"),
    "TextTooLong": errors.TextTooLong("it is too long", count=3000, most=2000),
    "TextUnreadable": errors.TextUnreadable("text", 4, "a NUL character stands there"),
    "Unavailable": errors.Unavailable("it is not ready"),
    "UnknownChoice": errors.UnknownChoice("format", "pdf", ["html", "json"]),
    "UnknownMediaType": errors.UnknownMediaType("image/png", ["text/plain"]),
    "UnknownValue": errors.UnknownValue("occupations", "0000", "no loaded standard has it"),
    "Unsigned": errors.Unsigned("a decision needs a name"),
    "ValidationFailed": errors.ValidationFailed("XX1", ["T1 has no name"]),
    "WritingDisabled": errors.WritingDisabled("this service has no key"),
    "WrongCount": errors.WrongCount(1, 2, 12, "a matrix takes 2 to 12"),
}


@pytest.mark.parametrize("name", errors.__all__)
def test_every_class_of_errors_has_words_of_its_own(name: str) -> None:
    key = "problem_" + re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    for language in LANGUAGES:
        assert {key, f"{key}_title"} <= catalogue(language).keys()
    told = problem_view("zh-Hant", INSTANCES[name])
    assert _is_chinese(told.title)
    assert re.search("請|改", told.sentence), "it says what to do"
    assert _english_words(told.sentence) == []
    assert "{" not in told.title + told.sentence


def test_what_a_class_without_words_says_is_that_of_the_one_above_it() -> None:
    class Narrower(errors.QueryTimeout):
        pass

    assert problem_view("en", Narrower(3)).title == catalogue("en")["problem_query_timeout_title"]


_FORM = "multipart/form-data; boundary=parts"


def _large_form() -> bytes:
    head = b'--parts\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    return head + b"a line\n" * 450_000 + b"\r\n--parts--\r\n"


@pytest.mark.parametrize("address", ["/match", "/import", "/curriculum/import", "/align", "/curriculum"])
def test_more_than_is_taken_is_told_on_a_page(loaded_data: Path, address: str) -> None:
    settings = Settings(data_dir=loaded_data, embedder="toy", max_upload_kb=2048, max_body_kb=1024)
    with open_services(settings) as services:
        client = TestClient(create_app(services))
        most = "1" if address == "/align" else "2"
        for language, sentence in (
            ("zh-Hant", f"送出的內容超過上限 {most} MB"),
            ("en", f"larger than {most} MB"),
        ):
            headers = {"Accept": "text/html", "Accept-Language": language, "Content-Type": _FORM}
            declared = _large_form()
            chunked = (declared[at : at + 65_536] for at in range(0, len(declared), 65_536))
            for body in (declared, chunked):
                response = client.post(address, content=body, headers=headers)
                assert response.status_code == 413
                assert response.headers["content-language"] == language
                assert "default-src 'none'" in response.headers["content-security-policy"]
                assert sentence in response.text
        # programs are answered as before
        response = client.post(address, content=b"x" * (3 << 20))
        assert response.json()["type"] == "urn:competency-graph:problem:too-large"


def test_an_unexpected_failure_is_a_page_that_keeps_the_rules_of_all_pages(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("a fault of the program")

    client = TestClient(create_app(services), raise_server_exceptions=False)
    monkeypatch.setattr(services.browsing, "get", broken)
    headers = {"Accept": "text/html", "Accept-Language": "zh-Hant"}
    response = client.get("/browse", headers=headers)
    assert response.status_code == 500
    assert "系統發生錯誤" in response.text
    assert "a fault of the program" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]

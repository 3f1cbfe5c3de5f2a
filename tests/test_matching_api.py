"""Job descriptions matched over HTTP and on the command line: what the contract promises, and bad input."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import cli
from api.match_export import COLUMNS
from api.services import ingest_and_index, open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services

AD = """\
🧑‍💼 門市組長

工作內容：
1. 帶領團隊，分派工作並追蹤進度
2. 處理團隊衝突，𠮷時解決成員的問題
3. 擬定營運計畫與預算

條件要求：
- 溝通技能良好
- @SUM(A1) 也會算，能蒐集、分析和組織資訊

薪資：月薪 45,000 元起
"""
ROUTE = "/api/v1/match"
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """All standards that come with the program, with the toy model."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("matching"), embedder="toy")
    ingest_and_index(sorted((ROOT / "data" / "standards").glob("*.txt")), settings)
    with open_services(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(bundled: Services) -> TestClient:
    return TestClient(create_app(bundled), raise_server_exceptions=False)


def matched(client: TestClient, text: str = AD, **options: Any) -> dict[str, Any]:
    response = client.post(ROUTE, json={"text": text, **options})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def told(response: Any, status: int) -> dict[str, Any]:
    """The problem details of an answer that must be of this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) >= {"type", "title", "status", "detail", "instance"}
    return body


class TestTheContract:
    def test_the_answer_has_what_the_contract_names(self, client: TestClient) -> None:
        answer = matched(client)
        assert set(answer) == {
            "title", "language", "segments", "standards", "alternatives", "notes", "took_ms"
        }  # fmt: skip
        assert set(answer["segments"][0]) == {"start", "end", "text", "role", "section", "why"}
        best = answer["standards"][0]
        assert set(best) == {
            "iri", "code", "name", "framework", "level", "score", "coverage", "covered", "evidence",
            "missing", "parts", "likely_level",
        }  # fmt: skip
        assert set(best["evidence"][0]) == {"segment", "iri", "code", "kind", "text", "score"}
        assert set(best["missing"][0]) == {"iri", "code", "kind", "text"}
        assert set(best["parts"][0]) >= {"code", "name", "kind", "coverage", "evidenced", "elements"}
        assert set(best["likely_level"]) == {"level", "reason_en", "reason_zh"}

    def test_offsets_are_code_points_of_the_text_as_sent(self, client: TestClient) -> None:
        segments = matched(client)["segments"]
        assert [AD[one["start"] : one["end"]] for one in segments] == [one["text"] for one in segments]
        assert "處理團隊衝突，𠮷時解決成員的問題" in [one["text"] for one in segments]
        assert {one["role"] for one in segments} == {"requirement", "other"}
        (pay,) = [one for one in segments if "45,000" in one["text"]]
        assert pay["role"] == "other"

    def test_line_ends_of_windows_are_counted_as_sent(self, client: TestClient) -> None:
        text = AD.replace("\n", "\r\n")
        for one in matched(client, text)["segments"]:
            assert text[one["start"] : one["end"]] == one["text"]

    def test_each_claim_leads_to_a_requirement_and_an_element_of_its_standard(
        self, client: TestClient
    ) -> None:
        answer = matched(client, threshold=0.3)
        claims = 0
        for standard in answer["standards"]:
            held = client.get(f"/api/v1/standards/{standard['code']}").json()
            texts = json.dumps(held, ensure_ascii=False)
            missing = {one["iri"] for one in standard["missing"]}
            for one in standard["evidence"]:
                assert answer["segments"][one["segment"]]["role"] == "requirement"
                assert one["iri"].startswith(f"{standard['iri']}/")
                assert json.dumps(one["text"], ensure_ascii=False)[1:-1] in texts
                assert one["score"] >= 0.3
                assert one["iri"] not in missing
                claims += 1
        assert claims

    def test_every_element_is_either_evidenced_or_missing(
        self, client: TestClient, bundled: Services
    ) -> None:
        (standard,) = matched(client, standards=["BGM1219-002v2"], threshold=0.2)["standards"]
        side = bundled.index.current().comparer().side(standard["iri"])
        evidenced = {one["iri"] for one in standard["evidence"]}
        missing = {one["iri"] for one in standard["missing"]}
        assert evidenced
        assert not evidenced & missing
        assert evidenced | missing == {one.iri for one in side.passages}

    def test_standards_and_alternatives_are_in_the_order_of_their_scores(self, client: TestClient) -> None:
        answer = matched(client, limit=2)
        assert len(answer["standards"]) == 2
        scores = [one["score"] for one in (*answer["standards"], *answer["alternatives"])]
        assert scores == sorted(scores, reverse=True)
        codes = [one["code"] for one in (*answer["standards"], *answer["alternatives"])]
        assert len(set(codes)) == len(codes)

    def test_the_same_text_has_the_same_answer(self, client: TestClient) -> None:
        first, second = matched(client), matched(client)
        assert first.pop("took_ms") >= 0
        second.pop("took_ms")
        assert first == second

    def test_no_requirement_is_said_in_both_languages(self, client: TestClient) -> None:
        answer = matched(client, "薪資：月薪 45,000 元起\n福利：三節獎金、勞健保")
        assert all(one["role"] == "other" for one in answer["segments"])
        assert answer["notes"]
        assert all(one["en"] and one["zh"] for one in answer["notes"])


class TestOptions:
    def test_a_named_standard_is_the_only_one_in_whatever_version(self, client: TestClient) -> None:
        answer = matched(client, standards=["BGM2421-901v1"])
        assert [one["code"] for one in answer["standards"]] == ["BGM2421-901v1"]
        assert answer["alternatives"] == []

    def test_older_versions_take_part_when_asked(self, client: TestClient) -> None:
        def codes(**options: Any) -> set[str]:
            answer = matched(client, limit=50, **options)
            return {one["code"] for one in answer["standards"]}

        assert codes(all_versions=True) - codes() == {"BGM2421-901v1"}

    def test_occupations_frameworks_languages_and_levels_narrow(self, client: TestClient) -> None:
        everything = {one["code"] for one in matched(client, limit=50)["standards"]}
        options: list[dict[str, Any]] = [
            {"occupations": ["2421"]},
            {"categories": ["BAS"]},
            {"languages": ["en"]},
            {"level_min": 5},
            {"level_max": 3},
        ]
        for option in options:
            found = {one["code"] for one in matched(client, limit=50, **option)["standards"]}
            assert found
            assert found < everything, option
        assert {
            one["code"] for one in matched(client, limit=50, frameworks=["icap"])["standards"]
        } == everything

    def test_a_higher_threshold_leaves_less_evidence(self, client: TestClient) -> None:
        def counts(threshold: float) -> tuple[int, float]:
            best = matched(client, threshold=threshold, standards=["BGM1219-002v2"])["standards"][0]
            return len(best["evidence"]), best["coverage"]

        few, little = counts(0.9)
        many, much = counts(0.1)
        assert few < many
        assert little < much

    def test_a_title_beside_the_text_counts(self, client: TestClient) -> None:
        text = "工作內容：\n- 與同事合作\n- 準時完成工作"
        plain, named = matched(client, text), matched(client, text, title="專案經理")
        assert (plain["title"], named["title"]) == ("", "專案經理")
        assert named["standards"][0]["name"].startswith("專案經理")

    def test_null_is_as_left_out(self, client: TestClient) -> None:
        plain, named = matched(client), matched(client, limit=None, frameworks=None)
        assert plain["standards"] == named["standards"]

    def test_options_may_stand_in_the_address(self, client: TestClient) -> None:
        response = client.post(f"{ROUTE}?limit=1&standards=BGM1219-002v2,BAS3341-902v1", json={"text": AD})
        assert [one["code"] for one in response.json()["standards"]] == ["BGM1219-002v2"]
        assert [one["code"] for one in response.json()["alternatives"]] == ["BAS3341-902v1"]


class TestBadInput:
    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("", "empty"),
            (" \n\t　", "empty"),
            ("a" * 1_000_000, "1,000,000 characters"),
            ("工作\n" * 50_000, "characters"),
            ("- 帶領團隊\n" * 5_000, "lines"),
            ("12345 !!", "no letters"),
            ("帶領\x00團隊", "NUL"),
        ],
    )
    def test_a_text_that_is_none_is_told(self, client: TestClient, text: str, word: str) -> None:
        problem = told(client.post(ROUTE, json={"text": text}), 400)
        assert word in problem["detail"]

    def test_half_a_surrogate_pair_is_told(self, client: TestClient) -> None:
        body = b'{"text": "team \\ud800 leader"}'
        response = client.post(ROUTE, content=body, headers={"Content-Type": "application/json"})
        assert "surrogate" in told(response, 422)["detail"]

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ({}, "text"),
            ({"text": 7}, "text"),
            ({"text": None}, "text"),
            ({"text": AD, "limit": "5"}, "limit"),
            ({"text": AD, "limit": 0}, "limit"),
            ({"text": AD, "limit": 51}, "limit"),
            ({"text": AD, "limit": True}, "limit"),
            ({"text": AD, "title": "x" * 201}, "title"),
            ({"text": AD, "threshold": 1.5}, "threshold"),
            ({"text": AD, "threshold": "high"}, "threshold"),
            ({"text": AD, "frameworks": "icap"}, "frameworks"),
            ({"text": AD, "occupations": [12]}, "occupations.0"),
            ({"text": AD, "all_versions": "yes"}, "all_versions"),
            ({"text": AD, "framework": ["icap"]}, "framework"),
        ],
    )
    def test_a_wrong_field_is_named(self, client: TestClient, body: object, name: str) -> None:
        problem = told(client.post(ROUTE, json=body), 422)
        assert [one["name"] for one in problem["parameters"]] == [name]

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'"text"'])
    def test_what_is_no_object_is_told(self, client: TestClient, body: bytes) -> None:
        told(client.post(ROUTE, content=body, headers={"Content-Type": "application/json"}), 422)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("standards", "BGM0000-000"),
            ("occupations", "99999"),
            ("industries", "Z"),
            ("categories", "ZZZ"),
            ("frameworks", "esko"),
            ("languages", "tlh"),
        ],
    )
    def test_a_value_that_nothing_has_is_named_with_its_field(
        self, client: TestClient, field: str, value: str
    ) -> None:
        problem = told(client.post(ROUTE, json={"text": AD, field: [value]}), 404)
        assert (problem["field"], problem["key"]) == (field, value)
        assert field in problem["detail"]
        assert value in problem["detail"]

    def test_an_unknown_format_is_told(self, client: TestClient) -> None:
        told(client.post(f"{ROUTE}?format=pdf", json={"text": AD}), 400)
        told(client.post(ROUTE, json={"text": AD}, headers={"Accept": "image/png"}), 406)

    @pytest.mark.parametrize("media_type", ["image/png", "application/x-www-form-urlencoded", "video/mp4"])
    def test_an_unknown_media_type_is_told_what_is_taken(self, client: TestClient, media_type: str) -> None:
        problem = told(client.post(ROUTE, content=b"x", headers={"Content-Type": media_type}), 415)
        assert "application/pdf" in problem["taken"]
        assert "multipart/form-data" in problem["detail"]


class TestFiles:
    def test_the_csv_has_a_row_for_each_claim(self, client: TestClient) -> None:
        answer = matched(client, limit=2)
        response = client.post(f"{ROUTE}?format=csv", json={"text": AD, "limit": 2})
        assert response.headers["content-type"].startswith("text/csv")
        assert ".csv" in response.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
        assert tuple(rows[0]) == COLUMNS
        found = [row["found"] for row in rows]
        assert found.count("standard") == 2
        assert found.count("segment") == len(answer["segments"])
        for what, name in (("evidence", "evidence"), ("missing", "missing"), ("part", "parts")):
            assert found.count(what) == sum(len(one[name]) for one in answer["standards"])
        for row in rows:
            if row["found"] == "evidence":
                sent = AD[int(row["start"]) : int(row["end"])]
                assert row["segment_text"].removeprefix("'") == sent
                assert row["iri"]

    def test_no_cell_is_a_formula(self, client: TestClient) -> None:
        response = client.post(f"{ROUTE}?format=csv", json={"text": AD})
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
        assert "'@SUM(A1) 也會算，能蒐集、分析和組織資訊" in {row["segment_text"] for row in rows}
        assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]

    def test_the_workbook_has_a_sheet_for_each_part_of_the_report(self, client: TestClient) -> None:
        answer = matched(client)
        response = client.post(
            ROUTE,
            json={"text": AD},
            headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        )
        book = load_workbook(io.BytesIO(response.content))
        assert book.sheetnames == ["summary", "parts", "evidence", "missing", "text"]
        standards = answer["standards"]
        assert book["evidence"].max_row == 1 + sum(len(one["evidence"]) for one in standards)
        assert book["missing"].max_row == 1 + sum(len(one["missing"]) for one in standards)
        head = [cell.value for cell in book["summary"][1]]
        first = dict(zip(head, [cell.value for cell in book["summary"][2]], strict=True))
        assert (first["standard"], first["coverage"]) == (standards[0]["code"], standards[0]["coverage"])
        assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


class TestOnTheCommandLine:
    def run(self, bundled: Services, *arguments: str, stdin: bytes = b"") -> Any:
        environment = {"COMPETENCY_EMBEDDER": "toy", "COMPETENCY_DATA_DIR": str(bundled.settings.data_dir)}
        return CliRunner(env=environment).invoke(cli, ["match", *arguments], input=stdin)

    def test_the_report_for_people(self, bundled: Services, tmp_path: Path) -> None:
        path = tmp_path / "ad.txt"
        path.write_text(AD, encoding="utf-8")
        done = self.run(bundled, str(path), "--standard", "BGM1219-002")
        assert done.exit_code == 0, done.output
        assert "BGM1219-002v2 基層主管 (icap, level 4)" in done.stdout
        assert "“處理團隊衝突，𠮷時解決成員的問題”" in done.stdout
        assert "→ S1#2 處理團隊衝突" in done.stdout
        assert "likely level" in done.stdout
        assert "T1 提升團隊效能" in done.stdout
        assert "missing:" in done.stdout
        assert "more" in done.stdout

    def test_json_from_stdin_is_the_answer_of_the_service(
        self, bundled: Services, client: TestClient
    ) -> None:
        done = self.run(bundled, "-", "--json", "--limit", "2", stdin=AD.encode())
        answer = json.loads(done.stdout)
        assert (answer["file"], answer["text"]) == ("stdin", AD)
        assert answer["standards"] == matched(client, limit=2)["standards"]

    def test_files_are_written_and_kept(self, bundled: Services, tmp_path: Path) -> None:
        table, book = tmp_path / "report.csv", tmp_path / "report.xlsx"
        arguments = ("-", "--csv", str(table), "--xlsx", str(book))
        done = self.run(bundled, *arguments, stdin=AD.encode())
        assert (done.exit_code, done.stdout) == (0, "")
        assert table.read_bytes().startswith(b"\xef\xbb\xbf")
        assert load_workbook(book).sheetnames[0] == "summary"
        again = self.run(bundled, *arguments, stdin=AD.encode())
        assert again.exit_code == 2
        assert "--force" in again.output
        assert self.run(bundled, *arguments, "--force", stdin=AD.encode()).exit_code == 0

    def test_an_unknown_standard_is_told(self, bundled: Services) -> None:
        done = self.run(bundled, "-", "--standard", "BGM0000-000", stdin=AD.encode())
        assert "BGM0000-000" in str(done.exception)

"""Lists of hits as files: what spreadsheets and programs read in them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import cli
from api.hit_export import COLUMNS, HitFormat, export_hits
from search import Hit, Reason, Step

if TYPE_CHECKING:
    from pathlib import Path

    from api.services import Services


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), raise_server_exceptions=False)


def hit(text: str, **others: object) -> Hit:
    values: dict[str, object] = {
        "iri": "https://example.org/S1",
        "code": "S1",
        "kind": "skill",
        "text": text,
        "lang": "zh-Hant",
        "score": 0.91234,
        "standard": "BGM1219-002v2",
        "standard_name": "基層主管",
        "standard_iri": "https://example.org",
        "framework": "icap",
        "level": 3,
        "path": (Step("T1", "提升團隊效能"), Step("T1.1", "建立團隊")),
        "required_by": (Step("T1", "提升團隊效能"), Step("T2", "")),
        "detail": "",
        "reason": Reason("both", 0.5, 0.6, ((0, 2),)),
        **others,
    }
    return Hit(**values)  # type: ignore[arg-type]


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def written(hits: list[Hit], form: HitFormat) -> bytes:
    return b"".join(export_hits(hits, "團隊", form).chunks)


def test_csv_has_one_row_a_hit_with_all_columns_and_the_mark_for_excel() -> None:
    content = written(
        [hit("處理團隊衝突"), hit("b", level=None, weak=True, reason=Reason("code", None, None))],
        HitFormat.CSV,
    )
    assert content.startswith(b"\xef\xbb\xbf")
    first, second = rows_of(content)
    assert list(first) == list(COLUMNS)
    assert first["score"] == "0.9123"
    assert first["path"] == "T1 提升團隊效能 › T1.1 建立團隊"
    assert first["required_by"] == "T1 提升團隊效能; T2"
    assert first["found_by"] == "both: 處理"
    assert (second["rank"], second["level"], second["weak"], second["found_by"]) == ("2", "", "true", "code")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_of_csv_is_a_formula(text: str) -> None:
    (row,) = rows_of(written([hit(text, standard_name=text)], HitFormat.CSV))
    assert row["text"] == f"'{text}"
    assert row["standard_name"] == f"'{text}"


def test_texts_with_quotes_and_line_breaks_come_back() -> None:
    text = 'a "b", c\nd；e'
    (row,) = rows_of(written([hit(text)], HitFormat.CSV))
    assert row["text"] == text


def test_the_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    texts = ["=1+1", "https://example.org", "x\x0by", "長" * 40_000]
    book = load_workbook(io.BytesIO(written([hit(text) for text in texts], HitFormat.XLSX)))
    sheet = book.active
    assert sheet is not None
    head = [cell.value for cell in sheet[1]]
    assert head == list(COLUMNS)
    cell = sheet.cell(2, head.index("text") + 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == ("=1+1", "s", None)
    assert sheet.cell(2, head.index("level") + 1).value == 3
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == 5


def test_an_empty_list_is_a_file_with_headings() -> None:
    assert rows_of(written([], HitFormat.CSV)) == []
    assert json.loads(written([], HitFormat.JSON)) == []
    assert load_workbook(io.BytesIO(written([], HitFormat.XLSX))).active is not None


class TestOverHttp:
    @pytest.mark.parametrize("form", list(HitFormat))
    def test_each_format_is_a_download_of_the_hits_of_the_search(
        self, client: TestClient, form: HitFormat
    ) -> None:
        parameters = {"q": "團隊", "kind": "skill"}
        hits = client.get("/api/v1/search", params={**parameters, "limit": "100"}).json()["hits"]
        response = client.get("/api/v1/search/export", params={**parameters, "format": form.value})
        assert response.status_code == 200
        assert f"search-__.{form.value}" in response.headers["content-disposition"]
        assert f"%E5%9C%98%E9%9A%8A.{form.value}" in response.headers["content-disposition"]
        expected = [one["iri"] for one in hits]
        assert 1 < len(expected) < 100
        if form is HitFormat.CSV:
            assert [row["iri"] for row in rows_of(response.content)] == expected
        elif form is HitFormat.JSON:
            assert [row["iri"] for row in response.json()] == expected
        else:
            sheet = load_workbook(io.BytesIO(response.content)).active
            assert sheet is not None
            assert [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)] == expected

    def test_a_part_of_the_list_keeps_its_ranks(self, client: TestClient) -> None:
        parameters = {"q": "團隊", "format": "json", "limit": "2", "offset": "3"}
        assert [row["rank"] for row in client.get("/api/v1/search/export", params=parameters).json()] == [
            4,
            5,
        ]

    def test_what_is_wrong_is_said(self, client: TestClient) -> None:
        for parameters in (
            {"q": "a", "format": "doc"},
            {"q": "a", "format": "csv", "limit": "1001"},
            {"q": "", "format": "csv"},
            {"q": "a", "format": "csv", "standard": "NO"},
        ):
            response = client.get("/api/v1/search/export", params=parameters)
            assert 400 <= response.status_code < 500, parameters
            assert response.headers["content-type"] == "application/problem+json"


class TestCommand:
    def run(self, data: Path, *arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(cli, ["search", "團隊", "--data-dir", str(data), *arguments])
        return found.exit_code, found.output

    def test_hits_are_written_to_a_file(
        self, loaded_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COMPETENCY_EMBEDDER", "toy")
        file = tmp_path / "hits.csv"
        assert self.run(loaded_data, "-o", str(file))[0] == 0
        assert len(rows_of(file.read_bytes())) > 10
        code, output = self.run(loaded_data, "-o", str(file))
        assert (code, "--force" in output) == (2, True)
        assert self.run(loaded_data, "-o", str(file), "--force", "--limit", "3")[0] == 0
        assert len(rows_of(file.read_bytes())) == 3

    def test_a_name_without_a_format_is_wrong_usage(self, loaded_data: Path, tmp_path: Path) -> None:
        code, output = self.run(loaded_data, "-o", str(tmp_path / "hits.doc"))
        assert (code, ".xlsx" in output) == (2, True)

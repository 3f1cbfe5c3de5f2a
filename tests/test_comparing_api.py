"""Comparisons and nearest standards over HTTP and on the command line: the contract, sides, files, errors."""

from __future__ import annotations

import csv
import io
import itertools
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from small_esco import PASTRY, tables, zipped
from starlette.testclient import TestClient

from api.app import create_app
from api.cli import cli
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.links import Link, LinkMethod, LinkStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.services import Services

SAMPLE = "BGM1219-002v2"
LEADER = "BGM1219-903v1"
OLDER, NEWER = "BGM2421-901v1", "BGM2421-901v2"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAIR = {"kind", "a", "b", "score", "verdict", "reason", "only"}
ELEMENT = {"iri", "code", "text", "kind", "lang", "level", "path"}
CATALOGUE = {
    "metadata": {"total_standards": 1, "generated_at": "2026"},
    "standards": {
        "MPM2144-901v1": {
            "name": "領班",
            "level": 3,
            "category": "製造／生產管理",
            "category_code": "MPM",
            "occupation_name": "機械工程師",
            "occupation_code": "2144",
            "industry": ["製造業／塑膠製品製造業"],
            "industry_code": ["C22"],
        }
    },
}
LISTED = "MPM2144-901v1"
EMPTY = "7512.1.1"


@pytest.fixture(scope="module")
def data(sample_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled standards, two versions of one among them, a catalogue that lists another one, and a small
    ESCO with an occupation that requires nothing."""
    folder = tmp_path_factory.mktemp("compared")
    catalogue = folder / "catalogue.json"
    catalogue.write_text(json.dumps(CATALOGUE), encoding="utf-8")
    esco = tables()
    relations = esco["occupationSkillRelations.csv"]
    esco["occupationSkillRelations.csv"] = [row for row in relations if row[0] != PASTRY]
    paths = [sample_path.parent, catalogue, zipped(folder / "esco", esco)]
    report = ingest_and_index(paths, Settings(data_dir=folder / "data", embedder="toy"))
    assert report.counts()["refused"] == 0
    return folder / "data"


@pytest.fixture(scope="module")
def services(data: Path) -> Iterator[Services]:
    with open_services(Settings(data_dir=data, embedder="toy")) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(services: Services) -> TestClient:
    return TestClient(create_app(services), raise_server_exceptions=False)


def compared(client: TestClient, a: str, b: str, **others: Any) -> dict[str, Any]:
    response = client.get("/api/v1/compare", params={"a": a, "b": b, **others})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def codes(elements: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in elements]


class TestCompare:
    def test_the_answer_has_what_the_contract_promises(self, client: TestClient) -> None:
        answer = compared(client, OLDER, NEWER)
        assert {"a", "b", "coverage", "kinds", "pairs", "only_a", "only_b"} <= set(answer)
        assert {"level_difference", "likeness", "notes", "took_ms"} <= set(answer)
        side = answer["a"]
        assert set(side) == {"iri", "code", "name", "lang", "framework", "level", "part", "size"}
        assert (side["code"], side["framework"], side["part"]) == (OLDER, "icap", None)
        assert set(answer["coverage"]) == {"a", "b"}
        assert answer["pairs"]
        for pair in answer["pairs"]:
            assert set(pair) == PAIR
            assert set(pair["a"]) == set(pair["b"]) == ELEMENT
            assert pair["verdict"] in ("same", "near", "partly")
            assert pair["reason"] in ("text", "concept", "words", "meaning")
            assert 0 <= pair["score"] <= 1
        for one in (*answer["only_a"], *answer["only_b"]):
            assert set(one) == ELEMENT

    def test_each_element_is_in_pairs_or_is_told_as_the_only_one(self, client: TestClient) -> None:
        answer = compared(client, OLDER, NEWER)
        for side in ("a", "b"):
            paired = {one[side]["iri"] for one in answer["pairs"]}
            alone = {one["iri"] for one in answer[f"only_{side}"]}
            assert not paired & alone
            assert len(paired | alone) == answer[side]["size"]
            counted = sum(one[f"count_{side}"] for one in answer["kinds"])
            assert counted == answer[side]["size"]

    @pytest.mark.parametrize("code", [SAMPLE, LEADER])
    def test_a_standard_is_the_same_as_itself(self, client: TestClient, code: str) -> None:
        answer = compared(client, code, code)
        assert answer["coverage"] == {"a": 1, "b": 1}
        assert {one["verdict"] for one in answer["pairs"]} == {"same"}
        assert (answer["only_a"], answer["only_b"]) == ([], [])
        (note,) = answer["notes"]
        assert "the same standard" in note["en"]
        assert "同一份" in note["zh"]

    def test_two_sides_in_the_other_order_are_the_same_comparison(
        self, client: TestClient, services: Services
    ) -> None:
        listed = [one.code for one in services.standards()]
        assert len(listed) > 5
        for a, b in itertools.combinations(listed, 2):
            one, other = compared(client, a, b), compared(client, b, a)
            assert (one["a"], one["b"]) == (other["b"], other["a"])
            assert one["coverage"] == {"a": other["coverage"]["b"], "b": other["coverage"]["a"]}
            pairs = {(pair["a"]["iri"], pair["b"]["iri"], pair["verdict"]) for pair in one["pairs"]}
            assert pairs == {(pair["b"]["iri"], pair["a"]["iri"], pair["verdict"]) for pair in other["pairs"]}
            assert codes(one["only_a"]) == codes(other["only_b"])

    def test_one_without_content_is_told_in_both_languages(self, client: TestClient) -> None:
        answer = compared(client, EMPTY, SAMPLE)
        assert (answer["a"]["size"], answer["coverage"]) == (0, {"a": None, "b": 0})
        assert answer["pairs"] == []
        assert len(answer["only_b"]) == answer["b"]["size"] > 0
        note = answer["notes"][0]
        assert f"{EMPTY} has no content" in note["en"]
        assert f"{EMPTY} 在這裡只有名稱與說明" in note["zh"]

    def test_only_the_kinds_that_are_asked_for_are_compared(self, client: TestClient) -> None:
        whole, answer = compared(client, OLDER, NEWER), compared(client, OLDER, NEWER, kind=["skill", "task"])
        assert [one["kind"] for one in answer["kinds"]] == ["task", "skill"]
        shown = [one for pair in answer["pairs"] for one in (pair["a"], pair["b"])]
        assert {one["kind"] for one in (*shown, *answer["only_a"], *answer["only_b"])} == {"task", "skill"}
        counts = {one["kind"]: (one["count_a"], one["count_b"]) for one in whole["kinds"]}
        assert {one["kind"]: (one["count_a"], one["count_b"]) for one in answer["kinds"]} == {
            "task": counts["task"],
            "skill": counts["skill"],
        }
        assert compared(client, SAMPLE, SAMPLE, kind="knowledge")["coverage"] == {"a": 1, "b": 1}

    def test_a_kind_that_one_of_the_two_has_not_is_told(self, client: TestClient) -> None:
        answer = compared(client, SAMPLE, NEWER, kind="technology")
        assert [SAMPLE in note["en"] or NEWER in note["en"] for note in answer["notes"]] == [True, True]
        assert all("kinds that were chosen" in note["en"] for note in answer["notes"])

    @pytest.mark.parametrize(
        "name",
        [f"{SAMPLE} T1", f"{SAMPLE}#T1", f"{SAMPLE.lower()}  t1", "ＢＧＭ1219-002v2　T1", "BGM1219-002 T1"],
    )
    def test_a_part_is_what_stands_at_and_below_an_element(self, client: TestClient, name: str) -> None:
        answer = compared(client, name, SAMPLE)
        assert answer["a"]["part"]["code"] == "T1"
        assert 0 < answer["a"]["size"] < answer["b"]["size"]
        assert answer["coverage"]["a"] == 1
        assert 0 < answer["coverage"]["b"] < 1
        own = {pair["a"]["code"] for pair in answer["pairs"]}
        assert {"T1", "T1.1", "P1.1.1"} <= own
        assert not {one for one in own if one.startswith("T2")}
        by_iri = compared(client, answer["a"]["part"]["iri"], SAMPLE)
        assert by_iri["a"] == answer["a"]

    def test_a_sub_item_is_a_part_too(self, client: TestClient) -> None:
        assert compared(client, f"{SAMPLE} S1#2", SAMPLE)["a"]["part"]["code"] == "S1#2"
        assert compared(client, f"{SAMPLE}#S1#2", SAMPLE)["a"]["size"] == 1

    def test_a_code_without_its_version_is_the_latest(self, client: TestClient) -> None:
        assert compared(client, "BGM2421-901", SAMPLE)["a"]["code"] == NEWER

    def test_levels_of_two_frameworks_are_not_subtracted(
        self, client: TestClient, services: Services
    ) -> None:
        assert compared(client, SAMPLE, LEADER)["level_difference"] == -1
        occupation = next(one for one in services.standards() if one.framework == "esco")
        answer = compared(client, occupation.iri, SAMPLE)
        assert answer["a"]["iri"] == occupation.iri
        assert answer["level_difference"] is None

    @pytest.mark.parametrize(
        ("a", "b", "status", "says"),
        [
            ("BGM1219-009", SAMPLE, 404, SAMPLE),
            (SAMPLE, "NO-SUCH", 404, "NO-SUCH"),
            (SAMPLE, LISTED, 404, "MPM2144-901v1 (領班) there is only its entry in a catalogue"),
            (SAMPLE, f"{SAMPLE} T99", 404, "T99"),
            ("https://example.org/nothing", SAMPLE, 404, "https://example.org/nothing"),
            ("urn:nothing at all", SAMPLE, 404, "urn:nothing"),
            ("", SAMPLE, 400, "BGM1219-002v2 T1"),
            (SAMPLE, "", 422, "/api/v1/standards/{code}/nearest"),
            (SAMPLE, None, 422, "/api/v1/standards/{code}/nearest"),
            (None, SAMPLE, 422, "query a"),
            ("http://data.europa.eu/esco/skill/s-1", SAMPLE, 422, "shared concept"),
            ("x" * 5000, SAMPLE, 404, "no standard is known"),
        ],
    )
    def test_what_cannot_be_compared_is_said(
        self, client: TestClient, services: Services, a: str | None, b: str | None, status: int, says: str
    ) -> None:
        if says == "shared concept":
            index = services.index.current()
            a = next(one.iri for one in index.passages if one.standard == one.framework)
        sides = {name: value for name, value in (("a", a), ("b", b)) if value is not None}
        response = client.get("/api/v1/compare", params=sides)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        assert says in response.json()["detail"]

    def test_elements_that_are_surely_linked_to_one_concept_say_the_same(self, data: Path) -> None:
        with open_services(Settings(data_dir=data, embedder="toy")) as services:
            elements = services.index.current().elements
            ends = [elements.passage(elements.iri_of(*name)) for name in (("K1", SAMPLE), ("K3", LEADER))]
            client = TestClient(create_app(services))

            def by_concept() -> set[tuple[str, str]]:
                pairs = compared(client, SAMPLE, LEADER)["pairs"]
                return {(one["a"]["code"], one["b"]["code"]) for one in pairs if one["reason"] == "concept"}

            def links(method: LinkMethod, predicate: str = "exactMatch") -> list[Link]:
                suggested = LinkStatus.SUGGESTED
                return [
                    Link(
                        element=one.iri,
                        concept="https://example.org/concept",
                        predicate=predicate,
                        method=method,
                        score=0.9,
                        status=suggested,
                        element_text=one.text,
                        concept_text="planning",
                        standard=one.standard_iri,
                    )
                    for one in ends
                ]

            services.links.replace(links(LinkMethod.MEANING), ())
            assert by_concept() == set()
            services.links.replace(links(LinkMethod.EXACT_TEXT, "broadMatch"), ())
            assert by_concept() == set()
            services.links.replace(links(LinkMethod.EXACT_TEXT), ())
            assert by_concept() == {("K1", "K3")}
            services.links.replace(links(LinkMethod.MEANING), ())
            ids = [one.id for one in links(LinkMethod.MEANING)]
            accepted = dict.fromkeys(ids, LinkStatus.ACCEPTED)
            services.links.settle(accepted, by="Reviewer", on=date(2026, 1, 2))
            assert by_concept() == {("K1", "K3")}
            rejected = {ids[0]: LinkStatus.REJECTED}
            services.links.settle(rejected, by="Reviewer", on=date(2026, 1, 2))
            assert by_concept() == set()


class TestFiles:
    def test_csv_has_a_row_for_each_pair_and_each_that_only_one_has(self, client: TestClient) -> None:
        answer = compared(client, OLDER, NEWER)
        response = client.get("/api/v1/compare", params={"a": OLDER, "b": NEWER, "format": "csv"})
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert f'filename="compare-{OLDER}-{NEWER}.csv"' in response.headers["content-disposition"]
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
        assert [one["found"] for one in rows].count("pair") == len(answer["pairs"])
        assert [one["a_code"] for one in rows if one["found"] == "only_a"] == codes(answer["only_a"])
        assert [one["b_code"] for one in rows if one["found"] == "only_b"] == codes(answer["only_b"])
        first, pair = rows[0], answer["pairs"][0]
        assert (first["a_text"], first["b_iri"]) == (pair["a"]["text"], pair["b"]["iri"])
        assert (first["verdict"], first["reason"]) == (pair["verdict"], pair["reason"])

    def test_the_workbook_has_a_summary_and_the_elements(self, client: TestClient) -> None:
        answer = compared(client, EMPTY, SAMPLE)
        response = client.get("/api/v1/compare", params={"a": EMPTY, "b": SAMPLE}, headers={"Accept": XLSX})
        assert response.headers["content-type"] == XLSX
        book = load_workbook(io.BytesIO(response.content))
        assert book.sheetnames == ["summary", "elements"]
        summary = {row[0]: row[1:] for row in book["summary"].iter_rows(values_only=True)}
        assert summary["standard"] == (EMPTY, SAMPLE)
        assert summary["elements"] == (0, answer["b"]["size"])
        assert summary["note"] == (answer["notes"][-1]["en"], answer["notes"][-1]["zh"])
        assert book["elements"].max_row == 1 + answer["b"]["size"]

    def test_accept_chooses_and_format_goes_before_it(self, client: TestClient) -> None:
        sides = {"a": OLDER, "b": NEWER}
        for headers, form, expected in (
            ({"Accept": "text/csv"}, None, "text/csv"),
            ({"Accept": "text/csv"}, "json", "application/json"),
            ({}, None, "application/json"),
        ):
            asked = sides if form is None else {**sides, "format": form}
            response = client.get("/api/v1/compare", params=asked, headers=headers)
            assert response.headers["content-type"].startswith(expected)
            assert "Accept" in response.headers["vary"].split(", ")
        assert client.get("/api/v1/compare", params={**sides, "format": "doc"}).status_code == 400
        refused = client.get("/api/v1/compare", params=sides, headers={"Accept": "image/png"})
        assert refused.status_code == 406


class TestNearest:
    def nearest(self, client: TestClient, code: str, **others: Any) -> dict[str, Any]:
        response = client.get(f"/api/v1/standards/{code}/nearest", params=others)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def test_the_best_come_first_without_the_standard_and_its_versions(self, client: TestClient) -> None:
        answer = self.nearest(client, "BGM2421-901", limit=100)
        assert answer["standard"]["code"] == NEWER
        listed = codes(answer["hits"])
        assert not {OLDER, NEWER} & set(listed)
        assert {SAMPLE, LEADER, EMPTY} <= set(listed)
        assert {one["framework"] for one in answer["hits"]} == {"icap", "esco"}
        assert answer["total"] == len(listed)
        scores = [one["score"] for one in answer["hits"]]
        assert scores == sorted(scores, reverse=True)
        assert set(answer["hits"][0]) == {
            "iri", "code", "name", "lang", "framework", "level", "score", "likeness", "coverage",
        }  # fmt: skip
        empty = next(one for one in answer["hits"] if one["code"] == EMPTY)
        assert empty["coverage"]["b"] is None

    def test_its_other_versions_are_nearest_where_all_are_asked_for(self, client: TestClient) -> None:
        answer = self.nearest(client, NEWER, all_versions=True)
        assert codes(answer["hits"])[0] == OLDER
        assert NEWER not in codes(answer["hits"])

    def test_frameworks_and_pages_narrow_it(self, client: TestClient) -> None:
        whole = self.nearest(client, SAMPLE, limit=100)
        esco = self.nearest(client, SAMPLE, framework="esco", limit=100)
        assert codes(esco["hits"]) == [one["code"] for one in whole["hits"] if one["framework"] == "esco"]
        page = self.nearest(client, SAMPLE, limit=2, offset=1)
        assert codes(page["hits"]) == codes(whole["hits"])[1:3]
        assert page["total"] == whole["total"]
        assert self.nearest(client, SAMPLE, framework="none")["hits"] == []

    def test_a_part_has_nearest_standards_too(self, client: TestClient) -> None:
        assert self.nearest(client, f"{SAMPLE} T1")["standard"]["part"]["code"] == "T1"

    def test_what_is_wrong_is_said(self, client: TestClient) -> None:
        unknown = client.get("/api/v1/standards/BGM1219-009/nearest")
        assert (unknown.status_code, SAMPLE in unknown.json()["detail"]) == (404, True)
        for parameters in ({"limit": 0}, {"limit": 101}, {"offset": -1}):
            assert client.get(f"/api/v1/standards/{SAMPLE}/nearest", params=parameters).status_code == 422


class TestCommands:
    @pytest.fixture(autouse=True)
    def _model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COMPETENCY_EMBEDDER", "toy")

    def run(self, data: Path, *arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(cli, [*arguments, "--data-dir", str(data)])
        return found.exit_code, found.output

    def test_compare_prints_pairs_coverage_and_what_is_left(self, data: Path) -> None:
        code, output = self.run(data, "compare", f"{OLDER}", "BGM2421-901")
        assert code == 0
        lines = output.splitlines()
        assert lines[0].startswith(f"A  {OLDER}")
        assert lines[1].startswith(f"B  {NEWER}")
        assert any(line.startswith("skill") and line.count("%") == 2 for line in lines)
        assert any(line.startswith("1.00 = A T1 ") for line in lines)
        assert any(line.startswith("only in B (") for line in lines)

    def test_json_is_what_the_service_answers(self, data: Path, client: TestClient) -> None:
        code, output = self.run(data, "compare", SAMPLE, f"{SAMPLE} T2", "--kind", "indicator", "--json")
        assert code == 0
        timeless = {"took_ms": 0}
        served = compared(client, SAMPLE, f"{SAMPLE} T2", kind="indicator")
        assert json.loads(output) | timeless == served | timeless

    def test_the_files_are_written_and_kept(self, data: Path, tmp_path: Path) -> None:
        files = tmp_path / "c.csv", tmp_path / "c.xlsx"
        options = "compare", OLDER, NEWER, "--csv", str(files[0]), "--xlsx", str(files[1])
        assert self.run(data, *options)[0] == 0
        assert files[0].read_bytes().startswith(b"\xef\xbb\xbffound,")
        assert load_workbook(files[1]).sheetnames == ["summary", "elements"]
        code, output = self.run(data, *options)
        assert (code, "--force" in output) == (2, True)
        assert self.run(data, *options, "--force")[0] == 0

    def test_nearest_prints_the_best_first(self, data: Path) -> None:
        code, output = self.run(data, "nearest", SAMPLE, "--limit", "2", "--framework", "icap")
        assert code == 0
        assert len([line for line in output.splitlines() if "; covers " in line]) == 2
        found = json.loads(self.run(data, "nearest", SAMPLE, "--json", "--limit", "3")[1])
        assert [len(found["hits"]), found["limit"]] == [3, 3]

    def test_a_wrong_kind_is_wrong_usage(self, data: Path) -> None:
        code, output = self.run(data, "compare", SAMPLE, LEADER, "--kind", "skil")
        assert (code, "the kinds are" in output) == (2, True)

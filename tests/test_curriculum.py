"""Course outlines against the bundled standards: counts that can be made by hand, gaps, overlaps, order."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from docx import Document
from starlette.testclient import TestClient
from test_cli import run

from api.app import create_app
from api.outlining import competency_of, measure_outline, new_units
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.errors import InvalidInput, NotFound
from ontology.outline import Outline, OutlineCompetency, Unit, outline_from_json, outline_to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.services import Services
    from search.curriculum.results import CurriculumResult, Target

ROOT = Path(__file__).resolve().parent.parent
LEADER = "BGM1219-002v2"
SERVICE = "BAS3341-902v1"
NOWHERE = OutlineCompetency("https://example.org/gone", "X1", "已不存在", "skill", "old")


@pytest.fixture(scope="module")
def bundled_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all bundled standards, indexed with the toy model."""
    folder = tmp_path_factory.mktemp("bundled")
    ingest_and_index([ROOT / "data" / "standards"], Settings(data_dir=folder, embedder="toy"))
    return folder


@pytest.fixture(scope="module")
def bundled(bundled_data: Path) -> Iterator[Services]:
    with open_services(Settings(data_dir=bundled_data, embedder="toy")) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(bundled: Services) -> TestClient:
    return TestClient(create_app(bundled))


def chosen(services: Services, standard: str, *codes: str) -> tuple[OutlineCompetency, ...]:
    elements = services.index.current().elements
    return tuple(competency_of(elements.passage(elements.iri_of(code, standard))) for code in codes)


def measured(services: Services, *units: tuple[OutlineCompetency, ...], to: str = LEADER) -> CurriculumResult:
    outline = Outline("課程", units=tuple(Unit(f"單元 {at}", one) for at, one in enumerate(units, 1)))
    return measure_outline(services, outline, [to])


def target(result: CurriculumResult, code: str) -> Target:
    return next(one for one in result.standards[0].targets if one.passage.code == code)


def counts(result: CurriculumResult) -> dict[str, tuple[int, int, int]]:
    return {one.kind: (one.count, one.covered, one.partly) for one in result.standards[0].figures}


def test_a_task_covers_what_stands_below_it_and_an_indicator_itself(bundled: Services) -> None:
    result = measured(bundled, chosen(bundled, LEADER, "T1", "P2.1.1"))
    # T1 has 13 indicators and 3 outputs; the standard has 66 and 16
    assert counts(result) == {"indicator": (66, 14, 0), "output": (16, 3, 0)}
    assert [one.reason for one in target(result, "P1.1.1").evidence] == ["above"]
    assert [one.reason for one in target(result, "P2.1.1").evidence] == ["itself"]
    assert len(result.standards[0].gaps) == 66 - 14 + 16 - 3
    first, second = result.standards[0].groups[:2]
    assert [one.share for one in first.figures] == [1, 1]
    assert [(one.kind, one.covered) for one in second.figures] == [("indicator", 1), ("output", 0)]


def test_an_activity_covers_its_own_indicators_only(bundled: Services) -> None:
    result = measured(bundled, chosen(bundled, LEADER, "T1.2"))
    covered = {one.passage.code for one in result.standards[0].targets if one.value == 1}
    assert covered == {"P1.2.1", "P1.2.2", "P1.2.3", "P1.2.4"}


def test_what_a_task_requires_covers_by_its_share(bundled: Services) -> None:
    # T1 requires K1, K2, K3, K4 and S1, S2, S3: K1 is one of seven, S1#2 one of the five items of S1
    result = measured(bundled, chosen(bundled, LEADER, "K1"), chosen(bundled, LEADER, "S1#2"))
    one = target(result, "P1.1.1")
    assert one.value == pytest.approx((1 + 1 / 5) / 7, abs=1e-4)
    assert {(why.reason, why.through, why.taken.unit) for why in one.evidence} == {
        ("required", "K1", 0),
        ("required", "S1", 1),
    }
    whole = measured(bundled, chosen(bundled, LEADER, "K1", "K2", "K3", "K4", "S1", "S2", "S3"))
    assert target(whole, "P1.1.1").value == 1
    assert counts(whole)["indicator"][1] >= 13


def test_the_newer_template_counts_by_what_the_activity_requires(bundled: Services) -> None:
    _, standard = bundled.standard(SERVICE)
    activity = standard.tasks[0].activities[0]
    required = (*activity.knowledge, *activity.skills)
    result = measured(bundled, chosen(bundled, SERVICE, required[0]), to=SERVICE)
    value = target(result, activity.indicators[0].code).value
    assert value == pytest.approx(1 / len(required), abs=1e-4)


def test_the_same_words_in_another_standard_cover_an_indicator(bundled: Services) -> None:
    # two versions of one sample have indicators in common
    old, new = "BGM2421-901v1", "BGM2421-901v2"
    _, before = bundled.standard(old)
    _, after = bundled.standard(new)
    texts = {one.text: one.code for task in after.tasks for a in task.activities for one in a.indicators}
    shared = [
        (one.code, texts[one.text])
        for task in before.tasks
        for a in task.activities
        for one in a.indicators
        if one.text in texts
    ]
    assert shared
    result = measured(bundled, chosen(bundled, old, shared[0][0]), to=new)
    found = target(result, shared[0][1])
    assert (found.value, found.evidence[0].reason) == (1, "text")


def test_what_is_not_loaded_is_kept_and_told(bundled: Services) -> None:
    result = measured(bundled, (NOWHERE, *chosen(bundled, LEADER, "T2")))
    assert [one.competency for one in result.unknown] == [NOWHERE]
    assert result.outline.units[0].competencies[0] == NOWHERE
    assert counts(result)["indicator"][1] == 15


def test_overlaps_are_the_same_elements_and_parts_of_them(bundled: Services) -> None:
    first, second = chosen(bundled, LEADER, "K1", "S1"), chosen(bundled, LEADER, "K1", "S1#2")
    result = measured(bundled, first, second)
    found = {(one.first.competency.code, one.second.competency.code, one.reason) for one in result.overlaps}
    assert ("K1", "K1", "element") in found
    assert ("S1", "S1#2", "part") in found
    assert measured(bundled, (*first, *second)).overlaps == ()


def test_units_are_ordered_by_level_and_by_what_is_required(bundled: Services) -> None:
    # T3 is of level 3, T2 and T4 of level 4; T3.1 requires what T3 requires
    _, standard = bundled.standard(LEADER)
    own = next(code for code in standard.tasks[2].knowledge if code not in standard.tasks[0].knowledge)
    result = measured(
        bundled,
        chosen(bundled, LEADER, "T4"),
        chosen(bundled, LEADER, "T2"),
        chosen(bundled, LEADER, "T3.1"),
        chosen(bundled, LEADER, own),
    )
    assert [one.unit for one in result.order] == [3, 2, 1, 0]
    after = {one.unit: one.after for one in result.order}
    assert [(need.taken.unit, need.needed_by) for need in after[2]] == [(3, "T3.1")]
    assert not result.is_in_order


def test_units_that_need_each_other_are_all_placed(bundled: Services) -> None:
    _, standard = bundled.standard(LEADER)
    first, third = standard.tasks[0], standard.tasks[2]
    only_third = next(code for code in third.knowledge if code not in first.knowledge)
    only_first = next(code for code in first.knowledge if code not in third.knowledge)
    result = measured(
        bundled,
        chosen(bundled, LEADER, "T1.1", only_third),
        chosen(bundled, LEADER, "T3.1", only_first),
    )
    assert sorted(one.unit for one in result.order) == [0, 1]


def test_an_outline_made_from_a_standard_covers_it(bundled: Services) -> None:
    units, standard = new_units(bundled, "bgm1219-002")
    assert standard == LEADER
    assert [unit.title for unit in units] == [task.name for task in bundled.standard(LEADER)[1].tasks]
    result = measure_outline(bundled, Outline("x", units=units, standards=(standard,)))
    assert [one.share for one in result.standards[0].figures] == [1, 1]
    assert result.standards[0].gaps == ()


def test_an_outline_can_be_made_from_a_search(bundled: Services) -> None:
    (unit,), standard = new_units(bundled, "處理團隊衝突")
    assert (unit.title, standard) == ("處理團隊衝突", "")
    assert "S1#2" in [one.code for one in unit.competencies]
    (coded,), _ = new_units(bundled, f"{LEADER} S1#2")
    assert "S1#2" in [one.code for one in coded.competencies]


def test_an_empty_outline_and_an_unknown_standard_are_errors(bundled: Services) -> None:
    with pytest.raises(InvalidInput, match="no units"):
        measure_outline(bundled, Outline("x"), [LEADER])
    with pytest.raises(NotFound, match="BGM1219-002"):
        measure_outline(bundled, Outline("x", units=(Unit("u"),)), ["BGM1219-022v2"])


def body(services: Services, **others: Any) -> dict[str, Any]:
    outline = Outline(
        "課程",
        units=(
            Unit("一", chosen(services, LEADER, "T1"), 6),
            Unit("二", (*chosen(services, LEADER, "P1.1.1"), NOWHERE)),
        ),
        standards=(LEADER,),
    )
    return {"outline": outline_to_json(outline), **others}


def test_coverage_over_http(client: TestClient, bundled: Services) -> None:
    answer = client.post("/api/v1/outlines/coverage", json=body(bundled)).json()
    assert (answer["units"], answer["competencies"]) == (2, 3)
    assert answer["unknown"][0]["iri"] == NOWHERE.iri
    (standard,) = answer["standards"]
    assert standard["coverage"][0] == {
        "kind": "indicator",
        "count": 66,
        "covered": 13,
        "partly": 0,
        "share": round(13 / 66, 4),
    }
    assert standard["tasks"][0]["elements"][0]["by"][0]["unit"] == 1
    assert standard["gaps"][0]["task"] == "T2"
    assert any("管理相關經驗" in text for text in standard["entry"])
    assert [one["reason"] for one in answer["overlaps"]] == ["part"]
    chosen_by_name = client.post(
        "/api/v1/outlines/coverage", json=body(bundled, standards=[SERVICE, LEADER])
    ).json()
    assert [one["code"] for one in chosen_by_name["standards"]] == [SERVICE, LEADER]


@pytest.mark.parametrize("form", ["json", "xlsx", "docx"])
def test_files_over_http_come_back_without_loss(client: TestClient, bundled: Services, form: str) -> None:
    outline = body(bundled)["outline"]
    file = client.post("/api/v1/outlines/export", params={"format": form}, json=outline)
    assert file.status_code == 200
    assert f".{form}" in file.headers["content-disposition"]
    raw = client.post("/api/v1/outlines/import", content=file.content)
    assert raw.json() == {"outline": outline, "notes": []}
    sent = client.post("/api/v1/outlines/import", files={"file": (f"course.{form}", file.content)})
    assert sent.json() == raw.json()


@pytest.mark.parametrize(
    ("address", "sent", "status", "words"),
    [
        ("coverage", {"outline": {}}, 422, "format"),
        ("coverage", {"outline": {}, "standard": []}, 422, "standard"),
        ("export?format=pdf", {}, 422, "format"),
        ("export?format=xlsx", {"format": "competency-outline", "version": 9}, 422, "version"),
    ],
)
def test_wrong_bodies_are_told(
    client: TestClient, address: str, sent: dict[str, Any], status: int, words: str
) -> None:
    answer = client.post(f"/api/v1/outlines/{address}", json=sent)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)


def test_a_broken_upload_is_told_by_its_name(client: TestClient) -> None:
    answer = client.post("/api/v1/outlines/import", files={"file": ("course.docx", b"PK\x03\x04broken")})
    assert (answer.status_code, answer.json()["file"]) == (422, "course.docx")


def test_a_huge_body_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v1/outlines/import", content=b"x", headers={"Content-Length": "100000000"})
    assert answer.status_code == 413
    answer = client.post("/api/v1/outlines/import", content=b" " * 22_000_000)
    assert answer.status_code == 413


def test_the_commands_make_measure_write_and_read_an_outline(bundled_data: Path, tmp_path: Path) -> None:
    file, sheet, word = (tmp_path / name for name in ("a.json", "a.xlsx", "a.docx"))
    made = run("outline", "new", str(file), "--from", LEADER, "--from", "處理團隊衝突", data_dir=bundled_data)
    assert made.returncode == 0, made.stderr
    outline = outline_from_json(json.loads(file.read_text("utf-8")), "a.json")
    assert len(outline.units) == 6
    told = run("outline", "coverage", str(file), data_dir=bundled_data)
    assert "13 of 13" in told.stdout
    assert "taught in two units" in told.stdout
    data = run("outline", "coverage", str(file), "--standard", SERVICE, "--json", data_dir=bundled_data)
    assert json.loads(data.stdout)["standards"][0]["code"] == SERVICE
    written = run(
        "outline", "export", str(file), "--xlsx", str(sheet), "--docx", str(word), data_dir=bundled_data
    )
    assert written.returncode == 0, written.stderr
    for one in (sheet, word):
        assert json.loads(run("outline", "import", str(one)).stdout) == outline_to_json(outline)
    assert openpyxl.load_workbook(sheet).sheetnames == ["課程大綱", "單元", "職能"]
    assert Document(str(word)).tables
    again = run("outline", "new", str(file), "--from", LEADER, data_dir=bundled_data)
    assert (again.returncode, "--force" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("new", "a.txt", "--from", LEADER), 2, "none of .json, .xlsx, .docx"),
        (("new", "b.json", "--from", "zzzz qqqq"), 1, "nothing fits"),
        (("coverage", "gone.json"), 2, "does not exist"),
        (("coverage", "bad.json"), 1, "bad.json, version: found a number"),
        (("export", "bad.json"), 2, "name a file"),
        (("import", "bad.docx"), 1, "bad.docx: the zip is neither"),
    ],
)
def test_wrong_uses_are_told(bundled_data: Path, arguments: tuple[str, ...], status: int, words: str) -> None:
    (bundled_data / "bad.json").write_text('{"format": "competency-outline", "version": 7}')
    (bundled_data / "bad.docx").write_bytes(b"PK\x03\x04")
    done = run("outline", *arguments, data_dir=bundled_data)
    assert (done.returncode, words in done.stderr) == (status, True), done.stderr


def test_an_edited_word_document_says_what_was_taken(bundled_data: Path, tmp_path: Path) -> None:
    word = tmp_path / "a.docx"
    run("outline", "new", str(word), "--from", LEADER, data_dir=bundled_data)
    document = Document(str(word))
    document.tables[0].cell(1, 1).text = "帶人"
    stream = io.BytesIO()
    document.save(stream)
    word.write_bytes(stream.getvalue())
    done = run("outline", "import", str(word))
    assert json.loads(done.stdout)["units"][0]["title"] == "帶人"
    assert "were edited" in done.stderr

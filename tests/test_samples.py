"""The standards written for the project: complete in the form, marked as samples wherever they are shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from starlette.testclient import TestClient

from api.app import create_app
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.identifiers import Identifiers
from ontology.model import Kind
from ontology.rdf import to_graph
from ontology.readers import read_standard
from ontology.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ontology.model import Standard

FILES = sorted((ROOT / "data" / "standards").glob("sample-*.txt"))


@pytest.fixture(scope="module")
def samples() -> dict[str, Standard]:
    return {standard.code: standard for standard in map(read_standard, FILES)}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service as ``make run`` leaves it on a fresh machine, with the toy model."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("bundled"), embedder="toy")
    report = ingest_and_index([ROOT / "data" / "standards"], settings)
    assert report.counts() == {"added": 5, "changed": 0, "unchanged": 0, "refused": 0}
    with open_services(settings) as services, TestClient(create_app(services)) as opened:
        yield opened


def test_there_is_something_to_compare_to_filter_and_to_read_in_english(samples: dict[str, Standard]) -> None:
    assert {code: standard.language for code, standard in samples.items()} == {
        "BAS3341-902v1": "zh-Hant",
        "BGM1219-903v1": "en",
        "BGM2421-901v1": "zh-Hant",
        "BGM2421-901v2": "zh-Hant",
    }
    assert len({standard.level for standard in samples.values()}) == 3
    newer = samples["BAS3341-902v1"]
    assert newer.knowledge[0].code == "K01"
    assert all(activity.level and activity.knowledge for task in newer.tasks for activity in task.activities)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_is_complete_and_leaves_no_doubt(path: Path) -> None:
    standard = read_standard(path)
    assert standard.doubts == ()
    assert validate(to_graph(standard, Identifiers())).findings == ()
    counts = [len(task.activities) for task in standard.tasks]
    assert 4 <= len(counts) <= 5
    assert min(counts) >= 2
    for task in standard.tasks:
        assert all(2 <= len(activity.indicators) <= 4 for activity in task.activities)
    assert 10 <= len(standard.knowledge) <= 18
    assert 10 <= len(standard.skills) <= 16
    assert 4 <= len(standard.attitudes) <= 6
    assert any(skill.items for skill in standard.skills)
    assert {note.kind for note in standard.notes} == {"note", "prerequisite"}


def test_the_second_version_adds_removes_rewords_moves_and_changes_levels(
    samples: dict[str, Standard],
) -> None:
    old, new = samples["BGM2421-901v1"], samples["BGM2421-901v2"]
    before, after = ({one.text: one for one in each.elements()} for each in (old, new))
    assert "管理委外廠商" in before.keys() - after.keys()
    assert "追蹤專案效益" in after.keys() - before.keys()
    assert (before["估算投入"].path, after["估算投入"].path) == (("T1",), ("T2",))
    assert (old.level, new.level) == (4, 5)
    assert old.tasks[2].level != new.tasks[2].level
    assert len(before.keys() & after.keys()) > len(after) / 2
    assert "BGM2421-901v2" in new.history[1].note


def test_a_sample_is_marked_in_name_status_and_notes(samples: dict[str, Standard]) -> None:
    for standard in samples.values():
        mark = "sample" if standard.language == "en" else "範例"
        assert mark in standard.name
        assert mark in standard.status.casefold()
        assert mark in standard.notes[0].text


def test_no_sample_has_a_code_that_the_platform_has_given(shared_data: Path) -> None:
    catalogue = (shared_data / "icap" / "catalogue-905.json").read_text(encoding="utf-8")
    assert json.loads(catalogue)["metadata"]["total_standards"] == 905
    for path in FILES:
        series = path.stem.removeprefix("sample-").partition("v")[0]
        assert series not in catalogue


def test_no_sample_repeats_a_sentence_of_the_founding_document(
    samples: dict[str, Standard], sample_path: Path
) -> None:
    founding = {one.text for one in read_standard(sample_path).elements() if len(one.text) > 6}
    for standard in samples.values():
        assert not founding & {one.text for one in standard.elements()}


def test_lists_pages_and_hits_show_that_a_sample_is_one(client: TestClient) -> None:
    listed = {one["code"]: one for one in client.get("/api/v1/standards").json()["standards"]}
    assert listed["BGM1219-002v2"]["status"] == "最新版本"
    assert listed["BGM1219-903v1"]["status"] == "Sample, not an official document"
    assert listed["BGM1219-903v1"]["lang"] == "en"
    page = client.get("/standards?hl=en", headers={"Accept": "text/html"}).text
    assert page.count('<span class="tag" lang="zh-Hant">範例，非官方文件</span>') == 3
    whole = client.get("/api/v1/standards/BAS3341-902v1").json()
    assert "並非" in whole["notes"][0]["text"]
    hits = client.get("/api/v1/search", params={"q": "Shift plan", "lang": "en"}).json()["hits"]
    assert hits[0]["code"] == "O1.1.1"
    assert {(hit["lang"], hit["standard_name"]) for hit in hits} == {("en", "Team leader (sample)")}


def test_every_text_of_the_english_sample_is_tagged_english(client: TestClient) -> None:
    query = """SELECT DISTINCT (LANG(?text) AS ?language) WHERE {
      ?element <https://w3id.org/competency-graph/ontology#ofStandard> ?standard ; ?says ?text .
      ?standard <http://www.w3.org/2004/02/skos/core#notation> "BGM1219-903v1" .
      FILTER (LANG(?text) != "") }"""
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert [row["language"]["value"] for row in rows] == ["en"]


def test_the_kinds_of_the_english_sample_are_counted(samples: dict[str, Standard]) -> None:
    counts = dict.fromkeys(Kind, 0)
    for element in samples["BGM1219-903v1"].elements():
        counts[element.kind] += "#" not in element.code
    assert [counts[kind] for kind in list(Kind)[:7]] == [5, 14, 13, 30, 12, 12, 5]

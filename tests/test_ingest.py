"""From files to standards in the store and back: whole or not at all, and the same again changes nothing."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef
from small_documents import document
from sparql_servers import emptied

from graph import Status, find_standard, ingest, list_standards, load_standard, load_standards, open_store
from ontology.codes import codes_graph
from ontology.errors import DocumentError, InvalidInput, NotFound, StoreMissing, ValidationFailed
from ontology.identifiers import Identifiers, standard_key
from ontology.json_form import to_json
from ontology.model import Kind
from ontology.rdf import to_graph
from ontology.readers import read_standard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph import IngestReport, RdfStore
    from ontology.model import Standard

IDENTIFIERS = Identifiers()
SAMPLE = "https://w3id.org/competency-graph/id/icap/BGM1219-002v2"


@pytest.fixture(params=["memory", "oxigraph", "sparql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RdfStore]:
    if request.param == "sparql":
        descriptor = emptied(request.getfixturevalue("oxigraph_server"))
    else:
        descriptor = f"{request.param}:{tmp_path / 'store' if request.param == 'oxigraph' else ''}"
    with open_store(descriptor) as opened:
        yield opened


@pytest.fixture
def memory() -> Iterator[RdfStore]:
    with open_store("memory:") as opened:
        yield opened


def statuses(report: IngestReport) -> list[Status]:
    return [outcome.status for outcome in report.outcomes]


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def publish(store: RdfStore, *standards: Standard) -> None:
    store.publish(
        {
            IDENTIFIERS.standard(one.framework, standard_key(one.code, one.version)): to_graph(
                one, IDENTIFIERS
            )
            for one in standards
        }
    )


def test_the_sample_goes_in_and_comes_back_as_it_was_read(store: RdfStore, sample_path: Path) -> None:
    report = ingest([sample_path], store, IDENTIFIERS)
    [outcome] = report.outcomes
    assert (outcome.status, outcome.iri, outcome.key, outcome.name) == (
        Status.ADDED,
        SAMPLE,
        "BGM1219-002v2",
        "基層主管",
    )
    assert report.revision == store.revision()
    assert set(store.graphs()) == {SAMPLE, IDENTIFIERS.base + "vocabulary", IDENTIFIERS.base + "code"}
    standard = read_standard(sample_path)
    assert list(load_standards(store, IDENTIFIERS)) == [standard]
    assert outcome.doubts == standard.doubts != ()


def test_the_list_has_the_counts_of_the_document(store: RdfStore, sample_path: Path) -> None:
    assert list_standards(store) == ()
    ingest([sample_path], store, IDENTIFIERS)
    [summary] = list_standards(store)
    assert (
        summary.iri,
        summary.name,
        summary.language,
        summary.framework,
        summary.version,
        summary.level,
    ) == (
        SAMPLE,
        "基層主管",
        "zh-Hant",
        "icap",
        "V2",
        4,
    )
    assert summary.counts == {
        Kind.TASK: 5,
        Kind.ACTIVITY: 17,
        Kind.OUTPUT: 16,
        Kind.INDICATOR: 66,
        Kind.KNOWLEDGE: 19,
        Kind.SKILL: 16,
        Kind.ATTITUDE: 6,
        Kind.STATEMENT: 0,
    }


def test_the_same_again_changes_nothing(store: RdfStore, sample_path: Path) -> None:
    first = ingest([sample_path], store, IDENTIFIERS)
    again = ingest([sample_path], store, IDENTIFIERS)
    assert statuses(again) == [Status.UNCHANGED]
    assert again.revision == first.revision


def test_a_changed_text_replaces_the_document_and_only_it(store: RdfStore, tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", document())
    other = written(tmp_path, "b.txt", document().replace("BGM1219-002v2", "BGM1219-003v1"))
    ingest([path, other], store, IDENTIFIERS)
    before = dict(store.graphs())
    written(tmp_path, "a.txt", document().replace("設定計畫", "擬定計畫"))
    report = ingest([path, other], store, IDENTIFIERS)
    assert statuses(report) == [Status.CHANGED, Status.UNCHANGED]
    changed = {iri for iri, digest in store.graphs().items() if before[iri] != digest}
    assert changed == {report.outcomes[0].iri}
    assert load_standard(store, IDENTIFIERS, "BGM1219-002v2").tasks[0].activities[0].name == "擬定計畫"
    assert not list(store.graph(SAMPLE).subjects(None, Literal("設定計畫", lang="zh-Hant")))


def test_bad_files_are_refused_and_the_others_go_on(store: RdfStore, tmp_path: Path) -> None:
    good = written(tmp_path, "good.txt", document())
    empty = written(tmp_path, "empty.txt", "")
    prose = written(tmp_path, "prose.txt", "A letter.\n\nDear Sir,\n")
    latin = tmp_path / "latin.txt"
    latin.write_bytes("職能基準\n".encode("big5") + b"\xff\xfe\xfd")
    missing = tmp_path / "missing.txt"
    report = ingest([empty, prose, good, latin, missing], store, IDENTIFIERS)
    assert [status is Status.REFUSED for status in statuses(report)] == [True, True, False, True, True]
    for outcome in report.refused:
        assert isinstance(outcome.error, DocumentError)
        assert outcome.error.file == outcome.file
    assert [one.code for one in list_standards(store)] == ["BGM1219-002v2"]
    assert report.counts() == {"added": 1, "changed": 0, "unchanged": 0, "refused": 4}


def test_a_document_that_breaks_the_shapes_is_refused_with_the_violations(
    memory: RdfStore, tmp_path: Path
) -> None:
    path = written(tmp_path, "a.txt", document().replace("P1.1.1 建立目標", ""))
    ingest([written(tmp_path, "b.txt", document())], memory, IDENTIFIERS)
    revision = memory.revision()
    [outcome] = ingest([path], memory, IDENTIFIERS).outcomes
    assert outcome.status is Status.REFUSED
    assert isinstance(outcome.error, ValidationFailed)
    assert [violation.partition(":")[0] for violation in outcome.error.violations] == ["T1.1"]
    assert outcome.warnings != ()  # the document lists no attitudes
    assert memory.revision() == revision


def test_when_all_is_refused_the_store_is_not_touched(store: RdfStore, tmp_path: Path) -> None:
    bad = written(tmp_path, "bad.txt", "no standard")
    assert ingest([bad], store, IDENTIFIERS).revision == ""
    assert store.graphs() == {}
    revision = ingest([written(tmp_path, "good.txt", document())], store, IDENTIFIERS).revision
    assert ingest([bad], store, IDENTIFIERS).revision == revision == store.revision()


def test_a_dry_run_tells_the_same_and_stores_nothing(store: RdfStore, tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", document())
    report = ingest([path], store, IDENTIFIERS, dry_run=True)
    assert (statuses(report), report.revision) == ([Status.ADDED], "")
    with pytest.raises(StoreMissing):
        store.revision()
    ingest([path], store, IDENTIFIERS)
    assert statuses(ingest([path], store, IDENTIFIERS, dry_run=True)) == [Status.UNCHANGED]


def test_folders_are_walked_and_each_file_is_read_once(memory: RdfStore, tmp_path: Path) -> None:
    deep = written(tmp_path, "in/deep/b.TXT", document())
    written(tmp_path, "in/a.txt", document().replace("BGM1219-002v2", "BGM1219-001v1"))
    written(tmp_path, "in/.hidden.txt", "nothing")
    written(tmp_path, "in/notes.md", "nothing")
    report = ingest([tmp_path / "in", deep, tmp_path / "in" / "deep" / ".." / "a.txt"], memory, IDENTIFIERS)
    assert [Path(outcome.file).name for outcome in report.outcomes] == ["a.txt", "b.TXT"]
    assert statuses(report) == [Status.ADDED, Status.ADDED]


def test_two_files_of_one_standard_are_told_apart_by_content(memory: RdfStore, tmp_path: Path) -> None:
    first = written(tmp_path, "1/a.txt", document())
    copy = written(tmp_path, "2/a.txt", document())
    other = written(tmp_path, "3/a.txt", document().replace("設定計畫", "擬定計畫"))
    report = ingest([first, copy, other], memory, IDENTIFIERS)
    assert statuses(report) == [Status.ADDED, Status.UNCHANGED, Status.REFUSED]
    assert str(first) in str(report.outcomes[2].error)


def test_a_json_file_may_hold_several_standards_each_with_its_own_outcome(
    memory: RdfStore, tmp_path: Path
) -> None:
    plain = read_standard(document().encode(), "a.txt")
    forms = [
        to_json(plain),
        to_json(replace(plain, code="BGM1219-003v1", version="V1")),
        to_json(replace(plain, code="BGM1219-004v1", version="V1", tasks=())),
    ]
    path = written(tmp_path, "several.json", json.dumps(forms))
    report = ingest([tmp_path], memory, IDENTIFIERS)
    assert statuses(report) == [Status.ADDED, Status.ADDED, Status.REFUSED]
    assert [outcome.key for outcome in report.outcomes] == ["BGM1219-002v2", "BGM1219-003v1", "BGM1219-004v1"]
    text = written(tmp_path, "text.txt", document())
    again = ingest([path, text], memory, IDENTIFIERS)
    assert statuses(again)[:2] == [Status.UNCHANGED, Status.UNCHANGED]
    written(tmp_path, "several.json", json.dumps([forms[0], {**forms[0], "name": "另一名稱"}]))
    assert statuses(ingest([path], memory, IDENTIFIERS)) == [Status.UNCHANGED, Status.REFUSED]


def test_a_place_without_documents_is_bad_input(memory: RdfStore, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"known suffixes: .*\.txt"):
        ingest([tmp_path], memory, IDENTIFIERS)


def test_shared_graphs_are_brought_up_to_date_where_no_document_changed(
    memory: RdfStore, tmp_path: Path
) -> None:
    """As after an update of the program that knows more codes."""
    path = written(tmp_path, "a.txt", document())
    ingest([path], memory, IDENTIFIERS)
    old = Graph()
    old.add((URIRef(SAMPLE), URIRef("https://example.org/p"), Literal("old")))
    revision = memory.publish({IDENTIFIERS.base + "code": old})
    report = ingest([path], memory, IDENTIFIERS)
    assert statuses(report) == [Status.UNCHANGED]
    assert report.revision != revision
    assert set(memory.graph(IDENTIFIERS.base + "code")) == set(codes_graph(IDENTIFIERS))


def test_more_than_fits_in_one_step_is_published_in_several(
    memory: RdfStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["graph.ingest"], "_MAX_STATEMENTS", 100)
    for number in range(1, 5):
        code = f"BGM1219-00{number}v1"
        written(tmp_path, f"{number}.txt", document().replace("BGM1219-002v2", code))
    report = ingest([tmp_path], memory, IDENTIFIERS)
    assert statuses(report) == [Status.ADDED] * 4
    assert len(list_standards(memory)) == 4
    assert (report.revision, memory.revision() > "000001") == (memory.revision(), True)


def test_progress_and_the_json_of_a_report(memory: RdfStore, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    files = [written(tmp_path, "a.txt", document()), written(tmp_path, "b.txt", "")]
    report = ingest(files, memory, IDENTIFIERS, progress=lambda *step: told.append(step))
    assert told == [("Reading", 0, 2), ("Reading", 1, 2), ("Reading", 2, 2)]
    form = json.loads(json.dumps(report.to_json()))
    assert form["counts"]["refused"] == 1
    assert [one["status"] for one in form["documents"]] == ["added", "refused"]
    assert "b.txt" in form["documents"][1]["error"]


class TestFinding:
    @pytest.fixture
    def versions(self, memory: RdfStore, sample_path: Path) -> RdfStore:
        """Versions 2 and 10 of one standard, a first version that is printed without ``v1``, and another."""
        sample = read_standard(sample_path)
        publish(
            memory,
            sample,
            replace(sample, code="BGM1219-002v10", version="V10"),
            replace(sample, code="APP7322-001", version=""),
            replace(sample, code="BAS1219-001v1", version="V1"),
        )
        return memory

    @pytest.mark.parametrize(
        ("key", "code"),
        [
            ("BGM1219-002v2", "BGM1219-002v2"),
            ("bgm1219-002V2", "BGM1219-002v2"),
            (" BGM1219-002v2 ", "BGM1219-002v2"),
            (SAMPLE, "BGM1219-002v2"),
            ("BGM1219-002", "BGM1219-002v10"),
            ("APP7322-001", "APP7322-001"),
            ("app7322-001v1", "APP7322-001"),
            ("BAS1219-001", "BAS1219-001v1"),
        ],
    )
    def test_by_what_people_call_it(self, versions: RdfStore, key: str, code: str) -> None:
        assert find_standard(list_standards(versions), key).code == code
        standard = load_standard(versions, IDENTIFIERS, key)
        assert standard_key(standard.code, standard.version) == code

    def test_what_is_not_there_is_answered_with_the_nearest(self, versions: RdfStore) -> None:
        with pytest.raises(NotFound, match="BGM1219-002v2") as caught:
            load_standard(versions, IDENTIFIERS, "BGM1219-002v3")
        assert caught.value.key == "BGM1219-002v3"
        with pytest.raises(NotFound, match="no standard is known under ''"):
            load_standard(versions, IDENTIFIERS, "")

    def test_an_empty_store_says_so(self, memory: RdfStore) -> None:
        with pytest.raises(NotFound, match="none has been loaded"):
            load_standard(memory, IDENTIFIERS, "BGM1219-002v2")
        assert list(load_standards(memory, IDENTIFIERS)) == []

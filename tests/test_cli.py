"""The command line: what it prints, where it prints it, and its exit status."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph
from small_esco import tables, zipped

ROOT = Path(__file__).resolve().parent.parent


def run(
    *arguments: str, data_dir: Path | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with the toy model."""
    environment = {**os.environ, "COMPETENCY_EMBEDDER": "toy", "PYTHONPATH": str(ROOT)}
    if data_dir:
        environment["COMPETENCY_DATA_DIR"] = str(data_dir)
    done = subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        input=stdin,
        capture_output=True,
        env=environment,
        cwd=data_dir or ROOT,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


def test_parse_prints_the_standard_as_json(sample_path: Path) -> None:
    done = run("parse", str(sample_path), "--json")
    body = json.loads(done.stdout)
    assert (done.returncode, body["code"], len(body["tasks"])) == (0, "BGM1219-002v2", 5)
    assert any(doubt["where"] == "S16" for doubt in body["doubts"])
    piped = run("parse", "-", "--json", stdin=sample_path.read_bytes())
    assert json.loads(piped.stdout)["tasks"] == body["tasks"]


def test_parse_for_people_keeps_doubts_out_of_the_data(sample_path: Path) -> None:
    done = run("parse", str(sample_path))
    assert "T1.1 設定能達成團隊目標的計畫" in done.stdout
    assert "doubt" not in done.stdout
    assert "S16" in done.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"hello\nworld\n", "not a"),
        ("工作任務\t行為指標\n".encode("big5"), "UTF-8"),
        (b"%PDF-1.7", "cut short"),
    ],
)
def test_what_is_no_standard_is_refused_by_name(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "input.txt"
    path.write_bytes(content)
    done = run("parse", str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert str(path) in done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_ingest_without_the_index_leaves_the_search_to_be_mended(tmp_path: Path, sample_path: Path) -> None:
    data_dir = tmp_path / "var"
    release = zipped(tmp_path / "esco", tables())
    done = run("ingest", str(sample_path), "--data-dir", str(data_dir))
    assert run("search", "衝突", "--data-dir", str(data_dir)).returncode == 0
    done = run("ingest", str(release), "--no-index", "--data-dir", str(data_dir))
    assert done.returncode == 0, done.stderr
    assert "added      esco\n  ESCO 9.8.7: 3 concept, " in done.stdout
    done = run("search", "衝突", "--data-dir", str(data_dir))
    assert (done.returncode, done.stdout) == (1, "")
    assert "the search index is older than the store; run: competency index" in done.stderr
    assert run("index", "--data-dir", str(data_dir)).returncode == 0
    assert run("search", "衝突", "--data-dir", str(data_dir)).returncode == 0
    run("ingest", str(release), "--no-index", "--data-dir", str(data_dir))
    assert run("search", "衝突", "--data-dir", str(data_dir)).returncode == 0


def test_ingest_reports_and_repeats_without_change(tmp_path: Path, sample_path: Path) -> None:
    first = run("ingest", "--bundled", data_dir=tmp_path)
    assert (first.returncode, "5 added, 0 changed, 0 unchanged, 0 refused" in first.stdout) == (0, True)
    again = run("ingest", str(sample_path), "--json", data_dir=tmp_path)
    assert json.loads(again.stdout)["counts"] == {"added": 0, "changed": 0, "unchanged": 1, "refused": 0}
    changed = tmp_path / "changed.txt"
    changed.write_text(
        sample_path.read_text(encoding="utf-8").replace("主持討論", "主持會議討論"), encoding="utf-8"
    )
    third = run("ingest", str(changed), "--json", data_dir=tmp_path)
    assert json.loads(third.stdout)["counts"]["changed"] == 1
    found = run("search", "主持會議討論", "--limit", "1", "--json", data_dir=tmp_path)
    assert json.loads(found.stdout)["hits"][0]["code"] == "S1#4"


def test_a_bad_file_is_refused_alone_and_nothing_stored_changes(tmp_path: Path, sample_path: Path) -> None:
    run("ingest", str(sample_path), data_dir=tmp_path)
    revision = (tmp_path / "store" / "CURRENT").read_text(encoding="utf-8")
    doubled = tmp_path / "doubled.txt"
    lines = sample_path.read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(lines) if "T2.2" in line)
    lines[row] = lines[row].replace("P2.2.2", "P2.2.1")
    doubled.write_text("\n".join(lines), encoding="utf-8")
    done = run("ingest", str(doubled), str(sample_path), "--json", data_dir=tmp_path)
    body = json.loads(done.stdout)
    assert done.returncode == 1
    assert body["counts"] == {"added": 0, "changed": 0, "unchanged": 1, "refused": 1}
    assert "P2.2.1" in body["documents"][0]["error"]
    assert f"line {row + 1}" in body["documents"][0]["error"]
    assert (tmp_path / "store" / "CURRENT").read_text(encoding="utf-8") == revision


def test_parse_prints_one_object_or_a_list(tmp_path: Path, sample_path: Path) -> None:
    one = json.loads(run("parse", str(sample_path), "--json").stdout)
    several = tmp_path / "several.json"
    several.write_text(json.dumps([one, {**one, "code": "BGM1219-003v1"}]), encoding="utf-8")
    printed = json.loads(run("parse", str(several), "--json").stdout)
    assert [form["code"] for form in printed] == ["BGM1219-002v2", "BGM1219-003v1"]
    assert printed[0] == one
    shown = run("parse", str(several)).stdout
    assert "BGM1219-002v2 基層主管" in shown
    assert "BGM1219-003v1 基層主管" in shown


def test_dry_run_and_validate_store_nothing(tmp_path: Path, sample_path: Path) -> None:
    assert run("ingest", str(sample_path), "--dry-run", data_dir=tmp_path).returncode == 0
    done = run("validate", str(sample_path), "--json", data_dir=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["documents"][0]["doubts"] != []) == (0, True)
    assert not (tmp_path / "store").exists()


def test_search_prints_hits_with_their_place_and_reason(loaded_data: Path) -> None:
    done = run("search", "處理團隊衝突", "--limit", "2", data_dir=loaded_data)
    lines = done.stdout.splitlines()
    assert "S1#2" in lines[0]
    assert "處理團隊衝突" in lines[0]
    assert "BGM1219-002v2 基層主管 › S1" in lines[1]


def test_search_groups_by_standard(loaded_data: Path) -> None:
    grouping = ("--group", "standard", "--group-hits", "2")
    done = run("search", "處理團隊衝突", *grouping, data_dir=loaded_data)
    assert done.returncode == 0, done.stderr
    flat = run("search", "處理團隊衝突", "--limit", "3", "--json", data_dir=loaded_data)
    best = [hit["iri"] for hit in json.loads(flat.stdout)["hits"]]
    answer = json.loads(run("search", "處理團隊衝突", *grouping, "--json", data_dir=loaded_data).stdout)
    (group,) = answer["groups"]
    assert group["standard"] == "BGM1219-002v2"
    assert [hit["iri"] for hit in group["hits"]] == best[:2]
    assert answer["hits"] == []


@pytest.mark.parametrize(
    ("form", "parser"), [("turtle", "turtle"), ("ntriples", "nt"), ("jsonld", "json-ld")]
)
def test_export_writes_rdf(loaded_data: Path, form: str, parser: str) -> None:
    done = run("export", "BGM1219-002v2", "--format", form, data_dir=loaded_data)
    assert len(Graph().parse(data=done.stdout, format=parser)) > 1000


def test_export_tells_what_is_lost(loaded_data: Path, tmp_path: Path) -> None:
    book, report = tmp_path / "a.xlsx", tmp_path / "losses.json"
    arguments = ("export", "BGM1219-002", "--format", "xlsx", "-o", str(book), "--losses", str(report))
    done = run(*arguments, data_dir=loaded_data)
    assert (done.returncode, done.stdout) == (0, "")
    assert re.search(r"tasks\[\]\.place +5  BGM1219-002v2: ", done.stderr)
    losses = json.loads(report.read_text(encoding="utf-8"))
    assert {"standard": "BGM1219-002v2", "field": "tasks[].place", "count": 5}.items() <= losses[-1].items()
    assert book.read_bytes().startswith(b"PK")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    done = run("export", "BGM1219-002", "--format", "xlsx", "--losses", "-", data_dir=loaded_data)
    assert json.loads(done.stdout) == losses


def test_export_of_a_framework_that_is_not_loaded_is_empty(loaded_data: Path) -> None:
    done = run("export", "--format", "json", "--framework", "onet", data_dir=loaded_data)
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_export_as_json_is_what_parse_printed(loaded_data: Path, sample_path: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    assert run("export", "--format", "json", "-o", str(output), data_dir=loaded_data).returncode == 0
    parsed = json.loads(run("parse", str(sample_path), "--json").stdout)
    assert json.loads(output.read_text(encoding="utf-8")) == parsed
    again = run("export", "--format", "json", "-o", str(output), data_dir=loaded_data)
    assert (again.returncode, "--force" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["parse"],
        ["ingest"],
        ["search"],
        ["nothing"],
        ["search", "x", "--kind", "skills"],
        ["search", "x", "--limit", "0"],
        ["parse", "no-such-file.txt", "--jsno"],
        ["ingest", "no-such-file.txt"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], loaded_data: Path) -> None:
    done = run(*arguments, data_dir=loaded_data)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["search", "x"], ["export"], ["index"]])
def test_an_empty_folder_says_what_to_do(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, data_dir=tmp_path)
    assert done.returncode == 1
    assert "competency ingest" in done.stderr


def test_help_answers_at_once() -> None:
    """Within 0.4 s of processor time: heavy imports happen inside the commands."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run("--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "Find competencies by meaning" in done.stdout
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 0.4

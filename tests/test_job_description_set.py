"""The judged job advertisements: files, roles and codes agree with each other and with the real releases."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from ontology.readers import read_standard
from search import passages_of
from search.evaluation.judged import Keys

ROOT = Path(__file__).resolve().parent.parent
JUDGED = ROOT / "data" / "eval"
TEXTS = JUDGED / "job-descriptions"
SPLITS = {"development", "held-out"}
ESCO = "http://data.europa.eu/esco/occupation/"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the index: an advertisement and its occupation in one framework."""

    file: str
    language: str
    title: str
    framework: str
    occupation: str
    accepted: str
    split: str

    @property
    def codes(self) -> tuple[str, ...]:
        return self.occupation, *(code for code in self.accepted.split("|") if code)


@dataclass(frozen=True, slots=True)
class Marked:
    """A row of the roles: from ``start`` to before ``end``, in code points of the text."""

    file: str
    start: str
    end: str
    role: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row of the evidence: one element that a span speaks for; empty where it speaks for none."""

    file: str
    start: str
    end: str
    role: str
    standard: str
    element: str
    grade: str

    @property
    def marked(self) -> Marked:
        return Marked(self.file, self.start, self.end, self.role)


def rows(name: str) -> list[list[str]]:
    head, *lines = (JUDGED / name).read_text(encoding="utf-8").splitlines()
    assert head.split("\t")[0] == "file"
    return [line.split("\t") for line in lines]


def index() -> list[Entry]:
    return [Entry(*row) for row in rows("job-descriptions/index.tsv")]


def marked() -> list[Marked]:
    return [Marked(*row) for row in rows("job-description-roles.tsv")]


def evidence() -> list[Evidence]:
    return [Evidence(*row) for row in rows("job-description-evidence.tsv")]


def text_of(file: str) -> str:
    return (TEXTS / file).read_bytes().decode("utf-8")


def codes_of(framework: str) -> set[str]:
    return {code for entry in index() if entry.framework == framework for code in entry.codes}


def test_every_advertisement_is_in_the_index_with_onet_and_esco() -> None:
    frameworks: dict[str, Counter[str]] = {}
    for entry in index():
        frameworks.setdefault(entry.file, Counter())[entry.framework] += 1
    assert set(frameworks) == {path.name for path in TEXTS.glob("*.txt")}
    for file, found in frameworks.items():
        assert found["onet"] == found["esco"] == 1, file
        assert set(found) <= {"onet", "esco", "icap"}, file
        assert found["icap"] <= 1, file
    assert all(entry.occupation not in entry.accepted.split("|") for entry in index())


def test_languages_and_occupations_are_many() -> None:
    languages = Counter({entry.file: entry.language for entry in index()}.values())
    assert languages["zh-Hant"] >= 40
    assert languages["en"] >= 20
    for framework in ("onet", "esco"):
        assert len({entry.occupation for entry in index() if entry.framework == framework}) >= 45


def test_splits_are_halves_by_language_and_framework() -> None:
    splits: dict[str, set[str]] = {}
    counts = Counter((entry.language, entry.framework, entry.split) for entry in index())
    for entry in index():
        splits.setdefault(entry.file, set()).add(entry.split)
    assert all(len(names) == 1 and names <= SPLITS for names in splits.values())
    for language, framework in {(entry.language, entry.framework) for entry in index()}:
        halves = [counts[language, framework, split] for split in SPLITS]
        assert abs(halves[0] - halves[1]) <= 1, (language, framework)


def test_roles_cover_every_line_once() -> None:
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in marked():
        assert one.role in {"requirement", "other"}
        spans.setdefault(one.file, []).append((int(one.start), int(one.end)))
    assert set(spans) == {entry.file for entry in index()}
    for file, found in spans.items():
        text = text_of(file)
        covered = bytearray(len(text))
        for start, end in found:
            assert 0 <= start < end <= len(text), file
            assert text[start:end].strip() == text[start:end] != "", (file, start)
            assert "\n" not in text[start:end], (file, start)
            assert not any(covered[start:end]), (file, start)
            covered[start:end] = b"\1" * (end - start)
        left = [character for character, seen in zip(text, covered, strict=True) if not seen]
        assert not "".join(left).strip(), file
    roles = {(one.file, one.role) for one in marked()}
    assert len(roles) == 2 * len(spans), "each advertisement has requirements and something else"


def test_onet_codes_exist(shared_data: Path) -> None:
    book = load_workbook(shared_data / "onet-29.3" / "Occupation Data.xlsx", read_only=True)
    real = {str(row[0]) for row in book.worksheets[0].iter_rows(min_row=2, max_col=1, values_only=True)}
    book.close()
    assert codes_of("onet") <= real


def test_esco_occupations_exist(shared_data: Path) -> None:
    [release] = (shared_data / "esco-v1.1.1").glob("* en - csv.zip")
    with zipfile.ZipFile(release) as archive, archive.open("occupations_en.csv") as raw:
        real = {row["conceptUri"] for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8"))}
    codes = codes_of("esco")
    assert all(code.startswith(ESCO) for code in codes)
    assert codes <= real


def test_icap_standards_exist_and_each_with_content_has_an_advertisement(shared_data: Path) -> None:
    real = {
        json.loads(path.read_text(encoding="utf-8"))["ocs_profile"]["ocs_code"]
        for path in (shared_data / "icap").glob("*v?.json")
    }
    bundled = {path.stem.removeprefix("sample-") for path in (ROOT / "data" / "standards").glob("*.txt")}
    assert codes_of("icap") == real | bundled


def test_chinese_advertisements_are_in_traditional_characters() -> None:
    simplified = set("职务员经验资设计师应征时间车门") - set("務員經驗資設計師應徵時間車門")
    for file in {entry.file for entry in index() if entry.language == "zh-Hant"}:
        assert not simplified & set(text_of(file)), file


def test_evidence_is_judged_for_every_line_of_ten() -> None:
    judged = evidence()
    of_file = {one.file: one.standard for one in judged}
    entries = {(entry.file, entry.occupation): entry for entry in index()}
    chosen = [entries[pair] for pair in of_file.items()]
    assert Counter(entry.language for entry in chosen) == {"zh-Hant": 5, "en": 5}
    assert Counter(entry.split for entry in chosen) == {"development": 5, "held-out": 5}
    assert all(count >= 2 for count in Counter(entry.framework for entry in chosen).values())
    assert {(one.file, one.standard) for one in judged} == set(of_file.items())
    assert {one.marked for one in judged} == {one for one in marked() if one.file in of_file}


def test_evidence_is_graded_and_given_once() -> None:
    judged = evidence()
    for one in judged:
        assert one.grade in {"1", "2"} if one.element else not one.grade, one
        assert one.role == "requirement" or not one.element, one
        assert one.element != one.standard, one
    assert len({(one.marked, one.element) for one in judged}) == len(judged)
    alone = Counter(one.marked for one in judged)
    assert all(alone[one.marked] == 1 for one in judged if not one.element)


def test_icap_evidence_names_elements_that_are_read(shared_data: Path) -> None:
    paths = [*(ROOT / "data" / "standards").glob("*.txt"), *(shared_data / "icap").glob("*v?.json")]
    keys = Keys(passages_of(read_standard(path) for path in paths))
    named = {one.element for one in evidence() if one.standard in codes_of("icap")} - {""}
    assert len(named) > 100
    assert [key for key in sorted(named) if keys.passage(key) is None] == []


def test_onet_evidence_names_tasks_of_the_occupation(shared_data: Path) -> None:
    book = load_workbook(shared_data / "onet-29.3" / "Task Statements.xlsx", read_only=True)
    tasks = book.worksheets[0].iter_rows(min_row=2, values_only=True)
    real = {f"{code} {task}" for code, _title, task, *_rest in tasks}
    book.close()
    named = {one.element for one in evidence() if one.standard in codes_of("onet")} - {""}
    assert named
    assert named <= real


def test_esco_evidence_names_skills_of_the_occupation(shared_data: Path) -> None:
    [release] = (shared_data / "esco-v1.1.1").glob("* classification -  - csv.zip")
    with zipfile.ZipFile(release) as archive, archive.open("occupationSkillRelations.csv") as raw:
        real = {
            (row["occupationUri"], row["skillUri"]) for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8"))
        }
    named = {
        (one.standard, one.element) for one in evidence() if one.standard.startswith(ESCO) and one.element
    }
    assert named
    assert named <= real

"""What changed between two versions of a standard."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_documents import NEW_HEADER, document, read, row
from strategies import standards, texts

from ontology.changes import Change, changed_words, compare_versions, likeness
from ontology.model import Kind, Statement, Task
from ontology.readers import read_standard

if TYPE_CHECKING:
    from pathlib import Path

    from ontology.changes import ElementChange, VersionChanges
    from ontology.model import Standard


def marked(a: str, b: str) -> str:
    marks = {"equal": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[run.kind].format(run.text) for run in changed_words(a, b))


def change_of(changes: VersionChanges, code: str) -> ElementChange:
    """The change of the element with this code, after where it stands there, else before."""
    found = [one for one in changes.elements if one.after and one.after.code == code]
    return (found or [one for one in changes.elements if one.before and one.before.code == code])[0]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("設定能達成團隊目標的計畫", "擬定達成團隊目標的計畫", "[-設定能-]{+擬定+}達成團隊目標的計畫"),
        ("達成預期的成果", "達成計畫中之預期成果", "達成{+計畫中之+}預期[-的-]成果"),
        ("Lead the team effectively", "Lead teams effectively", "Lead [-the team-]{+teams+} effectively"),
        ("", "新的", "{+新的+}"),
        ("same", "same", "same"),
        ("使用 Excel 報表", "使用 Word 報表", "使用 [-Excel-]{+Word+} 報表"),
    ],
)
def test_changed_words_are_runs_that_people_can_read(before: str, after: str, expected: str) -> None:
    assert marked(before, after) == expected


_long = st.builds(lambda text, times: text * times, texts, st.sampled_from([1, 2, 700]))


@given(_long, _long)
@settings(max_examples=150, deadline=None)
def test_runs_make_up_both_texts_exactly(before: str, after: str) -> None:
    runs = changed_words(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after
    assert all(run.text for run in runs)
    assert all(one.kind != other.kind for one, other in pairwise(runs))


def test_runs_of_a_megabyte_are_found_in_bounded_steps() -> None:
    before, after = "職能" * 250_000, "職能" * 250_000 + "基準" * 250_000
    assert [run.kind for run in changed_words(before, after)] == ["equal", "added"]
    assert {run.kind for run in changed_words("甲乙" * 250_000, "丙甲" * 250_000)} == {"removed", "added"}


@given(texts, texts)
def test_likeness_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1


def test_likeness_looks_through_width_case_and_signs_but_not_through_what_signs_say() -> None:
    assert likeness("團隊合作，溝通。", "團隊合作,溝通") == 1
    assert likeness("ＭＳ　Office", "ms office") == 1
    assert likeness("C++", "C#") < 1
    assert likeness("處理團隊衝突", "衝突管理能力") < likeness("處理團隊衝突", "處理團隊之衝突")


@given(standards())
@settings(max_examples=60, deadline=None)
def test_a_standard_has_no_change_against_itself(standard: Standard) -> None:
    changes = compare_versions(standard, standard)
    assert changes.is_equal
    assert not changes.template_changed
    assert [one.after for one in changes.elements] == list(standard.elements())


@given(standards(), standards())
@settings(max_examples=60, deadline=None)
def test_swapped_sides_swap_what_is_added_and_what_is_removed(one: Standard, other: Standard) -> None:
    forth, back = compare_versions(one, other), compare_versions(other, one)

    def alone(changes: VersionChanges, change: Change) -> list[str]:
        return sorted(repr(each.before or each.after) for each in changes.elements if change in each.changes)

    assert alone(forth, Change.ADDED) == alone(back, Change.REMOVED)
    assert alone(forth, Change.REMOVED) == alone(back, Change.ADDED)
    assert {(each.field, each.before, each.after) for each in forth.fields if each.field != "details"} >= {
        (each.field, each.after, each.before) for each in back.fields if each.field == "description"
    }


OLD = row(
    "T1 提升團隊效能",
    "T1.1 設定團隊計畫",
    "O1.1.1 計畫書",
    "P1.1.1 建立團隊目標",
    "4",
    "K1 組織結構",
    "S1 溝通",
)
MORE = row("", "T1.2 帶領團隊成員", "", "P1.2.1 鼓勵成員參與決策過程", "", "K2 勞動法規", "S2 領導技能")


def test_an_element_may_be_moved_reworded_and_renumbered_at_once() -> None:
    moved = row("", "", "", "P1.1.2 鼓勵團隊成員參與決策過程", "", "", "")
    kept = row("", "T1.2 帶領團隊成員", "", "P1.2.1 解決疑慮", "", "K2 勞動法規", "S2 領導技能")
    changes = compare_versions(read(document(OLD, MORE)), read(document(OLD, moved, kept)))
    change = change_of(changes, "P1.1.2")
    assert change.changes == (Change.REWORDED, Change.MOVED, Change.RENUMBERED)
    assert change.before is not None
    assert change.before.code == "P1.2.1"
    assert marked(change.before.text, "鼓勵團隊成員參與決策過程") == "鼓勵{+團隊+}成員參與決策過程"
    assert change_of(changes, "P1.2.1").changes == (Change.ADDED,)
    assert change_of(changes, "T1.2").changes == ()


def test_a_code_written_with_a_zero_is_not_renumbered_and_a_swapped_one_is() -> None:
    swapped = OLD.replace("K1 組織結構", "K01 勞動法規"), MORE.replace("K2 勞動法規", "K02 組織結構")
    zeros = OLD.replace("K1", "K01"), MORE.replace("K2", "K02")
    before = read(document(OLD, MORE))
    assert change_of(compare_versions(before, read(document(*zeros))), "K01").changes == (Change.RECODED,)
    change = change_of(compare_versions(before, read(document(*swapped))), "K01")
    assert change.changes == (Change.RENUMBERED,)
    assert change.before is not None
    assert change.before.code == "K2"


def test_levels_and_links_are_compared_across_the_two_templates() -> None:
    newer = (
        row(
            "T1 提升團隊效能",
            "T1.1 設定團隊計畫",
            "O1.1.1 計畫書",
            "P1.1.1 建立團隊目標",
            "4",
            "K01 組織結構",
            "S01 溝通",
        ),
        row("", "T1.2 帶領團隊成員", "", "P1.2.1 鼓勵成員參與決策過程", "3", "K02 勞動法規", "S02 領導技能"),
    )
    changes = compare_versions(read(document(OLD, MORE)), read(document(*newer, header=NEW_HEADER)))
    assert changes.template_changed
    assert (changes.before.holder, changes.after.holder) == (Kind.TASK, Kind.ACTIVITY)
    assert change_of(changes, "T1.1").changes == ()
    assert change_of(changes, "T1.2").changes == (Change.LEVEL,)
    assert change_of(changes, "T1.2").levels_before == (4,)
    assert change_of(changes, "T1").levels_after == (3, 4)
    assert changes.links == ()


def test_a_skill_that_another_task_takes_is_told_as_a_link() -> None:
    second = row("T2 解決需求", "T2.1 滿足客戶", "", "P2.1.1 協助客戶評估選項", "3", "K3 產品知識", "S3 協商")
    before = read(document(OLD, second))
    after = replace(before, tasks=(before.tasks[0], replace(before.tasks[1], skills=("S3", "S1"))))
    (link,) = compare_versions(before, after).links
    assert (link.change, link.kind, link.holder_after, link.after) == (Change.ADDED, Kind.SKILL, "T2", "S1")
    (link,) = compare_versions(after, before).links
    assert link.change is Change.REMOVED


def test_pairs_that_the_caller_knows_fill_what_wording_leaves() -> None:
    after = read(document(OLD.replace("S1 溝通", "S1 人際互動與表達")))
    before = read(document(OLD))
    assert change_of(compare_versions(before, after), "S1").changes == (Change.ADDED,)
    change = change_of(compare_versions(before, after, [("S1", "S1"), ("S1", "K1"), ("X9", "S1")]), "S1")
    assert (change.changes, change.found_by) == ((Change.REWORDED,), "meaning")


def test_profile_and_notes_are_compared_field_by_field() -> None:
    before = read(document(OLD))
    after = read(
        document(OLD).replace("管理團隊。", "管理團隊與客戶。").replace("企業經營管理", "企業 經營管理")
    )
    found = {one.field: (one.change, one.after) for one in compare_versions(before, after).fields}
    assert found == {
        "description": (Change.REWORDED, "管理團隊與客戶。"),
        "category": (Change.REPRINTED, "BGM 企業 經營管理"),
    }


def test_statements_keep_their_identity_by_code_whatever_they_say() -> None:
    one = Statement("GUID-1", "Add within 20", details=())
    before = replace(read(document()), tasks=(), statements=(one, replace(one, code="GUID-2", text="Count")))
    after = replace(
        before, statements=(replace(one, text="Solve word problems", note="new"), before.statements[1])
    )
    change = change_of(compare_versions(before, after), "GUID-1")
    assert (change.changes, change.found_by) == ((Change.REWORDED, Change.DETAILS), "code")


def test_thousands_of_elements_with_other_codes_are_paired_by_wording() -> None:
    def made(first: int, suffix: str) -> Standard:
        names = (f"第{n}項{n * 7919 % 10007}工作之{n * 104729 % 100003}程序{suffix}" for n in range(2000))
        tasks = tuple(Task(f"T{first + at}", name) for at, name in enumerate(names))
        return replace(read(document()), tasks=tasks, knowledge=(), skills=())

    changes = compare_versions(made(1, ""), made(5, "書"))
    pairs = [one for one in changes.elements if one.before and one.after]
    right = [one for one in pairs if one.before and one.after and one.after.text == one.before.text + "書"]
    assert len(right) >= 1900


@pytest.fixture(scope="module")
def supervisor(sample_path: Path, shared_data: Path) -> VersionChanges:
    """v2 to v4 of 基層主管."""
    return compare_versions(
        read_standard(sample_path), read_standard(shared_data / "icap" / "BGM1219-002v4.json")
    )


def test_the_supervisor_of_2018_and_2024_changed_template_and_level(supervisor: VersionChanges) -> None:
    assert supervisor.template_changed
    assert change_of(supervisor, "T1").changes == (Change.LEVEL,)
    assert change_of(supervisor, "T3").changes == (Change.RENUMBERED, Change.LEVEL)
    assert change_of(supervisor, "S02").changes == (Change.RECODED,)
    assert change_of(supervisor, "O1.3.2").changes == (Change.MOVED, Change.RENUMBERED)
    assert change_of(supervisor, "A01").changes == (Change.REPRINTED,)
    description = next(one for one in supervisor.fields if one.field == "description")
    assert marked(description.before, description.after).startswith(
        "管理工作團隊效能[-與客戶服務-]{+工作+}品質"
    )


def test_the_pairs_of_the_supervisor_are_those_that_were_judged_by_hand(
    supervisor: VersionChanges, sample_path: Path
) -> None:
    path = sample_path.parents[1] / "eval" / "BGM1219-002v2-v4.tsv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    assert {row["before"] for row in rows} - {""} == {e.before.code for e in supervisor.elements if e.before}
    assert {row["after"] for row in rows} - {""} == {e.after.code for e in supervisor.elements if e.after}
    successors = {(row["before"], row["after"]) for row in rows if row["verdict"] in ("same", "reworded")}
    related = successors | {(row["before"], row["after"]) for row in rows if row["verdict"] == "partly"}
    found = {(one.before.code, one.after.code) for one in supervisor.elements if one.before and one.after}
    assert len(found & successors) >= 0.9 * len(found)
    assert len(found & related) >= 0.94 * len(found)
    assert len(found & successors) >= 0.65 * len(successors)

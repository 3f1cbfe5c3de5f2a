"""The reader of the text extracted from iCAP standards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from authoring import standards
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printing import Layout, layouts, print_standard
from small_documents import HEADER, NEW_HEADER, PROFILE, ROW, document, doubts, read, row

from ontology.json_form import to_json
from ontology.model import Classification, Kind, Note, Place, Standard
from ontology.readers import read_standard
from ontology.readers.text import join

if TYPE_CHECKING:
    from collections.abc import Sequence

EXPECTED = Path(__file__).parent / "expected" / "BGM1219-002v2.json"


def content(standard: Standard, *, without: Sequence[str] = ("doubts", "source")) -> object:
    """What a standard says, without places and the fields named."""
    left_out = {"line", "page", "item_places", *without}

    def pruned(value: object) -> object:
        if isinstance(value, dict):
            return {key: pruned(item) for key, item in value.items() if key not in left_out}
        if isinstance(value, list):
            return [pruned(item) for item in value]
        return value

    return pruned(to_json(standard))


def test_the_bundled_standard_reads_as_transcribed_by_hand(sample_path: Path) -> None:
    standard = read_standard(sample_path)
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    expected_doubts = expected.pop("doubts")
    assert content(standard, without=("doubts",)) == expected
    found = [
        {"kind": doubt.kind, "where": doubt.where, "text": doubt.text, "line": doubt.place.line}
        for doubt in standard.doubts
        if doubt.place
    ]
    assert found == expected_doubts
    assert len(found) == len(standard.doubts)


def test_the_bundled_standard_has_its_counts_and_places(sample_path: Path) -> None:
    standard = read_standard(sample_path)
    elements = list(standard.elements())
    counts = {
        kind: sum(1 for item in elements if item.kind is kind and "#" not in item.code) for kind in Kind
    }
    assert counts == {
        Kind.TASK: 5,
        Kind.ACTIVITY: 17,
        Kind.OUTPUT: 16,
        Kind.INDICATOR: 66,
        Kind.KNOWLEDGE: 19,
        Kind.SKILL: 16,
        Kind.ATTITUDE: 6,
        Kind.STATEMENT: 0,
    }
    assert sum(1 for item in elements if "#" in item.code) == 17
    places = {item.code: item.place for item in elements}
    assert places["T1"] == Place(line=19)
    assert places["P1.2.2"] == Place(line=20)
    assert (places["K4#4"], places["K4#5"]) == (Place(line=19), Place(line=23))
    assert places["A06"] == Place(line=62)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.booleans())
def test_a_printed_standard_reads_back_the_same(data: st.DataObject, per_activity: bool) -> None:  # noqa: FBT001
    standard = data.draw(standards(per_activity=per_activity))
    layout: Layout = data.draw(layouts(per_activity=per_activity))
    printed = print_standard(standard, layout)
    assert content(read_standard(printed)) == content(standard), printed.decode("utf-8-sig")


def test_utf_16_windows_line_ends_and_a_byte_order_mark_read_the_same() -> None:
    plain = read(document())
    assert read_standard(document().encode("utf-16"), "test.txt") == plain
    assert read_standard(document().encode("utf-8-sig"), "test.txt") == plain
    assert read_standard(document().replace("\n", "\r\n").encode(), "test.txt") == plain
    assert plain.doubts == ()


def test_the_source_is_the_file_name_and_errors_give_the_path(tmp_path: Path) -> None:
    path = tmp_path / "standard.txt"
    path.write_text(document(), encoding="utf-8")
    assert read_standard(path).source == "standard.txt"
    assert read_standard(path, "given").source == "given"


def test_a_name_cut_by_a_page_break_is_joined() -> None:
    standard = read(
        document(
            row("T1 提升", "T1.1 設定能達成團隊", *ROW[2:]),
            "",
            "第 2 頁",
            HEADER,
            row("效能", "目標的計畫", *[""] * 5),
        )
    )
    task = standard.tasks[0]
    assert (task.name, task.activities[0].name) == ("提升效能", "設定能達成團隊目標的計畫")
    assert len(standard.tasks) == 1
    assert doubts(standard) == []


def test_the_document_title_repeated_on_each_page_is_no_content() -> None:
    text = document(row(*ROW), "\f基層主管職能基準", HEADER, row("", "", "", "並檢討", "", "", ""))
    assert read(text).tasks[0].activities[0].indicators[0].text == "建立目標並檢討"


def test_the_rest_of_a_knowledge_cell_may_stand_beside_the_next_activity() -> None:
    rows = (row(*ROW[:5], "K1 原則： ■ 授權 ■ 團體動力", ""), "", HEADER)
    standard = read(document(*rows, row("", "T1.2 增進", "", "P1.2.1 鼓勵", "", "學 ■ 領導 K2 組織", "")))
    assert [item.text for item in standard.knowledge[0].items] == ["授權", "團體動力學", "領導"]
    assert standard.tasks[0].knowledge == ("K1", "K2")


def test_english_pieces_join_with_one_space() -> None:
    cut = row("", "", "", "with the team", "", "", "")
    standard = read(document(row(*ROW[:3], "P1.1.1 agree on goals", *ROW[4:]), "", HEADER, cut))
    assert standard.tasks[0].activities[0].indicators[0].text == "agree on goals with the team"


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("負責，協", "助每一位", "負責，協助每一位"),
        ("plan the", "work", "plan the work"),
        ("使用 ERP", "系統", "使用 ERP系統"),
        ("cross-", "functional", "cross-functional"),
        ("goals (the", "team)", "goals (the team)"),
        ("goals", ", plans", "goals, plans"),
        ("a –", "b", "a – b"),
        ("K4 原則：", "■ 授權", "K4 原則： ■ 授權"),
        ("", "任", "任"),
    ],
)
def test_pieces_join_into_one_sentence(left: str, right: str, whole: str) -> None:
    assert join(left, right) == whole


def test_the_newer_template_states_levels_and_members_per_activity() -> None:
    rows = (
        row("T1 人員管理", "T1.1 招募", "", "P1.1.1 盤點", "3", "K01 規定 K02 概要", "S01 面談 S02 盤點"),
        row("", "T1.2 訓練", "O1.2.1 紀錄", "P1.2.1 指導", "4", "K02 概要 K03 規範", "S02 盤點"),
    )
    standard = read(document(*rows, header=NEW_HEADER))
    first, second = standard.tasks[0].activities
    assert (standard.tasks[0].level, first.level, second.level) == (None, 3, 4)
    assert (first.knowledge, second.knowledge) == (("K01", "K02"), ("K02", "K03"))
    assert (first.skills, second.skills) == (("S01", "S02"), ("S02",))
    assert [item.code for item in standard.knowledge] == ["K01", "K02", "K03"]
    assert standard.tasks[0].knowledge == ()
    assert doubts(standard) == []


def test_several_activities_in_one_cell_share_the_row() -> None:
    cells = (
        "T1 管理",
        "T1.1 招募 T1.2 訓練",
        "O1.2.1 紀錄",
        "P1.1.1 盤點 P1.2.1 指導",
        "3",
        "K01 規定",
        "S01 面談",
    )
    first, second = read(document(row(*cells), header=NEW_HEADER)).tasks[0].activities
    assert (first.name, second.name) == ("招募", "訓練")
    assert ([item.code for item in first.indicators], [item.code for item in second.indicators]) == (
        ["P1.1.1"],
        ["P1.2.1"],
    )
    assert [item.code for item in second.outputs] == ["O1.2.1"]
    assert (first.level, second.level, first.knowledge, second.knowledge) == (3, 3, ("K01",), ("K01",))


def test_columns_are_found_by_their_headings() -> None:
    order = [6, 3, 0, 5, 1, 4, 2]
    header = "\t".join(HEADER.split("\t")[place] for place in order)
    assert content(read(document(row(*(ROW[place] for place in order)), header=header))) == content(
        read(document())
    )


def test_an_unknown_column_is_kept_as_a_doubt() -> None:
    standard = read(document(row(*ROW, "每年檢討"), header=f"{HEADER}\t備註"))
    assert [(doubt.kind, doubt.where, doubt.text) for doubt in standard.doubts] == [
        ("unknown-column", "備註", "每年檢討")
    ]


def test_an_output_without_a_code_gets_one_and_a_doubt() -> None:
    standard = read(document(row(*ROW[:2], "<p>團隊計畫書</p><p>會議紀錄</p>", *ROW[3:])))
    outputs = standard.tasks[0].activities[0].outputs
    assert [(item.code, item.text, item.printed) for item in outputs] == [
        ("O1.1.1", "團隊計畫書", ""),
        ("O1.1.2", "會議紀錄", ""),
    ]
    assert doubts(standard) == [("missing-code", "O1.1.1"), ("missing-code", "O1.1.2")]


def test_a_derived_code_never_takes_a_printed_one() -> None:
    second = row("", "T1.2 增進", "O1.1.1 名冊", "", "", "", "")
    standard = read(document(row(*ROW[:2], "計畫書", *ROW[3:]), second))
    codes = [item.code for activity in standard.tasks[0].activities for item in activity.outputs]
    assert codes == ["O1.1.2", "O1.1.1"]
    assert doubts(standard) == [("missing-code", "O1.1.2"), ("misplaced-code", "O1.1.1")]


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("01.1.1", "O1.1.1"),
        ("Ｏ１．１．１", "O1.1.1"),
        ("o1.1.1", "O1.1.1"),
        ("O1.1.1.", "O1.1.1"),
        ("O 1.1.1：", "O1.1.1"),
    ],
)
def test_a_malformed_code_is_read_and_doubted(printed: str, code: str) -> None:
    standard = read(document(row(*ROW[:2], f"{printed}計畫書", *ROW[3:])))
    output = standard.tasks[0].activities[0].outputs[0]
    assert (output.code, output.printed, output.text) == (code, printed, "計畫書")
    assert [(doubt.kind, doubt.text, doubt.place) for doubt in standard.doubts] == [
        ("malformed-code", printed, Place(line=13))
    ]


def test_a_knowledge_in_the_skills_column_goes_to_knowledge() -> None:
    standard = read(document(row(*ROW[:6], "S1 溝通技能 K2 心理學 S2 領導")))
    assert [item.text for item in standard.knowledge] == ["組織", "心理學"]
    assert [item.text for item in standard.skills] == ["溝通技能", "領導"]
    assert standard.tasks[0].knowledge == ("K1", "K2")
    assert doubts(standard) == [("misplaced-code", "K2")]


@pytest.mark.parametrize(
    "text",
    [
        "依據 K1 辦理訓練",
        "部署於 AWS S3 儲存",
        "見 P1.2.3 之說明",
        "管理 K8s 叢集",
        "認識 K1、K2 的關係",
        "符合 T1.1 與 O1.1.1 的要求",
    ],
)
def test_a_code_inside_a_sentence_does_not_split_it(text: str) -> None:
    rows = row(
        *ROW[:3], f"P1.1.1 {text} P1.1.2 檢討", "4", f"K1 組織 K2 {text} K3 心理", f"S1 {text} S2 領導"
    )
    standard = read(document(rows))
    indicators = standard.tasks[0].activities[0].indicators
    assert [item.text for item in indicators] == [text, "檢討"]
    assert [item.text for item in standard.knowledge] == ["組織", text, "心理"]
    assert [item.text for item in standard.skills] == [text, "領導"]
    assert {kind for kind, _ in doubts(standard)} <= {"code-in-text"}


def test_a_code_mentioned_in_a_text_is_doubted() -> None:
    standard = read(document(row(*ROW[:5], "K1 組織 K2 依據 K1 辦理訓練", ROW[6])))
    assert [(doubt.kind, doubt.text) for doubt in standard.doubts] == [("code-in-text", "K1 辦理訓練")]


def test_a_gap_in_the_codes_is_read_and_doubted() -> None:
    standard = read(document(row(*ROW[:3], "P1.1.1 建立目標 P1.1.4 檢討目標", *ROW[4:])))
    assert [item.code for item in standard.tasks[0].activities[0].indicators] == ["P1.1.1", "P1.1.4"]
    assert doubts(standard) == [("code-gap", "P1.1.4")]


def test_a_code_doubled_with_the_same_content_is_kept_once() -> None:
    standard = read(document(row(*ROW), row("", "", "", "P1.1.1 建立目標", "", "K1 組織", "")))
    assert [item.code for item in standard.tasks[0].activities[0].indicators] == ["P1.1.1"]
    assert doubts(standard) == [("doubled-code", "P1.1.1")]


def test_levels_that_differ_within_a_task_are_all_kept() -> None:
    standard = read(document(row(*ROW), row("", "T1.2 增進", "", "P1.2.1 鼓勵", "3", "", "")))
    task = standard.tasks[0]
    assert (task.level, [activity.level for activity in task.activities]) == (4, [None, 3])
    assert doubts(standard) == [("conflicting-level", "T1")]


def test_tags_and_entities_are_not_part_of_texts() -> None:
    cell = (
        '<p class="x">P1.1.1 研發(R&amp;D)<b>重點</b></p> <p>成本&lt;預算 a<b c>d</p><p>P1.1.2&nbsp;檢討</p>'
    )
    standard = read(document(row(*ROW[:3], cell, "４", "<ul><li>K1 組織</li></ul>", ROW[6])))
    assert [item.text for item in standard.tasks[0].activities[0].indicators] == [
        "研發(R&D)重點成本<預算 a<b c>d",
        "檢討",
    ]
    assert standard.tasks[0].level == 4


def test_profile_fields_are_found_in_any_order() -> None:
    lines = PROFILE.strip().split("\n")
    name, others = lines[1:3], lines[:1] + lines[3:]
    shuffled = "\n".join([*reversed(others), *name]) + "\n"
    assert content(read(document(profile=shuffled))) == content(read(document()))


@pytest.mark.parametrize(
    "rows",
    [
        "\t行業別\t塑膠業\t行業別代碼\tC22\t\n\t行業別\t金屬業\t行業別代碼\tC25\t",
        "\t行業別\t塑膠業\t行業別代碼\tC22\t\n\t\t金屬業\t\tC25\t",
        "\t行業別\t塑膠業; 金屬業\t行業別代碼\tC22; C25\t",
        "\t行業別\t塑膠業、金屬業\t行業別代碼\tC22、C25\t",
        "\t行業別\t<p>塑膠業</p><p>金屬業</p>\t行業別代碼\t<p>C22</p><p>C25</p>\t",
    ],
)
def test_several_industries_are_all_read(rows: str) -> None:
    standard = read(document(profile=PROFILE.replace("\t行業別\t專業服務業\t行業別代碼\tM7010\t", rows)))
    assert standard.industry == (Classification("C22", "塑膠業"), Classification("C25", "金屬業"))


def test_codes_of_classifications_that_cannot_be_told_apart_stay_as_printed() -> None:
    profile = PROFILE.replace("經理人員", "其他工程專業人員機械工程師").replace("\t1219\t", "\t21492144\t")
    standard = read(document(profile=profile.replace("M7010", "Unknown")))
    assert standard.occupation == (Classification("21492144", "其他工程專業人員機械工程師"),)
    assert standard.industry == (Classification("Unknown", "專業服務業"),)
    assert doubts(standard) == [("malformed-code", "occupation"), ("malformed-code", "industry")]


def test_a_first_version_printed_without_its_number_gets_it() -> None:
    history = "版本\t職能基準代碼\t職能基準名稱\t狀態\nV1\tBGM1219-002\t主管\t歷史版本\n"
    standard = read(history + document(profile=PROFILE.replace("002v2", "002")))
    assert (standard.code, standard.version, standard.status) == ("BGM1219-002v1", "V1", "歷史版本")
    assert standard.history[0].code == "BGM1219-002"
    assert doubts(standard) == [("unversioned-code", "BGM1219-002v1"), ("malformed-code", "code")]


def test_a_standard_named_by_its_category() -> None:
    profile = PROFILE.replace("職類\t\t", "職類\t一般管理\t").replace("職業\t基層主管", "職業\t")
    standard = read(document(profile=profile))
    assert (standard.name, standard.occupational_category) == ("一般管理", "一般管理")


def test_attitudes_without_codes_and_over_page_breaks() -> None:
    after = (
        "職能內涵 (A=attitude 態度)\n\n親和力：對他人表現\n\n理解與同理心\n\nA02 自信心: 相信自己\n\nA03 彈性"
    )
    standard = read(document(after=after))
    assert [(item.code, item.name, item.text, item.printed) for item in standard.attitudes] == [
        ("A01", "親和力", "對他人表現理解與同理心", ""),
        ("A02", "自信心", "相信自己", None),
        ("A03", "彈性", "", None),
    ]
    assert doubts(standard) == [("missing-code", "A01")]


def test_notes_stand_under_their_headings() -> None:
    lines = [
        "- 參考國外資料。",
        "- 建議之學歷/經驗：",
        " - 大專以上。",
        " - 具經驗者",
        "   為佳。",
        "- 其他：",
    ]
    after = "\n".join(["說明與補充事項", *lines, " - 無。", "- 完。"])
    assert read(document(after=after)).notes == (
        Note("note", "參考國外資料。"),
        Note("prerequisite", "大專以上。", "建議之學歷/經驗"),
        Note("prerequisite", "具經驗者為佳。", "建議之學歷/經驗"),
        Note("note", "無。", "其他"),
        Note("note", "完。"),
    )


def test_text_that_belongs_to_no_field_is_a_doubt() -> None:
    standard = read("《歷史資料》\n" + document())
    assert [(doubt.kind, doubt.text, doubt.place) for doubt in standard.doubts] == [
        ("unread-text", "《歷史資料》", Place(line=1))
    ]

"""Headings in two languages, and the language of the texts under them."""

from __future__ import annotations

import pytest
from small_documents import HEADER, NEW_HEADER, document, doubts, read, row

from ontology.errors import DocumentError
from ontology.readers.columns import read_level
from ontology.readers.labels import COLUMNS, PROFILE, VERSIONS, carries_form, label_in, section_of
from ontology.readers.language import language_of_text

ENGLISH_HEADER = row(
    "Task", "Activity", "Outputs", "Behavioural indicators", "Competency level",
    "Competency content (K=knowledge)", "Competency content (S=skills)",
)  # fmt: skip
ENGLISH_ROW = row(
    "T1 Lead", "T1.1 Plan the day", "O1.1.1 Plan", "P1.1.1 Sets goals", "Level 4", "K1 Goals", "S1 Listening"
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("處理團隊衝突", "zh-Hant"),
        ("处理团队冲突", "zh-Hans"),
        ("conflict handling in teams", "en"),
        ("使用 ERP、MES 與 Excel 整理資料", "zh-Hant"),
        ("lead the 品質 circle and report its results", "en"),
        ("台灣與香港的标准", "zh-Hant"),
        ("", "zh-Hant"),
        ("3D", "en"),
    ],
)
def test_the_script_of_the_texts_tells_the_language(text: str, language: str) -> None:
    assert language_of_text(text) == language


def test_the_texts_decide_and_not_the_headings() -> None:
    chinese = read(document(header=ENGLISH_HEADER))
    assert (chinese.language, chinese.knowledge[0].text) == ("zh-Hant", "組織")
    english = ENGLISH_ROW.replace("Sets goals", " ".join(["sets goals that people can reach"] * 5))
    assert read(document(english)).language == "en"
    assert read(document(english, header=ENGLISH_HEADER)).tasks == read(document(english)).tasks


@pytest.mark.parametrize(("chinese", "names"), [(HEADER, "Task Activity"), (NEW_HEADER, "Main duty,Task")])
def test_bilingual_headings_read_as_chinese_ones(chinese: str, names: str) -> None:
    first, second = names.split("," if "," in names else " ")
    cells = chinese.split("\t")
    both = row(f"{cells[0]} {first}", f"{second} {cells[1]}", f"{cells[2]} (Outputs)", *cells[3:])
    assert read(document(header=both)) == read(document(header=chinese))
    assert doubts(read(document(header=both))) == []


@pytest.mark.parametrize(
    ("table", "text", "field"),
    [
        (COLUMNS, "工作任務 Task", "task"),
        (COLUMNS, "TASK", "task"),
        (COLUMNS, "工作任務 Activity", None),
        (COLUMNS, "task force", None),
        (PROFILE, "Occupational Competency Standard Code:", "code"),
        (PROFILE, "職能基準名稱 Occupational competency standard name (擇一填寫)", "name"),
        (PROFILE, "基層主管", None),
        (VERSIONS, "發展/更新日期", "date"),
    ],
)
def test_a_label_names_a_field_only_where_its_languages_agree(
    table: dict[str, str], text: str, field: str | None
) -> None:
    assert label_in(table, text) == field


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("說明與補充事項 Notes", "notes"),
        ("Notes and additions", "notes"),
        ("Competency content (A=attitudes)", "attitudes"),
        ("態度 Attitudes", "attitudes"),
        ("attitudes", None),
        ("Notes on safety", None),
        ("知識 Notes", None),
    ],
)
def test_sections_are_headed_in_either_language(line: str, section: str | None) -> None:
    assert section_of(line) == section


def test_a_form_is_known_by_its_headings_in_any_case() -> None:
    assert carries_form("OCCUPATIONAL COMPETENCY STANDARD CODE\tX")
    assert carries_form("… 行為指標 …")
    assert not carries_form("a letter about competencies")


def test_a_level_may_stand_in_words_of_either_language() -> None:
    assert [read_level(text, file="f", place=None, field="l") for text in ("第4級", "Level 4", "４")] == [
        4
    ] * 3
    with pytest.raises(DocumentError):
        read_level("Level 9", file="f", place=None, field="l")

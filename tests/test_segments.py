"""Job descriptions in segments: what is cut where, and what is a requirement."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.errors import InvalidInput
from search.matching.limits import MOST_CHARACTERS, MOST_SEGMENTS
from search.matching.segments import Segment, split_segments, title_of

SHOP = """\
【誠徵】門市副店長 2名（月薪 38,000 起）

森活選物股份有限公司成立於2009年，是一家以永續生活為理念的選物品牌，全台共有 32 間門市。
因應業務擴展，歡迎喜歡與人互動的你一起加入！

工作內容：
1. 負責門市日常營運、人員排班與教育訓練。
2. 處理顧客抱怨，維護品牌形象；分析每日業績並提出改善建議。
3、商品陳列、盤點與庫存控管
4.其他主管交辦事項

條件要求
工作經歷：2年以上門市管理經驗
學歷要求：高中職以上
擅長工具：Excel、PowerPoint、POS 系統
其他條件：
● 具備良好溝通能力，能帶領團隊達成目標
● 抗壓性高、有責任感

薪資待遇：月薪 38,000～45,000 元
上班時段：日班／晚班輪班，每月排休8-10天
工作地點：台北市大安區忠孝東路四段100號（捷運忠孝復興站步行3分鐘）

■ 福利制度
法定項目：勞保、健保、陪產假、特別休假
◎三節獎金、年終獎金 ◎員工購物優惠 ◎每年健康檢查

應徵方式
請將履歷寄至 hr@senhuo.example.tw，或電洽 02-2711-0000 王小姐。
合者約談，恕不退件
"""

NURSE = """\
Registered Nurse – Medical Ward (Full-time)

About Riverside General
Riverside General is a 400-bed teaching hospital founded in 1921. We serve more than 250,000 patients each
year, and our people are what make us different.

What you'll do
- Assess patients on admission, plan their care with the team, e.g. physicians, and record it.
- Administer medication and monitor vital signs; escalate changes at once
- Teach patients and families how to manage care at home

Who you are
• Current RN license in the state of Ohio, BLS certification
• 2+ years of acute care experience preferred
• You stay calm under pressure. You communicate clearly with people from every background.

Nice to have
Spanish speaking

Compensation & Benefits
$38.50 - $47.00 per hour depending on experience
Medical, dental and vision insurance from day one; 401(k) with match

Location: 1200 Harbor Street, Toledo, OH 43604
How to apply
Send your resume to careers@riverside.example or call (419) 555-0100.
Riverside General is an equal opportunity employer.
"""

FRONT_END = """\
招聘岗位：前端开发工程师
薪资：15k-25k·14薪

岗位职责：
1、负责公司核心产品的前端开发与维护，使用 Vue.js、Node.js 搭建组件库；
2、与产品、设计、后端对接，推动需求落地；
任职要求：
1、本科及以上学历，计算机相关专业，3年以上前端开发经验；
加分项：有开源项目经验者优先
我们提供
五险一金、带薪年假、定期团建
公司介绍：
我们是一家专注于智慧零售的科技公司。
"""

ANALYST = """\
資料分析師 Data Analyst

我們在台中，做的是農產品的物流平台，團隊大約四十人，成員來自各種背景，每天
處理超過一萬筆訂單，客戶遍及全台各地的批發市場與連鎖超市，也正準備進入日
本市場。

你會和營運、業務團隊一起工作，從資料裡找出配送延遲的原因，設計儀表板讓現場
主管每天早上打開就能看懂，並且把常用的分析流程寫成可以重複執行的程式。
希望你寫過兩年以上的 SQL，用 Python 或 R 處理過真實世界裡不乾淨的資料，懂基
本的統計檢定。
"""


def requirements(text: str) -> list[str]:
    return [one.plain for one in split_segments(text) if one.role == "requirement"]


def others(text: str) -> dict[str, str]:
    return {one.plain: one.why for one in split_segments(text) if one.role == "other" and not one.is_heading}


def find(text: str, words: str) -> Segment:
    return next(one for one in split_segments(text) if words in one.text)


def test_requirements_of_an_advertisement_in_traditional_chinese() -> None:
    assert requirements(SHOP) == [
        "負責門市日常營運、人員排班與教育訓練。",
        "處理顧客抱怨，維護品牌形象；",
        "分析每日業績並提出改善建議。",
        "商品陳列、盤點與庫存控管",
        "其他主管交辦事項",
        "2年以上門市管理經驗",
        "高中職以上",
        "Excel、PowerPoint、POS 系統",
        "具備良好溝通能力，能帶領團隊達成目標",
        "抗壓性高、有責任感",
    ]
    assert others(SHOP)["月薪 38,000～45,000 元"] == "pay"
    assert others(SHOP)["員工購物優惠"] == "benefit"
    assert find(SHOP, "POS 系統").section == "擅長工具"
    assert find(SHOP, "每年健康檢查").section == "福利制度"


def test_requirements_of_an_advertisement_in_english() -> None:
    assert requirements(NURSE) == [
        "Assess patients on admission, plan their care with the team, e.g. physicians, and record it.",
        "Administer medication and monitor vital signs;",
        "escalate changes at once",
        "Teach patients and families how to manage care at home",
        "Current RN license in the state of Ohio, BLS certification",
        "2+ years of acute care experience preferred",
        "You stay calm under pressure.",
        "You communicate clearly with people from every background.",
        "Spanish speaking",
    ]
    found = others(NURSE)
    assert found["$38.50 - $47.00 per hour depending on experience"] == "pay"
    assert found["1200 Harbor Street, Toledo, OH 43604"] == "address"
    assert found["Send your resume to careers@riverside.example or call (419) 555-0100."] == "contact"
    assert found["Riverside General is an equal opportunity employer."] == "company"


def test_requirements_of_an_advertisement_in_simplified_chinese() -> None:
    assert requirements(FRONT_END) == [
        "负责公司核心产品的前端开发与维护，使用 Vue.js、Node.js 搭建组件库；",
        "与产品、设计、后端对接，推动需求落地；",
        "本科及以上学历，计算机相关专业，3年以上前端开发经验；",
        "有开源项目经验者优先",
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (SHOP, "門市副店長"),
        (NURSE, "Registered Nurse"),
        (FRONT_END, "前端开发工程师"),
        (ANALYST, "資料分析師 Data Analyst"),
        ("職稱：會計助理\n負責記帳", "會計助理"),
        ("Job title: Line Cook\nResponsibilities:\n- Cook", "Line Cook"),
        (
            "Acme is a bakery founded in 1990.\nWe are looking for a pastry chef to join our team.",
            "pastry chef",
        ),
    ],
)
def test_the_title(text: str, title: str) -> None:
    found = title_of(text, split_segments(text))
    assert found is not None
    assert found.text == title == text[found.start : found.end]


def test_a_sentence_that_a_wrap_parted_is_one_segment() -> None:
    sentence = find(ANALYST, "本的統計檢定")
    assert sentence.plain.startswith("希望你寫過兩年以上的 SQL")
    assert "懂基本的統計檢定。" in sentence.plain
    assert "\n" in sentence.text


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Use Node.js 20.5, e.g. with Dr. Lee in the U.S. Navy. Write tests!", 2),
        ("熟悉 Node.js。會寫測試！", 2),
        ("Operate lathes at 2.5 m/s.", 1),
        ("Sabe programar? Trabaja en equipo. Habla inglés.", 3),
        ("یک برنامه بنویسید؟ گزارش دهید۔", 2),
    ],
)
def test_sentences_end_where_they_end(line: str, parts: int) -> None:
    assert len(split_segments(f"Requirements:\n{line}")) == parts + 1


def test_a_line_is_told_by_its_own_words_against_its_section() -> None:
    text = (
        "工作內容：\n負責接待客人\n月薪 32,000 元起\n\n公司簡介：\n"
        "本公司成立於1990年\n需具備3年以上的會計經驗"
    )
    assert requirements(text) == ["負責接待客人", "需具備3年以上的會計經驗"]


def test_a_section_in_two_languages_is_known() -> None:
    text = "工作內容 Job Description\n- 撰寫新聞稿\n福利 / Benefits\n- 彈性上班"
    assert requirements(text) == ["撰寫新聞稿"]


@pytest.mark.parametrize("text", ["", " \n\t ", "12345 ●●● ———", "."])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"empty|no letters"):
        split_segments(text)


def test_what_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(InvalidInput, match=r"1,000,000 characters, and at most 50,000"):
        split_segments("a" * 1_000_000)
    with pytest.raises(InvalidInput, match=r"more than 1,000 lines"):
        split_segments("做\n" * (MOST_CHARACTERS // 2))


@pytest.mark.parametrize("text", ["a" * MOST_CHARACTERS, "1." * 24_000 + "a", "（a" * 20_000, "a " * 25_000])
def test_odd_texts_of_the_longest_length_are_read(text: str) -> None:
    assert len(split_segments(text)) <= MOST_SEGMENTS


_PIECES = st.sampled_from(
    [
        *"●-•*（）()【】：:。；;.!?？\n\r\t 　1一aA年薪",
        "\n\n", "1. ", "工作內容", "福利：", "Requirements:", "月薪 30,000 元", "負責接待",
        "e.g. ", "Node.js", "\u2028", "✅", "\ud800",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=80).map("".join)))
def test_segments_are_ordered_spans_of_any_text(text: str) -> None:
    if not any(character.isalpha() for character in text):
        return
    segments = split_segments(text)
    end = 0
    for one in segments:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text == one.text.strip()
        assert one.role in {"requirement", "other"}
        end = one.end
    title = title_of(text, segments)
    assert title is None or text[title.start : title.end] == title.text

"""What forms in PDF do now and then: several activities in one cell, missing and misprinted codes, marks over
the page, turned pages, headings in English."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from pdf_canvas import print_pdf
from pdf_compare import compare
from pdf_english import in_english
from pdf_forms import FormCell, FormTable, FreeText, form_of, in_template, random_layout
from pdf_suite import print_by_canvas
from small_documents import document, read

from ontology.readers import read_standard
from ontology.readers.labels import carries_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ontology.model import Standard

PLAIN = replace(
    random_layout(3, per_activity=False),
    page="A4 landscape",
    font_size=9.0,
    line_height=12.0,
    compatible=False,
    history_mark="",
    borders="lines",
    per_sign=False,
)
PROFILE = FormTable(
    (20, 20, 60),
    (
        (FormCell(("職能基準代碼",), columns=2), FormCell(("BGM1219-002v2",))),
        (FormCell(("職能基準名稱",), rows=2), FormCell(("職類",)), FormCell()),
        (FormCell(("職業",)), FormCell(("領班",))),
        (FormCell(("所屬類別",), rows=3), FormCell(("職類別",)), FormCell(("企業經營管理",))),
        (FormCell(("職業別",)), FormCell(("主管",))),
        (FormCell(("行業別",)), FormCell(("製造業",))),
        (FormCell(("工作描述",), columns=2), FormCell(("帶領團隊完成工作。",))),
        (FormCell(("基準級別",), columns=2), FormCell(("4",))),
    ),
)
HEADER = (
    "工作任務",
    "工作活動",
    "工作產出",
    "行為指標",
    "職能級別",
    "職能內涵 (K=knowledge 知識)",
    "職能內涵 (S=skills 技能)",
)


def cells(*texts: str | Sequence[str]) -> tuple[FormCell, ...]:
    return tuple(FormCell((text,) if isinstance(text, str) else tuple(text)) for text in texts)


def form(*rows: tuple[FormCell, ...], attitudes: Sequence[str] = ("A01 負責：把事做完",)) -> bytes:
    header = tuple(FormCell((label,), centred=True) for label in HEADER)
    return print_pdf(
        [
            FreeText(("領班職能基準",), centred=True, size=1.5),
            PROFILE,
            FormTable((12, 14, 14, 26, 8, 16, 16), (header, *rows), header=1),
            FreeText(("職能內涵 (A=attitude 態度)",)),
            FreeText(tuple(attitudes)),
        ],
        PLAIN,
    )


def kinds(standard: Standard, where: str) -> set[str]:
    return {doubt.kind for doubt in standard.doubts if doubt.where == where}


ROW = (
    "T1 排班",
    "T1.1 排定人力",
    "O1.1.1 班表",
    "P1.1.1 依工作量排定班表",
    "4",
    "K1 排班方法",
    "S1 溝通技能",
)


def test_several_activities_in_one_cell_keep_their_own_items() -> None:
    found = read_standard(
        form(
            cells(
                "T1 排班",
                ("T1.1 排定人力", "T1.2 調度支援"),
                ("O1.1.1 班表", "O1.2.1 調度紀錄"),
                ("P1.1.1 依工作量排定班表", "P1.1.2 公布班表", "P1.2.1 缺員時調度人力"),
                "4",
                "K1 排班方法",
                "S1 溝通技能",
            )
        )
    )
    first, second = found.tasks[0].activities
    assert (first.name, second.name) == ("排定人力", "調度支援")
    assert [item.code for item in first.indicators] == ["P1.1.1", "P1.1.2"]
    assert [item.code for item in second.indicators] == ["P1.2.1"]
    assert [item.text for item in (*first.outputs, *second.outputs)] == ["班表", "調度紀錄"]


def test_outputs_without_codes_are_given_them_with_a_doubt() -> None:
    found = read_standard(form(cells(*ROW[:2], ("班表", "人力需求表"), *ROW[3:])))
    outputs = found.tasks[0].activities[0].outputs
    assert [(item.code, item.text, item.printed) for item in outputs] == [
        ("O1.1.1", "班表", ""),
        ("O1.1.2", "人力需求表", ""),
    ]
    assert "missing-code" in kinds(found, "O1.1.1")


def test_a_zero_for_the_letter_of_an_output_is_read_and_doubted() -> None:
    found = read_standard(form(cells(*ROW[:2], "01.1.1 班表", *ROW[3:])))
    (output,) = found.tasks[0].activities[0].outputs
    assert (output.code, output.printed, output.text) == ("O1.1.1", "01.1.1", "班表")
    assert "malformed-code" in kinds(found, "O1.1.1")


def test_a_knowledge_in_the_column_of_skills_is_knowledge_with_a_doubt() -> None:
    found = read_standard(form(cells(*ROW[:6], ("S1 溝通技能", "K2 勞動法規"))))
    assert [item.text for item in found.knowledge] == ["排班方法", "勞動法規"]
    assert found.tasks[0].knowledge == ("K1", "K2")
    assert [item.text for item in found.skills] == ["溝通技能"]
    assert "misplaced-code" in kinds(found, "K2")


def test_attitudes_without_codes_are_given_them_with_a_doubt() -> None:
    found = read_standard(form(cells(*ROW), attitudes=("負責：把事做完", "守時：準時到班")))
    assert [(item.code, item.name, item.text) for item in found.attitudes] == [
        ("A01", "負責", "把事做完"),
        ("A02", "守時", "準時到班"),
    ]
    assert "missing-code" in kinds(found, "A02")


def test_a_large_mark_across_the_page_is_not_read() -> None:
    standard = in_template(read(document()), per_activity=False)
    layout = replace(random_layout(5, per_activity=False), history_mark="watermark")
    found = read_standard(print_pdf(form_of(standard, layout), layout))
    assert compare(standard, found).silent == []
    assert not any("歷史資料" in doubt.text for doubt in found.doubts)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_turned_pages_read_as_they_are_shown(angle: int) -> None:
    standard = in_template(read(document()), per_activity=True)
    upright = print_by_canvas(standard, 4, per_activity=True)
    found = read_standard(turned(upright, angle))
    assert compare(standard, found).silent == []
    assert compare(read_standard(upright), found).silent == []


def turned(data: bytes, angle: int) -> bytes:
    """The same pages with their content turned back by the angle and shown turned by it."""
    import pypdfium2
    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(data)
    for page in document:
        width, height = page.get_size()
        turn = pypdfium2.PdfMatrix().rotate(angle, ccw=True)
        corners = [turn.on_point(x, y) for x in (0, width) for y in (0, height)]
        left, bottom = min(x for x, _ in corners), min(y for _, y in corners)
        matrix = turn.translate(-left, -bottom)
        for item in page.get_objects(max_depth=1):
            item.transform(matrix)
        if angle != 180:
            page.set_mediabox(0, 0, height, width)
        page.gen_content()
        raw.FPDFPage_SetRotation(page, angle // 90)
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


@pytest.mark.parametrize("per_activity", [False, True], ids=["older", "newer"])
def test_a_form_in_english_reads_back(per_activity: bool) -> None:  # noqa: FBT001
    sample = read_standard(ROOT / "data" / "standards" / "sample-BGM1219-903v1.txt")
    standard = in_template(sample, per_activity=per_activity)
    layout = replace(random_layout(2, per_activity=per_activity), compatible=False)
    found = read_standard(print_pdf(in_english(form_of(standard, layout)), layout))
    assert found.language == "en"
    assert compare(standard, found).silent == []


@pytest.mark.parametrize("text", ["Behavioural\nindicators", "Behaviouralindicators", "行為 指標"])
def test_a_form_is_known_by_a_heading_wherever_its_lines_end(text: str) -> None:
    assert carries_form(f"Work outputs {text} Level")

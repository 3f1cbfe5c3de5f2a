"""Texts that read as cut short are doubted, finished ones are not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from small_documents import NEW_HEADER, ROW, document, doubts, read, row

from ontology.readers.doubtful import unfinished_reason, unfinished_sentences


@pytest.mark.parametrize(
    "text",
    [
        "決策技能，展現良好的判斷能力並貫徹",
        "評估計畫，並確保",
        "規劃與",
        "溝通、",
        "各",
        "歸納口頭和非口頭資訊的",
        "相關的原則：",
        "製作報表(含預算",
        "report to the",
        "plan and",
        "",
    ],
)
def test_a_text_cut_short_is_doubted(text: str) -> None:
    assert unfinished_reason(text)


@pytest.mark.parametrize(
    "text",
    [
        "建立團隊的目標與目的",
        "鼓勵團隊成員參與",
        "將客戶意見彙整並分析",
        "規劃並建立",
        "依規定予以協助",
        "維持與客戶的互動，並採取行動",
        "管理團隊。",
        "製作報表(含預算）",
        "lead the team",
        "應對危機的行為",
    ],
)
def test_a_finished_text_is_not_doubted(text: str) -> None:
    assert unfinished_reason(text) is None


def test_one_text_without_the_stop_that_its_siblings_have_is_doubted() -> None:
    cell = " ".join(f"P1.1.{number} 建立目標{number}。" for number in range(1, 6)) + " P1.1.6 依規定，蒐"
    standard = read(document(row(*ROW[:3], cell, *ROW[4:])))
    assert doubts(standard) == [("unfinished-sentence", "P1.1.6")]


def test_real_standards_are_doubted_only_where_they_are_cut(shared_data: Path) -> None:
    found = set()
    for path in sorted((shared_data / "icap").glob("*v[0-9].json")):
        units = json.loads(path.read_text(encoding="utf-8"))["ocs_content"]["ocu_units"]
        standard = read(document_of(units))
        found |= {(path.stem, doubt.where) for doubt in unfinished_sentences(standard)}
    assert found == {
        ("APP7322-001v4", "T1"),
        ("APP7322-001v4", "O1.1.1"),
        ("BAS1219-001v4", "P1.2.2"),
        ("BAS1219-001v4", "P2.3.1"),
    }


def document_of(units: list[dict[str, object]]) -> str:
    """A document of the newer template with the tasks that another project read from an official PDF."""
    rows = []
    for unit in units:
        head = f"{unit['ocu_code']} {unit['ocu_name']}"
        for task in unit["tasks"]:  # type: ignore[attr-defined]
            codes = task["task_codes"][0]
            block = task["competency_blocks"][0]
            cells = [head, f"{codes['code']} {codes['name']}"]
            for column, key in (("outputs", "name"), ("indicators", "text")):
                cells.append(" ".join(f"<p>{item['code']} {item[key]}</p>" for item in block[column]))
            cells.append(str(block["competency_level"]))
            cells.extend(
                " ".join(f"<p>{item['code']} {item['name']}</p>" for item in block[column])
                for column in ("knowledge", "skills")
            )
            rows.append(re.sub(r"\n", "", row(*cells)))
            head = ""
    return document(*rows, header=NEW_HEADER)

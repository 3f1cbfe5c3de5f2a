"""The headings of a form in English."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdf_forms import FormCell, FormTable, FreeText

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["in_english"]

_LABELS = {
    "版本": "Version",
    "狀態": "Status",
    "更新說明": "Update note",
    "發展更新日期": "Date of development or update",
    "職能基準代碼": "Occupational competency standard code",
    "職能基準名稱": "Occupational competency standard name",
    "（擇一填寫）": "(fill in one)",
    "職類": "Occupational category",
    "職業": "Occupation",
    "所屬類別": "Classification",
    "職類別": "Category",
    "職類別代碼": "Category code",
    "職業別": "Occupational classification",
    "職業別代碼": "Occupational classification code",
    "行業別": "Industry",
    "行業別代碼": "Industry code",
    "工作描述": "Job description",
    "基準級別": "Level of the standard",
    "主要職責": "Main duty",
    "工作任務": "Work task",
    "工作活動": "Work activity",
    "工作產出": "Work outputs",
    "行為指標": "Behavioural indicators",
    "職能級別": "Competency level",
    "職能內涵": "Competency content",
    "(K=knowledge 知識)": "(K=knowledge)",
    "(S=skills 技能)": "(S=skills)",
    "職能內涵 (K=knowledge 知識)": "Competency content (K=knowledge)",
    "職能內涵 (S=skills 技能)": "Competency content (S=skills)",
    "職能內涵 (A=attitude 態度)": "Competency content (A=attitudes)",
    "說明與補充事項": "Notes",
}


def in_english(blocks: Sequence[FormTable | FreeText]) -> list[FormTable | FreeText]:
    """The same form with English headings; its title too."""

    def text(paragraph: str) -> str:
        name = paragraph.removesuffix("職能基準")
        return f"{name} Competency Standard" if name != paragraph else _LABELS.get(paragraph, paragraph)

    def cell(one: FormCell) -> FormCell:
        return replace(one, paragraphs=tuple(map(text, one.paragraphs)))

    found: list[FormTable | FreeText] = []
    for block in blocks:
        if isinstance(block, FreeText):
            found.append(replace(block, paragraphs=tuple(map(text, block.paragraphs))))
        else:
            found.append(replace(block, rows=tuple(tuple(map(cell, row)) for row in block.rows)))
    return found

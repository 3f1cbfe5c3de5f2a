"""Small documents in the layout of the extracted iCAP texts, one trap at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.readers import read_standard

if TYPE_CHECKING:
    from ontology.model import Standard

HEADER = (
    "工作任務\t工作活動\t工作產出\t行為指標\t職能級別\t職能內涵 (K=knowledge 知識)\t職能內涵 (S=skills 技能)"
)
NEW_HEADER = HEADER.replace("工作任務\t工作活動", "主要職責\t工作任務")
PROFILE = """\
職能基準代碼\t\tBGM1219-002v2\t\t\t
職能基準名稱 (擇一填寫)\t\t職類\t\t\t
\t\t職業\t基層主管\t\t
所屬類別\t職類別\t企業經營管理\t職類別代碼\tBGM\t
\t職業別\t經理人員\t職業別代碼\t1219\t
\t行業別\t專業服務業\t行業別代碼\tM7010\t
工作描述\t\t管理團隊。\t\t\t
基準級別\t\t4\t\t\t
"""
ROW = ("T1 提升效能", "T1.1 設定計畫", "O1.1.1 計畫書", "P1.1.1 建立目標", "4", "K1 組織", "S1 溝通技能")


def row(*cells: str) -> str:
    return "\t".join(cells)


def document(*rows: str, header: str = HEADER, profile: str = PROFILE, after: str = "") -> str:
    return "\n".join(["基層主管職能基準", "", profile, header, *(rows or (row(*ROW),)), "", after])


def read(text: str) -> Standard:
    return read_standard(text.encode(), "test.txt")


def doubts(standard: Standard) -> list[tuple[str, str]]:
    return [(doubt.kind, doubt.where) for doubt in standard.doubts]

"""The words of the workbook, in Traditional Chinese as on the official form, and in English."""

from __future__ import annotations

__all__ = ["Words"]

_WORDS = {
    "activity": ("工作活動", "Activity"),
    "activity_newer": ("工作任務", "Task"),
    "alternative_names": ("其他名稱", "Other names"),
    "associations": ("關聯", "Associations"),
    "attitudes": ("職能內涵 (A=attitude 態度)", "Attitudes"),
    "broader": ("上位類別", "Broader"),
    "category": ("職類別", "Occupational category"),
    "category_code": ("職類別代碼", "Category code"),
    "code": ("代碼", "Code"),
    "concept": ("職能", "Competency"),
    "contents": ("目錄", "Contents"),
    "description": ("工作描述", "Description"),
    "destination": ("終點", "Destination"),
    "doubts": ("待確認", "Doubts"),
    "doubts_intro": (
        "原始文件中有疑義之處；內容照原文保留，未予更正。",
        "What the source leaves doubtful; it is kept as printed and was not mended.",
    ),
    "flags": ("註記", "Flags"),
    "framework": ("架構", "Framework"),
    "hidden_names": ("檢索用名稱", "Names for searching"),
    "history": ("版本", "Versions"),
    "importance": ("重要性", "Importance"),
    "indicators": ("行為指標", "Performance indicators"),
    "industry": ("行業別", "Industry"),
    "industry_code": ("行業別代碼", "Industry code"),
    "iri": ("識別碼", "Identifier"),
    "kind": ("類型", "Kind"),
    "kind_activity": ("工作活動", "work activity"),
    "kind_attitude": ("態度", "attitude"),
    "kind_group": ("職能群組", "group"),
    "kind_knowledge": ("知識", "knowledge"),
    "kind_skill": ("技能", "skill"),
    "kind_technology": ("工具與技術", "technology"),
    "knowledge": ("職能內涵 (K=knowledge 知識)", "Knowledge"),
    "language": ("語言", "Language"),
    "level": ("職能級別", "Level"),
    "level_suppressed": ("級別精確度低", "low precision of the level"),
    "line": ("行", "Line"),
    "message": ("說明", "What is doubtful"),
    "modified": ("修訂日期", "Modified"),
    "name": ("名稱", "Name"),
    "not_relevant": ("多數受訪者認為無關", "not relevant for most respondents"),
    "note": ("備註", "Note"),
    "notes": ("說明與補充事項", "Notes"),
    "number": ("序", "No."),
    "occupation": ("職業別", "Occupation"),
    "occupation_code": ("職業別代碼", "Occupation code"),
    "occupational_category": ("職類", "Occupational category"),
    "origin": ("起點", "Origin"),
    "other_knowledge": ("其他知識", "Further knowledge"),
    "other_skills": ("其他技能", "Further skills"),
    "outputs": ("工作產出", "Outputs"),
    "page": ("頁", "Page"),
    "parents": ("上層", "Under"),
    "profile": ("基本資料", "Profile"),
    "rated_level": ("程度", "Level"),
    "related": ("相關職能基準", "Related"),
    "relation": ("關係", "Relation"),
    "requirements": ("所需職能", "Requirements"),
    "schemes": ("所屬分類", "Schemes"),
    "skills": ("職能內涵 (S=skills 技能)", "Skills"),
    "source": ("來源檔案", "Source file"),
    "standard": ("職能基準", "Standard"),
    "standard_code": ("職能基準代碼", "Code of the standard"),
    "standard_level": ("基準級別", "Level of the standard"),
    "standard_name": ("職能基準名稱", "Name of the standard"),
    "statements": ("項目", "Statements"),
    "status": ("狀態", "Status"),
    "suppressed": ("重要性精確度低", "low precision of the importance"),
    "task": ("工作任務", "Task"),
    "task_category": ("任務類別", "Category"),
    "task_newer": ("主要職責", "Main duty"),
    "text": ("內容", "Text"),
    "title": ("{name}職能基準", "{name}"),
    "updated": ("發展更新日期", "Updated"),
    "version": ("版本", "Version"),
    "version_note": ("更新說明", "What changed"),
    "where": ("位置", "Where"),
    "work_activities": ("所屬工作活動", "Work activities"),
}


class Words:
    """The words for a standard in one language: Chinese for Chinese texts, English for all others."""

    def __init__(self, language: str) -> None:
        self._column = 0 if language.lower().startswith("zh") else 1

    def __getitem__(self, key: str) -> str:
        return _WORDS[key][self._column]

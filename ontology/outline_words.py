"""The words of an outline's workbook and Word document, in Traditional Chinese and in English."""

from __future__ import annotations

__all__ = ["COMPETENCY_COLUMNS", "UNIT_COLUMNS", "key_of", "kind_of_word", "outline_word", "shown_hours"]

UNIT_COLUMNS = ("number", "unit", "hours", "note")
COMPETENCY_COLUMNS = ("number", "code", "kind", "text", "standard", "level", "language", "iri")

_WORDS = {
    "outline": ("課程大綱", "Course outline"),
    "units": ("單元", "Units"),
    "competencies": ("職能", "Competencies"),
    "format": ("格式", "Format"),
    "title": ("課程名稱", "Course"),
    "number": ("單元編號", "Unit no."),
    "unit": ("單元名稱", "Unit"),
    "unit_number": ("單元 {number}", "Unit {number}"),
    "hours": ("時數", "Hours"),
    "note": ("備註", "Note"),
    "code": ("代碼", "Code"),
    "kind": ("類型", "Kind"),
    "text": ("內容", "Text"),
    "standard": ("職能基準", "Standard"),
    "standards": ("對應職能基準", "Standards to cover"),
    "level": ("級別", "Level"),
    "language": ("語言", "Language"),
    "iri": ("識別碼", "Identifier"),
    "none": ("本單元尚無職能。", "The unit has no competencies yet."),
    "kind_standard": ("職能基準", "Standard"),
    "kind_task": ("工作任務", "Task"),
    "kind_activity": ("工作活動", "Activity"),
    "kind_output": ("工作產出", "Output"),
    "kind_indicator": ("行為指標", "Indicator"),
    "kind_knowledge": ("知識", "Knowledge"),
    "kind_skill": ("技能", "Skill"),
    "kind_attitude": ("態度", "Attitude"),
    "kind_statement": ("職能敘述", "Statement"),
    "kind_technology": ("工具與技術", "Technology"),
    "kind_group": ("職能群組", "Group"),
    "edit_hint": (
        "再匯入時，課程與單元的名稱、時數、備註、順序，以及各單元保留哪些職能，都以本文件的表格為準；"
        "職能的內容取自職能基準，在此修改無效。",
        "When this document is imported again, its tables say the names, hours, notes and order of the units "
        "and which competencies each keeps; the texts of competencies are those of the standards and are not "
        "taken from here.",
    ),
}
_BY_WORD = {word.casefold(): key for key, words in _WORDS.items() for word in words if "kind_" not in key}
_KINDS = {
    word.casefold(): key.removeprefix("kind_")
    for key, words in _WORDS.items()
    if key.startswith("kind_")
    for word in (*words, key.removeprefix("kind_"))
}


def outline_word(language: str, key: str, **values: object) -> str:
    """A word in Chinese for outlines in Chinese, in English for all others."""
    return _WORDS[key][0 if language.lower().startswith("zh") else 1].format(**values)


def key_of(word: str) -> str:
    """The key of a word at the head of a column or row; the word itself where it has none."""
    return _BY_WORD.get(word.strip().casefold(), word.strip())


def kind_of_word(word: str) -> str:
    """The kind that a word names in either language; the word itself where it names none."""
    return _KINDS.get(word.strip().casefold(), word.strip())


def shown_hours(hours: float | None) -> str:
    """As few decimals as it has."""
    return "" if hours is None else f"{hours:.2f}".rstrip("0").rstrip(".")

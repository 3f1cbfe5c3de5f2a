"""The words of the official form: every heading and label that a reader looks for, in Chinese, in English,
or in both together (``工作任務 Task``). The English terms are those of the iCAP guideline, and those that
translations of the form put in their place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontology.readers.text import normal_label

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "COLUMNS",
    "GROUPS",
    "PROFILE",
    "PROFILE_LABELS",
    "VERSIONS",
    "carries_form",
    "is_title",
    "label_in",
    "section_of",
]


def _table(names: dict[str, str]) -> dict[str, str]:
    """Names as ``normal_label`` leaves them, without blanks."""
    return {name.replace(" ", ""): field for name, field in names.items()}


COLUMNS = _table(
    {
        "主要職責": "duty",
        "main duty": "duty",
        "main duties": "duty",
        "工作任務": "task",
        "task": "task",
        "tasks": "task",
        "work task": "task",
        "work tasks": "task",
        "工作活動": "activity",
        "activity": "activity",
        "activities": "activity",
        "work activity": "activity",
        "work activities": "activity",
        "工作產出": "outputs",
        "output": "outputs",
        "outputs": "outputs",
        "work output": "outputs",
        "work outputs": "outputs",
        "行為指標": "indicators",
        "behavioural indicator": "indicators",
        "behavioural indicators": "indicators",
        "behavioral indicator": "indicators",
        "behavioral indicators": "indicators",
        "performance indicator": "indicators",
        "performance indicators": "indicators",
        "職能級別": "level",
        "competency level": "level",
        "level": "level",
        "知識": "knowledge",
        "職能內涵知識": "knowledge",
        "knowledge": "knowledge",
        "技能": "skills",
        "職能內涵技能": "skills",
        "skill": "skills",
        "skills": "skills",
    }
)
"""Headings of the table of tasks."""

PROFILE = _table(
    {
        "職能基準代碼": "code",
        "occupational competency standard code": "code",
        "competency standard code": "code",
        "職能基準名稱": "name",
        "occupational competency standard name": "name",
        "competency standard name": "name",
        "職類": "occupational_category",
        "occupational category": "occupational_category",
        "職業": "occupation_name",
        "occupation": "occupation_name",
        "職類別": "category",
        "category": "category",
        "職類別代碼": "category_code",
        "category code": "category_code",
        "職業別": "occupation",
        "occupational classification": "occupation",
        "職業別代碼": "occupation_code",
        "occupational classification code": "occupation_code",
        "行業別": "industry",
        "industry": "industry",
        "industry classification": "industry",
        "行業別代碼": "industry_code",
        "industry code": "industry_code",
        "industry classification code": "industry_code",
        "工作描述": "description",
        "job description": "description",
        "work description": "description",
        "基準級別": "level",
        "level of the standard": "level",
        "standard level": "level",
    }
)
"""Labels of the profile."""

GROUPS = {"所屬類別": "classification", "classification": "classification"}
"""Labels of the profile that stand over others and have no value of their own."""

VERSIONS = _table(
    {
        "版本": "version",
        "version": "version",
        "職能基準代碼": "code",
        "occupational competency standard code": "code",
        "competency standard code": "code",
        "職能基準名稱": "name",
        "occupational competency standard name": "name",
        "competency standard name": "name",
        "狀態": "status",
        "status": "status",
        "更新說明": "note",
        "update note": "note",
        "notes on the update": "note",
        "發展更新日期": "date",
        "發展/更新日期": "date",
        "更新日期": "date",
        "date": "date",
        "date of development or update": "date",
    }
)
"""Headings of the version table."""

PROFILE_LABELS = {name: label for label, name in reversed(PROFILE.items())}
"""What each field of the profile is called in messages: its Chinese label."""

_NOTES = re.compile(r"說明[與及和]?補充(?:事項|說明)?")
_ATTITUDES = re.compile(r"(?:職能內涵)?\(?(?:a=)?(?:attitude)?s?態度\)?")
_NOTES_EN = re.compile(r"Notes(?:and(?:additions|supplements|supplementaryremarks))?", re.IGNORECASE)
_ATTITUDES_EN = re.compile(r"(?:competencycontent)?(?:\(?a=)?attitudes?\)?", re.IGNORECASE)
_HAN_SIGNS = re.compile(r"[^\x00-\x7f]")
_MARKS = (
    "行為指標",
    "職能基準代碼",
    "competencystandardcode",
    "behaviouralindicator",
    "behavioralindicator",
)
_TITLES = ("職能基準", "competencystandard")


def label_in(table: Mapping[str, str], text: str) -> str | None:
    """The field that a heading names: in one language, or in two that agree. Case, blanks and a remark in
    brackets do not count; ``None`` for any other text."""
    label = normal_label(text).casefold()
    if label in table:
        return table[label]
    english = "".join(re.findall(r"[a-z]+", label))
    chinese = re.sub(r"[a-z/()\s]+", "", label)
    found = table.get(chinese) if english and chinese else None
    return found if found is not None and table.get(english) == found else None


def section_of(line: str) -> str | None:
    """``attitudes`` or ``notes`` where a line is the heading of that section.

    An English heading has a capital: the last word of a broken cell may be ``attitudes`` or ``notes`` too.
    """
    label = normal_label(line)
    if _NOTES.fullmatch(label):
        return "notes"
    if _ATTITUDES.fullmatch(label.casefold()):
        return "attitudes"
    english = label.lstrip("".join(_HAN_SIGNS.findall(label)))
    chinese = label.removesuffix(english)
    if english[:1].isupper() and _NOTES_EN.fullmatch(english):
        return "notes" if not chinese or _NOTES.fullmatch(chinese) else None
    if english[:1].isupper() and _ATTITUDES_EN.fullmatch(english):
        return "attitudes" if not chinese or _ATTITUDES.fullmatch(chinese) else None
    return None


def is_title(text: str) -> bool:
    """Whether a line is the title of the document, with a remark in brackets after it or without."""
    return normal_label(text).casefold().endswith(_TITLES)


def carries_form(text: str) -> bool:
    """Whether a text holds a heading that every form has, in either language, wherever its lines end."""
    folded = "".join(text.casefold().split())
    return any(mark in folded for mark in _MARKS)

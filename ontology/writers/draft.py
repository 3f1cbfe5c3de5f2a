"""Drafts of job descriptions as JSON, Markdown and Word documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.writers.word import add_item, new_document, plain, saved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ontology.drafting import Draft, DraftItem
    from ontology.json_object import JsonValue

__all__ = ["DraftLine", "draft_docx", "draft_json", "draft_lines", "draft_markdown", "draft_words"]

_WORDS = {
    "title": ("{name}：職務說明草稿", "{name}: draft of a job description"),
    "source": (
        "本草稿只取自職能基準 {code} {name} 的內容，各項均附代碼。",
        "Made only of elements of the standard {code} {name}, each with its code.",
    ),
    "tasks": ("範圍：{codes}", "Of it: {codes}"),
    "level": ("第 {level} 級", "level {level}"),
    "standard_level": ("基準級別：{level}", "Level of the standard: {level}"),
    "empty": (
        "{code} 在這裡只有名稱與說明，沒有內容，無法草擬。",
        "{code} has no content here, only its name and description: nothing can be drafted from it.",
    ),
    "duties": ("職責", "Duties"),
    "assessment": ("面談與評量要點", "Points for interviews and assessment"),
    "no_assessment": (
        "此職能基準沒有行為指標與工作產出。",
        "The standard has no performance indicators or outputs.",
    ),
    "output": ("工作產出", "Output"),
    "required_by": ("用於 {codes}", "for {codes}"),
    "knowledge": ("應備知識", "Knowledge"),
    "skill": ("應備技能", "Skills"),
    "attitude": ("態度", "Attitudes"),
    "statement": ("職能敘述", "Competency statements"),
    "activity": ("工作活動", "Work activities"),
    "technology": ("工具與技術", "Tools and technologies"),
    "group": ("職能群組", "Groups of competencies"),
    "essential": ("{kind}（必備）", "{kind}: essential"),
    "important": ("{kind}（重要）", "{kind}: important"),
    "in-demand": ("{kind}（需求高）", "{kind}: in demand"),
    "optional": ("{kind}（選備）", "{kind}: optional"),
    "other": ("{kind}（其他）", "{kind}: further"),
}
_MARKED = re.compile(r"([\\`*_{}\[\]<>])")
_BEGINS = re.compile(r"^(\d+)([.)])(?=\s|$)|^([+-]|#+)(?=\s|$)")
_JOINT = {"zh": "、", "": ", "}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of a draft for people. ``depth`` 0 is a paragraph of its own, −1 a heading, −2 one below it;
    others are items of lists, from 1."""

    depth: int
    text: str
    code: str = ""
    note: str = ""


def draft_words(language: str, key: str, **values: object) -> str:
    """The draft's own words: in Chinese for Chinese texts, in English for all others."""
    return _WORDS[key][0 if language.lower().startswith("zh") else 1].format(**values)


def draft_json(draft: Draft) -> dict[str, JsonValue]:
    """The draft as a JSON object; what is empty in an item is left out."""
    return {
        "code": draft.code,
        "iri": draft.iri,
        "name": draft.name,
        "framework": draft.framework,
        "language": draft.language,
        "level": draft.level,
        "description": draft.description,
        "tasks": list(draft.tasks),
        "empty": draft.is_empty,
        "duties": [
            {**_item(one.task), "activities": [_item(activity) for activity in one.activities]}
            for one in draft.duties
        ],
        "requirements": [
            {"kind": group.kind, "relation": group.relation, "items": [_item(one) for one in group.items]}
            for group in draft.requirements
        ],
        "assessment": [
            {
                **_item(one.activity),
                "outputs": [_item(output) for output in one.outputs],
                "indicators": [_item(indicator) for indicator in one.indicators],
            }
            for one in draft.assessment
        ],
    }


def _item(item: DraftItem) -> dict[str, JsonValue]:
    form: dict[str, JsonValue] = {"kind": item.kind, "code": item.code, "text": item.text, "iri": item.iri}
    if item.level is not None:
        form["level"] = item.level
    if item.detail:
        form["detail"] = item.detail
    if item.items:
        form["items"] = [_item(one) for one in item.items]
    if item.required_by:
        form["required_by"] = list(item.required_by)
    return form


def draft_lines(draft: Draft, language: str) -> Iterator[DraftLine]:
    """The draft as people read it, after its title; ``language`` is that of the words around its texts."""

    def words(key: str, **values: object) -> str:
        return draft_words(language, key, **values)

    if draft.description:
        yield DraftLine(0, draft.description)
    yield DraftLine(0, words("source", code=draft.code, name=draft.name))
    if draft.tasks:
        yield DraftLine(0, words("tasks", codes=_joined(draft.tasks, language)))
    if draft.level is not None:
        yield DraftLine(0, words("standard_level", level=draft.level))
    if draft.is_empty:
        yield DraftLine(0, words("empty", code=draft.code))
        return
    if draft.duties:
        yield DraftLine(-1, words("duties"))
    for duty in draft.duties:
        yield _line(duty.task, 1, language)
        yield from (_line(one, 2, language) for one in duty.activities)
    for group in draft.requirements:
        kind = words(group.kind)
        yield DraftLine(-1, words(group.relation, kind=kind) if group.relation in _WORDS else kind)
        for item in group.items:
            yield _line(item, 1, language)
            yield from (_line(one, 2, language) for one in item.items)
    yield DraftLine(-1, words("assessment"))
    if not draft.assessment:
        yield DraftLine(0, words("no_assessment"))
    for point in draft.assessment:
        if not (point.outputs or point.indicators):
            yield _line(point.activity, 1, language)
            continue
        yield DraftLine(-2, point.activity.text, point.activity.code)
        yield from (_line(one, 1, language) for one in point.indicators)
        yield from (DraftLine(1, one.text, one.code, f"({words('output')})") for one in point.outputs)


def _line(item: DraftItem, depth: int, language: str) -> DraftLine:
    notes = []
    if item.level is not None:
        notes.append(draft_words(language, "level", level=item.level))
    if item.required_by:
        notes.append(draft_words(language, "required_by", codes=_joined(item.required_by, language)))
    chinese = language.lower().startswith("zh")
    text = f"{item.text}{'：' if chinese else ': '}{item.detail}" if item.detail else item.text
    note = ("，" if chinese else ", ").join(notes)
    return DraftLine(depth, text, item.code, (f"（{note}）" if chinese else f"({note})") if note else "")


def _joined(codes: tuple[str, ...], language: str) -> str:
    return _JOINT["zh" if language.lower().startswith("zh") else ""].join(codes)


def draft_markdown(draft: Draft, language: str = "") -> str:
    """The draft in CommonMark; without a ``language`` the words around its texts follow these."""
    language = language or draft.language
    parts = [f"# {_escaped(draft_words(language, 'title', name=draft.name))}"]
    in_list = False
    for line in draft_lines(draft, language):
        code = f"**{_escaped(line.code)}** " if line.code else ""
        text = f"{code}{_escaped(line.text)}{_gap(line.note)}{_escaped(line.note)}".rstrip()
        if line.depth > 0:
            parts += [] if in_list else [""]
            parts.append(f"{'  ' * (line.depth - 1)}- {text}")
        else:
            parts += ["", text if line.depth == 0 else f"{'#' * (1 - line.depth)} {text}"]
        in_list = line.depth > 0
    return "\n".join(parts) + "\n"


def _gap(note: str) -> str:
    """Full-width brackets bring their own."""
    return "" if note.startswith("（") else " "


def _escaped(text: str) -> str:
    """Text as text: nothing of it is taken for Markdown, and a line stays one."""
    escaped = _MARKED.sub(r"\\\1", " ".join(text.split()))
    return _BEGINS.sub(lambda match: f"{match[1] or ''}\\{match[2] or match[3]}", escaped)


def draft_docx(draft: Draft, language: str = "") -> bytes:
    """The draft as a Word document."""
    language = language or draft.language
    document = new_document(draft_words(language, "title", name=draft.name), language)
    for line in draft_lines(draft, language):
        if line.depth > 0:
            add_item(document, line.code, line.text, line.note, depth=line.depth - 1)
        elif line.depth == 0:
            document.add_paragraph(plain(line.text))
        else:
            document.add_heading(plain(f"{line.code} {line.text}".strip()), -line.depth)
    return saved(document)

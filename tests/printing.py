"""Prints standards in the layout of the texts extracted from iCAP forms.

Pages break anywhere: between rows, inside a cell, inside a text or a list, in names; a cell of knowledge or
skills that spans the rows of its task goes on beside the next activity. What the layout cannot carry is
listed in ``authoring``, whose standards are printed.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from authoring import CODE_LIKE
from hypothesis import strategies as st

from ontology.model import Classification, Competency, Indicator, Output, Standard
from ontology.readers.text import join

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Layout", "layouts", "print_standard"]

_COLUMNS = ("task", "activity", "outputs", "indicators", "level", "knowledge", "skills")
_HEADINGS = {
    "outputs": "工作產出",
    "indicators": "行為指標",
    "level": "職能級別",
    "knowledge": "職能內涵 (K=knowledge 知識)",
    "skills": "職能內涵 (S=skills 技能)",
}
_ENGLISH = {
    "工作產出": "Outputs",
    "行為指標": "Behavioural indicators",
    "職能級別": "Competency level",
    "職能內涵 (K=knowledge 知識)": "Competency content (K=knowledge)",
    "職能內涵 (S=skills 技能)": "Competency content (S=skills)",
    "職能內涵 (A=attitude 態度)": "Competency content (A=attitudes)",
    "主要職責": "Main duty",
    "工作任務": "Task",
    "工作活動": "Activity",
    "版本": "Version",
    "職能基準代碼": "Occupational competency standard code",
    "職能基準名稱": "Occupational competency standard name",
    "狀態": "Status",
    "更新說明": "Update note",
    "發展更新日期": "Date of development or update",
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
    "說明與補充事項": "Notes",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a standard is laid out; ``random`` decides what is left to chance, such as page breaks."""

    random: Random
    per_activity: bool
    columns: tuple[str, ...]
    sections: tuple[str, ...]
    tags: bool
    break_share: float
    line_end: str
    mark: bool
    page_numbers: bool
    wording: str = "zh"

    def label(self, chinese: str) -> str:
        """A heading in the language of the form: ``zh``, ``en`` or ``both``."""
        plain, _, remark = chinese.partition(" (擇")
        rest = f" (擇{remark}" if remark else ""
        english = _ENGLISH.get(plain)
        if english is None or self.wording == "zh" or (self.wording == "both" and "=" in plain):
            return chinese
        return english if self.wording == "en" else f"{plain} {english}{rest}"


def layouts(*, per_activity: bool) -> st.SearchStrategy[Layout]:
    """Layouts of the older template, or with ``per_activity`` of the newer one."""
    return st.builds(
        Layout,
        random=st.integers(0, 2**32).map(Random),
        per_activity=st.just(per_activity),
        columns=st.permutations(_COLUMNS).map(tuple),
        sections=st.permutations(("versions", "profile", "table", "attitudes", "notes")).map(tuple),
        tags=st.booleans(),
        break_share=st.sampled_from([0.0, 0.3, 0.9]),
        line_end=st.sampled_from(["\n", "\r\n"]),
        mark=st.booleans(),
        page_numbers=st.booleans(),
        wording=st.sampled_from(["zh", "zh", "en", "both"]),
    )


def print_standard(standard: Standard, layout: Layout) -> bytes:
    """The bytes of the document."""
    sections = {
        "versions": _print_versions,
        "profile": _print_profile,
        "table": _print_table,
        "attitudes": _print_attitudes,
        "notes": _print_notes,
    }
    title = " occupational competency standard" if layout.wording == "en" else "職能基準"
    lines = ["", f"{standard.name}{title}", ""]
    for section in layout.sections:
        lines.extend(sections[section](standard, layout))
        lines.append("")
    text = layout.line_end.join(lines)
    return text.encode("utf-8-sig" if layout.mark else "utf-8")


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _row(*cells: str) -> str:
    return "\t".join(_escape(cell) for cell in cells)


def _print_versions(standard: Standard, layout: Layout) -> list[str]:
    if not standard.history:
        return []
    columns = ["version", "code", "name", "status", "note", "date"]
    layout.random.shuffle(columns)
    labels = {
        "version": "版本",
        "code": "職能基準代碼",
        "name": "職能基準名稱",
        "status": "狀態",
        "note": "更新說明",
        "date": "發展更新日期",
    }
    lines = [_row(*(layout.label(labels[column]) for column in columns))]
    lines.extend(_row(*(str(getattr(entry, column)) for column in columns)) for entry in standard.history)
    return lines


def _print_profile(standard: Standard, layout: Layout) -> list[str]:
    if standard.occupational_category == standard.name and layout.random.random() < 0.5:
        name = [
            _row(layout.label("職能基準名稱 (擇一填寫)"), "", layout.label("職類"), standard.name, "", ""),
            _row("", "", layout.label("職業"), "", "", ""),
        ]
    else:
        name = [
            _row(
                layout.label("職能基準名稱 (擇一填寫)"),
                "",
                layout.label("職類"),
                standard.occupational_category,
                "",
                "",
            ),
            _row("", "", layout.label("職業"), standard.name, "", ""),
        ]
    left, right = _cut_text(standard.description, 1, layout)
    description = [_row(layout.label("工作描述"), "", left, "", "", "")]
    if right:
        description += ["", _row("", "", right, "", "", "")]
    groups = [
        [_row(layout.label("職能基準代碼"), "", standard.code, "", "", "")],
        name,
        _print_classified("職類別", standard.category, layout, first="所屬類別"),
        _print_classified("職業別", standard.occupation, layout),
        _print_classified("行業別", standard.industry, layout),
        description,
        [_row(layout.label("基準級別"), "", str(standard.level or ""), "", "", "")],
    ]
    layout.random.shuffle(groups)
    return [line for group in groups for line in group]


def _print_classified(
    label: str, entries: Sequence[Classification], layout: Layout, *, first: str = ""
) -> list[str]:
    if len(entries) > 1 and layout.random.random() < 0.3:
        names = (layout.label(label), layout.label(f"{label}代碼"))
        whole = [";".join(entry.name for entry in entries), "; ".join(entry.code for entry in entries)]
        return [_row(layout.label(first), names[0], whole[0], names[1], whole[1], "")]
    lines = []
    for number, entry in enumerate(entries):
        labelled = number == 0 or layout.random.random() < 0.5
        labels = (layout.label(label), layout.label(f"{label}代碼")) if labelled else ("", "")
        lines.append(
            _row(layout.label(first) if number == 0 else "", labels[0], entry.name, labels[1], entry.code, "")
        )
    return lines


def _cut_text(text: str, after: int, layout: Layout) -> tuple[str, str]:
    """A text in two where a page may break it, not before ``after``; all in the first where none may."""
    places = [
        place
        for place in range(after + 1, len(text))
        if join(text[:place], text[place:]) == text
        and not CODE_LIKE.search(text[place:].lstrip())
        and not text[:place].rstrip().endswith("■")
        and text[place:].lstrip()[0].isalpha()
        and not re.search(r"[:：]", text[place:])
    ]
    if not places or layout.random.random() >= layout.break_share:
        return text, ""
    place = layout.random.choice(places)
    return text[:place].rstrip(), text[place:].lstrip()


def _cut_cell(items: Sequence[str], layout: Layout) -> tuple[list[str], list[str]]:
    """The items of a cell before and after a page break, which may fall into one of them."""
    if not items:
        return [], []
    number = layout.random.randrange(len(items) + 1)
    if number == len(items):
        return list(items), []
    code = len(items[number].partition(" ")[0]) + 1
    left, right = _cut_text(items[number], code, layout)
    if layout.random.random() < 0.3 and " ■ " in items[number]:
        left, _, right = items[number].partition(" ■ ")
        right = f"■ {right}"
    return [*items[:number], left], [*([right] if right else []), *items[number + 1 :]]


def _print_cell(items: Sequence[str], layout: Layout) -> str:
    if layout.tags:
        paragraphs = []
        for item in items:
            escaped = _escape(item)
            if "■" in escaped:
                escaped = escaped.replace("■", '<ul style="list-style-type: none"> ■', 1)
                paragraphs.append(escaped)
            else:
                paragraphs.append(f"<p>{escaped}</p>")
        return " ".join(paragraphs)
    return " ".join(_escape(item) for item in items)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row before it is printed: the items of each cell; uncoded ones are not cut."""

    cells: dict[str, list[str]]
    fixed: frozenset[str] = frozenset()


def _table_rows(standard: Standard, layout: Layout) -> list[_Row]:
    by_code = {item.code: item for item in (*standard.knowledge, *standard.skills)}
    rows = []
    for task in standard.tasks:
        shared = {
            "knowledge": [_competency(by_code[code]) for code in task.knowledge],
            "skills": [_competency(by_code[code]) for code in task.skills],
        }
        for number, activity in enumerate(task.activities):
            last = number == len(task.activities) - 1
            cells = {
                "task": [f"{task.code} {task.name}"] if number == 0 else [],
                "activity": [f"{activity.code} {activity.name}"],
                "outputs": [_coded(item) for item in activity.outputs],
                "indicators": [_coded(item) for item in activity.indicators],
                "level": [
                    str(level) for level in (activity.level, task.level if number == 0 else None) if level
                ],
            }
            for column, codes in (("knowledge", activity.knowledge), ("skills", activity.skills)):
                take = len(shared[column]) if last else layout.random.randint(0, len(shared[column]))
                cells[column] = [_competency(by_code[code]) for code in codes] + shared[column][:take]
                shared[column] = shared[column][take:]
            uncoded = any(item.printed == "" for item in activity.outputs)
            rows.append(_Row(cells, frozenset({"outputs"}) if uncoded else frozenset()))
    return rows


def _coded(item: Output | Indicator) -> str:
    printed = item.code if item.printed is None else item.printed
    return f"{printed} {item.text}".strip()


def _competency(item: Competency) -> str:
    return " ■ ".join([f"{item.code} {item.text}", *(sub.text for sub in item.items)])


def _print_table(standard: Standard, layout: Layout) -> list[str]:
    names = ("主要職責", "工作任務") if layout.per_activity else ("工作任務", "工作活動")
    headings = {"task": names[0], "activity": names[1], **_HEADINGS}
    header = "\t".join(layout.label(headings[column]) for column in layout.columns)
    lines = [header]
    page = 1

    def new_page() -> None:
        nonlocal page
        page += 1
        feed = layout.random.choice(["", "", "\f"])
        lines.extend([feed, *([f"第 {page} 頁"] if layout.page_numbers else []), header])

    pending = _table_rows(standard, layout)
    while pending:
        row = pending.pop(0)
        if layout.random.random() < layout.break_share:
            first, rest = _cut_row(row, layout)
            if rest is None:
                _carry_over(first, pending, layout)
            lines.append(_print_row(first, layout))
            new_page()
            if rest is not None:
                lines.append(_print_row(rest, layout))
        else:
            lines.append(_print_row(row, layout))
    return lines


def _cut_row(row: _Row, layout: Layout) -> tuple[_Row, _Row | None]:
    """A row in two, unless the break is to fall after it."""
    if layout.random.random() < 0.4:
        return row, None
    first: dict[str, list[str]] = {}
    rest: dict[str, list[str]] = {}
    for column, items in row.cells.items():
        if column == "level" or column in row.fixed:
            first[column], rest[column] = list(items), []
        elif column in {"task", "activity"} and items:
            left, right = _cut_text(items[0], len(items[0].partition(" ")[0]) + 1, layout)
            first[column], rest[column] = [left], [right] if right else []
        else:
            first[column], rest[column] = _cut_cell(items, layout)
    return _Row(first, row.fixed), _Row(rest, row.fixed) if any(rest.values()) else None


def _carry_over(row: _Row, pending: list[_Row], layout: Layout) -> None:
    """In the older template a cell of knowledge or skills spans the rows of its task: its rest may stand
    in the next activity's row, at the top of the new page. Moves it there."""
    if layout.per_activity or not pending or pending[0].cells["task"]:
        return
    for column in ("knowledge", "skills"):
        left, right = _cut_cell(row.cells[column], layout)
        row.cells[column] = left
        pending[0].cells[column] = right + pending[0].cells[column]


def _print_row(row: _Row, layout: Layout) -> str:
    return "\t".join(_print_cell(row.cells[column], layout) for column in layout.columns)


def _print_attitudes(standard: Standard, layout: Layout) -> list[str]:
    if not standard.attitudes:
        return []
    lines = [layout.label("職能內涵 (A=attitude 態度)"), ""]
    for item in standard.attitudes:
        printed = item.code if item.printed is None else item.printed
        colon = layout.random.choice(["：", ":", "： "])
        head = f"{printed} {item.name}".strip()
        left, right = _cut_text(item.text, 1, layout) if item.text else ("", "")
        lines.append(_escape(f"{head}{colon}{left}" if item.text else head))
        if right:
            lines.append(_escape(right)) if layout.random.random() < 0.5 else lines.extend(
                ["", _escape(right)]
            )
        lines.append("")
    return lines


def _print_notes(standard: Standard, layout: Layout) -> list[str]:
    if not standard.notes:
        return []
    lines = [layout.label("說明與補充事項"), ""]
    heading = None
    for note in standard.notes:
        if note.heading is not None and note.heading != heading:
            lines.append(_escape(f"- {note.heading}："))
        heading = note.heading
        left, right = _cut_text(note.text, 1, layout)
        indent = " " if heading else ""
        lines.append(_escape(f"{indent}- {left}"))
        if right:
            lines.append(_escape(f"{indent}{right}"))
    return lines

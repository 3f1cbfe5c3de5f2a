"""The sheets of one standard: its profile, and the table of tasks as the official form has it.

The older template has level, knowledge and skills per task, the newer one per activity; either is laid out
with merged cells over the rows they belong to, one row an indicator.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.writers.xlsx_layout import Cell, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ontology.model import Activity, Competency, Standard, Task
    from ontology.writers.xlsx_words import Words

__all__ = ["form_sheet", "has_form", "profile_sheet"]

_PROFILE_WIDTHS = (14.0, 20.0, 28.0, 24.0, 18.0, 22.0, 20.0)
_WIDTHS = {
    "task": 18.0,
    "task_category": 14.0,
    "activity": 22.0,
    "outputs": 22.0,
    "indicators": 44.0,
    "level": 7.0,
    "knowledge": 32.0,
    "skills": 32.0,
    "work_activities": 40.0,
}
_OFFICIAL = ("task", "activity", "outputs", "indicators", "level", "knowledge", "skills")


def has_form(standard: Standard) -> bool:
    """Whether there is a table of tasks to show."""
    return bool(standard.tasks or standard.knowledge or standard.skills)


def profile_sheet(standard: Standard, words: Words) -> Sheet:
    """Versions and profile; attitudes and notes too where the standard has no table to put them under."""
    heading = f"{standard.code} {standard.name}"
    sheet = Sheet("profile", words["profile"], heading, standard.language, _PROFILE_WIDTHS)
    sheet.wide(words["title"].format(name=standard.name), "title")
    if standard.history:
        _history(sheet, standard, words)
    sheet.wide(words["profile"], "section")
    sheet.pair(words["standard_code"], standard.code)
    if standard.occupational_category:
        sheet.pair(words["occupational_category"], standard.occupational_category)
    sheet.pair(words["standard_name"], standard.name)
    _classified(sheet, standard, words)
    for key, text in (
        ("description", standard.description),
        ("standard_level", _number(standard.level)),
        ("version", standard.version),
        ("status", standard.status),
        ("modified", standard.modified),
        ("alternative_names", "\n".join(standard.alternative_names)),
        ("hidden_names", "\n".join(standard.hidden_names)),
        ("broader", "\n".join(standard.broader)),
        ("schemes", "\n".join(standard.schemes)),
        ("related", "\n".join(_joined(one.standard, one.relation) for one in standard.related)),
        ("framework", standard.framework),
        ("language", standard.language),
        ("iri", standard.iri),
        ("source", standard.source),
    ):
        if text:
            sheet.pair(words[key], text)
    for name, text in standard.details:
        sheet.pair(name, text)
    if not has_form(standard):
        _attitudes_and_notes(sheet, standard, words)
    return sheet


def _history(sheet: Sheet, standard: Standard, words: Words) -> None:
    sheet.wide(words["history"], "section")
    titles = ("version", "standard_code", "standard_name", "status", "version_note", "updated")
    rows = [tuple(words[title] for title in titles)]
    rows += [(one.version, one.code, one.name, one.status, one.note, one.date) for one in standard.history]
    for number, (version, code, name, status, note, date) in enumerate(rows):
        style = "text" if number else "label"
        for column, text in enumerate((version, code, name, status)):
            sheet.cells.append(Cell(sheet.rows, column, text, style))
        sheet.cells.append(Cell(sheet.rows, 4, note, style, last_column=5))
        sheet.cells.append(Cell(sheet.rows, 6, date, style))
        sheet.rows += 1
    sheet.gap()


def _classified(sheet: Sheet, standard: Standard, words: Words) -> None:
    for kind, entries in (
        ("category", standard.category),
        ("occupation", standard.occupation),
        ("industry", standard.industry),
    ):
        for entry in entries:
            row = sheet.rows
            sheet.cells += [
                Cell(row, 0, words[kind], "label", last_column=1),
                Cell(row, 2, entry.name, last_column=4),
                Cell(row, 5, words[f"{kind}_code"], "label"),
                Cell(row, 6, entry.code),
            ]
            sheet.rows += 1


def form_sheet(standard: Standard, words: Words, named: Callable[[str], str]) -> Sheet:
    """The table of tasks, and below it what no task takes, the attitudes and the notes.

    ``named`` gives what a reference to a shared work activity is called.
    """
    columns = _columns(standard)
    heading = f"{standard.code} {standard.name}"
    sheet = Sheet(
        "form", "", heading, standard.language, tuple(_WIDTHS[column] for column in columns), frozen=2
    )
    sheet.wide(words["title"].format(name=standard.name), "title")
    newer = any(_states(activity) for task in standard.tasks for activity in task.activities)
    suffix = "_newer" if newer else ""
    sheet.row(
        *(words[f"{one}{suffix}" if one in {"task", "activity"} else one] for one in columns), style="heading"
    )
    table = _Table(sheet, standard, words, columns, named)
    for task in standard.tasks:
        table.task(task)
    _unused(sheet, standard, words)
    _attitudes_and_notes(sheet, standard, words)
    return sheet


def _columns(standard: Standard) -> tuple[str, ...]:
    """The official columns; of another framework's standard those that say something."""
    activities = [activity for task in standard.tasks for activity in task.activities]
    holders: list[Task | Activity] = [*standard.tasks, *activities]
    says = {
        "task": True,
        "task_category": any(task.category for task in standard.tasks),
        "activity": bool(activities),
        "outputs": any(one.outputs for one in activities),
        "indicators": any(one.indicators for one in activities),
        "level": any(one.level is not None for one in holders),
        "knowledge": any(one.knowledge for one in holders),
        "skills": any(one.skills for one in holders),
        "work_activities": any(task.work_activities for task in standard.tasks),
    }
    official = set(_OFFICIAL) if standard.framework == "icap" else set()
    return tuple(column for column in _WIDTHS if says[column] or column in official)


def _states(activity: Activity) -> bool:
    return activity.level is not None or bool(activity.knowledge or activity.skills)


class _Table:
    """Lays the tasks out, one below the other."""

    def __init__(
        self,
        sheet: Sheet,
        standard: Standard,
        words: Words,
        columns: Sequence[str],
        named: Callable[[str], str],
    ) -> None:
        self._sheet = sheet
        self._words = words
        self._named = named
        self._at = {name: position for position, name in enumerate(columns)}
        self._texts = {one.code: competency_text(one) for one in (*standard.knowledge, *standard.skills)}

    def task(self, task: Task) -> None:
        per_activity = any(_states(activity) for activity in task.activities)
        stated = self._stated(task)
        texts = {
            "task": f"{task.code} {task.name}",
            "task_category": task.category,
            "work_activities": "\n".join(self._named(one) for one in task.work_activities),
        }
        if per_activity:
            texts["task"] = "\n".join([texts["task"], *filter(None, stated.values())])
        else:
            texts |= stated
        first = self._sheet.rows
        for activity in task.activities:
            self._activity(activity, per_activity=per_activity)
        self._fill(first, texts)

    def _activity(self, activity: Activity, *, per_activity: bool) -> None:
        first = self._sheet.rows
        for indicator in activity.indicators:
            text = f"{indicator.code} {indicator.text}"
            self._sheet.cells.append(Cell(self._sheet.rows, self._at["indicators"], text))
            self._sheet.rows += 1
        texts = {
            "activity": f"{activity.code} {activity.name}",
            "outputs": "\n".join(f"{one.code} {one.text}" for one in activity.outputs),
        }
        if not activity.indicators:
            texts["indicators"] = ""
        if per_activity:
            texts |= self._stated(activity)
        self._fill(first, texts)

    def _stated(self, holder: Task | Activity) -> dict[str, str]:
        return {
            "level": _number(holder.level),
            "knowledge": "\n".join(self._texts.get(code, code) for code in holder.knowledge),
            "skills": "\n".join(self._texts.get(code, code) for code in holder.skills),
        }

    def _fill(self, first: int, texts: dict[str, str]) -> None:
        """Puts texts beside the rows from ``first`` on, each over all of them; more rows are made where the
        texts would find no room."""
        placed = [(self._at[name], text) for name, text in texts.items() if name in self._at]
        needed = self._sheet.rows_for(placed)
        made = max(needed - (self._sheet.rows - first), 0)
        if made and self._sheet.rows > first:
            self._lengthen(made)
        else:
            self._sheet.rows += made
        for column, text in placed:
            style = "level" if column == self._at.get("level") else "text"
            self._sheet.cells.append(Cell(first, column, text, style, last_row=self._sheet.rows - 1))

    def _lengthen(self, made: int) -> None:
        """Lets the cells of the last row reach down over further rows."""
        last = self._sheet.rows - 1
        self._sheet.cells[:] = [
            replace(cell, last_row=last + made) if cell.bottom == last else cell for cell in self._sheet.cells
        ]
        self._sheet.rows += made


def _unused(sheet: Sheet, standard: Standard, words: Words) -> None:
    """Knowledge and skills that no task or activity names."""
    activities = [activity for task in standard.tasks for activity in task.activities]
    for kind, entries in (("knowledge", standard.knowledge), ("skills", standard.skills)):
        named = {code for one in (*standard.tasks, *activities) for code in getattr(one, kind)}
        left = [one for one in entries if one.code not in named]
        if left:
            sheet.wide(words[f"other_{kind}"], "section")
            for one in left:
                sheet.wide(competency_text(one))


def _attitudes_and_notes(sheet: Sheet, standard: Standard, words: Words) -> None:
    if standard.attitudes:
        sheet.wide(words["attitudes"], "section")
        for one in standard.attitudes:
            mark = "：" if standard.language.lower().startswith("zh") else ": "
            sheet.wide(f"{one.code} {one.name}{mark if one.text else ''}{one.text}")
    if standard.notes:
        sheet.wide(words["notes"], "section")
        heading: str | None = None
        for note in standard.notes:
            if note.heading is not None and note.heading != heading:
                sheet.wide(note.heading, "label")
            heading = note.heading
            kind = "" if note.kind in {"note", "prerequisite"} else f"[{note.kind}] "
            sheet.wide(f"{kind}{note.text}")


def competency_text(one: Competency) -> str:
    """``K4 …`` and its sub-items, a line each."""
    lines = [f"{one.code} {one.text}", *(f"  ■ {item.text}" for item in one.items)]
    return "\n".join(lines)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"

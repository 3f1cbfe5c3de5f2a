"""Lays out any standard as the official form: tables of cells that ``pdf_canvas`` and ``pdf_html`` print.

What is left to chance is drawn from ``Layout.random``: sizes, widths, paddings, which cells are merged, how
knowledge and skills are listed again, where attitudes and notes stand. ``in_template`` turns a standard of
the one template into one of the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from ontology.model import Activity, Classification, Competency, Note, Standard, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["FormCell", "FormTable", "FreeText", "Layout", "form_of", "in_template", "random_layout"]

PAGES = {"A4": (595, 842), "A4 landscape": (842, 595), "Letter": (612, 792), "B4 landscape": (1032, 729)}
_COMPATIBLE = dict(
    zip(
        "工行力目田用示立里金長門面音食人入大小心手文方日月木水火生",
        "⼯⾏⼒⽬⽥⽤⽰⽴⾥⾦⾧⾨⾯⾳⾷⼈⼊⼤⼩⼼⼿⽂⽅⽇⽉⽊⽔⽕⽣",
        strict=True,
    )
)
_HEADING = "建議擔任此職類/職業之學歷/經驗/或能力條件"
_PROFILE_WIDTHS = (14, 10, 34, 14, 14, 14)


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell: its paragraphs, and how many rows and columns it spans."""

    paragraphs: tuple[str, ...] = ()
    rows: int = 1
    columns: int = 1
    centred: bool = False
    middle: bool = False


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table; ``widths`` are shares of the whole, ``header`` counts the rows that repeat on each page."""

    widths: tuple[float, ...]
    rows: tuple[tuple[FormCell, ...], ...]
    header: int = 0


@dataclass(frozen=True, slots=True)
class FreeText:
    """Paragraphs outside tables; ``size`` is a factor of the font size."""

    paragraphs: tuple[str, ...]
    centred: bool = False
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Layout:
    """How a standard is laid out. The booleans are what the carriers of the form were seen to differ in."""

    random: Random
    seed: int
    per_activity: bool
    page: str
    margin: float
    font_size: float
    line_height: float
    padding: float
    paragraph_gap: float
    widths: tuple[float, ...]
    repeat_header: bool
    merged: bool
    open_breaks: bool
    keep_rows: float
    extra_height: float
    restated: str
    two_row_header: bool
    boxed_sections: bool
    page_numbers: str
    running_title: bool
    history_mark: str
    compatible: bool
    justified: bool
    per_sign: bool
    borders: str
    middle: bool
    spread: bool
    trailing_blanks: bool
    space_after_code: str


def random_layout(seed: int, *, per_activity: bool) -> Layout:
    """A layout that depends on nothing but its arguments."""
    random = Random(f"{seed}/{per_activity}")
    page = random.choice(list(PAGES))
    width = PAGES[page][0]
    size = random.uniform(6.5, 12) * (0.8 if width < 700 else 1)
    base = (12, 14, 12, 26, 6, 15, 15)
    return Layout(
        random=random,
        seed=seed,
        per_activity=per_activity,
        page=page,
        margin=random.uniform(24, 60),
        font_size=size,
        line_height=size * random.uniform(1.15, 1.7),
        padding=random.uniform(2, 6),
        paragraph_gap=random.choice([0, 0, 0, 3, 8]),
        widths=tuple(share * random.uniform(0.8, 1.25) for share in base),
        repeat_header=random.random() < 0.7,
        merged=random.random() < 0.75,
        open_breaks=random.random() < 0.5,
        keep_rows=random.choice([0, 0, 0.3, 1]),
        extra_height=random.choice([0, 0, 20, 90]),
        restated=random.choice(["full", "code", "list"]),
        two_row_header=random.random() < 0.25,
        boxed_sections=random.random() < 0.6,
        page_numbers=random.choice(["", "{n}", "第 {n} 頁，共 {all} 頁", "- {n} -", "{n}/{all}"]),
        running_title=random.random() < 0.3,
        history_mark=random.choice(["", "", "", "heading", "watermark"]),
        compatible=random.random() < 0.4,
        justified=random.random() < 0.3,
        per_sign=random.random() < 0.3,
        borders=random.choice(["lines", "bars", "rectangles", "twice"]),
        middle=random.random() < 0.5,
        spread=random.random() < 0.3,
        trailing_blanks=random.random() < 0.2,
        space_after_code=random.choice([" ", " ", " ", "  ", ""]),
    )


def in_template(standard: Standard, *, per_activity: bool) -> Standard:
    """The standard as the other template states it: level, knowledge and skills of each task or of each of
    its activities; codes of two digits in the newer one. What is merged or shared out is no loss here: the
    result is what is printed and should be read back."""
    given = any(
        activity.knowledge or activity.skills or activity.level for _, activity in _activities(standard)
    )
    tasks = standard.tasks
    if per_activity and not given:
        tasks = tuple(
            replace(
                task,
                level=None,
                knowledge=(),
                skills=(),
                activities=tuple(
                    replace(item, level=task.level, knowledge=task.knowledge, skills=task.skills)
                    for item in task.activities
                ),
            )
            for task in tasks
        )
    elif not per_activity and given:
        tasks = tuple(_gathered(task) for task in tasks)
    plain = replace(standard, tasks=tasks, notes=tuple(_printable(standard.notes)), doubts=())
    return _renumbered(plain, 2 if per_activity else 1)


def _printable(notes: Iterable[Note]) -> list[Note]:
    """The notes as the form can show them: those without a heading first, a prerequisite under one; not a
    line that ends with a colon, which would be a heading itself."""
    shown = [note for note in notes if not note.text.endswith(("：", ":"))]
    under = [replace(note, heading=_HEADING) for note in shown if note.kind == "prerequisite"]
    return [*(replace(note, heading=None) for note in shown if note.kind != "prerequisite"), *under]


def _activities(standard: Standard) -> list[tuple[Task, Activity]]:
    return [(task, activity) for task in standard.tasks for activity in task.activities]


def _gathered(task: Task) -> Task:
    levels = [item.level for item in task.activities if item.level]
    return replace(
        task,
        level=max(levels, default=None),
        knowledge=tuple(dict.fromkeys(code for item in task.activities for code in item.knowledge)),
        skills=tuple(dict.fromkeys(code for item in task.activities for code in item.skills)),
        activities=tuple(replace(item, level=None, knowledge=(), skills=()) for item in task.activities),
    )


def _renumbered(standard: Standard, width: int) -> Standard:
    """Knowledge and skills numbered in the order of their first use, and listed so."""
    used: dict[str, dict[str, str]] = {"knowledge": {}, "skills": {}}
    for task in standard.tasks:
        for owner in (task, *task.activities):
            for kind, letter in (("knowledge", "K"), ("skills", "S")):
                for code in getattr(owner, kind):
                    used[kind].setdefault(code, f"{letter}{len(used[kind]) + 1:0{width}}")

    def codes(owner: Task | Activity, kind: str) -> tuple[str, ...]:
        return tuple(used[kind][code] for code in getattr(owner, kind))

    def listed(items: Sequence[Competency], kind: str) -> tuple[Competency, ...]:
        kept = [replace(item, code=used[kind][item.code]) for item in items if item.code in used[kind]]
        return tuple(sorted(kept, key=lambda item: int(item.code[1:])))

    return replace(
        standard,
        tasks=tuple(
            replace(
                task,
                activities=tuple(
                    replace(item, knowledge=codes(item, "knowledge"), skills=codes(item, "skills"))
                    for item in task.activities
                ),
                knowledge=codes(task, "knowledge"),
                skills=codes(task, "skills"),
            )
            for task in standard.tasks
        ),
        knowledge=listed(standard.knowledge, "knowledge"),
        skills=listed(standard.skills, "skills"),
    )


def form_of(standard: Standard, layout: Layout) -> list[FormTable | FreeText]:
    """The form, from top to bottom."""
    return _Form(standard, layout).blocks()


class _Form:
    def __init__(self, standard: Standard, layout: Layout) -> None:
        self._standard = standard
        self._layout = layout
        self._random = layout.random
        self._known: set[str] = set()
        self._competencies = {item.code: item for item in (*standard.knowledge, *standard.skills)}

    def blocks(self) -> list[FormTable | FreeText]:
        layout, standard = self._layout, self._standard
        blocks: list[FormTable | FreeText] = [FreeText((f"{standard.name}職能基準",), centred=True, size=1.5)]
        if layout.history_mark == "heading":
            blocks.append(FreeText(("《歷史資料》",), centred=True))
        if standard.history:
            blocks.append(self._versions())
        blocks.append(FormTable(_PROFILE_WIDTHS, tuple(self._profile())))
        blocks.append(self._table())
        blocks.extend(self._section("職能內涵 (A=attitude 態度)", self._attitudes()))
        blocks.extend(self._section("說明與補充事項", self._notes()))
        return blocks

    def printed(self, text: str) -> str:
        """A text as the fonts of the carrier give it: some signs as their compatibility forms."""
        if not self._layout.compatible:
            return text
        return "".join(
            _COMPATIBLE[sign] if sign in _COMPATIBLE and self._random.random() < 0.5 else sign
            for sign in text
        )

    def _cell(self, *paragraphs: str, **spans: int | bool) -> FormCell:
        texts = tuple(self.printed(text) for text in paragraphs if text)
        return FormCell(texts, **spans)  # type: ignore[arg-type]

    def _versions(self) -> FormTable:
        labels = ("版本", "職能基準代碼", "職能基準名稱", "狀態", "更新說明", "發展更新日期")
        rows = [tuple(self._cell(label, centred=True) for label in labels)]
        for entry in self._standard.history:
            values = (entry.version, entry.code, entry.name, entry.status, entry.note, entry.date)
            rows.append(tuple(self._cell(value) for value in values))
        return FormTable((8, 20, 20, 14, 22, 16), tuple(rows), header=1)

    def _profile(self) -> Iterable[tuple[FormCell, ...]]:
        standard, cell = self._standard, self._cell
        yield cell("職能基準代碼", columns=2), cell(standard.code, columns=4)
        by_category = standard.occupational_category == standard.name and self._random.random() < 0.5
        yield (
            cell("職能基準名稱", "（擇一填寫）", rows=2),
            cell("職類"),
            cell(standard.occupational_category, columns=4),
        )
        yield cell("職業"), cell("" if by_category else standard.name, columns=4)
        groups = [
            *self._classified("職類別", standard.category),
            *self._classified("職業別", standard.occupation),
            *self._classified("行業別", standard.industry),
        ]
        first = (cell("所屬類別", rows=len(groups), middle=self._layout.middle), *groups[0])
        yield first
        yield from groups[1:]
        yield cell("工作描述", columns=2, middle=self._layout.middle), cell(standard.description, columns=4)
        level = str(standard.level) if standard.level else ""
        yield cell("基準級別", columns=2), cell(level, columns=4)

    def _classified(self, label: str, entries: Sequence[Classification]) -> list[tuple[FormCell, ...]]:
        cell = self._cell
        way = (
            self._random.choice(["rows", "labelled rows", "paragraphs", "sign"])
            if len(entries) > 1
            else "rows"
        )
        if way == "paragraphs":
            names, codes = [item.name for item in entries], [item.code for item in entries]
            return [(cell(label), cell(*names), cell(f"{label}代碼"), cell(*codes, columns=2))]
        if way == "sign":
            names, codes = (
                ["; ".join(item.name for item in entries)],
                ["; ".join(item.code for item in entries)],
            )
            return [(cell(label), cell(*names), cell(f"{label}代碼"), cell(*codes, columns=2))]
        if way == "labelled rows" or not self._layout.merged:
            return [
                (cell(label), cell(item.name), cell(f"{label}代碼"), cell(item.code, columns=2))
                for item in entries
            ]
        rows: list[tuple[FormCell, ...]] = []
        for number, item in enumerate(entries):
            name, code = cell(item.name), cell(item.code, columns=2)
            if number == 0:
                span = len(entries)
                rows.append((cell(label, rows=span), name, cell(f"{label}代碼", rows=span), code))
            else:
                rows.append((name, code))
        return rows

    def _table(self) -> FormTable:
        layout = self._layout
        names = ("主要職責", "工作任務") if layout.per_activity else ("工作任務", "工作活動")
        labels = (*names, "工作產出", "行為指標", "職能級別")
        inner = ("(K=knowledge 知識)", "(S=skills 技能)")
        if layout.two_row_header:
            header: list[tuple[FormCell, ...]] = [
                (
                    *(self._cell(label, rows=2, centred=True) for label in labels),
                    self._cell("職能內涵", columns=2),
                ),
                tuple(self._cell(label, centred=True) for label in inner),
            ]
        else:
            header = [
                tuple(
                    self._cell(label, centred=True) for label in (*labels, *(f"職能內涵 {x}" for x in inner))
                )
            ]
        rows = [row for task in self._standard.tasks for row in self._task_rows(task)]
        return FormTable(layout.widths, (*header, *rows), header=len(header))

    def _task_rows(self, task: Task) -> list[tuple[FormCell, ...]]:
        layout = self._layout
        count = len(task.activities)
        span = count if layout.merged else 1
        rows: list[tuple[FormCell, ...]] = []
        shared = [self._competency_list(task.knowledge), self._competency_list(task.skills)]
        cut = [[count * position // max(len(items), 1) for position in range(len(items))] for items in shared]
        previous: Activity | None = None
        for number, activity in enumerate(task.activities):
            row: list[FormCell] = []
            if number == 0:
                row.append(
                    self._cell(
                        self._coded(task.code, task.name, task.printed), rows=span, middle=layout.middle
                    )
                )
            elif not layout.merged:
                row.append(FormCell())
            row.append(
                self._cell(self._coded(activity.code, activity.name, activity.printed), middle=layout.middle)
            )
            row.append(self._cell(*(self._coded(o.code, o.text, o.printed) for o in activity.outputs)))
            row.append(self._cell(*(self._coded(p.code, p.text, p.printed) for p in activity.indicators)))
            if layout.per_activity:
                row.extend(self._owned(task, number, previous))
            elif number == 0 and layout.merged:
                level = self._cell(str(task.level or ""), rows=count, centred=True, middle=layout.middle)
                row.extend([level, *(self._cell(*_flat(items), rows=count) for items in shared)])
            elif not layout.merged:
                row.append(self._cell(str(task.level or "") if number == 0 else "", centred=True))
                for items, places in zip(shared, cut, strict=True):
                    here = [
                        item
                        for item, place in zip(items, places, strict=True)
                        if place == number or (not layout.spread and number == 0)
                    ]
                    here = here if layout.spread or number == 0 else []
                    row.append(self._cell(*_flat(here)))
            rows.append(tuple(row))
            previous = activity
        return rows

    def _owned(self, task: Task, number: int, previous: Activity | None) -> list[FormCell]:
        """Level, knowledge and skills of an activity; equal ones of several may be one cell."""
        activity = task.activities[number]
        cells = []
        for kind in ("level", "knowledge", "skills"):
            value = getattr(activity, kind)
            if self._layout.merged and previous is not None and value and value == getattr(previous, kind):
                continue
            span = 1
            if self._layout.merged and value:
                following = task.activities[number + 1 :]
                while span <= len(following) and getattr(following[span - 1], kind) == value:
                    span += 1
            if kind == "level":
                cells.append(
                    self._cell(str(value or ""), rows=span, centred=True, middle=self._layout.middle)
                )
            else:
                cells.append(self._cell(*_flat(self._competency_list(value)), rows=span))
        return cells

    def _competency_list(self, codes: Sequence[str]) -> list[list[str]]:
        """The paragraphs of each; again in full, or as its code alone, where it was printed before."""
        found = []
        repeated = [code for code in codes if code in self._known and self._layout.restated != "full"]
        if repeated and self._layout.restated == "list" and len(repeated) == len(codes):
            return [["、".join(codes)]]
        for code in codes:
            item = self._competencies[code]
            if code in repeated:
                found.append([code])
                continue
            self._known.add(code)
            found.append(
                [self._coded(code, item.text, item.printed), *(f"■ {sub.text}" for sub in item.items)]
            )
        return found

    def _coded(self, code: str, text: str, printed: str | None) -> str:
        shown = code if printed is None else printed
        return f"{shown}{self._gap_after(text)}{text}" if shown else text

    def _gap_after(self, text: str) -> str:
        """What stands between a code and its text; nothing only where the text begins in Chinese."""
        gap = self._layout.space_after_code
        return gap if gap or text[0] > "\u2e80" else " "

    def _section(self, heading: str, paragraphs: Sequence[str]) -> list[FormTable | FreeText]:
        if not paragraphs:
            return []
        if not self._layout.boxed_sections:
            return [FreeText((heading,)), FreeText(tuple(paragraphs))]
        return [FormTable((100,), ((self._cell(heading),), (FormCell(tuple(paragraphs)),)))]

    def _attitudes(self) -> list[str]:
        found = []
        for item in self._standard.attitudes:
            shown = item.code if item.printed is None else item.printed
            name = f"{item.name}{self._random.choice('：:')}{item.text}" if item.text else item.name
            found.append(self.printed(f"{shown} {name}".strip()))
        return found

    def _notes(self) -> list[str]:
        lines = []
        heading = None
        marker = self._random.choice(["- ", "● ", "■ "])
        for note in self._standard.notes:
            if note.heading is not None and note.heading != heading:
                lines.append(f"{marker}{note.heading}：")
            heading = note.heading
            lines.append(f"{'　　' if heading else ''}{marker}{note.text}")
        return [self.printed(line) for line in lines]


def _flat(items: Iterable[Iterable[str]]) -> list[str]:
    return [text for paragraphs in items for text in paragraphs]

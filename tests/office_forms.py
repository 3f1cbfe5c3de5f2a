"""Lays out any standard as the official form in blocks, and writes blocks as HTML, ODT and DOCX.

Cells are merged over rows and columns, items are paragraphs or list items, sections are tables of their own
or rows of one; ``random`` decides. What a layout cannot carry is listed in ``authoring``.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from authoring import CODE_LIKE

from ontology.readers.grid import Cell, Paragraph, Row, Table
from ontology.readers.text import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ontology.model import Activity, Classification, Competency, Indicator, Output, Standard, Task
    from ontology.readers.grid import Block

__all__ = ["WRITERS", "lay_out_form", "to_docx", "to_html", "to_odt"]

BREAK = "\v"
"""Stands in a text for a line break within its paragraph."""
PAGE = "\f"
"""Stands in a text for the place where a page ends."""
_WIDTH = 6


def lay_out_form(standard: Standard, random: Random, *, per_activity: bool) -> list[Block]:
    """The blocks of the form of a standard, in the older template or with ``per_activity`` in the newer."""
    return _Form(standard, random, per_activity).blocks()


@dataclass(slots=True)
class _Group:
    """Activities whose level, knowledge and skills stand in one merged cell."""

    activities: list[Activity]
    level: int | None
    knowledge: tuple[str, ...]
    skills: tuple[str, ...]


class _Form:
    def __init__(self, standard: Standard, random: Random, per_activity: bool) -> None:  # noqa: FBT001
        self._standard = standard
        self._random = random
        self._per_activity = per_activity
        self._by_code = {item.code: item for item in (*standard.knowledge, *standard.skills)}
        self._lists = random.random() < 0.5
        self._extra = random.choice([0, 1, 2])
        """How many grid columns more than one each column of the table of tasks takes."""

    def blocks(self) -> list[Block]:
        profile, tasks = self._profile(), self._tasks()
        tables: list[Block] = [Table(tuple(profile)), Table(tuple(tasks))]
        if self._random.random() < 0.3:
            tables = [Table((*profile, *tasks))]
        versions = self._versions()
        blocks: list[Block] = [Paragraph(f"{self._standard.name}職能基準"), *versions, *tables]
        blocks.extend(self._section("職能內涵 (A=attitude 態度)", self._attitudes()))
        blocks.extend(self._section("說明與補充事項", self._notes()))
        if self._random.random() < 0.2:
            return [Table((Row((Cell(tuple(blocks)),)),))]
        return blocks

    def _section(self, heading: str, lines: list[Paragraph]) -> Iterator[Block]:
        if not lines:
            return
        if self._random.random() < 0.5:
            yield Paragraph(heading)
            yield from lines
        elif self._random.random() < 0.5:
            yield Table((Row((Cell((Paragraph(heading),)),)), Row((Cell(tuple(lines)),))))
        else:
            yield Table((Row((Cell((Paragraph(heading),)), Cell(tuple(lines)))),))

    def _versions(self) -> list[Block]:
        if not self._standard.history:
            return []
        header = ["版本", "職能基準代碼", "職能基準名稱", "狀態", "更新說明", "發展更新日期"]
        rows = [_row(*header)]
        rows.extend(
            _row(one.version, one.code, one.name, one.status, one.note, one.date)
            for one in self._standard.history
        )
        return [Table(tuple(rows))]

    def _profile(self) -> list[Row]:
        standard = self._standard
        rows = [Row((_cell("職能基準代碼", columns=2), _cell(standard.code, columns=4)))]
        rows.append(
            Row(
                (
                    _cell("職能基準名稱 (擇一填寫)", rows=2),
                    _cell("職類"),
                    _cell(standard.occupational_category, columns=4),
                )
            )
        )
        rows.append(Row((_cell("職業"), _cell(standard.name, columns=4))))
        groups = [
            ("職類別", standard.category),
            ("職業別", standard.occupation),
            ("行業別", standard.industry),
        ]
        total = sum(len(entries) for _, entries in groups)
        for label, entries in groups:
            for row in self._classified(label, entries):
                first = [_cell("所屬類別", rows=total)] if label == "職類別" and row is not None else []
                if first and len(rows) > 3:
                    first = []
                rows.append(Row((*first, *row)))
        rows.append(Row((_cell("工作描述", columns=2), _cell(self._broken(standard.description), columns=4))))
        rows.append(Row((_cell("基準級別", columns=2), _cell(str(standard.level or ""), columns=4))))
        return rows

    def _classified(self, label: str, entries: Sequence[Classification]) -> Iterator[tuple[Cell, ...]]:
        merged = self._random.random() < 0.5
        for number, entry in enumerate(entries):
            name, code = _cell(entry.name), _cell(entry.code, columns=2)
            if merged and number == 0:
                yield _cell(label, rows=len(entries)), name, _cell(f"{label}代碼", rows=len(entries)), code
            elif merged:
                yield name, code
            else:
                yield _cell(label), name, _cell(f"{label}代碼"), code

    def _tasks(self) -> list[Row]:
        names = ("主要職責", "工作任務") if self._per_activity else ("工作任務", "工作活動")
        header = [*names, "工作產出", "行為指標", "職能級別"]
        header += ["職能內涵 (K=knowledge 知識)", "職能內涵 (S=skills 技能)"]
        rows = []
        for number, task in enumerate(self._standard.tasks):
            if number == 0 or self._random.random() < 0.3:
                rows.append(Row(tuple(self._column(Cell((Paragraph(text),))) for text in header)))
            rows.extend(self._task(task))
        return rows

    def _task(self, task: Task) -> Iterator[Row]:
        groups = [_Group(list(task.activities), task.level, task.knowledge, task.skills)]
        if self._per_activity:
            groups = self._groups(task.activities)
        split = {one.code: self._split(one.indicators) for one in task.activities}
        height = sum(len(parts) for parts in split.values())
        first_of_task = True
        for group in groups:
            rows = sum(len(split[one.code]) for one in group.activities)
            first_of_group = True
            for activity in group.activities:
                parts = split[activity.code]
                for number, indicators in enumerate(parts):
                    cells = []
                    if first_of_task:
                        name = f"{task.code} {self._broken(task.name)}"
                        cells.append(Cell((Paragraph(name),), rows=height))
                    if number == 0:
                        name = f"{activity.code} {self._broken(activity.name)}"
                        cells.append(Cell((Paragraph(name),), rows=len(parts)))
                        cells.append(Cell(self._items(activity.outputs), rows=len(parts)))
                    cells.append(Cell(self._items(indicators)))
                    if first_of_group:
                        level = (Paragraph(str(group.level)),) if group.level else ()
                        cells.append(Cell(level, rows=rows))
                        cells.append(Cell(self._competencies(group.knowledge), rows=rows))
                        cells.append(Cell(self._competencies(group.skills), rows=rows))
                    first_of_task = first_of_group = False
                    yield Row(tuple(self._column(cell) for cell in cells))

    def _groups(self, activities: Sequence[Activity]) -> list[_Group]:
        """Neighbours that say the same of level, knowledge and skills, sometimes in one merged cell."""
        groups: list[_Group] = []
        for one in activities:
            last = groups[-1] if groups else None
            same = last and (last.level, last.knowledge, last.skills) == (
                one.level,
                one.knowledge,
                one.skills,
            )
            if last and same and self._random.random() < 0.7:
                last.activities.append(one)
            else:
                groups.append(_Group([one], one.level, one.knowledge, one.skills))
        return groups

    def _column(self, cell: Cell) -> Cell:
        return Cell(cell.blocks, cell.rows, 1 + self._extra)

    def _split(self, indicators: Sequence[Indicator]) -> list[list[Indicator]]:
        """Indicators in one cell, or in several rows beside one activity."""
        if len(indicators) < 2 or self._random.random() < 0.6:
            return [list(indicators)]
        at = self._random.randrange(1, len(indicators))
        return [list(indicators[:at]), list(indicators[at:])]

    def _items(self, items: Sequence[Output | Indicator]) -> tuple[Block, ...]:
        found = []
        for item in items:
            printed = item.code if item.printed is None else item.printed
            text = f"{printed} {self._broken(item.text)}" if printed else item.text
            found.append(Paragraph(text, depth=int(self._lists), bulleted=self._lists))
        return tuple(found)

    def _competencies(self, codes: Sequence[str]) -> tuple[Block, ...]:
        found = []
        for code in codes:
            item: Competency = self._by_code[code]
            text = f"{item.code} {self._broken(item.text)}"
            found.append(Paragraph(text, depth=int(self._lists), bulleted=self._lists))
            depth = 1 + self._lists
            found.extend(Paragraph(self._broken(sub.text), depth=depth, bulleted=True) for sub in item.items)
        return tuple(found)

    def _attitudes(self) -> list[Paragraph]:
        lines = []
        for item in self._standard.attitudes:
            printed = item.code if item.printed is None else item.printed
            text = f"{printed} {item.name}".strip()
            if item.text:
                text += self._random.choice(["：", ": "]) + self._random.choice(["", " "]) + item.text
            lines.append(Paragraph(text, depth=int(self._lists), bulleted=self._lists))
        return lines

    def _notes(self) -> list[Paragraph]:
        lines = []
        heading = None
        for note in self._standard.notes:
            if note.heading is not None and note.heading != heading:
                lines.append(Paragraph(f"{note.heading}：", depth=int(self._lists), bulleted=self._lists))
            heading = note.heading
            depth = self._lists + (heading is not None)
            lines.append(Paragraph(note.text, depth=depth, bulleted=depth > 0))
        return lines

    def _broken(self, text: str) -> str:
        """A text with a line break and the end of a page in it, where they can be told from its own signs."""
        places = [
            place
            for place in range(2, len(text))
            if join(text[:place], text[place:]) == text
            and not CODE_LIKE.search(text[place:].lstrip())
            and text[place:].lstrip()[0].isalpha()
        ]
        if places and self._random.random() < 0.3:
            place = self._random.choice(places)
            text = text[:place].rstrip() + BREAK + text[place:].lstrip()
        if self._random.random() < 0.3:
            place = self._random.randrange(len(text) + 1)
            if text[place - 1 : place + 1] != "  ":
                text = text[:place] + PAGE + text[place:]
        return text


def _cell(text: str, *, rows: int = 1, columns: int = 1) -> Cell:
    return Cell((Paragraph(text),), rows, columns)


def _row(*texts: str) -> Row:
    return Row(tuple(_cell(text) for text in texts))


@dataclass(frozen=True, slots=True)
class _Nest:
    """A list item, or what stands outside of lists, with the items nested in it."""

    line: Block
    inner: list[_Nest]


def _nested(blocks: Sequence[Block], depth: int = 0) -> list[_Nest]:
    found: list[_Nest] = []
    position = 0
    while position < len(blocks):
        block = blocks[position]
        position += 1
        if isinstance(block, Paragraph) and block.depth > depth and found:
            start = position - 1
            while position < len(blocks):
                following = blocks[position]
                if not isinstance(following, Paragraph) or following.depth <= depth:
                    break
                position += 1
            found[-1].inner.extend(_nested(blocks[start:position], depth + 1))
        else:
            found.append(_Nest(block, []))
    return found


def to_html(blocks: Sequence[Block]) -> bytes:
    """A page; sub-items are nested lists."""
    body = "".join(_html(one) for one in _nested(blocks))
    return f"<!DOCTYPE html>\n<html><head><title>x</title></head><body>{body}</body></html>".encode()


def _html(nest: _Nest) -> str:
    block = nest.line
    if isinstance(block, Table):
        rows = ("".join(_html_cell(cell) for cell in row.cells) for row in block.rows)
        return "<table>" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    text = html.escape(block.text, quote=False).replace("  ", " &nbsp;")
    text = text.replace(BREAK, "<br>").replace(PAGE, "<wbr>")
    inner = "".join(_html(one) for one in nest.inner)
    if block.depth:
        return f"<ul><li>{text}{inner}</li></ul>"
    return f"<p>{text}</p>{inner}"


def _html_cell(cell: Cell) -> str:
    inner = "".join(_html(one) for one in _nested(cell.blocks))
    return f'<td rowspan="{cell.rows}" colspan="{cell.columns}">{inner}</td>'


_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def to_odt(blocks: Sequence[Block]) -> bytes:
    """An OpenDocument text with covered cells and soft page breaks."""
    body = "".join(_odt(one) for one in _nested(blocks))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_ODF}:office:1.0" '
        f'xmlns:text="{_ODF}:text:1.0" xmlns:table="{_ODF}:table:1.0" office:version="1.3">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return _zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _odt(nest: _Nest) -> str:
    block = nest.line
    if isinstance(block, Table):
        rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in _odt_rows(block))
        return f"<table:table>{rows}</table:table>"
    text = html.escape(block.text, quote=False)
    text = re.sub("  +", lambda match: f' <text:s text:c="{len(match[0]) - 1}"/>', text)
    text = text.replace(BREAK, "<text:line-break/>").replace(PAGE, "<text:soft-page-break/>")
    inner = "".join(_odt(one) for one in nest.inner)
    paragraph = f"<text:p><text:span>{text}</text:span></text:p>{inner}"
    if block.depth:
        return f"<text:list><text:list-item>{paragraph}</text:list-item></text:list>"
    return paragraph


def _odt_rows(table: Table) -> Iterator[str]:
    for slots in _grid(table):
        cells = []
        for cell, begins in slots:
            if not begins or cell is None:
                cells.append("<table:covered-table-cell/>")
                continue
            inner = "".join(_odt(one) for one in _nested(cell.blocks))
            cells.append(
                f'<table:table-cell table:number-rows-spanned="{cell.rows}" '
                f'table:number-columns-spanned="{cell.columns}">{inner}</table:table-cell>'
            )
        yield "".join(cells)


def _grid(table: Table) -> list[list[tuple[Cell | None, bool]]]:
    """Every place of a table, with the cell there and whether it begins there."""
    places: dict[tuple[int, int], tuple[Cell, bool]] = {}
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (number, column) in places:
                column += 1
            for below in range(cell.rows):
                for beside in range(cell.columns):
                    begins = below == 0 and beside == 0
                    places[number + below, column + beside] = (cell, begins)
            column += cell.columns
    width = max((column for _, column in places), default=-1) + 1
    return [
        [places.get((number, column), (None, False)) for column in range(width)]
        for number in range(len(table.rows))
    ]


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def to_docx(blocks: Sequence[Block]) -> bytes:
    """A Word document with ``w:vMerge``, ``w:gridSpan`` and rendered page breaks."""
    body = "".join(_docx(block) for block in blocks)
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_WORD}">'
        f"<w:body>{body}</w:body></w:document>"
    )
    return _zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def _docx(block: Block) -> str:
    if isinstance(block, Table):
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in _docx_rows(block)) + "</w:tbl><w:p/>"
    runs = []
    for part in re.split(f"([{BREAK}{PAGE}])", block.text):
        if part == BREAK:
            runs.append("<w:r><w:br/></w:r>")
        elif part == PAGE:
            runs.append("<w:r><w:lastRenderedPageBreak/></w:r>")
        else:
            text = html.escape(part, quote=False)
            runs.append(f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>')
    numbering = ""
    if block.depth:
        level = f'<w:ilvl w:val="{block.depth - 1}"/><w:numId w:val="1"/>'
        numbering = f"<w:pPr><w:numPr>{level}</w:numPr></w:pPr>"
    return f"<w:p>{numbering}{''.join(runs)}</w:p>"


def _docx_rows(table: Table) -> Iterator[str]:
    above: dict[int, Cell] = {}
    for slots in _grid(table):
        cells = []
        column = 0
        seen: dict[int, Cell] = {}
        while column < len(slots):
            cell, begins = slots[column]
            if cell is None:
                cells.append("<w:tc><w:p/></w:tc>")
                column += 1
                continue
            seen[column] = cell
            goes_on = not begins and above.get(column) is cell
            merge = "<w:vMerge/>" if goes_on else '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
            inner = "".join(_docx(block) for block in cell.blocks) if begins else ""
            properties = f'<w:tcPr><w:gridSpan w:val="{cell.columns}"/>{merge}</w:tcPr>'
            cells.append(f"<w:tc>{properties}{inner or '<w:p/>'}</w:tc>")
            column += cell.columns
        above = seen
        yield "".join(cells)


def _zipped(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return stream.getvalue()


WRITERS = {"html": to_html, "odt": to_odt, "docx": to_docx}

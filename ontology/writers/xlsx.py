"""Writer of workbooks for people: each standard as the table that the official form has.

Texts are always written as texts: one that begins with ``=``, ``+``, ``-`` or ``@`` is no formula.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ontology.writers.writer import Loss, Shared, Writer, losses_of
from ontology.writers.xlsx_form import form_sheet, has_form, profile_sheet
from ontology.writers.xlsx_layout import Cell, Sheet, cut, is_too_long
from ontology.writers.xlsx_tables import (
    association_sheet,
    contents_sheet,
    doubt_sheet,
    requirement_sheet,
    statement_sheet,
)
from ontology.writers.xlsx_words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["XLSX", "sheet_name"]

_LOST = {
    "*.place": "the workbook does not say where in the source a text stands",
    "doubts[].place": "",
    "*.printed": "the workbook shows the code, not the other form of it that the source prints",
}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_NAME_LENGTH = 31
_MOST_SHEETS = 200
_HEADING_LENGTH = 120
# A workbook must say when it was made; a fixed day, so that the same standards give the same bytes.
_CREATED = datetime(1980, 1, 1)

_EDGE = {"border": 1, "border_color": "#A7B4BE", "text_wrap": True, "valign": "top"}
_STYLES: dict[str, dict[str, Any]] = {
    "text": _EDGE,
    "level": _EDGE | {"align": "center"},
    "number": _EDGE | {"num_format": "0.00", "align": "right"},
    "label": _EDGE | {"bold": True, "bg_color": "#E8EEF2"},
    "section": _EDGE | {"bold": True, "bg_color": "#D3DEE6"},
    "heading": _EDGE
    | {"bold": True, "bg_color": "#1F4E66", "font_color": "#FFFFFF", "align": "center", "valign": "vcenter"},
    "title": {"bold": True, "font_size": 15, "valign": "vcenter", "text_wrap": True},
    "link": _EDGE | {"font_color": "#0B5CAD", "underline": 1},
}
_FONTS = (("zh-hans", "Microsoft YaHei"), ("zh", "Microsoft JhengHei"), ("ja", "Yu Gothic"), ("", "Calibri"))


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet with the name it has in the workbook."""

    name: str
    sheet: Sheet


def _write(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    return _write_shared(standards, identifiers, Shared())


def _write_shared(standards: Sequence[Standard], identifiers: Identifiers, shared: Shared) -> bytes:
    from xlsxwriter import Workbook

    def named(reference: str) -> str:
        concept = shared.concepts.get(identifiers.absolute(reference))
        return concept.name if concept else reference

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = Workbook(stream, options)
    workbook.set_properties({"created": _CREATED, "title": _title(standards)})
    formats = _Formats(workbook)
    pages = _pages(standards, named)
    names = {page.sheet.key: page.name for page in pages}
    for page in pages:
        _fill(workbook.add_worksheet(page.name), page, formats, names)
    if not pages:
        workbook.add_worksheet()
    workbook.close()
    return stream.getvalue()


def _title(standards: Sequence[Standard]) -> str:
    return f"{standards[0].code} {standards[0].name}"[:250] if len(standards) == 1 else "Competency standards"


def _pages(standards: Sequence[Standard], named: Callable[[str], str]) -> list[_Page]:
    """The sheets in their order; keys are made unique by the number of the standard."""
    taken: set[str] = set()
    pages: list[_Page] = []
    firsts: list[str] = []
    for number, standard in enumerate(standards, 1):
        words = Words(standard.language)
        for position, sheet in enumerate(_sheets(standard, words, named)):
            sheet.key = f"{number}-{sheet.key}"
            if not position:
                firsts.append(sheet.key)
            ending = f" {sheet.title}" if sheet.title else ""
            pages.append(_Page(sheet_name(standard.code, ending, taken), sheet))
    if not standards:
        return pages
    words = Words(standards[0].language)
    if any(standard.doubts for standard in standards):
        sheet = doubt_sheet(standards, words)
        pages.append(_Page(sheet_name(sheet.title, "", taken), sheet))
    if len(standards) > 1:
        sheet = contents_sheet(standards, firsts, words)
        pages.insert(0, _Page(sheet_name(sheet.title, "", taken), sheet))
    return pages


def _sheets(standard: Standard, words: Words, named: Callable[[str], str]) -> list[Sheet]:
    sheets = [profile_sheet(standard, words)]
    if has_form(standard):
        sheets.append(form_sheet(standard, words, named))
    if standard.requirements:
        sheets.append(requirement_sheet(standard, words, named))
    if standard.statements:
        sheets.append(statement_sheet(standard, words))
    if standard.associations:
        sheets.append(association_sheet(standard, words))
    return sheets


def sheet_name(text: str, ending: str, taken: set[str]) -> str:
    """A name that a workbook allows and that is not in ``taken``, to which it is added: at most 31 UTF-16
    code units, none of ``[]:*?/\\``, no quote at either end, unique in any case."""
    plain = _FORBIDDEN.sub("_", text).strip().strip("'") or "_"
    for number in range(1, 10_000):
        tail = f" ({number}){ending}" if number > 1 else ending
        room = 2 * _NAME_LENGTH - len(tail.encode("utf-16-le"))
        head = plain.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore")
        name = (head + tail).strip().strip("'") or "_"
        if name.casefold() not in taken | {"history"}:
            taken.add(name.casefold())
            return name
    raise AssertionError("fewer sheets than that fit into a workbook")


class _Formats:
    """The formats of a workbook, made as they are asked for, a font for each language."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str], Any] = {}

    def get(self, style: str, language: str) -> Any:
        font = next(name for prefix, name in _FONTS if language.lower().startswith(prefix))
        if (style, font) not in self._made:
            properties = {"font_name": font, "font_size": 10} | _STYLES[style]
            self._made[style, font] = self._workbook.add_format(properties)
        return self._made[style, font]


def _fill(worksheet: Any, page: _Page, formats: _Formats, names: dict[str, str]) -> None:
    sheet = page.sheet
    for column, width in enumerate(sheet.widths):
        worksheet.set_column(column, column, width)
    for row, height in enumerate(sheet.heights()):
        worksheet.set_row(row, height)
    for cell in sheet.cells:
        _put(worksheet, cell, formats.get(cell.style, sheet.language), names)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    worksheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    worksheet.set_header(f"&L{_heading(sheet.heading)}&R&A")
    worksheet.set_footer("&C&P / &N")
    worksheet.hide_gridlines(2)
    if sheet.frozen:
        worksheet.freeze_panes(sheet.frozen, 0)
        worksheet.repeat_rows(0, sheet.frozen - 1)


def _heading(text: str) -> str:
    """``&`` begins an instruction in a page heading, so it is doubled."""
    return _FORBIDDEN.sub(" ", text)[:_HEADING_LENGTH].replace("&", "&&")


def _put(worksheet: Any, cell: Cell, style: Any, names: dict[str, str]) -> None:
    if (cell.bottom, cell.right) != (cell.row, cell.column):
        worksheet.merge_range(cell.row, cell.column, cell.bottom, cell.right, "", style)
    if cell.sheet:
        target = names[cell.sheet].replace("'", "''")
        worksheet.write_url(cell.row, cell.column, f"internal:'{target}'!A1", style, cut(cell.text))
    elif cell.number is not None:
        worksheet.write_number(cell.row, cell.column, cell.number, style)
    elif cell.text:
        worksheet.write_string(cell.row, cell.column, cut(cell.text), style)
    else:
        worksheet.write_blank(cell.row, cell.column, None, style)


def _losses(standards: Sequence[Standard]) -> tuple[Loss, ...]:
    renumbered = "bullets have no numbers in the workbook; these do not count from 1"
    found = list(losses_of(standards, _LOST))
    for standard in standards:
        for path, entries in (("knowledge", standard.knowledge), ("skills", standard.skills)):
            odd = [
                item
                for entry in entries
                for position, item in enumerate(entry.items, 1)
                if item.number != position
            ]
            if odd:
                found.append(Loss(standard.code, f"{path}[].items[].number", renumbered, len(odd)))
    return tuple(found) + tuple(
        Loss(standard.code, sheet.key, "a cell holds 32,767 characters; the rest is cut off", len(long))
        for standard in standards
        for sheet in _sheets(standard, Words(standard.language), str)
        if (long := [cell for cell in sheet.cells if is_too_long(cell.text)])
    )


XLSX = Writer(
    "xlsx",
    "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsx",
    _write,
    _losses,
    write_shared=_write_shared,
    most=_MOST_SHEETS,
    is_text=False,
)

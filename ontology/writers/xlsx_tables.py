"""Sheets that are plain tables: what standards of other frameworks say, the doubts, the contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontology.writers.xlsx_layout import Cell, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ontology.model import Requirement, Standard
    from ontology.writers.xlsx_words import Words

__all__ = ["association_sheet", "contents_sheet", "doubt_sheet", "requirement_sheet", "statement_sheet"]

_REQUIREMENT_WIDTHS = {
    "kind": 16.0,
    "concept": 60.0,
    "relation": 16.0,
    "importance": 12.0,
    "rated_level": 10.0,
    "flags": 30.0,
    "iri": 72.0,
}


def requirement_sheet(standard: Standard, words: Words, named: Callable[[str], str]) -> Sheet:
    """A row for each competency that the standard takes, under the name that ``named`` gives it; the columns
    are those that say something."""
    rows = [
        {
            "kind": words[f"kind_{one.kind.value}"],
            "concept": named(one.concept),
            "relation": one.relation,
            "importance": one.importance,
            "rated_level": one.level,
            "flags": _flags(one, words),
            "iri": one.concept,
        }
        for one in standard.requirements
    ]
    filled = {name for row in rows for name, value in row.items() if value not in ("", None)}
    widths = {name: width for name, width in _REQUIREMENT_WIDTHS.items() if name in filled}
    sheet = _table("requirements", standard, words, widths)
    for row in rows:
        for column, name in enumerate(widths):
            value = row[name]
            if isinstance(value, float):
                sheet.cells.append(Cell(sheet.rows, column, f"{value:g}", "number", number=value))
            else:
                sheet.cells.append(Cell(sheet.rows, column, value or ""))
        sheet.rows += 1
    return sheet


def _flags(one: Requirement, words: Words) -> str:
    flags = (
        ("suppressed", one.suppressed),
        ("level_suppressed", one.level_suppressed),
        ("not_relevant", one.not_relevant),
    )
    return "\n".join(words[key] for key, holds in flags if holds)


def statement_sheet(standard: Standard, words: Words) -> Sheet:
    """A row for each statement, indented by how deep it stands."""
    sheet = _table(
        "statements",
        standard,
        words,
        {
            "code": 22,
            "text": 70,
            "parents": 22,
            "kind": 16,
            "name": 18,
            "note": 30,
            "language": 10,
            "iri": 44,
            "message": 40,
        },
    )
    for one in standard.statements:
        sheet.row(
            one.code,
            one.text,
            "\n".join(one.parents),
            one.category,
            one.abbreviation,
            one.note,
            one.language,
            one.iri,
            "\n".join(f"{name}: {text}" for name, text in one.details),
        )
    return sheet


def association_sheet(standard: Standard, words: Words) -> Sheet:
    """A row for each link of the framework."""
    sheet = _table(
        "associations",
        standard,
        words,
        {"kind": 18, "origin": 44, "destination": 44, "number": 8, "iri": 40, "message": 40},
    )
    for one in standard.associations:
        sheet.row(
            one.kind,
            f"{one.origin}\n{one.origin_title}".strip("\n"),
            f"{one.destination}\n{one.destination_title}".strip("\n"),
            "" if one.sequence is None else str(one.sequence),
            one.identifier,
            "\n".join(f"{name}: {text}" for name, text in one.details),
        )
    return sheet


def doubt_sheet(standards: Sequence[Standard], words: Words) -> Sheet:
    """All doubts of all standards."""
    titles = {
        "standard": 22.0,
        "where": 18.0,
        "text": 44.0,
        "message": 50.0,
        "kind": 22.0,
        "page": 7.0,
        "line": 7.0,
    }
    language = standards[0].language
    widths = tuple(titles.values())
    sheet = Sheet("doubts", words["doubts"], words["doubts"], language, widths, frozen=2)
    sheet.wide(words["doubts_intro"], "section")
    sheet.row(*(words[title] for title in titles), style="heading")
    for standard in standards:
        for one in standard.doubts:
            page = str(one.place.page) if one.place and one.place.page else ""
            line = str(one.place.line) if one.place and one.place.line else ""
            sheet.row(standard.code, one.where, one.text, one.message, one.kind, page, line)
    return sheet


def contents_sheet(standards: Sequence[Standard], first_sheets: Sequence[str], words: Words) -> Sheet:
    """Every standard in a line, with a link to its first sheet."""
    titles = {"code": 24.0, "name": 50.0, "version": 12.0, "level": 10.0, "framework": 14.0}
    widths = tuple(titles.values())
    sheet = Sheet("contents", words["contents"], words["contents"], standards[0].language, widths, frozen=1)
    sheet.row(*(words[title] for title in titles), style="heading")
    for standard, key in zip(standards, first_sheets, strict=True):
        row = sheet.rows
        level = "" if standard.level is None else str(standard.level)
        sheet.row(standard.code, standard.name, standard.version, level, standard.framework)
        sheet.cells[-5] = Cell(row, 0, standard.code, "link", sheet=key)
    return sheet


def _table(key: str, standard: Standard, words: Words, columns: dict[str, float]) -> Sheet:
    heading = f"{standard.code} {standard.name}"
    sheet = Sheet(key, words[key], heading, standard.language, tuple(columns.values()), frozen=2)
    sheet.wide(heading, "title")
    sheet.row(*(words[column] for column in columns), style="heading")
    return sheet

"""A matched job description as a file for spreadsheets: summary, parts, evidence and what is missing.

The workbook has a sheet for each. The CSV has all in one table, whose column ``found`` says what a row is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from api.exporting import Export
from api.spreadsheets import CSV_MEDIA, XLSX_MEDIA, Table, safe_name, to_csv, to_xlsx

if TYPE_CHECKING:
    from api.matching import Matched
    from api.spreadsheets import Cell
    from search import Passage
    from search.matching import MatchResult

__all__ = ["COLUMNS", "MatchFile", "export_match"]

_WIDTHS = {
    "rank": 6,
    "standard": 16,
    "standard_name": 28,
    "framework": 11,
    "level": 7,
    "score": 8,
    "coverage": 9,
    "covered": 9,
    "kind": 12,
    "code": 12,
    "text": 50,
    "evidenced": 10,
    "elements": 9,
    "segment": 9,
    "start": 8,
    "end": 8,
    "segment_text": 50,
    "role": 12,
    "section": 20,
    "why": 11,
    "likely_level": 11,
    "reason_en": 40,
    "reason_zh": 40,
    "iri": 60,
}
COLUMNS = ("found", *_WIDTHS)
"""The columns of the CSV. ``found`` is ``standard``, ``alternative``, ``part``, ``evidence``, ``missing`` or
``segment``."""

_STANDARD = ("rank", "standard", "standard_name")
_SHEETS = {
    "summary": (
        *_STANDARD,
        "framework",
        "level",
        "score",
        "coverage",
        "covered",
        "evidenced",
        "likely_level",
        "reason_en",
        "reason_zh",
        "iri",
    ),
    "parts": (*_STANDARD, "kind", "code", "text", "coverage", "evidenced", "elements", "iri"),
    "evidence": (
        *_STANDARD,
        "segment",
        "start",
        "end",
        "segment_text",
        "score",
        "kind",
        "code",
        "text",
        "level",
        "iri",
    ),
    "missing": (*_STANDARD, "kind", "code", "text", "level", "iri"),
    "text": ("segment", "start", "end", "segment_text", "role", "section", "why"),
}
_SHEET_OF = {
    "standard": "summary",
    "alternative": "summary",
    "part": "parts",
    "evidence": "evidence",
    "missing": "missing",
    "segment": "text",
}


class MatchFile(StrEnum):
    """The files that a matched job description can be had as."""

    CSV = "csv"
    XLSX = "xlsx"


def export_match(matched: Matched, form: MatchFile) -> Export:
    """The report as a file named for the job title."""
    rows = _rows(matched.result)
    name = f"match-{safe_name(matched.result.title or matched.file, 'job-description')}.{form.value}"
    if form is MatchFile.CSV:
        columns = {"found": 11, **_WIDTHS}
        table = Table("match", columns, [[row.get(column) for column in columns] for row in rows])
        return Export(name, CSV_MEDIA, iter([to_csv(table)]))
    tables = [
        Table(
            sheet,
            {column: _WIDTHS[column] for column in columns},
            [
                [row.get(column) for column in columns]
                for row in rows
                if _SHEET_OF[str(row["found"])] == sheet
            ],
        )
        for sheet, columns in _SHEETS.items()
    ]
    return Export(name, XLSX_MEDIA, iter([to_xlsx(*tables)]))


def _rows(result: MatchResult) -> list[dict[str, Cell]]:
    """A row for each thing that is told, by column; standards first, then what is told of each."""
    rows: list[dict[str, Cell]] = []
    for rank, one in enumerate(result.standards, 1):
        level = one.level
        rows.append(
            {
                "found": "standard",
                **_standard(rank, one.standard),
                "framework": one.standard.framework,
                "level": one.standard.level,
                "score": one.score,
                "coverage": one.coverage,
                "covered": one.covered,
                "evidenced": len({each.element.iri for each in one.evidence}),
                "likely_level": level.level if level else None,
                "reason_en": level.reason[0] if level else None,
                "reason_zh": level.reason[1] if level else None,
                "iri": one.standard.iri,
            }
        )
    rows += [
        {
            "found": "alternative",
            **_standard(rank, one.standard),
            "framework": one.standard.framework,
            "level": one.standard.level,
            "score": one.score,
            "iri": one.standard.iri,
        }
        for rank, one in enumerate(result.alternatives, len(result.standards) + 1)
    ]
    for rank, one in enumerate(result.standards, 1):
        standard = _standard(rank, one.standard)
        rows += [
            {
                "found": "part",
                **standard,
                "kind": part.kind,
                "code": part.task.code if part.task else None,
                "text": part.task.text if part.task else None,
                "coverage": part.coverage,
                "evidenced": part.evidenced,
                "elements": part.elements,
                "iri": part.task.iri if part.task else None,
            }
            for part in one.parts
        ]
        for each in one.evidence:
            segment = result.segments[each.segment]
            rows.append(
                {
                    "found": "evidence",
                    **standard,
                    **_element(each.element),
                    "score": each.score,
                    "segment": each.segment,
                    "start": segment.start,
                    "end": segment.end,
                    "segment_text": segment.text,
                }
            )
        rows += [{"found": "missing", **standard, **_element(element)} for element in one.missing]
    rows += [
        {
            "found": "segment",
            "segment": number,
            "start": segment.start,
            "end": segment.end,
            "segment_text": segment.text,
            "role": segment.role,
            "section": segment.section,
            "why": segment.why,
        }
        for number, segment in enumerate(result.segments)
    ]
    return rows


def _standard(rank: int, standard: Passage) -> dict[str, Cell]:
    return {"rank": rank, "standard": standard.code, "standard_name": standard.text}


def _element(element: Passage) -> dict[str, Cell]:
    return {
        "kind": element.kind,
        "code": element.code,
        "text": element.text,
        "level": element.level,
        "iri": element.iri,
    }

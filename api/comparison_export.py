"""A comparison as a file for spreadsheets: one row a pair, then what only one of the two has."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from api.exporting import Export
from api.spreadsheets import CSV_MEDIA, XLSX_MEDIA, Table, safe_name, to_csv, to_xlsx

if TYPE_CHECKING:
    from api.spreadsheets import Cell
    from search import Compared, Comparison, Coverage, Pair, Passage

__all__ = ["COLUMNS", "ComparisonFile", "export_comparison"]

_SIDE = {"code": 14, "kind": 12, "text": 50, "language": 10, "level": 7, "path": 36}
COLUMNS = {
    "found": 9,
    "verdict": 9,
    "score": 8,
    "reason": 10,
    "one_to_one": 11,
    **{f"a_{name}": width for name, width in _SIDE.items()},
    **{f"b_{name}": width for name, width in _SIDE.items()},
    "a_iri": 50,
    "b_iri": 50,
}
"""The columns in their order, each with its width in characters. ``found`` is ``pair``, ``only_a`` or
``only_b``."""

_SUMMARY = {"what": 24, "a": 40, "b": 40}


class ComparisonFile(StrEnum):
    """The files that a comparison can be had as."""

    CSV = "csv"
    XLSX = "xlsx"


def export_comparison(comparison: Comparison, form: ComparisonFile) -> Export:
    """The comparison as a file named for the two; a workbook has a summary, too."""
    table = Table("elements", COLUMNS, _rows(comparison))
    codes = (safe_name(_name(side), "standard") for side in (comparison.a, comparison.b))
    name = f"compare-{'-'.join(codes)}.{form.value}"
    if form is ComparisonFile.CSV:
        return Export(name, CSV_MEDIA, iter([to_csv(table)]))
    return Export(name, XLSX_MEDIA, iter([to_xlsx(_summary(comparison), table)]))


def _name(side: Compared) -> str:
    return f"{side.standard.code} {side.part.code}" if side.part else side.standard.code


def _rows(comparison: Comparison) -> list[list[Cell]]:
    pairs = [[*_pair(one), *_side(one.a), *_side(one.b), one.a.iri, one.b.iri] for one in comparison.pairs]
    nothing: list[Cell] = [None] * len(_SIDE)
    alone: list[Cell] = [None] * 4
    only_a = [["only_a", *alone, *_side(one), *nothing, one.iri, None] for one in comparison.only_a]
    only_b = [["only_b", *alone, *nothing, *_side(one), None, one.iri] for one in comparison.only_b]
    return pairs + only_a + only_b


def _pair(one: Pair) -> list[Cell]:
    return ["pair", one.verdict.value, one.score, one.reason, one.only]


def _side(one: Passage) -> list[Cell]:
    path = " › ".join(f"{step.code} {step.text}".strip() for step in one.path)
    return [one.code, one.kind, one.text, one.lang, one.level, path]


def _summary(comparison: Comparison) -> Table:
    a, b = comparison.a, comparison.b
    rows: list[list[Cell]] = [
        ["standard", a.standard.code, b.standard.code],
        ["name", a.standard.text, b.standard.text],
        ["framework", a.standard.framework, b.standard.framework],
        ["part", _part(a), _part(b)],
        ["level", a.level, b.level],
        ["elements", a.size, b.size],
        ["coverage", *_coverage(comparison.coverage)],
    ]
    rows += [[f"coverage {one.kind}", *_coverage(one.coverage)] for one in comparison.kinds]
    rows += [[f"elements {one.kind}", one.count_a, one.count_b] for one in comparison.kinds]
    rows += [
        ["only here", len(comparison.only_a), len(comparison.only_b)],
        ["pairs", len(comparison.pairs), None],
        ["level difference", comparison.level_difference, None],
        ["likeness of names", round(comparison.likeness, 4), None],
    ]
    rows += [["note", english, chinese] for english, chinese in comparison.notes]
    return Table("summary", _SUMMARY, rows)


def _part(side: Compared) -> str | None:
    return f"{side.part.code} {side.part.text}" if side.part else None


def _coverage(coverage: Coverage) -> list[Cell]:
    return [coverage.a, coverage.b]

"""A small release of O*NET's shape, written for the tests as workbooks, as text files or as a zip."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Cell = str | int | float
Table = list[list[Cell]]

CODE = "O*NET-SOC Code"
RATED: list[Cell] = [CODE, "Title", "Element ID", "Element Name", "Scale ID", "Scale Name", "Data Value", "N"]
RATED += ["Standard Error", "Recommend Suppress", "Not Relevant", "Date", "Domain Source"]
BAKER, MILLER, OTHER = "51-3011.00", "51-9021.00", "51-9199.00"


def rating(
    code: str,
    title: str,
    element: str,
    name: str,
    scale: str,
    value: Cell,
    suppress: str = "N",
    irrelevant: str = "",
) -> list[Cell]:
    kind = {"IM": "Importance", "LV": "Level"}.get(scale, scale)
    row: list[Cell] = [code, title, element, name, scale, kind, value, 28, 0.1102, suppress, irrelevant]
    return [*row, "08/2023", "Incumbent"]


def release() -> dict[str, Table]:
    """The tables by name, each with its heading; to be changed at will."""
    return {
        "Occupation Data": [
            [CODE, "Title", "Description"],
            [BAKER, "Bakers", "Mix and bake ingredients to make bread."],
            [MILLER, "Millers", "Grind grain — “fine” and coarse."],
            [OTHER, "Production Workers, All Other", ""],
        ],
        "Scales Reference": [
            ["Scale ID", "Scale Name", "Minimum", "Maximum"],
            ["IM", "Importance", 1, 5],
            ["LV", "Level", 0, 7],
            ["EX", "Extent", 0, 100],
        ],
        "Content Model Reference": [
            ["Element ID", "Element Name", "Description"],
            ["1", "Worker Characteristics", "Worker Characteristics"],
            ["1.A", "Abilities", "What lasts in a person."],
            ["1.A.1", "Hearing", "To hear well."],
            ["1.C", "Work Styles", "How a person works."],
            ["1.C.6", "Independence", "To guide oneself."],
            ["2", "Worker Requirements", "Worker Requirements"],
            ["2.A", "Basic Skills", "What makes learning easier."],
            ["2.A.1", "Content", "To work with others’ words."],
            ["2.A.1.a", "Reading", "To understand what is written."],
            ["2.C", "Knowledge", "Sets of facts and principles."],
            ["2.C.9", "Food Production", "To grow and make food."],
            ["4", "Occupational Requirements", "Occupational Requirements"],
            ["4.A", "Generalized Work Activities", "What many occupations do."],
            ["4.A.1", "Handling Objects", "To use one’s hands."],
            ["4.A.2", "Resting", "To do nothing."],
        ],
        "DWA Reference": [
            ["Element ID", "Element Name", "IWA ID", "IWA Title", "DWA ID", "DWA Title"],
            ["4.A.1", "Handling Objects", "4.A.1.I01", "Prepare food.", "4.A.1.I01.D01", "Mix dough."],
            ["4.A.1", "Handling Objects", "4.A.1.I01", "Prepare food.", "4.A.1.I01.D02", "Weigh goods."],
        ],
        "Task Statements": [
            [CODE, "Title", "Task ID", "Task", "Task Type", "Incumbents Responding", "Date", "Domain Source"],
            [BAKER, "Bakers", 12, "Knead dough by hand.", "Core", 95, "08/2023", "Incumbent"],
            [BAKER, "Bakers", 7, 'Check the "crumb" of loaves.', "Supplemental", 60, "07/2014", "Analyst"],
            [MILLER, "Millers", 30, "Grind grain.", "", "", "07/2014", "Analyst"],
        ],
        "Tasks to DWAs": [
            [CODE, "Title", "Task ID", "Task", "DWA ID", "DWA Title", "Date", "Domain Source"],
            [
                BAKER,
                "Bakers",
                12,
                "Knead dough by hand.",
                "4.A.1.I01.D02",
                "Weigh goods.",
                "07/2014",
                "Analyst",
            ],
            [
                BAKER,
                "Bakers",
                12,
                "Knead dough by hand.",
                "4.A.1.I01.D01",
                "Mix dough.",
                "07/2014",
                "Analyst",
            ],
        ],
        "Knowledge": [
            [*RATED],
            rating(BAKER, "Bakers", "2.C.9", "Food Production", "IM", 4.12),
            rating(BAKER, "Bakers", "2.C.9", "Food Production", "LV", 5.5, "Y", "N"),
            rating(MILLER, "Millers", "2.C.9", "Food Production", "IM", 1.5, "", ""),
            rating(MILLER, "Millers", "2.C.9", "Food Production", "LV", 0, "", "Y"),
        ],
        "Skills": [
            [*RATED],
            rating(BAKER, "Bakers", "2.A.1.a", "Reading", "IM", 3, "Y"),
            rating(BAKER, "Bakers", "2.A.1.a", "Reading", "LV", 2.25, "N", "N"),
        ],
        "Work Styles": [
            [one for one in RATED if one != "Not Relevant"],
            [
                one
                for place, one in enumerate(rating(BAKER, "Bakers", "1.C.6", "Independence", "IM", 3.9))
                if RATED[place] != "Not Relevant"
            ],
        ],
        "Technology Skills": [
            [CODE, "Title", "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand"],
            [BAKER, "Bakers", "Oven & Co #2/B", 43231501, "Oven software", "Y", "Y"],
            [BAKER, "Bakers", "Recipe Table", 43231502, "Recipe software", "N", "N"],
            [MILLER, "Millers", "Oven & Co #2/B", 43231502, "Recipe software", "Y", "N"],
        ],
        "Alternate Titles": [
            [CODE, "Title", "Alternate Title", "Short Title", "Source(s)"],
            [BAKER, "Bakers", "Bread Baker (BB)", "BB", "08"],
            [BAKER, "Bakers", "Bakers", "", "02,08"],
            [BAKER, "Bakers", "Apprentice Baker", "", "02"],
            [BAKER, "Bakers", "Apprentice Baker", "", "09"],
        ],
        "Related Occupations": [
            [CODE, "Title", "Related O*NET-SOC Code", "Related Title", "Relatedness Tier", "Index"],
            [BAKER, "Bakers", OTHER, "Production Workers, All Other", "Supplemental", 10],
            [BAKER, "Bakers", MILLER, "Millers", "Primary-Short", 1],
        ],
    }


def workbook(name: str, table: Table) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in table:
        sheet.append(["" if cell == "" else cell for cell in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def text(table: Table) -> bytes:
    """As the text release has it: ``n/a`` where a workbook has an empty cell."""
    lines = ["\t".join(str(cell) if cell != "" else "n/a" for cell in row) for row in table]
    return ("\r\n".join(lines) + "\r\n").encode()


def write_workbooks(folder: Path, tables: Mapping[str, Table]) -> Path:
    return _write(folder, {f"{name}.xlsx": workbook(name, table) for name, table in tables.items()})


def write_texts(folder: Path, tables: Mapping[str, Table]) -> Path:
    return _write(folder, {f"{name}.txt": text(table) for name, table in tables.items()})


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def _write(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def sheet_xml(rows: str) -> bytes:
    """A workbook whose one sheet, Occupation Data, has these rows in XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    linked = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{linked}"><sheets>'
            '<sheet name="Occupation Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return target.getvalue()

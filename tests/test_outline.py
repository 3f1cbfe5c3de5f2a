"""Course outlines as files: the JSON form, the workbook and the Word document, and back without loss."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.errors import DocumentError
from ontology.outline import (
    OUTLINE_KINDS,
    Outline,
    OutlineCompetency,
    Unit,
    outline_from_json,
    outline_to_json,
)
from ontology.readers.outline import read_outline
from ontology.writers.outline_docx import outline_docx
from ontology.writers.outline_xlsx import outline_xlsx

BASE = "https://w3id.org/competency-graph/id/icap/BGM1219-002v2"
CONFLICT = OutlineCompetency(f"{BASE}/S1/2", "S1#2", "處理團隊衝突", "skill", "BGM1219-002v2", 5, "zh-Hant")
CONCEPT = OutlineCompetency("http://data.europa.eu/esco/skill/x", "", "manage conflicts", "skill", "esco")
OUTLINE = Outline(
    title="基層主管培訓",
    language="zh-Hant",
    standards=("BGM1219-002v2",),
    units=(
        Unit("帶領團隊", (CONFLICT, CONCEPT), 12.5, "含演練\n分組"),
        Unit("客戶", (), None),
        Unit("總結", (CONFLICT,), 0),
    ),
)

_texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
        st.sampled_from("\n\t\r 團_x"),
    ),
    max_size=15,
) | st.sampled_from(["=1+1", "_x000D_", "007", "<w:t>&amp;", " blanks ", "TRUE", "1.50", "\u2028 \u3000"])
_filled = _texts.filter(lambda text: bool(text.strip()))
_competencies = st.builds(
    OutlineCompetency,
    iri=st.text("abc:/#%團", min_size=1, max_size=10),
    code=_texts,
    text=_texts,
    kind=st.sampled_from(OUTLINE_KINDS),
    standard=_texts,
    level=st.none() | st.integers(0, 100),
    language=st.sampled_from(["", "zh-Hant", "en"]),
)
outlines = st.builds(
    Outline,
    title=_filled,
    language=st.sampled_from(["zh-Hant", "en", "ja"]),
    standards=st.lists(_filled, max_size=3).map(tuple),
    units=st.lists(
        st.builds(
            Unit,
            title=_filled,
            competencies=st.lists(_competencies, max_size=4).map(tuple),
            hours=st.none() | st.integers(0, 1_000_000).map(lambda cents: cents / 100),
            note=_texts,
        ),
        max_size=4,
    ).map(tuple),
)


def in_json(outline: Outline) -> bytes:
    return json.dumps(outline_to_json(outline)).encode()


@settings(max_examples=150, deadline=None)
@given(outlines)
def test_json_comes_back_without_loss(outline: Outline) -> None:
    assert outline_from_json(outline_to_json(outline), "x") == outline
    assert read_outline(in_json(outline), "x.json").outline == outline


@settings(max_examples=100, deadline=None)
@given(outlines)
def test_a_workbook_comes_back_without_loss(outline: Outline) -> None:
    assert read_outline(outline_xlsx(outline), "x.xlsx").outline == outline


@settings(max_examples=40, deadline=None)
@given(outlines)
def test_a_word_document_comes_back_without_loss(outline: Outline) -> None:
    found = read_outline(outline_docx(outline), "x.docx")
    assert found.outline == outline
    assert found.notes == ()


def changed(*path: Any, to: Any) -> bytes:
    """The JSON of the outline with one value changed, or with one more."""
    form: Any = outline_to_json(OUTLINE)
    place = form
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return json.dumps(form).encode()


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        (b"", None, "empty"),
        (b"[]", None, "an object"),
        (b"{}", "format", "'competency-outline'"),
        (changed("format", to="x"), "format", "'competency-outline'"),
        (changed("version", to=2), "version", "expected 1"),
        (changed("version", to=True), "version", "expected 1"),
        (changed("title", to=" "), "title", "not empty"),
        (changed("title", to="a" * 501), "title", "at most 500"),
        (changed("language", to="x_y"), "language", "a language tag"),
        (changed("author", to="me"), "author", "not known"),
        (changed("standards", to=[""]), "standards[0]", "empty"),
        (changed("units", to={}), "units", "a list"),
        (changed("units", 0, "hours", to="12"), "units[0].hours", "a number or null"),
        (changed("units", 0, "hours", to=-1), "units[0].hours", "from 0"),
        (changed("units", 0, "hours", to=0.333), "units[0].hours", "two decimals"),
        (changed("units", 1, "title", to=""), "units[1].title", "not empty"),
        (changed("units", 0, "note", to="a\x00b"), "units[0].note", "U+0000"),
        (changed("units", 0, "competencies", 0, "iri", to=""), "units[0].competencies[0].iri", "not empty"),
        (changed("units", 0, "competencies", 0, "kind", to="x"), "units[0].competencies[0].kind", "one of"),
        (changed("units", 0, "competencies", 0, "level", to=1.5), "units[0].competencies[0].level", "whole"),
        (
            changed("units", 0, "competencies", 0, "weight", to=1),
            "units[0].competencies[0].weight",
            "not known",
        ),
        (changed("units", to=[{"title": "a"}] * 201), "units", "at most 200"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_field(data: bytes, field: str | None, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_outline(data, "course.json")
    assert caught.value.field == field
    assert words in str(caught.value)
    assert str(caught.value).startswith("course.json")


def edited_workbook(sheet: int, cell: str, value: Any) -> bytes:
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(outline_xlsx(OUTLINE)))
    workbook.worksheets[sheet][cell] = value
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_what_is_edited_in_the_workbook_is_taken() -> None:
    assert read_outline(edited_workbook(0, "B1", "新課程"), "x").outline.title == "新課程"
    assert read_outline(edited_workbook(1, "C3", 8), "x").outline.units[1].hours == 8
    moved = read_outline(edited_workbook(2, "A3", 2), "x").outline
    assert [len(unit.competencies) for unit in moved.units] == [1, 1, 1]
    assert moved.units[1].competencies == (CONCEPT,)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "words"),
    [
        (1, "C2", "many", "course.xlsx, line 2, sheet 單元, column hours: found 'many'; expected a number"),
        (1, "A3", 1, "line 3, sheet 單元, column number: the unit 1 is there twice"),
        (1, "B2", None, "line 2, sheet 單元, column unit: the cell is empty"),
        (1, "A1", "x", "line 1, sheet 單元: there is no column number"),
        (2, "A2", 7, "line 2, sheet 職能, column number: there is no unit 7"),
        (2, "C2", "nonsense", "units[0].competencies[0].kind"),
        (2, "F2", "high", "column level: found 'high'"),
        (0, "B4", "other 1", "sheet 1, format: found 'other 1'"),
    ],
)
def test_a_wrong_cell_is_told_with_sheet_row_and_column(
    sheet: int, cell: str, value: object, words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        read_outline(edited_workbook(sheet, cell, value), "course.xlsx")
    assert words in str(caught.value)


def edited_document(change: Any) -> bytes:
    document = Document(io.BytesIO(outline_docx(OUTLINE)))
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_the_word_document_reads_like_an_outline() -> None:
    document = Document(io.BytesIO(outline_docx(OUTLINE)))
    assert document.paragraphs[0].text == "基層主管培訓"
    units = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert units[0] == ["單元編號", "單元名稱", "時數", "備註"]
    assert units[1] == ["1", "帶領團隊", "12.5", "含演練\n分組"]
    taught = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert taught[0] == ["單元 1", "類型", "內容", "職能基準", "級別"]
    assert taught[1] == ["S1#2", "技能", "處理團隊衝突", "BGM1219-002v2", "5"]


def test_a_word_document_that_was_only_saved_again_is_the_same() -> None:
    found = read_outline(edited_document(lambda document: None), "x.docx")
    assert (found.outline, found.notes) == (OUTLINE, ())


def test_what_is_edited_in_the_tables_of_the_word_document_is_taken() -> None:
    def change(document: Any) -> None:
        document.paragraphs[0].runs[0].text = "主管課程"
        document.tables[0].cell(1, 2).paragraphs[0].runs[0].text = "16"
        document.tables[0].cell(2, 3).text = "校外"
        gone = document.tables[1].rows[2]._tr
        gone.getparent().remove(gone)
        last = document.tables[0].rows[3]._tr
        document.tables[0].rows[1]._tr.addprevious(last)

    found = read_outline(edited_document(change), "x.docx")
    assert found.outline.title == "主管課程"
    assert [unit.title for unit in found.outline.units] == ["總結", "帶領團隊", "客戶"]
    assert found.outline.units[1] == Unit("帶領團隊", (CONFLICT,), 16, "含演練\n分組")
    assert found.outline.units[2].note == "校外"
    assert found.notes
    assert "taken from them" in found.notes[0][0]


def test_an_edited_text_of_a_competency_stays_the_standards_own() -> None:
    def change(document: Any) -> None:
        document.tables[1].cell(1, 2).paragraphs[0].runs[0].text = "自己的話"

    found = read_outline(edited_document(change), "x.docx")
    assert found.outline == OUTLINE
    assert any("S1#2" in english for english, _ in found.notes)


def test_a_row_that_the_outline_does_not_have_is_told() -> None:
    def change(document: Any) -> None:
        document.tables[1].cell(1, 0).paragraphs[0].runs[0].text = "S99"

    with pytest.raises(DocumentError, match=r"x\.docx, line 2, table of unit 1: 'BGM1219-002v2 S99' is no"):
        read_outline(edited_document(change), "x.docx")


def without(data: bytes, *names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 nonsense", "neither a whole workbook nor a whole Word document"),
        (outline_docx(OUTLINE)[:-100], "neither a whole workbook nor a whole Word document"),
        (without(outline_docx(OUTLINE), "customXml/item2.xml"), "customXml: the document carries no course"),
        (without(outline_xlsx(OUTLINE), "xl/worksheets/sheet2.xml"), "lacks the sheet of the units"),
        (b"%PDF-1.7", "JSON"),
        (
            b'{"format": "competency-outline", "version": 1, "title": "x", "title": "y"}',
            "title: the key is there",
        ),
    ],
)
def test_broken_files_are_told_apart(data: bytes, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_outline(data, "course.bin")
    assert "course.bin" in str(caught.value)
    assert words in str(caught.value)

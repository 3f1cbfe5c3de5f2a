"""The official form as ODT, DOCX and HTML: whatever the layout, it reads back the same."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import zipfile
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from authoring import standards
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_forms import BREAK, WRITERS, lay_out_form, to_docx, to_html, to_odt
from small_documents import doubts
from test_reader_icap_text import content

from ontology.errors import DocumentError
from ontology.model import Note, Place, Standard
from ontology.readers import Limits, read_standard
from ontology.readers.grid import Cell, Paragraph, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ontology.readers.grid import Block


@pytest.mark.parametrize("form", WRITERS)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), per_activity=st.booleans(), seed=st.integers(0, 2**32))
def test_a_standard_reads_back_from_any_layout(
    form: str,
    data: st.DataObject,
    per_activity: bool,  # noqa: FBT001
    seed: int,
) -> None:
    standard = data.draw(standards(per_activity=per_activity))
    written = WRITERS[form](lay_out_form(standard, Random(seed), per_activity=per_activity))
    assert content(read_standard(written)) == content(standard)


def real_standards(folder: Path, sample: Path) -> list[Standard]:
    """The real standards; what their JSON calls prerequisites stands under the heading of the form."""
    heading = "建議擔任此職類/職業之學歷/經驗/或能力條件"
    found = []
    for path in sorted(folder.glob("*v[34].json")):
        standard = read_standard(path)
        notes = tuple(Note("prerequisite", note.text, heading) for note in standard.notes)
        found.append(replace(standard, notes=notes))
    return [*found, read_standard(sample)]


@pytest.mark.parametrize("form", WRITERS)
def test_the_real_standards_read_back_from_any_layout(
    form: str, shared_data: Path, sample_path: Path
) -> None:
    for standard in real_standards(shared_data / "icap", sample_path):
        per_activity = standard.tasks[0].level is None
        for seed in range(4):
            blocks = lay_out_form(standard, Random(seed), per_activity=per_activity)
            assert content(read_standard(WRITERS[form](blocks))) == content(standard), (standard.code, seed)


@pytest.mark.office
def test_what_libreoffice_writes_reads_back(shared_data: Path, sample_path: Path, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
    expected = {}
    for number, standard in enumerate(real_standards(shared_data / "icap", sample_path)):
        for seed in range(3):
            per_activity = standard.tasks[0].level is None
            page = tmp_path / f"{number}-{seed}.html"
            page.write_bytes(to_html(lay_out_form(standard, Random(seed), per_activity=per_activity)))
            expected[page.stem] = standard
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for suffix, options in (
        (".html", ["--infilter=HTML (StarWriter)", "--convert-to", "odt:writer8"]),
        (".odt", ["--convert-to", "docx:MS Word 2007 XML"]),
    ):
        paths = [str(tmp_path / (stem + suffix)) for stem in expected]
        command = [program, "--headless", profile, *options, "--outdir", str(tmp_path), *paths]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    for stem, standard in expected.items():
        for suffix in ("odt", "docx"):
            found = read_standard(tmp_path / f"{stem}.{suffix}")
            assert content(found) == content(standard), f"{stem}.{suffix}"


HEADER = (
    "主要職責",
    "工作任務",
    "工作產出",
    "行為指標",
    "職能級別",
    "職能內涵 (K=knowledge)",
    "職能內涵 (S=skills)",
)
ROW = ("T1 提升效能", "T1.1 設定計畫", "O1.1.1 計畫書", "P1.1.1 建立目標", "4", "K01 組織", "S01 溝通技能")


def cell(text: str | Sequence[Block], *, rows: int = 1, columns: int = 1) -> Cell:
    blocks = tuple(Paragraph(line) for line in text.split("\n")) if isinstance(text, str) else tuple(text)
    return Cell(blocks, rows, columns)


def small(*rows: Sequence[Cell | str], after: Sequence[Block] = ()) -> list[Block]:
    """A small form; the rows are those of its table of tasks."""
    profile = [
        ("職能基準代碼", "BGM1219-002v2"),
        ("職能基準名稱", "領班"),
        ("職類別", "管理", "職類別代碼", "BGM"),
        ("職業別", "領班", "職業別代碼", "1219"),
        ("行業別", "服務業", "行業別代碼", "N8129"),
        ("工作描述", "帶領人員。"),
        ("基準級別", "4"),
    ]
    header: list[Sequence[Cell | str]] = [HEADER]
    tables = [
        Table(tuple(Row(tuple(one if isinstance(one, Cell) else cell(one) for one in row)) for row in part))
        for part in (profile, header + list(rows))
    ]
    return [*tables, *after]


@pytest.mark.parametrize("write", WRITERS.values())
def test_a_small_form_reads_without_doubts(write: Callable[[Sequence[Block]], bytes]) -> None:
    standard = read_standard(write(small(ROW)), "test")
    assert standard.doubts == ()
    assert (standard.code, standard.name, standard.source) == ("BGM1219-002v2", "領班", "test")
    activity = standard.tasks[0].activities[0]
    assert (activity.level, activity.knowledge, activity.skills) == (4, ("K01",), ("S01",))


@pytest.mark.parametrize("write", WRITERS.values())
def test_a_merged_cell_belongs_to_every_activity_that_it_spans(
    write: Callable[[Sequence[Block]], bytes],
) -> None:
    shared = [cell(ROW[column], rows=3) for column in (4, 5, 6)]
    written = write(
        small(
            [cell(ROW[0], rows=3), cell(ROW[1], rows=2), cell(ROW[2], rows=2), ROW[3], *shared],
            ["P1.1.2 檢討目標"],
            ["T1.2 執行計畫", "", "P1.2.1 分派工作"],
        )
    )
    standard = read_standard(written)
    first, second = standard.tasks[0].activities
    assert standard.doubts == ()
    assert [item.code for item in first.indicators] == ["P1.1.1", "P1.1.2"]
    assert (second.level, second.knowledge, second.skills) == (4, ("K01",), ("S01",))


@pytest.mark.parametrize("write", WRITERS.values())
def test_rows_that_go_on_after_a_repeated_header_are_joined(
    write: Callable[[Sequence[Block]], bytes],
) -> None:
    written = write(small([*ROW[:3], "P1.1.1 建立", *ROW[4:]], HEADER, ["", "", "", "目標", "", "", ""]))
    standard = read_standard(written)
    assert standard.tasks[0].activities[0].indicators[0].text == "建立目標"
    assert standard.doubts == ()


@pytest.mark.parametrize("write", WRITERS.values())
def test_signs_that_look_like_markup_stay(write: Callable[[Sequence[Block]], bytes]) -> None:
    text = "R&D <b> &lt; 1 < 2"
    written = write(small([*ROW[:3], f"P1.1.1 {text}", *ROW[4:]]))
    assert read_standard(written).tasks[0].activities[0].indicators[0].text == text


@pytest.mark.parametrize("write", WRITERS.values())
def test_a_table_in_a_cell_and_uncoded_list_items_are_read(
    write: Callable[[Sequence[Block]], bytes],
) -> None:
    inner = Table((Row((cell("P1.1.1"), cell("建立目標"))), Row((cell("P1.1.2"), cell("檢討目標")))))
    skills = [Paragraph("溝通技能", depth=1, bulleted=True), Paragraph("規劃技能", depth=1, bulleted=True)]
    written = write(small([*ROW[:3], cell([inner]), *ROW[4:6], cell(skills)]))
    standard = read_standard(written)
    activity = standard.tasks[0].activities[0]
    assert [item.text for item in activity.indicators] == ["建立目標", "檢討目標"]
    assert [skill.text for skill in standard.skills] == ["溝通技能", "規劃技能"]
    assert {kind for kind, _ in doubts(standard)} == {"missing-code"}


@pytest.mark.parametrize("write", WRITERS.values())
def test_attitudes_and_notes_as_lists_in_a_row_of_the_table(
    write: Callable[[Sequence[Block]], bytes],
) -> None:
    attitudes = [Paragraph("親和力：友善。", depth=1, bulleted=True)]
    notes = [
        Paragraph("相關所屬類別："),
        Paragraph("職業別（職業代碼）："),
        Paragraph("經理（1223）", depth=1),
    ]
    rows: list[Sequence[Cell]] = [
        [cell("職能內涵 (A=attitude 態度)", columns=7)],
        [cell(attitudes, columns=7)],
        [cell("說明與補充事項"), cell(notes, columns=6)],
    ]
    standard = read_standard(write(small(ROW, *rows)))
    assert [(one.name, one.text) for one in standard.attitudes] == [("親和力", "友善。")]
    assert standard.notes == (
        Note("note", "相關所屬類別："),
        Note("note", "經理（1223）", "職業別（職業代碼）"),
    )


def packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return stream.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {name: container.read(name) for name in container.namelist()}


def test_pages_of_odt_and_docx_and_lines_of_html_are_places() -> None:
    blocks = small(
        ROW, ["", "T1.2 執行\f計畫", "", "P1.2.1 分派", "3", "", ""], ["", "T1.3 檢討", "", "P1.3.1 檢討"]
    )
    for write in (to_odt, to_docx):
        activities = read_standard(write(blocks)).tasks[0].activities
        assert [one.place for one in activities] == [Place(page=1), Place(page=1), Place(page=2)]
    lines = [one.place.line for one in read_standard(to_html(blocks)).tasks[0].activities if one.place]
    assert lines == sorted({line for line in lines if line})
    unbroken = to_odt(small(ROW))
    assert read_standard(unbroken).tasks[0].place is None


def test_odt_repeats_blanks_and_leaves_out_what_is_not_text() -> None:
    parts = members(to_odt(small([*ROW[:3], "P1.1.1 use  SAP", *ROW[4:]])))
    parts["content.xml"] = parts["content.xml"].replace(
        b"SAP", b"SAP<office:annotation><text:p>why?</text:p></office:annotation>"
    )
    assert read_standard(packed(parts)).tasks[0].activities[0].indicators[0].text == "use  SAP"


def test_docx_leaves_out_what_tracked_changes_deleted_and_knows_lists_by_style() -> None:
    skills = [Paragraph("S01 溝通："), Paragraph("協商", depth=1, bulleted=True)]
    parts = members(to_docx(small([*ROW[:6], cell(skills)])))
    document = parts["word/document.xml"].replace(
        b'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>', b'<w:pStyle w:val="Bullet"/>'
    )
    document = document.replace(
        "領班".encode(),
        "領班</w:t></w:r><w:del><w:r><w:delText>長</w:delText></w:r></w:del><w:r><w:t>".encode(),
    )
    parts["word/document.xml"] = document
    parts["word/styles.xml"] = (
        b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style '
        b'w:styleId="Bullet"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style></w:styles>'
    )
    standard = read_standard(packed(parts))
    assert standard.name == "領班"
    assert [item.text for item in standard.skills[0].items] == ["協商"]


def test_html_in_the_charset_that_it_names_with_hidden_parts_and_untidy_tags() -> None:
    page = to_html(small(ROW)).decode()
    page = re.sub("</?(?:p|tbody)>|</t[dr]>", "", page)
    page = page.replace("<title>x</title>", '<meta charset="big5"><script>var a = "<table>"</script>')
    page = page.replace("<body>", '<body><nav>首頁</nav><p style="display: none">無</p>')
    standard = read_standard(page.encode("big5"))
    assert standard.doubts == ()
    assert standard.skills[0].text == "溝通技能"


XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY {chr(98 + step)} "{f"&{chr(97 + step)};" * 10}">'.encode() for step in range(9)
)
BODY = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>'
    b"%s</text:p></office:text></office:body></office:document-content>"
)


def encrypted() -> bytes:
    data = bytearray(to_odt(small(ROW)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := data.find(mark, at)) >= 0:
            data[at + offset] |= 1
            at += 4
    return bytes(data)


def doubled() -> bytes:
    stream = io.BytesIO(to_odt(small(ROW)))
    with zipfile.ZipFile(stream, "a") as container, pytest.warns(UserWarning, match="Duplicate name"):
        container.writestr("content.xml", "<x/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            packed({"content.xml": XXE + BODY % b"&e;"}),
            "content.xml: the XML has a document type declaration",
        ),
        (packed({"content.xml": LAUGHS + b"]>" + BODY % b"&j;"}), "content.xml: the XML"),
        (
            packed({"word/document.xml": XXE + b"<x>&e;</x>"}),
            "word/document.xml: the XML has a document type",
        ),
        (packed({"content.xml": b"<x>"}), "content.xml: the XML cannot be read"),
        (packed({"content.xml": b"<x/>"}), "content.xml: this is no text document"),
        (packed({"content.xml": BODY % b"text"}), "this is not an iCAP standard"),
        (packed({"word/document.xml": b"<x/>"}), "the document has no body"),
        (packed({"content.xml": b"<x>" * 200 + b"</x>" * 200}), "nested too deeply"),
        (
            packed({"content.xml": b"<x/>", "bomb": bytes(50_000_000)}),
            "bomb: a part would unpack to 50000000 bytes",
        ),
        (
            packed({"content.xml": b"<x/>", "../x": b""}),
            "../x: the name of a part leads out of the container",
        ),
        (packed({"content.xml": b"<x/>", "/x": b""}), "/x: the name of a part leads out"),
        (packed({"content.xml": b"<x/>", "a\\..\\x": b""}), "leads out of the container"),
        (
            packed({f"{number}": b"" for number in range(6000)} | {"content.xml": b""}),
            "has 6001 parts; expected at",
        ),
        (packed({"word/styles.xml": b""}), "no reader knows this format"),
        (
            packed({"content.xml": b"<x/>", "META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
            "the document is encrypted",
        ),
        (encrypted(), "the container is encrypted"),
        (doubled(), "a part of the container is there twice"),
        (to_odt(small(ROW))[:-30], "the zip container is damaged"),
        (b"<html><body>" + b"<div>" * 5000 + b"<table>", "nested too deeply"),
        (b"<table><tr><td>" * 5000, "nested too deeply"),
        (b"<html><table><tr><td>x</table>", "this is not an iCAP standard"),
        (b'<meta charset="nonsense"><table>', "not the nonsense that the page names"),
        (b'<meta charset="big5"><table>\xff', "not the big5 that the page names"),
        (b"<table><tr>" + b"<td rowspan=999999 colspan=99999>" * 300, "the table is too large"),
        (b"<table>" + b"<tr><td rowspan=0 colspan=900>" * 400, "the table is too large"),
    ],
)
def test_hostile_and_broken_containers_are_refused(data: bytes, says: str) -> None:
    started = time.process_time()
    with pytest.raises(DocumentError) as caught:
        read_standard(data, "test")
    assert says in str(caught.value)
    assert caught.value.file == "test"
    assert time.process_time() - started < 5


def test_limits_are_those_of_the_caller() -> None:
    data = to_odt(small(ROW))
    assert read_standard(data, limits=Limits(members=2)).name == "領班"
    with pytest.raises(DocumentError, match="has 2 parts"):
        read_standard(data, limits=Limits(members=1))
    with pytest.raises(DocumentError, match="would unpack to"):
        read_standard(data, limits=Limits(unpacked_bytes=1000))
    with pytest.raises(DocumentError, match="the table is too large"):
        read_standard(data, limits=Limits(cells=13))


@pytest.mark.parametrize("form", ["html", "odt", "docx", "odt part", "docx part"])
@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_is_read_or_refused(form: str, seed: int) -> None:
    chance = Random(seed)
    data = WRITERS[form.split()[0]](small(ROW, [f"T2 執行{BREAK}計畫", "T2.1 分派", *[""] * 5]))
    if form.endswith("part"):
        parts = members(data)
        name = "content.xml" if form.startswith("odt") else "word/document.xml"
        data = packed({**parts, name: damaged(parts[name], chance)})
    else:
        data = damaged(data, chance)
    refused = "fuzz"
    started = time.process_time()
    try:
        assert read_standard(data, "fuzz").tasks
    except DocumentError as error:
        refused = str(error)
    assert refused.startswith("fuzz")
    assert time.process_time() - started < 5


def damaged(data: bytes, chance: Random) -> bytes:
    """The bytes with a few of them changed, taken out, doubled, or replaced by marks of the formats."""
    found = bytearray(data)
    marks = [
        b"<",
        b">",
        b"</",
        b"&",
        b"PK\x01\x02",
        b"<td rowspan=9>",
        b"<w:tc>",
        b"<table:table-cell>",
        b"\x00",
    ]
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(found))
        match chance.randrange(5):
            case 0:
                found[at] = chance.randrange(256)
            case 1:
                del found[at : at + chance.randint(1, 80)]
            case 2:
                found[at:at] = chance.choice(marks)
            case 3:
                other = chance.randrange(len(found))
                found[at:at] = found[other : other + chance.randint(1, 200)]
            case _:
                del found[chance.randrange(len(found) // 2, len(found)) :]
        if not found:
            break
    return bytes(found)

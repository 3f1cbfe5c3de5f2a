"""Documents that cannot be read: refused with file, line and what was expected, whatever the bytes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_documents import HEADER, NEW_HEADER, PROFILE, ROW, document, read, row

from ontology.errors import DocumentError
from ontology.model import Standard
from ontology.readers import Limits, read_standard


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", None, "empty"),
        (" \n\t\n", None, "empty"),
        ("Dear team,\nplease find enclosed\n", None, "not a competency standard"),
        ("職能基準代碼\t\tBGM1219-002v2\n", None, "no table of tasks"),
        ("行為指標\n", None, "not an iCAP standard"),
        (document(row(*ROW), "\tT1.2 增進\t\tP1.2.1 鼓勵"), 14, "too short: 4 cells; expected 7"),
        (document(row(*ROW), "T1.2 增進凝聚力"), 14, "too short: 1 cell; expected 7"),
        (document(row(*ROW) + "\t多"), 13, "too long"),
        (
            document(row(*ROW[:3], "P1.1.1 " + "多" * 20_000, *ROW[4:])),
            13,
            "expected at most 20000 in a cell",
        ),
        (document(row("", *ROW[1:])), 13, "before any task; expected a task (T1) first"),
        (document(row(*ROW[:1], "", *ROW[2:])), 13, "no activity to belong to"),
        (
            document(row(*ROW[:4], "7", *ROW[5:])),
            13,
            "'7' is not a level; expected a whole number from 1 to 6",
        ),
        (document(row(*ROW[:4], "高", *ROW[5:])), 13, "'高' is not a level"),
        (document(profile=PROFILE.replace("\t\t4\t", "\t\t0\t")), 10, "基準級別: '0' is not a level"),
        (
            document(profile=PROFILE.replace("BGM1219-002v2", "")),
            None,
            "職能基準代碼: the profile does not give it",
        ),
        (
            document(profile=PROFILE.replace("基層主管", "")),
            None,
            "職能基準名稱: the profile does not give it",
        ),
        (document(profile=PROFILE + "職能基準代碼\t\tBGM1219-003v1\n"), 11, "the field is doubled"),
        (
            document(row(*ROW), row("", "T1.2 增進", "", "P1.1.1 另一指標", "", "", "")),
            14,
            "P1.1.1: the code is doubled",
        ),
        (document(row(*ROW), row("", "", "", "", "", "K1 另一知識", "")), 14, "K1: the code is doubled"),
        (document(row(*ROW), row("T1 另一任務", "", "", "", "", "", "")), 14, "T1: the code is doubled"),
        (document(row(*ROW), row("", "T1.1 另一活動", "", "", "", "", "")), 14, "T1.1: the code is doubled"),
        (document(row("T1", *ROW[1:])), 13, "T1: a code stands without a name"),
        (document(row(*ROW[:3], "P1.1.1", *ROW[4:])), 13, "P1.1.1: a code stands without a text"),
        (document(row(*ROW[:5], "K1", "")), 13, "K1: a code stands without a text"),
        (
            document(after="職能內涵 (A=attitude 態度)\nA01 彈性：甲乙\nA01 自信：丙丁"),
            17,
            "A01: the code is doubled",
        ),
        (document(header=HEADER.replace("工作活動", "")), 12, "工作活動: the table lacks a column"),
        (document(row(*ROW), header="").replace("\n\nT1", "\nT1"), 12, "before any header row"),
        (document(after=f"{NEW_HEADER}\n{row(*ROW)}"), 15, "the template changes within the table"),
        (document() + "\x07", 15, "a control character (U+0007)"),
        (
            "版本\t職能基準代碼\t狀態\nV2\tBGM1219-002v2\n" + document(),
            2,
            "版本: the row of the version table is too short",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, line: int | None, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert says in str(caught.value)
    assert (caught.value.file, caught.value.line) == ("test.txt", line)


def test_other_encodings_are_refused_with_their_line() -> None:
    lines = document().split("\n")
    broken = "\n".join(lines[:4]).encode() + b"\n\xff\xfe" + "\n".join(lines[4:]).encode()
    with pytest.raises(DocumentError, match="not UTF-8") as caught:
        read_standard(broken, "broken.txt")
    assert caught.value.line == 5
    with pytest.raises(DocumentError, match="not UTF-8 but look like Big5") as caught:
        read_standard(document().replace("／", "/").encode("cp950"), "big5.txt")
    assert caught.value.line == 1


def test_a_file_in_another_format_is_refused() -> None:
    with pytest.raises(DocumentError, match="the zip container is damaged"):
        read_standard(b"PK\x03\x04 ...")


def test_a_file_that_is_absent_or_too_large_is_refused(tmp_path: Path, sample_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be opened: No such file") as caught:
        read_standard(tmp_path / "none.txt")
    assert caught.value.file == str(tmp_path / "none.txt")
    with pytest.raises(DocumentError, match="cannot be opened"):
        read_standard(tmp_path)
    with pytest.raises(DocumentError, match="expected at most 1000 bytes"):
        read_standard(sample_path, limits=Limits(bytes=1000))
    with pytest.raises(DocumentError, match="expected at most 5 bytes"):
        read_standard(b"123456", limits=Limits(bytes=5))


def read_or_refuse(data: bytes) -> None:
    """Whatever the bytes are, the reader gives a standard or says what is wrong with the document."""
    refused: DocumentError | None = None
    standard: Standard | None = None
    try:
        standard = read_standard(data, "fuzz.txt")
    except DocumentError as error:
        refused = error
    if standard:
        assert standard.tasks
        assert standard.code
    else:
        assert str(refused).startswith("fuzz.txt")


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.sampled_from([b"", HEADER.encode(), document().encode()]))
def test_random_bytes_are_read_or_refused(data: bytes, before: bytes) -> None:
    read_or_refuse(before + data)


FRAGMENTS = [
    "K3 ",
    "P1.1.1 ",
    "T1 ",
    "T1.2",
    "O",
    "0",
    "■",
    "<p>",
    "</ul>",
    "&lt;",
    "&#0;",
    "\t",
    "：",
    "\x00",
]
FRAGMENTS += [
    "９",
    "\ufeff",
    "Ｋ１",
    "S9",
    "\f",
    "工作任務",
    "版本",
    "職能基準代碼",
    "²",
    "\u2028",
    "\r",
    "說明與補充事項",
]


def mutated(lines: list[str], seed: int) -> bytes:
    chance = random.Random(seed)
    lines = list(lines)
    for _ in range(chance.randint(1, 6)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randint(0, len(line))
        match chance.randrange(8):
            case 0:
                lines[at] = ""
            case 1:
                lines.insert(at, lines[other])
            case 2:
                lines[at] = line[:cut] + chance.choice(FRAGMENTS) + line[cut:]
            case 3:
                lines[at] = line[:cut]
            case 4:
                lines[at] = "\t".join(chance.sample(line.split("\t"), line.count("\t") + 1))
            case 5:
                lines[at], lines[other] = lines[other], line
            case 6:
                lines[at] = line.replace("\t", " ", 1)
            case _:
                lines[at : at + 1] = [line[:cut], line[cut:]]
    data = bytearray("\n".join(lines).encode())
    if chance.random() < 0.1:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_damaged_standard_is_read_or_refused(sample_path: Path, seed: int) -> None:
    read_or_refuse(mutated(sample_path.read_text(encoding="utf-8").split("\n"), seed))

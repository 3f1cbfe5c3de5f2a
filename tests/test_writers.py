"""Every format of an export: the same bytes each time, and every field carried or named as lost."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from rdflib import Graph
from strategies import standards

from ontology.errors import InvalidInput
from ontology.identifiers import Identifiers
from ontology.json_form import from_json
from ontology.model import (
    Activity,
    Association,
    Attitude,
    Classification,
    Competency,
    ConceptKind,
    Doubt,
    Indicator,
    Note,
    Output,
    Place,
    RelatedStandard,
    Requirement,
    Standard,
    Statement,
    SubItem,
    Task,
    VersionEntry,
)
from ontology.rdf import from_graph
from ontology.writers import WRITERS, Writer, writer_named
from ontology.writers.writer import filled_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

identifiers = Identifiers()
PLACE = Place(3, 1)
FULL = Standard(
    framework="icap",
    code="BGM1219-002",
    name="基層主管",
    version="V2",
    level=4,
    status="最新版本",
    description="管理工作團隊",
    occupational_category="一般管理",
    category=(Classification("BGM", "企業經營管理"),),
    occupation=(Classification("1219", "行政經理人員"),),
    industry=(Classification("M7010", "企業總管理機構"),),
    tasks=(
        Task(
            "T1",
            "提升團隊效能",
            5,
            (
                Activity(
                    "T1.1",
                    "設定目標",
                    None,
                    (Output("O1.1.1", "計畫書", "01.1.1", PLACE),),
                    (
                        Indicator("P1.1.1", "協商並記錄", "P1.1.1.", PLACE),
                        Indicator("P1.1.2", "達成成果", None, PLACE),
                    ),
                    (),
                    (),
                    "T1.1.",
                    PLACE,
                ),
            ),
            ("K1",),
            ("S1",),
            "T 1",
            PLACE,
            "Core",
            ("code/onet-dwa/4.A",),
        ),
        Task(
            "T2",
            "服務客戶",
            None,
            (Activity("T2.1", "傾聽", 4, (), (Indicator("P2.1.1", "回應"),), ("K1",), ("S1",)),),
        ),
    ),
    knowledge=(Competency("K1", "組織", (SubItem(2, "目標", PLACE),), "K01", PLACE),),
    skills=(Competency("S1", "溝通", (SubItem(3, "衝突", PLACE),), "S01", PLACE), Competency("S2", "領導")),
    attitudes=(Attitude("A01", "親和力", "對他人友善", "A1", PLACE),),
    history=(VersionEntry("V1", "BGM1219-001", "主管", "歷史版本", "略", "2018/12/21"),),
    notes=(Note("note", "大專以上", "學歷"), Note("regulation", "勞動法")),
    doubts=(Doubt("cut-text", "S1", "溝", "is cut", PLACE),),
    source="form.pdf",
    iri="http://data.europa.eu/esco/occupation/1",
    alternative_names=("領班",),
    hidden_names=("組長",),
    modified="2020/01/02",
    broader=("http://data.europa.eu/esco/isco/C1219",),
    schemes=("http://data.europa.eu/esco/concept-scheme/occupations",),
    requirements=(
        Requirement(
            ConceptKind.SKILL,
            "http://data.europa.eu/esco/skill/1",
            "essential",
            4.25,
            5.5,
            suppressed=True,
            not_relevant=True,
            level_suppressed=True,
        ),
    ),
    related=(RelatedStandard("onet/11-1011.00", "Primary-Short"),),
    statements=(
        Statement("M1", "Read"),
        Statement("M2", "Write"),
        Statement(
            "M3",
            "Count",
            ("M1",),
            "Standard",
            "3.",
            "http://example.org/3",
            "C",
            "remark",
            "en",
            (("listEnumeration", "3"),),
        ),
    ),
    associations=(
        Association("exactMatchOf", "M1", "http://example.org/9", "1", "Read", "Reading", 7, (("a", "b"),)),
    ),
    details=(("creator", "WDA"),),
)
"""A standard that fills every field."""


@pytest.fixture(params=WRITERS, ids=lambda writer: writer.name)
def writer(request: pytest.FixtureRequest) -> Writer:
    found: Writer = request.param
    return found


def test_the_full_standard_fills_every_field() -> None:
    filled = set(filled_fields(FULL))

    def check(kind: type, path: str) -> None:
        for one in dataclasses.fields(kind):
            assert f"{path}{one.name}" in filled

    check(Standard, "")
    for kind, path in (
        (Task, "tasks[]."),
        (Activity, "tasks[].activities[]."),
        (Output, "tasks[].activities[].outputs[]."),
        (Competency, "skills[]."),
        (SubItem, "skills[].items[]."),
        (Requirement, "requirements[]."),
        (Statement, "statements[]."),
        (Association, "associations[]."),
    ):
        check(kind, path)


def changes(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The value with one field changed, each in turn, with the path of the field."""
    for one in dataclasses.fields(value):
        here = f"{path}.{one.name}" if path else one.name
        for where, changed in _changed(getattr(value, one.name), here):
            yield where, dataclasses.replace(value, **{one.name: changed})


def _changed(held: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(held, tuple) and held and dataclasses.is_dataclass(held[0]):
        yield path, held[:-1]
        for position, member in enumerate(held):
            for where, changed in changes(member, f"{path}[]"):
                yield where, (*held[:position], changed, *held[position + 1 :])
    elif isinstance(held, tuple) and held and isinstance(held[0], tuple):
        yield path, ((held[0][0], f"{held[0][1]}x"), *held[1:])
        yield path, ((f"{held[0][0]}x", held[0][1]), *held[1:])
        yield path, ()
    elif isinstance(held, tuple) and held:
        yield path, held[:-1]
    elif isinstance(held, Place):
        yield path, Place(held.line, 9)
        yield path, None
    elif isinstance(held, bool):
        yield path, not held
    elif isinstance(held, Enum):
        yield path, ConceptKind.KNOWLEDGE
    elif isinstance(held, int | float):
        yield path, held + 1
    elif isinstance(held, str) and held:
        yield path, _other(held, path)


def _other(held: str, path: str) -> str:
    if path == "language":
        return "en"
    return f"{held}x"


CHANGES = [
    (path, changed)
    for path, changed in changes(FULL)
    # a code that others refer to is changed with its references, in tests of its own
    if path not in {"statements[].code", "statements"}
]


def test_every_field_is_carried_or_named_as_lost(writer: Writer) -> None:
    before = writer.write([FULL], identifiers)
    silent = []
    for path, changed in CHANGES:
        lost = {one.field for standard in (FULL, changed) for one in writer.losses([standard])}
        if any(path == field or path.startswith((f"{field}.", f"{field}[")) for field in lost):
            continue
        if writer.write([changed], identifiers) == before:
            silent.append(path)
    assert silent == []


def test_what_is_named_as_lost_is_there_to_be_lost(writer: Writer) -> None:
    filled = filled_fields(FULL)
    for loss in writer.losses([FULL]):
        assert loss.standard == FULL.code
        assert 1 <= loss.count <= filled[loss.field]
        assert loss.reason


@settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
@given(standard=standards())
def test_any_standard_is_written_and_gives_the_same_bytes_again(writer: Writer, standard: Standard) -> None:
    assert writer.write([standard], identifiers) == writer.write([standard], identifiers)
    writer.losses([standard])


def test_several_standards_stand_in_one_file(writer: Writer) -> None:
    other = dataclasses.replace(FULL, iri="", code="BGM1219-003v1", name="另一個")
    both = writer.write([FULL, other], identifiers)
    assert both not in (writer.write([FULL], identifiers), writer.write([other], identifiers))
    assert {one.standard for one in writer.losses([FULL, other])} <= {FULL.code, other.code}


@pytest.mark.parametrize(
    ("form", "parser"), [("turtle", "turtle"), ("ntriples", "nt"), ("jsonld", "json-ld")]
)
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(standard=standards())
def test_rdf_gives_the_equal_standard_back(form: str, parser: str, standard: Standard) -> None:
    writer = writer_named(form)
    if writer.losses([standard]):
        return
    graph = Graph().parse(data=writer.write([standard], identifiers), format=parser)
    assert from_graph(graph, identifiers.of_standard(standard), identifiers) == standard


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(standard=standards())
def test_json_gives_the_equal_standard_back(standard: Standard) -> None:
    assert from_json(json.loads(writer_named("json").write([standard], identifiers))) == standard


def test_the_order_that_rdf_does_not_keep_is_named() -> None:
    names = dataclasses.replace(FULL, alternative_names=("b", "a"))
    assert [one.field for one in writer_named("turtle").losses([names])] == ["alternative_names"]
    assert writer_named("json").losses([names]) == ()


def test_turtle_of_several_says_a_prefix_once() -> None:
    other = dataclasses.replace(FULL, iri="", code="BGM1219-003v1")
    text = writer_named("turtle").write([FULL, other], identifiers).decode()
    assert text.count("@prefix cg:") == 1
    graph = Graph().parse(data=text, format="turtle")
    assert from_graph(graph, identifiers.of_standard(other), identifiers) == other


def test_an_unknown_format_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(InvalidInput, match="turtle, ntriples, jsonld, json, xlsx, "):
        writer_named("pdf")


def test_the_registry_loads_no_heavy_library() -> None:
    code = "import sys, ontology.writers; print(sorted({'rdflib', 'xlsxwriter'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

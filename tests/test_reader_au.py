"""Australian units of competency: elements and performance criteria, numbered as the units number them."""

from __future__ import annotations

import json
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.services import ingest_and_index, open_services
from api.settings import Settings
from ontology.case_form import shown_detail
from ontology.errors import DocumentError
from ontology.identifiers import Identifiers
from ontology.json_form import to_json
from ontology.model import Activity, Doubt, Kind, Standard, Task
from ontology.rdf import to_graph
from ontology.readers import read_standards
from ontology.validation import validate
from ontology.writers import writer_named
from search.evaluation.judged import read_judged
from search.evaluation.releases import passages_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KITCHEN: dict[str, Any] = {
    "code": "XXXKIT301",
    "name": "Run a kitchen shift",
    "EPC": [
        {"name": "Prepare the shift", "pc": ["Check the stock\nof the day ", "Assign stations"]},
        {"name": "Close the shift", "pc": ["Record what was wasted"]},
    ],
}
DESK: dict[str, Any] = {
    "code": "XXXDSK401",
    "name": "Staff a help desk",
    "EPC": [{"name": "Answer callers", "pc": ["Greet the caller"]}],
}


def read(document: object) -> tuple[Standard, ...]:
    return read_standards(json.dumps(document, ensure_ascii=False).encode(), "units.json")


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for member in value.values() if isinstance(value, dict) else value:
            yield from strings(member)


def test_elements_are_tasks_and_their_criteria_activities() -> None:
    assert read([KITCHEN, DESK]) == (
        Standard(
            framework="au",
            code="XXXKIT301",
            name="Run a kitchen shift",
            language="en",
            tasks=(
                Task(
                    "1",
                    "Prepare the shift",
                    activities=(
                        Activity("1.1", "Check the stock of the day"),
                        Activity("1.2", "Assign stations"),
                    ),
                ),
                Task("2", "Close the shift", activities=(Activity("2.1", "Record what was wasted"),)),
            ),
            source="units.json",
        ),
        *read(DESK),
    )
    assert Identifiers().of_standard(read(DESK)[0]).endswith("/au/XXXDSK401")


def test_what_no_field_is_known_for_is_kept() -> None:
    further = {"application": "For those who\nrun kitchens.", "foundation skills": {"Reading": ["recipes"]}}
    [unit] = read({**further, **KITCHEN})
    assert {name: shown_detail(text) for name, text in unit.details} == {
        "application": "For those who\nrun kitchens.",
        "foundation skills": '{"Reading": ["recipes"]}',
    }
    assert unit.doubts == ()
    [unit] = read({**DESK, "EPC": [{"name": "Answer callers", "pc": [], "range": ["by phone"]}]})
    assert unit.doubts == (
        Doubt("missing-field", "1", "Answer callers", "the element has no performance criteria"),
        Doubt("unread-text", "XXXDSK401.EPC[0].range", '["by phone"]', "no field is known for this text"),
    )


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld", "json", "case"])
def test_exported_units_come_back_as_they_were_read(form: str) -> None:
    units = read([{**KITCHEN, "application": "For those who run kitchens."}, DESK])
    exported = writer_named(form).write(units, Identifiers())
    assert sorted(read_standards(exported), key=lambda one: one.code, reverse=True) == list(units)


def test_our_own_json_with_a_field_of_that_name_is_not_taken_for_units() -> None:
    own = json.dumps([{**to_json(read(DESK)[0]), "details": {"EPC": "[]"}}]).encode()
    [unit] = read_standards(own)
    assert unit.details == (("EPC", "[]"),)


EPC = KITCHEN["EPC"]


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([KITCHEN, "x"], r"[1]: found the string 'x'; expected an object"),
        ([KITCHEN, {"name": "x", "EPC": EPC}], "[1].code: the field is missing"),
        ([KITCHEN, {**DESK, "code": 401}], "[1].code: found a number; expected a string"),
        ([KITCHEN, {**DESK, "code": " "}], "[1].code: found the string ' '"),
        ([KITCHEN, {**DESK, "name": None}], "[1] XXXDSK401.name: found null; expected a string"),
        ([KITCHEN, {"code": "XXXDSK401", "name": "x"}], "[1] XXXDSK401.EPC: the field is missing"),
        ([KITCHEN, {**DESK, "EPC": []}], "[1] XXXDSK401.EPC: the list is empty; expected a list of elements"),
        ([KITCHEN, {**DESK, "EPC": {}}], "[1] XXXDSK401.EPC: found an object; expected a list"),
        ([KITCHEN, KITCHEN], "[1].code: the unit XXXKIT301 is there twice; expected each unit once"),
        ({**DESK, "EPC": ["x"]}, "XXXDSK401.EPC[0]: found the string 'x'; expected an object"),
        ({**DESK, "EPC": [{"pc": ["x"]}]}, "XXXDSK401.EPC[0].name: the field is missing"),
        ({**DESK, "EPC": [{"name": "x"}]}, "XXXDSK401.EPC[0].pc: the field is missing; expected a list of"),
        ({**DESK, "EPC": [*EPC, {"name": "x", "pc": "y"}]}, "XXXDSK401.EPC[2].pc: found the string 'y'"),
        (
            {**DESK, "EPC": [{"name": "x", "pc": ["y", 3]}]},
            "XXXDSK401.EPC[0].pc[1]: found a number; expected a performance criterion",
        ),
        ({**DESK, "EPC": [{"name": "x", "pc": ["\n"]}]}, "XXXDSK401.EPC[0].pc[0]: found the string '\\n'"),
    ],
)
def test_a_unit_that_cannot_be_read_is_refused_with_its_field(document: object, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(document)
    assert str(caught.value).startswith(f"units.json, {says}")


def _members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each container with each of its keys, however deep."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], list | dict):
            yield from _members(value[key])


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32), st.sampled_from([None, 3, "", "x", [], {}, ["x"], {"name": "x"}]))
def test_a_damaged_document_is_read_or_refused(seed: int, other: object) -> None:
    document = json.loads(json.dumps([KITCHEN, DESK]))
    owner, key = Random(seed).choice(list(_members(document)))
    owner[key] = other
    units: tuple[Standard, ...] = ()
    with suppress(DocumentError):
        units = read(document)
    for unit in units:
        assert unit.tasks
        assert validate(to_graph(unit, Identifiers())).violations == ()


def test_the_real_units_are_read_whole(shared_data: Path) -> None:
    path = shared_data / "au" / "units.json"
    units = read_standards(path)
    assert [unit.code for unit in units] == ["BSBWOR502", "BSBMGT608", "BSBINN601", "ICTICT608"]
    for unit, form in zip(units, json.loads(path.read_bytes()), strict=True):
        assert [(one.kind, one.code) for one in unit.elements()] == [
            pair
            for at, element in enumerate(form["EPC"], 1)
            for pair in (
                (Kind.TASK, f"{at}"),
                *((Kind.ACTIVITY, f"{at}.{number}") for number in range(1, len(element["pc"]) + 1)),
            )
        ]
        kept = [unit.code, unit.name, *(one.text for one in unit.elements())]
        assert sorted(kept) == sorted(" ".join(text.split()) for text in strings(form))
        assert (unit.doubts, unit.details) == ((), ())
        assert validate(to_graph(unit, Identifiers())).findings == ()


def test_units_are_ingested_and_found_by_code_and_by_words(tmp_path: Path) -> None:
    path = tmp_path / "units" / "kitchen.json"
    path.parent.mkdir()
    path.write_text(json.dumps([KITCHEN, DESK]), encoding="utf-8")
    options = Settings(data_dir=tmp_path / "data", embedder="toy")
    assert ingest_and_index([path.parent], options).counts()["added"] == 2
    with open_services(options) as services, TestClient(create_app(services)) as client:
        for query, text in (("XXXKIT301 1.2", "Assign stations"), ("greet callers", "Greet the caller")):
            hit = client.get("/api/v1/search", params={"q": query, "framework": "au"}).json()["hits"][0]
            assert (hit["framework"], hit["text"]) == ("au", text)
        page = client.get("/standards/XXXKIT301?hl=en", headers={"Accept": "text/html"}).text
        assert "Check the stock of the day" in page


def test_every_code_of_the_judged_pair_of_standards_exists(shared_data: Path) -> None:
    """``by_iri`` refuses a judgement or an element that is not there."""
    files = [ROOT / "data" / "standards" / "BGM1219-002v2.txt", shared_data / "au" / "units.json"]
    passages = passages_in(files, Identifiers())
    judged = read_judged(ROOT / "data" / "eval" / "BGM1219-002v2-BSBWOR502.tsv")
    resolved = judged.by_iri(passages, passages)
    assert len(resolved.needs) == len(judged.needs)
    [unit] = [one for one in read_standards(files[1]) if one.code == "BSBWOR502"]
    asked = {need.element for need in judged.needs if need.element.startswith(unit.code)}
    assert asked == {f"{unit.code} {code}" for code in (unit.code, *(one.code for one in unit.elements()))}

"""A standard as JSON and back."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from authoring import standards
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printing import layouts, print_standard

from ontology.errors import DocumentError
from ontology.json_form import from_json, to_json
from ontology.model import Competency, Doubt, Place, Standard, SubItem
from ontology.readers import read_standard

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = {
    "": "code name version level category occupation industry tasks knowledge skills attitudes "
    "history notes doubts",
    "category": "code name",
    "occupation": "code name",
    "industry": "code name",
    "tasks": "code name level activities knowledge skills",
    "activities": "code name level outputs indicators knowledge skills",
    "outputs": "code text",
    "indicators": "code text",
    "knowledge": "code text items",
    "skills": "code text items",
    "attitudes": "code name text",
    "history": "version code name status note date",
    "notes": "kind text",
    "doubts": "kind where text message line",
}


@pytest.fixture(scope="module")
def form(sample_path: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(json.dumps(to_json(read_standard(sample_path)), ensure_ascii=False))
    return parsed


def test_the_form_has_the_keys_of_the_contract(form: dict[str, Any]) -> None:
    def check(value: dict[str, Any], name: str) -> None:
        assert set(CONTRACT[name].split()) <= set(value), name
        for key, members in value.items():
            if key in CONTRACT and isinstance(members, list):
                for member in members:
                    if isinstance(member, dict):
                        check(member, key)

    check(form, "")
    assert form["tasks"][0]["knowledge"] == ["K1", "K2", "K3", "K4"]
    assert form["skills"][0]["items"][1] == "處理團隊衝突"


def test_the_bundled_standard_comes_back_the_same(form: dict[str, Any], sample_path: Path) -> None:
    assert from_json(form) == read_standard(sample_path)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.booleans())
def test_any_standard_comes_back_the_same(data: st.DataObject, per_activity: bool) -> None:  # noqa: FBT001
    standard = data.draw(standards(per_activity=per_activity))
    printed = print_standard(standard, data.draw(layouts(per_activity=per_activity)))
    for each in (standard, read_standard(printed)):
        assert from_json(json.loads(json.dumps(to_json(each)))) == each


def test_places_and_numbers_of_sub_items_are_kept() -> None:
    items = (SubItem(2, "甲", Place(3, 1)), SubItem(5, "乙"), SubItem(6, "丙", Place(page=2)))
    knowledge = (Competency("K1", "丁", items, "K01"),)
    doubts = (Doubt("kind", "K1", "丁"), Doubt("kind", "K1", "丁", "m", Place(page=4)))
    standard = Standard("onet", "11-1011", "主管", language="en", knowledge=knowledge, doubts=doubts)
    assert from_json(json.loads(json.dumps(to_json(standard)))) == standard


def test_only_code_and_name_are_needed() -> None:
    assert from_json({"code": "X1", "name": "主管"}) == Standard("icap", "X1", "主管")


@pytest.mark.parametrize(
    ("path", "value", "field", "says"),
    [
        (("code",), None, "code", "found null; expected a string that is not empty"),
        (("code",), " ", "code", "found the string ' '"),
        (("name",), 7, "name", "found a number; expected a string"),
        (("level",), "4", "level", "found the string '4'; expected a whole number or null"),
        (("level",), True, "level", "found a boolean"),
        (("tasks",), {}, "tasks", "found an object; expected a list"),
        (("tasks", 0), "T1", "tasks[0]", "found the string 'T1'; expected an object"),
        (
            ("tasks", 0, "activities", 1, "code"),
            "",
            "tasks[0].activities[1].code",
            "a string that is not empty",
        ),
        (("tasks", 0, "knowledge"), ["K1", 2], "tasks[0].knowledge", "expected a list of strings"),
        (("tasks", 1, "activities", 0, "outputs"), "x", "tasks[1].activities[0].outputs", "expected a list"),
        (("knowledge", 3, "items"), [1], "knowledge[3].items", "expected a list of strings"),
        (("knowledge", 3, "item_places"), [None], "knowledge[3].item_places", "8 places"),
        (("knowledge", 3, "item_numbers"), [1, True], "knowledge[3].item_numbers", "8 numbers"),
        (("knowledge", 3, "item_places", 1), {"lines": 3}, "knowledge[3].item_places[1].lines", "not known"),
        (("doubts", 0, "line"), "44", "doubts[0].line", "expected a whole number or null"),
        (("notes", 1, "heading"), 3, "notes[1].heading", "expected a string or null"),
        (("skils",), [], "skils", "the field is not known"),
        (("skills", 0, "name"), "x", "skills[0].name", "the field is not known"),
    ],
)
def test_a_wrong_field_is_named(
    form: dict[str, Any], path: tuple[str | int, ...], value: object, field: str, says: str
) -> None:
    wrong: Any = copy.deepcopy(form)
    parent = wrong
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    with pytest.raises(DocumentError) as caught:
        from_json(wrong, "file.json")
    assert (caught.value.file, caught.value.field) == ("file.json", field)
    assert says in str(caught.value)


@pytest.mark.parametrize("value", [None, [], "text", 3, {1: 2}])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(DocumentError, match="expected an object"):
        from_json(value)


def test_a_missing_field_is_named(form: dict[str, Any]) -> None:
    wrong = copy.deepcopy(form)
    del wrong["tasks"][0]["name"]
    with pytest.raises(DocumentError, match=r"tasks\[0\].name: the field is missing"):
        from_json(wrong)

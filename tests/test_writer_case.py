"""CASE packages out and back: nothing is lost, and CASE 1.0 is kept."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import jsonschema_rs
import pytest
from case_packages import DOCUMENT, FIRST, TOP, package, package_bytes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import standards, texts
from test_reader_case import JSON_VALUES, OPENSALT

from ontology.case_form import detail_text
from ontology.errors import DocumentError, InvalidInput
from ontology.identifiers import Identifiers
from ontology.model import Activity, Competency, Standard, Task, VersionEntry
from ontology.readers import read_standard, read_standards
from ontology.writers.case import CASE, case_package, to_case_1_0
from ontology.writers.case_parts import last_change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

identifiers = Identifiers()
LINK = {"title": "x", "identifier": FIRST, "uri": "http://case.example.org/uri/x"}


def back(standard: Standard) -> Standard:
    return read_standard(CASE.write([standard], identifiers), "package.json")


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(standards())
def test_any_standard_comes_back_equal(standard: Standard) -> None:
    assert back(standard) == standard


_DETAILS: dict[str, list[Any]] = {
    "creator": ["Guild", ""],
    "publisher": ["Press", 7],
    "subject": [["a", "b"], ["a", 1], "a"],
    "subjectURI": [[LINK], [{}]],
    "officialSourceURL": ["http://example.org/x", "no iri"],
    "licenseURI": [LINK, {"title": "x"}],
    "frameworkType": ["Skills"],
    "extensions": [{"vendor": {"a": None}}, {"competency-graph": 1}, []],
    "CFDefinitions": [{"CFItemTypes": []}, {"CFItemTypes": [{"description": None}]}, [1]],
    "CFRubrics": [[{"title": "x"}], {}],
    "CFPackage.more": [[1], "x"],
    "uri": ["http://example.org/u", "u"],
    "lastChangeDateTime": ["2017-05-25T18:05:33", "yesterday"],
    "listEnumeration": ["1.", "1", 1],
    "educationLevel": [["09"], "09"],
    "conceptKeywordsURI": [LINK],
    "identifier": [FIRST, TOP, "1"],
    "isChildOf": [[{"identifier": FIRST}], "x"],
    "originNodeURI": [LINK, {"title": "x"}],
    "destinationNodeURI": [LINK],
    "statusStartDate": ["2020-01-01", "soon"],
}
DETAILS = st.lists(st.sampled_from(list(_DETAILS)), unique=True, max_size=6).flatmap(
    lambda names: st.tuples(
        *(st.tuples(st.just(name), st.sampled_from(_DETAILS[name]).map(detail_text)) for name in names)
    )
)


@settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.data(), standards())
def test_a_framework_of_another_service_comes_back_equal(data: st.DataObject, standard: Standard) -> None:
    """Fields of CASE among the details are written as such, whatever stands in them."""
    foreign = replace(
        standard,
        framework="case",
        code=data.draw(st.sampled_from([DOCUMENT, "no uuid"])),
        details=data.draw(DETAILS),
        status=data.draw(st.sampled_from(["Draft", "Deprecated", ""]) | texts),
        statements=tuple(
            replace(one, details=data.draw(DETAILS), language=data.draw(st.sampled_from(["", "en"])))
            for one in standard.statements
        ),
        associations=tuple(
            replace(
                one,
                details=data.draw(DETAILS),
                identifier=data.draw(st.sampled_from([TOP, "x"])),
                kind=data.draw(st.sampled_from(["isChildOf", "ext:x", "ext: x", "precedes", ""])),
            )
            for one in standard.associations
        ),
    )
    assert back(foreign) == foreign


def test_what_a_service_wrote_is_written_again() -> None:
    source = package(CFItems__0__humanCodingScheme="B", CFAssociations__2__extensions={"vendor": 1})
    again = case_package(read_standard(json.dumps(source).encode(), "x.json"), identifiers)
    for key in ("CFDefinitions", "CFRubrics"):
        assert again[key] == source[key]
    for key in ("CFItems", "CFAssociations"):
        written = {one["identifier"]: one for one in again[key]}
        for one in source[key]:
            fields = written[one["identifier"]] if "extensions" not in one else None
            assert fields is None or {name: fields.get(name) for name in one} == one
    document = again["CFDocument"]
    expected = source["CFDocument"] | {"language": "en"}
    assert {name: document.get(name) for name in expected} == expected


def test_the_real_framework_is_written_with_its_own_identifiers(shared_data: Path) -> None:
    path = shared_data / "case" / OPENSALT
    source = json.loads(path.read_bytes())
    standard = read_standard(path)
    assert back(standard) == standard
    again = case_package(standard, identifiers)
    for key in ("CFItems", "CFAssociations"):
        assert {one["identifier"] for one in again[key]} == {one["identifier"] for one in source[key]}
    ends = {one["identifier"]: one["destinationNodeURI"] for one in again["CFAssociations"]}
    assert all(ends[one["identifier"]] == one["destinationNodeURI"] for one in source["CFAssociations"])
    assert again["CFDefinitions"] == source["CFDefinitions"]


def test_the_bundled_standard_comes_back_equal_and_reads_as_case(sample_path: Path) -> None:
    standard = read_standard(sample_path)
    assert back(standard) == standard
    whole = case_package(standard, identifiers)
    document = whole["CFDocument"]
    iri = identifiers.of_standard(standard)
    assert document["identifier"] == str(uuid5(NAMESPACE_URL, iri))
    assert document["lastChangeDateTime"] == "2018-12-21T00:00:00+00:00"
    items = {one["humanCodingScheme"]: one for one in whole["CFItems"]}
    assert items["S1#2"]["fullStatement"] == "處理團隊衝突"
    assert items["T1.1"]["CFItemType"] == "Activity"
    links = [
        (
            one["associationType"],
            one["originNodeURI"]["identifier"],
            one["destinationNodeURI"]["identifier"],
        )
        for one in whole["CFAssociations"]
    ]
    levels = {one["hierarchyCode"]: one["identifier"] for one in whole["CFDefinitions"]["CFConcepts"]}
    assert ("isChildOf", items["T1.1"]["identifier"], items["T1"]["identifier"]) in links
    assert ("isChildOf", items["A01"]["identifier"], document["identifier"]) in links
    assert ("isRelatedTo", items["T1"]["identifier"], items["K1"]["identifier"]) in links
    assert ("hasSkillLevel", document["identifier"], levels["4"]) in links
    older = str(uuid5(NAMESPACE_URL, identifiers.standard("icap", "BGM1219-002v1")))
    assert ("replacedBy", older, document["identifier"]) in links
    assert [one["title"] for one in document["subjectURI"]][1] == "其他企業服務及行政經理人員"


def test_a_change_made_in_a_field_of_case_counts(sample_path: Path) -> None:
    whole = case_package(read_standard(sample_path), identifiers)
    whole["CFDocument"]["title"] = "領班"
    next(one for one in whole["CFItems"] if one["humanCodingScheme"] == "T1")["fullStatement"] = "帶領團隊"
    whole["CFItems"].append(
        {"identifier": FIRST, "fullStatement": "新增", "uri": LINK["uri"], "listEnumeration": "9"}
    )
    changed = read_standard(json.dumps(whole).encode(), "x.json")
    assert (changed.name, changed.tasks[0].name) == ("領班", "帶領團隊")
    added = changed.statements[0]
    assert (added.code, added.text, added.iri) == (FIRST, "新增", LINK["uri"])
    assert added.details == (("listEnumeration", '"9"'),)


def test_several_standards_are_a_list_of_packages(sample_path: Path) -> None:
    both = (read_standard(sample_path), Standard("icap", "X1", "另一個"))
    assert read_standards(CASE.write(both, identifiers), "x.json") == both


def test_elements_with_one_code_are_refused() -> None:
    twice = Standard("icap", "X1", "x", tasks=(Task("T1", "a"), Task("T1", "b")))
    with pytest.raises(InvalidInput, match="two elements of X1 have the IRI"):
        CASE.write([twice], identifiers)


@pytest.mark.parametrize(
    ("modified", "history", "when"),
    [
        ("", (), "1970-01-01T00:00:00+00:00"),
        ("2017-05-25T18:05:33", (), "2017-05-25T18:05:33+00:00"),
        ("2017-05-25T18:05:33Z", (), "2017-05-25T18:05:33Z"),
        ("2020/1/2", (), "2020-01-02T00:00:00+00:00"),
        ("", (("V2", "X1v2", "2020/1/2"), ("V3", "X1v3", "2021/1/2")), "2020-01-02T00:00:00+00:00"),
        ("", (("V3", "X1v3", "2021/1/2"), ("V4", "X1v4", "soon")), "2021-01-02T00:00:00+00:00"),
    ],
)
def test_the_last_change_is_the_standards_own(
    modified: str, history: tuple[tuple[str, str, str], ...], when: str
) -> None:
    entries = tuple(VersionEntry(version, code, "x", "", date=date) for version, code, date in history)
    assert last_change(Standard("icap", "X1v2", "x", modified=modified, history=entries)) == when


# The part of CASE 1.0 that every package must keep, for where the OpenAPI document is absent.
_TEXT = {"type": "string"}
_UUID = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
}
_NODE = {
    "type": "object",
    "required": ["title", "identifier", "uri"],
    "additionalProperties": False,
    "properties": {"title": _TEXT, "identifier": _TEXT, "uri": _TEXT},
}
SMALL_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["CFDocument"],
    "properties": {
        "CFDocument": {
            "type": "object",
            "required": ["identifier", "uri", "creator", "title", "lastChangeDateTime"],
            "properties": {"identifier": _UUID, "creator": _TEXT, "title": _TEXT},
        },
        "CFItems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["identifier", "fullStatement", "uri", "lastChangeDateTime"],
                "properties": {"identifier": _UUID, "fullStatement": _TEXT, "humanCodingScheme": _TEXT},
            },
        },
        "CFAssociations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    "identifier",
                    "associationType",
                    "uri",
                    "originNodeURI",
                    "destinationNodeURI",
                    "lastChangeDateTime",
                ],
                "properties": {
                    "identifier": _UUID,
                    "sequenceNumber": {"type": "integer"},
                    "originNodeURI": _NODE,
                    "destinationNodeURI": _NODE,
                },
            },
        },
    },
}


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(standards())
def test_any_package_keeps_the_required_fields(standard: Standard) -> None:
    whole = case_package(standard, identifiers)
    jsonschema_rs.Draft4Validator(SMALL_SCHEMA).validate(whole)
    for key in ("CFItems", "CFAssociations"):
        assert len({one["identifier"] for one in whole[key]}) == len(whole[key])


@pytest.fixture(scope="session")
def case_1_0(shared_data: Path) -> jsonschema_rs.Draft4Validator:
    document = json.loads((shared_data / "case" / "case-v1p0-swagger.json").read_bytes())
    schema = {"$ref": "#/definitions/CFPackage.Type", "definitions": document["definitions"]}
    return jsonschema_rs.Draft4Validator(schema)


def test_any_package_is_valid_case_1_0_without_its_extensions(
    case_1_0: jsonschema_rs.Draft4Validator,
) -> None:
    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(standards())
    def check(standard: Standard) -> None:
        case_1_0.validate(to_case_1_0(case_package(standard, identifiers)))

    check()


def test_the_real_standards_are_valid_case_1_0(
    case_1_0: jsonschema_rs.Draft4Validator, sample_path: Path, shared_data: Path
) -> None:
    for path in (sample_path, *(shared_data / "icap").glob("*-00*.json")):
        standard = read_standard(path)
        assert back(standard) == standard
        case_1_0.validate(to_case_1_0(case_package(standard, identifiers)))


def test_losses_are_what_a_reader_of_1_0_does_not_see(sample_path: Path) -> None:
    found = {one.field: one.count for one in CASE.losses([read_standard(sample_path)])}
    assert found["doubts"] == 3
    assert found["history"] == 2
    assert found["tasks[].place"] == 5
    assert "tasks[].activities[].name" not in found
    assert "industry[].code" not in found
    foreign = {one.field: one.count for one in CASE.losses([read_standard(package_bytes(), "x.json")])}
    assert foreign == {"code": 1, "notes[].kind": 1, "source": 1}


OWN = case_package(
    Standard(
        "icap",
        "X1v1",
        "主管",
        "V1",
        level=4,
        tasks=(Task("T1", "帶領", 4, (Activity("T1.1", "設定"),), ("K1",), ("S1",)),),
        knowledge=(Competency("K1", "目標"),),
        skills=(Competency("S1", "溝通"),),
    ),
    identifiers,
)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, list | dict):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(member, (*path, key))


PATHS = [path for path in _paths(OWN) if path]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(PATHS), min_size=1, max_size=3),
    JSON_VALUES | st.sampled_from(["task", "statement", "isChildOf", "T1", "K1", -1, {}, []]),
    st.randoms(use_true_random=False),
)
def test_any_damage_to_our_own_package_is_read_or_refused(
    paths: list[tuple[str | int, ...]], value: object, random: Random
) -> None:
    damaged: Any = copy.deepcopy(OWN)
    for path in paths:
        target = damaged
        try:
            for step in path[:-1]:
                target = target[step]
            if random.random() < 0.3:
                del target[path[-1]]
            else:
                target[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    try:
        read_standard(json.dumps(damaged).encode(), "damaged.json")
    except DocumentError:
        return


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("CFItems__0__extensions__competency-graph__kind", "duty", "found the kind 'duty'"),
        ("CFItems__1__identifier", OWN["CFItems"][0]["identifier"], "is there twice"),
        ("CFItems__1__humanCodingScheme", "T1", "CFItems[1].humanCodingScheme: the code T1 is there twice"),
        (
            "CFAssociations__0__destinationNodeURI__identifier",
            TOP,
            f"CFAssociations[0].destinationNodeURI: the association leads to '{TOP}'",
        ),
        ("CFAssociations__0__associationType", "isPartOf", "CFItems[0]: the task does not stand in one"),
        ("CFDefinitions__CFConcepts__0__hierarchyCode", "four", "which is not in the package"),
        ("CFDocument__extensions__competency-graph__standard__levels", 4, "levels: the field is not known"),
        ("CFItems__0__fullStatement", 7, "tasks[0].name: found a number"),
    ],
)
def test_what_does_not_fit_is_named(path: str, value: object, says: str) -> None:
    damaged: Any = copy.deepcopy(OWN)
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("__")]
    target = damaged
    for step in steps:
        target = target[step]
    target[last] = value
    with pytest.raises(DocumentError) as caught:
        read_standard(json.dumps(damaged).encode(), "x.json")
    assert says in str(caught.value)

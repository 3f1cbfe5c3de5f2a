"""The reader of CASE packages: what is read, what is doubted, what is refused."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from case_packages import DOCUMENT, FIRST, SECOND, TOP, package, package_bytes
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.oxigraph import MemoryStore
from ontology.case_form import detail_text, detail_value, is_iri
from ontology.errors import DocumentError
from ontology.identifiers import Identifiers
from ontology.json_form import from_json, to_json
from ontology.model import Association, Standard
from ontology.rdf import from_graph, to_graph
from ontology.readers import read_standard, read_standards
from ontology.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPENSALT = "opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json"


def read(**changes: Any) -> Standard:
    return read_standard(package_bytes(**changes), "package.json")


def kinds(standard: Standard) -> list[tuple[str, str]]:
    return [(one.kind, one.where) for one in standard.doubts]


def test_a_document_is_a_standard() -> None:
    standard = read()
    assert (standard.framework, standard.code, standard.name) == ("case", DOCUMENT, "Baking")
    assert (standard.version, standard.status, standard.language) == ("2024", "Adopted", "en")
    assert standard.description == "What a baker can do."
    assert [one.text for one in standard.notes] == ["Reviewed each year."]
    assert standard.modified == "2024-03-01T08:00:00+00:00"
    details = dict(standard.details)
    assert details["creator"] == "Example Guild"
    assert json.loads(details["subject"]) == ["Food", "Craft"]
    assert json.loads(details["CFDefinitions"]) == package()["CFDefinitions"]
    assert json.loads(details["CFRubrics"])[0]["title"] == "Crust"
    assert standard.doubts == ()


def test_items_are_statements_in_the_order_of_their_hierarchy() -> None:
    standard = read()
    assert [(one.code, one.parents) for one in standard.statements] == [
        ("B", ()),
        ("B.2", ("B",)),
        ("B.1", ("B",)),
    ]
    top, oven, dough = standard.statements
    assert (dough.category, dough.note) == ("Competency", "Wheat and rye.")
    assert (oven.language, oven.abbreviation) == ("en-GB", "Oven")
    assert top.iri == f"http://case.example.org/uri/{TOP}"
    assert dict(top.details)["educationLevel"] == '["09", "10"]'
    assert json.loads(dict(oven.details)["isChildOf"])[0]["sequenceNumber"] == 1


def test_other_associations_are_kept() -> None:
    precedes, match = read().associations
    assert (precedes.kind, precedes.origin, precedes.destination) == ("precedes", "B.2", "B.1")
    assert (precedes.origin_title, precedes.identifier[:8]) == ("node 4444", "55555554")
    assert match.destination == "http://case.example.org/uri/66666666-6666-4666-8666-666666666666"


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for member in value.values() if isinstance(value, dict) else value:
            yield from strings(member)


def test_no_text_of_a_package_is_lost() -> None:
    kept = json.dumps(to_json(read()), ensure_ascii=False).replace("\\", "")
    for text in strings(package()):
        assert text in kept or text == "isChildOf"


def test_the_real_framework_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "case" / OPENSALT
    standard = read_standard(path)
    assert standard.name == "What Standards Could Be"
    assert len(standard.statements) == 16
    assert len(standard.associations) == 23
    assert sum(len(one.parents) for one in standard.statements) == 14
    assert standard.doubts == ()
    assert standard.statements[1].parents == ("CCSS.Math.Content.6.RP.A",)
    document = json.loads(path.read_bytes())
    kept = json.dumps(to_json(standard), ensure_ascii=False).replace("\\", "")
    for text in strings(document):
        assert text.replace('"', "") in kept.replace('"', ""), text
    identifiers = Identifiers()
    graph = to_graph(standard, identifiers)
    assert validate(graph).findings == ()
    assert from_graph(graph, identifiers.of_standard(standard), identifiers) == standard
    assert from_json(json.loads(json.dumps(to_json(standard)))) == standard


def test_an_openapi_document_is_told_apart(shared_data: Path) -> None:
    with pytest.raises(DocumentError, match="swagger: this is an OpenAPI document"):
        read_standards(shared_data / "case" / "case-v1p0-swagger.json")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"openapi": "3.1.0", "paths": {"CFDocument": {}}}, "openapi: this is an OpenAPI document"),
        ({"CFDocuments": [{"title": "x"}]}, "a list of CASE documents without their items"),
        ([{"CFDocument": {"identifier": DOCUMENT}}], re.escape("[0].CFDocument.title: the field is missing")),
    ],
)
def test_what_is_no_package_is_refused_by_name(form: object, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        read_standards(json.dumps(form).encode(), "x.json")


def test_several_packages_are_several_standards() -> None:
    other = package(CFDocument__identifier=TOP.replace("2", "9"))
    found = read_standards(json.dumps([package(), other]).encode(), "both.json")
    assert [one.code for one in found] == [DOCUMENT, TOP.replace("2", "9")]


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"CFDocument": []}, "CFDocument", "found a list; expected an object"),
        ({"CFDocument__title": ...}, "CFDocument.title", "the field is missing"),
        ({"CFDocument__identifier": " "}, "CFDocument.identifier", "expected a string that is not empty"),
        ({"CFItems": {}}, "CFItems", "found an object; expected a list"),
        ({"CFItems__1": "x"}, "CFItems[1]", "found the string 'x'; expected an object"),
        ({"CFItems__1__identifier": ...}, "CFItems[1].identifier", "the field is missing"),
        ({"CFItems__1__identifier": ".."}, "CFItems[1].identifier", "expected a UUID"),
        ({"CFItems__1__identifier": FIRST}, "CFItems[1].identifier", "CFItems[0].identifier has it already"),
        ({"CFItems__1__identifier": DOCUMENT}, "CFItems[1].identifier", "CFDocument.identifier has it"),
        ({"CFItems__1__fullStatement": ...}, "CFItems[1].fullStatement", "the field is missing"),
        ({"CFItems__1__fullStatement": " "}, "CFItems[1].fullStatement", "a string that is not empty"),
        ({"CFItems__1__humanCodingScheme": 7}, "CFItems[1].humanCodingScheme", "found a number"),
        ({"CFAssociations__0__associationType": ...}, "CFAssociations[0].associationType", "is missing"),
        (
            {"CFAssociations__0__sequenceNumber": "first"},
            "CFAssociations[0].sequenceNumber",
            "a whole number",
        ),
        ({"CFAssociations__0__sequenceNumber": 2**40}, "CFAssociations[0].sequenceNumber", "32 bits"),
        (
            {"CFAssociations__1__identifier": "55555551-5555-4555-8555-555555555555"},
            "CFAssociations[1].identifier",
            "CFAssociations[0].identifier has it already",
        ),
        (
            {"CFAssociations__3__originNodeURI": {"title": "?", "identifier": "gone", "uri": ""}},
            "CFAssociations[3].originNodeURI",
            "the association leads to 'gone', which is not in the package",
        ),
        (
            {"CFAssociations__3__destinationNodeURI": ...},
            "CFAssociations[3].destinationNodeURI",
            "no such end",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_path(changes: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(**changes)
    assert caught.value.field == field
    assert says in str(caught.value)


def test_circles_are_refused() -> None:
    node = package()["CFAssociations"][0]["originNodeURI"]
    with pytest.raises(DocumentError, match=r"under themselves: B\.1 under B under B\.1; expected"):
        read(CFAssociations__2__destinationNodeURI=node)
    with pytest.raises(DocumentError, match=r"CFAssociations\[0\]: items stand under themselves: B.1"):
        read(CFAssociations__0__destinationNodeURI=node)


def test_what_is_careless_is_doubted() -> None:
    assert kinds(read(CFItems__0__uri=..., CFItems__1__uri=None)) == [("missing-field", "CFItems[0].uri")]
    assert kinds(read(CFDocument__creator=...)) == [("missing-field", "CFDocument.creator")]
    unparented = read(CFAssociations__0__associationType="isRelatedTo")
    assert kinds(unparented) == [("no-parent", "B.1")]
    badly = read(CFItems__0__uri="no iri", CFItems__1__language="British English")
    assert kinds(badly) == [
        ("malformed-field", "CFItems[1].language"),
        ("malformed-field", "CFItems[0].uri"),
    ]
    assert dict(badly.statements[2].details)["uri"] == "no iri"
    assert dict(badly.statements[1].details)["language"] == "British English"


def test_a_code_that_tells_nothing_apart_gives_way_to_the_identifier() -> None:
    doubled = read(CFItems__0__humanCodingScheme="B")
    assert [(one.code, one.printed) for one in doubled.statements] == [
        (TOP, "B"),
        ("B.2", None),
        (FIRST, "B"),
    ]
    assert kinds(doubled) == [("doubled-code", "B")]
    missing = read(CFItems__0__humanCodingScheme=..., CFItems__1__humanCodingScheme="")
    assert {(one.code, one.printed) for one in missing.statements} == {
        ("B", None),
        (FIRST, None),
        (SECOND, None),
    }
    assert kinds(missing) == [("missing-code", "CFItems[0].humanCodingScheme")]
    malformed = read(CFItems__0__humanCodingScheme="..", CFItems__1__humanCodingScheme=" B#2 ")
    assert kinds(malformed) == [("malformed-code", ".."), ("malformed-code", "B#2")]


def test_a_package_without_hierarchy_is_a_flat_list() -> None:
    standard = read(CFAssociations=[])
    assert [one.code for one in standard.statements] == ["B.1", "B.2", "B"]
    assert standard.doubts == ()


def test_an_item_may_stand_in_several_places() -> None:
    node = package()["CFAssociations"][1]["originNodeURI"]
    extra = package()["CFAssociations"][0] | {
        "identifier": "5555555a-5555-4555-8555-555555555555",
        "destinationNodeURI": node,
    }
    standard = read(CFAssociations=[*package()["CFAssociations"], extra])
    assert {one.code: one.parents for one in standard.statements}["B.1"] == ("B", "B.2")


def test_nodes_are_found_by_their_uri_too() -> None:
    changed = package()
    for key in ("originNodeURI", "destinationNodeURI"):
        changed["CFAssociations"][3][key] = changed["CFAssociations"][3][key]["uri"]
    standard = read_standard(json.dumps(changed).encode(), "x.json")
    found = standard.associations[0]
    assert (found.origin, found.destination) == ("B.2", "B.1")
    plain = Association("precedes", "B.2", "B.1")
    assert (found.kind, found.origin_title) == (plain.kind, plain.origin_title)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=100)
@given(JSON_VALUES | st.sampled_from(["1", "null", "[", "[[", '"x"', "NaN", "06", "1.0", "[" * 5000]))
def test_details_keep_any_value(value: object) -> None:
    assert detail_value(detail_text(value)) == value


@settings(deadline=None, max_examples=100)
@given(
    st.from_regex(r"[a-z]{1,4}:(//)?[^\s]{0,12}", fullmatch=True)
    | st.text(max_size=12).map(lambda text: f"http://a{text}")
)
def test_an_iri_that_is_taken_can_be_stored(text: str) -> None:
    if is_iri(text):
        graph = to_graph(Standard("case", "x", "y", broader=(text,)), Identifiers())
        with MemoryStore() as store:
            store.publish({"http://example.org/g": graph})


def test_usual_iris_are_taken() -> None:
    for iri in (
        "http://opensalt.example.org/uri/https://www.example.com/a/1?b=c#d",
        "https://職能.example/é",
        "urn:uuid:20c5134f-423d-4097-a971-3dd5152bf507",
        "http://localhost:8000/x%20y",
    ):
        assert is_iri(iri), iri


def _paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, list | dict):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(member, (*path, key))


PATHS = [path for path in _paths(package()) if path]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(PATHS), min_size=1, max_size=4),
    JSON_VALUES | st.sampled_from([TOP, DOCUMENT, "http://[", "isChildOf", "a b", "\x00", "K#2", "en_US"]),
    st.randoms(use_true_random=False),
)
def test_any_damage_is_read_or_refused_as_a_document(
    paths: list[tuple[str | int, ...]], value: object, random: Random
) -> None:
    """What is read can always be published."""
    damaged: Any = copy.deepcopy(package())
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
        standard = read_standard(json.dumps(damaged).encode(), "damaged.json")
    except DocumentError:
        return
    identifiers = Identifiers()
    graph = to_graph(standard, identifiers)
    assert from_graph(graph, identifiers.of_standard(standard), identifiers) == standard
    with MemoryStore() as store:
        store.publish({identifiers.of_standard(standard): graph})

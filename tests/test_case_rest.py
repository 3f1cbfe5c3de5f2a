"""The REST interface of CASE: documents, packages and what is in them, for every framework."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from case_packages import DOCUMENT, FIRST, TOP, package
from starlette.testclient import TestClient

from api.app import create_app
from api.services import ingest_and_index, open_services
from api.settings import Settings
from graph.oxigraph import OxigraphStore
from ontology.identifiers import Identifiers
from ontology.readers import read_standard
from ontology.writers.case import case_document, case_package, to_case_1_0

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

identifiers = Identifiers()
BASE = "/ims/case/v1p1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample_path: Path) -> Path:
    """The founding standard and a small CASE framework, loaded."""
    folder = tmp_path_factory.mktemp("case-rest")
    (folder / "baking.json").write_text(json.dumps(package()), encoding="utf-8")
    chosen = Settings(data_dir=folder / "data", embedder="toy")
    report = ingest_and_index([folder / "baking.json", sample_path], chosen, index=False)
    assert report.counts()["added"] == 2
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with open_services(Settings(data_dir=folder / "data", embedder="toy")) as services:
        yield TestClient(create_app(services))


@pytest.fixture(scope="module")
def packages(folder: Path, sample_path: Path) -> list[dict[str, Any]]:
    standards = [read_standard(folder / "baking.json"), read_standard(sample_path)]
    return [case_package(one, identifiers) for one in standards]


def get(client: TestClient, path: str, version: str = "v1p1") -> Any:
    response = client.get(f"/ims/case/{version}/{path}")
    assert response.status_code == 200, response.text
    return response.json()


def test_documents_are_listed_with_all_frameworks(
    client: TestClient, folder: Path, sample_path: Path
) -> None:
    found = get(client, "CFDocuments")["CFDocuments"]
    assert [one["title"] for one in found] == ["Baking", "基層主管"]
    assert found[0]["CFPackageURI"]["uri"] == f"http://testserver{BASE}/CFPackages/{DOCUMENT}"
    for one, path in zip(found, (folder / "baking.json", sample_path), strict=True):
        del one["CFPackageURI"]
        assert one == case_document(read_standard(path), identifiers)
        again = get(client, f"CFDocuments/{one['identifier']}")
        del again["CFPackageURI"]
        assert again == one


def test_packages_are_what_the_export_writes(client: TestClient, packages: list[dict[str, Any]]) -> None:
    for one in packages:
        identifier = one["CFDocument"]["identifier"]
        assert get(client, f"CFPackages/{identifier}") == one
        assert get(client, f"CFPackages/{identifier}", "v1p0") == to_case_1_0(one)
    received = client.get(f"{BASE}/CFPackages/{packages[1]['CFDocument']['identifier']}")
    assert read_standard(received.content, "x.json").code == "BGM1219-002v2"


def test_every_item_and_association_is_found_by_its_identifier(
    client: TestClient, packages: list[dict[str, Any]]
) -> None:
    for whole in packages:
        document = whole["CFDocument"]
        for name in ("CFItems", "CFAssociations"):
            for one in whole[name]:
                found = get(client, f"{name}/{one['identifier']}")
                assert found.pop("CFDocumentURI")["identifier"] == document["identifier"]
                assert found == one


def test_an_item_comes_with_all_its_associations(client: TestClient, packages: list[dict[str, Any]]) -> None:
    found = get(client, f"CFItemAssociations/{TOP}")
    assert found["CFItem"]["fullStatement"] == "Bakes bread."
    kinds = [one["associationType"] for one in found["CFAssociations"]]
    assert sorted(kinds) == ["exactMatchOf", "isChildOf", "isChildOf", "isChildOf"]
    task = next(one for one in packages[1]["CFItems"] if one["humanCodingScheme"] == "T1")
    about = get(client, f"CFItemAssociations/{task['identifier']}")["CFAssociations"]
    required = [one for one in about if one["associationType"] == "isRelatedTo"]
    standard = read_standard(json.dumps(packages[1]).encode(), "x.json")
    assert len(required) == len(standard.tasks[0].knowledge) + len(standard.tasks[0].skills)


def test_the_list_is_paged_sorted_and_cut_to_fields(client: TestClient) -> None:
    response = client.get(f"{BASE}/CFDocuments?limit=1&sort=title&orderBy=desc&fields=title,identifier")
    assert [sorted(one) for one in response.json()["CFDocuments"]] == [["identifier", "title"]]
    assert response.json()["CFDocuments"][0]["title"] == "基層主管"
    assert response.headers["x-total-count"] == "2"
    links = {name: to for to, name in re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers["link"])}
    assert set(links) == {"first", "last", "next"}
    after = client.get(links["next"])
    assert [one["title"] for one in after.json()["CFDocuments"]] == ["Baking"]
    assert 'rel="prev"' in after.headers["link"]
    assert client.get(f"{BASE}/CFDocuments?offset=9").json() == {"CFDocuments": []}


@pytest.mark.parametrize(
    ("path", "status", "minor"),
    [
        (f"CFItems/{FIRST[:-1]}9", 404, "unknownobject"),
        (f"CFDocuments/{FIRST}", 404, "unknownobject"),
        (f"CFPackages/{FIRST}", 404, "unknownobject"),
        (f"CFAssociations/{FIRST}", 404, "unknownobject"),
        ("CFItemAssociations/BGM1219", 404, "invaliduuid"),
        ("CFItems/{11111111-1111-4111-8111-11111111}", 404, "invaliduuid"),
        ("CFDocuments?sort=colour", 400, "invalid_sort_field"),
        ("CFDocuments?fields=title,colour", 400, "invalid_selection_field"),
        ("CFDocuments?filter=title='x'", 400, "invalid_selection_field"),
        ("CFDocuments?limit=0", 422, "invalid_selection_field"),
    ],
)
def test_errors_speak_both_languages(client: TestClient, path: str, status: int, minor: str) -> None:
    response = client.get(f"{BASE}/{path}", headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["imsx_codeMajor"], body["imsx_severity"]) == (status, "failure", "error")
    assert body["imsx_description"] == body["detail"]
    field = body["imsx_codeMinor"]["imsx_codeMinorField"][0]
    assert field["imsx_codeMinorFieldValue"] == minor


def test_nothing_loaded_is_busy_in_the_words_of_case(tmp_path: Path) -> None:
    with open_services(Settings(data_dir=tmp_path, embedder="toy")) as services:
        response = TestClient(create_app(services)).get(f"{BASE}/CFDocuments")
    assert response.status_code == 503
    assert response.json()["type"] == "urn:competency-graph:problem:store-missing"
    field = response.json()["imsx_codeMinor"]["imsx_codeMinorField"][0]
    assert field["imsx_codeMinorFieldValue"] == "server_busy"


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get(f"{BASE}/CFPackages/{DOCUMENT}")
    again = client.get(f"{BASE}/CFPackages/{DOCUMENT}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{BASE}/CFDocuments/{DOCUMENT}").headers["etag"] != first.headers["etag"]


def test_a_new_revision_is_seen_and_old_answers_are_outdated(tmp_path: Path) -> None:
    chosen = Settings(data_dir=tmp_path / "data", embedder="toy")
    source = tmp_path / "baking.json"
    source.write_text(json.dumps(package()), encoding="utf-8")
    ingest_and_index([source], chosen, index=False)
    with open_services(chosen) as services:
        client = TestClient(create_app(services))
        before = client.get(f"{BASE}/CFItems/{FIRST}")
        source.write_text(json.dumps(package(CFItems__0__fullStatement="Kneads.")), encoding="utf-8")
        ingest_and_index([source], chosen, index=False)
        after = client.get(f"{BASE}/CFItems/{FIRST}", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.json()["fullStatement"] == "Kneads."


def test_the_number_of_queries_does_not_grow_with_the_standards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    select = OxigraphStore.select

    def counted(self: OxigraphStore, *given: Any, **named: Any) -> Any:
        nonlocal asked
        asked += 1
        return select(self, *given, **named)

    monkeypatch.setattr(OxigraphStore, "select", counted)
    counts = []
    for number in (1, 4):
        folder = tmp_path / str(number)
        folder.mkdir()
        for one in range(number):
            document = package(CFDocument__identifier=f"1111{one:04}-1111-4111-8111-111111111111")
            (folder / f"{one}.json").write_text(json.dumps(document), encoding="utf-8")
        chosen = Settings(data_dir=folder / "data", embedder="toy")
        ingest_and_index([folder], chosen, index=False)
        with open_services(chosen) as services:
            client = TestClient(create_app(services))
            asked = 0
            assert client.get(f"{BASE}/CFDocuments").headers["x-total-count"] == str(number)
            counts.append(asked)
            assert client.get(f"{BASE}/CFDocuments?sort=title").status_code == 200
            assert asked == counts[-1]
    assert counts[0] == counts[1] > 0


@pytest.fixture(scope="module")
def answers(shared_data: Path) -> dict[str, jsonschema_rs.Draft4Validator]:
    """Validators of the 200 answers that the OpenAPI document of CASE 1.0 promises, by path."""
    document = json.loads((shared_data / "case" / "case-v1p0-swagger.json").read_bytes())
    definitions = document["definitions"]
    for name, schema in definitions.items():
        # Both halves of these forbid what is in the other one; what is meant is their union.
        if "allOf" in schema:
            parts = [
                definitions[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
                for one in schema["allOf"]
            ]
            definitions[name] = {
                "type": "object",
                "additionalProperties": False,
                "required": sorted({key for one in parts for key in one.get("required", [])}),
                "properties": {key: value for one in parts for key, value in one["properties"].items()},
            }
    # A member of a set is said to be of the form that stands in a package, which has no link to its document.
    definitions["CFAssociationSet.Type"]["properties"]["CFAssociations"]["items"] = {
        "$ref": "#/definitions/CFAssociation.Type"
    }
    return {
        path.strip("/").partition("/")[0] + ("/" if "{" in path else ""): jsonschema_rs.Draft4Validator(
            {**operations["get"]["responses"]["200"]["schema"], "definitions": definitions}
        )
        for path, operations in document["paths"].items()
    }


def test_answers_are_as_the_openapi_document_of_case_has_them(
    client: TestClient, packages: list[dict[str, Any]], answers: dict[str, jsonschema_rs.Draft4Validator]
) -> None:
    answers["CFDocuments"].validate(get(client, "CFDocuments", "v1p0"))
    whole = packages[1]
    wanted = [("CFDocuments", whole["CFDocument"]), ("CFPackages", whole["CFDocument"])]
    wanted += [("CFItems", one) for one in whole["CFItems"][:20]]
    wanted += [("CFItemAssociations", one) for one in whole["CFItems"][:5]]
    wanted += [("CFAssociations", one) for one in whole["CFAssociations"][:20]]
    for name, one in wanted:
        answers[f"{name}/"].validate(get(client, f"{name}/{one['identifier']}", "v1p0"))

"""What the OpenAPI document promises holds for generated requests (schemathesis, in-process)."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from api.app import create_app

if TYPE_CHECKING:
    from api.services import Services

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
CASE_ROUTES = [
    "CFDocuments",
    *(
        f"{name}/{{identifier}}"
        for name in ("CFDocuments", "CFPackages", "CFItems", "CFAssociations", "CFItemAssociations")
    ),
]
OPERATIONS = {
    ("GET", "/api/v1/alignments"),
    ("GET", "/api/v1/alignments/export"),
    ("POST", "/api/v1/alignments"),
    ("GET", "/api/v1/compare"),
    ("GET", "/api/v1/compare/matrix"),
    ("GET", "/api/v1/embed"),
    ("GET", "/api/v1/export"),
    ("GET", "/api/v1/export/losses"),
    ("GET", "/api/v1/places"),
    ("GET", "/api/v1/search"),
    ("GET", "/api/v1/search/export"),
    ("GET", "/api/v1/similar"),
    ("GET", "/api/v1/standards"),
    ("GET", "/api/v1/suggest"),
    ("GET", "/api/v1/browse/{facet}"),
    ("GET", "/api/v1/map"),
    ("GET", "/api/v1/map/hits"),
    ("GET", "/api/v1/standards/{code}"),
    ("GET", "/api/v1/standards/{code}/changes"),
    ("GET", "/api/v1/standards/{code}/draft"),
    ("GET", "/api/v1/standards/{code}/moves"),
    ("GET", "/api/v1/standards/{code}/nearest"),
    ("GET", "/api/v1/links"),
    ("POST", "/api/v1/links/{id}/decision"),
    ("GET", "/health"),
    *(("GET", f"/ims/case/v1p1/{name}") for name in CASE_ROUTES),
    ("GET", "/sparql"),
    ("GET", "/.well-known/void"),
    ("POST", "/sparql"),
    ("POST", "/api/v1/match"),
    ("POST", "/api/v1/outlines/coverage"),
    ("POST", "/api/v1/outlines/export"),
    ("POST", "/api/v1/outlines/import"),
    ("GET", "/api/v1/neighbours"),
    ("POST", "/api/v1/validate"),
    ("POST", "/api/v1/imports"),
    ("GET", "/api/v1/imports/{name}"),
    ("DELETE", "/api/v1/imports/{name}"),
    ("POST", "/api/v1/imports/{name}/publish"),
    ("POST", "/api/v1/cypher"),
}


def test_every_answer_is_as_promised(services: Services) -> None:
    schema = openapi.from_asgi("/openapi.json", create_app(services))
    # until it is made, queries are told to come again
    services.property_graph.bring_up_to_date(300)
    tried = set()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        answered = set()

        @given(case=operation.as_strategy())
        @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        def each(case: Case[Any]) -> None:
            response = case.call()
            answered.add(response.status_code)  # noqa: B023
            case.validate_response(response, checks=CHECKS)

        each()
        tried.add((operation.method.upper(), operation.path))
        assert answered
    services.sparql.close()
    assert tried == OPERATIONS


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/standards/{code}", "/sparql"])
def test_problem_details_are_in_the_document(services: Services, path: str) -> None:
    document = create_app(services).openapi()
    responses = document["paths"][path]["get"]["responses"]
    assert set(responses) >= {"200", "4XX", "5XX"}
    for status in ("4XX", "5XX"):
        assert "application/problem+json" in responses[status]["content"]


def test_every_reference_of_the_document_leads_to_a_schema(services: Services) -> None:
    document = create_app(services).openapi()
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])


def test_each_operation_and_parameter_is_described_in_chinese(services: Services) -> None:
    file = files("api.pages.messages").joinpath("openapi.zh-Hant.toml")
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    operations = [one for path in create_app(services).openapi()["paths"].values() for one in path.values()]
    assert set(words["summaries"]) == {one["operationId"] for one in operations}
    described = {one.get("description", "") for each in operations for one in each.get("parameters", ())}
    assert set(words["parameters"]) == described

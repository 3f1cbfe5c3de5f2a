"""Errors leave the program by one table: every type has its status, exit code and problem details."""

from __future__ import annotations

import pytest

from api.problems import edge_of, problem_of
from ontology import errors

STATUSES = {
    "AddressDamaged": 400,
    "Ambiguous": 400,
    "CompetencyError": 500,
    "DocumentError": 422,
    "DownloadFailed": 503,
    "DownloadRefused": 502,
    "EmptyText": 400,
    "EngineUnavailable": 503,
    "ExportTooLarge": 413,
    "FileMissing": 400,
    "ImportGone": 404,
    "IndexMissing": 503,
    "IndexStale": 503,
    "InvalidInput": 400,
    "ModelUnavailable": 503,
    "NoContent": 400,
    "NoNumber": 400,
    "NoOtherVersion": 404,
    "NotAcceptable": 406,
    "NotAuthorised": 401,
    "NotComparable": 422,
    "NotFound": 404,
    "NotIndexed": 404,
    "NothingNamed": 400,
    "NothingToPublish": 400,
    "Overloaded": 503,
    "ProjectionPending": 503,
    "ProjectionWrong": 503,
    "QueryRefused": 403,
    "QuerySyntaxError": 400,
    "QueryTimeout": 504,
    "QueryTooLarge": 507,
    "SameTwice": 400,
    "StoreBusy": 503,
    "StoreMissing": 503,
    "TextTooLong": 400,
    "TextUnreadable": 400,
    "Unavailable": 503,
    "UnknownChoice": 400,
    "UnknownMediaType": 415,
    "UnknownValue": 404,
    "Unsigned": 400,
    "ValidationFailed": 422,
    "WritingDisabled": 403,
    "WrongCount": 400,
}


def test_every_error_type_is_listed_here() -> None:
    assert set(STATUSES) == set(errors.__all__)


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
def test_each_error_type_has_its_own_status(name: str, status: int) -> None:
    edge = edge_of(getattr(errors, name))
    assert edge.status == status
    assert edge.exit_code == 1


def test_a_subtype_without_a_row_takes_its_parents() -> None:
    class Narrower(errors.QueryTimeout):
        pass

    assert edge_of(Narrower) == edge_of(errors.QueryTimeout)


def test_problem_details_carry_the_data_of_the_error() -> None:
    error = errors.DocumentError(
        "the row has 3 cells", file="a.txt", line=7, field="行為指標", expected="7 cells"
    )
    body = problem_of(error, instance="/api/v1/x")
    assert body["status"] == 422
    assert (body["file"], body["line"], body["field"]) == ("a.txt", 7, "行為指標")
    assert body["detail"] == "a.txt, line 7, 行為指標: the row has 3 cells; expected 7 cells"
    assert "page" not in body

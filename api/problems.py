"""One table from error type to HTTP status and exit code, and RFC 9457 problem details made from it.

The domain knows no status codes: this edge gives them. The most specific type decides; every row has a
test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ontology import errors

__all__ = ["PROBLEM_JSON", "Edge", "edge_of", "problem", "problem_of"]

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Edge:
    """How an error type leaves the program: the slug of its problem type, a title, status and exit code."""

    slug: str
    title: str
    status: int
    exit_code: int


_EDGES: dict[type[errors.CompetencyError], Edge] = {
    errors.CompetencyError: Edge("error", "The request failed", 500, 1),
    errors.InvalidInput: Edge("invalid-input", "The input cannot be used", 400, 1),
    errors.DocumentError: Edge("document", "The document cannot be read", 422, 1),
    errors.ValidationFailed: Edge("validation", "The document breaks the rules of a standard", 422, 1),
    errors.DownloadRefused: Edge("download-refused", "The server has another answer", 502, 1),
    errors.ExportTooLarge: Edge("export-too-large", "Too many standards for one file", 413, 1),
    errors.NotComparable: Edge("not-comparable", "This is no standard and no part of one", 422, 1),
    errors.NotAcceptable: Edge("not-acceptable", "No such form of the answer", 406, 1),
    errors.UnknownMediaType: Edge("unknown-media-type", "Such a body is not taken", 415, 1),
    errors.QueryRefused: Edge("query-refused", "This query is not allowed here", 403, 1),
    errors.QuerySyntaxError: Edge("query-syntax", "The query does not parse", 400, 1),
    errors.NotAuthorised: Edge("not-authorised", "A key is needed", 401, 1),
    errors.WritingDisabled: Edge("writing-disabled", "Nothing is written over HTTP here", 403, 1),
    errors.NotFound: Edge("not-found", "Nothing is known by that name", 404, 1),
    errors.NotIndexed: Edge("not-indexed", "Not in the search index", 404, 1),
    errors.UnknownValue: Edge("unknown-value", "Nothing that is loaded has this value", 404, 1),
    errors.Unavailable: Edge("unavailable", "Not available now", 503, 1),
    errors.StoreMissing: Edge("store-missing", "Nothing has been loaded yet", 503, 1),
    errors.StoreBusy: Edge("store-busy", "Another process is writing to the store", 503, 1),
    errors.DownloadFailed: Edge("download-failed", "The file cannot be had now", 503, 1),
    errors.IndexStale: Edge("index-stale", "The search index must be rebuilt", 503, 1),
    errors.EngineUnavailable: Edge("engine-unavailable", "A part of the search does not answer", 503, 1),
    errors.ProjectionPending: Edge("projection-pending", "The property graph is not up to date yet", 503, 1),
    errors.ProjectionWrong: Edge("projection-wrong", "The property graph must be made anew", 503, 1),
    errors.ModelUnavailable: Edge("model-unavailable", "The embedding model cannot be loaded", 503, 1),
    errors.Overloaded: Edge("overloaded", "Too many queries are waiting", 503, 1),
    errors.QueryTimeout: Edge("query-timeout", "The query was stopped at its deadline", 504, 1),
    errors.QueryTooLarge: Edge("query-too-large", "The query needs too much", 507, 1),
}


def edge_of(error: errors.CompetencyError | type[errors.CompetencyError]) -> Edge:
    """The row of the nearest ancestor of the error's type."""
    kind = error if isinstance(error, type) else type(error)
    return next(_EDGES[ancestor] for ancestor in kind.__mro__ if ancestor in _EDGES)


def problem(
    status: int, slug: str, title: str, detail: str, *, instance: str | None = None, **extra: Any
) -> dict[str, Any]:
    """Problem details as RFC 9457 has them; ``extra`` members carry the error's own data."""
    body: dict[str, Any] = {
        "type": f"urn:competency-graph:problem:{slug}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if instance is not None:
        body["instance"] = instance
    body.update({key: value for key, value in extra.items() if value is not None})
    return body


def problem_of(error: errors.CompetencyError, *, instance: str | None = None) -> dict[str, Any]:
    """Problem details of one of our errors, with the data it carries (file, line, violations …)."""
    edge = edge_of(error)
    carried = {
        name: value
        for name, value in vars(error).items()
        if not name.startswith("_") and isinstance(value, str | int | float | tuple)
    }
    for reserved in ("type", "title", "status", "detail", "instance", "slug"):
        carried.pop(reserved, None)
    return problem(edge.status, edge.slug, edge.title, str(error), instance=instance, **carried)

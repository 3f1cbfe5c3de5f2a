"""The standards over the REST interface of CASE (1EdTech Competencies and Academic Standards Exchange 1.1).

Errors are problem details as everywhere, with the members of ``imsx_StatusInfo`` beside them (decision 0014).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from api.case_index import CaseDocument, CaseIndex
from api.routers.responses import PROBLEMS
from ontology.errors import InvalidInput
from ontology.writers.case import to_case_1_0

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from api.services import Services

__all__ = ["CASE_PATH", "FieldUnknown", "make_router", "status_info"]

CASE_PATH = "/ims/case/"
_VERSIONS = ("v1p1", "v1p0")
_SORTED = ("identifier", "title", "creator", "lastChangeDateTime", "version", "language")
_FIELDS = (
    *("identifier", "uri", "creator", "title", "lastChangeDateTime", "officialSourceURL", "publisher"),
    *("description", "subject", "subjectURI", "language", "version", "adoptionStatus", "statusStartDate"),
    *("statusEndDate", "licenseURI", "notes", "frameworkType", "caseVersion", "CFPackageURI", "extensions"),
)


def _identified(called: str, example: str) -> Any:
    """A UUID in the path; the example is of the bundled standard."""
    return Path(
        description="the UUID: version 5 of the IRI in the namespace for URLs, or the one its source gave it",
        max_length=36,
        openapi_examples={called: {"value": example}},
    )


DocumentId = Annotated[str, _identified("BGM1219-002v2", "66a45844-c9f6-56f3-86d6-f1abc6e85f0a")]
ItemId = Annotated[str, _identified("T1 of BGM1219-002v2", "f53674c9-840c-5acb-a772-8fb3f50a6930")]
AssociationId = Annotated[str, _identified("where T1 stands", "66a45844-ad49-547c-b1d3-24ccc0474f27")]


class FieldUnknown(InvalidInput):
    """A field to sort by or to choose that a document does not have; ``code_minor`` is CASE's word for it."""

    def __init__(self, code_minor: str, message: str) -> None:
        self.code_minor = code_minor
        super().__init__(message)


def status_info(problem: Mapping[str, Any]) -> dict[str, Any]:
    """The members of ``imsx_StatusInfo`` that say in CASE's words what a problem says."""
    status, detail = problem["status"], problem["detail"]
    if status == 404:
        minor = "invaliduuid" if "is no UUID" in detail else "unknownobject"
    elif status in (429, 503):
        minor = "server_busy"
    else:
        minor = "internal_server_error" if status >= 500 else "invalid_selection_field"
    minor = problem.get("code_minor", minor)
    field = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": detail,
        "imsx_codeMinor": {"imsx_codeMinorField": [field]},
    }


def make_router(services: Services) -> APIRouter:
    """Both versions; only the newer one is in the OpenAPI document."""
    index = CaseIndex(services)
    whole = APIRouter()
    for version in _VERSIONS:
        router = APIRouter(
            prefix=f"{CASE_PATH}{version}", tags=["CASE"], include_in_schema=version == _VERSIONS[0]
        )
        _add_routes(router, index, version)
        whole.include_router(router)
    return whole


def _add_routes(router: APIRouter, index: CaseIndex, version: str) -> None:
    described: dict[str, Any] = {"responses": PROBLEMS, "response_class": JSONResponse}
    link = _Links(version)

    @router.get("/CFDocuments", summary="List the standards as CASE documents", **described)
    def documents(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=1000, description="how many documents")] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="how many to pass over")] = 0,
        sort: Annotated[str, Query(description=f"a field: {', '.join(_SORTED)}")] = "",
        orderBy: Annotated[Literal["asc", "desc"], Query(description="the direction of sort")] = "asc",
        fields: Annotated[str, Query(description="the fields wanted, with commas between them")] = "",
        filter: Annotated[str, Query(description="is not answered: one that is given is refused")] = "",
    ) -> Response:
        if filter:
            raise FieldUnknown("invalid_selection_field", "this service does not filter CFDocuments")
        chosen = _fields(fields)
        found = _in_order(index.documents(), sort, descending=orderBy == "desc")
        page = [link.of_document(one, _base(request)) for one in found[offset : offset + limit]]
        if chosen:
            page = [{name: value for name, value in one.items() if name in chosen} for one in page]
        headers = {"X-Total-Count": str(len(found)), **_page_links(request, limit, offset, len(found))}
        return _answer(request, index, lambda: {"CFDocuments": page}, headers)

    @router.get("/CFDocuments/{identifier}", summary="Show one CASE document", **described)
    def document(request: Request, identifier: DocumentId) -> Response:
        found = index.document(identifier)
        return _answer(request, index, lambda: link.of_document(found, _base(request)))

    @router.get("/CFPackages/{identifier}", summary="Show a whole standard as a CASE package", **described)
    def package(request: Request, identifier: DocumentId) -> Response:
        found = index.document(identifier)
        return _answer(request, index, lambda: link.plain(index.package(found)))

    @router.get("/CFItems/{identifier}", summary="Show one element as a CASE item", **described)
    def item(request: Request, identifier: ItemId) -> Response:
        holder, found = index.item(identifier)
        return _answer(request, index, lambda: link.with_document(holder, found))

    @router.get("/CFAssociations/{identifier}", summary="Show one CASE association", **described)
    def association(request: Request, identifier: AssociationId) -> Response:
        holder, found = index.association(identifier)
        return _answer(request, index, lambda: link.with_document(holder, found))

    @router.get(
        "/CFItemAssociations/{identifier}", summary="Show an item with all its associations", **described
    )
    def item_associations(request: Request, identifier: ItemId) -> Response:
        holder, found = index.item(identifier)

        def body() -> dict[str, Any]:
            ends = ("originNodeURI", "destinationNodeURI")
            associations = [
                link.with_document(holder, one)
                for one in index.package(holder)["CFAssociations"]
                if found["identifier"] in [one[end]["identifier"] for end in ends]
            ]
            return {"CFItem": link.with_document(holder, found), "CFAssociations": associations}

        return _answer(request, index, body)


class _Links:
    """Forms of one version of CASE, with the links that the REST interface adds to them."""

    def __init__(self, version: str) -> None:
        self._version = version

    def plain(self, package: Mapping[str, Any]) -> dict[str, Any]:
        return dict(package) if self._version == "v1p1" else to_case_1_0(package)

    def of_document(self, document: CaseDocument, base: str) -> dict[str, Any]:
        package = {
            "title": document.form["title"],
            "identifier": document.identifier,
            "uri": f"{base}{CASE_PATH}{self._version}/CFPackages/{document.identifier}",
        }
        whole = {"CFDocument": document.form, "CFItems": [], "CFAssociations": []}
        return {**self.plain(whole)["CFDocument"], "CFPackageURI": package}

    def with_document(self, document: CaseDocument, member: dict[str, Any]) -> dict[str, Any]:
        form = document.form
        shown = {"title": form["title"], "identifier": document.identifier, "uri": form["uri"]}
        key = "CFAssociations" if "associationType" in member else "CFItems"
        whole = {"CFDocument": {}, "CFItems": [], "CFAssociations": [], key: [member]}
        return {**self.plain(whole)[key][0], "CFDocumentURI": shown}


def _answer(
    request: Request,
    index: CaseIndex,
    body: Callable[[], dict[str, Any]],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The same address gives the same answer until the data change."""
    named = f"{index.revision()} {request.url.path}?{request.url.query}"
    tag = f'W/"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'
    given = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    known = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=given)
    return JSONResponse(body(), headers=given)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _fields(asked: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in asked.split(",") if name.strip())
    if unknown := sorted(names.difference(_FIELDS)):
        raise FieldUnknown(
            "invalid_selection_field",
            f"a CFDocument has no field {unknown[0]!r}; it has {', '.join(_FIELDS)}",
        )
    return names


def _in_order(
    documents: tuple[CaseDocument, ...], field: str, *, descending: bool
) -> tuple[CaseDocument, ...]:
    if not field:
        return documents[::-1] if descending else documents
    if field not in _SORTED:
        raise FieldUnknown(
            "invalid_sort_field", f"documents are sorted by {', '.join(_SORTED)}, not by {field!r}"
        )
    return tuple(
        sorted(documents, key=lambda one: (str(one.form.get(field, "")), one.identifier), reverse=descending)
    )


def _page_links(request: Request, limit: int, offset: int, total: int) -> dict[str, str]:
    """The Link header of RFC 8288, as CASE pages."""
    last = max(0, (total - 1) // limit * limit)
    places = {"first": 0, "last": last}
    if offset + limit < total:
        places["next"] = offset + limit
    if offset > 0:
        places["prev"] = max(0, offset - limit)
    others = [pair for pair in request.query_params.multi_items() if pair[0] not in ("limit", "offset")]
    links = []
    for relation, place in places.items():
        query = urlencode([*others, ("limit", limit), ("offset", place)])
        links.append(f'<{request.url.path}?{query}>; rel="{relation}"')
    return {"Link": ", ".join(links)}

"""What the endpoint and the data say of themselves, for programs that look for data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.routers.representations import HTML, RDF_DATA, chosen_form, represent
from api.routers.responses import PROBLEMS
from graph import list_datasets
from graph.describing import dataset_description, service_description

if TYPE_CHECKING:
    from rdflib import Graph

    from api.services import Services

__all__ = ["VOID_PATH", "describe_service", "make_router"]

VOID_PATH = "/.well-known/void"
_EXAMPLES = 3


def make_router(services: Services) -> APIRouter:
    router = APIRouter(tags=["sparql"])

    @router.get(
        VOID_PATH,
        summary="What the data set holds, in the terms of VoID and DCAT",
        responses={200: {"content": {form.media_type: {} for form in RDF_DATA}}, **PROBLEMS},
        response_class=Response,
    )
    def void(
        request: Request,
        form: Annotated[
            str | None, Query(alias="format", description="turtle, jsonld or ntriples, instead of Accept")
        ] = None,
    ) -> Response:
        def graph() -> Graph:
            return dataset_description(
                _absolute(request, VOID_PATH),
                _absolute(request, "/sparql"),
                services.contents.get(),
                list_datasets(services.store),
                [one.iri for one in services.standards()[:_EXAMPLES]],
            )

        return represent(request, form, graph=graph)

    return router


def describe_service(request: Request, services: Services) -> Response:
    """The service description by ``Accept``; who asks for HTML is led to the query page."""
    if chosen_form(request, None, (*RDF_DATA, HTML)) is HTML:
        return RedirectResponse("/query", status_code=303, headers={"Vary": "Accept"})

    def graph() -> Graph:
        return service_description(
            _absolute(request, "/sparql"),
            _absolute(request, VOID_PATH),
            sorted(services.store.graphs()),
            services.contents.get(),
        )

    return represent(request, None, graph=graph)


def _absolute(request: Request, path: str) -> str:
    return str(request.base_url).rstrip("/") + path

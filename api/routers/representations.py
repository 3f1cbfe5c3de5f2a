"""One table of the forms in which a thing can be had; ``Accept`` chooses, or ``format`` in the address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from api.pages import Alternate
from graph.negotiation import best_media_type
from ontology.errors import NotAcceptable, UnknownChoice
from ontology.vocabulary import CG, to_jsonld

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rdflib import Graph
    from starlette.requests import Request

__all__ = ["DATA", "HTML", "JSON", "RDF_DATA", "Form", "alternates", "chosen_form", "represent", "serialise"]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its name in addresses, its media type, and what pages call it."""

    name: str
    media_type: str
    label: str


JSON = Form("json", "application/json", "JSON")
HTML = Form("html", "text/html", "HTML")
TURTLE = Form("turtle", "text/turtle", "Turtle")
NTRIPLES = Form("ntriples", "application/n-triples", "N-Triples")
JSONLD = Form("jsonld", "application/ld+json", "JSON-LD")
RDF_DATA = (TURTLE, JSONLD, NTRIPLES)
DATA = (JSON, *RDF_DATA)


def chosen_form(request: Request, asked: str | None, offered: Sequence[Form]) -> Form:
    """The form that the request wants; the first offered is the default.

    Raises ``UnknownChoice`` for a ``format`` that is not offered, ``NotAcceptable`` for such an ``Accept``.
    """
    if asked is not None:
        for form in offered:
            if form.name == asked:
                return form
        raise UnknownChoice("format", asked, [form.name for form in offered])
    media_types = [form.media_type for form in offered]
    best = best_media_type(request.headers.get("accept"), media_types)
    if best is None:
        raise NotAcceptable(media_types)
    return next(form for form in offered if form.media_type == best)


def represent(
    request: Request,
    asked: str | None,
    *,
    graph: Callable[[], Graph],
    document: Callable[[], dict[str, Any]] | None = None,
) -> Response:
    """The answer in the form that the request wants; JSON is offered where there is a ``document``."""
    form = chosen_form(request, asked, DATA if document else RDF_DATA)
    headers = {"Vary": "Accept"}
    if form is JSON and document:
        return JSONResponse(document(), headers=headers)
    return Response(serialise(graph(), form.name), media_type=form.media_type, headers=headers)


def alternates(request: Request, forms: Sequence[Form] = DATA) -> tuple[Alternate, ...]:
    """Links to the other forms of the page that was asked for."""
    found = []
    for form in forms:
        url = request.url.include_query_params(format=form.name)
        found.append(Alternate(form.media_type, form.label, f"{url.path}?{url.query}"))
    return tuple(found)


def serialise(graph: Graph, form: str) -> str:
    """A graph as ``turtle``, ``ntriples`` or ``jsonld``, with the prefixes that people know."""
    if form == "jsonld":
        return json.dumps(to_jsonld(graph), ensure_ascii=False, indent=2) + "\n"
    graph.bind("cg", CG)
    return graph.serialize(format={"turtle": "turtle", "ntriples": "nt"}[form])

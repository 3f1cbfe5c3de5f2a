"""Reader of RDF as this program writes it (``ontology.rdf``): Turtle, N-Triples or JSON-LD, loss-free.

Whatever base the IRIs have, it is found in the document. Nothing is fetched: a JSON-LD document must have
its context in it.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ontology.errors import DocumentError, InvalidInput
from ontology.identifiers import ONTOLOGY, Identifiers
from ontology.readers.json_document import json_text, load_json
from ontology.readers.text import decode_any

if TYPE_CHECKING:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

    from ontology.model import Standard

__all__ = ["read_rdf", "recognises_rdf"]

_TURTLE = re.compile(
    r"\s*(?:#[^\n]*\n\s*)*(?:@prefix|@base|PREFIX\s|BASE\s|<[a-z][a-z0-9+.-]*:)", re.IGNORECASE
)
_HEAD = 4_000
_LONGEST = 200
_NO_PLACE = "urn:competency-graph:document"
_EMBEDDED = "the context in the document itself; nothing is fetched"
_ENDS = re.compile(r"[/#;]")


def recognises_rdf(data: bytes) -> bool:
    """Whether the bytes begin as Turtle, N-Triples or JSON-LD and speak in terms of the ontology."""
    if ONTOLOGY.encode() not in data:
        return False
    if text := json_text(data):
        return '"@context"' in text
    return bool(_TURTLE.match(data[:_HEAD].decode("utf-8-sig", errors="ignore")))


def read_rdf(data: bytes, name: str) -> tuple[Standard, ...]:
    """The standards of a document, in the order of their IRIs.

    Raises ``DocumentError`` where the syntax is broken, a JSON-LD context would have to be fetched, or a
    standard does not say what ``ontology.rdf.to_graph`` writes.
    """
    from rdflib import RDF, URIRef

    from ontology.vocabulary import CG

    graph = _parsed(data, name)
    found = sorted(one for one in graph.subjects(RDF.type, CG.Standard) if isinstance(one, URIRef))
    if not found:
        raise DocumentError("the graph holds no standard", file=name, expected="a cg:Standard with an IRI")
    parts = _parts(graph, found)
    return tuple(_standard(parts[iri], iri, name) for iri in found)


def _parsed(data: bytes, name: str) -> Graph:
    from rdflib import Graph

    is_json = bool(json_text(data))
    if is_json:
        value = load_json(data, name)
        _refuse_remote(value, name)
        text, form, called = json.dumps(value), "json-ld", "JSON-LD"
    else:
        text, form, called = decode_any(data, name), "turtle", "Turtle"
    try:
        return Graph().parse(data=text, format=form, publicID=_NO_PLACE)
    except Exception as error:  # the parsers raise errors of many kinds, and RecursionError
        line = getattr(error, "lines", None)
        raise DocumentError(
            f"this is not valid {called}: {_first_line(error)}",
            file=name,
            line=line + 1 if isinstance(line, int) and not is_json else None,
            expected=f"a document of {called}",
        ) from error


def _first_line(error: Exception) -> str:
    message = getattr(error, "_why", None) or str(error) or type(error).__name__
    return str(message).strip().split("\n")[0][:_LONGEST]


def _refuse_remote(value: object, name: str) -> None:
    pending: list[tuple[object, str]] = [(value, "")]
    while pending:
        found, path = pending.pop()
        if isinstance(found, list):
            pending.extend((member, f"{path}[{position}]") for position, member in enumerate(found))
        elif isinstance(found, dict):
            for key, member in found.items():
                where = f"{path}.{key}" if path else key
                contexts = member if isinstance(member, list) else [member]
                if key == "@import" or (
                    key == "@context" and any(isinstance(context, str) for context in contexts)
                ):
                    raise DocumentError(
                        "this leads to a context elsewhere", file=name, field=where, expected=_EMBEDDED
                    )
                pending.append((member, where))


def _parts(graph: Graph, standards: list[URIRef]) -> dict[URIRef, Graph]:
    """What is said of each standard and its elements, by the beginning of the IRIs: reading one standard goes
    through its own statements alone."""
    from rdflib import Graph

    parts = {iri: Graph() for iri in standards}
    by_text = {str(iri): iri for iri in standards}
    owners: dict[Node, URIRef | None] = {}
    for triple in graph:
        subject = triple[0]
        if subject not in owners:
            owners[subject] = _owner(str(subject), by_text)
        owner = owners[subject]
        if owner is not None:
            parts[owner].add(triple)
    return parts


def _owner(subject: str, standards: dict[str, URIRef]) -> URIRef | None:
    if subject in standards:
        return standards[subject]
    ends = [match.start() for match in _ENDS.finditer(subject)]
    return next((standards[subject[:end]] for end in reversed(ends) if subject[:end] in standards), None)


def _standard(graph: Graph, iri: URIRef, name: str) -> Standard:
    from ontology.rdf import from_graph

    try:
        standard = from_graph(graph, str(iri), Identifiers(_base(graph, iri)))
    except (InvalidInput, ValueError, KeyError, TypeError) as error:
        raise DocumentError(
            f"{iri} cannot be read as a standard: {str(error)[:_LONGEST]}",
            file=name,
            expected="a graph as this program writes it",
        ) from error
    return standard if standard.source else replace(standard, source=name)


def _base(graph: Graph, iri: URIRef) -> str:
    """What the IRI of the framework begins with: its last segment is the framework's name."""
    from ontology.vocabulary import CG

    framework = str(graph.value(iri, CG.framework, any=True) or "")
    return framework[: max(framework.rfind("/"), framework.rfind("#")) + 1]

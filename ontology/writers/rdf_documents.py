"""Writers of RDF: the graph of each standard (``ontology.rdf``) as Turtle, N-Triples or JSON-LD.

Lines and nodes come in a fixed order, so the same standards give the same bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ontology.writers.writer import Loss, Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["JSONLD", "NTRIPLES", "TURTLE"]

_UNORDERED = "RDF keeps these without order: they come back sorted, each once"


def _turtle(standards: Iterable[Standard], identifiers: Identifiers) -> Iterator[bytes]:
    """A Turtle document a standard, one after the other; a prefix is said again only where it changed."""
    from ontology.rdf import to_graph

    said: dict[str, str] = {}
    for standard in standards:
        text = to_graph(standard, identifiers).serialize(format="turtle")
        head, separator, body = text.partition("\n\n")
        prefixes = {line.split()[1]: line for line in head.splitlines()}
        changed = [line for name, line in prefixes.items() if said.get(name) != line]
        said |= prefixes
        yield ("\n".join(changed) + (separator if changed else "") + body).encode()


def _ntriples(standards: Iterable[Standard], identifiers: Identifiers) -> Iterator[bytes]:
    from ontology.rdf import to_graph

    for standard in standards:
        # Not splitlines: a text may hold the line separators that N-Triples does not escape.
        lines = to_graph(standard, identifiers).serialize(format="nt").split("\n")
        yield "".join(f"{line}\n" for line in sorted(filter(None, lines))).encode()


def _write_turtle(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    return b"".join(_turtle(standards, identifiers))


def _write_ntriples(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    return b"".join(_ntriples(standards, identifiers))


def _write_jsonld(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    from rdflib import Graph

    from ontology.rdf import write_standard
    from ontology.statements import GraphSink
    from ontology.vocabulary import to_jsonld

    graph = Graph()
    for standard in standards:
        write_standard(standard, identifiers, GraphSink(graph))
    return (json.dumps(to_jsonld(graph), ensure_ascii=False, indent=2) + "\n").encode()


def _losses(standards: Sequence[Standard]) -> tuple[Loss, ...]:
    """None, but for the order of what RDF holds as a set."""
    found = []
    for standard in standards:
        requirements = [(one.kind, one.concept, one.relation) for one in standard.requirements]
        doubled = len(requirements) - len({one[:2] for one in requirements})
        activities = [one for task in standard.tasks for one in task.work_activities]
        for path, values, is_kept in (
            ("alternative_names", standard.alternative_names, _is_set(standard.alternative_names)),
            ("hidden_names", standard.hidden_names, _is_set(standard.hidden_names)),
            ("broader", standard.broader, _is_set(standard.broader)),
            ("schemes", standard.schemes, _is_set(standard.schemes)),
            ("requirements", requirements, _is_set(requirements) and not doubled),
            (
                "tasks[].work_activities",
                activities,
                all(_is_set(task.work_activities) for task in standard.tasks),
            ),
        ):
            if not is_kept:
                found.append(Loss(standard.code, path, _UNORDERED, len(values)))
    return tuple(found)


def _is_set(values: Sequence[object]) -> bool:
    return list(values) == sorted(set(values))  # type: ignore[type-var]


TURTLE = Writer("turtle", "Turtle", "text/turtle", ".ttl", _write_turtle, _losses, _turtle)
NTRIPLES = Writer(
    "ntriples", "N-Triples", "application/n-triples", ".nt", _write_ntriples, _losses, _ntriples
)
JSONLD = Writer("jsonld", "JSON-LD", "application/ld+json", ".jsonld", _write_jsonld, _losses)

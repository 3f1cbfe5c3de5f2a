"""Validation of a document graph against ``schema/shapes.ttl`` (SHACL, https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rdflib import DCTERMS, RDF, SH, SKOS, XSD, Graph, Literal, URIRef

from ontology.vocabulary import CG, natural_key, schema_text

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = ["Finding", "Report", "Severity", "shapes_graph", "validate"]

_ICAP = URIRef("https://w3id.org/competency-graph/shapes#icap")


class Severity(StrEnum):
    """``VIOLATION`` keeps a document from being published; ``WARNING`` and ``INFO`` tell."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one node breaks.

    ``focus`` is the node's IRI and ``code`` what people know it by (the end of its IRI where it has no
    code); ``path`` the property in question and ``value`` what stands there, both empty where nothing single
    is at fault. The messages are whole sentences that name the code and the value.
    """

    severity: Severity
    focus: str
    code: str
    path: str
    message: str
    message_zh: str
    value: str = ""

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, violations first, then by code and message."""

    findings: tuple[Finding, ...]

    @property
    def violations(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity is Severity.VIOLATION)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity is Severity.WARNING)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.violations


def validate(graph: Graph) -> Report:
    """What of the shapes ``graph`` breaks. The graph is one document's, and is not changed.

    The rules for iCAP are left out for standards of other frameworks.
    """
    from pyshacl import validate as check

    frameworks = {_end(one) for one in graph.objects(None, CG.framework)}
    shapes = shapes_graph(icap=not frameworks or "icap" in frameworks)
    _, results, _ = check(graph, shacl_graph=shapes, inference="none", advanced=False, inplace=True)
    assert isinstance(results, Graph)
    found = results.subjects(RDF.type, SH.ValidationResult)
    findings = {_finding(results, node, graph, shapes) for node in found}
    order = list(Severity)
    return Report(
        tuple(
            sorted(
                findings,
                key=lambda one: (order.index(one.severity), natural_key(one.code), one.message, one.focus),
            )
        )
    )


@cache
def shapes_graph(*, icap: bool) -> Graph:
    """``shapes.ttl``, parsed once, with the rules for iCAP or with them deactivated; not to be changed."""
    graph = Graph().parse(data=schema_text("shapes.ttl"), format="turtle")
    if not icap:
        for shape in list(graph.subjects(DCTERMS.isPartOf, _ICAP)):
            graph.add((shape, SH.deactivated, Literal("true", datatype=XSD.boolean)))
    return graph


def _finding(results: Graph, node: Node, graph: Graph, shapes: Graph) -> Finding:
    focus = results.value(node, SH.focusNode)
    value = results.value(node, SH.value)
    if results.value(node, SH.sourceConstraintComponent) == SH.SPARQLConstraintComponent and value:
        focus, value = value, None
    path = results.value(node, SH.resultPath)
    # Not sh:resultMessage: pyshacl drops the language of the messages of a query.
    rule = results.value(node, SH.sourceConstraint) or results.value(node, SH.sourceShape)
    messages = {
        one.language: str(one) for one in shapes.objects(rule, SH.message) if isinstance(one, Literal)
    }
    code = _code(graph, focus)
    found = "" if value is None or value == focus else _code(graph, value).strip()
    return Finding(
        severity=Severity(str(results.value(node, SH.resultSeverity)).rpartition("#")[2].lower()),
        focus=str(focus),
        code=code,
        path=_end(path) if isinstance(path, URIRef) else "",
        message=f"{code}: {messages['en']}" + (f" (found: {found})" if found else ""),
        message_zh=f"{code}：{messages['zh-Hant']}" + (f"（現為：{found}）" if found else ""),
        value=found,
    )


def _code(graph: Graph, node: Node | None) -> str:
    """What people know a node by: its code, what was printed in its place, or the end of its IRI."""
    for predicate in (SKOS.notation, CG.printedCode, CG.printedName):
        code = graph.value(node, predicate, any=True)
        if code is not None and str(code).strip():
            return str(code)
    return _end(node) if isinstance(node, URIRef) else str(node)


def _end(node: Node) -> str:
    """``7`` of ``…/level/icap/7``, ``doubt-1`` of ``…/BGM1219-002v2#doubt-1``."""
    return unquote(re.split("[/#]", str(node))[-1])

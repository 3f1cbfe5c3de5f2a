"""Validation of a document graph against ``schema/shapes.ttl`` (SHACL, https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from rdflib import RDF, SH, SKOS, Graph, Literal

from ontology.vocabulary import schema_text

if TYPE_CHECKING:
    from rdflib.term import Node

__all__ = ["Finding", "Report", "Severity", "validate"]


class Severity(StrEnum):
    """``VIOLATION`` keeps a document from being published; ``WARNING`` and ``INFO`` tell."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one node breaks. ``code`` is the node's, as people know it (its IRI where it has none);
    ``path`` the property, ``value`` what stands there, where one value is at fault."""

    severity: Severity
    focus: str
    code: str
    path: str
    message: str
    message_zh: str
    value: str = ""

    def __str__(self) -> str:
        value = f" ({self.value!r})" if self.value else ""
        return f"{self.code}: {self.message}{value}"


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
    """What of the shapes ``graph`` breaks. The graph is one document's, and is not changed."""
    import pyshacl

    _, results, _ = pyshacl.validate(graph, shacl_graph=_shapes(), inference="none", advanced=False)
    assert isinstance(results, Graph)
    findings = {_finding(results, node, graph) for node in results.subjects(RDF.type, SH.ValidationResult)}
    order = list(Severity)
    return Report(
        tuple(sorted(findings, key=lambda one: (order.index(one.severity), one.code, one.message, one.value)))
    )


@cache
def _shapes() -> Graph:
    return Graph().parse(data=schema_text("shapes.ttl"), format="turtle")


def _finding(results: Graph, node: Node, graph: Graph) -> Finding:
    focus = results.value(node, SH.focusNode)
    severity = results.value(node, SH.resultSeverity)
    messages = {
        one.language: str(one)
        for one in results.objects(node, SH.resultMessage)
        if isinstance(one, Literal) and one.language
    }
    value = results.value(node, SH.value)
    path = results.value(node, SH.resultPath)
    code = graph.value(focus, SKOS.notation) if focus is not None else None
    return Finding(
        severity=Severity(str(severity).rpartition("#")[2].lower()),
        focus=str(focus),
        code=str(code) if code is not None else str(focus),
        path=str(path).rpartition("#")[2] if path is not None else "",
        message=messages.get("en", ""),
        message_zh=messages.get("zh-Hant", messages.get("zh-hant", "")),
        value=str(value) if value is not None and value != focus else "",
    )

"""Checking documents: read them, validate what they say, tell what people should know, and store nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ontology.errors import DocumentError, InvalidInput, ValidationFailed
from ontology.identifiers import standard_key
from ontology.rdf import to_graph
from ontology.readers import DEFAULT_LIMITS, Limits, read_standards
from ontology.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph

    from ontology.identifiers import Identifiers
    from ontology.model import Doubt, Place, Standard
    from ontology.validation import Finding

__all__ = ["Checked", "check_documents", "doubt_json"]


@dataclass(frozen=True, slots=True)
class Checked:
    """One standard of a file, or a file that cannot be read.

    ``error`` says why it cannot be taken, ``None`` where it can; ``findings`` are the broken rules,
    violations first, and ``graph`` is there where it could be made.
    """

    file: str
    standard: Standard | None = None
    key: str = ""
    iri: str = ""
    graph: Graph | None = None
    findings: tuple[Finding, ...] = ()
    error: InvalidInput | None = None

    @property
    def name(self) -> str:
        return self.standard.name if self.standard else ""

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        return self.standard.doubts if self.standard else ()

    def place(self, code: str) -> Place | None:
        """Where in the source the element with this code stands, as far as that is known."""
        elements = self.standard.elements() if self.standard else iter(())
        return next((one.place for one in elements if one.code == code), None)

    def to_json(self) -> dict[str, Any]:
        """JSON form; a finding or doubt has ``line`` and ``page`` where its place is known."""
        form: dict[str, Any] = {"file": self.file, "valid": self.error is None}
        if self.standard is not None:
            form |= {
                "framework": self.standard.framework,
                "code": self.key,
                "iri": self.iri,
                "name": self.name,
            }
        if self.error is not None:
            form["error"] = _error_json(self.error)
        form["findings"] = [
            {
                "severity": one.severity.value,
                "element": one.code,
                "field": one.path,
                "message": one.message,
                "message_zh": one.message_zh,
                "value": one.value,
                **place_json(self.place(one.code)),
            }
            for one in self.findings
        ]
        form["doubts"] = [doubt_json(doubt) for doubt in self.doubts]
        return form


def check_documents(
    source: Path | bytes,
    identifiers: Identifiers,
    name: str | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Checked]:
    """Every standard of a file, or of the bytes of one, in its order. ``name`` is what the file is called."""
    called = name or (str(source) if isinstance(source, Path) else "document")
    try:
        standards = read_standards(source, name, limits=limits)
    except InvalidInput as error:
        yield Checked(called, error=error)
        return
    for standard in standards:
        yield _check(standard, called, identifiers)


def _check(standard: Standard, file: str, identifiers: Identifiers) -> Checked:
    key = standard_key(standard.code, standard.version)
    iri = ""
    try:
        iri = identifiers.of_standard(standard)
        graph = to_graph(standard, identifiers)
    except InvalidInput as error:
        return Checked(file, standard, key, iri, error=error)
    except ValueError as error:
        return Checked(file, standard, key, error=DocumentError(str(error), file=file, field="code"))
    report = validate(graph)
    failed = None
    if not report.conforms:
        failed = ValidationFailed(f"{file} ({key})", [one.message for one in report.violations])
    return Checked(file, standard, key, iri, graph, report.findings, failed)


def place_json(place: Place | None) -> dict[str, int]:
    """``line`` and ``page`` as far as they are known."""
    known = {"line": place.line, "page": place.page} if place else {}
    return {name: number for name, number in known.items() if number is not None}


def doubt_json(doubt: Doubt) -> dict[str, Any]:
    """A doubt as the reports give it."""
    return {
        "kind": doubt.kind,
        "where": doubt.where,
        "text": doubt.text,
        "message": doubt.message,
        **place_json(doubt.place),
    }


def _error_json(error: InvalidInput) -> dict[str, Any]:
    form: dict[str, Any] = {"message": str(error)}
    if isinstance(error, DocumentError):
        parts = {
            "reason": error.reason,
            "line": error.line,
            "page": error.page,
            "field": error.field,
            "expected": error.expected,
        }
        form |= {name: value for name, value in parts.items() if value is not None}
    if isinstance(error, ValidationFailed):
        form["violations"] = list(error.violations)
    return form

"""Ingest: read documents, validate them, publish each whole or not at all.

Nothing depends on when it is done: the same files give the same graph, and publishing them again changes
nothing. One bad file is refused alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from graph.store import graph_digest
from ontology.codes import codes_graph
from ontology.errors import DocumentError, InvalidInput, ValidationFailed
from ontology.identifiers import standard_key
from ontology.rdf import to_graph
from ontology.readers import read_standard
from ontology.validation import validate
from ontology.vocabulary import vocabulary_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rdflib import Graph

    from graph.store import RdfStore
    from ontology.identifiers import Identifiers
    from ontology.model import Doubt, Standard
    from ontology.validation import Finding

    Progress = Callable[[str, int, int], None]

__all__ = ["IngestReport", "Outcome", "Status", "ingest"]

_SUFFIXES = (".txt",)


class Status(StrEnum):
    """What became of a document."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: what became of it, and what people should know of it."""

    file: str
    status: Status
    key: str = ""
    iri: str = ""
    name: str = ""
    error: InvalidInput | None = None
    doubts: tuple[Doubt, ...] = ()
    warnings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON form; ``violations`` are sentences."""
        form: dict[str, Any] = {"file": self.file, "status": self.status.value}
        if self.iri:
            form |= {"code": self.key, "iri": self.iri, "name": self.name}
        if self.error is not None:
            form["error"] = str(self.error)
        if isinstance(self.error, ValidationFailed):
            form["violations"] = list(self.error.violations)
        form["doubts"] = [
            {
                "kind": doubt.kind,
                "where": doubt.where,
                "text": doubt.text,
                "message": doubt.message,
                "line": doubt.place.line if doubt.place else None,
            }
            for doubt in self.doubts
        ]
        form["warnings"] = [finding.message for finding in self.warnings]
        return form


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Outcomes in the order of the files, and the revision that the store has now (empty for a dry run)."""

    outcomes: tuple[Outcome, ...]
    revision: str = ""

    @property
    def refused(self) -> tuple[Outcome, ...]:
        return tuple(one for one in self.outcomes if one.status is Status.REFUSED)

    def counts(self) -> dict[str, int]:
        """How many documents have each status, every status named."""
        counted = Counter(one.status for one in self.outcomes)
        return {status.value: counted[status] for status in Status}

    def to_json(self) -> dict[str, Any]:
        return {
            "revision": self.revision,
            "counts": self.counts(),
            "documents": [one.to_json() for one in self.outcomes],
        }


@dataclass(slots=True)
class _Batch:
    """What will be published, gathered file by file."""

    published: Mapping[str, str]
    changes: dict[str, Graph | None] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def ingest(
    paths: Sequence[Path],
    store: RdfStore,
    identifiers: Identifiers,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Publishes the standards in ``paths``, files or folders that are walked for documents.

    A file that cannot be read or breaks the shapes is refused, and the others go on; what is accepted is
    published in one step, with the vocabulary and the code lists. ``dry_run`` reads and validates only.
    Raises ``StoreBusy`` while another process publishes, and ``InvalidInput`` where there is nothing to read.
    """
    documents = list(_documents(paths))
    if not documents:
        listed = ", ".join(str(path) for path in paths)
        raise InvalidInput(f"there is no document to read in {listed}; known suffixes: {', '.join(_SUFFIXES)}")
    batch = _Batch(store.graphs())
    outcomes = []
    for number, path in enumerate(documents):
        if progress:
            progress("Reading", number, len(documents))
        outcomes.append(_read(path, batch, identifiers))
    if progress:
        progress("Reading", len(documents), len(documents))
    if dry_run:
        return IngestReport(tuple(outcomes))
    if batch.changes or not batch.published:
        batch.changes[identifiers.base + "vocabulary"] = vocabulary_graph(identifiers)
        batch.changes[identifiers.base + "code"] = codes_graph(identifiers)
    revision = store.publish(batch.changes) if batch.changes else store.revision()
    return IngestReport(tuple(outcomes), revision)


def _documents(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix.lower() in _SUFFIXES)
        else:
            yield path


def _read(path: Path, batch: _Batch, identifiers: Identifiers) -> Outcome:
    standard: Standard | None = None
    key = iri = ""
    warnings: tuple[Finding, ...] = ()
    try:
        standard = read_standard(path)
        key = standard_key(standard.code, standard.version)
        iri = identifiers.standard(standard.framework, key)
        if iri in batch.files:
            raise DocumentError(
                f"{key} was already read from {batch.files[iri]}", file=str(path), field="職能基準代碼"
            )
        graph = to_graph(standard, identifiers)
        report = validate(graph)
        warnings = report.warnings
        if not report.conforms:
            raise ValidationFailed(f"{path} ({key})", [finding.message for finding in report.violations])
    except InvalidInput as error:
        doubts = standard.doubts if standard else ()
        return Outcome(str(path), Status.REFUSED, key, iri, error=error, doubts=doubts, warnings=warnings)
    batch.files[iri] = str(path)
    before = batch.published.get(iri)
    if before == graph_digest(graph):
        status = Status.UNCHANGED
    else:
        status = Status.CHANGED if before else Status.ADDED
        batch.changes[iri] = graph
    return Outcome(str(path), status, key, iri, standard.name, doubts=standard.doubts, warnings=warnings)

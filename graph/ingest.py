"""Ingest: read documents, validate them, publish each whole or not at all.

Nothing depends on when it is done: the same files give the same graph, and publishing them again changes
nothing. One bad file is refused alone.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdflib import Graph

from graph.checking import Checked, check_documents, doubt_json
from graph.store import document_digest
from ontology.codes import codes_graph
from ontology.dataset import Dataset, DatasetInfo
from ontology.errors import DocumentError, InvalidInput, ValidationFailed
from ontology.rdf_dataset import dataset_iri, write_dataset
from ontology.readers import DEFAULT_LIMITS, SUFFIXES, Limits
from ontology.readers.datasets import open_dataset, recognises_dataset
from ontology.statements import StatementFileWriter
from ontology.validation import Severity
from ontology.vocabulary import vocabulary_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from graph.store import Document, RdfStore
    from ontology.identifiers import Identifiers
    from ontology.model import Doubt
    from ontology.validation import Finding

    Progress = Callable[[str, int, int], None]

__all__ = ["IngestReport", "Outcome", "Status", "ingest"]

_MAX_STATEMENTS = 200_000


class Status(StrEnum):
    """What became of a document."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One standard of a file, a data set, or a file that cannot be read: what became of it, and what people
    should know of it. ``counts`` says how many items of each kind a data set holds, ``checked`` all that was
    found in a standard."""

    file: str
    status: Status
    key: str = ""
    iri: str = ""
    name: str = ""
    error: InvalidInput | None = None
    doubts: tuple[Doubt, ...] = ()
    warnings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    checked: Checked | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON form; ``violations`` are sentences."""
        form: dict[str, Any] = {"file": self.file, "status": self.status.value}
        if self.iri:
            form |= {"code": self.key, "iri": self.iri, "name": self.name}
        if self.error is not None:
            form["error"] = str(self.error)
        if isinstance(self.error, ValidationFailed):
            form["violations"] = list(self.error.violations)
        form["doubts"] = [doubt_json(doubt) for doubt in self.doubts]
        form["warnings"] = [finding.message for finding in self.warnings]
        if self.counts:
            form["counts"] = dict(self.counts)
        return form


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Outcomes in the order of the files, and the revision that the store has now (empty for a dry run and
    for an empty store)."""

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


class _Batch:
    """Accepted documents on their way into the store, published together while they fit in memory."""

    def __init__(self, store: RdfStore, identifiers: Identifiers, *, dry_run: bool) -> None:
        self._store = store
        self._dry_run = dry_run
        self._shared: dict[str, Document | None] = {}
        if not dry_run:
            self._shared = {
                identifiers.base + "vocabulary": vocabulary_graph(identifiers),
                identifiers.base + "code": codes_graph(identifiers),
            }
        self._published = store.graphs()
        self._changes: dict[str, Document | None] = {}
        self._statements = 0
        self._read: dict[str, tuple[str, str]] = {}
        self.accepted = 0

    def add(self, file: str, iri: str, key: str, document: Document) -> Status:
        """Raises ``DocumentError`` where this run has other content for the same document already."""
        digest = document_digest(document)
        again = iri in self._read
        earlier, earlier_digest = self._read.setdefault(iri, (file, digest))
        if earlier_digest != digest:
            raise DocumentError(
                f"{key} was already read from {earlier}, with other content",
                file=file,
                expected="one file for each version of a standard, one release of each data set",
            )
        self.accepted += 1
        before = self._published.get(iri)
        if before == digest or again:
            return Status.UNCHANGED
        if not self._dry_run:
            self._changes[iri] = document
            self._statements += len(document) if isinstance(document, Graph) else 0
            if self._statements >= _MAX_STATEMENTS:
                self.publish()
        return Status.CHANGED if before else Status.ADDED

    def publish(self) -> str:
        """What was added since the last time, with the shared graphs where they changed; the revision."""
        revision = self._store.publish({**self._shared, **self._changes})
        self._shared, self._changes, self._statements = {}, {}, 0
        return revision


def ingest(
    paths: Sequence[Path],
    store: RdfStore,
    identifiers: Identifiers,
    *,
    dry_run: bool = False,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> IngestReport:
    """Publishes the standards and data sets in ``paths``, files or folders that are walked for documents.

    A file that cannot be read or breaks the shapes is refused, and the others go on; when all are refused the
    store is not touched. Each accepted document is published whole or not at all, all of a run in one step
    unless they are too many to hold. The vocabulary and the code lists go with them where they changed.
    ``dry_run`` reads and validates only, ``limits`` bound each file of a standard. ``progress`` is told a
    message, how many are done, and of how many. Raises ``StoreBusy`` while another process publishes, and
    ``InvalidInput`` where there is nothing to read.
    """
    sources = list(_sources(paths))
    if not sources:
        listed = ", ".join(str(path) for path in paths)
        known = ", ".join(SUFFIXES)
        raise InvalidInput(f"there is no document to read in {listed}; known suffixes: {known}")
    batch = _Batch(store, identifiers, dry_run=dry_run)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="competency-ingest-") as folder:
        for number, (path, found) in enumerate(sources):
            if progress:
                progress("Reading", number, len(sources))
            if isinstance(found, Dataset):
                target = Path(folder) / f"{number}.nt"
                outcomes.append(_read_dataset(path, found, target, batch, identifiers, progress))
            elif found:
                outcomes.append(Outcome(str(path), Status.REFUSED, error=found))
            else:
                outcomes.extend(_read(path, batch, identifiers, limits))
        if progress:
            progress("Reading", len(sources), len(sources))
        if dry_run:
            return IngestReport(tuple(outcomes))
        if batch.accepted:
            return IngestReport(tuple(outcomes), batch.publish())
    return IngestReport(tuple(outcomes), store.revision() if store.graphs() else "")


def _sources(paths: Sequence[Path]) -> Iterator[tuple[Path, Dataset | InvalidInput | None]]:
    """Each document once: a data set, why it cannot be one, or a file that may hold a standard."""
    seen: set[Path] = set()
    opened: set[DatasetInfo] = set()
    for path in paths:
        for file in _documents(path):
            resolved = file.resolve()
            if resolved in seen:
                continue
            seen.add(resolved)
            try:
                dataset = open_dataset(file)
            except InvalidInput as error:
                yield file, error
                continue
            if dataset is None:
                yield file, None
            elif dataset.info not in opened:
                opened.add(dataset.info)
                yield file, dataset


def _documents(path: Path) -> Iterator[Path]:
    """A file that is named, whatever its suffix; of a folder, itself where it is a data set, else what is in
    it, by name."""
    if not path.is_dir() or recognises_dataset(path):
        yield path
        return
    for one in sorted(path.iterdir()):
        if one.name.startswith("."):
            continue
        if one.is_dir():
            yield from _documents(one)
        elif one.is_file() and (one.suffix.lower() in SUFFIXES or recognises_dataset(one)):
            yield one


def _read_dataset(
    path: Path,
    dataset: Dataset,
    target: Path,
    batch: _Batch,
    identifiers: Identifiers,
    progress: Progress | None,
) -> Outcome:
    info = dataset.info
    iri = dataset_iri(info, identifiers)
    try:
        with StatementFileWriter(target) as writer:
            counts = write_dataset(dataset, identifiers, writer, progress)
        status = batch.add(str(path), iri, info.key, writer.finished())
    except InvalidInput as error:
        return Outcome(str(path), Status.REFUSED, info.key, iri, info.title, error=error)
    name = f"{info.title} {info.version}".strip()
    return Outcome(str(path), status, info.key, iri, name, doubts=dataset.doubts(), counts=counts)


def _read(path: Path, batch: _Batch, identifiers: Identifiers, limits: Limits) -> Iterator[Outcome]:
    for checked in check_documents(path, identifiers, limits=limits):
        error, status = checked.error, Status.REFUSED
        if error is None and checked.graph is not None:
            try:
                status = batch.add(checked.file, checked.iri, checked.key, checked.graph)
            except InvalidInput as refusal:
                error = refusal
        warnings = tuple(one for one in checked.findings if one.severity is Severity.WARNING)
        yield Outcome(
            checked.file,
            status,
            checked.key,
            checked.iri,
            checked.name,
            error,
            checked.doubts,
            warnings,
            checked=checked,
        )

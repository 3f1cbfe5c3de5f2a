"""Where documents wait between being checked and being published."""

from __future__ import annotations

import logging
import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from api.importing.results import Import, ImportedFile, ImportState, Progress
from api.services import bring_index_up_to_date
from graph import ingest
from ontology.errors import (
    CompetencyError,
    DocumentError,
    FileMissing,
    ImportGone,
    InvalidInput,
    NothingToPublish,
    StoreBusy,
    ValidationFailed,
    WrongCount,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.importing.results import Upload
    from api.services import Services
    from graph import IngestReport

__all__ = ["MOST_FILES", "ImportDesk"]

MOST_FILES = 50
_MOST_WAITING = 20
_LOG = logging.getLogger(__name__)


class ImportDesk:
    """Imports of one service. They wait in a folder of their own and in memory: what was not published when
    the service stops is forgotten, and the graph never had it. The oldest gives way to the twenty-first."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.RLock()
        self._imports: OrderedDict[str, Import] = OrderedDict()
        self._folder: Path | None = None
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")

    def check(self, uploads: Sequence[Upload]) -> Import:
        """Reads and validates, and stores nothing. Raises ``FileMissing`` and ``WrongCount``."""
        if not uploads:
            raise FileMissing("there is no file; choose one document of a standard at least")
        if len(uploads) > MOST_FILES:
            raise WrongCount(
                len(uploads), 1, MOST_FILES, f"{len(uploads)} files came at once; send {MOST_FILES} at most"
            )
        name = secrets.token_urlsafe(16)
        folder = self._root() / name
        paths = []
        for number, upload in enumerate(uploads):
            path = folder / str(number) / _safe(upload.name)
            path.parent.mkdir(parents=True)
            path.write_bytes(upload.data)
            paths.append(path)
        report = self._ingest(paths, dry_run=True)
        found = Import(name, ImportState.CHECKED, _files(report, paths))
        with self._lock:
            self._imports[name] = found
            waiting = [one for one in self._imports.values() if one.state is not ImportState.PUBLISHING]
            for old in waiting[: max(0, len(waiting) - _MOST_WAITING)]:
                self._forget(old.id)
        return found

    def get(self, name: str) -> Import:
        """Raises ``ImportGone``."""
        with self._lock:
            return self._known(name)

    def publish(self, name: str, numbers: Collection[int] | None = None) -> Import:
        """Begins to publish the files with these numbers, all that are right where none are named.

        Raises ``ImportGone``, ``NothingToPublish``, and ``StoreBusy`` while another
        import is being published.
        """
        with self._lock:
            known = self._known(name)
            if known.state in (ImportState.PUBLISHING, ImportState.PUBLISHED):
                return known
            if any(one.state is ImportState.PUBLISHING for one in self._imports.values()):
                raise StoreBusy("another import is being published; try again when it is done")
            chosen = [
                one for one in known.files if one.is_right and (numbers is None or one.number in numbers)
            ]
            if not chosen:
                raise NothingToPublish(
                    "none of the chosen files can be published; mend them and send them again"
                )
            begun = replace(known, state=ImportState.PUBLISHING, error="", progress=Progress())
            self._imports[name] = begun
        paths = [self._root() / name / str(one.number) / _safe(one.name) for one in chosen]
        self._worker.submit(self._publish, name, paths)
        return begun

    def drop(self, name: str) -> None:
        """Forgets an import that is not being published. Raises ``ImportGone``, ``StoreBusy``."""
        with self._lock:
            if self._known(name).state is ImportState.PUBLISHING:
                raise StoreBusy("this import is being published; wait until it is done")
            self._forget(name)

    def close(self) -> None:
        """Waits for what is being published, and removes what waits."""
        self._worker.shutdown(wait=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _root(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="competency-import-"))
            return self._folder

    def _known(self, name: str) -> Import:
        found = self._imports.get(name)
        if found is None:
            raise ImportGone(name, "this import is not known; it was discarded, or the service was restarted")
        return found

    def _forget(self, name: str) -> None:
        del self._imports[name]
        shutil.rmtree(self._root() / name, ignore_errors=True)

    def _ingest(self, paths: Sequence[Path], *, dry_run: bool, name: str = "") -> IngestReport:
        services = self._services
        return ingest(
            paths,
            services.store,
            services.identifiers,
            dry_run=dry_run,
            limits=services.settings.limits,
            progress=(lambda *told: self._tell(name, *told)) if name else None,
        )

    def _tell(self, name: str, step: str, done: int, total: int) -> None:
        with self._lock:
            self._imports[name] = replace(self._imports[name], progress=Progress(step, done, total))

    def _publish(self, name: str, paths: Sequence[Path]) -> None:
        stored = False
        try:
            report = self._ingest(paths, dry_run=False, name=name)
            stored = True
            bring_index_up_to_date(self._services, lambda *told: self._tell(name, *told))
        except Exception as error:
            sentence = str(error) if isinstance(error, CompetencyError) else type(error).__name__
            if not isinstance(error, CompetencyError):
                _LOG.exception("import %s failed", name)
            with self._lock:
                failed = replace(self._imports[name], state=ImportState.FAILED, error=sentence, stored=stored)
                self._imports[name] = failed
            return
        with self._lock:
            known = self._imports[name]
            published = {one.number: one for one in _files(report, paths)}
            files = tuple(
                replace(one, outcomes=published[one.number].outcomes) if one.number in published else one
                for one in known.files
            )
            self._imports[name] = replace(
                known, state=ImportState.PUBLISHED, files=files, progress=Progress(), stored=True
            )
        # what was published is in the graph; the files are of no more use
        shutil.rmtree(self._root() / name, ignore_errors=True)


def _safe(name: str) -> str:
    """The last part of a name, as a file may be called."""
    last = name.replace("\\", "/").rpartition("/")[2].strip().lstrip(".")
    kept = "".join(one for one in last if one.isprintable() and one != "\0")
    return kept.encode()[-150:].decode(errors="ignore") or "document"


def _files(report: IngestReport, paths: Sequence[Path]) -> tuple[ImportedFile, ...]:
    """The outcomes by file, each file under the name that it came with; what the messages say of the folder
    that it waits in is left out."""
    found = []
    for path in paths:
        outcomes = tuple(
            replace(one, file=path.name, error=_renamed(one.error, path))
            for one in report.outcomes
            if one.file == str(path)
        )
        found.append(ImportedFile(int(path.parent.name), path.name, outcomes))
    return tuple(found)


def _renamed(error: InvalidInput | None, path: Path) -> InvalidInput | None:
    """The error with the name of the file in place of its path."""
    if isinstance(error, DocumentError):
        reason = error.reason.replace(f"{path.parent.parent}/", "")
        return DocumentError(
            reason,
            file=path.name,
            line=error.line,
            page=error.page,
            field=error.field,
            expected=error.expected,
        )
    if isinstance(error, ValidationFailed):
        return ValidationFailed(path.name, error.violations)
    return error

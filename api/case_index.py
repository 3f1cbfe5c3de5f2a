"""Standards as CASE documents and packages, found by UUID: made once a revision of the store."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from graph import load_headers, query_text
from ontology.case_form import case_identifier, detail_value
from ontology.errors import NotFound
from ontology.writers.case import case_document, case_package
from ontology.writers.case_details import DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.services import Services

__all__ = ["CaseDocument", "CaseIndex"]

_KEPT_PACKAGES = 16
_PREFIX = 8
_LENGTH = 36


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """A standard as a ``CFDocument``; ``form`` is it as JSON, not to be changed."""

    identifier: str
    iri: str
    form: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Revision:
    """What is known of one revision; ``holders`` has the row of the standard for each UUID of an item, or of
    an association that its source gave one."""

    name: str
    documents: tuple[CaseDocument, ...]
    rows: Mapping[str, int]
    holders: Mapping[bytes, int]


class CaseIndex:
    """Finds documents, and packages by what is in them. Safe to use from several threads."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._revision: _Revision | None = None
        self._packages: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()

    def revision(self) -> str:
        """Raises ``StoreMissing`` while nothing is loaded."""
        return self._services.store.revision()

    def documents(self) -> tuple[CaseDocument, ...]:
        """All standards, by framework and code."""
        return self._current().documents

    def document(self, identifier: str) -> CaseDocument:
        """Raises ``NotFound``."""
        current = self._current()
        row = current.rows.get(_checked(identifier))
        if row is None:
            raise NotFound(identifier, f"no CASE document has the identifier {identifier}")
        return current.documents[row]

    def package(self, document: CaseDocument) -> dict[str, Any]:
        """The package of a document; the last few that were asked for are kept."""
        key = (self.revision(), document.iri)
        with self._lock:
            if key in self._packages:
                self._packages.move_to_end(key)
                return self._packages[key]
        _, standard = self._services.standard(document.iri)
        made = case_package(standard, self._services.identifiers)
        with self._lock:
            self._packages[key] = made
            while len(self._packages) > _KEPT_PACKAGES:
                self._packages.popitem(last=False)
        return made

    def item(self, identifier: str) -> tuple[CaseDocument, dict[str, Any]]:
        """A ``CFItem`` with its document. Raises ``NotFound``."""
        return self._member(identifier, "CFItems", "item")

    def association(self, identifier: str) -> tuple[CaseDocument, dict[str, Any]]:
        """A ``CFAssociation`` with its document. Raises ``NotFound``."""
        return self._member(identifier, "CFAssociations", "association")

    def _member(self, identifier: str, key: str, called: str) -> tuple[CaseDocument, dict[str, Any]]:
        for document in self._holders(_checked(identifier)):
            for one in self.package(document)[key]:
                if one["identifier"] == identifier.lower():
                    return document, one
        raise NotFound(identifier, f"no CASE {called} has the identifier {identifier}")

    def _holders(self, identifier: str) -> Iterator[CaseDocument]:
        """The documents that may hold an identifier: the one that it is known of, then those whose own
        identifiers begin as it does, as those of our own associations do."""
        current = self._current()
        row = current.holders.get(UUID(identifier).bytes)
        if row is not None:
            yield current.documents[row]
        for document in current.documents:
            if document.identifier[:_PREFIX] == identifier[:_PREFIX]:
                yield document

    def _current(self) -> _Revision:
        name = self.revision()
        with self._lock:
            if self._revision is None or self._revision.name != name:
                self._revision = self._read(name)
                self._packages.clear()
            return self._revision

    def _read(self, name: str) -> _Revision:
        services = self._services
        headers = load_headers(services.store, services.identifiers, tuple(DOCUMENT))
        documents = []
        for iri, standard in headers.items():
            form = case_document(standard, services.identifiers)
            documents.append(CaseDocument(form["identifier"], iri, form))
        return _Revision(
            name,
            tuple(documents),
            {one.identifier: row for row, one in enumerate(documents)},
            self._read_holders({one.iri: row for row, one in enumerate(documents)}),
        )

    def _read_holders(self, rows: Mapping[str, int]) -> dict[bytes, int]:
        store = self._services.store
        found: dict[bytes, int] = {}
        for row in store.select(query_text("association-identifiers.rq")):
            _put(found, str(row["identifier"]), rows[str(row["standard"])])
        for row in store.select(query_text("elements.rq")):
            holder = rows[str(row["standard"])]
            element = str(row["element"])
            _put(found, case_identifier(element), holder)
            _put(found, element.rpartition("/")[2], holder)
            if "details" in row:
                for given in _given(str(row["details"])):
                    _put(found, given, holder)
        return found


def _given(details: str) -> Iterator[str]:
    """The identifiers that a source gave to an item and to its ``isChildOf``."""
    for name, text in json.loads(details):
        if name == "identifier":
            yield text
        elif name == "isChildOf" and isinstance(links := detail_value(text), list):
            yield from (str(one.get("identifier")) for one in links if isinstance(one, dict))


def _put(found: dict[bytes, int], identifier: str, row: int) -> None:
    if len(identifier) != _LENGTH:
        return
    try:
        found[UUID(identifier).bytes] = row
    except ValueError:
        return


def _checked(identifier: str) -> str:
    """A UUID in lower case. Raises ``NotFound`` for anything else, as CASE has it."""
    try:
        plain = str(UUID(identifier))
    except ValueError:
        plain = ""
    if plain != identifier.lower():
        raise NotFound(identifier, f"{identifier!r} is no UUID")
    return plain

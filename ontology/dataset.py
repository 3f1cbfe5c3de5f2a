"""Data sets: what a framework publishes as one release, such as ESCO v1.1.1 or O*NET 29.3.

A release holds thousands of standards and the concepts that they share, so it is a stream: a reader gives a
``Dataset``, whose ``items`` are read as they are asked for, and which is stored as one document, whole or not
at all. References between items are absolute IRIs, or paths under the base (``Identifiers.absolute``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.model import Classification, ConceptKind, Doubt, Requirement, Standard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[str, int, int], None]

__all__ = [
    "CatalogueEntry",
    "Concept",
    "ConceptScheme",
    "Dataset",
    "DatasetInfo",
    "Item",
    "Mapping",
    "UnlistedStandard",
]


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What a release says of itself.

    ``key`` names its document (``esco``, ``onet``): another release under the same key replaces it.
    ``framework`` is empty for mappings between any two.
    ``version`` is as published, ``language`` a BCP 47 tag, ``licence`` an IRI or a name, ``attribution`` the
    sentence that the publisher asks for, ``source`` the name of the file or folder, ``details`` what else it
    says, by its own names.
    """

    key: str
    framework: str
    title: str
    version: str = ""
    language: str = "en"
    licence: str = ""
    attribution: str = ""
    source: str = ""
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ConceptScheme:
    """A scheme that concepts stand in; ``code`` is its local name (``onet-work-activities``), ``iri`` its own
    IRI where the framework gives one; ``top_concepts`` are references, ``details`` further fields of the
    source by their own names."""

    code: str
    title: str
    iri: str = ""
    description: str = ""
    language: str = "en"
    status: str = ""
    top_concepts: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """A competency, group or class that standards share.

    ``code`` is its notation, unique in ``scheme`` (the local name of a ``ConceptScheme``) unless ``iri``, the
    framework's own IRI, tells it. ``schemes`` are references to further schemes and collections it stands in,
    ``broader`` to what is above it, ``essential`` and ``optional`` to the concepts it takes. ``scope`` is a
    scope note, ``definition`` stands beside ``description`` where the framework has both, ``reuse_level``
    is ESCO's, ``category`` the framework's own word for its kind, ``tags`` are short words such as ``hot``,
    ``details`` further fields of the source by their own names.
    """

    scheme: str
    code: str
    kind: ConceptKind
    name: str
    iri: str = ""
    alternative_names: tuple[str, ...] = ()
    hidden_names: tuple[str, ...] = ()
    description: str = ""
    definition: str = ""
    scope: str = ""
    status: str = ""
    modified: str = ""
    reuse_level: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    essential: tuple[tuple[ConceptKind, str], ...] = ()
    optional: tuple[tuple[ConceptKind, str], ...] = ()
    language: str = "en"
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A standard of which a catalogue tells code, name and classification, and no content.

    ``number`` counts from 1 and keeps entries with a doubled code apart. ``printed`` is the code as the
    catalogue has it where that is none (a name, say), and ``code`` is then empty.
    """

    framework: str
    number: int
    code: str
    name: str
    level: int | None = None
    printed: str | None = None
    category: tuple[Classification, ...] = ()
    occupation: tuple[Classification, ...] = ()
    industry: tuple[Classification, ...] = ()
    language: str = "zh-Hant"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A typed link between two concepts or standards, with where it comes from (SSSOM).

    ``predicate`` is the local name of a SKOS mapping property (``exactMatch``), ``justification`` a term of
    the Semantic Mapping Vocabulary (``semapv:ManualMappingCuration``), ``confidence`` 0–1. ``is_negated``
    says that the link does not hold, so that the plain statement is not made. ``details`` keeps further SSSOM
    slots by their own names.
    """

    subject: str
    predicate: str
    object: str
    subject_label: str = ""
    object_label: str = ""
    justification: str = "semapv:UnspecifiedMatching"
    confidence: float | None = None
    is_negated: bool = False
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UnlistedStandard:
    """A standard that a release says things of and does not list: its links are kept, and it is no
    ``Standard``, since nothing tells its name. ``requirements`` have a relation and no ratings."""

    framework: str
    iri: str
    broader: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()


Item = ConceptScheme | Concept | Standard | UnlistedStandard | CatalogueEntry | Mapping


class Dataset:
    """One release to be read. Subclasses give ``info`` and write ``_items``."""

    info: DatasetInfo

    def items(self, progress: Progress | None = None) -> Iterator[Item]:
        """Every item, schemes and concepts before what refers to them; read anew at each call.

        ``progress`` is told a message, how much is done, and of how much (rows, or bytes of a stream). Raises
        ``DocumentError`` with file, line and field where a row cannot be read; links to what the release does
        not list are kept and counted in ``doubts``.
        """
        return self._items(progress or _silent)

    def doubts(self) -> tuple[Doubt, ...]:
        """What the release leaves doubtful; complete once ``items`` has come to its end."""
        return ()

    def _items(self, progress: Progress) -> Iterator[Item]:
        raise NotImplementedError


def _silent(message: str, done: int, total: int) -> None:
    """Tells nobody."""

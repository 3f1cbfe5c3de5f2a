"""Links as SSSOM files and as CASE associations: written for others, and decisions of others taken in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from api.linking import changing_links, today
from graph import linked_node
from ontology.dataset import Mapping
from ontology.errors import DocumentError, InvalidInput
from ontology.links import LINKED_KINDS, Link, LocalConcept, link_id, superseding
from ontology.links_sssom import decision_of, to_mapping
from ontology.readers.sssom import is_sssom, open_sssom
from ontology.writers import Shared, writer_named
from ontology.writers.case_alignments import alignments_to_case
from ontology.writers.sssom import mappings_to_json
from search import local_concept_iri

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from api.services import Services
    from ontology.links_sssom import ReadDecision

__all__ = ["ImportReport", "LinkFormat", "export_links", "import_decisions"]


class LinkFormat(StrEnum):
    """The forms that links go out in."""

    SSSOM = "sssom"
    SSSOM_JSON = "sssom-json"
    CASE = "case"

    @property
    def media_type(self) -> str:
        return "text/tab-separated-values" if self is LinkFormat.SSSOM else "application/json"

    @property
    def suffix(self) -> str:
        return {"sssom": ".sssom.tsv", "sssom-json": ".sssom.json", "case": ".case.json"}[self.value]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many decisions of a file are new, how many were here already, how many mappings nobody settled, and
    the IRIs that are not loaded, whose decisions were left out."""

    recorded: int
    unchanged: int
    undecided: int
    unknown: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def export_links(
    services: Services, links: Iterable[Link], form: LinkFormat = LinkFormat.SSSOM, *, of: str = ""
) -> bytes:
    """The links in a form that others read; ``of`` is the code of the standard that they are chosen by. CASE
    takes only what was accepted."""
    mappings = tuple(map(to_mapping, links))
    if form is LinkFormat.CASE:
        accepted = [one for one in mappings if dict(one.details).get("ext_status") == "accepted"]
        return alignments_to_case(accepted, services.identifiers, of=of)
    if form is LinkFormat.SSSOM_JSON:
        return mappings_to_json(mappings, services.identifiers)
    write = writer_named("sssom").write_shared
    assert write is not None
    return write([], services.identifiers, Shared({}, mappings))


def import_decisions(services: Services, path: Path, *, by: str) -> ImportReport:
    """Takes the decisions of a file in, all or none, in place of those on the same pairs; ``by`` made those
    that name nobody. Raises ``DocumentError``."""
    if not is_sssom(path):
        raise InvalidInput(f"{path} is no SSSOM file: a table with tabs and the columns that SSSOM requires")
    undecided, unchanged, unknown = 0, 0, []
    found: dict[str, Link] = {}
    concepts: dict[str, LocalConcept] = {}
    with changing_links(services) as book:
        for item in open_sssom(path).items():
            read = decision_of(item, file=str(path)) if isinstance(item, Mapping) else None
            if read is None:
                undecided += 1
                continue
            element = linked_node(services.store, read.element)
            concept = linked_node(services.store, read.concept)
            local = None if concept else _local_concept(services, read)
            if element is None:
                unknown.append(read.element)
                continue
            if concept is None and local is None:
                unknown.append(read.concept)
                continue
            if not element.standard and concept and concept.standard:
                # a link leads from an element of a standard where one of its ends is that
                read, element, concept = read.turned(), concept, element
            before = book.pair(read.element, read.concept)
            if before is not None and before.concept == read.element and concept is not None:
                read, element, concept = read.turned(), concept, element
            link = Link(
                read.element,
                read.concept,
                read.predicate,
                read.method,
                read.score,
                read.status,
                read.element_text or element.text,
                read.concept_text or (concept.text if concept else ""),
                element.standard or element.iri,
                read.model,
                read.zone,
                read.by or by,
                read.on or today().isoformat(),
                read.comment,
                concept.standard if concept else "",
            )
            if link.id in found or link_id(link.concept, link.element) in found:
                message = "two decisions on one pair"
                raise DocumentError(message, file=str(path), field=read.element, expected="each pair once")
            if before is not None:
                link = superseding(before, link)
            if before == link:
                unchanged += 1
                continue
            found[link.id] = link
            if local:
                concepts[local.iri] = local
        if found:
            book.record(tuple(found.values()), tuple(concepts.values()))
    return ImportReport(len(found), unchanged, undecided, tuple(sorted(set(unknown))))


def _local_concept(services: Services, read: ReadDecision) -> LocalConcept | None:
    """The local concept that a decision leads to, made anew from its IRI and label; ``None`` where the IRI is
    not that of the label."""
    parts = (services.identifiers.path(read.concept) or "").split("/")
    if len(parts) != 4 or parts[0] != "concept" or parts[2] not in LINKED_KINDS:
        return None
    language = {"zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}.get(key := parts[3].rpartition("-")[0], key)
    iri = local_concept_iri(services.identifiers, parts[1], parts[2], language, read.concept_text)
    if iri != read.concept:
        return None
    return LocalConcept(iri, parts[1], parts[2], language, read.concept_text)

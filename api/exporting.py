"""Exports: which standards, in which format, under which file name, and what the format does not carry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import find_standard, load_concepts, load_mappings, load_standards
from ontology.errors import ExportTooLarge
from ontology.writers import Shared, writer_named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from api.services import Services
    from graph import StandardSummary
    from ontology.model import Standard
    from ontology.writers import Loss, Writer

__all__ = ["Export", "export_losses", "export_standards", "select_standards"]

_ENDS = re.compile(r"[/#;]")
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be sent or written: its name, its media type, and its bytes piece by piece."""

    file_name: str
    media_type: str
    chunks: Iterator[bytes]


def select_standards(
    services: Services, keys: Sequence[str], frameworks: Sequence[str] = ()
) -> tuple[StandardSummary, ...]:
    """The standards that ``keys`` name, each once, in their order; all where none is named. ``frameworks``
    narrows them.

    Raises ``NotFound`` for a code that is not loaded, ``StoreMissing`` where nothing is.
    """
    services.store.revision()
    standards = services.standards()
    chosen = dict.fromkeys(find_standard(standards, key).iri for key in keys) if keys else None
    by_iri = {one.iri: one for one in standards}
    found = [by_iri[iri] for iri in chosen] if chosen is not None else list(standards)
    return tuple(one for one in found if not frameworks or one.framework in frameworks)


def export_standards(
    services: Services, keys: Sequence[str], form: str, frameworks: Sequence[str] = ()
) -> Export:
    """The chosen standards in the format that ``form`` names, ready to be written.

    The first piece is made at once, so that what cannot be written is an error here, and not in the middle of
    an answer. Raises like ``select_standards``, ``InvalidInput`` for an unknown format, and
    ``ExportTooLarge`` for more standards than one file of this format takes.
    """
    writer = writer_named(form)
    chosen = select_standards(services, keys, frameworks)
    _check_size(writer, chosen)
    whole = () if keys else {one.framework for one in chosen}
    chunks = _chunks(services, writer, chosen, whole, everything=not keys and not frameworks)
    return Export(_file_name(writer, chosen, frameworks), writer.media_type, _begun(chunks))


def export_losses(
    services: Services, keys: Sequence[str], form: str, frameworks: Sequence[str] = ()
) -> tuple[Loss, ...]:
    """What of the chosen standards the format does not carry; empty where nothing is lost. Raises like
    ``export_standards``."""
    writer = writer_named(form)
    chosen = select_standards(services, keys, frameworks)
    _check_size(writer, chosen)
    return tuple(loss for standard in _loaded(services, chosen) for loss in writer.losses([standard]))


def _check_size(writer: Writer, chosen: Sequence[StandardSummary]) -> None:
    if writer.stream is None and len(chosen) > writer.most:
        raise ExportTooLarge(writer.label, len(chosen), writer.most)


def _loaded(services: Services, chosen: Sequence[StandardSummary]) -> Iterator[Standard]:
    return load_standards(services.store, services.identifiers, chosen)


def _chunks(
    services: Services,
    writer: Writer,
    chosen: Sequence[StandardSummary],
    whole: Collection[str],
    *,
    everything: bool,
) -> Iterator[bytes]:
    standards = _loaded(services, chosen)
    if writer.stream is not None:
        yield from writer.stream(standards, services.identifiers)
    elif writer.write_shared is not None:
        held = list(standards)
        shared = _shared(services, held, whole, everything=everything)
        yield writer.write_shared(held, services.identifiers, shared)
    else:
        yield writer.write(list(standards), services.identifiers)


def _shared(
    services: Services, standards: Sequence[Standard], whole: Collection[str], *, everything: bool
) -> Shared:
    """The concepts that the standards take, with what stands above them, and the mappings that touch either;
    all concepts of the ``whole`` frameworks, and with ``everything`` all mappings."""
    absolute = services.identifiers.absolute
    wanted = {absolute(one.concept) for standard in standards for one in standard.requirements}
    wanted |= {absolute(one) for standard in standards for one in standard.broader}
    wanted |= {
        absolute(one) for standard in standards for task in standard.tasks for one in task.work_activities
    }
    frameworks = [services.identifiers.framework(one) for one in whole]
    concepts = load_concepts(services.store, wanted, with_broader=True, frameworks=frameworks)
    mappings = load_mappings(services.store)
    if not everything:
        ours = {services.identifiers.of_standard(standard) for standard in standards} | set(concepts)
        mappings = tuple(one for one in mappings if _touches(one.subject, ours) or _touches(one.object, ours))
    return Shared(concepts, mappings)


def _touches(iri: str, ours: set[str]) -> bool:
    """Whether an IRI is one of ours, or of an element of one of ours."""
    return iri in ours or any(iri[: match.start()] in ours for match in _ENDS.finditer(iri))


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")

    def whole() -> Iterator[bytes]:
        yield first
        yield from chunks

    return whole()


def _file_name(writer: Writer, chosen: Sequence[StandardSummary], frameworks: Sequence[str]) -> str:
    if len(chosen) == 1:
        stem = chosen[0].code
    elif len(frameworks) == 1:
        stem = f"{frameworks[0]}-standards"
    else:
        stem = "competency-standards"
    return (_UNSAFE.sub("_", stem).strip("._") or "standard") + writer.suffix

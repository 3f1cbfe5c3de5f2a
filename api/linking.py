"""Links to shared concepts: made from the store and the model of the index, settled by people.

Making links and settling them read all links and publish some of them again, so one process does it at a time
(``links.lock`` in the data folder).
"""

from __future__ import annotations

import fcntl
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from graph import list_concepts, load_standards
from ontology.links import LINKED_KINDS, LinkStatus
from ontology.model import Kind
from search import Linkable, Settled, link_space, link_vectors, passages_of, propose_links, scale_of
from search.embedding.remembering import RememberingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from api.services import Services
    from graph import LinkBook

    Progress = Callable[[str, int, int], None]

__all__ = ["LinkCounts", "changing_links", "make_links", "settled_of", "today"]

_KINDS = tuple(Kind(one) for one in LINKED_KINDS)
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What there is after links were made: links by status and by method, local concepts, and the elements
    that were looked at. ``is_measured`` says whether the model has a scale, without which meaning suggests
    nothing."""

    statuses: Mapping[str, int]
    methods: Mapping[str, int]
    local_concepts: int
    elements: int
    model: str
    is_measured: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@contextmanager
def changing_links(services: Services) -> Iterator[LinkBook]:
    """The links, for as long as nobody else changes them; waits for its turn."""
    services.store.revision()
    with _LOCK, (services.settings.data_dir / "links.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield services.links


def make_links(services: Services, *, progress: Progress | None = None) -> LinkCounts:
    """Suggests links anew, in place of earlier suggestions; decisions stay. Needs the model, not
    the index. Raises ``StoreMissing`` and ``StoreBusy``."""
    services.store.revision()
    elements = list(_elements(services, progress))
    concepts = [
        Linkable(one.iri, one.kind.value, one.name, one.language, one.framework)
        for one in list_concepts(services.store)
        if one.kind.value in LINKED_KINDS and one.name.strip()
    ]
    model = services.index.embedder.model
    scale = scale_of(model)
    cache = services.settings.index_dir / "cache"
    with changing_links(services) as book, RememberingEmbedder(services.index.embedder, cache) as embedder:
        space = link_space(embedder, scale, progress=progress) if scale else None

        def vectors(texts: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
            assert space is not None
            return link_vectors(texts, embedder, space, progress=progress)

        proposal = propose_links(
            elements,
            concepts,
            vectors,
            services.identifiers,
            model=model,
            scale=scale,
            settled=settled_of(book),
            progress=progress,
        )
        book.replace(proposal.links, proposal.concepts, progress=progress)
        links = book.links().values()
    return LinkCounts(
        {status.value: sum(one.status is status for one in links) for status in LinkStatus},
        dict(Counter(one.method.value for one in links)),
        len(proposal.concepts),
        len(elements),
        model,
        scale is not None,
    )


def settled_of(book: LinkBook) -> Settled:
    """The decisions, as what makes suggestions wants them."""
    accepted, rejected = set(), set()
    for one in book.links().values():
        if one.other_standard:
            # what two standards have in common says nothing of shared concepts
            continue
        if one.status is LinkStatus.ACCEPTED:
            accepted.add((one.element, one.concept))
        elif one.status is LinkStatus.REJECTED:
            rejected.add((one.element, one.concept))
    wanted = {concept for _, concept in accepted}
    concepts = tuple(one for one in book.concepts() if one.iri in wanted)
    return Settled(frozenset(accepted), frozenset(rejected), concepts)


def today() -> date:
    """The date of a decision, in UTC."""
    return datetime.now(UTC).date()


def _elements(services: Services, progress: Progress | None) -> Iterator[Linkable]:
    # a release has thousands of occupations without any element of these kinds
    standards = [one for one in services.standards() if any(one.counts.get(kind) for kind in _KINDS)]
    for number, standard in enumerate(load_standards(services.store, services.identifiers, standards)):
        if progress and number % 100 == 0:
            progress("Reading the store", number, len(standards))
        for one in passages_of(standard, services.identifiers):
            if one.kind in LINKED_KINDS:
                yield Linkable(one.iri, one.kind, one.text, one.lang, one.framework, one.standard_iri)
    if progress and standards:
        progress("Reading the store", len(standards), len(standards))

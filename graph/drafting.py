"""Drafts of job descriptions from standards in the store, what they share included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import URIRef

from graph.repository import query_text
from ontology.drafting import SharedCompetency, draft_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graph.store import RdfStore
    from ontology.drafting import Draft
    from ontology.identifiers import Identifiers
    from ontology.model import Standard

__all__ = ["make_draft"]


def make_draft(
    store: RdfStore, identifiers: Identifiers, standard: Standard, tasks: Sequence[str] = ()
) -> Draft:
    """The draft of a standard of the store, or of some of its tasks, as ``ontology.drafting.draft_of`` makes
    it; the names of shared competencies are those of the store. Ratings that their publisher advises not to
    show, and what is not relevant, are left out. Raises ``NotFound`` for an unknown task."""
    shared = tuple(_shared(store, identifiers, standard)) if standard.requirements else ()
    return draft_of(standard, tasks, shared=shared, identifiers=identifiers)


def _shared(store: RdfStore, identifiers: Identifiers, standard: Standard) -> Iterator[SharedCompetency]:
    iri = identifiers.of_standard(standard)
    rows = store.select(query_text("requirement-concepts.rq"), {"standard": URIRef(iri)})
    named = {str(row["concept"]): (str(row["name"]), str(row.get("code", ""))) for row in rows}
    for one in standard.requirements:
        concept = identifiers.absolute(one.concept)
        if concept in named and not one.suppressed and not one.not_relevant:
            name, code = named[concept]
            yield SharedCompetency(
                concept, "" if code == name else code, one.kind, name, one.relation, one.importance
            )

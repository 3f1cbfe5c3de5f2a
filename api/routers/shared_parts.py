"""What the page of a standard shows of the concepts and standards that it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib import URIRef

from api.pages.messages import catalogue
from api.pages.views import SharedGroup, SharedItem
from graph import query_text
from ontology.model import ConceptKind

if TYPE_CHECKING:
    from api.pages import Page
    from api.services import Services
    from ontology.model import Requirement, Standard

__all__ = ["shared_parts"]

_RELATIONS = ("essential", "", "in-demand", "optional")


def shared_parts(services: Services, page: Page, iri: str, standard: Standard) -> dict[str, Any]:
    """The arguments of ``StandardView`` that need names of other nodes: one query, none where it has none."""
    if not (standard.requirements or standard.related or standard.broader):
        return {}
    absolute = services.identifiers.absolute
    rows = services.store.select(query_text("requirement-names.rq"), {"standard": URIRef(iri)})
    names = {str(row["concept"]): str(row["name"]) for row in rows}

    def item(reference: str, one: Requirement | None = None, relation: str = "") -> SharedItem:
        target = absolute(reference)
        name = names.get(target) or target.rpartition("/")[2]
        if one is None:
            return SharedItem(name, page.local(target), relation=relation)
        return SharedItem(name, page.local(target), one.importance, one.level, one.suppressed, one.relation)

    groups: dict[tuple[ConceptKind, str], list[SharedItem]] = {}
    for one in standard.requirements:
        groups.setdefault((one.kind, one.relation), []).append(item(one.concept, one))
    ordered = sorted(groups, key=lambda key: (list(ConceptKind).index(key[0]), _place(key[1]), key[1]))
    return {
        "shared": tuple(
            SharedGroup(
                _key(kind, relation),
                tuple(
                    sorted(
                        groups[kind, relation],
                        key=lambda entry: (-(entry.importance or 0), entry.name.casefold()),
                    )
                ),
            )
            for kind, relation in ordered
        ),
        "related": tuple(item(one.standard, relation=one.relation) for one in standard.related),
        "broader": tuple(item(reference) for reference in standard.broader),
    }


def _key(kind: ConceptKind, relation: str) -> str:
    """The name of a group in the catalogues of messages; by kind alone where the relation has none."""
    key = f"{kind.value}_{relation.replace('-', '_')}"
    return key if f"shared_{key}" in catalogue("en") else kind.value


def _place(relation: str) -> int:
    return _RELATIONS.index(relation) if relation in _RELATIONS else len(_RELATIONS)

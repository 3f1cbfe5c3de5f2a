"""What the page of a standard shows of the concepts and standards that it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib import URIRef

from api.pages.messages import catalogue, translate
from api.pages.standard_views import SortColumn
from api.pages.views import SharedGroup, SharedItem
from graph import query_text
from ontology.model import ConceptKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.pages import Page
    from api.services import Services
    from ontology.model import Requirement, Standard

__all__ = ["shared_parts"]

_ORDERS = {"up": "ascending", "down": "descending"}
_FIRST = {"name": "up"}
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
            key = "related_" + relation.casefold()
            words = translate(page.language, key) if key in catalogue(page.language) else ""
            return SharedItem(name, page.local(target), relation=relation, relation_words=words)
        return SharedItem(
            name,
            page.local(target),
            one.importance,
            one.level,
            suppressed=one.suppressed,
            level_suppressed=one.level_suppressed,
            not_relevant=one.not_relevant,
            relation=one.relation,
        )

    groups: dict[tuple[ConceptKind, str], list[SharedItem]] = {}
    for one in standard.requirements:
        groups.setdefault((one.kind, one.relation), []).append(item(one.concept, one))
    ordered = sorted(groups, key=lambda key: (list(ConceptKind).index(key[0]), _place(key[1]), key[1]))
    return {
        "shared": tuple(
            _group(page, _key(kind, relation), groups[kind, relation]) for kind, relation in ordered
        ),
        "related": tuple(item(one.standard, relation=one.relation) for one in standard.related),
        "broader": tuple(item(reference) for reference in standard.broader),
    }


def _group(page: Page, key: str, items: Sequence[SharedItem]) -> SharedGroup:
    """The concepts of a group, sorted as the address says: ``sort=skill.level.down``."""
    by_name = sorted(items, key=lambda one: one.name.casefold())
    if all(one.importance is None for one in items):
        return SharedGroup(key, tuple(by_name))
    has_levels = any(one.level is not None for one in items)
    names = {"name": "name", "importance": "importance"} | ({"level": "rated_level"} if has_levels else {})
    group, _, asked = dict(page.parameters).get("sort", "").partition(".")
    column, _, direction = asked.partition(".")
    if group != key or column not in names or direction not in _ORDERS:
        column, direction = "importance", "down"
    shown = by_name
    if column != "name":
        rated = {id(one): one.importance if column == "importance" else one.level for one in items}
        shown = sorted(by_name, key=lambda one: rated[id(one)] or 0.0, reverse=direction == "down")
        shown.sort(key=lambda one: rated[id(one)] is None)
    elif direction == "down":
        shown.reverse()

    def head(name: str) -> SortColumn:
        other = {"up": "down", "down": "up"}[direction] if name == column else _FIRST.get(name, "down")
        href = page.here(sort=f"{key}.{name}.{other}") + f"#shared-{key}"
        order = _ORDERS[direction] if name == column else ""
        return SortColumn(name, translate(page.language, names[name]), order, href)

    return SharedGroup(key, tuple(shown), tuple(head(name) for name in names))


def _key(kind: ConceptKind, relation: str) -> str:
    """The name of a group in the catalogues of messages; by kind alone where the relation has none."""
    key = f"{kind.value}_{relation.replace('-', '_')}"
    return key if f"shared_{key}" in catalogue("en") else kind.value


def _place(relation: str) -> int:
    return _RELATIONS.index(relation) if relation in _RELATIONS else len(_RELATIONS)

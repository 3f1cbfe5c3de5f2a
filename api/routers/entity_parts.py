"""What stands above and beside an element of a standard or a shared concept, for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import URIRef

from api.pages.entity_views import Crumb, ElementSource, Neighbour, NeighbourGroup
from api.pages.messages import translate
from api.routers.hit_views import hit_view
from api.routers.provenance_parts import document_name
from graph import query_text
from ontology.errors import CompetencyError
from search import Filters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.pages import Page
    from api.pages.hits import HitView
    from api.services import Services
    from graph import StandardSummary
    from ontology.model import Standard

__all__ = [
    "concept_crumbs",
    "element_crumbs",
    "element_groups",
    "element_source",
    "required_by",
    "similar_hits",
]

_SHOWN = 20
_MOST = 1000
# from a standard to a shared concept, as groups of ``graph.connections`` are named
_REQUIRING = frozenset({"^requiresKnowledge", "^requiresSkill", "^requiresAttitude", "^usesTechnology"})
_OPTIONAL = frozenset({"^optionalKnowledge", "^optionalSkill"})
_SIMILAR = 5


def element_crumbs(page: Page, standard: Standard, iri: str, code: str) -> tuple[Crumb, ...]:
    """The standard, and what of it stands above the element; ``iri`` is the standard's."""
    known = {one.code: one for one in standard.elements()}
    top = Crumb(standard.code, standard.name, standard.language, page.local(iri))
    path = known[code].path if code in known else ()
    return (
        top,
        *(
            Crumb(one, known[one].text, standard.language, page.local(page.identifiers.element(iri, one)))
            for one in path
        ),
    )


def concept_crumbs(services: Services, page: Page, iri: str) -> tuple[Crumb, ...]:
    """What stands above a code or a concept, the outermost first; of several ways up the longest."""
    above: dict[str, set[str]] = {}
    steps: dict[str, Crumb] = {}
    for row in services.store.select(query_text("broader.rq"), {"node": URIRef(iri)}):
        one = str(row["above"])
        above.setdefault(one, set()).add(str(row["higher"]))
        name = row.get("name")
        if name is not None and (one not in steps or getattr(name, "language", "") == page.language):
            language = getattr(name, "language", None) or ""
            steps[one] = Crumb(str(row.get("code", "")), str(name), language, page.local(one))
    way: list[Crumb] = []
    left = set(above)
    while left:
        nearest = max(left, key=lambda one: (len(above[one]), one))
        left = (left & above[nearest]) - {nearest}
        if nearest in steps:
            way.append(steps[nearest])
    return tuple(reversed(way))


def element_groups(page: Page, standard: Standard, iri: str, code: str) -> tuple[NeighbourGroup, ...]:
    """What an element consists of, what it needs, and what needs it."""
    texts = {one.code: one.text for one in standard.elements()}
    parts: dict[str, list[str]] = {}
    wanted = code.partition("#")[0]
    for task in standard.tasks:
        if task.code == code:
            parts["kinds_activity"] = [one.code for one in task.activities]
            parts["kinds_knowledge"], parts["kinds_skill"] = list(task.knowledge), list(task.skills)
        if wanted in (*task.knowledge, *task.skills):
            parts.setdefault("required_by", []).append(task.code)
        for activity in task.activities:
            if activity.code == code:
                parts["kinds_output"] = [one.code for one in activity.outputs]
                parts["kinds_indicator"] = [one.code for one in activity.indicators]
                parts["kinds_knowledge"] = list(activity.knowledge)
                parts["kinds_skill"] = list(activity.skills)
            if wanted in (*activity.knowledge, *activity.skills):
                parts.setdefault("required_by", []).append(activity.code)
    for competency in (*standard.knowledge, *standard.skills):
        if competency.code == code:
            parts["kinds_sub_item"] = [f"{code}#{one.number}" for one in competency.items]
    parts["kinds_statement"] = [one.code for one in standard.statements if code in one.parents]

    def rows(codes: Iterable[str]) -> tuple[Neighbour, ...]:
        element = page.identifiers.element
        return tuple(
            Neighbour(one, texts.get(one, ""), standard.language, page.local(element(iri, one)))
            for one in codes
        )

    return tuple(
        NeighbourGroup(translate(page.language, key), rows(codes), len(codes))
        for key, codes in parts.items()
        if codes
    )


def element_source(page: Page, standard: Standard, iri: str, code: str) -> ElementSource | None:
    """The document that an element was read from; ``None`` where the standard names none."""
    if not standard.source:
        return None
    place = next((one.place for one in standard.elements() if one.code == code), None)
    return ElementSource(document_name(standard.source), f"{page.local(iri)}#source", place)


def required_by(services: Services, page: Page, iri: str) -> tuple[NeighbourGroup, ...]:
    """The standards that require a shared concept or may, those to which it is most important first."""
    loaded = {one.iri: one for one in services.standards()}
    known = {one.iri: one for one in services.kept.connections.get(iri).values() if one.iri in loaded}
    required, optional = (
        {one.iri for one in known.values() if not keys.isdisjoint(one.keys)}
        for keys in (_REQUIRING, _OPTIONAL)
    )

    def row_of(one: StandardSummary) -> Neighbour:
        rated = known[one.iri].importance
        note = translate(page.language, "entity_importance", value=rated) if rated is not None else ""
        return Neighbour(one.code, one.name, one.language, page.local(one.iri), note)

    found = []
    for label, group in (
        (translate(page.language, "entity_required_by"), required),
        (translate(page.language, "entity_optional_for"), optional),
    ):
        ordered = sorted(group, key=lambda one: (-(known[one].importance or 0.0), loaded[one].name))
        most = _MOST if dict(page.parameters).get("rows") == "all" else _SHOWN
        rows = tuple(row_of(loaded[one]) for one in ordered[:most])
        if rows:
            href = page.here(rows="all") if most == _SHOWN < len(ordered) else None
            found.append(NeighbourGroup(label, rows, len(ordered), href))
    return tuple(found)


def similar_hits(services: Services, page: Page, iri: str) -> tuple[HitView, ...]:
    """What is most like an element, a concept or a standard; nothing where that cannot be told now."""
    try:
        index = services.index.current()
        result = index.elements.similar(iri, Filters(), limit=_SIMILAR)
    except CompetencyError:
        return ()
    return tuple(hit_view(page, hit, all_versions=False) for hit in result.hits)

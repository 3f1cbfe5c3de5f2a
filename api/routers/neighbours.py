"""The graph around a node, as data."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.addresses import local_path
from api.exploring import explore, node_iri
from api.pages.messages import LANGUAGES, translate
from api.routers.responses import PROBLEMS
from graph.neighbours import KINDS, MOST_NEIGHBOURS, Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.services import Services
    from graph.neighbours import Label, Neighbourhood, NodeFacts
    from ontology.identifiers import Identifiers

__all__ = [
    "NeighboursAnswer",
    "make_router",
    "relation_key",
    "shown_description",
    "shown_label",
    "to_neighbours_answer",
]


# mypy knows the members of an enum only from literals
NodeKind = StrEnum("NodeKind", [(kind.upper(), kind) for kind in KINDS])  # type: ignore[misc]


class NodeModel(BaseModel):
    """A node of the graph."""

    iri: str = Field(examples=["https://w3id.org/competency-graph/id/icap/BGM1219-002v2/S1"])
    kind: str = Field(
        description="standard, task, activity, output, indicator, knowledge, skill, attitude, item (a "
        "sub-item), statement, technology, group, code (of a classification) or version (one not loaded)",
        examples=["skill"],
    )
    label: str = Field(description="in the language asked for, else in any", examples=["溝通技能"])
    language: str = Field(description="of the label; empty where none is stated", examples=["zh-Hant"])
    code: str = Field(examples=["S1"])
    count: int = Field(ge=0, description="with how many others it is connected")
    shared: bool = Field(description="whether it is a concept that standards share")
    standard: str = Field(description="the IRI of the standard that it stands in; empty for others")
    standard_code: str = Field(examples=["BGM1219-002v2"])
    standard_name: str = Field(examples=["基層主管"])
    description: str
    description_language: str
    href: str = Field(description="its page on this server", examples=["/id/icap/BGM1219-002v2/S1"])


class EdgeModel(BaseModel):
    """A relation between the node and one of its neighbours, in the direction of its name."""

    origin: str = Field(alias="from", description="IRI")
    target: str = Field(alias="to", description="IRI")
    relation: str = Field(examples=["hasSkill"])
    label: dict[str, str] = Field(
        description="in both languages", examples=[{"en": "has skill", "zh-Hant": "包含技能"}]
    )


class RelationCount(BaseModel):
    """How many neighbours there are by one relation."""

    relation: str = Field(description="with ^ before it where it leads to the node", examples=["^hasSkill"])
    label: dict[str, str] = Field(description="as seen from the node, in both languages")
    count: int


class NeighboursAnswer(BaseModel):
    """A node, the neighbours that were asked for, and the edges between it and them."""

    node: NodeModel
    total: int = Field(ge=0, description="how many neighbours are of these kinds and relations")
    offset: int
    limit: int
    nodes: list[NodeModel] = Field(
        description="the neighbours; of each relation in turn, important ones first"
    )
    edges: list[EdgeModel]
    relations: list[RelationCount] = Field(description="of all neighbours")
    kinds: dict[str, int] = Field(description="of all neighbours")


def shown_label(node: NodeFacts, language: str) -> tuple[str, str]:
    """The label in a language, else in any, else the code or the end of the IRI; and its language."""
    if node.labels:
        return _in_language(node.labels, language)
    return node.code or node.iri.rstrip("/").rpartition("/")[2], ""


def shown_description(node: NodeFacts, language: str) -> tuple[str, str]:
    """The description in a language, else in any, and its language; both empty where there is none."""
    return _in_language(node.description, language)


def _in_language(labels: Sequence[Label], language: str) -> tuple[str, str]:
    found = next((one for one in labels if one.language == language), labels[0] if labels else None)
    return (found.text, found.language) if found else ("", "")


def to_neighbours_answer(
    services: Services, found: Neighbourhood, selection: Selection, language: str
) -> NeighboursAnswer:
    """What was found in the form of the API."""
    standards = {one.iri: (one.code, one.name) for one in services.standards()}

    def model(node: NodeFacts) -> NodeModel:
        return _model(node, language, standards, services.identifiers)

    return NeighboursAnswer(
        node=model(found.node),
        total=found.total,
        offset=selection.offset,
        limit=selection.limit,
        nodes=[model(one) for one in found.neighbours],
        edges=[
            EdgeModel.model_validate(
                {
                    "from": one.origin,
                    "to": one.target,
                    "relation": one.relation,
                    "label": _labels(one.relation),
                }
            )
            for one in found.edges
        ],
        relations=[
            RelationCount(relation=one.key, label=_labels(one.key), count=one.count) for one in found.groups
        ],
        kinds=dict(found.kinds),
    )


def _model(
    node: NodeFacts, language: str, standards: dict[str, tuple[str, str]], identifiers: Identifiers
) -> NodeModel:
    label, label_language = shown_label(node, language)
    description, description_language = shown_description(node, language)
    code, name = standards.get(node.standard, ("", ""))
    return NodeModel(
        iri=node.iri,
        kind=node.kind,
        label=label,
        language=label_language,
        code=node.code,
        count=node.degree,
        shared=node.is_shared,
        standard=node.standard,
        standard_code=code,
        standard_name=name,
        description=description,
        description_language=description_language,
        href=local_path(node.iri, identifiers),
    )


def _labels(key: str) -> dict[str, str]:
    return {language: translate(language, relation_key(key)) for language in LANGUAGES}


def relation_key(key: str) -> str:
    """The name of a relation in the catalogues of messages."""
    return "relation_" + (f"{key[1:]}_in" if key.startswith("^") else key)


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["graph"])

    @router.get("/neighbours", summary="What a node of the graph is connected with", responses=PROBLEMS)
    def neighbours(
        iri: Annotated[
            str,
            Query(
                description="the IRI of a standard, an element, a shared concept or a code; or the code of a "
                "standard",
                openapi_examples={"the bundled standard": {"value": "BGM1219-002v2"}},
            ),
        ],
        kind: Annotated[list[NodeKind] | None, Query(description="only nodes of these kinds")] = None,
        relation: Annotated[
            list[str] | None,
            Query(
                description="only by these relations, as the answer names them under `relations`",
                openapi_examples={"its skills": {"value": ["hasSkill"]}},
            ),
        ] = None,
        hl: Annotated[str, Query(description="the language of labels: zh-Hant or en")] = "zh-Hant",
        limit: Annotated[int, Query(ge=1, le=MOST_NEIGHBOURS, description="how many neighbours")] = 30,
        offset: Annotated[int, Query(ge=0, le=100_000, description="how many to pass over")] = 0,
    ) -> NeighboursAnswer:
        selection = Selection(
            kinds=tuple(one.value for one in kind or ()),
            relations=tuple(relation or ()),
            limit=limit,
            offset=offset,
        )
        found = explore(services, node_iri(services, iri), selection)
        return to_neighbours_answer(services, found, selection, hl)

    return router

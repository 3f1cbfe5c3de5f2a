"""Suggestions while somebody types, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.addresses import local_path
from api.routers.responses import PROBLEMS
from api.routers.search_filters import SearchKind
from search import MAX_SUGGESTIONS, SuggestionType

if TYPE_CHECKING:
    from api.services import Services
    from ontology.identifiers import Identifiers
    from search import Suggestion, Suggestions

__all__ = ["SuggestAnswer", "make_router", "to_suggest_answer"]


class SuggestionModel(BaseModel):
    """A text that begins with what was typed, or has words that do."""

    type: SuggestionType = Field(
        description="code (of a standard, an element or a concept), class (a code of a category, occupation "
        "or industry, with its name), title (of a standard), term (the text of an element or a concept), "
        "name (another name of one)"
    )
    kind: str = Field(
        description="the kind of element or concept; category, occupation or industry for a class",
        examples=["skill"],
    )
    framework: str = Field(description="empty for a class", examples=["icap"])
    lang: str = Field(description="empty for a class", examples=["zh-Hant"])
    text: str = Field(examples=["處理團隊衝突"])
    label: str = Field(description="what a code or another name stands for, where that is one thing")
    spans: list[tuple[int, int]] = Field(
        description="where what was typed stands in the text: start and end in code points",
        examples=[[[0, 2]]],
    )
    count: int = Field(ge=1, description="how many standards, or concepts, have it")
    query: str = Field(description="what to search for", examples=["處理團隊衝突"])
    iri: str | None = Field(description="the one standard, element or concept it leads to; null for a search")
    href: str = Field(
        description="where it leads on this server: to the page of the IRI, or to the search",
        examples=["/?q=%E8%99%95%E7%90%86"],
    )


class SuggestAnswer(BaseModel):
    """The suggestions, best first."""

    query: str
    took_ms: float
    suggestions: list[SuggestionModel]


def to_suggest_answer(found: Suggestions, typed: str, identifiers: Identifiers) -> SuggestAnswer:
    """The suggestions of the search layer in the form of the API."""
    items = [_to_model(one, identifiers) for one in found.items]
    return SuggestAnswer(query=typed, took_ms=round(found.took_ms, 1), suggestions=items)


def _to_model(one: Suggestion, identifiers: Identifiers) -> SuggestionModel:
    return SuggestionModel(
        type=one.type,
        kind=one.kind,
        framework=one.framework,
        lang=one.lang,
        text=one.text,
        label=one.label,
        spans=list(one.spans),
        count=one.count,
        query=one.query,
        iri=one.iri,
        href=local_path(one.iri, identifiers) if one.iri else f"/?{urlencode({'q': one.query})}",
    )


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["search"])

    @router.get("/suggest", summary="Complete what somebody types", responses=PROBLEMS)
    def suggest(
        q: Annotated[
            str,
            Query(
                description="the beginning of a code, a title, a term or of words of them",
                openapi_examples={
                    "Chinese": {"value": "團隊"},
                    "code": {"value": "BGM1219-002v2 K1"},
                    "industry": {"value": "M70"},
                },
            ),
        ],
        limit: Annotated[int, Query(ge=1, le=MAX_SUGGESTIONS, description="how many suggestions")] = 8,
        lang: Annotated[list[str] | None, Query(description="only texts in these languages (BCP 47)")] = None,
        framework: Annotated[list[str] | None, Query(description="only these frameworks")] = None,
        kind: Annotated[list[SearchKind] | None, Query(description="only these kinds")] = None,
    ) -> SuggestAnswer:
        found = services.suggestions.current().suggest(
            q,
            limit=limit,
            languages=lang or (),
            frameworks=framework or (),
            kinds=[one.value for one in kind or ()],
        )
        return to_suggest_answer(found, q, services.identifiers)

    return router

"""A query as a vector and folded words, for those who search with indexes of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.routers.responses import PROBLEMS
from api.routers.search_filters import QueryLanguage
from search import QUERY_LIMIT

if TYPE_CHECKING:
    from api.services import Services
    from search import SearchIndex

__all__ = ["EmbedAnswer", "make_router", "to_embed_answer"]


class EmbedAnswer(BaseModel):
    """A query as the search compares it."""

    query: str
    matter: str = Field(description="the query without its question frame", examples=["衝突處理"])
    language: str | None = Field(description="what it is taken to be in; null where that is not known")
    model: str = Field(description="the embedding model of the index")
    words: str = Field(description="folded, for a full-text index", examples=["冲突处理"])
    vector: list[float] = Field(description="as a vector index of Neo4j is asked: $vector of a Cypher query")


def to_embed_answer(index: SearchIndex, query: str, language: str | None) -> EmbedAnswer:
    """Raises ``InvalidInput`` like a search."""
    from search.neo4j.points import query_point

    found = index.embed(query, query_language=language)
    return EmbedAnswer(
        query=query,
        matter=found.matter,
        language=found.language,
        model=index.model,
        words=found.words,
        vector=query_point(found.vector).tolist(),
    )


def make_router(services: Services) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["search"])

    @router.get("/embed", summary="A query as a vector, for hybrid search in Cypher", responses=PROBLEMS)
    def embed(
        q: Annotated[
            str,
            Query(
                description=f"a phrase or a question, at most {QUERY_LIMIT} characters",
                openapi_examples={"English": {"value": "conflict handling"}},
            ),
        ],
        query_lang: QueryLanguage = None,
    ) -> EmbedAnswer:
        return to_embed_answer(services.index.current(), q, query_lang)

    return router

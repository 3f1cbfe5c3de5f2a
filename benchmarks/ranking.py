"""What each part of the ranking recipe is worth: nDCG@10 with that part taken out, in one run.

python benchmarks/ranking.py JUDGED.tsv [--over PATH] [--framework F] [--kind K] [--sample N]
    [--no-plain] [--cache FOLDER]
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from unittest import mock

from ontology.identifiers import Identifiers
from search import Recipe, SearchIndex, open_embedder
from search.bootstrap import paired_interval
from search.embedding.remembering import RememberingEmbedder
from search.evaluation import MethodScores, Searched, evaluate, measure, read_judged
from search.evaluation.methods import METHODS, searching
from search.evaluation.releases import passages_in
from search.questions.reading import Reading

WHOLE = Recipe()
VARIANTS = {
    "no context": replace(WHOLE, context=0.0),
    "one script": replace(WHOLE, other_script=0.0),
    "nothing below": replace(WHOLE, below=0.0),
    "no directions": replace(WHOLE, directions=0),
    "no hubness": replace(WHOLE, hubness=0.0),
    "half hubness": replace(WHOLE, hubness=WHOLE.hubness / 2),
    "no words": replace(WHOLE, words=0.0),
    "double words": replace(WHOLE, words=WHOLE.words * 2),
}


def as_typed(query: str) -> Reading:
    return Reading(query, ((query, 1.0),))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judged", type=Path)
    parser.add_argument("--over", type=Path, action="append", help="what is searched; BGM1219-002v2")
    parser.add_argument("--framework", action="append", default=[])
    parser.add_argument("--kind", action="append", default=[])
    parser.add_argument("--sample", type=int, default=None)
    parser.add_argument("--no-plain", action="store_true", help="embed nothing as passages")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between runs")
    chosen = parser.parse_args()
    with as_file(files("data") / "standards" / "BGM1219-002v2.txt") as path:
        passages = passages_in(chosen.over or [path], Identifiers())
    corpus = Searched((), tuple(chosen.framework), tuple(chosen.kind)).among(passages)
    judged = read_judged(chosen.judged)
    if chosen.sample is not None:
        judged = judged.sample(chosen.sample, 1)
    judged = judged.by_iri(corpus, passages, skip_unknown=True)
    rows: list[MethodScores] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        RememberingEmbedder(open_embedder(), chosen.cache or Path(folder)) as remembering,
    ):
        methods = [name for name in METHODS if name != "plain" or not chosen.no_plain]
        report = evaluate(corpus, remembering, judged, cache=Path(folder), methods=methods)
        rows.extend(report.methods)

        def variant(name: str, recipe: Recipe) -> MethodScores:
            index = SearchIndex.build(corpus, remembering, Path(folder) / name, recipe=recipe)
            return measure(name, "", searching(index), judged)

        rows.extend(variant(name, recipe) for name, recipe in VARIANTS.items())
        with mock.patch("search.index.read_query", as_typed):
            rows.append(variant("query as typed", WHOLE))
    print(f"{judged.name}: {len(judged.needs)} needs over {len(corpus)} elements, nDCG@10")
    heads = "".join(f"{one:>9}" for one in judged.languages)
    print(f"{'':16}{heads}     mean  to the recipe, 95 %")
    whole = report.method("recipe")
    for row in rows:
        cells = "".join(f"{scores.ndcg:9.3f}" for scores in row.languages.values())
        low, high = paired_interval(row.ndcg, whole.ndcg)
        print(f"{row.method:16}{cells}{row.mean.ndcg:9.3f}  {low:+.3f} … {high:+.3f}")


if __name__ == "__main__":
    main()

"""What each part of the ranking recipe is worth: nDCG@10 with that part taken out, in one run.

python benchmarks/ranking.py JUDGED.tsv [--cache FOLDER]
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from unittest import mock

from ontology.readers import read_standard
from search import Recipe, SearchIndex, open_embedder, passages_of
from search.evaluation import MethodScores, evaluate, measure, read_judged
from search.questions import Reading
from search.remembering import RememberingEmbedder

WHOLE = Recipe()
VARIANTS = {
    "no context": replace(WHOLE, context=0.0),
    "one script": replace(WHOLE, other_script=0.0),
    "no directions": replace(WHOLE, directions=0),
    "no hubness": replace(WHOLE, hubness=0.0),
    "no words": replace(WHOLE, words=0.0),
}


def as_typed(query: str) -> Reading:
    return Reading(query, ((query, 1.0),))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("judged", type=Path)
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between runs")
    chosen = parser.parse_args()
    with as_file(files("data") / "standards" / "BGM1219-002v2.txt") as path:
        passages = passages_of(read_standard(path))
    judged = read_judged(chosen.judged)
    rows: list[MethodScores] = []
    with tempfile.TemporaryDirectory() as folder:
        cache = chosen.cache or Path(folder)
        embedder = open_embedder()
        rows.extend(evaluate(passages, embedder, chosen.judged, cache=cache).methods)
        with RememberingEmbedder(embedder, cache) as remembering:

            def variant(name: str, recipe: Recipe) -> MethodScores:
                place = Path(folder) / name
                index = SearchIndex.build(passages, remembering, place, recipe=recipe)
                return measure(
                    name, "", lambda query: [hit.code for hit in index.search(query, limit=1000).hits], judged
                )

            rows.extend(variant(name, recipe) for name, recipe in VARIANTS.items())
            with mock.patch("search.index.read_query", as_typed):
                rows.append(variant("query as typed", WHOLE))
    print(f"{judged.name}: nDCG@10\n{'':16}" + "".join(f"{one:>9}" for one in judged.languages) + "     mean")
    for row in rows:
        cells = "".join(f"{scores.ndcg:9.3f}" for scores in row.languages.values())
        print(f"{row.method:16}{cells}{row.mean.ndcg:9.3f}")


if __name__ == "__main__":
    main()

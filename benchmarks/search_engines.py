"""Neo4j beside the local index: nDCG@10 of both on a judged set, and how much their first hits agree.

python benchmarks/search_engines.py JUDGED.tsv --server bolt://host:7687 [--user U] [--password P]
    [--over PATH …] [--few N] [--cache FOLDER]

``--over`` are documents to search in (default: the published standard that comes with the program). What a
service has indexed in that database is removed.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from graph.property_graph.bolt import Credentials
from ontology.identifiers import Identifiers
from search import SearchIndex, open_embedder
from search.evaluation import measure, read_judged
from search.evaluation.methods import searching
from search.evaluation.releases import passages_in
from search.neo4j import Neo4jEngine
from search.vectors.choice import FEW_ROWS

SAMPLE = Path(__file__).parents[1] / "data" / "standards" / "BGM1219-002v2.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("judged", type=Path)
    parser.add_argument("--server", required=True)
    parser.add_argument("--user", default="neo4j")
    parser.add_argument("--password", default="")
    parser.add_argument("--over", type=Path, nargs="+", default=[SAMPLE])
    parser.add_argument("--few", type=int, default=FEW_ROWS, help="0: the server answers, however few rows")
    parser.add_argument("--cache", type=Path)
    chosen = parser.parse_args()
    engine = Neo4jEngine(chosen.server, who=Credentials(chosen.user, chosen.password), few=chosen.few)
    embedder = open_embedder("onnx")
    passages = tuple(passages_in(chosen.over, Identifiers()))
    judged = read_judged(chosen.judged).by_iri(passages, passages)
    with tempfile.TemporaryDirectory() as folder:
        cache = chosen.cache or Path(folder) / "cache"
        local = SearchIndex.build(passages, embedder, Path(folder) / "local", cache=cache)
        server = SearchIndex.build(passages, embedder, Path(folder) / "server", cache=cache, engine=engine)
        print(f"{len(passages)} elements")
        for name, index in (("local", local), ("neo4j", server)):
            found = measure(name, name, searching(index), judged)
            each = ", ".join(f"{language} {own.ndcg:.4f}" for language, own in found.languages.items())
            print(f"{name}: nDCG@10 {found.mean.ndcg:.4f} ({each})")
        compare(local, server, [query for need in judged.needs for query in need.queries.values()])
    engine.close()


def compare(local: SearchIndex, server: SearchIndex, queries: list[str]) -> None:
    """How many of the first ten hits are the same, and by how much shares of words differ."""
    same, differences, missing, count = 0, [], 0, 0
    for query in queries:
        mine = [hit.iri for hit in local.search(query, all_versions=True).hits]
        theirs = [hit.iri for hit in server.search(query, all_versions=True).hits]
        same += len(set(mine) & set(theirs))
        count += len(mine)
        by_words, again = local.lexical.search(query), server.lexical.search(query)
        shares = dict(zip(by_words.rows.tolist(), by_words.shares.tolist(), strict=True))
        missing += len(set(shares) - set(again.rows.tolist()))
        differences += [
            abs(shares.get(row, 0.0) - share)
            for row, share in zip(again.rows.tolist(), again.shares.tolist(), strict=True)
        ]
    shown = np.array(differences or [0.0])
    print(
        f"{len(queries)} queries: {same / max(count, 1):.4f} of the first ten the same; "
        f"{len(differences)} rows by words, {missing} more locally; shares differ by {shown.mean():.4f} "
        f"in the mean, {shown.max():.4f} at most"
    )


if __name__ == "__main__":
    main()

"""How long a search takes by the size of the collection, with filters, beside plain cosine and BM25 alone.

    python benchmarks/search_scale.py DATA_DIR [--sizes 140,30000,100000,1000000] [--clients 1,8]
                                      [--queries 60] [--work FOLDER] [--engine auto]

DATA_DIR is a data folder with real standards (`competency ingest esco-v1.1.1 onet-29.3 icap --bundled`); the
vectors of their texts are taken from its cache. Sizes beyond them are made up of variations
(`varied_corpus.py`). Each query is asked of all sides before the next, so that whatever else the machine does
meets all alike. Built collections stay in --work and are used again.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from varied_corpus import Corpus, make_corpus, moved_like, sampled

from api.services import all_passages, open_services
from api.settings import Settings
from ontology.readers import read_standard
from search import Filters, SearchIndex, load_background, open_embedder, passages_of
from search.calibration import recipe_for
from search.dense import top_rows
from search.embedding.remembering import RememberingEmbedder
from search.engine import LocalEngine
from search.index_files import (
    find_version,
    manifest_of,
    put_in_force,
    put_in_place,
    read_version,
    version_name,
    write_version,
)
from search.ranking import DenseSide
from search.scope import Scope
from search.vectors import Wanted
from search.vectors.exact import ExactVectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from search import Embedder, Passage

BUNDLED = 140
NEED_QUERIES = (
    "conflict handling",
    "which competencies cover conflict handling",
    "如何處理同事吵架",
    "Umgang mit Konflikten",
    "客戶滿意度調查與服務改善",
    "presupuesto y análisis financiero",
    "what skills are needed for coaching new members of a team",
    "maintain electrical equipment and machines",
)
FILTERS = (
    Filters(kinds=("skill", "knowledge")),
    Filters(languages=("en",), kinds=("task",)),
    Filters(frameworks=("onet", "icap")),
    Filters(languages=("en", "zh-Hant")),
)
SIDES = ("search", "with facets", "plain cosine", "BM25 alone")


@dataclass(frozen=True)
class Asked:
    """One answer of one side; both times in ms, ``processor`` that of the asking thread."""

    side: str
    wall: float
    processor: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="data folder with real standards")
    parser.add_argument("--sizes", default="140,30000,100000,1000000")
    parser.add_argument("--clients", default="1,8")
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--work", type=Path, help="folder that keeps what is built")
    parser.add_argument("--engine", default="auto", help="descriptor of the engine for vectors")
    parser.add_argument("--sample", type=int, default=500, help="how many variations are embedded")
    chosen = parser.parse_args()
    embedder = open_embedder()
    work = chosen.work or Path(tempfile.mkdtemp(prefix="search-scale-"))
    try:
        for size in map(int, chosen.sizes.split(",")):
            folder = work / f"ix-{size}"
            if SearchIndex.version(folder) is None:
                _build(folder, size, embedder, chosen)
            _report(folder, embedder, chosen)
    finally:
        if chosen.work is None:
            shutil.rmtree(work)


def _build(folder: Path, size: int, embedder: Embedder, chosen: argparse.Namespace) -> None:
    started = time.process_time()
    if size <= BUNDLED:
        with as_file(files("data") / "standards" / "BGM1219-002v2.txt") as path:
            bundled = passages_of(read_standard(path))[:size]
        cache = chosen.data / "index" / "cache"
        SearchIndex.build(bundled, embedder, folder, cache=cache, vectors=chosen.engine)
    else:
        with open_services(Settings(data_dir=chosen.data)) as services:
            real = all_passages(services)
        corpus = make_corpus(real, size)
        cache = chosen.data / "index" / "cache"
        with RememberingEmbedder.around(embedder, cache) as remembering:
            _write(folder, corpus, _vectors(corpus, remembering, chosen.sample), embedder, chosen.engine)
    print(f"built {size} elements in {time.process_time() - started:.0f} s of processor time", flush=True)


def _vectors(corpus: Corpus, embedder: RememberingEmbedder, sample: int) -> DenseSide:
    background, recipe = load_background(), recipe_for(embedder)
    dense = DenseSide.build(corpus.passages[: corpus.real], embedder, background, recipe=recipe)
    if corpus.real == len(corpus.passages):
        return dense
    found = sampled(corpus, dense, embedder, background, sample)
    points = np.percentile(found.cosines, [5, 50, 95])
    print(
        f"{len(found.cosines)} variations: cosine to their originals " + ", ".join(f"{p:.3f}" for p in points)
    )
    return moved_like(corpus, dense, found)


def _write(folder: Path, corpus: Corpus, dense: DenseSide, embedder: Embedder, descriptor: str) -> None:
    engine = LocalEngine(descriptor, len(corpus.passages))
    manifest = manifest_of(corpus.passages, embedder, load_background(), dense.recipe, engine)
    version = version_name(manifest)
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    write_version(beside, manifest, corpus.passages, dense, engine)
    put_in_place(beside, folder / version)
    put_in_force(folder, version)


def _report(folder: Path, embedder: Embedder, chosen: argparse.Namespace) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    index = SearchIndex.open(folder, embedder, vectors=chosen.engine)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\n{len(index)} elements, {os.cpu_count()} cores, load average {load}")
    print(f"opened in {wall * 1000:.0f} ms ({processor * 1000:.0f} ms of processor time)")
    queries = _queries(index.passages, chosen.queries)
    for side in SIDES:  # a first round, so that what is mapped is in memory
        for number, query in enumerate(queries):
            _ask(side, index, embedder, query, number)
    for clients in map(int, chosen.clients.split(",")):
        _print_times(clients, _measure(index, embedder, queries, clients))
    print(
        f"recall@10 against the exact product: {_recall(folder, embedder, queries, chosen.engine):.4f}",
        flush=True,
    )


def _queries(passages: Sequence[Passage], count: int) -> list[str]:
    chance = random.Random(0)
    drawn = (passages[chance.randrange(len(passages))].text[:120] for _ in range(10 * count))
    return [*NEED_QUERIES, *(text for text in drawn if len(text) > 6)][:count]


def _ask(side: str, index: SearchIndex, embedder: Embedder, query: str, number: int) -> None:
    if side == "plain cosine":
        vector = embedder.embed([query], role="query")[0]
        rows = top_rows(index.dense.vectors @ vector, 10)
        assert len(rows) == 10
    elif side == "BM25 alone":
        index.lexical.search(query, limit=10)
    else:
        index.search(query, filters=FILTERS[number % len(FILTERS)], facets=side == "with facets")


def _measure(index: SearchIndex, embedder: Embedder, queries: Sequence[str], clients: int) -> list[Asked]:
    """For each query the sides in turn; all clients are at the same side, so that each side meets itself."""
    asked: list[Asked] = []
    together = threading.Barrier(clients)

    def client(own: int) -> None:
        for number in range(len(queries)):
            at = (number + own * 7) % len(queries)
            for turn in range(len(SIDES)):
                side = SIDES[(number + turn) % len(SIDES)]
                together.wait()
                wall, processor = time.perf_counter(), time.thread_time()
                _ask(side, index, embedder, queries[at], at)
                asked.append(
                    Asked(
                        side,
                        (time.perf_counter() - wall) * 1000,
                        (time.thread_time() - processor) * 1000,
                    )
                )

    threads = [threading.Thread(target=client, args=(own,)) for own in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return asked


def _print_times(clients: int, asked: Sequence[Asked]) -> None:
    print(f"{clients} client{'s' * (clients > 1)}: ms      p50     p95     p99   processor (mean)      ratio")
    base = np.median([one.wall for one in asked if one.side == "plain cosine"])
    for side in SIDES:
        walls = [one.wall for one in asked if one.side == side]
        points = np.percentile(walls, [50, 95, 99])
        mean = np.mean([one.processor for one in asked if one.side == side])
        print(
            f"  {side:14}"
            + "".join(f"{one:8.1f}" for one in points)
            + f"{mean:14.1f}{points[0] / base:18.2f}"
        )


def _recall(folder: Path, embedder: Embedder, queries: Sequence[str], descriptor: str) -> float:
    """The share of the ten best rows, by meaning less hub and under the filters, that the engine finds; rows
    with the score of the tenth count as found."""
    recipe = recipe_for(embedder)
    version = find_version(folder, embedder, load_background(), recipe, descriptor)
    parts = read_version(version, recipe)
    near: Callable[..., object] = version.engine.open_vectors(version.folder, version.name, parts.rows).search
    exact = ExactVectors(parts.rows).search
    shares = []
    for number, query in enumerate(queries):
        vector = embedder.embed([query], role="query")
        language = parts.dense.space.language_of(query, vector[0])
        point = parts.dense.point(vector, np.ones(1, np.float32), language)
        for filters in (Filters(), FILTERS[number % len(FILTERS)]):
            allowed = Scope(
                parts.table, parts.latest, parts.table.values(filters), all_versions=False
            ).allowed
            if not allowed.count:
                continue
            (best,), (found,) = exact(point, Wanted(10, allowed)), near(point, Wanted(10, allowed))
            shares.append((found.scores >= best.scores[-1] - 1e-6).sum() / len(best.rows))
    return float(np.mean(shares))


if __name__ == "__main__":
    main()

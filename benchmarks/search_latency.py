"""How long a warm search takes: one client, the bundled standard, next to plain cosine with the same model.

    python benchmarks/search_latency.py [--rounds 5] [--model onnx]

Both sides answer the same queries in turn, so that whatever else the machine does meets both alike.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ontology.readers import read_standard
from search import SearchIndex, open_embedder, passages_of

if TYPE_CHECKING:
    from collections.abc import Callable

QUERIES = (
    "conflict handling",
    "which competencies cover conflict handling",
    "如何處理同事吵架",
    "处理团队冲突",
    "コンフリクト対応",
    "xử lý xung đột",
    "Umgang mit Konflikten",
    "갈등 관리",
    "presupuesto y análisis financiero",
    "menangani keluhan pelanggan",
    "客戶滿意度調查與服務改善",
    "what skills are needed for coaching new members of a team",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each query is asked")
    parser.add_argument("--model", default="onnx", help="descriptor of the embedding model")
    chosen = parser.parse_args()
    embedder = open_embedder(chosen.model)
    with as_file(files("data") / "standards" / "BGM1219-002v2.txt") as path:
        passages = passages_of(read_standard(path))
    with tempfile.TemporaryDirectory() as folder:
        index = SearchIndex.build(passages, embedder, Path(folder))
        matrix = embedder.embed([passage.full_text for passage in passages], role="passage")

        def plain(query: str) -> object:
            return np.argsort(-(matrix @ embedder.embed([query], role="query")[0]))[:10]

        sides: dict[str, Callable[[str], object]] = {"search": index.search, "plain cosine": plain}
        times: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(chosen.rounds + 1):
            for query in QUERIES:
                for name, ask in sides.items():
                    started = time.perf_counter()
                    ask(query)
                    if number:  # the first round warms up
                        times[name].append((time.perf_counter() - started) * 1000)
    print(f"{len(index)} elements, {index.model}, {os.cpu_count()} cores, {len(times['search'])} searches")
    print(f"{'ms':14}{'p50':>8}{'p95':>8}{'p99':>8}")
    points = {name: np.percentile(values, [50, 95, 99]) for name, values in times.items()}
    for name, values in points.items():
        print(f"{name:14}" + "".join(f"{value:8.1f}" for value in values))
    print(f"{'ratio':14}" + "".join(f"{value:8.2f}" for value in points["search"] / points["plain cosine"]))


if __name__ == "__main__":
    main()

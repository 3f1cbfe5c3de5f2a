"""How long a job description takes to be matched against all that is loaded, next to a plain loop over pairs.

    python benchmarks/matching.py DATA_DIR [JOB.txt …] [--rounds 3] [--pairs 20000]

Without files the advertisements of ``data/eval/job-descriptions`` are matched. The loop takes the cosine of
each requirement with each element by itself, in Python; it is timed on some of the pairs and scaled to all.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from api.services import open_services
from api.settings import Settings
from search import Filters
from search.matching.segments import split_segments

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

ADVERTISEMENTS = Path(__file__).resolve().parent.parent / "data" / "eval" / "job-descriptions"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data_dir", type=Path, help="folder of a store and its index")
    parser.add_argument("files", nargs="*", type=Path, help="job descriptions as text")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is matched")
    parser.add_argument("--pairs", type=int, default=20_000, help="how many pairs the loop is timed on")
    chosen = parser.parse_args()
    files = chosen.files or sorted(ADVERTISEMENTS.glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    parts = ("whole", "embedding", "ranking", "evidence", "loop")
    times: dict[str, list[float]] = {name: [] for name in parts}
    segments, requirements = [], []
    with open_services(Settings(data_dir=chosen.data_dir)) as services:
        index = services.index.current()
        among = index.mask(Filters())
        started = time.perf_counter()
        index.matcher().match(texts[0], among)
        first = time.perf_counter() - started
        matcher = index.matcher()
        for _ in range(chosen.rounds):
            for text in texts:
                pieces = [one.text for one in split_segments(text)]
                embedding = seconds(lambda: services.index.embedder.embed(pieces, role="query"))  # noqa: B023
                whole = seconds(lambda: matcher.match(text, among))  # noqa: B023
                reading = matcher.read(text)
                ranking = seconds(lambda: matcher.features(reading))  # noqa: B023
                read = seconds(lambda: matcher.read(text))  # noqa: B023
                times["whole"].append(whole)
                times["embedding"].append(embedding)
                times["ranking"].append(ranking)
                times["evidence"].append(max(whole - read - ranking, 0))
                segments.append(len(pieces))
                requirements.append(len(reading.requirements))
        rows = np.arange(min(len(index), chosen.pairs))
        elements = np.asarray(index.dense.vectors[rows], np.float32)
        point = matcher.read(texts[0]).points.vectors[0]
        per_pair = seconds(lambda: loop(point, elements)) / len(rows)
        times["loop"] = [per_pair * len(index) * count for count in requirements]
        print(
            f"{len(index):,} elements in {len(index.all_standards.contents):,} standards, {index.model}, "
            f"{os.cpu_count()} cores; {len(texts)} advertisements of {np.median(segments):.0f} pieces, "
            f"{np.median(requirements):.0f} requirements (medians); the first took {first:.1f} s"
        )
    print(f"{'s':12}{'median':>9}{'p95':>9}{'most':>9}")
    for name, values in times.items():
        middle, high = np.percentile(values, [50, 95])
        print(f"{name:12}{middle:9.3f}{high:9.3f}{max(values):9.3f}")


def seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def loop(point: NDArray[np.float32], elements: NDArray[np.float32]) -> list[float]:
    """The cosine of a point with each element, pair by pair."""
    length = math.sqrt(float(point @ point))
    return [
        float(point @ element) / (length * math.sqrt(float(element @ element)) or 1.0) for element in elements
    ]


if __name__ == "__main__":
    main()

"""How long comparing takes: two standards, and one with all others, beside a naive loop over all pairs.

    python benchmarks/comparing.py DATA_DIR [--rounds 5] [--pairs 40] [--seed 8]

DATA_DIR is a data folder with an index of real standards (`competency ingest esco-v1.1.1 onet-29.3 icap
--bundled`). Standards are named by their codes as users name them, so that finding them and the links of
their elements is in it. The loop takes the dot product of each element with each of the other side, one by
one (`float(np.dot(…))`), and the best of each row and column: no kinds, languages, assignment or words. Over
all standards it runs for a sample of them, and its time is taken times what the sample is of all pairs.

Each round asks both sides, one after the other, so that whatever else the machine does meets both. Medians of
time that passed, and of processor time of this process (all threads).
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from api.comparing import compare_named, nearest_named
from api.services import open_services
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from api.services import Services
    from search import SearchIndex

KNOWN = (
    ("BGM1219-002v2", "BGM1219-002v2"),
    ("BGM1219-002v2", "43-1011.00"),
    ("BGM1219-002v2 T1", "1219.4"),
)
SAMPLE = 40


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds that passed, and of the processor."""

    passed: float
    processor: float


def taken(work: Callable[[], object]) -> Taken:
    passed, processor = time.perf_counter(), time.process_time()
    work()
    return Taken((time.perf_counter() - passed) * 1000, (time.process_time() - processor) * 1000)


def median(times: Sequence[Taken]) -> Taken:
    return Taken(
        statistics.median(one.passed for one in times), statistics.median(one.processor for one in times)
    )


def naive(first: Sequence[NDArray[np.float32]], second: Sequence[NDArray[np.float32]]) -> list[float]:
    """The best cosine of each element of either side."""
    rows = [-1.0] * len(first)
    columns = [-1.0] * len(second)
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            cosine = float(np.dot(one, other))
            rows[row] = max(rows[row], cosine)
            columns[column] = max(columns[column], cosine)
    return rows + columns


def vectors_of(index: SearchIndex, iri: str) -> list[NDArray[np.float32]]:
    rows = index.comparer().side(iri).rows
    vectors = np.asarray(index.dense.vectors[rows], np.float32)
    return list(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def tell(name: str, own: Taken, loop: Taken) -> None:
    print(
        f"{name:<44} {own.passed:>8.1f} {own.processor:>8.1f} {loop.passed:>10.1f} {loop.processor:>10.1f} "
        f"{loop.processor / max(own.processor, 0.001):>7.1f}"
    )


def compare_two(services: Services, a: str, b: str, rounds: int) -> tuple[str, Taken, Taken]:
    index = services.index.current()
    result = compare_named(services, a, b)
    ends = [(side.part or side.standard).iri for side in (result.a, result.b)]
    first, second = (vectors_of(index, iri) for iri in ends)
    own, loop = [], []
    for _ in range(rounds):
        own.append(taken(lambda: compare_named(services, a, b)))
        loop.append(taken(lambda: naive(first, second)))
    return f"{a} × {b} ({len(first)} × {len(second)})", median(own), median(loop)


def nearest(services: Services, name: str, rounds: int, chosen: Sequence[str]) -> tuple[str, Taken, Taken]:
    index = services.index.current()
    iri = nearest_named(services, name).compared.standard.iri
    first = vectors_of(index, iri)
    others = [vectors_of(index, one) for one in chosen]
    every = len(index.all_standards.contents.rows)
    times = every / max(sum(map(len, others)), 1)
    own, loop = [], []
    for _ in range(rounds):
        # what was found is kept for the page after it, and is not what is measured
        vars(index.all_standards).pop("_known_coverages", None)
        own.append(taken(lambda: nearest_named(services, name)))
        part = taken(lambda: [naive(first, other) for other in others])
        loop.append(Taken(part.passed * times, part.processor * times))
    return f"{name} × all ({len(first)} × {every:,})", median(own), median(loop)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=40, help="pairs of standards drawn by lot")
    parser.add_argument("--seed", type=int, default=8)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with open_services(Settings(data_dir=options.data_dir)) as services:
        opening = taken(lambda: (services.standards(), services.index.current(), services.links.links()))
        gathering = taken(lambda: nearest_named(services, "BGM1219-002v2"))
        codes = [one.code for one in services.standards()]
        print(f"{len(codes):,} standards; milliseconds, medians of {options.rounds} rounds")
        print(f"once: opening {opening.passed:.0f}, first nearest {gathering.passed:.0f}")
        head = ("", "passed", "cpu", "loop", "loop cpu", "ratio")
        print("{:<44} {:>8} {:>8} {:>10} {:>10} {:>7}".format(*head))
        for a, b in KNOWN:
            tell(*compare_two(services, a, b, options.rounds))
        drawn = [tuple(draw.sample(codes, 2)) for _ in range(options.pairs)]
        found = [compare_two(services, a, b, 1) for a, b in drawn]
        tell(
            f"{len(found)} pairs by lot, each once",
            median([own for _, own, _ in found]),
            median([loop for _, _, loop in found]),
        )
        slowest = max(found, key=lambda one: one[1].passed)
        tell(f"  the slowest: {slowest[0]}", *slowest[1:])
        index = services.index.current()
        chosen = [services.standard_iri(code) for code in draw.sample(codes, min(SAMPLE, len(codes)))]
        for name in ("BGM1219-002v2", "43-1011.00", "1219.4"):
            tell(*nearest(services, name, options.rounds, chosen))
        print(f"the index has {len(index):,} elements; the loop over all is reckoned from {len(chosen)}")


if __name__ == "__main__":
    main()

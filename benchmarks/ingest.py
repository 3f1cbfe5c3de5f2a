"""What it costs to ingest a release, beside the bare engine loading the same statements, in one run.

    python benchmarks/ingest.py PATH… [--rounds 1]

"written" reads the release and writes its statements, without a store. "ingested" is the whole path: reading,
writing, digest, and publication on disk, in the document's graph and in the merge of all. "bare" is
``pyoxigraph`` loading the written file into one graph, and "bare, both graphs" into the two that the store
keeps. Each is measured in seconds of wall clock and of processor time (all threads): on a busy machine only
the second says something. The ratios are those of "bare" to the whole path; the peak memory is that of the
process before the bare engine had its turn. Rounds alternate; the best of each is shown.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from graph import OxigraphStore, Status, ingest
from ontology.identifiers import Identifiers
from ontology.rdf_dataset import write_dataset
from ontology.readers.datasets import open_dataset
from ontology.statements import StatementFileWriter

_Result = TypeVar("_Result")

if TYPE_CHECKING:
    from collections.abc import Callable

    from ontology.statements import StatementFile


def write(path: Path, target: Path) -> StatementFile:
    dataset = open_dataset(path)
    if dataset is None:
        raise SystemExit(f"{path} is no release that a reader knows")
    with StatementFileWriter(target) as writer:
        write_dataset(dataset, Identifiers(), writer)
    return writer.finished()


def whole_path(path: Path, folder: Path) -> None:
    with OxigraphStore(folder) as store:
        outcomes = ingest([path], store, Identifiers()).outcomes
    assert [one.status for one in outcomes] == [Status.ADDED], outcomes


def bare(file: StatementFile, folder: Path, graphs: int) -> None:
    store = ox.Store(str(folder))
    for graph in (ox.DefaultGraph(), ox.NamedNode("https://example.org/g"))[:graphs]:
        store.bulk_load(path=str(file.path), format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
    store.flush()


class Times:
    """The best wall clock and processor time of each kind of work, in seconds."""

    def __init__(self) -> None:
        self.best: dict[str, tuple[float, float]] = {}

    def take(self, label: str, work: Callable[[], _Result]) -> _Result:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        before = self.best.get(label, (wall, cpu))
        self.best[label] = (min(before[0], wall), min(before[1], cpu))
        return result


def one_round(path: Path, folder: Path, times: Times) -> tuple[int, int]:
    """How many statements there were, and the peak memory in KB before the bare engine."""
    file = times.take("written", lambda: write(path, folder / "release.nt"))
    times.take("ingested", lambda: whole_path(path, folder / "store"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times.take("bare", lambda: bare(file, folder / "bare", 1))
    times.take("bare, both graphs", lambda: bare(file, folder / "both", 2))
    return file.statements, peak


def measure(path: Path, rounds: int) -> None:
    times = Times()
    peak = 0
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            statements, reached = one_round(path, Path(folder), times)
        peak = peak or reached
    print(f"{path}: {statements:,} statements; load average {os.getloadavg()[0]:.1f}")
    print(f"  {'':<18} {'wall s':>8} {'rate':>9}   {'cpu s':>8} {'rate':>9}")
    for label, (wall, cpu) in times.best.items():
        print(f"  {label:<18} {wall:8.2f} {statements / wall:9,.0f}   {cpu:8.2f} {statements / cpu:9,.0f}")
    (whole_wall, whole_cpu), (bare_wall, bare_cpu) = times.best["ingested"], times.best["bare"]
    print(f"  ratio: wall {bare_wall / whole_wall:.2f}, cpu {bare_cpu / whole_cpu:.2f}; ", end="")
    print(f"peak memory {peak / 1024:,.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    for path in options.paths:
        measure(path, options.rounds)


if __name__ == "__main__":
    main()

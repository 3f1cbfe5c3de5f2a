"""The analysts' questions through the service, beside the bare engine and rdflib, in one run.

    python benchmarks/questions.py DATA_DIR [--copies 1] [--rounds 5] [--rdflib 60]

The data are what is loaded in ``DATA_DIR`` (``competency ingest --data-dir DATA_DIR …``). With
``--copies`` every node that the data describe stands in them so many times, under IRIs of its own.
First come the loads: the statements of the merge from an N-Triples file into bare ``pyoxigraph`` on
disk (one graph), through ``publish`` (the document's graph and the merge, and the whole way to the
disk), and into rdflib in memory.

Then each question of ``graph/queries/questions``: "bare" is ``pyoxigraph`` in this process over the
same database, serialising JSON into memory; "service" adds the guard, a worker process, the pipe
and the bounds; "rdflib" is its own engine (nan where it fails) in a process that is ended after
``--rdflib`` seconds (0 leaves rdflib out). Bare and service alternate, and their times are medians
in milliseconds; rdflib is asked once. "allowed" is 1.3 × bare + 5 ms, and ! marks what takes
longer.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
import multiprocessing
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import Graph

from graph import OxigraphStore, SparqlService, questions
from ontology.statements import StatementFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

JSON = "application/sparql-results+json"
COPY = "https://example.org/copy/"


@dataclass(frozen=True)
class Times:
    """Of one question, in seconds; ``rdflib`` is infinite where it was ended."""

    bare: float
    service: float
    rdflib: float | None


def triples(store: ox.Store, copies: int) -> Iterator[ox.Triple]:
    """The merge, as often as is asked for; the first time as it is."""
    described = {quad.subject for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    for number in range(copies):
        for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
            if number == 0:
                yield quad.triple
                continue
            subject, value = (
                ox.NamedNode(f"{COPY}{number}/{term.value}") if term in described else term
                for term in (quad.subject, quad.object)
            )
            yield ox.Triple(subject, quad.predicate, value)


def write(store: ox.Store, copies: int, target: Path) -> StatementFile:
    count, digest = 0, hashlib.sha256()
    with target.open("wb") as handle:
        for triple in triples(store, copies):
            line = f"{triple} .\n".encode()
            handle.write(line)
            digest.update(line)
            count += 1
    return StatementFile(target, digest.hexdigest(), count)


def load(document: StatementFile, folder: Path, *, with_rdflib: bool) -> tuple[OxigraphStore, Graph | None]:
    """Each engine's own time to load the statements; the published store and rdflib's graph."""
    begin = time.perf_counter()
    engine = ox.Store(str(folder / "bare"))
    engine.bulk_load(path=str(document.path), format=ox.RdfFormat.N_TRIPLES)
    engine.flush()
    one = time.perf_counter() - begin
    del engine
    store = OxigraphStore(folder / "store")
    begin = time.perf_counter()
    store.publish({COPY: document})
    two = time.perf_counter() - begin
    print(f"load of {document.statements:,} statements")
    print(f"bare {one:.1f} s, published {two:.1f} s ({two / one:.2f} × bare)")
    if not with_rdflib:
        return store, None
    begin = time.perf_counter()
    graph = Graph().parse(document.path, format="nt")
    three = time.perf_counter() - begin
    print(f"rdflib in memory {three:.1f} s ({three / one:.1f} × bare, {three / two:.1f} × published)")
    return store, graph


def bare(store: ox.Store, query: str) -> bytes:
    results = store.query(query)
    assert isinstance(results, ox.QuerySolutions)
    output = io.BytesIO()
    results.serialize(output, format=ox.QueryResultsFormat.JSON)
    return output.getvalue()


def by_rdflib(graph: Graph, query: str, limit: float) -> float:
    """Seconds, or infinity where it took longer than the limit; in a fork, which can be ended."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def ask(pipe: Connection) -> None:
        os.close(2)  # what it cannot answer, it tells at length
        begin = time.perf_counter()
        graph.query(query).serialize(format="json")
        pipe.send(time.perf_counter() - begin)

    process = context.Process(target=ask, args=(theirs,))
    process.start()
    theirs.close()
    try:
        return ours.recv() if ours.poll(limit) else math.inf
    except EOFError:
        return math.nan
    finally:
        process.kill()
        process.join()


def ask_each(store: OxigraphStore, graph: Graph | None, rounds: int, limit: float) -> list[Times]:
    snapshot = ox.Store.read_only(str(store.version().database))
    found = []
    heads = f"{'bare':>9}{'service':>9}{'ratio':>7}{'allowed':>9}{'rdflib':>10}{'× service':>10}"
    print(f"\n{'question':<32}{heads}")
    with SparqlService(store, deadline=3600.0) as service:
        service.start()
        for question in questions():
            query = question.sparql
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(rounds):
                begin = time.perf_counter()
                expected = bare(snapshot, query)
                times[0].append(time.perf_counter() - begin)
                begin = time.perf_counter()
                answer = service.query(query, accept=JSON).body
                times[1].append(time.perf_counter() - begin)
            if len(answer) != len(expected):  # the order of rows may differ where a question leaves it open
                raise SystemExit(f"{question.name}: the service and the bare engine do not answer the same")
            other = by_rdflib(graph, query, limit) if graph is not None else None
            one = Times(statistics.median(times[0]), statistics.median(times[1]), other)
            found.append(one)
            print(line(question.name, one))
    return found


def line(name: str, one: Times) -> str:
    ratio, allowed = one.service / one.bare, one.bare * 1.3 + 0.005
    mark = " " if one.service <= allowed else "!"
    text = f"{name:<32}{one.bare * 1000:>9.1f}{one.service * 1000:>9.1f}{ratio:>7.2f}"
    text += f"{allowed * 1000:>8.1f}{mark}"
    if one.rdflib is None:
        return text
    return f"{text}{one.rdflib * 1000:>10.0f}{one.rdflib / one.service:>10.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="The analysts' questions: service, bare engine, rdflib.")
    parser.add_argument("data_dir", type=Path, help="a data folder that standards were ingested into")
    parser.add_argument("--copies", type=int, default=1, help="how often the data stand in the store")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions of each question")
    parser.add_argument(
        "--rdflib", type=float, default=60.0, help="seconds for rdflib's answer; 0: without it"
    )
    options = parser.parse_args()
    with OxigraphStore(options.data_dir / "store") as source, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = ox.Store.read_only(str(source.version().database))
        document = write(snapshot, options.copies, folder / "statements.nt")
        del snapshot
        store, graph = load(document, folder, with_rdflib=options.rdflib > 0)
        found = ask_each(store, graph, options.rounds, options.rdflib)
        kept = sum(one.service <= one.bare * 1.3 + 0.005 for one in found)
        print(f"\n{kept} of {len(found)} within 1.3 × bare + 5 ms", end="")
        ratios = [
            one.rdflib / one.service for one in found if one.rdflib is not None and not math.isnan(one.rdflib)
        ]
        print(f"; median of rdflib / service {statistics.median(ratios):.1f}" if ratios else "")
        store.close()


if __name__ == "__main__":
    main()

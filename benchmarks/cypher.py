"""The analysts' questions in Cypher through the service, beside the bare driver, in one run.

    python benchmarks/cypher.py DATA_DIR [--rounds 5] [--uri bolt://HOST:PORT --user neo4j]

The data are what is loaded in ``DATA_DIR``; the first line is the time to make the property graph
of them. Without ``--uri`` the server is a local ArcadeDB of this run; the password for another is
in ``NEO4J_PASSWORD``, and its database is replaced. "driver" is the official driver, every row
fetched; "service" adds the guard (whose reading of a text is kept, so the first round is slower),
the thread with its deadline, and the values as JSON. Both alternate; times are medians in
milliseconds. ! marks what takes more than twice as long.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from neo4j import READ_ACCESS, GraphDatabase

from graph import OxigraphStore
from graph.analyst_questions import questions
from graph.cypher import CypherService
from graph.property_graph import open_property_graph
from graph.property_graph.arcade_server import ArcadeServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neo4j import Driver


@contextlib.contextmanager
def server(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, tuple[str, str], str | None]]:
    """Address, user with password, and database."""
    if options.uri:
        yield options.uri, (options.user, os.environ["NEO4J_PASSWORD"]), options.database
        return
    local = ArcadeServer(folder, command_seconds=600, memory_mb=2048)
    endpoint = local.start()
    try:
        yield endpoint.uri, endpoint.writer, endpoint.database
    finally:
        local.stop()


def bare(driver: Driver, database: str | None, query: str) -> int:
    with driver.session(database=database, default_access_mode=READ_ACCESS, fetch_size=1000) as session:
        return len([record.values() for record in session.run(query)])


def main() -> None:
    parser = argparse.ArgumentParser(description="The analysts' questions in Cypher: service and driver.")
    parser.add_argument("data_dir", type=Path, help="a data folder that standards were ingested into")
    parser.add_argument("--rounds", type=int, default=5, help="repetitions of each question")
    parser.add_argument("--uri", help="a server with an empty or replaceable database")
    parser.add_argument("--user", default="neo4j")
    parser.add_argument("--database")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        uri, who, database = stack.enter_context(server(options, folder / "server"))
        store = stack.enter_context(OxigraphStore(options.data_dir / "store"))
        graph = stack.enter_context(
            open_property_graph(uri, folder=folder / "graph", user=who[0], password=who[1], database=database)
        )
        begin = time.perf_counter()
        report = graph.project(store, rebuild=True)
        seconds = time.perf_counter() - begin
        nodes = report.census.labels["Resource"]
        links = sum(report.census.relationships.values())
        print(f"{nodes:,} nodes and {links:,} relationships made and verified in {seconds:.0f} s\n")
        driver = stack.enter_context(GraphDatabase.driver(uri, auth=who))
        service = CypherService(graph, store.revision, deadline=600, rows=1_000_000)
        compare(driver, database, service, options.rounds)


def compare(driver: Driver, database: str | None, service: CypherService, rounds: int) -> None:
    print(f"{'question':<32}{'rows':>7}{'driver':>10}{'service':>10}{'ratio':>7}{'first':>10}")
    ratios = []
    for question in questions():
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            begin = time.perf_counter()
            rows = bare(driver, database, question.cypher)
            times[0].append(time.perf_counter() - begin)
            begin = time.perf_counter()
            answer = service.query(question.cypher)
            times[1].append(time.perf_counter() - begin)
            if len(answer.rows) != rows:
                raise SystemExit(f"{question.name}: the service and the driver do not answer the same")
        one, two = (statistics.median(both) * 1000 for both in times)
        ratios.append(two / one)
        mark = "!" if two > 2 * one else " "
        first = times[1][0] * 1000
        print(f"{question.name:<32}{rows:>7}{one:>10.1f}{two:>10.1f}{two / one:>6.2f}{mark}{first:>10.1f}")
    kept = sum(ratio <= 2 for ratio in ratios)
    print(f"\n{kept} of {len(ratios)} within 2 × the driver; median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()

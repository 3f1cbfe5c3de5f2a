"""What users' SPARQL costs beside the bare engine: the same queries both ways, alternating, in one run.

    python benchmarks/sparql.py [--copies 100] [--rounds 30]

The data are copies of the bundled standard under other codes. "bare" is ``pyoxigraph`` in this process,
serialising into memory; "service" adds the guard, a worker process, the pipe and the bounds. Times are
medians in milliseconds. The last lines are the start of a worker, its replacement after a kill, and one
publication.
"""

from __future__ import annotations

import argparse
import io
import statistics
import tempfile
import time
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import pyoxigraph as ox

from graph import OxigraphStore, SparqlService
from ontology.errors import QueryTimeout
from ontology.identifiers import Identifiers
from ontology.model import Standard
from ontology.rdf import to_graph
from ontology.readers import read_standard
from ontology.vocabulary import vocabulary_graph

PREFIXES = (
    "PREFIX cg: <https://w3id.org/competency-graph/ontology#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
JSON, TURTLE = "application/sparql-results+json", "text/turtle"
QUERIES = {
    "truth value": ("ASK { ?s a cg:Standard }", JSON),
    "count of indicators": ("SELECT (COUNT(?i) AS ?n) { ?i a cg:Indicator }", JSON),
    "tasks of one standard": (
        'SELECT ?code ?name { ?t a cg:Task ; cg:ofStandard/skos:notation "BGM0001-002v2" ; '
        "skos:notation ?code ; skos:prefLabel ?name }",
        JSON,
    ),
    "texts that hold 衝突": (
        'SELECT ?e ?text { ?e skos:prefLabel ?text FILTER(CONTAINS(STR(?text), "衝突")) }',
        JSON,
    ),
    "skills wanted by two tasks": (
        "SELECT ?s (COUNT(?t) AS ?n) { ?t cg:requiresSkill ?s } GROUP BY ?s HAVING (COUNT(?t) > 1)",
        JSON,
    ),
    "every statement": ("SELECT * { ?s ?p ?o }", JSON),
    "all indicators as Turtle": (
        "CONSTRUCT { ?i skos:prefLabel ?text } { ?i a cg:Indicator ; skos:prefLabel ?text }",
        TURTLE,
    ),
}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def bundled() -> Standard:
    with as_file(files("data") / "standards" / "BGM1219-002v2.txt") as path:
        return read_standard(path)


def bare(store: ox.Store, query: str, media_type: str) -> bytes:
    results = store.query(query)
    output = io.BytesIO()
    if isinstance(results, ox.QueryTriples):
        ox.serialize(results, output, format=ox.RdfFormat.from_media_type(media_type))
    else:
        results_format = ox.QueryResultsFormat.from_media_type(media_type)
        assert results_format is not None
        results.serialize(output, format=results_format)
    return output.getvalue()


def milliseconds(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000


def queries(store: OxigraphStore, service: SparqlService, rounds: int) -> None:
    snapshot = ox.Store.read_only(str(store.version().database))
    print(f"{len(snapshot):,} quads; times in ms\n")
    print(f"{'query':<28}{'answer':>10}{'bare':>9}{'service':>9}{'ratio':>7}{'more':>8}")
    for name, (text, media_type) in QUERIES.items():
        query = PREFIXES + text
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            begin = time.perf_counter()
            expected = bare(snapshot, query, media_type)
            times[0].append(time.perf_counter() - begin)
            begin = time.perf_counter()
            answer = service.query(query, accept=media_type)
            for _ in answer.chunks():
                pass
            times[1].append(time.perf_counter() - begin)
        assert media_type == TURTLE or answer.body == expected
        one, other = milliseconds(times[0]), milliseconds(times[1])
        size = f"{answer.size / 1024:,.1f} K"
        print(f"{name:<28}{size:>10}{one:>9.2f}{other:>9.2f}{other / one:>7.2f}{other - one:>+8.2f}")


def workers(store: OxigraphStore, rounds: int) -> None:
    first, after = [], []
    for _ in range(max(rounds // 3, 1)):
        service = SparqlService(store, workers=1)
        begin = time.perf_counter()
        service.query("ASK {}")
        first.append(time.perf_counter() - begin)
        try:
            service.query(ENDLESS, deadline=0.2)
        except QueryTimeout:
            begin = time.perf_counter()
            service.query("ASK {}")
            after.append(time.perf_counter() - begin)
        service.close()
    print(f"\nfirst answer of a new worker: {milliseconds(first):.0f} ms")
    print(f"answer right after a worker was killed: {milliseconds(after):.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="SPARQL through the service against bare pyoxigraph.")
    parser.add_argument("--copies", type=int, default=100, help="how many standards")
    parser.add_argument("--rounds", type=int, default=30, help="repetitions of each query")
    options = parser.parse_args()
    identifiers, standard = Identifiers(), bundled()
    with (
        tempfile.TemporaryDirectory() as folder,
        OxigraphStore(Path(folder) / "store") as store,
    ):
        graphs = {}
        for number in range(1, options.copies + 1):
            code = f"BGM{number:04d}-002v2"
            graphs[identifiers.standard("icap", code)] = to_graph(replace(standard, code=code), identifiers)
        store.publish({identifiers.base + "vocabulary": vocabulary_graph(identifiers), **graphs})
        service = SparqlService(store)
        service.start()
        queries(store, service, options.rounds)
        service.close()
        workers(store, options.rounds)
        iri, graph = next(iter(graphs.items()))
        times = []
        for change in (None, graph) * 3:
            begin = time.perf_counter()
            store.publish({iri: change})
            times.append(time.perf_counter() - begin)
        print(f"publication of one standard ({len(graph):,} statements): {milliseconds(times):.0f} ms")


if __name__ == "__main__":
    main()

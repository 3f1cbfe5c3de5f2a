"""SPARQL in worker processes: right answers in every format, and bounds on time, memory, size and waiting."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, Literal, URIRef

from graph import ingest
from graph.negotiation import best_media_type
from graph.oxigraph import MemoryStore, OxigraphStore, Version
from graph.sparql import GRAPH_TYPES, RESULT_TYPES, SparqlService
from graph.sparql_worker import RowCount
from ontology.errors import (
    CompetencyError,
    InvalidInput,
    NotAcceptable,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    StoreMissing,
    Unavailable,
)
from ontology.identifiers import Identifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
A, B = "https://example.org/a", "https://example.org/b"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def graph_of(name: str, count: int) -> Graph:
    graph = Graph()
    for number in range(count):
        subject = URIRef(f"https://example.org/{name}/{number}")
        graph.add((subject, URIRef("https://example.org/p"), Literal(f'衝突, "{number}"', lang="zh-Hant")))
        graph.add(
            (subject, URIRef("https://example.org/next"), URIRef(f"https://example.org/{name}/{number + 1}"))
        )
    return graph


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OxigraphStore]:
    with OxigraphStore(tmp_path_factory.mktemp("sparql") / "store") as opened:
        opened.publish({A: graph_of("a", 200), B: graph_of("b", 3)})
        yield opened


@pytest.fixture(scope="module")
def service(store: OxigraphStore) -> Iterator[SparqlService]:
    with SparqlService(store, workers=2, deadline=20, memory_mb=256, answer_mb=1, waiting=2) as opened:
        yield opened


def test_select_in_every_format(service: SparqlService) -> None:
    query = "SELECT ?o WHERE { <https://example.org/b/0> <https://example.org/p> ?o }"
    answers = {media_type: service.query(query, accept=media_type) for media_type in RESULT_TYPES}
    assert all(answer.media_type == media_type for media_type, answer in answers.items())
    bindings = json.loads(answers["application/sparql-results+json"].body)["results"]["bindings"]
    assert bindings == [{"o": {"type": "literal", "value": '衝突, "0"', "xml:lang": "zh-hant"}}]
    rows = list(csv.reader(io.StringIO(answers["text/csv"].body.decode())))
    assert rows == [["o"], ['衝突, "0"']]
    assert answers["text/tab-separated-values"].body.decode() == '?o\n"衝突, \\"0\\""@zh-hant\n'
    assert b'<literal xml:lang="zh-hant">' in answers["application/sparql-results+xml"].body


def test_construct_in_every_format(service: SparqlService) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <https://example.org/b> { ?s ?p ?o } }"
    parsers = dict(zip(GRAPH_TYPES, ("turtle", "nt", "json-ld", "xml"), strict=True))
    for media_type, parser in parsers.items():
        answer = service.query(query, accept=media_type)
        assert answer.media_type == media_type
        assert len(Graph().parse(data=answer.body, format=parser)) == 6


def test_ask_and_what_it_cannot_be_given_as(service: SparqlService) -> None:
    answer = service.query("ASK { ?s ?p ?o }", accept="application/json")
    assert answer.media_type == "application/sparql-results+json"
    assert json.loads(answer.body)["boolean"] is True
    with pytest.raises(NotAcceptable, match="sparql-results"):
        service.query("ASK {}", accept="text/csv")


def test_the_dataset_of_the_request(service: SparqlService) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    def counted(query: str, **dataset: tuple[str, ...]) -> int:
        body = service.query(query, **dataset).body  # type: ignore[arg-type]
        return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])

    assert counted(count) == 406
    assert counted(count, default_graphs=(B,)) == 6
    assert counted("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }", named_graphs=(A,)) == 400
    assert counted(f"SELECT (COUNT(*) AS ?n) FROM <{B}> WHERE {{ ?s ?p ?o }}") == 6
    with pytest.raises(InvalidInput, match="absolute IRI"):
        service.query(count, default_graphs=("no iri",))


def test_a_syntax_error_names_its_place_and_the_worker_lives_on(service: SparqlService) -> None:
    service.start()
    before = service.pool.process_ids()
    with pytest.raises(QuerySyntaxError, match="line 2, column") as caught:
        service.query("SELECT *\n{ ?s ?p }")
    assert caught.value.line == 2
    with pytest.raises(QueryRefused):
        service.query("DROP ALL")
    assert service.pool.process_ids() == before


@pytest.mark.parametrize(
    "query",
    [
        CROSS,
        "SELECT (COUNT(*) AS ?n) { ?a (<x:y>|!<x:y>)* ?b . ?c (<x:y>|!<x:y>)* ?d . ?e ?f ?g . ?h ?i ?j }",
        "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY CONCAT(STR(?a), STR(?d), STR(?g)) LIMIT 1",
        "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(CONCAT(STR(?c), STR(?f), STR(?i)) = 'never') }",
    ],
)
def test_an_endless_query_is_stopped_at_its_deadline(service: SparqlService, query: str) -> None:
    with pytest.raises((QueryTimeout, QueryTooLarge)):
        service.query(query, deadline=1.0)
    assert json.loads(service.query("ASK { ?s ?p ?o }").body)["boolean"] is True


def test_other_queries_are_answered_while_one_is_endless(service: SparqlService) -> None:
    failures: list[BaseException] = []

    def endless() -> None:
        try:
            service.query(CROSS, deadline=3.0)
        except QueryTimeout as error:
            failures.append(error)

    thread = threading.Thread(target=endless)
    thread.start()
    answered = 0
    while thread.is_alive():
        service.query("ASK { ?s ?p ?o }")
        answered += 1
    assert len(failures) == 1
    assert answered > 10


def test_a_query_that_eats_memory_is_stopped_and_the_service_goes_on(service: SparqlService) -> None:
    doublings = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(28))
    bomb = f'SELECT (STRLEN(?s28) AS ?length) {{ BIND("1234567890" AS ?s0) {doublings} }}'
    with pytest.raises(QueryTooLarge, match="256 MiB of memory"):
        service.query(bomb, deadline=20)
    assert json.loads(service.query("ASK {}").body)["boolean"] is True


def test_an_answer_over_the_limit_is_refused_whole(service: SparqlService) -> None:
    with pytest.raises(QueryTooLarge, match="1 MiB; add a LIMIT"):
        service.query("SELECT * { ?a ?b ?c . ?d ?e ?f }")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize("media_type", RESULT_TYPES)
def test_rows_are_counted_in_what_is_written(service: SparqlService, media_type: str, size: int) -> None:
    texts = [
        "x,{",
        "[{",
        '"',
        ',{"}',
        '[{",',
        "\\n",
        "\\r\\n",
        "\\\\",
        ',{\\\\"a',
        "<result>",
        "a,{",
        "}},{",
        "",
    ]
    quoted = [
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        for text in texts
    ]
    values = " ".join(f'("{one}" "{other}")' for one in quoted for other in quoted)
    body = service.query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}", accept=media_type).body
    count = RowCount(media_type)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    assert [count.add(piece) for piece in pieces][-1] == len(texts) ** 2


def test_more_rows_than_the_bound_are_refused_whole(store: OxigraphStore) -> None:
    with SparqlService(store, workers=1, rows=6) as service:
        for media_type in RESULT_TYPES:
            assert service.query("SELECT * { ?s ?p ?o } LIMIT 6", accept=media_type).body
            with pytest.raises(QueryTooLarge, match="more than 6 rows"):
                service.query("SELECT * { ?s ?p ?o } LIMIT 7", accept=media_type)
        for media_type in GRAPH_TYPES:
            assert service.query("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 6", accept=media_type).body
            with pytest.raises(QueryTooLarge, match="more than 6 rows"):
                service.query("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 7", accept=media_type)


def test_too_many_waiting_queries_are_told_to_come_again(service: SparqlService) -> None:
    outcomes: list[str] = []

    def ask() -> None:
        try:
            service.query(CROSS, deadline=2.0)
        except CompetencyError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("Overloaded") >= 4  # two run, two wait
    assert set(outcomes) <= {"Overloaded", "QueryTimeout"}
    assert json.loads(service.query("ASK {}").body)["boolean"] is True


def test_a_killed_worker_fails_its_query_alone(service: SparqlService) -> None:
    service.start()
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            service.query(CROSS, deadline=10.0)
        except CompetencyError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.5)
    for process_id in service.pool.process_ids():
        os.kill(process_id, signal.SIGKILL)
    thread.join()
    assert "ended unexpectedly" in str(errors[0])
    assert json.loads(service.query("ASK {}").body)["boolean"] is True


def test_a_new_revision_is_seen_by_the_next_query(tmp_path: Path) -> None:
    with OxigraphStore(tmp_path / "s") as store, SparqlService(store, workers=1) as service:
        with pytest.raises(StoreMissing):
            service.query("ASK {}")
        count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
        for size in (1, 2, 3):
            revision = store.publish({A: graph_of("a", size)})
            answer = service.query(count, accept="text/csv")
            assert (answer.body.split()[1], answer.revision) == (str(2 * size).encode(), revision)
        service.close()
        with pytest.raises(Unavailable, match="stopping"):
            service.query("ASK {}")


def test_the_sample_has_66_indicators(tmp_path: Path, sample_path: Path) -> None:
    with OxigraphStore(tmp_path / "s") as store:
        ingest([sample_path], store, Identifiers())
        with SparqlService(store, workers=1) as service:
            query = (
                "PREFIX cg: <https://w3id.org/competency-graph/ontology#> "
                "SELECT (COUNT(?indicator) AS ?n) { ?indicator a cg:Indicator }"
            )
            assert service.query(query, accept="text/csv").body.split() == [b"n", b"66"]


def test_a_large_answer_comes_in_pieces_and_whole(store: OxigraphStore) -> None:
    with SparqlService(store, workers=1, answer_mb=64) as service:
        query = "SELECT * { ?a ?b ?c . ?d <https://example.org/next> ?f } LIMIT 20000"
        answer = service.query(query, accept="text/csv")
        pieces = list(answer.chunks())
        assert len(pieces) > 3
        assert b"".join(pieces) == answer.body
        assert (answer.size, answer.body.count(b"\r\n")) == (len(answer.body), 20001)
        answer.content.close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { FILTER(" + "(" * 40_000 + "1" + ")" * 40_000 + ") }",
        "SELECT * {" + "{" * 45_000 + "}" * 45_000 + "}",
        "ASK { FILTER(" + "!" * 90_000 + "true) }",
        "ASK { FILTER(" + "||".join(["?a"] * 20_000) + ") }",
    ],
    ids=["parentheses", "braces", "negations", "alternatives"],
)
def test_a_query_nested_beyond_the_stack_ends_its_worker_alone(service: SparqlService, query: str) -> None:
    with pytest.raises(QueryTooLarge, match="nested too deeply"):
        service.query(query)
    assert json.loads(service.query("ASK {}").body)["boolean"] is True


def test_a_stopped_worker_is_replaced_before_the_next_query(store: OxigraphStore) -> None:
    with SparqlService(store, workers=2) as service:
        service.start()
        before = set(service.pool.process_ids())
        with pytest.raises(QueryTimeout):
            service.query(CROSS, deadline=0.3)
        after = set(service.pool.process_ids())
        assert (len(after), len(before & after)) == (2, 1)


def test_a_worker_that_died_idle_is_replaced_unnoticed(store: OxigraphStore) -> None:
    with SparqlService(store, workers=1) as service:
        service.query("ASK {}")
        [process_id] = service.pool.process_ids()
        os.kill(process_id, signal.SIGKILL)
        end = time.monotonic() + 10
        while _runs(process_id) and time.monotonic() < end:
            time.sleep(0.01)
        assert json.loads(service.query("ASK {}").body)["boolean"] is True
        assert service.pool.process_ids() != (process_id,)


def test_closing_ends_queries_in_flight_and_all_workers(store: OxigraphStore) -> None:
    with SparqlService(store, workers=2, deadline=600) as service:
        service.start()
        process_ids = service.pool.process_ids()
        errors: list[BaseException] = []

        def ask() -> None:
            try:
                service.query(CROSS)
            except CompetencyError as error:
                errors.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.3)
        service.close()
        thread.join(30)
        assert [type(error) for error in errors] == [Unavailable]
        assert not any(_runs(process_id) for process_id in process_ids)
        assert service.pool.process_ids() == ()


def test_a_version_that_is_removed_before_it_is_opened_is_passed_over(tmp_path: Path) -> None:
    class Slow(OxigraphStore):
        """Tells a version that was published long ago once more, as if it had looked then."""

        told: Version | None = None

        def version(self) -> Version:
            version, self.told = self.told or super().version(), None
            return version

    with Slow(tmp_path / "s") as store:
        store.publish({A: graph_of("a", 1)})
        old = store.version()
        for size in range(2, 7):
            store.publish({A: graph_of("a", size)})
        assert not old.database.exists()
        with SparqlService(store, workers=1) as service:
            store.told = old
            answer = service.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", accept="text/csv")
            assert (answer.body.split()[1], answer.revision) == (b"12", store.revision())


def test_a_store_in_memory_cannot_serve_other_processes() -> None:
    with pytest.raises(InvalidInput, match="oxigraph:FOLDER"):
        SparqlService(MemoryStore())


def test_no_worker_outlives_a_killed_service(tmp_path: Path) -> None:
    """One worker is idle and one busy, far from its deadline, when the parent is killed without warning."""
    with OxigraphStore(tmp_path / "s") as store:
        store.publish({A: graph_of("a", 200)})
    script = (
        "import sys, threading, time\n"
        "from pathlib import Path\n"
        "from graph.oxigraph import OxigraphStore\n"
        "from graph.sparql import SparqlService\n"
        "if __name__ == '__main__':\n"
        "    service = SparqlService(OxigraphStore(Path(sys.argv[1])), workers=2, deadline=600.0)\n"
        "    service.start()\n"
        f"    threading.Thread(target=lambda: service.query({CROSS!r}), daemon=True).start()\n"
        "    time.sleep(0.3)\n"
        "    print(*service.pool.process_ids(), flush=True)\n"
        "    time.sleep(60)\n"
    )
    path = tmp_path / "parent.py"
    path.write_text(script, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(path), str(tmp_path / "s")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        process_ids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()
    assert len(process_ids) == 2
    end = time.monotonic() + 15
    while time.monotonic() < end and any(_runs(process_id) for process_id in process_ids):
        time.sleep(0.1)
    assert [process_id for process_id in process_ids if _runs(process_id)] == []


def _runs(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("text/turtle;q=0.9, text/html;q=0.8", "text/turtle"),
        ("text/*;q=0.1, text/turtle", "text/turtle"),
        ("TEXT/TURTLE", "text/turtle"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/html;q=0.5;level=1, text/turtle;q=0.5", "text/html"),
        ("image/png", None),
        ("text/turtle;q=x", None),
        ("text/turtle;q=0", None),
        (",;,", None),
    ],
)
def test_the_best_media_type_is_negotiated(accept: str | None, expected: str | None) -> None:
    assert best_media_type(accept, ["text/html", "text/turtle"]) == expected

"""A SPARQL endpoint as the store: the same answers as from the local one, and clear words when it fails."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from sparql_servers import emptied

from graph.ingest import ingest
from graph.remote import RemoteStore
from graph.remote_client import Endpoint, RemoteClient
from graph.repository import list_standards, load_standard
from graph.sparql import GRAPH_TYPES, RESULT_TYPES, SparqlService
from graph.store import Access, open_store
from ontology.errors import (
    InvalidInput,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    StoreBusy,
    Unavailable,
)
from ontology.identifiers import Identifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.store import RdfStore

A, B = "https://example.org/a", "https://example.org/b"
P = URIRef("https://example.org/p")
BOOKKEEPING = "urn:competency-graph:store:bookkeeping"
ROOT = Path(__file__).resolve().parent.parent
SERVERS = ["oxigraph_server", pytest.param("fuseki_server", marks=pytest.mark.servers)]
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def graph_of(*texts: str) -> Graph:
    graph = Graph()
    for number, text in enumerate(texts):
        graph.add((URIRef(f"https://example.org/s{number}"), P, Literal(text)))
    return graph


DOCUMENTS = {A: graph_of("shared", "衝突", '"\\u0041\\\n'), B: graph_of("shared", "own")}


@pytest.fixture(params=SERVERS)
def descriptor(request: pytest.FixtureRequest) -> str:
    return emptied(request.getfixturevalue(request.param))


@pytest.fixture
def remote(descriptor: str) -> Iterator[RemoteStore]:
    with open_store(descriptor) as store:
        assert isinstance(store, RemoteStore)
        yield store


@pytest.fixture
def local(tmp_path: Path) -> Iterator[RdfStore]:
    with open_store(f"oxigraph:{tmp_path / 'local'}") as store:
        yield store


SELECTS = [
    "SELECT ?s ?o WHERE { ?s ?p ?o } ORDER BY ?s ?o",
    "SELECT ?g ?o WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?o",
    f"SELECT ?o FROM <{B}> WHERE {{ ?s ?p ?o }} ORDER BY ?o",
    f"SELECT ?o FROM NAMED <{A}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?o",
    "SELECT DISTINCT ?g WHERE { \\u0047RAPH ?g { ?s ?p ?o } } ORDER BY ?g",
    "SELECT ?o WHERE { ?s ?p ?o FILTER(?o != 'FROM GRAPH') } ORDER BY ?o",
]


@pytest.mark.parametrize("media_type", RESULT_TYPES)
def test_users_get_the_same_rows_in_every_format(
    remote: RemoteStore, local: RdfStore, media_type: str
) -> None:
    for store in (remote, local):
        store.publish(DOCUMENTS)
    with SparqlService(remote) as far, SparqlService(local, workers=1) as near:
        for query in SELECTS:
            if "\\u0047" in query and media_type != RESULT_TYPES[0]:
                continue
            try:
                expected = near.query(query, accept=media_type)
            except InvalidInput:
                continue  # the local engine undoes escapes within terminals only
            answer = far.query(query, accept=media_type)
            assert (answer.media_type, answer.revision) == (media_type, remote.revision())
            if media_type == "text/csv":
                assert answer.body.split() == expected.body.split()
                continue
            form = ox.QueryResultsFormat.from_media_type(media_type)
            rows = [ox.parse_query_results(one.body, format=form) for one in (answer, expected)]
            assert all(isinstance(one, ox.QuerySolutions) for one in rows)
            found, wanted = ([list(row) for row in one] for one in rows if isinstance(one, ox.QuerySolutions))
            assert found == wanted, query
            assert wanted


@pytest.mark.parametrize("media_type", GRAPH_TYPES)
def test_users_get_the_same_graph_in_every_format(
    remote: RemoteStore, local: RdfStore, media_type: str
) -> None:
    for store in (remote, local):
        store.publish(DOCUMENTS)
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    form = {"text/turtle": "turtle", "application/n-triples": "nt", "application/ld+json": "json-ld"}
    with SparqlService(remote) as far, SparqlService(local, workers=1) as near:
        found, wanted = (
            Graph().parse(data=one.query(query, accept=media_type).body, format=form.get(media_type, "xml"))
            for one in (far, near)
        )
    assert isomorphic(found, wanted)
    assert len(wanted) == 4


def test_a_graph_given_with_the_request_is_the_data_set(remote: RemoteStore) -> None:
    remote.publish(DOCUMENTS)
    with SparqlService(remote) as service:
        body = service.query(COUNT, accept="text/csv", default_graphs=[B]).body
    assert body.split() == [b"n", b"2"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <urn:competency-graph:store:bookkeeping> WHERE { ?s ?p ?o }",
        "SELECT * FROM NAMED <urn:competency-graph:store:bookkeeping> WHERE { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX store: <urn:competency-graph:store:> SELECT * FROMstore:bookkeeping WHERE { ?s ?p ?o }",
        "BASE <urn:competency-graph:store:> SELECT * FROM <bookkeeping> WHERE { ?s ?p ?o }",
        "SELECT * \\u0046ROM <urn:competency-graph:store:bookkeeping> WHERE { ?s ?p ?o }",
        "SELECT * FROM <http://127.0.0.1:9/elsewhere> WHERE { ?s ?p ?o }",
        "SELECT * FROM <urn:competency-graph:store:merge> FROM <urn:x> WHERE { ?s ?p ?o }",
    ],
)
def test_only_documents_are_graphs_for_users(remote: RemoteStore, query: str) -> None:
    """Neither what the store keeps for itself, nor what a server would fetch for them."""
    remote.publish(DOCUMENTS)
    with SparqlService(remote) as service:
        with pytest.raises((InvalidInput, QuerySyntaxError)):
            service.query(query)
        for default, named in (([BOOKKEEPING], []), ([], [BOOKKEEPING])):
            with pytest.raises(InvalidInput, match="not a document of this store"):
                service.query(COUNT, default_graphs=default, named_graphs=named)
        body = service.query(
            "SELECT * WHERE { GRAPH <" + BOOKKEEPING + "> { ?s ?p ?o } }", accept="text/csv"
        ).body
    assert body.split() == [b"s,p,o"] or body.split() == [b"o,p,s"]


def test_a_standard_comes_back_as_from_the_local_store(
    remote: RemoteStore, local: RdfStore, sample_path: Path
) -> None:
    identifiers = Identifiers()
    for store in (remote, local):
        assert ingest([sample_path], store, identifiers).revision == store.revision()
    assert list_standards(remote) == list_standards(local) != ()
    for standard in list_standards(local):
        assert load_standard(remote, identifiers, standard.iri) == load_standard(
            local, identifiers, standard.iri
        )
    assert remote.graphs() == local.graphs()


def test_an_answer_beyond_its_bound_is_refused(remote: RemoteStore) -> None:
    remote.publish({A: graph_of(*["x" * 60_000] * 20)})
    with SparqlService(remote, answer_mb=1) as service, pytest.raises(QueryTooLarge):
        service.query("SELECT ?s ?o WHERE { ?s ?p ?o }")


def test_the_deadline_holds(remote: RemoteStore) -> None:
    remote.publish({A: graph_of(*map(str, range(300)))})
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    begun = time.monotonic()
    with SparqlService(remote, deadline=0.5) as service, pytest.raises((QueryTimeout, Unavailable)):
        service.query(query)
    assert time.monotonic() - begun < 5


def test_a_second_publisher_is_told_that_the_store_is_busy(remote: RemoteStore, descriptor: str) -> None:
    remote.publish({A: graph_of("one")})
    with remote._publishing(), open_store(descriptor) as other, pytest.raises(StoreBusy):
        other.publish({A: graph_of("two")})
    remote.publish({A: graph_of("three")})
    assert [str(row["o"]) for row in remote.select("SELECT ?o WHERE { ?s ?p ?o }")] == ["three"]


def test_a_publisher_that_cannot_learn_whether_it_holds_the_lock_leaves_none(
    remote: RemoteStore, descriptor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.publish({A: graph_of("one")})
    real = RemoteClient.update

    def breaking(self: RemoteClient, text: str) -> None:
        real(self, text)
        if text.startswith("INSERT {"):
            raise Unavailable("the connection broke off")

    with monkeypatch.context() as patched:
        patched.setattr(RemoteClient, "update", breaking)
        with pytest.raises(Unavailable, match="broke off"):
            remote.publish({A: graph_of("two")})
    with remote._publishing(), open_store(descriptor) as other:
        with pytest.raises(StoreBusy):
            other.publish({A: graph_of("two")})
        with pytest.raises(StoreBusy):
            other.publish({A: graph_of("two")})
    remote.publish({A: graph_of("three")})
    assert [str(row["o"]) for row in remote.select("SELECT ?o WHERE { ?s ?p ?o }")] == ["three"]


@pytest.mark.parametrize("update", range(1, 5))
def test_a_publisher_that_is_killed_leaves_a_whole_state_and_the_next_one_goes_on(
    remote: RemoteStore, descriptor: str, update: int
) -> None:
    """After its first update request (the lock), the second and third (what is new), or the fourth."""
    remote.publish({A: graph_of("one"), B: graph_of("other")})
    writer = (
        "import os, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from graph.remote_client import RemoteClient\n"
        "from graph.store import open_store\n"
        "from rdflib import Graph\n"
        "real, calls = RemoteClient.update, []\n"
        "def dying(self, text):\n"
        "    real(self, text)\n"
        "    calls.append(1)\n"
        f"    if len(calls) == {update}: os.kill(os.getpid(), 9)\n"
        "RemoteClient.update = dying\n"
        "new = Graph().parse(data='<https://example.org/n> <https://example.org/p> \"two\" .')\n"
        f"open_store(sys.argv[2]).publish({{{A!r}: new, {B!r}: new}})\n"
    )
    done = subprocess.run([sys.executable, "-c", writer, str(ROOT), descriptor], check=False)
    assert done.returncode == -9
    found = sorted(str(row["o"]) for row in remote.select("SELECT ?o WHERE { ?s ?p ?o }"))
    assert found == (["two"] if update == 4 else ["one", "other"])
    remote.publish({A: graph_of("three"), B: None})
    assert [str(row["o"]) for row in remote.select("SELECT ?o WHERE { ?s ?p ?o }")] == ["three"]
    left = remote._own("SELECT * { ?s ?p ?o }")
    assert len(left) == 2, "the revision and one digest, and no lock"


@contextmanager
def answering(
    status: int, media_type: str = "text/html", body: bytes = b"<p>hello", wait: float = 0
) -> Iterator[str]:
    """A server that answers everything alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Connection", "close")
            self.end_headers()
            for number in range(len(body)):
                time.sleep(wait)
                try:
                    self.wfile.write(body[number : number + 1])
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"sparql+http://127.0.0.1:{server.server_port}/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "COMPETENCY_STORE_PASSWORD"),
        (404, "not a SPARQL endpoint"),
        (200, "not a SPARQL endpoint"),
        (302, "answers 302"),
        (500, "answers 500"),
    ],
)
def test_what_a_server_answers_wrongly_is_told(status: int, words: str) -> None:
    with (
        answering(status) as descriptor,
        open_store(descriptor) as store,
        pytest.raises(Unavailable, match=words),
    ):
        store.revision()


def test_an_answer_that_is_no_result_is_told() -> None:
    with (
        answering(200, "application/sparql-results+json", b"{") as descriptor,
        open_store(descriptor) as store,
        pytest.raises(Unavailable, match="cannot be read"),
    ):
        store.revision()


def test_a_server_that_drips_is_given_up_at_the_deadline() -> None:
    json = "application/sparql-results+json"
    with answering(200, json, b"x" * 100, wait=0.1) as descriptor, open_store(descriptor) as store:
        assert isinstance(store, RemoteStore)
        begun = time.monotonic()
        with pytest.raises(QueryTimeout):
            list(store.client.query("ASK {}", json, deadline=0.5))
        assert time.monotonic() - begun < 3


def test_nobody_there_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        open_store(f"sparql+http://127.0.0.1:{port}/query") as store,
        pytest.raises(Unavailable, match="does not take the connection"),
    ):
        store.revision()


@pytest.mark.parametrize("location", ["//user:secret@host/query", "//", "//host/query#part"])
def test_a_descriptor_that_cannot_be_used_is_refused_without_its_password(location: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        open_store(f"sparql+https:{location}")
    assert "secret" not in str(caught.value)


def test_the_address_for_updates_is_named_or_found() -> None:
    assert Endpoint("https://h/d/query").update == "https://h/d/update"
    assert Endpoint("https://h/d/sparql?update=/d/write&x=1").update == "https://h/d/write"
    assert Endpoint("https://h/d/sparql?update=/d/write&x=1").query == "https://h/d/sparql?x=1"
    assert Endpoint("https://h/d/query", "https://other/u").update == "https://other/u"
    assert "secret" not in repr(Access("me", "secret"))


def test_the_command_line_works_over_an_endpoint(descriptor: str, sample_path: Path, tmp_path: Path) -> None:
    environment = os.environ | {"COMPETENCY_STORE": descriptor, "COMPETENCY_DATA_DIR": str(tmp_path)}

    def competency(*arguments: str) -> str:
        command = [sys.executable, "-m", "api", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    competency("ingest", "--no-index", str(sample_path))
    with open_store(descriptor) as store:
        assert len(list_standards(store)) == 1
        code = list_standards(store)[0].code
    assert code.partition("v")[0] in competency("export", code, "--format", "turtle")
    assert not (tmp_path / "store").exists()

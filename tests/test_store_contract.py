"""One contract for every adapter of the RDF store."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from sparql_servers import emptied

from graph.oxigraph import OxigraphStore
from graph.store import graph_digest, open_store, store_kinds
from ontology.errors import InvalidInput, NotFound, StoreBusy, StoreMissing, Unavailable
from ontology.statements import StatementFile, StatementFileWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.store import RdfStore

A, B = "https://example.org/a", "https://example.org/b"
P = URIRef("https://example.org/p")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def graph_of(*texts: str, language: str | None = None) -> Graph:
    graph = Graph()
    for number, text in enumerate(texts):
        graph.add((URIRef(f"https://example.org/s{number}"), P, Literal(text, lang=language)))
    return graph


STORES = ["memory", "oxigraph", "oxigraph_server", pytest.param("fuseki_server", marks=pytest.mark.servers)]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RdfStore]:
    descriptors = {"memory": "memory:", "oxigraph": f"oxigraph:{tmp_path / 'store'}"}
    descriptor = descriptors.get(request.param) or emptied(request.getfixturevalue(request.param))
    with open_store(descriptor) as opened:
        yield opened


def test_every_kind_of_store_is_held_to_this_contract() -> None:
    assert set(store_kinds()) == {"memory", "oxigraph", "sparql+http", "sparql+https"}


def texts(store: RdfStore) -> list[str]:
    return sorted(str(row["o"]) for row in store.select("SELECT ?o WHERE { ?s ?p ?o }"))


def test_an_empty_store_says_what_to_do(store: RdfStore) -> None:
    assert store.graphs() == {}
    with pytest.raises(StoreMissing):
        store.revision()
    with pytest.raises(StoreMissing):
        store.select(COUNT)
    with pytest.raises(StoreMissing):
        store.construct("CONSTRUCT WHERE { ?s ?p ?o }")
    with pytest.raises(NotFound):
        store.graph(A)


def test_documents_are_published_replaced_and_removed(store: RdfStore) -> None:
    first = store.publish({A: graph_of("one", "two"), B: graph_of("three")})
    assert texts(store) == ["one", "three", "two"]
    second = store.publish({A: graph_of("one")})
    assert (texts(store), first != second) == (["one", "three"], True)
    store.publish({B: None})
    assert texts(store) == ["one"]
    assert set(store.graphs()) == {A}


def test_publishing_the_same_again_changes_nothing(store: RdfStore) -> None:
    revision = store.publish({A: graph_of("one", "two")})
    assert store.publish({A: graph_of("one", "two")}) == revision
    assert store.publish({}) == revision
    assert store.publish({B: None}) == revision


def test_a_document_comes_back_as_it_was(store: RdfStore) -> None:
    graph = graph_of('處理"團隊"衝突\n\t\\', "𠮷野家", language="zh-Hant")
    graph.add((URIRef(A), P, Literal(4)))
    graph.add((URIRef(A), P, Literal("04", datatype=URIRef("http://www.w3.org/2001/XMLSchema#integer"))))
    graph.add((URIRef(A), P, Literal("plain")))
    graph.add((URIRef(A), P, URIRef("https://example.org/%E8%A1%9D/x")))
    store.publish({A: graph})
    assert graph_digest(store.graph(A)) == graph_digest(graph) == store.graphs()[A]
    with pytest.raises(NotFound):
        store.graph(B)


def test_a_statement_of_two_documents_is_seen_once_and_stays_while_one_makes_it(store: RdfStore) -> None:
    store.publish({A: graph_of("shared"), B: graph_of("shared", "own")})
    assert int(str(store.select(COUNT)[0]["n"])) == 2
    store.publish({A: None})
    assert texts(store) == ["own", "shared"]
    store.publish({B: None})
    assert texts(store) == []


def test_bindings_are_values_and_never_query_text(store: RdfStore) -> None:
    hostile = 'x" } ; DROP ALL #'
    store.publish({A: graph_of(hostile, "other")})
    rows = store.select("SELECT ?s ?o WHERE { ?s ?p ?o }", {"o": Literal(hostile)})
    assert [str(row["s"]) for row in rows] == ["https://example.org/s0"]


def test_an_unbound_variable_is_absent(store: RdfStore) -> None:
    store.publish({A: graph_of("one")})
    [row] = store.select("SELECT ?s ?missing WHERE { ?s ?p ?o OPTIONAL { ?o ?p ?missing } }")
    assert set(row) == {"s"}


def test_construct_gives_a_graph(store: RdfStore) -> None:
    store.publish({A: graph_of("one", language="zh-Hant")})
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    assert set(store.construct(query).objects()) == {Literal("one", lang="zh-Hant")}
    assert set(store.construct(query, {"s": URIRef("https://example.org/none")})) == set()


def test_a_document_with_a_blank_node_is_refused_and_nothing_changes(store: RdfStore) -> None:
    revision = store.publish({A: graph_of("one")})
    broken = Graph().parse(data="[] <https://example.org/p> 'x' .", format="turtle")
    with pytest.raises(ValueError, match="may not hold"):
        store.publish({A: graph_of("two"), B: broken})
    assert (texts(store), store.revision()) == (["one"], revision)
    store.publish({A: graph_of("three")})
    assert texts(store) == ["three"]


def statement_file(path: Path, *texts: str) -> StatementFile:
    """What ``graph_of`` says, as a file."""
    with StatementFileWriter(path) as writer:
        for number, text in enumerate(texts):
            writer.text(f"https://example.org/s{number}", str(P), text)
    return writer.finished()


def test_a_file_of_statements_is_a_document_like_a_graph(store: RdfStore, tmp_path: Path) -> None:
    file = statement_file(tmp_path / "a.nt", "shared", 'with "quotes"\n')
    revision = store.publish({A: file, B: graph_of("shared", "own")})
    assert texts(store) == ["own", "shared", 'with "quotes"\n']
    assert graph_digest(store.graph(A)) == graph_digest(graph_of("shared", 'with "quotes"\n'))
    assert store.publish({A: statement_file(tmp_path / "again.nt", "shared", 'with "quotes"\n')}) == revision
    store.publish({A: statement_file(tmp_path / "b.nt", "new")})
    assert texts(store) == ["new", "own", "shared"]
    store.publish({A: graph_of("graph"), B: None})
    assert texts(store) == ["graph"]


def test_a_file_that_is_no_rdf_changes_nothing(store: RdfStore, tmp_path: Path) -> None:
    revision = store.publish({A: graph_of("one")})
    broken = tmp_path / "broken.nt"
    broken.write_text('<https://example.org/s> <https://example.org/p> "cut')
    with pytest.raises(SyntaxError):
        store.publish({A: StatementFile(broken, "digest", 1)})
    assert (texts(store), store.revision()) == (["one"], revision)


def test_readers_see_whole_states_only(store: RdfStore) -> None:
    """While documents of 40 equal texts are swapped, no reader ever sees two texts mixed."""
    store.publish({A: graph_of(*["0"] * 40)})
    seen: set[int] = set()
    failures: list[set[str]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            found = texts(store)
            seen.add(len(found))
            if len(set(found)) != 1:
                failures.append(set(found))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(1, 8):
        store.publish({A: graph_of(*[str(number)] * 40)})
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen == {40}


@given(
    steps=st.lists(
        st.dictionaries(
            st.sampled_from([A, B, "https://example.org/c"]),
            st.none() | st.lists(st.sampled_from(["x", "y", "z", "衝突"]), max_size=4),
            max_size=3,
        ),
        max_size=6,
    )
)
@settings(deadline=None, max_examples=40)
def test_any_sequence_of_publications_leaves_the_merge_of_the_documents(
    steps: list[dict[str, list[str] | None]],
) -> None:
    expected: dict[str, set[tuple[object, ...]]] = {}
    with open_store("memory:") as store:
        for step in steps:
            changes = {iri: None if words is None else graph_of(*words) for iri, words in step.items()}
            store.publish(changes)
            for iri, graph in changes.items():
                if graph is None:
                    expected.pop(iri, None)
                else:
                    expected[iri] = set(graph)
            merged = set().union(*expected.values())
            assert int(str(store.select(COUNT)[0]["n"])) == len(merged)
            assert set(store.graphs()) == set(expected)


@pytest.mark.parametrize("descriptor", ["", "oxigraph", "oxigraph:", "memory:x", "mysql:there", "/var/store"])
def test_an_unknown_descriptor_says_which_are_known(descriptor: str) -> None:
    with pytest.raises(InvalidInput, match="store"):
        open_store(descriptor)


class TestOnDisk:
    """What holds for a folder that several processes share."""

    def test_published_data_is_there_after_reopening(self, tmp_path: Path) -> None:
        with OxigraphStore(tmp_path / "s") as store:
            revision = store.publish({A: graph_of("one")})
        with OxigraphStore(tmp_path / "s") as store:
            assert (store.revision(), texts(store)) == (revision, ["one"])

    def test_another_store_object_sees_the_switch(self, tmp_path: Path) -> None:
        with OxigraphStore(tmp_path / "s") as writer, OxigraphStore(tmp_path / "s") as reader:
            writer.publish({A: graph_of("one")})
            assert texts(reader) == ["one"]
            writer.publish({A: graph_of("two")})
            assert texts(reader) == ["two"]

    def test_old_versions_are_removed_but_not_the_last_ones(self, tmp_path: Path) -> None:
        with OxigraphStore(tmp_path / "s") as store:
            for number in range(8):
                store.publish({A: graph_of(str(number))})
            assert texts(store) == ["7"]
        assert len(list((tmp_path / "s" / "versions").iterdir())) == 3

    def test_a_second_writer_is_told_that_the_store_is_busy(self, tmp_path: Path) -> None:
        folder = tmp_path / "s"
        OxigraphStore(folder).publish({A: graph_of("one")})
        holder = (
            "import fcntl, sys\n"
            f"handle = open({str(folder / 'publish.lock')!r}, 'w')\n"
            "fcntl.flock(handle, fcntl.LOCK_EX)\n"
            "print('held', flush=True)\n"
            "sys.stdin.read()\n"
        )
        command = [sys.executable, "-c", holder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            with pytest.raises(StoreBusy):
                OxigraphStore(folder).publish({A: graph_of("two")})
            assert texts(OxigraphStore(folder)) == ["one"]
            process.communicate()
        OxigraphStore(folder).publish({A: graph_of("two")})

    @pytest.mark.parametrize(
        ("moment", "call"),
        [
            ("_apply", 1),
            ("_write_durably", 1),
            ("_sync_folder", 1),
            ("_sync_folder", 2),
            ("_sync_folder", 3),
            ("_write_durably", 2),
            ("_sync_folder", 4),
        ],
    )
    def test_a_writer_that_dies_leaves_the_published_state_or_the_whole_new_one(
        self, tmp_path: Path, moment: str, call: int
    ) -> None:
        folder = tmp_path / "s"
        OxigraphStore(folder).publish({A: graph_of("one"), B: graph_of("other")})
        writer = (
            "import os, sys\n"
            "sys.path.insert(0, sys.argv[1])\n"
            "import graph.oxigraph as module\n"
            "from pathlib import Path\n"
            "from rdflib import Graph\n"
            f"real, calls = module.{moment}, []\n"
            "def dying(*arguments):\n"
            "    calls.append(1)\n"
            f"    if len(calls) == {call}: os.kill(os.getpid(), 9)\n"
            "    return real(*arguments)\n"
            f"module.{moment} = dying\n"
            "new = Graph().parse(data='<https://example.org/n> <https://example.org/p> \"two\" .')\n"
            f"module.OxigraphStore(Path(sys.argv[2])).publish({{{A!r}: new}})\n"
        )
        root = str(Path(__file__).resolve().parent.parent)
        done = subprocess.run([sys.executable, "-c", writer, root, str(folder)], check=False)
        assert done.returncode == -9
        store = OxigraphStore(folder)
        switched = (moment, call) == ("_sync_folder", 4)  # the last step, after the rename of CURRENT
        assert texts(store) == (["other", "two"] if switched else ["one", "other"])
        store.publish({A: graph_of("three")})
        assert texts(store) == ["other", "three"]
        reachable = {store.revision(), *(["000001"] if not switched else ["000001", "000002"])}
        left = {path.name for path in (folder / "versions").iterdir()}
        assert {name.partition("-")[0] for name in left} == {name.partition("-")[0] for name in reachable}

    def test_a_reader_keeps_up_when_versions_go_faster_than_it_opens_them(self, tmp_path: Path) -> None:
        """The version that it was told of is removed before it is opened."""
        folder = tmp_path / "s"
        writer = OxigraphStore(folder)
        writer.publish({A: graph_of("0")})
        with OxigraphStore(folder) as reader:
            told = reader.version()
            for number in range(1, 6):
                writer.publish({A: graph_of(str(number))})
            assert not told.database.exists()
            assert texts(reader) == ["5"]

    def test_a_snapshot_that_is_being_read_stays_whole_after_its_version_was_removed(
        self, tmp_path: Path
    ) -> None:
        folder = tmp_path / "s"
        writer = OxigraphStore(folder)
        writer.publish({A: graph_of(*map(str, range(500)))})
        snapshot = ox.Store.read_only(str(writer.version().database))
        rows = snapshot.query("SELECT ?o WHERE { ?s ?p ?o }")
        assert isinstance(rows, ox.QuerySolutions)
        next(rows)
        for number in range(5):
            writer.publish({A: graph_of(str(number))})
        assert len(list(rows)) == 499
        assert len(list(snapshot.quads_for_pattern(None, None, None, ox.NamedNode(A)))) == 500

    def test_a_store_of_another_format_is_told_apart(self, tmp_path: Path) -> None:
        folder = tmp_path / "s"
        store = OxigraphStore(folder)
        revision = store.publish({A: graph_of("one")})
        manifest = folder / "versions" / revision / "manifest.json"
        manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 99'))
        with pytest.raises(Unavailable, match="format 99"):
            OxigraphStore(folder).select(COUNT)

    def test_many_small_publications_do_not_pile_up_files(self, tmp_path: Path) -> None:
        with OxigraphStore(tmp_path / "s") as store:
            for number in range(30):
                store.publish({A: graph_of(str(number))})
            assert len(list(store.version().database.iterdir())) < 100

"""Neo4j 5 as the search engine: its answers beside those of the files, and hybrid search from Cypher."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fastapi.testclient import TestClient
from test_vectors import KINDS, QUERIES, ROWS, allowed_by, best

from api.app import create_app
from api.routers.embedding import to_embed_answer
from graph import OxigraphStore, ingest
from graph.cypher_guard import check_cypher
from graph.property_graph.bolt import Credentials
from ontology.errors import IndexStale
from ontology.identifiers import Identifiers
from ontology.readers import read_standard
from search import Filters, SearchIndex, ToyEmbedder, open_embedder, passages_of
from search.neo4j import Neo4jEngine
from search.neo4j.names import filter_token
from search.neo4j.points import length_of, query_point, row_points
from search.passages import Passage
from search.vectors import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from neo4j_server import Neo4jServer

    from api.services import Services
    from graph.property_graph import PropertyGraph
    from search.vectors import Allowed, VectorIndex

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "standards" / "BGM1219-002v2.txt"
GUIDE = ROOT / "docs" / "hybrid-search.md"


def test_cosines_have_the_order_of_scores() -> None:
    length = length_of(ROWS)
    points = row_points(ROWS, slice(None), length)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), length, atol=1e-5)
    for query in QUERIES[:5]:
        asked = query_point(query)
        cosines = points @ asked / length / np.linalg.norm(asked)
        scores = ROWS.vectors @ query + ROWS.biases
        np.testing.assert_allclose(cosines * length * np.linalg.norm(asked), scores, atol=1e-5)


def test_a_value_of_a_filter_is_one_word_whatever_it_is() -> None:
    for value in ("zh-Hant", 'a" OR *:*', "", "職能"):
        assert re.fullmatch("[a-z]+x[0-9a-f]{16}", filter_token("lang", value))
    assert filter_token("lang", "en") != filter_token("kind", "en")


@pytest.fixture(scope="module")
def engine(neo4j_server: Neo4jServer) -> Iterator[Neo4jEngine]:
    who = Credentials(neo4j_server.user, neo4j_server.password)
    # with few = 0 the server answers, however few rows are let through
    engine = Neo4jEngine(neo4j_server.uri, who=who, few=0)
    yield engine
    engine.keep_only(set(), "")
    engine.close()


@pytest.fixture(scope="module")
def vectors(engine: Neo4jEngine, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    folder = tmp_path_factory.mktemp("version")
    passages = [
        Passage(f"urn:{row}", f"S{row}", "skill", f"text {row}", "en", "f", "s", "n", "urn:s")
        for row in range(len(ROWS))
    ]
    engine.build(folder, "c0ffee", passages, ROWS, embedder="none")
    return engine.open_vectors(folder, "c0ffee", ROWS)


@pytest.mark.servers
@pytest.mark.parametrize(
    "allowed",
    [
        allowed_by(ROWS),
        allowed_by(ROWS, kind=(1,)),
        allowed_by(ROWS, kind=(0, 3), latest=True),
        allowed_by(ROWS, kind=(2,), occupation=(0, 2), latest=True),
    ],
)
def test_the_nearest_rows_that_are_allowed_come_first(vectors: VectorIndex, allowed: Allowed) -> None:
    found = 0
    for query in QUERIES:
        (nearest,) = vectors.search(query, Wanted(10, allowed))
        assert len(set(nearest.rows.tolist())) == 10
        assert allowed.mask[nearest.rows].all()
        exact = ROWS.vectors[nearest.rows] @ query + ROWS.biases[nearest.rows]
        np.testing.assert_allclose(nearest.scores, exact, atol=1e-5)
        found += len(set(nearest.rows.tolist()) & set(best(ROWS, query, allowed, 10).tolist()))
    assert found >= 0.98 * 10 * len(QUERIES)


@pytest.mark.servers
def test_several_wishes_are_answered_in_their_order(vectors: VectorIndex) -> None:
    wishes = [Wanted(5, allowed_by(ROWS, kind=(one,))) for one in range(KINDS)]
    together = vectors.search(QUERIES[1], *wishes)
    alone = [vectors.search(QUERIES[1], wish)[0] for wish in wishes]
    assert [one.rows.tolist() for one in together] == [one.rows.tolist() for one in alone]


@pytest.mark.servers
def test_a_version_of_other_rows_does_not_open(
    engine: Neo4jEngine, vectors: VectorIndex, tmp_path: Path
) -> None:
    del vectors
    with pytest.raises(ValueError, match="3000"):
        engine.open_vectors(tmp_path, "beef", ROWS)


@pytest.mark.servers
def test_searches_are_those_of_the_files(engine: Neo4jEngine, sample_path: Path, tmp_path: Path) -> None:
    passages = passages_of(read_standard(sample_path))
    cache = tmp_path / "cache"
    files = SearchIndex.build(passages, ToyEmbedder(), tmp_path / "files", cache=cache)
    server = SearchIndex.build(passages, ToyEmbedder(), tmp_path / "server", cache=cache, engine=engine)
    for query in ("團隊衝突", "团队冲突", "客戶滿意度調查", "衝", "K14", "the C1 (team) AND NOT a:b* ~"):
        mine, theirs = files.lexical.search(query), server.lexical.search(query)
        assert set(theirs.rows.tolist()) == set(mine.rows.tolist())
        shares = dict(zip(mine.rows.tolist(), mine.shares.tolist(), strict=True))
        for row, share in zip(theirs.rows.tolist(), theirs.shares.tolist(), strict=True):
            assert share == pytest.approx(shares[row], abs=0.02)
        for filters in ({}, {"kinds": ["skill"]}, {"languages": ["zh-Hant"], "kinds": ["task", "output"]}):
            found = files.search(query, facets=True, limit=20, **filters)  # type: ignore[arg-type]
            again = server.search(query, facets=True, limit=20, **filters)  # type: ignore[arg-type]
            assert [hit.iri for hit in again.hits][:5] == [hit.iri for hit in found.hits][:5]
            assert again.total == found.total
    with pytest.raises(IndexStale, match=r"vectors 'neo4j'.*competency index"):
        SearchIndex.open(tmp_path / "server", ToyEmbedder())
    version = SearchIndex.version(tmp_path / "server")
    engine.keep_only(set(), "")
    with pytest.raises(IndexStale, match="does not have this version"):
        SearchIndex.open(tmp_path / "server", ToyEmbedder(), engine=engine)
    again_built = SearchIndex.build(passages, ToyEmbedder(), tmp_path / "server", cache=cache, engine=engine)
    assert SearchIndex.version(tmp_path / "server") == version
    assert again_built.search("團隊衝突").hits == server.search("團隊衝突").hits


def examples() -> dict[str, str]:
    """The Cypher queries of the guide, by the heading they stand under."""
    found = re.findall(r"^## ([^\n]+)\n[^#]*?```cypher\n(.*?)```", GUIDE.read_text("utf-8"), re.M | re.S)
    return {heading.split(":")[0].split(",")[0]: query for heading, query in found}


def test_the_guard_lets_the_examples_through() -> None:
    assert list(examples()) == ["Words", "Meaning", "Both", "Narrowed"]
    for query in examples().values():
        check_cypher(query)


def test_a_query_is_embedded_as_the_index_is_asked(services: Services) -> None:
    client = TestClient(create_app(services))
    answer = client.get("/api/v1/embed", params={"q": "哪些職能涵蓋團隊衝突？"}).json()
    assert (answer["matter"], answer["words"], answer["language"]) == ("團隊衝突", "团队冲突", "zh-Hant")
    index = services.index.current()
    assert answer["vector"][-2:] == [1, 0]
    assert len(answer["vector"]) == index.dense.vectors.shape[1] + 2
    scores = index.dense.vectors @ np.array(answer["vector"][:-2], np.float32)
    hit = index.search("團隊衝突", kinds=["skill"], limit=1).hits[0]
    assert hit.iri in {index.passages[row].iri for row in np.argsort(-scores)[:20].tolist()}
    assert client.get("/api/v1/embed", params={"q": " "}).status_code == 400


@pytest.mark.servers
def test_the_examples_find_what_they_are_about(
    engine: Neo4jEngine, neo4j_graph: PropertyGraph, tmp_path: Path
) -> None:
    with OxigraphStore(tmp_path / "store") as store:
        ingest([SAMPLE], store, Identifiers())
        neo4j_graph.project(store)
        passages = passages_of(read_standard(SAMPLE))
        index = SearchIndex.build(passages, open_embedder("onnx"), tmp_path / "index", engine=engine)
        # the nodes of the search are none of the projection's
        neo4j_graph.verify(store)
        neo4j_graph.project(store, rebuild=True)

    def ask(heading: str, **parameters: object) -> list[list[object]]:
        return neo4j_graph.run(examples()[heading], parameters, deadline=30, rows=100).rows

    named = ask("Words")
    assert all("衝突" in str(text) for _, _, text, _ in named)
    assert "S1#2" in [code for _, code, _, _ in named]
    alike = ask("Meaning")
    iri = index.elements.iri_of("S1#2", "BGM1219-002v2")
    found = index.elements.similar(iri, Filters(), same_standard=True, fold=False, limit=5).hits
    assert [code for _, code, _, _ in alike][:3] == [hit.code for hit in found][:3]
    point = to_embed_answer(index, "conflict handling", None).vector
    words = to_embed_answer(index, "衝突", None).words
    assert words == "冲突"
    assert "S1#2" in [code for code, _, _ in ask("Both", words=words, vector=point)][:3]
    narrowed = ask("Narrowed", vector=point)
    assert narrowed[0][0] == "S1#2"
    assert all(str(code).startswith("S") for code, _, _, _ in narrowed)

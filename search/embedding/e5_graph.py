"""The encoder of multilingual-e5-small as a graph for ONNX Runtime.

The architecture is BERT's (Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers"):
word, position and type are added and normalised; each layer adds attention and then a feed-forward part,
each with a layer norm after it; the vector of a text is the mean over its pieces. Rows of words are looked
up outside the graph, so that it does not carry their table.

Matrices are multiplied in one of three ways (``docs/decisions/0013-bulk-embedding.md`` has what each gives):

* ``products_at_32_bits``: as they are, the reference;
* ``products_at_4_bits``: in the blocks of the file, with inputs at 8 bits in the same blocks, as the
  wheel's own engine does it;
* ``Int8Products``: both sides at 8 bits, with scales that are fixed beforehand, where that is near enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.embedding.e5_weights import BLOCK
from search.embedding.onnx_file import CONTRIB, GraphWriter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from search.embedding.e5_weights import Blocks, E5Weights

__all__ = [
    "Int8Products",
    "Product",
    "Products",
    "Ranges",
    "encoder_graph",
    "products_at_4_bits",
    "products_at_32_bits",
]


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the graph: ``name`` is known all over the graph, ``state`` is the value to multiply;
    ``matrices`` stand one below the other, and ``bias`` is added where there is one."""

    name: str
    state: str
    matrices: Sequence[Blocks]
    bias: NDArray[np.float32] | None

    def rows(self) -> NDArray[np.float32]:
        """The numbers of the matrices, ``(outputs, inputs)``."""
        return np.concatenate([matrix.rows() for matrix in self.matrices])


Products = Callable[[GraphWriter, Product], str]
"""Writes a product into a graph and gives the name of its result."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """The least and the greatest values that the inputs of a product take, one for each input."""

    least: NDArray[np.float32]
    most: NDArray[np.float32]


def encoder_graph(weights: E5Weights, products: Products) -> bytes:
    """A model with the inputs ``words`` (float32, texts × pieces × width, rows of ``emb.word``) and
    ``lengths`` (int32, how many pieces each text has; what stands behind them is not looked at), and the
    output ``means`` (float32, texts × width: the mean over the pieces, not of length 1)."""
    encoder = _Encoder(weights, products)
    encoder.write()
    return encoder.graph.to_bytes()


class _Encoder:
    def __init__(self, weights: E5Weights, products: Products) -> None:
        self.graph = GraphWriter()
        self._weights = weights
        self._products = products

    def write(self) -> None:
        graph, shape = self.graph, self._weights.shape
        words = graph.input("words", "float32", ["texts", "pieces", shape.width])
        lengths = graph.input("lengths", "int32", ["texts"])
        graph.constant("0", np.array([0], np.int64))
        graph.constant("1", np.array([1], np.int64))
        pieces = graph.node("Shape", [words], "pieces", start=1, end=2)
        places = self._weights.tensors["emb.pos"].reshape(-1, shape.width)
        table = graph.constant("places", places + self._weights.tensors["emb.type"][: shape.width])
        here = graph.node("Slice", [table, "0", pieces, "0"], "here")
        placed = graph.node("Add", [words, here], "placed")
        norm = [self._small(f"emb.ln.{part}") for part in "wb"]
        state = graph.node("LayerNormalization", [placed, *norm], "embedded", epsilon=shape.epsilon)
        for layer in range(shape.layers):
            state = self._layer(f"l{layer}", state, lengths)
        graph.output(self._mean(state, pieces, lengths), "float32", ["texts", shape.width])

    def _layer(self, layer: str, state: str, lengths: str) -> str:
        shape = self._weights.shape
        together = self._product(f"{layer}.qkv", state, ("q", "k", "v"))
        thirds = self.graph.constant("thirds", np.array([shape.width] * 3, np.int64))
        sides = [f"{layer}.{side}" for side in ("queries", "keys", "values")]
        self.graph.node("Split", [together, thirds], *sides, axis=-1)
        seen = self.graph.node(
            "MultiHeadAttention",
            [*sides, "", lengths],
            f"{layer}.seen",
            domain=CONTRIB,
            num_heads=shape.heads,
        )
        state = self._added(f"{layer}.aln", state, self._product(f"{layer}.ao", seen, ("ao",)))
        inner = self._product(f"{layer}.fi", state, ("fi",), with_bias=False)
        active = self.graph.node(
            "BiasGelu", [inner, self._small(f"{layer}.fi.b")], f"{layer}.active", domain=CONTRIB
        )
        return self._added(f"{layer}.oln", state, self._product(f"{layer}.fo", active, ("fo",)))

    def _product(self, name: str, state: str, parts: Sequence[str], *, with_bias: bool = True) -> str:
        layer = name.partition(".")[0]
        matrices = [self._weights.matrices[f"{layer}.{part}.w"] for part in parts]
        biases = [self._weights.tensors[f"{layer}.{part}.b"] for part in parts]
        product = Product(name, state, matrices, np.concatenate(biases) if with_bias else None)
        return self._products(self.graph, product)

    def _added(self, norm: str, state: str, more: str) -> str:
        gamma, beta = (self._small(f"{norm}.{part}") for part in "wb")
        epsilon = self._weights.shape.epsilon
        return self.graph.node(
            "SkipLayerNormalization", [state, more, gamma, beta], norm, domain=CONTRIB, epsilon=epsilon
        )

    def _mean(self, state: str, pieces: str, lengths: str) -> str:
        graph = self.graph
        first, step = (graph.constant(str(number) + ".", np.array(number, np.int32)) for number in (0, 1))
        count = graph.integer(graph.node("Squeeze", [pieces, "0"], "pieces as one"), "count")
        numbers = graph.node("Range", [first, count, step], "numbers")
        column = graph.node("Unsqueeze", [lengths, "1"], "column")
        inside = graph.number(graph.node("Less", [numbers, column], "inside"), "weights")
        sums = graph.node("MatMul", [graph.node("Unsqueeze", [inside, "1"], "rows"), state], "sums")
        flat = graph.node("Squeeze", [sums, "1"], "flat")
        return graph.node("Div", [flat, graph.number(column, "how many")], "means")

    def _small(self, name: str) -> str:
        return self.graph.constant(name, self._weights.tensors[name])


def products_at_32_bits(graph: GraphWriter, product: Product) -> str:
    matrix = graph.constant(f"{product.name}.matrix", product.rows().T)
    result = graph.node("MatMul", [product.state, matrix], product.name)
    if product.bias is None:
        return result
    bias = graph.constant(f"{product.name}.bias", product.bias)
    return graph.node("Add", [result, bias], f"{product.name} + bias")


def products_at_4_bits(graph: GraphWriter, product: Product) -> str:
    halves = np.concatenate([matrix.halves for matrix in product.matrices])
    scales = np.concatenate([matrix.scales for matrix in product.matrices])
    low, high = halves & 0x0F, halves >> 4
    # the file pairs number j with j + 16, ONNX Runtime with its neighbour
    pairs = [side[..., 0::2] | side[..., 1::2] << 4 for side in (low, high)]
    inputs = [
        product.state,
        graph.constant(f"{product.name}.matrix", np.concatenate(pairs, axis=-1)),
        graph.constant(f"{product.name}.scales", scales.astype(np.float32)),
    ]
    if product.bias is not None:
        inputs += ["", "", graph.constant(f"{product.name}.bias", product.bias)]
    return graph.node(
        "MatMulNBits",
        inputs,
        product.name,
        domain=CONTRIB,
        K=scales.shape[1] * BLOCK,
        N=len(scales),
        bits=4,
        block_size=BLOCK,
        accuracy_level=4,
    )


@dataclass(frozen=True)
class Int8Products:
    """Products of whole numbers, with ``ranges`` for each by its name; those without are done at 4 bits.

    Each input is divided by a number of its own, and its column of the matrix multiplied by it, so that
    inputs with rare great values do not take the steps from the others (Xiao et al. 2023, "SmoothQuant";
    their α is ``_SHARE``).
    """

    ranges: Mapping[str, Ranges]

    def __call__(self, graph: GraphWriter, product: Product) -> str:
        if product.name not in self.ranges:
            return products_at_4_bits(graph, product)
        name, rows, ranges = product.name, product.rows(), self.ranges[product.name]
        least, most = np.minimum(ranges.least * _ROOM, 0), np.maximum(ranges.most * _ROOM, 0)
        reach = np.maximum(np.maximum(-least, most), _TINY)
        heights = np.maximum(np.abs(rows).max(axis=0), _TINY)
        divisors = reach**_SHARE / heights ** (1 - _SHARE)
        bottom, top = float((least / divisors).min()), float((most / divisors).max())
        step = max((top - bottom) / 255, _TINY)
        matrix, scales = _whole(rows * divisors)
        factors = graph.constant(f"{name}.factors", (1 / divisors).astype(np.float32))
        even = graph.node("Mul", [product.state, factors], f"{name}.even")
        step_name = graph.constant(f"{name}.step", np.array(step, np.float32))
        zero = graph.constant(f"{name}.zero", np.array(round(-bottom / step), np.uint8))
        whole = graph.node("QuantizeLinear", [even, step_name, zero], f"{name}.whole")
        inputs = [
            whole,
            graph.constant(f"{name}.matrix", matrix.T),
            step_name,
            graph.constant(f"{name}.scales", scales),
            zero,
        ]
        if product.bias is not None:
            inputs += ["", graph.constant(f"{name}.bias", product.bias)]
        return graph.node("MatMulIntegerToFloat", inputs, name, domain=CONTRIB)


# how much of the unevenness of the inputs the matrix takes over; of 0.3 to 1.0 the nearest to the reference
_SHARE = 0.7
# beyond the ranges that were seen
_ROOM = 1.1
_TINY = 1e-5
# processors without VNNI add pairs of products at 16 bits, which overflow where two neighbours are both near
# their greatest; half the steps would make that impossible, and are measurably further from the reference
_WHOLE_MOST = 127


def _whole(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Each row as whole numbers, and what one of them is worth."""
    scales = np.maximum(np.abs(rows).max(axis=1), _TINY) / _WHOLE_MOST
    return np.rint(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32)

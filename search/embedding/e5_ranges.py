"""What values the inputs of the encoder's products take: measured once on many texts, and shipped.

    python -m search.embedding.e5_ranges data/models/e5-small-ranges.npz

writes them for the installed weights, from the background's phrases and, for each language, a long text of
them. With ranges that are fixed beforehand the vector of a text does not depend on the texts beside it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from search.background import load_background
from search.embedding.e5_graph import Ranges, encoder_graph, products_at_4_bits
from search.embedding.e5_tokenizer import E5Tokenizer
from search.embedding.e5_weights import read_e5_weights
from search.embedding.onnx_e5 import inputs_of, open_session, weights_of_the_wheel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from search.background import Background
    from search.embedding.e5_graph import Product
    from search.embedding.e5_weights import E5Weights
    from search.embedding.onnx_file import GraphWriter

__all__ = ["calibration_texts", "measure_ranges", "write_ranges"]

_EVERY = 4
# the inputs of the second half of the feed-forward part are so uneven that 8 bits of one scale lose more
# there than in all other products together
_UNEVEN = ".fo"


class _Watched:
    """Products at 4 bits that give the ranges of their inputs as further outputs of the graph."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, graph: GraphWriter, product: Product) -> str:
        if product.name.endswith(_UNEVEN):
            return products_at_4_bits(graph, product)
        self.names.append(product.name)
        for end, reduction in (("least", "ReduceMin"), ("most", "ReduceMax")):
            seen = graph.node(reduction, [product.state], f"{product.name} {end}", axes=[0, 1], keepdims=0)
            graph.output(seen, "float32", ["inputs"])
        return products_at_4_bits(graph, product)


def calibration_texts(background: Background) -> list[str]:
    """One phrase in four of each language, and all of a language as one text."""
    texts = [phrase for phrases in background.phrases.values() for phrase in phrases[::_EVERY]]
    return texts + [". ".join(phrases) for phrases in background.phrases.values()]


def measure_ranges(weights: E5Weights, texts: Iterable[str]) -> dict[str, Ranges]:
    """The ranges of the inputs over ``texts`` as queries, by the name of the product, for those that are done
    at 8 bits."""
    watched = _Watched()
    session = open_session(encoder_graph(weights, watched))
    tokenizer, pieces = E5Tokenizer(weights.pieces), weights.pieces
    outputs = [f"{name} {end}" for name in watched.names for end in ("least", "most")]
    seen: dict[str, NDArray[np.float32]] = {}
    for text in texts:
        found = tokenizer.pieces(f"query: {text}")[: weights.shape.positions - 2]
        values = session.run(outputs, inputs_of(weights, [[pieces.begin, *found, pieces.end]]))
        for name, value in zip(outputs, values, strict=True):
            wider = np.minimum if name.endswith("least") else np.maximum
            seen[name] = wider(seen.get(name, value), value)
    return {name: Ranges(seen[f"{name} least"], seen[f"{name} most"]) for name in watched.names}


def write_ranges(path: Path, weights: E5Weights, ranges: dict[str, Ranges]) -> None:
    """As ``search.embedding.onnx_e5.read_ranges`` reads them."""
    arrays: dict[str, Any] = {f"{name} least": one.least.astype(np.float16) for name, one in ranges.items()}
    arrays |= {f"{name} most": one.most.astype(np.float16) for name, one in ranges.items()}
    np.savez_compressed(path, weights=np.array(weights.digest), **arrays)


if __name__ == "__main__":
    installed = read_e5_weights(weights_of_the_wheel())
    write_ranges(
        Path(sys.argv[1]), installed, measure_ranges(installed, calibration_texts(load_background()))
    )

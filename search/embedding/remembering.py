"""A model that remembers on disk what it embedded, so that a text is embedded once.

    FOLDER/MODEL/SEGMENT.vectors

``MODEL`` is a digest of the model's revision. A segment is written by one process, at its end only, and
read by any number. It is a row of records of equal size: 16 bytes of BLAKE2b over role and text, the vector
as float16, and 4 bytes of CRC-32 over both. A record that was not written whole, or does not have its sum,
is not there. Folders and segments may be deleted at any time; what they held is then embedded again.
"""

from __future__ import annotations

import hashlib
import os
import threading
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import numpy as np

from search.dense import unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from numpy.typing import NDArray

    from search.background import Progress
    from search.embedding.interface import Embedder, Role

__all__ = ["RememberingEmbedder"]

# as many texts as a model is given at once: enough to fill its batches, few enough to lose little by a break
_TOGETHER = 256
_KEY_BYTES = 16
# more segments than this are joined into one when they are opened
_MOST_SEGMENTS = 16


class RememberingEmbedder:
    """``embedder`` with the vectors of earlier texts at hand, those of other processes among them.

    New vectors are on disk after every batch, so that a break loses one batch at most. Vectors come back as
    float16 rounds them, new ones too, so that the same texts give the same index. To be used in a ``with``
    block, which closes the files.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self.model, self.revision, self.dimension = embedder.model, embedder.revision, embedder.dimension
        self._embedder = embedder
        self._lock = threading.Lock()
        self._folder = folder / hashlib.sha256(embedder.revision.encode()).hexdigest()[:16]
        self._record = np.dtype(
            [("key", f"V{_KEY_BYTES}"), ("vector", "<f2", (self.dimension,)), ("sum", "<u4")]
        )
        self._known: dict[bytes, tuple[NDArray[np.float16], int]] = {}
        self._own: IO[bytes] | None = None
        self._load()

    @classmethod
    def around(cls, embedder: Embedder, folder: Path) -> RememberingEmbedder:
        """``embedder`` itself, if it remembers already."""
        return embedder if isinstance(embedder, cls) else cls(embedder, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self._own is not None:
                self._own.close()
                self._own = None

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        return self.prepare(texts, role=role, message="", progress=None)

    def prepare(
        self, texts: Sequence[str], *, role: Role, message: str, progress: Progress | None
    ) -> NDArray[np.float32]:
        """The vectors of ``texts``, equal texts embedded once; ``progress(message, done, total)``, first
        with nothing done and then after each batch, counts those that were not known."""
        keys = [_key(text, role) for text in texts]
        with self._lock:
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
            order = sorted(missing, key=lambda key: len(missing[key]))
            if progress and order:
                progress(message, 0, len(order))
            starts = range(0, len(order), _TOGETHER)
            done = 0
            # short and long ones in turn: were all the long ones last, the time left would be told too short
            for start in (starts[-1 - turn // 2 if turn % 2 else turn // 2] for turn in range(len(starts))):
                batch = order[start : start + _TOGETHER]
                vectors = self._embedder.embed([missing[key] for key in batch], role=role)
                self._add(batch, vectors.astype(np.float16))
                done += len(batch)
                if progress:
                    progress(message, done, len(order))
            found = np.empty((len(keys), self.dimension), np.float32)
            for row, key in enumerate(keys):
                part, at = self._known[key]
                found[row] = part[at]
        # float16 leaves a vector a little off its length
        return unit(found)

    def _add(self, keys: Sequence[bytes], vectors: NDArray[np.float16]) -> None:
        if self._own is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._own = (self._folder / f"{os.getpid()}-{os.urandom(6).hex()}.vectors").open("ab")
        self._own.write(self._to_bytes(keys, vectors))
        self._own.flush()
        self._known |= {key: (vectors, row) for row, key in enumerate(keys)}

    def _to_bytes(self, keys: Sequence[bytes], vectors: NDArray[np.float16]) -> bytes:
        records = np.zeros(len(keys), self._record)
        records["key"] = np.frombuffer(b"".join(keys), f"V{_KEY_BYTES}")
        records["vector"] = vectors
        records["sum"] = _sums(records)
        return records.tobytes()

    def _load(self) -> None:
        segments = sorted(self._folder.glob("*.vectors"))
        for segment in segments:
            records = self._records(segment)
            keys = records["key"].tobytes()
            vectors = np.asarray(records["vector"])
            for row, (found, written) in enumerate(zip(_sums(records), records["sum"].tolist(), strict=True)):
                if found == written:
                    self._known[keys[row * _KEY_BYTES : (row + 1) * _KEY_BYTES]] = (vectors, row)
        if len(segments) > _MOST_SEGMENTS:
            self._join(segments)

    def _records(self, segment: Path) -> NDArray[np.void]:
        try:
            count = segment.stat().st_size // self._record.itemsize
            if count:
                return np.memmap(segment, self._record, "r", shape=(count,))
        except OSError:  # another process joined it with others meanwhile
            pass
        return np.empty(0, self._record)

    def _join(self, segments: Sequence[Path]) -> None:
        """Writes all that is known as one segment, beside and then in place, and deletes ``segments``."""
        vectors = np.empty((len(self._known), self.dimension), np.float16)
        for row, (part, at) in enumerate(self._known.values()):
            vectors[row] = part[at]
        beside = self._folder / f".{os.getpid()}-{os.urandom(6).hex()}"
        beside.write_bytes(self._to_bytes(list(self._known), vectors))
        beside.replace(beside.with_name(f"{beside.name[1:]}.vectors"))
        for segment in segments:
            segment.unlink(missing_ok=True)


def _key(text: str, role: Role) -> bytes:
    data = f"{role}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_KEY_BYTES).digest()


def _sums(records: NDArray[np.void]) -> list[int]:
    data, size = memoryview(records.tobytes()), records.itemsize
    return [zlib.crc32(data[start : start + size - 4]) for start in range(0, len(data), size)]

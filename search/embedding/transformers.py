"""Any model of sentence-transformers, on any device that torch knows.

The library and torch are the extra ``transformers``; nothing of them is imported before a model is opened.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import numpy as np

from ontology.errors import InvalidInput, ModelUnavailable
from search.dense import unit
from search.embedding.interface import plain_text
from search.embedding.model_files import find_model
from search.embedding.presets import POOLINGS, preset_of, prompts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search.embedding.interface import Role
    from search.embedding.model_files import ModelFiles
    from search.embedding.presets import Preset

__all__ = ["ModelOptions", "SentenceTransformersEmbedder"]

_FORMAT = 1
_INSTALL = "pip install 'competency-graph[transformers]'"
_TASKS: Mapping[Role, str] = {"query": "query", "passage": "document"}
# what stands for a text without a character where no prompt does
_BLANK = "-"


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What may follow the name of a model in a descriptor, as ``?device=cuda&batch_size=64``.

    ``device`` is torch's name of a device, by default the best there is; ``batch_size`` counts texts;
    ``revision`` is a branch, tag or commit of a model that is named, not a folder; ``preset`` takes the
    prompts of a family whatever the model is called; ``pooling`` serves a checkpoint that has no
    ``modules.json``; ``trust_remote_code`` lets Python code that comes with the model run.
    """

    device: str | None = None
    batch_size: int = 32
    revision: str | None = None
    preset: str | None = None
    pooling: str | None = None
    trust_remote_code: bool = False

    @classmethod
    def parse(cls, text: str) -> ModelOptions:
        """Raises ``InvalidInput`` for an option that there is not, and for a value that it does not take."""
        known = [field.name for field in fields(cls)]
        values: dict[str, Any] = dict(parse_qsl(text, keep_blank_values=True))
        for name, value in values.items():
            if name not in known or not value:
                raise InvalidInput(
                    f"the embedding model has no option {name}={value}; it has: {', '.join(known)}"
                )
        if "batch_size" in values:
            if not values["batch_size"].isdecimal() or not int(values["batch_size"]):
                raise InvalidInput(f"batch_size is a whole number from 1, not {values['batch_size']!r}")
            values["batch_size"] = int(values["batch_size"])
        if "trust_remote_code" in values:
            if values["trust_remote_code"] not in {"yes", "no"}:
                raise InvalidInput(f"trust_remote_code is yes or no, not {values['trust_remote_code']!r}")
            values["trust_remote_code"] = values["trust_remote_code"] == "yes"
        if values.get("pooling", "mean") not in POOLINGS:
            raise InvalidInput(f"pooling is {', '.join(POOLINGS)}, not {values['pooling']!r}")
        return cls(**values)


class SentenceTransformersEmbedder:
    """A model that is named as on the Hugging Face hub, or lies in a folder.

    A named model is taken from the cache of the hub where it is there and downloaded otherwise. Prompts and
    pooling are those of the model's own configuration, or of the preset of its family. A text is cut off
    where the model states (``longest``, in pieces). Calls are taken one at a time: tokenizers keep the length
    of a batch as state, and several batches would only crowd the device.

    Raises ``ModelUnavailable`` where the extra or the model is missing, ``InvalidInput`` for a model that
    cannot be used as it is.
    """

    def __init__(self, name: str, options: ModelOptions | None = None) -> None:
        chosen = options or ModelOptions()
        library = _library(name)
        files = find_model(name, chosen.revision)
        preset = preset_of(files.name, files.folder, chosen.preset)
        pooling = _pooling(files, preset, chosen)
        self.model = files.name
        self._prompts = prompts_of(files.folder, preset)
        self._tasks = dict.fromkeys(_TASKS, preset.branch) if preset and preset.branch else _TASKS
        self._batch_size = chosen.batch_size
        self._lock = threading.Lock()
        try:
            self._model = _load(library, files.folder, pooling, chosen)
            self.dimension = self._encode(["probe"], "query").shape[1]
        except Exception as error:  # a model is data and code of others, and fails as it likes
            raise ModelUnavailable(name, _reason(error)) from error
        self.longest: int | None = self._model.get_max_seq_length()
        shape = (str(self._prompts), self._tasks, pooling, self.longest, str(self._model.dtype))
        digest = hashlib.sha256(repr(shape).encode()).hexdigest()
        self.revision = f"sentence-transformers-{_FORMAT}-{files.version[:16]}-{digest[:12]}"

    def embed(self, texts: Sequence[str], *, role: Role) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return unit(self._encode(texts, role))

    def _encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        prompt = self._prompts.of(role)
        clean = [plain_text(text) for text in texts]
        if not prompt.strip():
            clean = [text if text.strip() else _BLANK for text in clean]
        with self._lock:
            vectors = self._model.encode(
                clean,
                prompt=prompt,
                task=self._tasks[role],
                batch_size=self._batch_size,
                show_progress_bar=False,
            )
        return np.asarray(vectors, np.float32)


def _library(name: str) -> Any:
    try:
        import sentence_transformers
    except ImportError as error:
        raise ModelUnavailable(name, f"it needs the extra transformers ({error}); run: {_INSTALL}") from error
    return sentence_transformers


def _pooling(files: ModelFiles, preset: Preset | None, options: ModelOptions) -> str | None:
    """The pooling to add to a checkpoint that has none, ``None`` for a model that is whole."""
    if (files.folder / "modules.json").is_file():
        if options.pooling:
            raise InvalidInput(
                f"the embedding model {files.name} says itself how it pools; leave pooling away"
            )
        return None
    pooling = options.pooling or (preset.pooling if preset else None)
    if pooling is None:
        raise InvalidInput(
            f"the embedding model {files.name} has no modules.json, so it is not known how it pools; say it: "
            + ", ".join(f"pooling={one}" for one in POOLINGS)
        )
    return pooling


def _load(library: Any, folder: Path, pooling: str | None, options: ModelOptions) -> Any:
    device = options.device or library.util.get_device_name()
    model = library.SentenceTransformer(
        str(folder),
        device=device,
        trust_remote_code=options.trust_remote_code,
        # code that comes with a model may lie in another repository of the hub
        local_files_only=not options.trust_remote_code,
        # processors are slower in half precision, whatever the files hold
        model_kwargs={"dtype": "float32" if device.startswith("cpu") else "auto"},
    )
    if pooling:
        from sentence_transformers.sentence_transformer.modules import Pooling

        model[1] = Pooling(model[0].get_embedding_dimension(), pooling)
    return model


def _reason(error: Exception) -> str:
    if "trust_remote_code" in str(error):
        return (
            "it comes with Python code of its own, which is not run unasked; read it and, if you trust it, "
            "add trust_remote_code=yes to the options"
        )
    return f"it cannot be loaded: {error}"

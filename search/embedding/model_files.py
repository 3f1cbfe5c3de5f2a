"""Where the files of a model are: in a folder, in the cache of the Hugging Face hub, or to be downloaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.errors import InvalidInput, ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ModelFiles", "files_to_download", "find_model"]

_ORGANISATION = "sentence-transformers"
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
# other forms of the same weights, and pictures
_LEFT_OUT = {".onnx", ".onnx_data", ".h5", ".msgpack", ".ot", ".gguf", ".gz", ".pdf", ".png", ".jpg", ".webp"}
_OTHER_FORMS = {"onnx", "openvino", "coreml"}


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """``version`` changes with the files: the commit of a model of the hub, the SHA-256 of a folder's."""

    name: str
    folder: Path
    version: str


def find_model(name: str, revision: str | None = None) -> ModelFiles:
    """The files of the model in the folder ``name``, or of the model of that name on the hub.

    What lies in the cache of the hub is taken as it is, without asking for a newer version. ``revision`` is a
    branch, tag or commit. Raises ``ModelUnavailable`` where neither is to be had, ``InvalidInput`` for a
    revision of a folder.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        if revision is not None:
            raise InvalidInput(f"the embedding model {name} is a folder, which has no revision {revision}")
        return ModelFiles(folder.resolve().name, folder, _digest(folder))
    if folder.is_absolute() or name.startswith((".", "~")) or "\\" in name or name.count("/") > 1:
        raise ModelUnavailable(
            name, "there is no such folder; name one that holds a model, or a model of the hub"
        )
    repository = name if "/" in name else f"{_ORGANISATION}/{name}"
    found = _cached(repository, revision) or _downloaded(repository, revision)
    return ModelFiles(name, found, found.name)


def files_to_download(files: Iterable[str]) -> list[str]:
    """Of the files of a repository those that a model needs: of weights in two formats the safer one."""
    listed = sorted(files)
    safe = {str(Path(one).parent) for one in listed if one.endswith(".safetensors")}
    needed = []
    for one in listed:
        path = Path(one)
        doubled = path.name.startswith(("pytorch_model", "tf_model")) and str(path.parent) in safe
        if not doubled and path.suffix not in _LEFT_OUT and not _OTHER_FORMS & set(path.parts[:-1]):
            needed.append(one)
    return needed


def _digest(folder: Path) -> str:
    """SHA-256 over the names and contents of all files of a model."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            with path.open("rb") as file:
                digest.update(
                    f"{relative.as_posix()}\0".encode() + hashlib.file_digest(file, "sha256").digest()
                )
    return digest.hexdigest()


def _cached(repository: str, revision: str | None) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(repository, "config.json", revision=revision)
    except HFValidationError as error:
        raise ModelUnavailable(repository, f"that is no name of a model: {error}") from error
    if not isinstance(found, str):
        return None
    folder = Path(found).parent
    # a download may have been broken off before the weights
    return folder if any(any(folder.glob(pattern)) for pattern in _WEIGHTS) else None


def _downloaded(repository: str, revision: str | None) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    try:
        files = files_to_download(HfApi().list_repo_files(repository, revision=revision))
        return Path(snapshot_download(repository, revision=revision, allow_patterns=files))
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        version = f" in the version {revision}" if revision else ""
        raise ModelUnavailable(
            repository, f"the hub has no such model{version}, or it asks for an account"
        ) from error
    except Exception as error:  # the client of the hub passes on whatever its HTTP library raises
        raise ModelUnavailable(
            repository,
            f"it is not in the cache of the hub and cannot be downloaded ({error}); where there is no "
            "network, copy the model to a folder and name the folder",
        ) from error

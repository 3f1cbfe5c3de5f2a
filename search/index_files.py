"""The files of a version of the search index: what its manifest holds, how it is written and read."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from ontology.errors import IndexStale
from search.classes import ClassCode
from search.lexical import LexicalIndex
from search.passages import Passage, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from search.background import Background
    from search.embedding import Embedder
    from search.ranking import DenseSide, Recipe

__all__ = [
    "REBUILD",
    "damage_as_stale",
    "expected_manifest",
    "manifest_of",
    "passage_of",
    "put_in_place",
    "remove_others",
    "version_name",
    "write_version",
]

FORMAT = 3
REBUILD = "run: competency index"


def expected_manifest(embedder: Embedder, background: Background, recipe: Recipe) -> dict[str, Any]:
    """What the manifest of an index must say for this model, background and recipe."""
    return {
        "format": FORMAT,
        "model": embedder.model,
        "revision": embedder.revision,
        "dimension": embedder.dimension,
        "background": background.digest,
        "recipe": recipe.to_json(),
    }


def manifest_of(
    passages: Sequence[Passage], embedder: Embedder, background: Background, recipe: Recipe
) -> dict[str, Any]:
    """The whole manifest: what is expected, and what tells these passages from others."""
    corpus = hashlib.sha256()
    for passage in passages:
        corpus.update(_line(passage).encode())
    return {
        **expected_manifest(embedder, background, recipe),
        "corpus": corpus.hexdigest(),
        "passages": len(passages),
        "languages": list(background.languages),
    }


def version_name(manifest: Mapping[str, Any]) -> str:
    """The name of a version: a digest of its manifest."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:20]


def write_version(
    folder: Path, manifest: Mapping[str, Any], passages: Sequence[Passage], dense: DenseSide
) -> None:
    """Writes all files of a version into ``folder``."""
    np.save(folder / "vectors.npy", dense.vectors)
    np.save(folder / "hubs.npy", dense.hubs)
    np.save(folder / "elsewhere.npy", dense.elsewhere)
    np.save(folder / "means.npy", dense.space.means)
    np.save(folder / "directions.npy", dense.space.directions)
    (folder / "passages.jsonl").write_text("".join(map(_line, passages)), encoding="utf-8")
    (folder / "lexical").mkdir()
    LexicalIndex.build(passages, folder / "lexical")
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _line(passage: Passage) -> str:
    return json.dumps(asdict(passage), ensure_ascii=False) + "\n"


def passage_of(values: dict[str, Any]) -> Passage:
    """A passage out of a line of ``passages.jsonl``."""
    for name in ("path", "required_by"):
        values[name] = tuple(Step(**step) for step in values[name])
    values["classes"] = tuple(ClassCode(**one) for one in values["classes"])
    return Passage(**values)


def put_in_place(beside: Path, target: Path) -> None:
    """Renames a finished version to its name; one that another process put there stays."""
    try:
        beside.replace(target)
    except OSError:
        # another process built the same version meanwhile
        if not (target / "manifest.json").is_file():
            raise


@contextmanager
def damage_as_stale(folder: Path) -> Iterator[None]:
    """Turns what a damaged file raises into ``IndexStale``."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexStale(f"the search index in {folder} is damaged ({error}); {REBUILD}") from error


def remove_others(folder: Path, keep: set[str | None]) -> None:
    """Removes versions but those in ``keep``: the one in force, and the one that readers may have open."""
    for path in folder.iterdir():
        if path.is_dir() and (path / "manifest.json").is_file() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)

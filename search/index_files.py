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
from search.background import LanguageSpace
from search.classes import ClassCode
from search.lexical import LexicalIndex
from search.passages import Passage, Step
from search.ranking import DenseSide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from search.background import Background
    from search.embedding import Embedder
    from search.ranking import Recipe

__all__ = [
    "REBUILD",
    "damage_as_stale",
    "expected_manifest",
    "find_version",
    "manifest_of",
    "passage_of",
    "put_in_force",
    "put_in_place",
    "read_version",
    "version_in_force",
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


def version_in_force(folder: Path) -> str | None:
    """The name of the version in force, ``None`` where nothing was built yet."""
    try:
        return (folder / "CURRENT").read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def put_in_force(folder: Path, version: str) -> None:
    """Makes a version the one in force, and removes those before the last one."""
    previous = version_in_force(folder)
    if previous != version:
        pointer = folder / f".current-{version}"
        pointer.write_text(version, encoding="utf-8")
        pointer.replace(folder / "CURRENT")
        _remove_others(folder, keep={version, previous})


def find_version(
    folder: Path, embedder: Embedder, background: Background, recipe: Recipe
) -> tuple[Path, dict[str, Any]]:
    """The folder of the version in force, and its manifest.

    Raises ``IndexStale`` where there is none, or it was made of something else.
    """
    version = version_in_force(folder)
    if version is None:
        raise IndexStale(f"there is no search index in {folder}; {REBUILD}")
    with damage_as_stale(folder):
        manifest = json.loads((folder / version / "manifest.json").read_text(encoding="utf-8"))
    for field, value in expected_manifest(embedder, background, recipe).items():
        if manifest.get(field) != value:
            raise IndexStale(
                f"the search index was made with {field} {manifest.get(field)!r}, "
                f"now it is {value!r}; {REBUILD}"
            )
    return folder / version, manifest


def read_version(
    place: Path, manifest: Mapping[str, Any], recipe: Recipe
) -> tuple[tuple[Passage, ...], DenseSide]:
    """The passages of a version and their vectors, which stay on disk until they are needed.

    Raises what a damaged file raises (see ``damage_as_stale``).
    """
    # not splitlines(), which cuts at U+2028 and the like inside a text, too
    lines = (place / "passages.jsonl").read_text(encoding="utf-8").split("\n")
    passages = tuple(passage_of(json.loads(line)) for line in lines if line)
    space = LanguageSpace(
        tuple(manifest["languages"]), np.load(place / "means.npy"), np.load(place / "directions.npy")
    )
    dense = DenseSide(
        recipe,
        space,
        np.load(place / "vectors.npy", mmap_mode="r"),
        np.load(place / "hubs.npy"),
        np.load(place / "elsewhere.npy"),
    )
    if not len(passages) == len(dense.vectors) == len(dense.hubs) == manifest["passages"]:
        raise ValueError("its files do not belong together")
    return passages, dense


@contextmanager
def damage_as_stale(folder: Path) -> Iterator[None]:
    """Turns what a damaged file raises into ``IndexStale``."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexStale(f"the search index in {folder} is damaged ({error}); {REBUILD}") from error


def _remove_others(folder: Path, keep: set[str | None]) -> None:
    """Removes versions but those in ``keep``: the one in force, and the one that readers may have open."""
    for path in folder.iterdir():
        if path.is_dir() and (path / "manifest.json").is_file() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)

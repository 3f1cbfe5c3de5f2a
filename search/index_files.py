"""The files of a version of the search index: what its manifest holds, how it is written and read."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ontology.errors import IndexStale
from search.background import LanguageSpace
from search.codes import CodeTable
from search.contents import Contents
from search.duplicates import Duplicates
from search.engine import LocalEngine
from search.filters import FilterTable
from search.passage_file import PassageFile, passage_line
from search.ranking import DenseSide
from search.vectors import VectorRows
from search.versions import latest_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from search.background import Background
    from search.embedding.interface import Embedder
    from search.engine import SearchEngine
    from search.passages import Passage
    from search.ranking import Recipe

__all__ = [
    "REBUILD",
    "Parts",
    "Version",
    "damage_as_stale",
    "expected_manifest",
    "find_version",
    "manifest_of",
    "put_in_force",
    "put_in_place",
    "read_version",
    "version_in_force",
    "version_name",
    "write_version",
]

FORMAT = 9
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
    passages: Sequence[Passage],
    embedder: Embedder,
    background: Background,
    recipe: Recipe,
    engine: SearchEngine,
) -> dict[str, Any]:
    """The whole manifest: what is expected, and what tells these passages from others."""
    corpus = hashlib.sha256()
    for passage in passages:
        corpus.update(passage_line(passage))
    return {
        **expected_manifest(embedder, background, recipe),
        "corpus": corpus.hexdigest(),
        "passages": len(passages),
        "vectors": engine.name,
        "languages": list(background.languages),
    }


def version_name(manifest: Mapping[str, Any]) -> str:
    """The name of a version: a digest of its manifest."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:20]


def write_version(
    folder: Path,
    manifest: Mapping[str, Any],
    passages: Sequence[Passage],
    dense: DenseSide,
    engine: SearchEngine,
) -> None:
    """Writes all files of a version into ``folder``."""
    np.save(folder / "vectors.npy", dense.vectors)
    np.save(folder / "hubs.npy", dense.hubs)
    np.save(folder / "elsewhere.npy", dense.elsewhere)
    np.save(folder / "means.npy", dense.space.means)
    np.save(folder / "directions.npy", dense.space.directions)
    PassageFile.write(folder, passages)
    table, latest = FilterTable.of(passages), latest_rows(passages)
    table.write(folder)
    np.save(folder / "latest.npy", latest)
    codes = CodeTable.of(passages, table)
    codes.write(folder)
    duplicates = Duplicates.of(passages)
    duplicates.write(folder)
    contents = Contents.of(passages)
    contents.write(folder)
    parts = Parts(passages, table, codes, latest, duplicates, dense, contents)
    engine.build(folder, version_name(manifest), passages, parts.rows, embedder=str(manifest["model"]))
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


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


def put_in_force(folder: Path, version: str) -> set[str]:
    """Makes a version the one in force, removes those before the last one, and gives those that are left."""
    previous = version_in_force(folder)
    if previous != version:
        pointer = folder / f".current-{version}"
        pointer.write_text(version, encoding="utf-8")
        pointer.replace(folder / "CURRENT")
        _remove_others(folder, keep={version, previous})
    return {path.name for path in folder.iterdir() if (path / "manifest.json").is_file()}


@dataclass(frozen=True, slots=True)
class Version:
    """A version on disk, and the engine that searches it."""

    folder: Path
    manifest: Mapping[str, Any]
    engine: SearchEngine

    @property
    def name(self) -> str:
        return self.folder.name


def find_version(
    folder: Path,
    embedder: Embedder,
    background: Background,
    recipe: Recipe,
    vectors: str,
    engine: SearchEngine | None = None,
) -> Version:
    """The version in force. Raises ``IndexStale`` where there is none, or it was made of something else."""
    version = version_in_force(folder)
    if version is None:
        raise IndexStale(f"there is no search index in {folder}; {REBUILD}")
    with damage_as_stale(folder):
        manifest = json.loads((folder / version / "manifest.json").read_text(encoding="utf-8"))
        engine = engine or LocalEngine(vectors, int(manifest["passages"]))
    expected = expected_manifest(embedder, background, recipe) | {"vectors": engine.name}
    for field, value in expected.items():
        if manifest.get(field) != value:
            raise IndexStale(
                f"the search index was made with {field} {manifest.get(field)!r}, "
                f"now it is {value!r}; {REBUILD}"
            )
    return Version(folder / version, manifest, engine)


@dataclass(frozen=True)
class Parts:
    """What a version holds beside its words: the passages, what they are found by, and their vectors."""

    passages: Sequence[Passage]
    table: FilterTable
    codes: CodeTable
    latest: NDArray[np.bool_]
    duplicates: Duplicates
    dense: DenseSide
    contents: Contents

    @property
    def rows(self) -> VectorRows:
        """What the engine for vectors has to know of each row."""
        return VectorRows(self.dense.vectors, self.dense.biases, self.table.columns, self.latest)


def read_version(version: Version, recipe: Recipe) -> Parts:
    """The parts of a version, which stay on disk until they are needed.

    Raises what a damaged file raises (see ``damage_as_stale``).
    """
    place, manifest = version.folder, version.manifest
    space = LanguageSpace(
        tuple(manifest["languages"]), np.load(place / "means.npy"), np.load(place / "directions.npy")
    )
    dense = DenseSide(
        recipe,
        space,
        np.load(place / "vectors.npy", mmap_mode="r"),
        np.load(place / "hubs.npy", mmap_mode="r"),
        np.load(place / "elsewhere.npy"),
    )
    passages, table = PassageFile.open(place), FilterTable.read(place)
    parts = Parts(
        passages,
        table,
        CodeTable.read(place, table),
        np.load(place / "latest.npy", mmap_mode="r"),
        Duplicates.read(place, len(passages)),
        dense,
        Contents.read(place),
    )
    lengths = {len(one) for one in (passages, dense.vectors, dense.hubs, parts.latest)}
    if lengths != {manifest["passages"]}:
        raise ValueError("its files do not belong together")
    return parts


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

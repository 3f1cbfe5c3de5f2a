"""A map of standards, and the file that keeps it beside the versions of the search index."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from ontology.errors import IndexStale

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Region", "StandardMap"]

FORMAT = 1
REBUILD = "run: competency index"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the map, seen from afar (``depth`` 0) or from nearer (1): where the middle of its ``count``
    standards lies, and the words that tell it from others, in ``language``."""

    depth: int
    x: float
    y: float
    label: str
    language: str
    count: int


@dataclass(frozen=True)
class StandardMap:
    """``places`` (shape ``(standards, 2)``, 0–1) are those of the standards with ``iris``. ``version`` names
    the version of the index that it was made from."""

    version: str
    iris: tuple[str, ...]
    places: NDArray[np.float32]
    regions: tuple[Region, ...]

    def write(self, folder: Path) -> None:
        """Keeps it in ``folder`` in the place of another, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        places = np.round(self.places.astype(np.float64), 5).tolist()
        kept = {
            "format": FORMAT,
            "version": self.version,
            "iris": self.iris,
            "places": places,
            "regions": [asdict(one) for one in self.regions],
        }
        beside = folder / f".map-{self.version}-{os.getpid()}"
        beside.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        beside.replace(folder / "map.json")

    @classmethod
    def read(cls, folder: Path, version: str) -> StandardMap:
        """The map of a version of the index. Raises ``IndexStale`` where there is none."""
        try:
            kept = json.loads((folder / "map.json").read_text(encoding="utf-8"))
            if kept["format"] == FORMAT and kept["version"] == version:
                return cls(
                    version,
                    tuple(kept["iris"]),
                    np.array(kept["places"], np.float32).reshape(-1, 2),
                    tuple(Region(**one) for one in kept["regions"]),
                )
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexStale(f"the map in {folder} is damaged ({error}); {REBUILD}") from error
        raise IndexStale(f"there is no map of this search index yet; {REBUILD}")

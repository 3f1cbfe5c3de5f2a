"""How true the map of standards is to their meaning, and how long it takes, next to others.

    python benchmarks/standard_map.py [--data-dir var] [--crosswalk crosswalk_esco_onet.csv]

Trustworthiness and kept neighbours are of 15 neighbours. With the official crosswalk between ESCO and O*NET:
for how many of its pairs O*NET's occupation is among the 20 of O*NET nearest to ESCO's.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors

from api.services import open_services
from api.settings import Settings
from search.dense import unit
from search.mapping.placing import _principal, place
from search.mapping.space import points_of_standards

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_NEIGHBOURS = 15
_WITHIN = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, default=Path("var"), help="folder with store and index")
    parser.add_argument("--crosswalk", type=Path, help="crosswalk_esco_onet.csv of ESCO's portal")
    chosen = parser.parse_args()
    with open_services(Settings(data_dir=chosen.data_dir)) as services:
        standards = services.index.current().all_standards
        points = points_of_standards(standards)
        passages = [standards.passages[int(row)] for row in standards.contents.standards]
    numbers = {
        (one.framework, key): at for at, one in enumerate(passages) for key in (one.code, one.text.lower())
    }
    pairs = _pairs(chosen.crosswalk, numbers) if chosen.crosswalk else []
    onet = np.array([at for at, one in enumerate(passages) if one.framework == "onet"], np.int64)
    names = unit(points[:, : points.shape[1] // 2])
    print(f"{len(points)} standards, {len(pairs)} pairs of the crosswalk")
    print(f"{'':32}{'seconds':>9}{'trust':>8}{'kept':>8}{'crosswalk':>11}")
    methods: list[tuple[str, NDArray[np.float32], Callable[[NDArray[np.float32]], NDArray[np.float32]]]] = [
        ("principal components", points, _principal),
        ("t-SNE, as it is used", points, place),
        (
            "t-SNE, perplexity 50",
            points,
            lambda some: TSNE(perplexity=50, random_state=1).fit_transform(some),
        ),
        ("t-SNE of names alone", names, place),
    ]
    for name, space, method in methods:
        started = time.perf_counter()
        places = method(space)
        seconds = time.perf_counter() - started
        trust = trustworthiness(points, places, n_neighbors=_NEIGHBOURS)
        kept = _kept(points, places)
        print(f"{name:32}{seconds:9.1f}{trust:8.3f}{kept:8.3f}{_near(places, pairs, onet):11.3f}")


def _pairs(path: Path, numbers: dict[tuple[str, str], int]) -> list[tuple[int, int]]:
    """Numbers of standards of ESCO and O*NET in one row of the crosswalk."""
    found = []
    for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines()):
        esco = [
            numbers["esco", one.strip().lower()] for one in row if ("esco", one.strip().lower()) in numbers
        ]
        onet = [numbers["onet", one.strip()] for one in row if ("onet", one.strip()) in numbers]
        if esco and onet:
            found.append((esco[0], onet[0]))
    return found


def _kept(points: NDArray[np.float32], places: NDArray[np.float32]) -> float:
    """How many of the nearest neighbours in the space are among those on the map."""

    def near(some: NDArray[np.float32]) -> NDArray[np.int64]:
        return np.asarray(
            NearestNeighbors(n_neighbors=_NEIGHBOURS).fit(some).kneighbors(return_distance=False)
        )

    both = zip(near(points).tolist(), near(places).tolist(), strict=True)
    return float(np.mean([len(set(one) & set(other)) / _NEIGHBOURS for one, other in both]))


def _near(places: NDArray[np.float32], pairs: list[tuple[int, int]], onet: NDArray[np.int64]) -> float:
    column = {int(at): number for number, at in enumerate(onet)}
    hits = 0
    for one, other in pairs:
        distances = ((places[onet] - places[one]) ** 2).sum(axis=1)
        hits += int((distances < distances[column[other]]).sum()) < _WITHIN
    return hits / max(1, len(pairs))


if __name__ == "__main__":
    main()

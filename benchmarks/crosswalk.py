"""How well comparing finds the ESCO occupation of an O*NET occupation: the official crosswalk as gold.

    python benchmarks/crosswalk.py DATA_DIR CROSSWALK.csv [--fit]

In ``DATA_DIR`` ESCO and O*NET are loaded and indexed (``competency ingest --data-dir DATA_DIR …``);
CROSSWALK.csv is the typed table of their publishers (``crosswalk_esco_onet.csv``). For each occupation of
O*NET with an exact or close match the occupations of ESCO are ranked as ``competency nearest`` ranks them,
beside the likeness of names and descriptions alone and beside contents alone. Printed: top-1, top-5, and
the mean reciprocal rank (MRR) of the first right one, for the half that weights were fitted to (occupations
whose code has an even digest) and for the other half. With ``--fit`` weights are looked for on the first.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import itertools
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from api.settings import Settings
from search import SearchIndex, open_embedder
from search.comparing.nearest import AllStandards, NearestWeights
from search.comparing.points import points_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

RIGHT = ("exactMatch", "closeMatch")


def read_gold(path: Path) -> dict[str, set[str]]:
    """The IRIs of the right occupations of ESCO by the code of the occupation of O*NET."""
    gold: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            if len(row) >= 7 and row[6] in RIGHT and "/esco/occupation/" in row[3]:
                gold[row[0]].add(row[3])
    return gold


def features(
    index: SearchIndex, gold: dict[str, set[str]]
) -> tuple[list[str], NDArray[np.float32], list[list[int]]]:
    """For each occupation of O*NET: its features of each occupation of ESCO, shape (O*NET, ESCO, 4), and the
    places of the right ones."""
    everything, comparer = index.all_standards, index.comparer()
    standards = [everything.passages[row] for row in everything.contents.standards.tolist()]
    esco = [at for at, one in enumerate(standards) if one.framework == "esco"]
    place = {standards[at].iri: number for number, at in enumerate(esco)}
    codes, found, right = [], [], []
    for one in standards:
        wanted = [place[iri] for iri in gold.get(one.code, ()) if iri in place]
        if one.framework != "onet" or not wanted:
            continue
        side = comparer.side(one.iri)
        coverages = everything.coverage(points_of(everything.dense, side))
        likeness = everything.names @ unit_of(everything, side.row)
        columns = (likeness, coverages.covered, coverages.covering, coverages.nearness)
        found.append(np.stack([column[esco] for column in columns], axis=1))
        codes.append(one.code)
        right.append(wanted)
    return codes, np.array(found, np.float32), right


def unit_of(everything: AllStandards, row: int) -> NDArray[np.float32]:
    vector = np.asarray(everything.dense.vectors[row], np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def measure(scores: NDArray[np.float32], right: list[list[int]]) -> tuple[float, float, float]:
    """Top-1, top-5 and MRR."""
    ranks = np.array(
        [1 + int((row > row[places].max()).sum()) for row, places in zip(scores, right, strict=True)]
    )
    return float((ranks == 1).mean()), float((ranks <= 5).mean()), float((1 / ranks).mean())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("crosswalk", type=Path)
    parser.add_argument("--fit", action="store_true", help="look for weights on the first half")
    arguments = parser.parse_args()
    settings = Settings(data_dir=arguments.data_dir)
    index = SearchIndex.open(settings.index_dir, open_embedder(settings.embedder))
    codes, found, right = features(index, read_gold(arguments.crosswalk))
    fitted = np.array([hashlib.sha256(code.encode()).digest()[0] % 2 == 0 for code in codes])
    print(f"{len(codes)} occupations of O*NET, {found.shape[1]} of ESCO")
    weights = NearestWeights()
    methods = {
        "names and descriptions": (1, 0, 0, 0),
        "contents": (0, weights.covered, weights.covering, weights.nearness),
        "both": (weights.likeness, weights.covered, weights.covering, weights.nearness),
    }
    for name, own in methods.items():
        for half, chosen in (("fitted", fitted), ("held out", ~fitted)):
            some = [places for places, is_chosen in zip(right, chosen.tolist(), strict=True) if is_chosen]
            top1, top5, mrr = measure(found[chosen] @ np.array(own, np.float32), some)
            print(f"{name:24} {half:9} {len(some):4}: top-1 {top1:.3f}, top-5 {top5:.3f}, MRR {mrr:.3f}")
    if arguments.fit:
        some = [places for places, is_chosen in zip(right, fitted.tolist(), strict=True) if is_chosen]
        grid = itertools.product((1.0,), (0, 0.1, 0.2, 0.4, 0.8), (0, 0.1, 0.2, 0.4, 0.8), (0, 0.5, 1.0, 2.0))
        tried = [(measure(found[fitted] @ np.array(own, np.float32), some)[2], own) for own in grid]
        for mrr, own in sorted(tried, reverse=True)[:10]:
            print(f"MRR {mrr:.3f} with {own}")


if __name__ == "__main__":
    main()

"""How right the pairs of elements are that comparing two versions finds by wording alone, on judged pairs.

    python benchmarks/version_pairs.py BEFORE AFTER JUDGED

JUDGED is a table with tabs: ``before``, ``after`` and ``verdict``; ``same`` and ``reworded`` are pairs, in
``partly`` some of an element goes on in another. The likeness of wording that is in use and that of
``difflib``, at several thresholds.
"""

from __future__ import annotations

import argparse
import csv
import difflib
import time
from pathlib import Path

from ontology.changes import compare_versions, pairing
from ontology.changes.wording import Wording
from ontology.readers import read_standard

THRESHOLDS = ((0.6, 0.5), (0.5, 0.4), (0.45, 0.4), (0.4, 0.3), (0.3, 0.3))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("judged", type=Path)
    asked = parser.parse_args()
    before, after = read_standard(asked.before), read_standard(asked.after)
    with asked.judged.open(encoding="utf-8", newline="") as rows:
        verdicts = {
            (row["before"], row["after"]): row["verdict"] for row in csv.DictReader(rows, delimiter="\t")
        }
    successors = {pair for pair, verdict in verdicts.items() if verdict in ("same", "reworded")}
    related = successors | {pair for pair, verdict in verdicts.items() if verdict == "partly"}
    print("likeness  threshold  in place  pairs  right  right or partly  recall     ms")
    chosen = pairing.LIKE_ENOUGH, pairing.LIKE_ENOUGH_IN_PLACE
    own = Wording.likeness
    for name, measure in (("Dice", own), ("difflib", by_blocks)):
        Wording.likeness = measure  # type: ignore[method-assign]
        for threshold in THRESHOLDS:
            pairing.LIKE_ENOUGH, pairing.LIKE_ENOUGH_IN_PLACE = threshold
            started = time.perf_counter()
            changes = compare_versions(before, after)
            took = 1000 * (time.perf_counter() - started)
            found = {
                (one.before.code, one.after.code) for one in changes.elements if one.before and one.after
            }
            precision, recall = (
                len(found & successors) / len(found),
                len(found & successors) / len(successors),
            )
            used = "  ← in use" if threshold == chosen and measure is own else ""
            print(
                f"{name:<9} {threshold[0]:9} {threshold[1]:9} {len(found):6} {precision:6.2f}"
                f" {len(found & related) / len(found):16.2f} {recall:7.2f} {took:6.0f}{used}"
            )


def by_blocks(one: Wording, other: Wording) -> float:
    return difflib.SequenceMatcher(None, one.plain, other.plain, autojunk=False).ratio()


if __name__ == "__main__":
    main()

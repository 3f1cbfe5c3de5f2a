"""What pairs a comparison finds, beside those that a person judged.

    python benchmarks/comparison_pairs.py DATA_DIR

In ``DATA_DIR`` BGM1219-002v2, BGM1219-002v4 and BSBWOR502 are loaded and indexed (their files in ``icap`` and
``au``). Judged are T1 of BGM1219-002v2 with BSBWOR502 (Chinese with English, grades 2 and 1) and
BGM1219-002v2 with v4 (the same language, six years later). *precision* is the part of the pairs found that
were judged to be pairs of any kind, *recall* the part of the judged ones that is found, *sure* that of those
that were judged the same, reworded or of grade 2.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from api.settings import Settings
from search import SearchIndex, open_embedder

EVAL = Path(__file__).parent.parent / "data" / "eval"
OLD, NEW, UNIT = "BGM1219-002v2", "BGM1219-002v4", "BSBWOR502"
Pairs = dict[tuple[str, str], bool]


def read_unit_pairs() -> Pairs:
    """The judged pairs of elements of T1 and of the unit's elements and criteria; true for grade 2."""
    found: Pairs = {}
    with (EVAL / f"{OLD}-{UNIT}.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            standard, code = row["element"].split(" ")
            for judgement in row["relevant"].split(","):
                other, _, grade = judgement.rpartition(":")
                pair = (code, other.split(" ")[1]) if standard == OLD else (other.split(" ")[1], code)
                if UNIT not in pair:
                    found[pair] = found.get(pair, False) or grade == "2"
    return found


def read_version_pairs() -> Pairs:
    with (EVAL / f"{OLD}-v4.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {
            (row["before"], row["after"]): row["verdict"] != "partly"
            for row in rows
            if row["before"] and row["after"]
        }


def report(index: SearchIndex, a: str, b: str, judged: Pairs) -> None:
    comparison = index.comparer().compare(a, b)
    found = {(pair.a.code, pair.b.code): pair for pair in comparison.pairs}
    right = set(found) & set(judged)
    sure = {pair for pair, is_sure in judged.items() if is_sure}
    print(
        f"{comparison.a.standard.code} with {comparison.b.standard.code}: {len(found)} pairs, "
        f"{len(judged)} judged, {len(sure)} of them sure; precision {len(right) / len(found):.3f}, "
        f"recall {len(right) / len(judged):.3f}, sure {len(sure & set(found)) / len(sure):.3f}"
    )
    print(f"  coverage {comparison.coverage.a} and {comparison.coverage.b}")
    for pair in sorted(set(found) - set(judged)):
        one = found[pair]
        print(f"  not judged a pair: {pair[0]} {one.a.text} | {pair[1]} {one.b.text} ({one.score:.2f})")
    for pair in sorted(sure - set(found)):
        print(f"  missed: {pair[0]} | {pair[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data_dir", type=Path)
    settings = Settings(data_dir=parser.parse_args().data_dir)
    index = SearchIndex.open(settings.index_dir, open_embedder(settings.embedder))
    elements = index.elements
    old, unit = elements.iri_of(OLD, OLD), elements.iri_of(UNIT, UNIT)
    report(index, elements.iri_of("T1", OLD), unit, read_unit_pairs())
    report(index, old, elements.iri_of(NEW, NEW), read_version_pairs())


if __name__ == "__main__":
    main()

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
from pathlib import Path
from typing import TYPE_CHECKING

from api.settings import Settings
from search import SearchIndex, open_embedder
from search.evaluation.pairs import measure_pairs, read_unit_pairs, read_version_pairs

if TYPE_CHECKING:
    from search.evaluation.pairs import JudgedPairs

EVAL = Path(__file__).parent.parent / "data" / "eval"
OLD, NEW, UNIT = "BGM1219-002v2", "BGM1219-002v4", "BSBWOR502"


def report(index: SearchIndex, a: str, b: str, judged: JudgedPairs) -> None:
    comparison = index.comparer().compare(a, b)
    figures = measure_pairs(comparison, judged)
    print(
        f"{comparison.a.standard.code} with {comparison.b.standard.code}: {figures.found} pairs, "
        f"{len(judged)} judged, {sum(judged.values())} of them sure; precision {figures.precision:.3f}, "
        f"recall {figures.recall:.3f}, sure {figures.recall_of_sure:.3f}; coverage "
        f"{comparison.coverage.a} and {comparison.coverage.b}"
    )
    texts = {(pair.a.code, pair.b.code): f"{pair.a.text} | {pair.b.text}" for pair in comparison.pairs}
    for pair in figures.wrong:
        print(f"  not judged a pair: {' '.join(pair)} {texts[pair]}")
    for pair in figures.missed:
        print(f"  missed: {' '.join(pair)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data_dir", type=Path)
    settings = Settings(data_dir=parser.parse_args().data_dir)
    index = SearchIndex.open(settings.index_dir, open_embedder(settings.embedder))
    elements = index.elements
    old, unit = elements.iri_of(OLD, OLD), elements.iri_of(UNIT, UNIT)
    t1 = elements.iri_of("T1", OLD)
    report(index, t1, unit, read_unit_pairs(EVAL / f"{OLD}-{UNIT}.tsv", OLD, UNIT))
    report(index, old, elements.iri_of(NEW, NEW), read_version_pairs(EVAL / f"{OLD}-v4.tsv"))


if __name__ == "__main__":
    main()

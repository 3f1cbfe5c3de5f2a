"""How well job advertisements find their occupation, and their sentences the elements that they evidence.

    python benchmarks/job_descriptions.py DATA_DIR [--details]

In ``DATA_DIR`` ESCO, O*NET, iCAP and the bundled standards are loaded and indexed. The advertisements and the
In ``DATA_DIR`` ESCO, O*NET, iCAP and the bundled standards are loaded and indexed. Advertisements and
language and half: in how many the right occupation is the first, and among the first five, of all occupations
of its framework, with the title given beside the text and with the text alone; ``strict`` counts only the
one occupation that was judged right, not those that were judged acceptable. Then precision and recall of the
evidence by threshold, over the ten advertisements whose sentences were judged: of the pairs of a sentence and
an element that the program names, how many a person named, too, and of those that a person named (grade 2:
the sentence evidences the element; 1: related), how many the program does. ``--details`` prints each
advertisement with what came first.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from api.settings import Settings
from search import SearchIndex, open_embedder
from search.evaluation.advertisements import find_occupations, read_advertisements
from search.matching.evidence import StandardEvidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.evaluation.advertisements import Advertisement
    from search.matching.matcher import Matcher

EVAL = Path(__file__).parent.parent / "data" / "eval"
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def rank_occupations(
    matcher: Matcher, advertisements: Sequence[Advertisement], *, with_title: bool, details: bool
) -> None:
    ranks: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for found in find_occupations(matcher, advertisements, with_title=with_title):
        one = found.advertisement
        ranks[one.framework, one.language, one.half].append((found.rank, found.strict))
        if details:
            print(f"  {one.file} {one.framework}: rank {found.rank}; first {found.first}")
    print("with the title beside the text" if with_title else "the text alone")
    for key, some in sorted(ranks.items()):
        print(f"  {' '.join(key):28} {described(some)}")
    for half in ("development", "held-out"):
        both = [one for key, some in ranks.items() if key[2] == half and key[0] != "icap" for one in some]
        if both:
            print(f"  {'esco and onet ' + half:28} {described(both)}")


def described(ranks: list[tuple[int, int]]) -> str:
    loose, strict = np.array(ranks).T
    return (
        f"{len(ranks):3}: top-1 {np.mean(loose == 1):.3f}, top-5 {np.mean(loose <= 5):.3f}, "
        f"MRR {np.mean(1 / loose):.3f}; strict {np.mean(strict == 1):.3f}, {np.mean(strict <= 5):.3f}"
    )


def judge_evidence(matcher: Matcher, advertisements: Sequence[Advertisement]) -> None:
    halves = {one.file: one.half for one in advertisements}
    texts = {one.file: one.text for one in advertisements}
    judged: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(EVAL / "job-description-evidence.tsv"):
        judged[row["file"]].append(row)
    iris = {}
    for row in matcher.all_standards.contents.standards.tolist():
        passage = matcher.all_standards.passages[row]
        iris[passage.code] = iris[passage.iri] = passage.iri
    counts: dict[tuple[str, float], NDArray[np.int64]] = defaultdict(lambda: np.zeros(5, np.int64))
    for file, rows in judged.items():
        reading = matcher.read(texts[file])
        side = matcher.comparer.side(iris[rows[0]["standard"]])
        columns = {
            name: at
            for at, one in enumerate(side.passages)
            for name in (one.iri, f"{side.compared.standard.code} {one.code}")
        }
        grades = np.zeros((len(reading.requirements), len(side.passages)), np.int64)
        for row in rows:
            if not row["element"]:
                continue
            start, end = int(row["start"]), int(row["end"])
            for at, segment in enumerate(reading.segments[one] for one in reading.requirements):
                if min(end, segment.end) > max(start, segment.start):
                    place = at, columns[row["element"]]
                    grades[place] = max(grades[place], int(row["grade"]))
        likeness = matcher.comparer.likeness_to_side(reading.points, side)
        for threshold in THRESHOLDS:
            evidence = StandardEvidence(
                side, reading.requirements, matcher.scale.scores(likeness), threshold
            ).evidence()
            named = [(reading.requirements.index(one.segment), columns[one.element.iri]) for one in evidence]
            own = [int(grades[place]) for place in named]
            counts[halves[file], threshold] += np.array(
                [
                    len(own),
                    sum(grade > 0 for grade in own),
                    sum(grade == 2 for grade in own),
                    (grades > 0).sum(),
                    (grades == 2).sum(),
                ]
            )
    for (half, threshold), (named, right, sure, wanted, wanted_sure) in sorted(counts.items()):
        print(
            f"  {half:12} from {threshold:.2f}: {named:4} named, precision {right / max(named, 1):.3f}, "
            f"recall {right / wanted:.3f}, of grade 2 {sure / wanted_sure:.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--details", action="store_true")
    arguments = parser.parse_args()
    settings = Settings(data_dir=arguments.data_dir)
    matcher = SearchIndex.open(settings.index_dir, open_embedder(settings.embedder)).matcher()
    advertisements = read_advertisements(EVAL / "job-descriptions")
    rank_occupations(matcher, advertisements, with_title=True, details=arguments.details)
    rank_occupations(matcher, advertisements, with_title=False, details=False)
    print("evidence")
    judge_evidence(matcher, advertisements)


if __name__ == "__main__":
    main()

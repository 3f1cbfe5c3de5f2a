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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from api.settings import Settings
from search import SearchIndex, open_embedder
from search.matching.evidence import StandardEvidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.matching.matcher import Matcher, Reading

EVAL = Path(__file__).parent.parent / "data" / "eval"
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


@dataclass(frozen=True)
class Case:
    """An advertisement with what is right for it in one framework: numbers of standards, the best first."""

    file: str
    language: str
    title: str
    framework: str
    half: str
    right: tuple[int, ...]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def read_cases(matcher: Matcher) -> list[Case]:
    known: dict[tuple[str, str], int] = {}
    for number, row in enumerate(matcher.all_standards.contents.standards.tolist()):
        passage = matcher.all_standards.passages[row]
        known[passage.framework, passage.code] = known[passage.framework, passage.iri] = number
    cases = []
    for row in rows_of(EVAL / "job-descriptions" / "index.tsv"):
        wanted = [row["occupation"], *filter(None, row["accepted"].split("|"))]
        right = tuple(known[row["framework"], one] for one in wanted if (row["framework"], one) in known)
        cases.append(Case(row["file"], row["language"], row["title"], row["framework"], row["split"], right))
    return cases


def text_of(file: str) -> str:
    return (EVAL / "job-descriptions" / file).read_text(encoding="utf-8")


def rank_occupations(matcher: Matcher, cases: list[Case], *, with_title: bool, details: bool) -> None:
    from search.matching.ranking import scores

    readings: dict[str, Reading] = {}
    passages = [matcher.all_standards.passages[row] for row in matcher.all_standards.contents.standards]
    frameworks = np.array([one.framework for one in passages])
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for case in cases:
        if case.file not in readings:
            readings[case.file] = matcher.read(text_of(case.file), case.title if with_title else "")
        own = scores(matcher.features(readings[case.file]), matcher.weights)
        own = np.where(frameworks == case.framework, own, -np.inf)
        rank = 1 + int((own > own[list(case.right)].max()).sum())
        strict = 1 + int((own > own[case.right[0]]).sum())
        found[case.framework, case.language, case.half].append((rank, strict))
        if details:
            first = passages[int(own.argmax())]
            print(f"  {case.file} {case.framework}: rank {rank}; first {first.code} {first.text}")
    print("with the title beside the text" if with_title else "the text alone")
    for key, ranks in sorted(found.items()):
        print(f"  {' '.join(key):28} {described(ranks)}")
    for half in ("development", "held-out"):
        both = [one for key, ranks in found.items() if key[2] == half and key[0] != "icap" for one in ranks]
        print(f"  {'esco and onet ' + half:28} {described(both)}")


def described(ranks: list[tuple[int, int]]) -> str:
    loose, strict = np.array(ranks).T
    return (
        f"{len(ranks):3}: top-1 {np.mean(loose == 1):.3f}, top-5 {np.mean(loose <= 5):.3f}, "
        f"MRR {np.mean(1 / loose):.3f}; strict {np.mean(strict == 1):.3f}, {np.mean(strict <= 5):.3f}"
    )


def judge_evidence(matcher: Matcher, halves: dict[str, str]) -> None:
    judged: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(EVAL / "job-description-evidence.tsv"):
        judged[row["file"]].append(row)
    iris = {}
    for row in matcher.all_standards.contents.standards.tolist():
        passage = matcher.all_standards.passages[row]
        iris[passage.code] = iris[passage.iri] = passage.iri
    counts: dict[tuple[str, float], NDArray[np.int64]] = defaultdict(lambda: np.zeros(5, np.int64))
    for file, rows in judged.items():
        reading = matcher.read(text_of(file))
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
    cases = read_cases(matcher)
    rank_occupations(matcher, cases, with_title=True, details=arguments.details)
    rank_occupations(matcher, cases, with_title=False, details=False)
    print("evidence")
    judge_evidence(matcher, {case.file: case.half for case in cases})


if __name__ == "__main__":
    main()

"""Judged job advertisements: which occupation is right for each, and at what rank it is found."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.matching.ranking import scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from search.matching.matcher import Matcher, Reading

__all__ = ["Advertisement", "Found", "find_occupations", "read_advertisements"]


@dataclass(frozen=True, slots=True)
class Advertisement:
    """A text with what is right for it in one framework: codes or IRIs of standards, the best first, then
    those that are acceptable."""

    file: str
    language: str
    title: str
    framework: str
    half: str
    right: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """``rank`` is that of the first of the right and acceptable standards among those of the framework,
    ``strict`` that of the right one, both from 1; ``first`` says what came first."""

    advertisement: Advertisement
    rank: int
    strict: int
    first: str


def read_advertisements(folder: Path) -> tuple[Advertisement, ...]:
    """Those that ``index.tsv`` in the folder lists, a text and a framework a line."""
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Advertisement(
                row["file"],
                row["language"],
                row["title"],
                row["framework"],
                row["split"],
                (row["occupation"], *filter(None, row["accepted"].split("|"))),
                (folder / row["file"]).read_text(encoding="utf-8"),
            )
            for row in csv.DictReader(file, delimiter="\t")
        )


def find_occupations(
    matcher: Matcher, advertisements: Iterable[Advertisement], *, with_title: bool
) -> Iterator[Found]:
    """Ranks the standards of its framework for each, with the title beside the text or the text alone. Those
    for which no right standard is loaded are passed over."""
    standards = matcher.all_standards.contents.standards.tolist()
    passages = [matcher.all_standards.passages[row] for row in standards]
    numbers = {(one.framework, key): at for at, one in enumerate(passages) for key in (one.code, one.iri)}
    frameworks = np.array([one.framework for one in passages])
    readings: dict[str, Reading] = {}
    for one in advertisements:
        right = [numbers[one.framework, key] for key in one.right if (one.framework, key) in numbers]
        if not right:
            continue
        if one.file not in readings:
            readings[one.file] = matcher.read(one.text, one.title if with_title else "")
        own = scores(matcher.features(readings[one.file]), matcher.weights)
        own = np.where(frameworks == one.framework, own, -np.inf)
        ranks = [1 + int((own > own[at]).sum()) for at in right]
        first = passages[int(own.argmax())]
        yield Found(one, min(ranks), ranks[0], f"{first.code} {first.text}")

"""How well comparing finds the pairs that a person judged: precision, recall of all and of the sure ones."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from search.comparing.results import Comparison

__all__ = ["JudgedPairs", "PairFigures", "measure_pairs", "read_unit_pairs", "read_version_pairs"]

JudgedPairs: TypeAlias = dict[tuple[str, str], bool]
"""Codes of both sides; true for pairs that the judge was sure of, false for those that are related."""


@dataclass(frozen=True, slots=True)
class PairFigures:
    """``wrong`` are pairs that were found and not judged to be any, ``missed`` sure ones that were not."""

    found: int
    precision: float
    recall: float
    recall_of_sure: float
    wrong: tuple[tuple[str, str], ...]
    missed: tuple[tuple[str, str], ...]


def read_unit_pairs(path: Path, standard: str, unit: str) -> JudgedPairs:
    """The pairs of a file of elements with relevant ones (``search.evaluation.judged``), between a standard
    and a unit, but those of the unit as a whole; sure are those of grade 2 in either direction."""
    found: JudgedPairs = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            owner, code = row["element"].split(" ")
            for judgement in row["relevant"].split(","):
                other, _, grade = judgement.rpartition(":")
                pair = (code, other.split(" ")[1]) if owner == standard else (other.split(" ")[1], code)
                if unit not in pair:
                    found[pair] = found.get(pair, False) or grade == "2"
    return found


def read_version_pairs(path: Path) -> JudgedPairs:
    """The pairs of a file with ``before``, ``after`` and ``verdict``; all are sure but those that are
    ``partly``."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["before"], row["after"]): row["verdict"] != "partly"
            for row in csv.DictReader(file, delimiter="\t")
            if row["before"] and row["after"]
        }


def measure_pairs(comparison: Comparison, judged: JudgedPairs) -> PairFigures:
    """The figures of a comparison by the codes of its pairs."""
    found = {(pair.a.code, pair.b.code) for pair in comparison.pairs}
    sure = {pair for pair, is_sure in judged.items() if is_sure}
    right = len(found & judged.keys())
    return PairFigures(
        len(found),
        right / max(len(found), 1),
        right / max(len(judged), 1),
        len(sure & found) / max(len(sure), 1),
        tuple(sorted(found - judged.keys())),
        tuple(sorted(sure - found)),
    )

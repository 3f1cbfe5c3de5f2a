"""How well the requirements of job descriptions are told from what else is in them, on judged lines.

A judged line is a span of a text with its role. It counts as read as a requirement where most of the signs
that segments have of it, blanks and the headings before a value left out, are those of requirements: so texts
may be cut in other places than the judge did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import DocumentError
from search.matching.cues import REQUIREMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from search.matching.segments import Segment

    Split = Callable[[str], Sequence[Segment]]

__all__ = ["JudgedText", "RoleFigures", "measure_roles", "misread", "read_as", "read_judged_roles"]

_ROLES = "job-description-roles.tsv"
_TEXTS = "job-descriptions"


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A job description; ``spans`` are those of its requirements and of the rest, as code points."""

    name: str
    language: str
    split: str
    text: str
    requirements: tuple[tuple[int, int], ...]
    others: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """Counts of judged lines: ``right`` of those ``read`` as requirements are judged ones, of ``judged``."""

    texts: int
    right: int
    read: int
    judged: int

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.judged if self.judged else 0.0


def read_judged_roles(folder: Path) -> tuple[JudgedText, ...]:
    """The judged texts of a folder that has ``job-descriptions/index.tsv``, the texts beside it, and
    ``job-description-roles.tsv``. Raises ``DocumentError`` for a line that names no place in its text."""
    described = {row["file"]: row for row in _rows(folder / _TEXTS / "index.tsv")}
    spans: dict[str, dict[str, list[tuple[int, int]]]] = {name: {} for name in described}
    for number, row in enumerate(_rows(folder / _ROLES), 2):
        try:
            span = (int(row["start"]), int(row["end"]))
            spans[row["file"]].setdefault(row["role"], []).append(span)
        except (KeyError, ValueError) as error:
            raise DocumentError(
                "the line names no text of the index, or no place in it",
                file=_ROLES,
                line=number,
                expected="file, start, end and role",
            ) from error
    return tuple(
        JudgedText(
            name,
            row["language"],
            row["split"],
            (folder / _TEXTS / name).read_text(encoding="utf-8"),
            tuple(spans[name].get(REQUIREMENT, ())),
            tuple(spans[name].get("other", ())),
        )
        for name, row in described.items()
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    for line in lines:
        yield dict(zip(columns, line.split("\t"), strict=False))


def measure_roles(texts: Sequence[JudgedText], split: Split) -> RoleFigures:
    """Precision and recall of requirements, over the judged lines of all texts together."""
    lines = [(one, read_as(one, split)) for one in texts]
    pairs = [(span in one.requirements, wanted) for one, read in lines for span, wanted in read]
    return RoleFigures(
        len(texts),
        sum(judged and read for judged, read in pairs),
        sum(read for _, read in pairs),
        sum(judged for judged, _ in pairs),
    )


def misread(texts: Sequence[JudgedText], split: Split) -> Iterator[tuple[str, str, bool]]:
    """The judged lines that were read as what they are not: the file, the line, if it is a requirement."""
    for one in texts:
        for (start, end), read in read_as(one, split):
            judged = (start, end) in one.requirements
            if judged != read:
                yield one.name, one.text[start:end], judged


def read_as(text: JudgedText, split: Split) -> Iterator[tuple[tuple[int, int], bool]]:
    """The judged lines of a text in its order, each with whether it was read as a requirement."""
    roles: dict[int, bool] = {}
    for segment in split(text.text):
        if not segment.is_heading:
            wanted = segment.role == REQUIREMENT
            roles |= {at: wanted for at in range(segment.start, segment.end) if not text.text[at].isspace()}
    for start, end in sorted((*text.requirements, *text.others)):
        own = [roles[at] for at in range(start, end) if at in roles]
        yield (start, end), 2 * sum(own) > len(own)

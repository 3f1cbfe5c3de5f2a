"""What narrows a search, and for each row of the index whether it is let through."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from search.classes import CLASS_FACETS, ClassCode, typed_matches, with_broader
from search.versions import series_and_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search.passages import Passage

_WORDS = "columns.json"

__all__ = ["Column", "FilterTable", "Filters", "column_values"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Each empty one lets everything through; several values of one widen it.

    ``standards`` are codes with version, ``languages`` those of the texts (BCP 47), ``level_min`` and
    ``level_max`` bounds that count themselves. ``categories``, ``occupations`` and ``industries`` are codes
    of the standards' classifications and let through what is below them, too: 12 finds 1219.
    """

    standards: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    level_min: int | None = None
    level_max: int | None = None
    categories: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """One field of all rows. A row has the values ``members[owners == owner]`` of its owner, which is the
    row itself (``owner_of_row`` is then ``None`` and ``members`` has an entry a row, −1 for no value) or its
    standard."""

    values: tuple[str, ...]
    labels: tuple[str, ...]
    members: NDArray[np.int32]
    owners: NDArray[np.int32] | None = None
    owner_of_row: NDArray[np.int32] | None = None

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each value."""
        return {value: number for number, value in enumerate(self.values)}

    @cached_property
    def versions(self) -> dict[str, list[str]]:
        """The values that are versions of one standard, by its series (``search.versions``)."""
        found: dict[str, list[str]] = {}
        for value in self.values:
            found.setdefault(series_and_version(value)[0], []).append(value)
        return found

    def having(self, wanted: Iterable[int]) -> NDArray[np.bool_]:
        """For each row whether it has one of the values, given by their numbers."""
        chosen = np.zeros(len(self.values) + 1, np.bool_)
        chosen[list(wanted)] = True
        found = chosen[self.members]
        if self.owners is None or self.owner_of_row is None:
            return found
        owning = np.zeros(int(self.owner_of_row.max(initial=-1)) + 1, np.bool_)
        owning[self.owners[found]] = True
        return owning[self.owner_of_row]

    def count(self, rows: NDArray[np.int64], hits: NDArray[np.int32] | None = None) -> NDArray[np.int64]:
        """How many of ``rows`` have each value; with ``hits``, the number of the hit that each row belongs
        to, how many hits have it."""
        if self.owners is None or self.owner_of_row is None:
            place, members = np.arange(len(rows)), self.members[rows]
        else:
            place, members = _expanded(self.owner_of_row[rows], self.owners, self.members)
        place, members = place[members >= 0], members[members >= 0]
        if hits is not None:
            pairs = np.unique(np.stack([hits[place], members]), axis=1)
            members = pairs[1]
        return np.bincount(members, minlength=len(self.values))


def _expanded(
    wanted: NDArray[np.int32], owners: NDArray[np.int32], members: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """All members of the owners ``wanted``, each with the place of its owner there; ``owners`` rise."""
    first = np.searchsorted(owners, wanted)
    lengths = np.searchsorted(owners, wanted, side="right") - first
    place = np.repeat(np.arange(len(wanted)), lengths)
    within = np.arange(len(place)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return place, members[first[place] + within]


class FilterTable:
    """The fields of all passages, as numbers."""

    def __init__(self, columns: Mapping[str, Column], classes: Mapping[str, Sequence[ClassCode]]) -> None:
        self.columns = columns
        self.classes = classes

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> FilterTable:
        names = {passage.standard: passage.standard_name for passage in passages}
        columns = {
            "framework": _single([passage.framework for passage in passages]),
            "standard": _single([passage.standard for passage in passages], names),
            "kind": _single([passage.kind for passage in passages]),
            "level": _single([None if one.level is None else str(one.level) for one in passages]),
            "lang": _single([passage.lang for passage in passages]),
        }
        classes: dict[str, list[ClassCode]] = {}
        owner_of_row, groups = _owners(passages)
        for facet in CLASS_FACETS:
            classes[facet], columns[facet] = _classified(facet, owner_of_row, groups)
        return cls(columns, classes)

    def write(self, folder: Path) -> None:
        """Writes the numbers as arrays, which are mapped when they are read, and the values as JSON."""
        words: dict[str, Any] = {}
        for name, column in self.columns.items():
            words[name] = {
                "values": column.values,
                "labels": column.labels,
                "owned": column.owners is not None,
            }
            np.save(folder / f"column-{name}.npy", column.members)
            if column.owners is not None and column.owner_of_row is not None:
                np.save(folder / f"column-{name}-owners.npy", column.owners)
                np.save(folder / "column-owners.npy", column.owner_of_row)
        classes = {facet: [asdict(one) for one in known] for facet, known in self.classes.items()}
        text = json.dumps({"columns": words, "classes": classes}, ensure_ascii=False)
        (folder / _WORDS).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> FilterTable:
        """Raises ``ValueError`` or ``OSError`` for damaged files."""
        words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        owner_of_row = np.load(folder / "column-owners.npy", mmap_mode="r")
        columns = {
            name: Column(
                tuple(own["values"]),
                tuple(own["labels"]),
                np.load(folder / f"column-{name}.npy", mmap_mode="r"),
                np.load(folder / f"column-{name}-owners.npy") if own["owned"] else None,
                owner_of_row if own["owned"] else None,
            )
            for name, own in words["columns"].items()
        }
        classes = {facet: [ClassCode(**one) for one in known] for facet, known in words["classes"].items()}
        return cls(columns, classes)

    def values(self, filters: Filters) -> dict[str, tuple[str, ...]]:
        """The values that each filter lets through, by column; a column that is not filtered is absent."""
        wanted = {
            "standard": filters.standards,
            "kind": tuple(str(kind) for kind in filters.kinds),
            "framework": filters.frameworks,
            "lang": filters.languages,
        }
        found = {name: values for name, values in wanted.items() if values}
        if filters.level_min is not None or filters.level_max is not None:
            low = filters.level_min if filters.level_min is not None else -np.inf
            high = filters.level_max if filters.level_max is not None else np.inf
            found["level"] = tuple(one for one in self.columns["level"].values if low <= int(one) <= high)
        typed = zip(CLASS_FACETS, (filters.categories, filters.occupations, filters.industries), strict=True)
        for facet, codes in typed:
            if codes:
                matches = [one for code in codes for one in typed_matches(facet, code, self.classes[facet])]
                found[facet] = tuple(dict.fromkeys(one.value for one in matches))
        return found

    def numbers(self, values: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
        """The numbers of the values that each filtered column lets through."""
        return {
            name: tuple(own[value] for value in wanted if value in own)
            for name, wanted in values.items()
            for own in (self.columns[name].numbers,)
        }

    def masks(self, values: Mapping[str, Sequence[str]]) -> dict[str, NDArray[np.bool_]]:
        """For each filtered column which rows it lets through."""
        return {name: self.columns[name].having(numbers) for name, numbers in self.numbers(values).items()}


def column_values(passage: Passage, name: str) -> tuple[str, ...]:
    """What a passage has in a column of the table; the words are filtered by the same values."""
    if name in CLASS_FACETS:
        own = (one for one in passage.classes if one.facet == name)
        return tuple(dict.fromkeys(broader.value for one in own for broader in with_broader(one)))
    value = getattr(passage, name)
    return () if value is None else (str(value),)


def _single(of_rows: Sequence[str | None], labels: dict[str, str] | None = None) -> Column:
    values = sorted({one for one in of_rows if one is not None})
    numbers: dict[str | None, int] = {value: number for number, value in enumerate(values)}
    members = np.array([numbers.get(one, -1) for one in of_rows], np.int32)
    return Column(tuple(values), tuple((labels or {}).get(value, value) for value in values), members)


def _owners(passages: Sequence[Passage]) -> tuple[NDArray[np.int32], list[tuple[ClassCode, ...]]]:
    """For each row the number of its group of classes, and the groups: one for all of a standard."""
    numbers: dict[tuple[ClassCode, ...], int] = {}
    rows = [numbers.setdefault(passage.classes, len(numbers)) for passage in passages]
    return np.array(rows, np.int32), list(numbers)


def _classified(
    facet: str, owner_of_row: NDArray[np.int32], classes: Sequence[tuple[ClassCode, ...]]
) -> tuple[list[ClassCode], Column]:
    known: dict[str, ClassCode] = {}
    pairs: dict[tuple[int, str], None] = {}
    for owner, group in enumerate(classes):
        for own in group:
            for one in with_broader(own) if own.facet == facet else ():
                # the printed name of a code is kept where one document has it and another has not
                if one.value not in known or not known[one.value].name:
                    known[one.value] = one
                pairs[owner, one.value] = None
    numbers = {value: number for number, value in enumerate(known)}
    column = Column(
        tuple(known),
        tuple(one.name or one.code for one in known.values()),
        np.array([numbers[value] for _, value in pairs], np.int32),
        np.array([owner for owner, _ in pairs], np.int32),
        owner_of_row,
    )
    return list(known.values()), column

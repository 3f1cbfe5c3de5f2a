"""Loaded standards as rows of the lists of standards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.views import StandardRow
from ontology.model import Kind
from ontology.readers.versions import LATEST
from search.versions import series_and_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graph import StandardSummary

__all__ = ["standard_rows"]


def standard_rows(
    shown: Iterable[StandardSummary], loaded: Sequence[StandardSummary]
) -> tuple[StandardRow, ...]:
    """Each with the number of its elements of every kind, and with its newest version among those ``loaded``
    where it is not that itself: a document that was once the latest version still says so."""
    newest: dict[str, tuple[int, StandardSummary]] = {}
    for one in loaded:
        series, number = series_and_version(one.code)
        if number and (series not in newest or number > newest[series][0]):
            newest[series] = number, one
    return tuple(_row(one, newest) for one in shown)


def _row(one: StandardSummary, newest: dict[str, tuple[int, StandardSummary]]) -> StandardRow:
    series, number = series_and_version(one.code)
    last, newer = newest.get(series, (0, one))
    is_older = last > number
    return StandardRow(
        one.iri,
        one.code,
        one.name,
        one.language,
        one.framework,
        one.level,
        "" if is_older and one.status == LATEST else one.status,
        {kind.value: one.counts.get(kind, 0) for kind in Kind},
        newer=newer.code if is_older else "",
        newer_iri=newer.iri if is_older else "",
    )

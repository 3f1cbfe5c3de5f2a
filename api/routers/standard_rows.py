"""Loaded standards as rows of the lists of standards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.views import StandardRow
from api.versions import series_of, version_number, versions_by_series
from ontology.model import Kind
from ontology.readers.versions import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graph import StandardSummary

__all__ = ["standard_rows"]


def standard_rows(
    shown: Iterable[StandardSummary], loaded: Sequence[StandardSummary]
) -> tuple[StandardRow, ...]:
    """Each with the number of its elements of every kind, and with its newest version among those ``loaded``
    where it is not that itself: a document that was once the latest version still says so."""
    versions = versions_by_series(loaded)
    return tuple(_row(one, versions[series_of(one)][-1]) for one in shown)


def _row(one: StandardSummary, newest: StandardSummary) -> StandardRow:
    is_older = version_number(newest) > version_number(one)
    return StandardRow(
        one.iri,
        one.code,
        one.name,
        one.language,
        one.framework,
        one.level,
        "" if is_older and one.status == LATEST else one.status,
        {kind.value: one.counts.get(kind, 0) for kind in Kind},
        newer=newest.code if is_older else "",
        newer_iri=newest.iri if is_older else "",
    )

"""A loaded standard as a row of the lists of standards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.pages.views import StandardRow
from ontology.model import Kind

if TYPE_CHECKING:
    from graph import StandardSummary

__all__ = ["standard_row"]


def standard_row(one: StandardSummary) -> StandardRow:
    """With the number of its elements of every kind."""
    return StandardRow(
        one.iri,
        one.code,
        one.name,
        one.language,
        one.framework,
        one.level,
        one.status,
        {kind.value: one.counts.get(kind, 0) for kind in Kind},
    )

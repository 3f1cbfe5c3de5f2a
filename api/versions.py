"""Which of the loaded standards are versions of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.versions import series_and_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph import StandardSummary

__all__ = ["series_of", "version_number", "versions_by_series"]


def series_of(standard: StandardSummary) -> tuple[str, str]:
    """What all versions of a standard have in common: the framework, and the code without its version."""
    return standard.framework, series_and_version(standard.code)[0]


def version_number(standard: StandardSummary) -> int:
    """0 where the code names no version."""
    return series_and_version(standard.code)[1]


def versions_by_series(
    standards: Iterable[StandardSummary],
) -> dict[tuple[str, str], list[StandardSummary]]:
    """The versions of each standard by its series, the oldest first."""
    found: dict[tuple[str, str], list[StandardSummary]] = {}
    for one in standards:
        found.setdefault(series_of(one), []).append(one)
    for versions in found.values():
        versions.sort(key=version_number)
    return found

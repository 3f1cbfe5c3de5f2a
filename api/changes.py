"""What changed between two loaded versions of a standard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import URIRef

from api.versions import series_of, version_number
from graph import query_text
from ontology.changes import compare_versions
from ontology.errors import IndexStale, NoOtherVersion, NotFound
from search.comparing.scale import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.services import Services
    from graph import StandardSummary
    from ontology.changes import VersionChanges

__all__ = ["LoadedChanges", "VersionPair", "changes_since", "version_pairs"]


@dataclass(frozen=True, slots=True)
class LoadedChanges:
    """Two loaded versions with what changed; ``names`` tells what the concepts that they require are called,
    by IRI."""

    before: StandardSummary
    after: StandardSummary
    changes: VersionChanges
    names: Mapping[str, str]


def changes_since(services: Services, key: str, since: str | None = None) -> LoadedChanges:
    """What changed up to the standard that ``key`` names, since the one that ``since`` names, or without it
    since the latest version before it that is loaded. Raises ``NotFound``."""
    after, standard = services.standard(key)
    if since:
        before, old = services.standard(since)
    else:
        earlier = [
            one
            for one in _other_versions(services.standards(), after)
            if version_number(one) < version_number(after)
        ]
        if not earlier:
            raise NoOtherVersion(
                after.code,
                f"no version of {after.code} before it is loaded; load one, or name another standard "
                "with since",
            )
        before, old = services.standard(earlier[-1].iri)
    names: dict[str, str] = {}
    for summary, one in ((before, old), (after, standard)):
        if one.requirements or one.broader or one.related:
            rows = services.store.select(
                query_text("requirement-names.rq"), {"standard": URIRef(summary.iri)}
            )
            names.update((str(row["concept"]), str(row["name"])) for row in rows)
    pairs = _pairs_by_meaning(services, before.iri, after.iri)
    return LoadedChanges(before, after, compare_versions(old, standard, pairs), names)


def _pairs_by_meaning(services: Services, before: str, after: str) -> list[tuple[str, str]]:
    """Elements of one kind that say much the same in other words, by their codes; none without an index that
    has both versions."""
    try:
        comparison = services.index.current().comparer().compare(before, after)
    except (IndexStale, NotFound):
        return []
    return [
        (pair.a.code, pair.b.code)
        for pair in comparison.pairs
        if pair.verdict is not Verdict.PARTLY and pair.a.kind == pair.b.kind
    ]


@dataclass(frozen=True, slots=True)
class VersionPair:
    """Two loaded versions of a standard, the older one first."""

    before: StandardSummary
    after: StandardSummary


def version_pairs(standards: Sequence[StandardSummary], standard: StandardSummary) -> tuple[VersionPair, ...]:
    """A standard with each other version of it that is loaded, the oldest first."""
    return tuple(
        VersionPair(one, standard)
        if version_number(one) < version_number(standard)
        else VersionPair(standard, one)
        for one in _other_versions(standards, standard)
    )


def _other_versions(
    standards: Sequence[StandardSummary], standard: StandardSummary
) -> tuple[StandardSummary, ...]:
    series = series_of(standard)
    found = [one for one in standards if one.iri != standard.iri and series_of(one) == series]
    return tuple(sorted(found, key=version_number))

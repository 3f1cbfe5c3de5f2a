"""The parameters that narrow a search, the same for every route that has them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from fastapi import Query

from search import STANDARD_KIND, Filters

if TYPE_CHECKING:
    from api.services import Services

__all__ = ["FilterParameters", "Offset", "QueryLanguage", "SearchKind", "Versions", "filter_parameters"]

Offset = Annotated[int, Query(ge=0, le=10_000, description="how many hits to pass over")]
QueryLanguage = Annotated[
    str | None, Query(description="language of the query (BCP 47), where it should not be guessed")
]

_CODES = "codes of their standards' classification; what is below one is found, too"


class Versions(StrEnum):
    """Which versions of a standard are searched."""

    LATEST = "latest"
    ALL = "all"


class SearchKind(StrEnum):
    """What a hit can be: a kind of element or of shared concept, or a whole standard."""

    STANDARD = STANDARD_KIND
    TASK = "task"
    ACTIVITY = "activity"
    OUTPUT = "output"
    INDICATOR = "indicator"
    KNOWLEDGE = "knowledge"
    SKILL = "skill"
    ATTITUDE = "attitude"
    STATEMENT = "statement"
    TECHNOLOGY = "technology"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class FilterParameters:
    """The filters as asked for; standards may be named without their version."""

    filters: Filters
    all_versions: bool

    def resolved(self, services: Services) -> Filters:
        """The filters as the index takes them. Raises ``NotFound`` for a standard that is not loaded."""
        return replace(self.filters, standards=services.standard_keys(self.filters.standards))


def filter_parameters(
    standard: Annotated[
        list[str] | None, Query(description="only these standards, by code", examples=[["BGM1219-002v2"]])
    ] = None,
    kind: Annotated[list[SearchKind] | None, Query(description="only these kinds of element")] = None,
    framework: Annotated[list[str] | None, Query(description="only these frameworks")] = None,
    lang: Annotated[
        list[str] | None,
        Query(description="only texts in these languages (BCP 47)", examples=[["zh-Hant"]]),
    ] = None,
    level_min: Annotated[int | None, Query(ge=0, le=100, description="only this level and above")] = None,
    level_max: Annotated[int | None, Query(ge=0, le=100, description="only this level and below")] = None,
    category: Annotated[
        list[str] | None, Query(description=f"only these categories: {_CODES}", examples=[["BGM"]])
    ] = None,
    occupation: Annotated[
        list[str] | None, Query(description=f"only these occupations: {_CODES}", examples=[["12"]])
    ] = None,
    industry: Annotated[
        list[str] | None, Query(description=f"only these industries: {_CODES}", examples=[["M"]])
    ] = None,
    versions: Annotated[
        Versions,
        Query(description="of a standard loaded in several versions, the latest or all of them"),
    ] = Versions.LATEST,
) -> FilterParameters:
    """A dependency: the parameters of the address as one value."""
    filters = Filters(
        standards=tuple(standard or ()),
        kinds=tuple(one.value for one in kind or ()),
        frameworks=tuple(framework or ()),
        languages=tuple(lang or ()),
        level_min=level_min,
        level_max=level_max,
        categories=tuple(category or ()),
        occupations=tuple(occupation or ()),
        industries=tuple(industry or ()),
    )
    return FilterParameters(filters, versions is Versions.ALL)

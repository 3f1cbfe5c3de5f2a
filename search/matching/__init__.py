"""Job descriptions mapped to standards."""

from search.matching.evidence import DEFAULT_THRESHOLD
from search.matching.matcher import MAX_STANDARDS, Matcher
from search.matching.results import (
    Alternative,
    Evidence,
    LikelyLevel,
    MatchedStandard,
    MatchResult,
    PartCoverage,
)
from search.matching.segments import Segment

__all__ = [
    "DEFAULT_THRESHOLD",
    "MAX_STANDARDS",
    "Alternative",
    "Evidence",
    "LikelyLevel",
    "MatchResult",
    "MatchedStandard",
    "Matcher",
    "PartCoverage",
    "Segment",
]

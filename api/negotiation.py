"""Content negotiation: which representation and which language a request prefers (RFC 9110, section 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.negotiation import weighted

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["preferred_language"]


def preferred_language(header: str | None, offered: Sequence[str]) -> str:
    """The one of ``offered`` (BCP 47 tags, the first is the default) that ``Accept-Language`` likes best.

    Chinese without a script is read as Traditional: this is where the standards come from.

    >>> preferred_language("zh-TW,zh;q=0.9,en;q=0.8", ("zh-Hant", "en"))
    'zh-Hant'
    >>> preferred_language("en-GB", ("zh-Hant", "en"))
    'en'
    """
    wanted = sorted((item for item in weighted(header or "") if item[1] > 0), key=lambda item: -item[1])
    for tag, _ in wanted:
        primary = tag.split("-")[0]
        for candidate in offered:
            if candidate.lower() == tag or candidate.lower().split("-")[0] == primary:
                return candidate
    return offered[0] if not wanted else _fallback(offered)


def _fallback(offered: Sequence[str]) -> str:
    """Who asks for neither language reads English more likely than Chinese."""
    return "en" if "en" in offered else offered[0]

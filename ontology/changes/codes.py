"""Codes of elements, for telling whether two are the same number."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain_code"]

_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def plain_code(code: str) -> str:
    """The code without what only the manner of writing adds: width, case, leading zeros (K04 is K4)."""
    return _LEADING_ZEROS.sub("", unicodedata.normalize("NFKC", code).casefold().strip())

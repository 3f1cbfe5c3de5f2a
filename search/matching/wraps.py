"""Where a line goes on in the next: texts out of PDF files and mails have breaks within sentences."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from ontology.readers.text import is_wide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.matching.lines import Line

__all__ = ["goes_on", "page_width"]

_ENDS = re.compile(r"[。！？!?；;：:؟।｡][」』）)”’\"'》】]*$|\.[)”’\"']*$")
_OPEN_END = re.compile(
    r"[，,、/／（(「『【&＆+]$|\s[-–—]$|[及與与和或暨並并之的]$|"
    r"\b(?:and|or|of|the|a|an|to|for|with|in|on|at|by|from|as|that|which|who|our|your|their|including|und|oder|der|"
    r"die|et|ou|de|des|du|la|le|y|o|en|con|para|del|e|da|do)$",
    re.IGNORECASE,
)
_LONG_LINE = 40
_SLACK = 4
_LEAST_FULL_LINES = 3
_LEAST_WIDTH = 50


def page_width(lines: Sequence[Line]) -> int | None:
    """The columns that full lines of the text have, where it looks as if it had been wrapped at one; else
    ``None``. In a wrapped text most lines are full that have another of their paragraph below; of lines that
    are as long as what they say, few end at the same column."""
    widest = max((line.columns for line in lines), default=0)
    followed = [
        line.columns for line, below in itertools.pairwise(lines) if not below.mark and not below.after_blank
    ]
    full = sum(width >= widest - _SLACK for width in followed)
    if widest < _LEAST_WIDTH or full < _LEAST_FULL_LINES or full * 2 < len(followed):
        return None
    return widest


def goes_on(text: str, line: Line, following: Line, width: int | None) -> bool:
    """Whether the sentence of ``line`` clearly goes on in ``following``."""
    if following.mark or following.after_blank:
        return False
    own = text[line.start : line.end]
    after = text[following.start : following.end]
    if after[0] in "，,、。；;）)」』】":
        return True
    if _ENDS.search(own):
        return False
    if _is_unclosed(own) or _OPEN_END.search(own):
        return True
    if width is not None and line.columns >= width - _SLACK:
        return True
    return line.columns >= _LONG_LINE and after[0].islower() and not is_wide(own[-1])


def _is_unclosed(own: str) -> bool:
    opened = max(own.rfind("("), own.rfind("（"))
    return opened >= 0 and not re.search("[)）]", own[opened:])

"""What the joints of wrapped lines leave uncertain in a standard, as doubts."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from ontology.model import Doubt, Place, SubItem
from ontology.readers.text import UNSURE_BLANK, UNSURE_BREAK, UNSURE_SPACE

if TYPE_CHECKING:
    from ontology.model import Standard

__all__ = ["settled", "unmarked", "without_marks"]

_MARK = re.compile(f"[{UNSURE_SPACE}{UNSURE_BREAK}{UNSURE_BLANK}]")
_AROUND = 12
_SPACE = "a line ends here, or a gap stands; it is not certain whether it is a blank"
_MESSAGES = {
    UNSURE_SPACE: ("unsure-space", _SPACE),
    UNSURE_BLANK: ("unsure-space", _SPACE),
    UNSURE_BREAK: ("joined-text", "a line ends here; it is not certain whether a new text begins after it"),
}

_Value = TypeVar("_Value")


def settled(standard: Standard) -> tuple[Standard, list[Doubt]]:
    """The standard without the marks of uncertain joints, and a doubt for each of them."""
    doubts: list[Doubt] = []
    return _settled(standard, "", None, doubts), doubts


def without_marks(doubt: Doubt) -> Doubt:
    """A doubt whose words were taken from a text before its marks were gone."""
    return replace(
        doubt,
        where=unmarked(doubt.where),
        text=unmarked(doubt.text),
        message=unmarked(doubt.message),
    )


def unmarked(text: str) -> str:
    """A text without marks, blanks that are uncertain kept."""
    return _MARK.sub("", text.replace(UNSURE_BLANK, " "))


def _settled(value: _Value, where: str, place: Place | None, doubts: list[Doubt]) -> _Value:
    found: Any = value
    if isinstance(value, str):
        text = value.strip(f"{UNSURE_SPACE} ") if UNSURE_SPACE in value else value
        for match in _MARK.finditer(text):
            kind, message = _MESSAGES[match[0]]
            around = text[max(0, match.start() - _AROUND) : match.start() + _AROUND + 1]
            doubts.append(Doubt(kind, where, unmarked(around), message, place))
        found = unmarked(text)
    elif isinstance(value, tuple):
        found = tuple(_settled(item, where, place, doubts) for item in value)
    elif is_dataclass(value) and not isinstance(value, type | Place | Doubt):
        if hasattr(value, "place"):
            where = f"{where}#{value.number}" if isinstance(value, SubItem) else getattr(value, "code", where)
            place = value.place or place
        changed = {
            item.name: _settled(getattr(value, item.name), where or item.name, place, doubts)
            for item in fields(value)
        }
        found = replace(value, **changed)
    return found  # type: ignore[no-any-return]

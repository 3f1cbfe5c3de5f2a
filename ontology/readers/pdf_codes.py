"""Which codes begin items in the cells of a PDF, where lines that a wrap parted may only mention them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontology.readers.codes import Code, leading_code
from ontology.readers.doubtful import unfinished_reason
from ontology.readers.joints import unmarked
from ontology.readers.lines import Joining

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.readers.lines import Line
    from ontology.readers.pdf_rows import Box

__all__ = ["as_code", "codes_in", "follows", "sure_codes"]

_LEADS_UP = re.compile(r"[依據照按如見詳即與和及或、]$")
_HANGS_ON = re.compile(r"[之的所及與和或、，,。；;)）」』》〉]")
_CODE_OR_DATE = re.compile(
    r"[A-Z]{2,4}[0-9]{3,4}-[0-9]{3}(?:[vV][0-9]{1,3})?|[0-9]{4}(?:[/-][0-9]{1,2}){1,2}"
)


def codes_in(lines: Iterable[Line], shapes: Sequence[str]) -> list[str]:
    """The codes that begin these lines."""
    found = (leading_code(line.text, shapes) for line in lines)
    return [code.code for code in found if code]


def sure_codes(boxes: Iterable[Box]) -> set[str]:
    """The codes of outputs and indicators that begin a cell or stand after a line with room for them: where
    one of them begins another line, it is only mentioned there."""
    codes: set[str] = set()
    for box in boxes:
        for paragraph in Joining().paragraphs(box.lines):
            if code := leading_code(paragraph.text, ("T", "T.", "O", "P")):
                codes.add(code.code)
    return codes


def follows(before: str, code: Code, text: str) -> bool:
    """Whether a code at the start of a line after a full one begins an item: the text before it is finished
    and does not lead up to it; the code is the next of its activity, or one of knowledge or skill, which are
    listed in any order, with a text that does not hang on it."""
    if code.shape in {"K", "S"}:
        hangs = _HANGS_ON.match(text[code.end :].lstrip())
        return not (hangs or _LEADS_UP.search(before) or unfinished_reason(before))
    last = leading_code(before, (code.shape,))
    if last is None or last.numbers[:-1] != code.numbers[:-1] or last.numbers[-1] + 1 != code.numbers[-1]:
        return False
    return not _LEADS_UP.search(before) and unfinished_reason(before) is None


def as_code(text: str) -> str:
    """A code or a date without the blanks that a wrap would give it."""
    squeezed = re.sub(r"\s", "", unmarked(text))
    return squeezed if _CODE_OR_DATE.fullmatch(squeezed) else text

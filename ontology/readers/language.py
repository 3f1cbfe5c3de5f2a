"""The language of a standard, told by the script of its texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zhconv_rs import zhconv

if TYPE_CHECKING:
    from ontology.model import Standard

__all__ = ["language_of", "language_of_text"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_HAN_PER_WORD = 1.5


def language_of(standard: Standard) -> str:
    """The language that most of the standard's own texts are in: ``zh-Hant``, ``zh-Hans`` or ``en``.

    Headings and labels do not count, which may be in two languages. See ``language_of_text``.
    """
    texts = [standard.name, standard.description]
    texts.extend(element.text for element in standard.elements())
    texts.extend(attitude.text for attitude in standard.attitudes)
    texts.extend(note.text for note in standard.notes)
    return language_of_text("\n".join(texts))


def language_of_text(text: str) -> str:
    """``en`` where Latin words weigh more than Han characters (a word counts as one and a half), else
    Chinese in the script that more of the characters are written in; ``zh-Hant`` where nothing tells.

    The forms that are read have headings in Chinese or English, so Latin script means English here.
    """
    han = len(_HAN.findall(text))
    words = len(_LATIN_WORD.findall(text))
    if words * _HAN_PER_WORD > han:
        return "en"
    simplified = _changed(text, str(zhconv(text, "zh-Hant")))
    traditional = _changed(text, str(zhconv(text, "zh-Hans")))
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def _changed(text: str, converted: str) -> int:
    """How many characters a conversion changed; it keeps the length of nearly every text."""
    return sum(one != other for one, other in zip(text, converted, strict=False))

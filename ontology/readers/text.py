"""Text as extraction leaves it: decoding, the remains of HTML tags, and joining what a wrap cut in two."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata

from ontology.errors import DocumentError

__all__ = [
    "BULLETS",
    "UNSURE_BLANK",
    "UNSURE_BREAK",
    "UNSURE_SPACE",
    "decode",
    "decode_any",
    "fold_width",
    "is_page_furniture",
    "is_wide",
    "join",
    "normal_label",
    "paragraphs",
    "shorten",
    "space_is_unsure",
    "split_lines",
]

_ATTRIBUTES = r"(?:\s+[A-Za-z:-]+\s*=[^<>]*)?\s*/?>"
_BLOCK = re.compile(rf"</?(?:p|div|ul|ol|br|table|tbody|thead|tr|td|th|h[1-6]){_ATTRIBUTES}", re.IGNORECASE)
_LIST_ITEM = re.compile(rf"<li{_ATTRIBUTES}", re.IGNORECASE)
_INLINE = re.compile(
    rf"</?(?:li|span|b|strong|i|em|u|s|sub|sup|font|a|small|mark|o:p){_ATTRIBUTES}", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(0x5E)} | {0x3000: 0x20}
_PAGE_NUMBER = re.compile(
    r"[-–—]?\s*(?:第\s*)?\d{1,3}\s*(?:頁)?\s*[,，]?\s*(?:(?:/|共|of)\s*\d{1,3}\s*頁?)?\s*[-–—]?|page\s+\d{1,3}.{0,12}",
    re.IGNORECASE,
)
_OPENING = tuple("([{“‘")
_CLOSING = tuple(")]},.;:!?%”’")
_HYPHENS = tuple("-–—/|")
_SYMBOL_AFTER_SPACE = re.compile(r"\s[-–—/&+|]$")
_QUOTED = 40
_MAY_END_INSIDE = tuple("!?|}%&")
BULLETS = "■●•◆▪◼□◎▶►‣⁃"
UNSURE_SPACE, UNSURE_BREAK = "\ufdd0", "\ufdd1"
"""Stand in a text where a wrap may have taken a blank, or a new text may begin, until ``joints.settled``
makes a doubt of them. They are noncharacters: no document holds them."""
UNSURE_BLANK = "\x1c"
"""Stands for a blank that may be none. It is a blank to ``str.strip`` and to patterns, and a control
character that no document may hold."""


def decode(data: bytes, name: str) -> str:
    """The text of a document in UTF-8, or in UTF-16 with a byte order mark; it has no control characters.

    Raises ``DocumentError`` with the line where the bytes stop being text.
    """
    text = decode_any(data, name)
    if match := _CONTROL.search(text):
        raise DocumentError(
            f"a control character (U+{ord(match[0]):04X}) stands in the text",
            file=name,
            line=len(split_lines(text[: match.start()])),
            expected="plain text",
        )
    return text


def decode_any(data: bytes, name: str) -> str:
    """As ``decode``, for formats that have their own rule on control characters."""
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="ignore")
        raise DocumentError(
            f"the bytes are not {encoding.removesuffix('-sig').upper()}{_likely_encoding(data)}",
            file=name,
            line=len(split_lines(before)),
            expected="text in UTF-8",
        ) from error


def _likely_encoding(data: bytes) -> str:
    for encoding, label in (("cp950", "Big5"), ("gb18030", "GB 18030")):
        if any(word.encode(encoding) in data for word in ("職能基準", "工作", "公司")):
            return f" but look like {label}"
    return ""


def split_lines(text: str) -> list[str]:
    """Lines as an editor counts them; unlike ``str.splitlines`` a form feed or U+2028 ends no line."""
    return re.split(r"\r\n|\n|\r", text)


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs as their ASCII forms, every character at its old offset."""
    return text.translate(_FULL_WIDTH)


def normal_label(text: str) -> str:
    """A heading or label for comparison: without tags, spaces, remarks in brackets and a last colon."""
    plain = fold_width(" ".join(paragraphs(text)))
    plain = re.sub(rf"[\s{UNSURE_SPACE}{UNSURE_BREAK}]+", "", plain).rstrip(":")
    return re.sub(r"(?<=.)\((?![KSA]=)[^()]*\)$", "", plain, flags=re.IGNORECASE).rstrip(":")


def paragraphs(cell: str) -> list[str]:
    """The paragraphs of a cell without tags, with entities decoded and blanks trimmed; none are empty.

    A list item (``<li>``) begins with a bullet, as in the extracted texts that carry no tags.
    """
    text = _INLINE.sub("", _LIST_ITEM.sub(f"\n{BULLETS[0]} ", _BLOCK.sub("\n", cell)))
    parts = []
    for part in re.split("[\n\x0b\x85\u2028\u2029]", text):
        plain = _ENTITY.sub(_decode_entity, part)
        plain = re.sub(rf"^\s*[{BULLETS}]\s*(?=[{BULLETS}])", "", plain).strip().strip("\ufeff\u200b").strip()
        if plain and plain not in BULLETS:
            parts.append(plain)
    return parts


def _decode_entity(match: re.Match[str]) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", " ", html.unescape(match[0]))


def join(left: str, right: str) -> str:
    """One sentence out of two pieces that a line wrap or page break parted.

    Nothing goes between them where either side is a wide (Chinese, Japanese, Korean) character, else one
    space; none beside a bracket, before closing punctuation, after a hyphen or a slash within a word.
    """
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return left + right
    if right[0] in BULLETS or _SYMBOL_AFTER_SPACE.search(left) or re.match(r"[-–—/&+|]\s", right):
        return f"{left} {right}"
    if is_wide(left[-1]) or is_wide(right[0]):
        return left + right
    if left.endswith(_OPENING) or right.startswith(_CLOSING) or left.endswith(_HYPHENS) or right[0] == "/":
        return left + right
    return f"{left} {right}"


def space_is_unsure(left: str, right: str) -> bool:
    """Whether a wrap between the two may have taken a blank that ``join`` does not give back, or the other
    way round: between a Chinese and a Latin letter or figure, or at a sign that needs none."""
    if not left or not right or _SYMBOL_AFTER_SPACE.search(left) or re.match(r"[-–—/&+|]\s", right):
        return False
    before, after = left[-1], right[0]
    if is_wide(before) and is_wide(after):
        return False
    if is_wide(before) or is_wide(after):
        return not unicodedata.category(after if is_wide(after) else " ").startswith("P")
    between_brackets = before in ")]}" and after in "([{"
    return (
        between_brackets or after in _CLOSING or after == "/" or left.endswith((*_MAY_END_INSIDE, *_OPENING))
    )


def is_wide(character: str) -> bool:
    """Whether a character is as wide as a Chinese one; full-width punctuation is."""
    return unicodedata.east_asian_width(character) in "WF"


def shorten(text: str) -> str:
    """A text as a message quotes it: 40 characters and an ellipsis."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def is_page_furniture(line: str) -> bool:
    """Whether a line is a page number such as ``第 3 頁，共 5 頁``, ``3/5`` or ``- 3 -``."""
    return bool(_PAGE_NUMBER.fullmatch(fold_width(line).strip()))

"""Lines of text out of glyphs, and paragraphs out of lines that a wrap parted."""

from __future__ import annotations

import itertools
import re
import statistics
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ontology.readers.codes import leading_code
from ontology.readers.text import (
    BULLETS,
    UNSURE_BLANK,
    UNSURE_BREAK,
    UNSURE_SPACE,
    fold_width,
    is_wide,
    join,
    space_is_unsure,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ontology.readers.geometry import Glyph

__all__ = [
    "Joining",
    "Line",
    "Paragraph",
    "habit_of_spaces",
    "lines_of",
    "plain_sign",
    "settle_gaps",
    "with_limit",
    "with_whole_codes",
    "without_gaps",
]

_RADICALS = dict(
    zip(
        "⺀⺄⺅⺉⺊⺌⺍⺗⺘⺙⺝⺞⺠⺡⺢⺣⺥⺨⺫⺬⺭⺮⺯⺰⺲⺷⺹⺼⺿⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌"
        "⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "冫乙亻刂卜小小心扌攵月歹民氵水灬爫犭目示礻竹糸纟罒羊耂月艹虎衤覀西见角讠贝车辶"
        "辶辶阝钅長镸长门阜阝雨青韦页风飞食食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
        strict=True,
    )
)
_SYMBOLS = {
    "\uf0b7": "●",
    "\uf06c": "●",
    "\uf09f": "●",
    "\uf06e": "■",
    "\uf0a7": "■",
    "\uf0d8": "▶",
    "\uf0fc": "✓",
}
_SYMBOLS |= {
    "\uf02d": "-",
    "\uf020": " ",
    "\uf0a0": " ",
    "\xa0": " ",
    "\u3000": " ",
    "\t": " ",
    "\u2011": "-",
}
_NOTHING = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufdd0-\ufdef\ufeff\ufffe\uffff\x00-\x1f\x7f]")
_NOT_FIRST = set("，、。．；：？！）」』》〉】〕…‥％)]},.;:?!%”’")
_NOT_LAST = set("（「『《〈【〔([{“‘")
_SAME_LINE = 0.45
_GAP = 0.1
_WIDE_GAP, _UNSURE_GAP = 0.2, 0.13
_GAP_MARK, _WIDE_GAP_MARK = "\ufdd2", "\ufdd3"
_GAPS = re.compile(f"[{_GAP_MARK}{_WIDE_GAP_MARK}]")
_ROOM = 0.35
_OVERLAP = 0.8
_OVERPRINT = 0.45
_WIDE_PITCH = 1.45
_FULL = 1.2
_ENOUGH_FOR_HABIT = 4
_BEGUN_CODE = re.compile(r"[OP0][0-9.]{0,8}")
_CODES = ("O", "P")
_HAN = r"[\u3400-\u9fff]"
_LATIN = r"[A-Za-z0-9]"
_CODE_AT_START = re.compile(r"^\W*[A-Za-z0]\s?[0-9][0-9.]*\s*")
_APART_PAIR = re.compile(rf"{_HAN} (?={_LATIN})|{_LATIN} (?={_HAN})")
_HAN_AND_LATIN = re.compile(rf"{_HAN}{_LATIN}|{_LATIN}{_HAN}")
_TOGETHER_PAIR = re.compile(rf"{_HAN}(?={_LATIN})|{_LATIN}(?={_HAN})")


def plain_sign(sign: str) -> str:
    """A sign as people write it: compatibility forms of fonts (⼯, ﬁ) as the plain ones, bullets of symbol
    fonts as bullets; full-width punctuation stays. Signs that show nothing become the empty string."""
    if known := _SYMBOLS.get(sign) or _RADICALS.get(sign):
        return known
    if _NOTHING.match(sign):
        return ""
    code = ord(sign)
    if 0x2E80 <= code < 0x2FE0 or 0xF900 <= code < 0xFB07 or 0x2F800 <= code < 0x2FA20:
        return unicodedata.normalize("NFKC", sign)
    return sign


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. ``lead`` is the width of what could not have been parted from its first sign by a
    wrap; ``limit`` the x up to which lines of its cell may reach, as far as is known; ``spaced`` says that a
    blank is printed at its end; ``blanks`` counts all that are printed; ``overprinted`` that signs stand upon
    one another."""

    text: str
    page: int
    x0: float
    x1: float
    baseline: float
    height: float
    lead: float
    limit: float
    spaced: bool
    blanks: int = 0
    overprinted: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text whose lines are joined: its left edge in points and its page are those of its first line."""

    text: str
    page: int
    indent: float


def lines_of(glyphs: Iterable[Glyph], page: int) -> list[Line]:
    """The lines from top to bottom; blank ones are left out."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.baseline, glyph.x0)):
        if rows and glyph.baseline - rows[-1][0].baseline <= _SAME_LINE * max(glyph.height, 1):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = (_line(sorted(row, key=lambda glyph: glyph.x0), page) for row in rows)
    return [line for line in lines if line is not None]


def _line(glyphs: Sequence[Glyph], page: int) -> Line | None:
    signs: list[tuple[str, Glyph]] = []
    usual = _usual_gaps(glyphs)
    for glyph in glyphs:
        text = plain_sign(glyph.sign)
        if not text or (text == " " and (not signs or signs[-1][0] == " ")):
            continue
        if signs and (gap := _gap(*signs[-1], text, glyph, *usual)):
            signs.append((gap, glyph))
        signs.append((text, glyph))
    spaced = bool(signs) and signs[-1][0] == " "
    while signs and signs[-1][0] == " ":
        signs.pop()
    if not signs:
        return None
    first, last = signs[0][1], signs[-1][1]
    heights = [glyph.height for _, glyph in signs]
    return Line(
        text="".join(text for text, _ in signs),
        page=page,
        x0=first.x0,
        x1=last.x1,
        baseline=first.baseline,
        height=statistics.median(heights),
        lead=_lead(signs),
        limit=last.x1,
        spaced=spaced,
        blanks=sum(1 for glyph in glyphs if glyph.sign == " "),
        overprinted=any(
            right.x0 < left.x0 + _OVERPRINT * (left.x1 - left.x0)
            for left, right in itertools.pairwise(glyph for glyph in glyphs if glyph.sign.strip())
            if is_wide(left.sign)
        ),
    )


def _usual_gaps(glyphs: Sequence[Glyph]) -> tuple[float | None, float]:
    """What parts wide signs, and narrow ones, of a line by design, as in a justified one: the least gap
    between wide signs, which no blank parts, unknown where no two stand together; and the middle one of
    those between others, less than nothing where the boxes of a font are wider than its signs."""
    gaps: dict[bool, list[float]] = {True: [], False: []}
    for left, right in itertools.pairwise(glyphs):
        if left.sign != " " and right.sign != " ":
            gaps[is_wide(left.sign) and is_wide(right.sign)].append(right.x0 - left.x1)
    narrow = statistics.median(gaps[False]) if len(gaps[False]) > 2 else 0.0
    if gaps[True] and 0 < len(gaps[False]) <= 2:
        narrow = min(gaps[False])
    if not gaps[True]:
        return None, narrow
    wide = max(min(gaps[True]), 0.0)
    return wide, min(narrow, wide)


def _gap(before: str, left: Glyph, text: str, right: Glyph, usual: float | None, narrow: float) -> str:
    """What an empty space without a printed blank stands for: a blank between narrow signs, a mark to be
    settled where one is wide, as carriers set Chinese and Latin apart by themselves."""
    if before == " " or text == " ":
        return ""
    gap = right.x0 - left.x1 - (usual or 0.0)
    if (wide := is_wide(before[-1])) or is_wide(text[0]):
        em = left.x1 - left.x0 if wide else right.x1 - right.x0
        if gap > _WIDE_GAP * em and usual is not None:
            return _WIDE_GAP_MARK if wide and is_wide(text[0]) else _GAP_MARK
        return UNSURE_SPACE if gap > _UNSURE_GAP * em and not (wide and is_wide(text[0])) else ""
    if right.x0 - left.x1 - narrow <= _GAP * right.height:
        return ""
    return " " if before[-1].isalnum() or text[0].isalnum() else UNSURE_SPACE


def without_gaps(text: str) -> str:
    """A text as it reads before its gaps are settled, for telling what kind of line it is."""
    return _GAPS.sub("", text)


def settle_gaps(lines: Sequence[Line]) -> list[Line]:
    """The lines with blanks for the gaps between Chinese and Latin where the document has no printed blank
    at all, which is how PDFium shows blanks drawn one by one; without them where it has blanks everywhere
    else, and a gap at all such pairs; with a mark where it has some of each."""
    if not any(_GAPS.search(line.text) for line in lines):
        return list(lines)
    close = any(_TOGETHER_PAIR.search(_CODE_AT_START.sub("", line.text)) for line in lines)
    blanks = any(line.blanks for line in lines)
    dropped = any(line.text.count(" ") > line.blanks for line in lines)
    marks = {
        _GAP_MARK: " " if not blanks else UNSURE_SPACE if close or dropped else "",
        _WIDE_GAP_MARK: f" {UNSURE_SPACE}" if blanks else " ",
    }
    return [replace(line, text=_GAPS.sub(lambda match: marks[match[0]], line.text)) for line in lines]


def _lead(signs: Sequence[tuple[str, Glyph]]) -> float:
    """The width of the first word, or of the first wide sign with what may not begin or end a line."""
    end = 0
    while end < len(signs) - 1:
        text, following = signs[end][0], signs[end + 1][0]
        if following == " ":
            break
        parted = is_wide(text[-1]) or is_wide(following[0])
        if parted and text[-1] not in _NOT_LAST and following[0] not in _NOT_FIRST:
            break
        end += 1
    return signs[end][1].x1 - signs[0][1].x0


def with_whole_codes(lines: Sequence[Line]) -> list[Line]:
    """The lines, a code that a narrow cell broke in its middle (``Ｏ１．２．`` over ``３``) whole again."""
    found: list[Line] = []
    for line in lines:
        begun = found[-1].text if found else ""
        if (
            _BEGUN_CODE.fullmatch(fold_width(begun))
            and fold_width(line.text[0]) in "0123456789."
            and leading_code(begun, _CODES) is None
            and leading_code(begun + line.text, _CODES) is not None
        ):
            found[-1] = replace(line, text=begun + line.text, page=found[-1].page, lead=found[-1].lead)
        else:
            found.append(line)
    return found


def with_limit(lines: Iterable[Line], limit: float) -> list[Line]:
    """The lines with what is known of how far their cell lets them reach."""
    return [replace(line, limit=max(limit, line.x1)) for line in lines]


@dataclass(frozen=True, slots=True)
class Joining:
    """How the lines of one cell are joined to paragraphs.

    ``begins`` tells a text that may begin an item: where such a one follows a full line, it goes on in the
    same paragraph after a blank, for the reader of items to judge. ``starts`` tells from the text so far
    and the next line whether this one surely begins a paragraph, ``doubtful`` a joint of
    the same two where a new text may begin unseen.
    ``spaces`` is the document's habit between Chinese and Latin: a blank, none, or unknown (``None``).
    """

    begins: Callable[[str], bool] = lambda text: False
    starts: Callable[[str, str], bool] = lambda before, text: text[0] in BULLETS
    doubtful: Callable[[str, str], bool] = lambda before, text: False
    spaces: bool | None = None

    def paragraphs(self, lines: Sequence[Line]) -> list[Paragraph]:
        """A paragraph surely ends where the next line's first word had room on the line, and where lines
        stand farther apart than others. A mark in the text stays at each joint that is not certain."""
        found: list[Paragraph] = []
        usual = _pitch(lines)
        last: Line | None = None
        for line in lines:
            if last is None or self.starts(found[-1].text, line.text) or _is_parted(last, line, usual):
                found.append(Paragraph(line.text, line.page, line.x0))
            else:
                before = found[-1]
                found[-1] = replace(before, text=self._joined(before.text, last, line))
            last = line
        return found

    def _joined(self, text: str, last: Line, line: Line) -> str:
        right = line.text
        joined = join(text, right)
        if last.spaced:
            return f"{text} {right}"
        if self.begins(right):
            sure = joined != text + right and not space_is_unsure(text, right)
            return f"{text} {right}" if sure else f"{text}{UNSURE_BLANK}{right}"
        if self.doubtful(text, right):
            return joined[: len(text)] + UNSURE_BREAK + joined[len(text) :]
        if _may_be_one_word(last, line) or space_is_unsure(text, right):
            if self.spaces is None or not _HAN_AND_LATIN.fullmatch(text[-1] + right[0]):
                return joined[: len(text)] + UNSURE_SPACE + joined[len(text) :]
            return f"{text} {right}" if self.spaces else joined
        return joined


def habit_of_spaces(lines: Iterable[Line]) -> bool | None:
    """Whether a document puts a blank between Chinese and Latin; ``None`` where it does both or too little.

    Codes at the beginning of a line do not count.
    """
    apart = together = 0
    for line in lines:
        text = _CODE_AT_START.sub("", line.text)
        apart += len(_APART_PAIR.findall(text))
        together += len(_TOGETHER_PAIR.findall(text))
    if apart and together:
        return None
    return bool(apart) if apart + together >= _ENOUGH_FOR_HABIT else None


def crowded(lines: Sequence[Line]) -> list[Line]:
    """The lines that overlap: signs printed over one another, or lines too close under the one before."""
    close = [
        after
        for before, after in itertools.pairwise(lines)
        if before.page == after.page and after.baseline - before.baseline < _OVERLAP * after.height
    ]
    return [*(line for line in lines if line.overprinted), *close]


def _pitch(lines: Sequence[Line]) -> float | None:
    steps = [
        after.baseline - before.baseline
        for before, after in itertools.pairwise(lines)
        if before.page == after.page
    ]
    return min(steps) if steps else None


def _is_parted(last: Line, line: Line, usual: float | None) -> bool:
    if last.page == line.page and usual and line.baseline - last.baseline > _WIDE_PITCH * usual:
        return True
    room = last.limit - last.x1
    space = 0.0 if is_wide(last.text[-1]) or is_wide(line.text[0]) else _ROOM * line.height
    return line.lead + space + _ROOM * line.height < room


def _may_be_one_word(last: Line, line: Line) -> bool:
    """Whether a word too long for its line may have been broken in its middle."""
    fills = last.limit - last.x1 < _FULL * last.height
    one_word = not any(sign == " " or is_wide(sign) for sign in last.text)
    return fills and one_word and last.text[-1].isalnum() and line.text[0].isalnum()

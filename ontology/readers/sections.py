"""The sections after the table of tasks: attitudes (態度) and notes (說明與補充事項), line by line."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from ontology.errors import DocumentError
from ontology.model import Attitude, Doubt, Note, Place
from ontology.readers.codes import Inner, split_items
from ontology.readers.doubtful import unfinished_reason
from ontology.readers.text import BULLETS, fold_width, join, paragraphs

__all__ = ["AttitudeReader", "NoteReader", "split_attitude"]

_NAMED = re.compile(
    r"(?P<name>[^,，。；;:：、]{1,20}?|[A-Za-z][A-Za-z' -]{0,60}?)\s*[：:]\s*(?P<text>.*)", re.DOTALL
)
_MARKER = re.compile(rf"[-–—*{BULLETS}·]\s+|[{BULLETS}]\s*|-(?=[^\x00-\x7f])")
_PREREQUISITE = re.compile(r"學歷|經驗|能力條件|先備|prerequisite|qualification|experience", re.IGNORECASE)


def split_attitude(text: str) -> tuple[str, str]:
    """Name and description of an attitude printed ``名稱：描述``; without a colon all is its name."""
    match = _NAMED.fullmatch(text)
    return (match["name"].strip(), match["text"].strip()) if match else (text, "")


@dataclass(slots=True)
class _Attitude:
    code: str | None
    printed: str | None
    text: str
    place: Place


class AttitudeReader:
    """Takes the lines under the heading of the attitudes.

    A line without a code begins an attitude where it reads ``名稱：描述`` after a blank line or after
    another without a code; else it goes on with the line above it.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[_Attitude] = []
        self._doubts: list[Doubt] = []

    def line(self, line: str, place: Place, *, after_blank: bool) -> None:
        for piece in split_items(paragraphs(line), ("A",), _next_attitude):
            if piece.code is None:
                self._without_code(piece.text, place, after_blank=after_blank)
                continue
            code = piece.code
            if code.is_malformed:
                message = f"the code is printed {code.printed}; it was read as {code.code}"
                self._doubts.append(Doubt("malformed-code", code.code, code.printed, message, place))
            printed = code.printed if code.is_malformed else None
            self._found.append(_Attitude(code.code, printed, piece.text, place))

    def _without_code(self, text: str, place: Place, *, after_blank: bool) -> None:
        last = self._found[-1] if self._found else None
        named = _NAMED.fullmatch(text) is not None
        starts = last is None or (
            named and (after_blank or last.code is None) and not unfinished_reason(last.text)
        )
        if starts or last is None:
            self._found.append(_Attitude(None, "", text, place))
        else:
            last.text = join(last.text, text)

    def finish(self) -> tuple[tuple[Attitude, ...], tuple[Doubt, ...]]:
        """The attitudes, and the doubts they leave."""
        coded = [item.code for item in self._found if item.code]
        width = len(coded[0]) - 1 if coded else 2
        taken = set(coded)
        done: dict[str, Attitude] = {}
        for position, item in enumerate(self._found, 1):
            code = item.code or _free_code(position, width, taken)
            if item.code is None:
                taken.add(code)
                message = f"no code is printed; it was given {code}"
                self._doubts.append(Doubt("missing-code", code, item.text, message, item.place))
            name, text = split_attitude(item.text)
            if not name:
                raise self._error("a code stands without a name", code, item.place, "a name after the code")
            attitude = Attitude(code, name, text, item.printed, item.place)
            known = done.setdefault(code, attitude)
            if known is attitude:
                continue
            if (known.name, known.text) != (name, text):
                raise self._error(
                    f"the code is doubled with another content: {known.name!r} and {name!r}",
                    code,
                    item.place,
                    "each code once",
                )
            message = "the code is doubled with the same content"
            self._doubts.append(Doubt("doubled-code", code, name, message, item.place))
        return tuple(done.values()), tuple(self._doubts)

    def _error(self, message: str, code: str, place: Place, expected: str) -> DocumentError:
        return DocumentError(
            message, file=self._file, line=place.line, page=place.page, field=code, expected=expected
        )


def _next_attitude(inner: Inner) -> bool:
    return (
        inner.before is not None
        and inner.code.numbers[0] == inner.before.numbers[0] + 1
        and unfinished_reason(inner.left) is None
    )


def _free_code(position: int, width: int, taken: set[str]) -> str:
    numbers = itertools.count(position)
    return next(code for number in numbers if (code := f"A{number:0{width}}") not in taken)


@dataclass(slots=True)
class _Line:
    text: str
    indent: int
    marked: bool


class NoteReader:
    """Takes the lines under 說明與補充事項.

    A line that ends with a colon is a heading: the lines set deeper stand under it, or where the next is
    not deeper, all up to the next heading.
    """

    def __init__(self) -> None:
        self._lines: list[_Line] = []

    def line(self, line: str, *, after_blank: bool) -> None:
        parts = paragraphs(line)
        indent = len(line) - len(line.lstrip())
        for part in parts:
            marker = _MARKER.match(part)
            text = part[marker.end() :].strip() if marker else part
            last = self._lines[-1] if self._lines else None
            if last and not marker and last.marked and not _ends(last.text, after_blank=after_blank):
                last.text = join(last.text, text)
            elif text:
                self._lines.append(_Line(text, indent, marker is not None))

    def finish(self) -> tuple[Note, ...]:
        notes: list[Note] = []
        heading: _Line | None = None
        deeper = False
        for position, line in enumerate(self._lines):
            following = self._lines[position + 1] if position + 1 < len(self._lines) else None
            if heading and deeper and line.indent <= heading.indent:
                heading = None
            is_heading = line.text.endswith(("：", ":")) and following is not None
            if is_heading and following is not None and not (heading and deeper):
                if heading is not None and heading is self._lines[position - 1]:
                    notes.append(_note(heading.text, None))
                heading, deeper = line, following.indent > line.indent
                continue
            notes.append(_note(line.text, heading.text if heading else None))
        return tuple(notes)


def _ends(text: str, *, after_blank: bool) -> bool:
    """Whether a marked line is complete, so that an unmarked one after it is a note of its own."""
    return text.endswith(("：", ":")) or (after_blank and text.endswith(("。", ".", "！", "？")))


def _note(text: str, heading: str | None) -> Note:
    if heading is None:
        before, colon, after = fold_width(text).partition(":")
        if colon and after.strip() and len(before) < len(text) and _PREREQUISITE.search(before):
            return Note("prerequisite", text[len(before) + 1 :].strip(), text[: len(before)].strip())
        return Note("note", text)
    title = heading.rstrip("：:").strip()
    return Note("prerequisite" if _PREREQUISITE.search(title) else "note", text, title or None)

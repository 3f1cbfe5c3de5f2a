"""Cypher cut into its terminals, as Neo4j's lexer has them, and made plain for the parser.

What is in comments, strings and back-ticks decides nothing about a query, but lexers differ in where these
end: so they are found here, by rules on which servers agree, and anything on which they do not is refused.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Piece", "PlainText", "position", "readings", "to_plain"]

_TERMINALS = re.compile(
    r"""
      (?P<space>[\x20\t\n]|\r\n)
    | (?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
    | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<quoted>`(?:[^`]|``)+`)
    | (?P<number>0[xX][0-9A-Fa-f]+|0o[0-7]+|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<open>/\*|['"`])
    | (?P<sign>=~|[()\[\]{}<>=.,:;|+\-*/%^!&$])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u+([0-9A-Fa-f]{4})")
_ESCAPE_OR_PAIR = re.compile(r"\\u+([0-9A-Fa-f]{4})|\\.", re.DOTALL)
_HARMLESS = re.compile(r"[A-Za-z0-9 .:+/_\[\]-]*")
# Lexers differ in whether these end a line, or belong to a name.
_LINE_ENDS = re.compile("\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_UNCLOSED = {"/*": "comment", "'": "string", '"': "string", "`": "name"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A terminal; ``kind`` is word, quoted (a name in back-ticks), string, number or sign."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class PlainText:
    """A query as long as the one it was made from, position for position: comments blanked, and what is not
    plain in strings and back-ticked names replaced by letters."""

    text: str
    pieces: tuple[Piece, ...]


def readings(text: str) -> tuple[str, ...]:
    """The texts that a server may take this one for.

    Neo4j undoes ``\\uXXXX`` anywhere in a query before it parses it, others only in strings; where a
    backslash stands before, they differ too. A query must pass in each reading.
    """
    everywhere = _ESCAPE.sub(_unescape, text)
    outside_pairs = _ESCAPE_OR_PAIR.sub(_unescape, text)
    return tuple(dict.fromkeys((text, everywhere, outside_pairs)))


def to_plain(text: str) -> PlainText:
    """Raises ``QuerySyntaxError`` for a character that cannot stand, or what is opened and not closed."""
    if found := _LINE_ENDS.search(text):
        raise _wrong(
            text, found.start(), f"{_named(found[0])} cannot stand in a query; send it as a parameter"
        )
    pieces: list[Piece] = []
    plain: list[str] = []
    end_of_last = -1
    for match in _TERMINALS.finditer(text):
        kind, found_text, start = match.lastgroup or "", match[0], match.start()
        if kind in ("space", "comment"):
            plain.append(found_text if kind == "space" else re.sub(r"[^\n]", " ", found_text))
            continue
        _check(text, match, pieces, joined=end_of_last == start)
        pieces.append(Piece(kind, found_text, start))
        plain.append("".join(_plain(kind, found_text)))
        end_of_last = match.end()
    return PlainText("".join(plain), tuple(pieces))


def _check(text: str, match: re.Match[str], pieces: list[Piece], *, joined: bool) -> None:
    kind, found, start = match.lastgroup, match[0], match.start()
    if kind == "open":
        raise _wrong(text, start, f"the {_UNCLOSED[found]} that begins here is not closed")
    if kind == "other" or (not found.isascii() and kind == "word" and max(found) > "\uffff"):
        raise _wrong(text, start, f"{_named(found[0])} cannot stand here outside a string or back-ticks")
    last = pieces[-1].kind if pieces and joined else ""
    if kind in ("string", "word", "number", "quoted") and last in ("string", "word", "number", "quoted"):
        raise _wrong(text, start, "a space or a comma is missing here")


def _plain(kind: str, found: str) -> Iterator[str]:
    if kind == "string":
        inner = found[1:-1]
        # What the parser looks into is what dates and durations are written with.
        yield f"'{inner if _HARMLESS.fullmatch(inner) else 'x' * len(inner)}'"
    elif kind == "quoted":
        yield f"`{'x' * (len(found) - 2)}`"
    else:
        yield found


def _unescape(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    code = int(match[1], 16)
    return chr(code) if not 0xD800 <= code < 0xE000 else match[0]


def _named(character: str) -> str:
    name = unicodedata.name(character, "")
    shown = character if character.isprintable() and not character.isspace() else ""
    return " ".join(part for part in (shown, f"U+{ord(character):04X}", name) if part)


def _wrong(text: str, start: int, message: str) -> QuerySyntaxError:
    line, column = position(text, start)
    return QuerySyntaxError(message, line=line, column=column)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a position in the text, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)

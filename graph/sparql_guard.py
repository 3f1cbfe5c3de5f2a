"""What a user's SPARQL may be: one query, without ``SERVICE``.

The text is cut into the terminals of the SPARQL 1.1 grammar (https://www.w3.org/TR/sparql11-query/#sparqlGrammar,
rules 139–173), so that a word counts as a keyword only where the grammar can read it as one: not in a string,
a comment, an IRI, a prefixed name or a variable. ``SERVICE`` makes the engine call other hosts; updates are
not this endpoint's. Whether the rest is a query is the engine's to say; it runs in a worker process.
"""

from __future__ import annotations

import re
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING

from ontology.errors import QueryRefused, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_QUERY_LENGTH", "QueryForm", "check_query", "query_words", "where_begins", "without_escapes"]

MAX_QUERY_LENGTH = 100_000

_NAME_START = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = rf"{_NAME_START}_0-9\u00B7\u0300-\u036F\u203F\u2040\-"
_LOCAL = rf"(?:[{_NAME}:.]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%])"
_CODEPOINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_TERMINALS = re.compile(
    rf"""
      (?P<space>[\x20\t\r\n]+|\#[^\r\n]*)
    | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|{_CODEPOINT})*>)
    | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|\'\'\'(?:'{{0,2}}(?:[^'\\]|\\.))*\'\'\'
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<variable>[?$][{_NAME}]+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<blank>_:[{_NAME}.]+)
    | (?P<name>(?:[{_NAME_START}][{_NAME}.]*)?(?P<local>:{_LOCAL}*)|[{_NAME_START}][{_NAME}.]*)
    | (?P<quote>["'])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset({"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"})
_BEFORE_GRAPH_NAMES = frozenset({"GRAPH", "FROM", "NAMED"})
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class QueryForm(StrEnum):
    """The four forms of a query."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph, rather than bindings or a truth value."""
        return self in (QueryForm.CONSTRUCT, QueryForm.DESCRIBE)


def check_query(text: str) -> QueryForm:
    """The form of a query that may be run.

    Raises ``QueryRefused`` for an update, for ``SERVICE`` and for a text over ``MAX_QUERY_LENGTH``
    characters; ``QuerySyntaxError`` where no query begins or a string is not closed.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise QueryRefused(f"the query has {len(text):,} characters; at most {MAX_QUERY_LENGTH:,} are read")
    form = _check(text)
    # Codepoint escapes are undone before the grammar is applied (section 19.2 of the specification), so a
    # keyword can hide in them. Oxigraph undoes them within terminals only; both readings must pass.
    unescaped = without_escapes(text)
    if unescaped != text:
        with suppress(_UnclosedString):  # "\u0022" is a string to Oxigraph and unreadable when undone first
            _check(unescaped)
    if form is None:
        raise QuerySyntaxError("there is no query: SELECT, ASK, CONSTRUCT or DESCRIBE is expected")
    return form


def without_escapes(text: str) -> str:
    """The text with its codepoint escapes undone, as some engines read it before the grammar is applied."""
    return _ESCAPE.sub(_unescape, text)


def query_words(text: str) -> frozenset[str]:
    """The bare words of a query that was checked, in capitals: keywords, functions and such."""
    words = {piece.upper() for piece, _, is_word in _tokens(text) if is_word}
    with suppress(_UnclosedString):
        words |= {piece.upper() for piece, _, is_word in _tokens(without_escapes(text)) if is_word}
    return frozenset(words)


def where_begins(text: str) -> int:
    """The place after the bracket that opens the pattern of a SELECT, or of a CONSTRUCT with a template."""
    depth = groups = 0
    form = before = ""
    for piece, position, is_word in _tokens(text):
        if is_word and not form and piece.upper() in QueryForm.__members__:
            form = piece.upper()
        if piece == "{" and depth == 0:
            groups += 1
            if form == QueryForm.SELECT or groups == 2:
                return position + 1
            if before == "WHERE":
                break
        depth += {"{": 1, "}": -1}.get(piece, 0)
        before = piece.upper()
    raise ValueError("bindings are for a SELECT, or a CONSTRUCT with a template")


class _UnclosedString(QuerySyntaxError):
    """A quote that opens a string without an end; what follows it cannot be told apart."""


def _check(text: str) -> QueryForm | None:
    form: QueryForm | None = None
    before, suspect = "", -1
    for piece, position, is_word in _tokens(text):
        if suspect >= 0 and piece == "{":
            raise _service(text, suspect)
        suspect = -1
        upper = piece.upper()
        if "SERVICE" in upper and is_word:
            raise _service(text, position)
        if "SERVICE" in upper.partition(":")[0] and before not in _BEFORE_GRAPH_NAMES:
            # Engines do not ask for a space after a keyword: SERVICEex:a{…} is read as SERVICE ex:a {…}.
            suspect = position
        if form is None and is_word and before != "PREFIX":
            form = _form(upper, text, position)
        before = upper
    return form


def _form(word: str, text: str, position: int) -> QueryForm | None:
    """The form that the first keyword after the prologue gives; ``None`` within the prologue."""
    if word in _UPDATES:
        raise QueryRefused(
            f"{word} is an update ({_place(text, position)}); this endpoint answers queries only"
        )
    if word in QueryForm.__members__:
        return QueryForm[word]
    if word not in ("BASE", "PREFIX"):
        line, column = _position(text, position)
        raise QuerySyntaxError(f"no query begins with {word}", line=line, column=column)
    return None


def _service(text: str, position: int) -> QueryRefused:
    return QueryRefused(f"SERVICE is not allowed here ({_place(text, position)}): it would call other hosts")


def _tokens(text: str) -> Iterator[tuple[str, int, bool]]:
    """Names and punctuation with their positions; the third value tells a bare word from a prefixed name."""
    for match in _TERMINALS.finditer(text):
        if match.lastgroup == "name":
            yield match["name"], match.start(), match["local"] is None
        elif match.lastgroup == "quote":
            # Going on would try each later quote to the end of the text: quadratic time.
            line, column = _position(text, match.start())
            raise _UnclosedString("the string that begins here is not closed", line=line, column=column)
        elif match.lastgroup in ("other", "iri", "string", "variable"):
            yield match[0] if match.lastgroup == "other" else "", match.start(), False


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]


def _place(text: str, position: int) -> str:
    line, column = _position(text, position)
    return f"line {line}, column {column}"


def _position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)

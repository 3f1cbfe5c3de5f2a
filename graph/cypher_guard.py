"""What a user's Cypher may be: one query that only reads.

It is parsed, and each node of the tree must be of a kind that is known to read: a clause, a procedure or a
function that is not in the lists of ``graph.cypher_allowed`` is refused, and so is what the parser does not
understand. As a second line, every word that begins a clause for writers must be found again in the tree as a
mere name, so that no part of a query gets past by being left out of the tree.

What is bounded: the length of the text, how deep brackets are nested, and the work of the parser.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from graph.cypher_allowed import (
    CLAUSES_OF_OTHERS,
    READING_FUNCTIONS,
    READING_NODES,
    READING_PROCEDURES,
)
from graph.cypher_text import position, readings, to_plain
from ontology.errors import QueryRefused, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graph.cypher_text import Piece, PlainText

__all__ = ["MAX_NESTING", "MAX_QUERY_LENGTH", "MAX_WORDS", "check_cypher"]

MAX_QUERY_LENGTH = 20_000
MAX_WORDS = 4_000
MAX_NESTING = 40
_REMEMBERED = 512
_RECURSION = 12_000

_FIRST_WORDS = frozenset({"CYPHER"})

_parsing = threading.Lock()


def check_cypher(text: str, *, procedures: frozenset[str] = READING_PROCEDURES) -> None:
    """Returns where the query only reads. ``procedures`` are those that may be called.

    Raises ``QueryRefused`` for what is not allowed, ``QuerySyntaxError`` for what is not understood; both
    name line and column.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise QueryRefused(f"the query has {len(text):,} characters; at most {MAX_QUERY_LENGTH:,} are read")
    error = _verdict(text, procedures)
    if error is not None:
        raise _again(error)


@lru_cache(_REMEMBERED)
def _verdict(text: str, procedures: frozenset[str]) -> QueryRefused | QuerySyntaxError | None:
    try:
        for reading in readings(text):
            _check(to_plain(reading), procedures)
    except (QueryRefused, QuerySyntaxError) as error:
        return error.with_traceback(None)
    return None


def _again(error: QueryRefused | QuerySyntaxError) -> QueryRefused | QuerySyntaxError:
    """A fresh error with the same text: one that is remembered would gather tracebacks."""
    fresh = type(error).__new__(type(error), *error.args)
    fresh.args = error.args
    fresh.__dict__.update(error.__dict__)
    return fresh


def _check(plain: PlainText, procedures: frozenset[str]) -> None:
    text = plain.text
    if len(plain.pieces) > MAX_WORDS:
        raise QueryRefused(
            f"the query has {len(plain.pieces):,} words and signs; at most {MAX_WORDS:,} are read. "
            "Send long lists as parameters"
        )
    if not plain.pieces:
        raise QuerySyntaxError("there is no query", line=1, column=1)
    _check_nesting(plain)
    for piece, following in zip(plain.pieces, plain.pieces[1:], strict=False):
        if piece.text == ";":
            raise _refused(
                "one statement is taken at a time, and a second begins here", text, following.start
            )
    first = plain.pieces[0]
    if first.kind == "word" and first.text.upper() in _FIRST_WORDS:
        raise _refused("options of the planner are not taken", text, first.start)
    nodes = [node for root in _parse(plain) for node in root.dfs()]
    _account_for_words(plain, nodes)
    for node in nodes:
        _check_node(node, text, procedures)


def _check_nesting(plain: PlainText) -> None:
    depth = 0
    for piece in plain.pieces:
        if piece.kind == "sign" and piece.text in "([{":
            depth += 1
        elif piece.kind == "sign" and piece.text in ")]}":
            depth -= 1
        elif piece.kind == "word" and piece.text.upper() == "CASE":
            depth += 1
        elif piece.kind == "word" and piece.text.upper() == "END":
            depth -= 1
        if depth > MAX_NESTING:
            raise _refused(f"brackets are nested more than {MAX_NESTING} deep", plain.text, piece.start)


def _parse(plain: PlainText) -> Sequence[Any]:
    # Imported at first use: it takes a third of a second, which commands that ask no Cypher need not wait.
    from graphglot.error import GraphGlotError, ParseError

    from graph.cypher_dialect import Dialect, ParserOverrun

    with _parsing:  # the parser raises the limit of recursion for the whole process while it runs
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _RECURSION))
        try:
            return cast("Sequence[Any]", Dialect().parse(plain.text.rstrip().removesuffix(";")))
        except (ParserOverrun, RecursionError):
            raise QueryRefused(
                "the query is too long, or nested too deeply, to be checked; write it in parts"
            ) from None
        except ParseError as error:
            details = error.errors[0] if error.errors else {}
            start = details.get("start_offset")
            raise _not_understood(plain, start, details.get("description") or "") from None
        except (
            GraphGlotError,
            ValueError,
            AssertionError,
            AttributeError,
            TypeError,
            NotImplementedError,
        ) as error:
            # Features that Neo4j does not have, numbers out of range, and faults of the parser.
            raise _not_understood(plain, None, str(error).partition("\n")[0]) from None
        finally:
            sys.setrecursionlimit(limit)


def _not_understood(plain: PlainText, start: int | None, why: str) -> QueryRefused | QuerySyntaxError:
    """Refused where a clause that is not for readers is the likely reason, otherwise an error of syntax."""
    for piece, before in zip(plain.pieces, (None, *plain.pieces), strict=False):
        is_clause = piece.kind == "word" and piece.text.upper() in CLAUSES_OF_OTHERS
        if is_clause and (before is None or before.text.upper() not in (".", ":", "$", "AS")):
            return _clause(plain.text, piece)
    if start is None:
        return QuerySyntaxError(why or "it does not parse")
    line, column = position(plain.text, start)
    rest = plain.text[start:].split()
    what = f"{rest[0][:40]!r} is not expected here" if rest else "something is missing at the end"
    if len(rest) == 1:
        what += ", or something is missing after it"
    return QuerySyntaxError(what, line=line, column=column)


def _check_node(node: Any, text: str, procedures: frozenset[str]) -> None:
    name = type(node).__name__
    if name == "NamedProcedureCall":
        called = ".".join(part.name for part in node.procedure_reference.dfs() if _is_name(part))
        if called.lower() not in procedures:
            raise _refused(f"the procedure {called} is not one that may be called here", text, _start(node))
    elif _is_call(node):
        if node.name.lower() not in READING_FUNCTIONS:
            raise _refused(f"the function {node.name} is not one that is known to read", text, _start(node))
    elif name not in READING_NODES or (name == "QueryPrefix" and node.kind.name != "EXPLAIN"):
        raise _refused("this is not of a kind that is known to read", text, _start(node))


def _account_for_words(plain: PlainText, nodes: Iterable[Any]) -> None:
    names = Counter(
        part for node in nodes if _is_name(node) or _is_call(node) for part in node.name.upper().split(".")
    )
    for piece in plain.pieces:
        word = piece.text.upper()
        if piece.kind == "word" and word in CLAUSES_OF_OTHERS:
            names[word] -= 1
            if names[word] < 0:
                raise _clause(plain.text, piece)


def _is_name(node: Any) -> bool:
    return type(node).__name__ == "Identifier"


def _is_call(node: Any) -> bool:
    return type(node).__name__ in ("Anonymous", "FunctionCall")


def _clause(text: str, piece: Piece) -> QueryRefused:
    return _refused(
        f"{piece.text.upper()} is not allowed here, where queries can only read", text, piece.start
    )


def _refused(message: str, text: str, start: int | None) -> QueryRefused:
    if start is None:
        return QueryRefused(message)
    line, column = position(text, start)
    return QueryRefused(message, line=line, column=column)


def _start(node: Any) -> int | None:
    while node is not None:
        if node.source_span is not None:
            return int(node.source_span[0])
        node = node._parent
    return None

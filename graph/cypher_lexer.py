"""The words of Cypher as Neo4j 5 has them, for the parser ``graphglot``, which has those of GQL besides."""

from __future__ import annotations

from typing import ClassVar

from graphglot.dialect.neo4j import Neo4j
from graphglot.lexer import Token, TokenType

__all__ = ["FUNCTION", "SHORTEST", "Lexer"]

# What begins a function call, its name's first word, has this type, which the parser uses for nothing else:
# with a type of its own a call can stand wherever a value can.
FUNCTION = TokenType.RAW_STRING
SHORTEST = ("SHORTESTPATH", "ALLSHORTESTPATHS")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEYWORDS = _words("""
    ALL AND ANY AS ASC ASCENDING BOTH BY CALL CASE CONSTRAINT CONTAINS CREATE DELETE DESC DESCENDING
    DETACH DISTINCT DROP ELSE END ENDS EXISTS EXPLAIN FALSE FINISH FOR IF IN INDEX INSERT IS KEY LIMIT
    MATCH MERGE NODETACH NONE NORMALIZED NOT NULL OFFSET ON OPTIONAL OR ORDER PROFILE REDUCE REMOVE
    REQUIRE RETURN SET SHORTEST SINGLE SKIP STARTS THEN TRUE UNION UNIQUE UNWIND USE WHEN WHERE WITH XOR
    YIELD
""") | {"ORDER BY"}
_SIGNS = _words("]-> :: -- .. >= <- <-[ <-> <= -[ <> -> ]- =~ <--> --> <-- ||")
_NEVER_VALUES = _words(
    "BY CREATE DELETE DETACH DROP INDEX INSERT KEY MATCH MERGE ORDER REMOVE RETURN SET USE WITH"
)
_NO_FUNCTION_AFTER = frozenset({TokenType.CALL, TokenType.AS, TokenType.PERIOD})
_IN_SEARCHES = {
    "PATH": TokenType.PATH,
    "PATHS": TokenType.PATHS,
    "GROUP": TokenType.GROUP,
    "GROUPS": TokenType.GROUPS,
}
_BEFORE_PATHS = frozenset(
    {TokenType.SHORTEST, TokenType.ALL, TokenType.ANY, TokenType.PATH, TokenType.PATHS, TokenType.NUMBER}
)
_BEFORE_NAMES = frozenset({TokenType.AS, TokenType.PERIOD, TokenType.DOLLAR_SIGN})


class Lexer(Neo4j.Lexer):
    """Tells keywords of Cypher, names, and names of functions apart."""

    KEYWORDS: ClassVar[dict[str, TokenType]] = {
        word: token for word, token in Neo4j.Lexer.KEYWORDS.items() if word in _KEYWORDS or word in _SIGNS
    }

    def tokenize(self, query: str) -> list[Token]:
        tokens: list[Token] = super().tokenize(query)
        for index, token in enumerate(tokens):
            before = tokens[index - 1].token_type if index else None
            if (before in _BEFORE_NAMES and token.text.isidentifier()) or (
                before is TokenType.COLON and token.text.upper() in _NEVER_VALUES
            ):
                token.token_type = TokenType.VAR
            elif before in _BEFORE_PATHS:
                token.token_type = _IN_SEARCHES.get(token.text.upper(), token.token_type)
            if (
                token.token_type is TokenType.VAR
                and before not in _NO_FUNCTION_AFTER
                and _begins_call(tokens, index)
                and not _is_hinted_label(tokens, index)
            ):
                token.token_type = FUNCTION
        return _without_stars(tokens)


def _without_stars(tokens: list[Token]) -> list[Token]:
    """Without the ``*,`` of ``WITH *, x``, which the parser does not know; what follows it stays."""
    kept: list[Token] = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        kept.append(token)
        if (
            token.token_type is TokenType.COMMA
            and len(kept) > 2
            and kept[-2].token_type is TokenType.ASTERISK
            and kept[-3].token_type in (TokenType.WITH, TokenType.RETURN, TokenType.DISTINCT)
            and following is not None
        ):
            del kept[-2:]
    return kept


def _is_hinted_label(tokens: list[Token], index: int) -> bool:
    """Whether this is the label in ``USING INDEX n:Label(key)``."""
    return index > 2 and tokens[index - 1].text == ":" and tokens[index - 3].text.upper() in ("INDEX", "SEEK")


def _begins_call(tokens: list[Token], index: int) -> bool:
    """Whether a name, or names joined by periods, and an opening bracket follow."""
    while (
        index + 2 < len(tokens)
        and tokens[index + 1].token_type is TokenType.PERIOD
        and tokens[index + 2].text.isidentifier()
    ):
        index += 2
    return index + 1 < len(tokens) and tokens[index + 1].token_type is TokenType.LEFT_PAREN

"""The grammar of Neo4j 5 for the parser ``graphglot``: what it lacks, and a bound on how long it parses.

``graphglot`` 0.14 parses openCypher and GQL. Added here are ``COUNT {…}`` and ``COLLECT {…}``,
``shortestPath(…)``, map projections, quantified path patterns, type predicates, ``YIELD … WHERE`` and index
hints; any name may be that of a function. Every part of a query stays in the tree, since the guard reads
nothing else; nothing is generated from these trees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import graphglot.features as features
from graphglot import ast
from graphglot.ast.cypher import CypherReduce
from graphglot.dialect.cypher import CypherDialect
from graphglot.dialect.neo4j import Neo4j
from graphglot.error import ParseError
from graphglot.lexer import TokenType
from graphglot.parser import Parser

from graph.cypher_lexer import FUNCTION, SHORTEST
from graph.cypher_lexer import Lexer as CypherLexer
from graph.cypher_nodes import (
    FilteredYield,
    FunctionCall,
    HintedPattern,
    MapProjection,
    ShortestPath,
    Subquery,
    TypePredicate,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Dialect", "ParserOverrun"]

# Alternatives are tried one after the other, each from its beginning: nesting can multiply the work. Steps
# are counted, not seconds, so that a busy machine refuses no query that a free one takes. A step takes 10 µs;
# the longest query of the openCypher TCK takes 18,000.
_MAX_STEPS = 200_000
# What stands at a place is parsed once as each of these, whatever alternatives look at it again.
_REMEMBERED = (
    ast.ValueExpression,
    ast.CommonValueExpression,
    ast.AmbiguousValueExpression,
    ast.ArithmeticValueExpression,
    ast.BooleanValueExpression,
    ast.BooleanFactor,
    ast.BooleanTest,
    ast.BooleanPrimary,
    ast.Predicate,
    ast.ComparisonPredicand,
    ast.ComparisonPredicate,
    ast.ValueExpressionPrimary,
    ast.NonParenthesizedValueExpressionPrimary,
    ast.NonParenthesizedValueExpressionPrimarySpecialCase,
    ast.ParenthesizedValueExpression,
    ast.ParenthesizedBooleanValueExpression,
    ast.ListValueConstructorByEnumeration,
    ast.RecordConstructor,
    ast.PropertyReference,
    ast.CaseExpression,
    ast.PathPrimary,
    ast.ParenthesizedPathPatternExpression,
    ast.PathPattern,
    ast.GraphPattern,
    ast.QuerySpecification,
    ast.NestedQuerySpecification,
    ast.NestedProcedureSpecification,
)


class ParserOverrun(Exception):
    """The parser was stopped: the query is nested in a way that it would take too long over."""


def _word(parser: Parser, *words: str, ahead: int = 0) -> bool:
    """Whether the token ahead is one of these words; a name in back-ticks, longer in the query, is none."""
    token = parser._peek_at(ahead)
    return (
        token is not None and token.text.upper() in words and token.end - token.start + 1 == len(token.text)
    )


def _parsed(parser: Parser, kind: Any) -> ast.Expression:
    found = parser.get_parser(kind)(parser)
    assert isinstance(found, ast.Expression)
    return found


def _name(parser: Parser) -> ast.Expression:
    token = parser._curr
    if token is None or not token.text.isidentifier():
        parser.raise_error("Expected a name")
    assert token is not None
    parser._advance()
    return ast.Identifier(name=token.text)


def _parse_function_call(parser: Parser) -> ast.Expression:
    if _word(parser, *SHORTEST):
        return _parse_shortest_path(parser)
    parts = [parser._curr.text if parser._curr else ""]
    parser._advance()
    while parser._match(TokenType.PERIOD):
        parser._advance()
        parts.append(parser._curr.text if parser._curr else "")
        parser._advance()
    parser._expect(TokenType.LEFT_PAREN)
    arguments: list[ast.Expression] = []
    if (
        parser._match({TokenType.DISTINCT, TokenType.ALL}) and not parser._match_next(TokenType.LEFT_PAREN)
    ) or parser._match(TokenType.DISTINCT):
        parser._advance()
    if parts[0].upper() == "COUNT" and parser._match(TokenType.ASTERISK):
        parser._advance()
    elif len(parts) == 1 and parts[0].upper() == "TRIM" and _word(parser, "BOTH", "LEADING", "TRAILING"):
        arguments = _parse_trim_arguments(parser)
    elif not parser._match(TokenType.RIGHT_PAREN):
        arguments.append(_parsed(parser, ast.ValueExpression))
        while parser._match(TokenType.COMMA):
            parser._advance()
            arguments.append(_parsed(parser, ast.ValueExpression))
    parser._expect(TokenType.RIGHT_PAREN)
    return FunctionCall(name=".".join(parts), arguments=arguments)


def _parse_trim_arguments(parser: Parser) -> list[ast.Expression]:
    """``BOTH ['x'] FROM text``."""
    parser._advance()
    arguments = [] if _word(parser, "FROM") else [_parsed(parser, ast.ValueExpression)]
    if not _word(parser, "FROM"):
        parser.raise_error("Expected FROM")
    parser._advance()
    return [*arguments, _parsed(parser, ast.ValueExpression)]


def _parse_subquery(parser: Parser) -> Subquery:
    parser._advance()
    parser._expect(TokenType.LEFT_BRACE)
    body = parser.try_parse(_parse_pattern_to_brace)
    if body is None:
        body = _parsed(parser, ast.QuerySpecification)
        parser._expect(TokenType.RIGHT_BRACE)
    return Subquery(body=body)


def _parse_pattern_to_brace(parser: Parser) -> ast.Expression:
    start = parser._index
    for kind in (ast.GraphPattern, ast.MatchStatementBlock):
        found = parser.try_parse(parser.get_parser(kind))
        if found is not None and parser._match(TokenType.RIGHT_BRACE):
            parser._advance()
            return found
        parser._retreat(start)
    parser.raise_error("Expected a pattern")
    raise AssertionError


def _parse_shortest_path(parser: Parser) -> ShortestPath:
    parser._advance()
    parser._expect(TokenType.LEFT_PAREN)
    pattern = _parsed(parser, ast.PathPattern)
    parser._expect(TokenType.RIGHT_PAREN)
    return ShortestPath(pattern=pattern)


def _parse_map_projection(parser: Parser) -> MapProjection:
    variable = _parsed(parser, ast.BindingVariableReference)
    parser._expect(TokenType.LEFT_BRACE)
    items: list[ast.Expression] = []
    while not parser._match(TokenType.RIGHT_BRACE):
        if items:
            parser._expect(TokenType.COMMA)
        items.append(_parse_map_projection_item(parser))
    parser._expect(TokenType.RIGHT_BRACE)
    return MapProjection(variable=variable, items=items)


def _parse_map_projection_item(parser: Parser) -> ast.Expression:
    if parser._match(TokenType.PERIOD):
        parser._advance()
        if parser._match(TokenType.ASTERISK):
            parser._advance()
            return ast.Asterisk()
        return _name(parser)
    if parser._match_next(TokenType.COLON):
        return _parsed(parser, ast.Field)
    return _parsed(parser, ast.BindingVariableReference)


def _parse_value(parser: Parser) -> Any:
    if parser._match(TokenType.EXISTS) and parser._match_next({TokenType.LEFT_BRACE, TokenType.LEFT_PAREN}):
        # Otherwise EXISTS is taken for the name of a variable.
        return parser.get_parser(ast.BooleanValueExpression)(parser)
    return CypherDialect.Parser.PARSERS[ast.ValueExpression](parser)


def _parse_special_case(parser: Parser) -> Any:
    if parser._match(FUNCTION):
        return _parse_function_call(parser)
    if parser._match(TokenType.REDUCE) and parser._match_next(TokenType.LEFT_PAREN):
        return parser.get_parser(CypherReduce)(parser)
    if parser._match(TokenType.VAR) and parser._match_next(TokenType.LEFT_BRACE):
        parse = _parse_subquery if _word(parser, "COUNT", "COLLECT") else _parse_map_projection
        found = parser.try_parse(parse)
        if found is not None:
            return found
    return Parser.PARSERS[ast.NonParenthesizedValueExpressionPrimarySpecialCase](parser)


def _parse_path_pattern(parser: Parser) -> ast.PathPattern:
    start = parser._index
    variable = parser.try_parse(parser.get_parser(ast.PathVariableDeclaration))
    if not (parser._match(FUNCTION) and _word(parser, *SHORTEST)):
        parser._retreat(start)
        found = Parser.PARSERS[ast.PathPattern](parser)
        assert isinstance(found, ast.PathPattern)
        return found
    parser._advance(2)
    inner = _parsed(parser, ast.PathPatternExpression)
    parser._expect(TokenType.RIGHT_PAREN)
    return ast.PathPattern(
        path_variable_declaration=variable, path_pattern_prefix=None, path_pattern_expression=inner
    )


def _parse_yield(parser: Parser) -> ast.YieldClause:
    found = CypherDialect.Parser.PARSERS[ast.YieldClause](parser)
    assert isinstance(found, ast.YieldClause)
    if not parser._match(TokenType.WHERE):
        return found
    return FilteredYield._construct(
        yield_item_list=found.yield_item_list, where_clause=_parsed(parser, ast.WhereClause)
    )


def _parse_scope(parser: Parser) -> Any:
    """``CALL (*) {…}`` takes all variables."""
    if parser._match(TokenType.LEFT_PAREN) and parser._match_next(TokenType.ASTERISK):
        parser._advance(2)
        parser._expect(TokenType.RIGHT_PAREN)
        return ast.VariableScopeClause._construct(binding_variable_reference_list=None)
    return Parser.PARSERS[ast.VariableScopeClause](parser)


def _parse_offset(parser: Parser) -> Any:
    parser._expect({TokenType.SKIP, TokenType.OFFSET})
    value = _parsed(parser, ast.ValueExpression)
    return ast.OffsetClause._construct(non_negative_integer_specification=value)


def _parse_limit(parser: Parser) -> Any:
    parser._expect(TokenType.LIMIT)
    value = _parsed(parser, ast.ValueExpression)
    return ast.LimitClause._construct(non_negative_integer_specification=value)


def _parse_graph_pattern(parser: Parser) -> ast.GraphPattern:
    found = Parser.PARSERS[ast.GraphPattern](parser)
    assert isinstance(found, ast.GraphPattern)
    hints: list[ast.Expression] = []
    while found.graph_pattern_where_clause is None and _word(parser, "USING"):
        hints.extend(_parse_hint(parser))
    if not hints:
        return found
    return HintedPattern._construct(
        match_mode=found.match_mode,
        path_pattern_list=found.path_pattern_list,
        keep_clause=found.keep_clause,
        graph_pattern_where_clause=(
            _parsed(parser, ast.GraphPatternWhereClause) if parser._match(TokenType.WHERE) else None
        ),
        hints=hints,
    )


def _parse_hint(parser: Parser) -> list[ast.Expression]:
    """``USING [RANGE|TEXT|POINT] INDEX [SEEK] v:Label(key, …)``, ``… SCAN v:Label`` or ``… JOIN ON v``."""
    parser._advance()
    if _word(parser, "RANGE", "TEXT", "POINT"):
        parser._advance()
    if not _word(parser, "INDEX", "SCAN", "JOIN"):
        parser.raise_error("Expected INDEX, SCAN or JOIN")
    joins = _word(parser, "JOIN")
    parser._advance()
    if joins:
        parser._expect(TokenType.ON)
        return [_name(parser)]
    if _word(parser, "SEEK") and not parser._match_next(TokenType.COLON):
        parser._advance()
    names = [_name(parser)]
    parser._expect(TokenType.COLON)
    names.append(_name(parser))
    if parser._match(TokenType.LEFT_PAREN):
        parser._advance()
        names.append(_name(parser))
        while parser._match(TokenType.COMMA):
            parser._advance()
            names.append(_name(parser))
        parser._expect(TokenType.RIGHT_PAREN)
    return names


def _parse_type_predicate(parser: Parser) -> Any:
    parser._expect(TokenType.IS)
    negated = parser._match(TokenType.NOT)
    if negated:
        parser._advance()
    if not (parser._match(TokenType.DOUBLE_COLON) or _word(parser, "TYPED")):
        parser.raise_error("Expected :: or TYPED")
    parser._advance()
    return TypePredicate._construct(not_=negated, typed=None, value_type=None, words=_parse_type(parser))


def _parse_type(parser: Parser) -> list[ast.Expression]:
    """``LOCAL DATETIME``, ``LIST<STRING NOT NULL>``, ``INTEGER | FLOAT``."""
    words = [_name(parser)]
    while parser._match({TokenType.VAR, TokenType.NULL}):
        words.append(_name(parser))
    if parser._match(TokenType.LEFT_ANGLE_BRACKET):
        parser._advance()
        words += _parse_type(parser)
        parser._expect(TokenType.RIGHT_ANGLE_BRACKET)
    if parser._match(TokenType.NOT):
        parser._advance()
        parser._expect(TokenType.NULL)
    if parser._match(TokenType.VERTICAL_BAR):
        parser._advance()
        words += _parse_type(parser)
    return words


def _remembering(kind: Any, parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def parse_once(parser: Any) -> Any:
        key = (kind, parser._index)
        known = parser.remembered.get(key)
        if known is None:
            try:
                found = parse(parser)
            except ParseError as error:
                parser.remembered[key] = (error, 0)
                raise
            parser.remembered[key] = (found, parser._index)
            return found
        found, end = known
        if isinstance(found, ParseError):
            raise found
        parser._retreat(end)
        return found

    return parse_once


class Dialect(Neo4j):
    """Neo4j 5 as its users write it; parse with ``Dialect().parse(text)``."""

    SUPPORTED_FEATURES: ClassVar[set[features.Feature]] = Neo4j.SUPPORTED_FEATURES | {
        features.G014,  # ALL SHORTEST PATHS
        features.G038,  # ((a)-[:R]->(b)){1,3}
    }

    Lexer: ClassVar[Any] = CypherLexer

    class Parser(Neo4j.Parser):
        """Counts its steps. Raises ``ParserOverrun``."""

        _OWN: ClassVar[dict[Any, Callable[[Any], Any]]] = {
            **Neo4j.Parser.PARSERS,
            ast.ValueExpression: _parse_value,
            ast.NonParenthesizedValueExpressionPrimarySpecialCase: _parse_special_case,
            ast.PathPattern: _parse_path_pattern,
            ast.YieldClause: _parse_yield,
            ast.GraphPattern: _parse_graph_pattern,
            ast.ValueTypePredicatePart2: _parse_type_predicate,
            ast.VariableScopeClause: _parse_scope,
            ast.OffsetClause: _parse_offset,
            ast.LimitClause: _parse_limit,
        }
        PARSERS: ClassVar[dict[Any, Callable[[Any], Any]]] = {
            **_OWN,
            **{kind: _remembering(kind, parse) for kind, parse in _OWN.items() if kind in _REMEMBERED},
        }
        remembered: dict[tuple[Any, int], tuple[Any, int]]

        def reset(self) -> None:
            super().reset()
            self.remembered = {}
            self._steps = 0

        def _parse_part(self, part: Any, idx: int, all_parts: tuple[Any, ...], skip_opt: bool) -> Any:  # noqa: FBT001 - its signature
            self._steps += 1
            if self._steps > _MAX_STEPS:
                raise ParserOverrun
            return super()._parse_part(part, idx, all_parts, skip_opt)

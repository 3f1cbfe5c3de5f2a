"""Nodes of a query's tree that the parser ``graphglot`` does not have."""

from __future__ import annotations

from graphglot import ast

__all__ = [
    "FilteredYield",
    "FunctionCall",
    "HintedPattern",
    "MapProjection",
    "ShortestPath",
    "Subquery",
    "TypePredicate",
]


class FunctionCall(ast.CommonValueExpression):
    """``name.space.function([DISTINCT] argument, …)``."""

    name: str
    arguments: list[ast.Expression]


class Subquery(ast.CommonValueExpression):
    """``COUNT {…}`` or ``COLLECT {…}``, with a query or a pattern inside."""

    body: ast.Expression


class ShortestPath(ast.CommonValueExpression):
    """``shortestPath(…)`` or ``allShortestPaths(…)`` in an expression."""

    pattern: ast.Expression


class MapProjection(ast.CommonValueExpression):
    """``variable {.key, .*, variable, key: expression}``."""

    variable: ast.Expression
    items: list[ast.Expression]


class FilteredYield(ast.YieldClause):
    """``YIELD … WHERE …``."""

    where_clause: ast.Expression


class HintedPattern(ast.GraphPattern):
    """A pattern followed by ``USING INDEX …``, ``USING SCAN …`` or ``USING JOIN ON …``."""

    hints: list[ast.Expression]


class TypePredicate(ast.ValueTypePredicatePart2):
    """``IS [NOT] :: TYPE``, the type as its words."""

    words: list[ast.Expression]

"""Words → rows, by a full-text index of Neo4j with the ``cjk`` analyzer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from search.lexical import CONTEXT, FILTERS, WordMatches, joined, no_words, number_of, weighted_terms
from search.neo4j.loading import SEARCHED
from search.neo4j.names import FILTER_FIELD, Names, filter_token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.property_graph.bolt import BoltConnection
    from search.neo4j.frequencies import Frequencies

__all__ = ["SECONDS", "Neo4jWords"]

SECONDS = 30.0
"""So long a search may take on the server."""
_SEARCH = (
    "CALL db.index.fulltext.queryNodes($index, $query, {limit: $limit}) YIELD node, score "
    "RETURN node.row AS row, node.name AS name, node.whole AS whole, score"
)
# Lucene refuses a query of more than 1,024 parts
_MOST_TERMS, _MOST_VALUES = 600, 300
# Lucene leaves the factor k1 + 1 out of BM25
_SCALE = 2.2
# what the analyzer drops: Lucene's stop words of its analyzer for Chinese, Japanese and Korean
_DROPPED = frozenset(
    re.findall(
        r"\w+",
        "a and are as at be but by for if in into is it no not of on or s such t that the their then there "
        "these they this to was will with www",
    )
)


class Neo4jWords:
    """The texts of one version. Safe to use from several threads."""

    def __init__(self, connection: BoltConnection, version: str, frequencies: Frequencies) -> None:
        self._connection = connection
        self._index = Names(version).text_index
        self._frequencies = frequencies

    def search(
        self, query: str, *, limit: int = 1000, filters: Mapping[str, Sequence[str]] | None = None
    ) -> WordMatches:
        terms = self._terms(query)
        if not terms:
            return no_words()
        found = self._connection.read(
            _SEARCH,
            {"index": self._index, "query": _lucene(terms, filters or {}), "limit": limit},
            deadline=SECONDS,
            rows=limit,
        ).rows
        if not found:
            return no_words()
        rows = np.array([row for row, _, _, _ in found], np.int64)
        names = np.array([name for _, name, _, _ in found], np.int64)
        numbers = np.array([whole for _, _, whole, _ in found], np.int64)
        bm25 = np.array([score for _, _, _, score in found], np.float32) * np.float32(_SCALE)
        whole = np.isin(rows, rows[numbers == number_of(joined(query))])
        # they come best first: the first of a row is where most of the words stand
        best = np.sort(np.unique(rows, return_index=True)[1])
        ceiling = sum(self._worth(one) for one in terms if one[0] != CONTEXT)
        shares = np.minimum(bm25 / ceiling, 1.0).astype(np.float32) if ceiling else np.zeros_like(bm25)
        return WordMatches(rows[best], bm25[best], shares[best], names[best], whole[best])

    def _terms(self, query: str) -> list[tuple[str, str, float]]:
        """What is looked for; of a very long query what is rarest."""
        terms = [one for one in weighted_terms(query) if one[1] not in _DROPPED]
        if len(terms) > _MOST_TERMS:
            terms = sorted(terms, key=self._worth, reverse=True)[:_MOST_TERMS]
        return terms

    def _worth(self, term: tuple[str, str, float]) -> float:
        field, word, weight = term
        return self._frequencies.idf(field, word) * weight


def _lucene(terms: Sequence[tuple[str, str, float]], filters: Mapping[str, Sequence[str]]) -> str:
    """The query in Lucene's syntax. Words and values are letters and digits by now, nothing of the syntax."""
    wanted = " ".join(f'{SEARCHED[field]}:"{word}"^{weight:g}' for field, word, weight in terms)
    clauses = [f"+({wanted})"]
    left = _MOST_VALUES
    for column, values in filters.items():
        # of too many values none is sent: what they do not let through is sorted out by who asked
        if column in FILTERS and 0 < len(values) <= left:
            left -= len(values)
            among = " ".join(filter_token(column, value) for value in values)
            clauses.append(f"+{FILTER_FIELD}:({among})^0")
    return " ".join(clauses)

"""Words: BM25 over the folded texts of the passages, by tantivy.

Texts are cut into tokens here (``search.folding.tokens``: words, and pairs of neighbours in scripts without
spaces, so that 系統 finds 系統架構) and stored separated by spaces. Queries are built term by term; the
engine's query syntax is never parsed.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import tantivy

from search.classes import CLASS_FACETS
from search.filters import column_values
from search.folding import is_unspaced, mainland_words, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search.passages import Passage

__all__ = [
    "CONTEXT",
    "FILTERS",
    "MAINLAND",
    "TEXT",
    "LexicalIndex",
    "WordIndex",
    "WordMatches",
    "joined",
    "named_texts",
    "no_words",
    "number_of",
    "weighted_terms",
]

TEXT = "text"
MAINLAND = "mainland"
CONTEXT = "context"
_ROW = "row"
_NAME = "name"
_WHOLE = "whole"
FILTERS = ("standard", "kind", "framework", "lang", "level", *CLASS_FACETS)
_WEIGHTS = {TEXT: 1.0, MAINLAND: 0.9, CONTEXT: 0.2}
_WRITER_BYTES = 30_000_000
# a pair of characters says more than each alone; single characters serve queries of one character
_SINGLE_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class WordMatches:
    """Rows found by words, best first; ``bm25`` as the engine gives it, ``shares`` the part of the
    query's weight that was found there, 0–1: 1 where every word of the query stands in the text. ``names``
    says where the words stand: 0 for the passage's own text, *n* for its *n*-th other name; ``whole`` whether
    a text or name of the row has the query's words in their order and no others."""

    rows: NDArray[np.int64]
    bm25: NDArray[np.float32]
    shares: NDArray[np.float32]
    names: NDArray[np.int64]
    whole: NDArray[np.bool_]

    def among(self, chosen: NDArray[np.bool_]) -> WordMatches:
        """Those that the mask lets through."""
        return WordMatches(
            self.rows[chosen], self.bm25[chosen], self.shares[chosen], self.names[chosen], self.whole[chosen]
        )

    def with_others(self, others: WordMatches) -> WordMatches:
        """These, and those of ``others`` that are not among them, for the same query."""
        new = ~np.isin(others.rows, self.rows)
        return WordMatches(
            np.concatenate([self.rows, others.rows[new]]),
            np.concatenate([self.bm25, others.bm25[new]]),
            np.concatenate([self.shares, others.shares[new]]),
            np.concatenate([self.names, others.names[new]]),
            np.concatenate([self.whole, others.whole[new]]),
        )


def no_words() -> WordMatches:
    """What is found where there are no words to look for."""
    nothing, none = np.empty(0, np.int64), np.empty(0, np.float32)
    return WordMatches(nothing, none, none, nothing, np.empty(0, np.bool_))


class WordIndex(Protocol):
    """What finds rows by words."""

    def search(
        self, query: str, *, limit: int = 1000, filters: Mapping[str, Sequence[str]] | None = None
    ) -> WordMatches:
        """Rows that share words with ``query``. ``filters`` maps columns of ``search.filters.FilterTable``
        to the values that are let through. Raises ``EngineUnavailable`` where an engine on another machine
        does not answer."""


class LexicalIndex:
    """Words → rows, in files. Safe to use from several threads."""

    def __init__(self, index: tantivy.Index) -> None:
        index.config_reader(reload_policy="manual")
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(cls, passages: Sequence[Passage], folder: Path) -> LexicalIndex:
        """Writes the index into ``folder``, which must be empty; row *i* is ``passages[i]``."""
        index = tantivy.Index(_schema(), path=str(folder))
        # one thread keeps the documents, and so the figures of BM25, in one segment
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for row, passage in enumerate(passages):
            values = [(name, value) for name in FILTERS for value in column_values(passage, name)]
            context = joined(" ".join(step.text for step in passage.path))
            for name, text in named_texts(passage):
                document = tantivy.Document()
                document.add_unsigned(_ROW, row)
                document.add_unsigned(_NAME, name)
                document.add_unsigned(_WHOLE, number_of(words := joined(text)))
                document.add_text(TEXT, words)
                document.add_text(MAINLAND, joined(mainland_words(text)))
                document.add_text(CONTEXT, context)
                for column, value in values:
                    document.add_text(column, value)
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        return cls(tantivy.Index.open(str(folder)))

    def search(
        self, query: str, *, limit: int = 1000, filters: Mapping[str, Sequence[str]] | None = None
    ) -> WordMatches:
        """Rows that share words with ``query``. ``filters`` maps columns of ``search.filters.FilterTable``
        to the values that are let through."""
        terms = weighted_terms(query)
        clauses = [(tantivy.Occur.Should, self._term(field, text, weight)) for field, text, weight in terms]
        if not clauses or not self._searcher.num_docs:
            return no_words()
        wanted = tantivy.Query.boolean_query(clauses)
        if filters:
            wanted = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, wanted), *(self._filter(*item) for item in filters.items() if item[1])]
            )
        found = self._searcher.search(wanted, limit=limit, count=False).hits
        addresses = [address for _, address in found]
        rows = np.array(self._searcher.fast_field_values(_ROW, addresses), np.int64)
        names = np.array(self._searcher.fast_field_values(_NAME, addresses), np.int64)
        numbers = np.array(self._searcher.fast_field_values(_WHOLE, addresses), np.int64)
        whole = np.isin(rows, rows[numbers == number_of(joined(query))])
        bm25 = np.array([score for score, _ in found], np.float32)
        # they come best first: the first of a row is where most of the words stand
        best = np.sort(np.unique(rows, return_index=True)[1])
        ceiling = sum(self._idf(field, text) * weight for field, text, weight in terms if field != CONTEXT)
        shares = np.minimum(bm25 / ceiling, 1.0).astype(np.float32)
        return WordMatches(rows[best], bm25[best], shares[best], names[best], whole[best])

    def _term(self, field: str, text: str, weight: float) -> tantivy.Query:
        term = tantivy.Query.term_query(self._schema, field, text, "freq")
        return tantivy.Query.boost_query(term, weight)

    def _filter(self, field: str, values: Sequence[str]) -> tuple[tantivy.Occur, tantivy.Query]:
        among = tantivy.Query.term_set_query(self._schema, field, list(values))
        return tantivy.Occur.Must, tantivy.Query.boost_query(tantivy.Query.const_score_query(among, 1.0), 0.0)

    def _idf(self, field: str, text: str) -> float:
        count = self._searcher.num_docs
        seen = self._searcher.doc_freq(field, text)
        return math.log(1 + (count - seen + 0.5) / (seen + 0.5))


def weighted_terms(query: str) -> list[tuple[str, str, float]]:
    """The fields, tokens and weights that a query is searched by."""
    terms: list[tuple[str, str, float]] = []
    for field, form in ((TEXT, query), (MAINLAND, mainland_words(query)), (CONTEXT, query)):
        cut = list(dict.fromkeys(token.text for token in tokens(form)))
        single = len(cut) == 1
        for text in cut:
            lone = len(text) == 1 and is_unspaced(text) and not single
            terms.append((field, text, _WEIGHTS[field] * (_SINGLE_WEIGHT if lone else 1.0)))
    return terms


def named_texts(passage: Passage) -> list[tuple[int, str]]:
    """The text with its detail, then the text alone as what the passage is called, then its other names."""
    alone = [(0, passage.text)] if passage.detail else []
    return [(0, passage.full_text), *alone, *enumerate(passage.names, 1)]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in (TEXT, MAINLAND, CONTEXT):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in FILTERS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (_ROW, _NAME, _WHOLE):
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


def number_of(joined: str) -> int:
    """A number that tells a text from others, below 2**62."""
    return int.from_bytes(hashlib.blake2b(joined.encode(), digest_size=8).digest()) >> 2


def joined(text: str) -> str:
    """The tokens of a text, apart by blanks."""
    return " ".join(token.text for token in tokens(text))

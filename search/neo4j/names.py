"""What a version of the search index is called in Neo4j.

    (:SearchIndex {version, current, …})    what an analyst asks for the names of the indexes in force
    (:Passage {iri, row, text, …})          one for each element, with its vector; its ``iri`` is that of the
                                            node of the property graph
    (:PassageName {iri, row, text, …})      other texts by which words find the same element

The nodes belong to the search and are no part of the projection: they have labels of their own, and meet the
projected nodes by ``iri``, so that neither side's rebuilding takes away what the other wrote.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

__all__ = ["FILTER_FIELD", "Names", "filter_token"]

FILTER_FIELD = "filters"
"""The property with a token for each value that a search can be narrowed by."""


@dataclass(frozen=True, slots=True)
class Names:
    """Of a version, whose name is hexadecimal. Several versions stand beside each other."""

    version: str

    @property
    def passages(self) -> str:
        """The label of the nodes with vectors."""
        return f"Passage_{self.version}"

    @property
    def texts(self) -> str:
        """The label of the nodes with words."""
        return f"Text_{self.version}"

    @property
    def vector_index(self) -> str:
        return f"passage_vectors_{self.version}"

    @property
    def text_index(self) -> str:
        return f"passage_texts_{self.version}"


def filter_token(column: str, value: str) -> str:
    """One word for a value of a column, of letters and digits only, whatever the value is."""
    return f"{column}x{hashlib.blake2b(value.encode(), digest_size=8).hexdigest()}"

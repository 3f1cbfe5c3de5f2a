"""Indexes of vectors behind one interface: exact, faiss, Milvus."""

from search.vectors.base import Allowed, Nearest, VectorIndex, VectorRows, Wanted
from search.vectors.choice import DEFAULT_VECTORS, EXACT_ROWS, VectorEngine, choose_engine

__all__ = [
    "DEFAULT_VECTORS",
    "EXACT_ROWS",
    "Allowed",
    "Nearest",
    "VectorEngine",
    "VectorIndex",
    "VectorRows",
    "Wanted",
    "choose_engine",
]

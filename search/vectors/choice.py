"""The one place that chooses an engine for vectors, from one descriptor.

auto                        exact up to ``EXACT_ROWS`` rows, faiss above
exact                       the product with all rows
faiss                       codes of half a byte for two numbers, the best scored exactly
milvus+http://host:19530    a Milvus server (https, user:password@host as well)
milvus+file:/path/name.db   Milvus in a file, for trials
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.errors import InvalidInput
from search.vectors.exact import ExactVectors

if TYPE_CHECKING:
    from pathlib import Path

    from search.vectors.base import VectorIndex, VectorRows

__all__ = ["DEFAULT_VECTORS", "EXACT_ROWS", "FEW_ROWS", "VectorEngine", "choose_engine"]

DEFAULT_VECTORS = "auto"
EXACT_ROWS = 20_000
"""So many rows are multiplied in a few milliseconds; decision 15 has the measurement."""
FEW_ROWS = 5_000
"""Where the filters let no more rows through, these are multiplied one by one, whatever the engine."""
_MILVUS = "milvus+"


@dataclass(frozen=True, slots=True)
class VectorEngine:
    """How the vectors of a version are kept and read. ``name`` stands in the version's manifest."""

    name: str
    address: str = ""
    few: int = FEW_ROWS

    def build(self, folder: Path, version: str, rows: VectorRows) -> None:
        """Keeps what the engine needs beyond the vectors themselves: in ``folder`` or on its server."""
        if self.name == "faiss":
            from search.vectors.faiss_codes import FaissVectors

            FaissVectors.build(folder, rows)
        elif self.name == "milvus":
            from search.vectors.milvus import MilvusServer

            server = MilvusServer(self.address)
            try:
                server.build(version, rows)
            finally:
                server.close()

    def open(self, folder: Path, version: str, rows: VectorRows) -> VectorIndex:
        """Raises ``ValueError`` where what was kept is damaged or missing."""
        if self.name == "faiss":
            from search.vectors.faiss_codes import FaissVectors

            return FaissVectors.open(folder, rows, few=self.few)
        if self.name == "milvus":
            from search.vectors.milvus import MilvusServer

            return MilvusServer(self.address).open(version, rows, few=self.few)
        return ExactVectors(rows)

    def keep_only(self, versions: set[str]) -> None:
        """Drops what a server keeps of other versions."""
        if self.name == "milvus":
            from search.vectors.milvus import MilvusServer

            server = MilvusServer(self.address)
            try:
                server.keep_only(versions)
            finally:
                server.close()


def choose_engine(descriptor: str, rows: int) -> VectorEngine:
    """The engine that ``descriptor`` names for an index of so many rows. Raises ``InvalidInput``."""
    if descriptor == "auto":
        return VectorEngine("exact" if rows <= EXACT_ROWS else "faiss")
    if descriptor == "exact":
        return VectorEngine("exact")
    if descriptor == "faiss":
        # codes are found in a sample, which an empty index does not have
        return VectorEngine("faiss" if rows else "exact")
    if descriptor.startswith(_MILVUS):
        address = descriptor.removeprefix(_MILVUS)
        if address.startswith(("http://", "https://", "file:")):
            return VectorEngine("milvus" if rows else "exact", address)
    raise InvalidInput(
        f"there is no engine for vectors {descriptor!r}; there are: auto, exact, faiss, "
        "milvus+http://host:19530, milvus+file:/path/name.db"
    )

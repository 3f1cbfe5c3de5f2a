"""How much of a document is read: bounds that keep a hostile file from taking all time and memory."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one document; what is over one of them is refused with a ``DocumentError``.

    ``bytes`` is the size of the file; for packed files ``members`` counts what is in the archive,
    ``unpacked_bytes`` is its size unpacked, ``ratio`` that size by the packed one for a member of more than
    a megabyte. ``cells`` counts the cells of a table, merged ones as often as they cover a place,
    ``pages`` those of a PDF.
    """

    bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000
    members: int = 5_000
    ratio: int = 200
    cells: int = 200_000
    pages: int = 200


DEFAULT_LIMITS = Limits()

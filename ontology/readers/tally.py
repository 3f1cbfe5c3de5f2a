"""Doubts that many rows share, told once with their number and the first of them."""

from __future__ import annotations

from dataclasses import dataclass

from ontology.model import Doubt, Place

__all__ = ["Tally"]


@dataclass(slots=True)
class _Entry:
    text: str
    message: str
    line: int
    count: int = 0


class Tally:
    """Collects doubts by kind and place."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], _Entry] = {}

    def add(self, kind: str, where: str, text: str, message: str, line: int) -> None:
        """``where`` names the file and the column, ``text`` is what stands there, ``message`` a sentence
        that is true of every such row; what the first row gave is kept."""
        entry = self._entries.setdefault((kind, where), _Entry(text, message, line))
        entry.count += 1

    def doubts(self) -> tuple[Doubt, ...]:
        """One for each kind and place, in the order of their first rows."""
        return tuple(
            Doubt(kind, where, one.text, f"{one.message} ({_rows(one)})", Place(line=one.line))
            for (kind, where), one in self._entries.items()
        )


def _rows(entry: _Entry) -> str:
    return f"line {entry.line}" if entry.count == 1 else f"{entry.count} times, first on line {entry.line}"

"""What a table of versions (版本) leaves doubtful, whatever carries it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ontology.identifiers import standard_key
from ontology.model import Doubt
from ontology.readers.text import fold_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ontology.model import Place, VersionEntry

__all__ = ["LATEST", "own_entry", "version_doubts", "version_of"]

LATEST = "最新版本"
"""What iCAP's documents call the version that is in force."""

_HAS_VERSION = re.compile(r"[vV]([0-9]+)$")


def own_entry(printed: str, history: Sequence[VersionEntry]) -> VersionEntry | None:
    """The row of the table that stands for the document whose code is ``printed``: the row with its code,
    or for a code without a version the row of its first version."""
    code = fold_width(printed)
    for entry in history:
        if standard_key(code) in (_key(entry), standard_key(fold_width(entry.code))):
            return entry
    if not _HAS_VERSION.search(code):
        return next((entry for entry in history if _key(entry) == f"{code}v1"), None)
    return None


def version_of(code: str, entry: VersionEntry | None) -> str:
    """The version as the table prints it, else as the code has it (``V2``), else the empty string."""
    if entry and entry.version:
        return entry.version
    match = _HAS_VERSION.search(code)
    return f"V{match[1]}" if match else ""


def version_doubts(
    code: str, history: Sequence[VersionEntry], places: Mapping[int, Place] | None = None
) -> list[Doubt]:
    """Doubts on a table of versions; ``code`` is the document's own, ``places`` are those of the rows.

    ``several-latest-versions``: more than one row is marked 最新版本. ``unversioned-code``: a row prints its
    code without a version. ``absent-from-history``: no row has the document's own code.
    """
    known = places or {}
    doubts = []
    latest = [number for number, entry in enumerate(history) if LATEST in entry.status]
    if len(latest) > 1:
        codes = "、".join(history[number].code for number in latest)
        message = f"{len(latest)} versions are marked {LATEST}: {codes}"
        doubts.append(Doubt("several-latest-versions", "history", codes, message, known.get(latest[1])))
    for number, entry in enumerate(history):
        if entry.code and not _HAS_VERSION.search(fold_width(entry.code)):
            message = (
                f"{entry.version or 'a version'} is printed without its version; it was read as {_key(entry)}"
            )
            doubts.append(Doubt("unversioned-code", _key(entry), entry.code, message, known.get(number)))
    if history and own_entry(code, history) is None:
        message = f"no row of the table of versions has the code of the document, {code}"
        doubts.append(Doubt("absent-from-history", "history", code, message, known.get(0)))
    return doubts


def _key(entry: VersionEntry) -> str:
    return standard_key(fold_width(entry.code), fold_width(entry.version))

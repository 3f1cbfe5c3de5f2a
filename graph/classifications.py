"""The codes that standards are classified by, as printed, and the names of the groups above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.repository import query_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.store import RdfStore

__all__ = ["GroupName", "PrintedCode", "isco_group_names", "list_printed_codes"]


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """One code of a standard or of an entry of a catalogue, ``of`` by IRI. ``kind`` is ``category``,
    ``occupation`` or ``industry``; ``language`` is that of the name, where it has one."""

    of: str
    kind: str
    code: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class GroupName:
    """A name with its language (BCP 47)."""

    text: str
    language: str


def list_printed_codes(store: RdfStore) -> tuple[PrintedCode, ...]:
    """The codes of all that is classified, in the order of their documents; empty while nothing was loaded.
    One query, whatever their number."""
    if not store.graphs():
        return ()
    rows = store.select(query_text("header-classifications.rq"))
    ordered = sorted(
        rows, key=lambda row: (str(row["standard"]), str(row["kind"]), int(str(row["position"])))
    )
    return tuple(
        PrintedCode(
            str(row["standard"]),
            str(row["kind"]),
            str(row.get("code", "")),
            str(row.get("name", "")),
            getattr(row.get("name"), "language", None) or "",
        )
        for row in ordered
    )


def isco_group_names(store: RdfStore) -> Mapping[str, GroupName]:
    """The names of the groups of ISCO-08 by code; of several languages English, then the first. Empty where
    no release has them."""
    if not store.graphs():
        return {}
    found: dict[str, GroupName] = {}
    rows = store.select(query_text("isco-groups.rq"))
    for row in sorted(rows, key=lambda one: (getattr(one["name"], "language", "") != "en", str(one["name"]))):
        name = GroupName(str(row["name"]), getattr(row["name"], "language", None) or "und")
        found.setdefault(str(row["code"]), name)
    return found

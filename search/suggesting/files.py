"""The files of the suggestions: how they are written; ``search.suggesting.index`` reads them."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.folding import is_unspaced
from search.index_files import put_in_force, put_in_place
from search.suggesting.entries import Entry, SuggestionType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.suggesting.entries import Unit

__all__ = ["FORMAT", "beginnings", "entry_of", "write_suggestions"]

FORMAT = 1
# bytes: prefixes are shorter, so that what follows beyond it needs no order
_COMPARED = 408
_FIELDS = tuple(field.name for field in fields(Entry))


def write_suggestions(units: Sequence[Unit], folder: Path) -> str:
    """Writes a version and puts it in force, whole or not at all; returns its name. Writing the same again
    changes nothing."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for unit in units:
        digest.update("\0".join(unit.keys).encode())
        digest.update(b"".join(map(_line, unit.entries)))
    version = digest.hexdigest()[:20]
    if not (folder / version).is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
        try:
            _write(units, beside)
            put_in_place(beside, folder / version)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    put_in_force(folder, version)
    return version


def beginnings(key: str) -> list[int]:
    """Where in a folded text a word begins; in scripts without spaces every character begins one."""
    return [
        at
        for at, character in enumerate(key)
        if character != " "
        and (at == 0 or key[at - 1] == " " or is_unspaced(character) or is_unspaced(key[at - 1]))
    ]


def _line(entry: Entry) -> bytes:
    return json.dumps([getattr(entry, name) for name in _FIELDS], ensure_ascii=False).encode() + b"\n"


def entry_of(line: bytes) -> Entry:
    """An entry out of a line of ``entries.jsonl``."""
    values = dict(zip(_FIELDS, json.loads(line), strict=True))
    return Entry(**{**values, "type": SuggestionType(values["type"])})


def _write(units: Sequence[Unit], folder: Path) -> None:
    keys, starts, owners, heads = _starts(units)
    order = _sorted(keys, starts)
    (folder / "keys.bin").write_bytes(keys)
    np.save(folder / "starts.npy", starts[order])
    np.save(folder / "units.npy", owners[order])
    np.save(folder / "heads.npy", heads[order])
    values = _write_entries(units, folder)
    manifest = {"format": FORMAT, "starts": len(starts), "values": values}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _starts(
    units: Sequence[Unit],
) -> tuple[bytes, NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
    """All folded texts in one, and each beginning in it: its place, its unit, whether it is the text's."""
    keys = bytearray()
    starts: list[int] = []
    owners: list[int] = []
    heads: list[bool] = []
    for number, unit in enumerate(units):
        for key in unit.keys:
            for at in [0] if unit.whole else beginnings(key):
                starts.append(len(keys) + len(key[:at].encode()))
                owners.append(number)
                heads.append(at == 0)
            keys += key.encode() + b"\0"
    # a mapped file has at least one byte
    keys += b"\0"
    return bytes(keys), np.array(starts, np.int64), np.array(owners, np.int32), np.array(heads, np.bool_)


def _sorted(keys: bytes, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order of ``starts`` by what follows them. By two bytes first, so that few slices are held."""
    if not len(starts):
        return np.empty(0, np.int64)
    codes = np.frombuffer(keys, np.uint8).astype(np.uint16)
    leading = codes[starts] * 256 + codes[starts + 1]
    order = np.argsort(leading, kind="stable")
    cuts = np.flatnonzero(np.diff(leading[order])) + 1
    parts = []
    for part in np.split(order, cuts):
        places = starts[part].tolist()
        ranked = sorted(range(len(part)), key=lambda at: keys[places[at] : places[at] + _COMPARED])
        parts.append(part[ranked])
    return np.concatenate(parts)


def _write_entries(units: Sequence[Unit], folder: Path) -> dict[str, list[str]]:
    """The entries and their columns; returns the values of the columns."""
    entries = [entry for unit in units for entry in unit.entries]
    counts = [len(unit.entries) for unit in units]
    first_entry = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    weights = np.array([entry.weight for entry in entries], np.float32)
    np.save(folder / "first_entry.npy", first_entry)
    np.save(folder / "weights.npy", weights)
    np.save(folder / "best.npy", np.maximum.reduceat(weights, first_entry[:-1]) if units else weights)
    values: dict[str, list[str]] = {}
    columns = []
    for name, of_entries in (
        ("kind", [entry.kind for entry in entries]),
        ("framework", [entry.framework for entry in entries]),
        ("lang", [entry.lang for entry in entries]),
    ):
        values[name] = sorted(set(of_entries))
        numbers = {value: number for number, value in enumerate(values[name])}
        columns.append(np.array([numbers[value] for value in of_entries], np.uint16))
    np.save(folder / "columns.npy", np.stack(columns, axis=1))
    places = [0]
    with (folder / "entries.jsonl").open("wb") as file:
        for entry in entries:
            line = _line(entry)
            file.write(line)
            places.append(places[-1] + len(line))
        file.write(b"\n")
    np.save(folder / "entry_places.npy", np.array(places, np.int64))
    return values

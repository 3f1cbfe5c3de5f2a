"""Suggestions as somebody types: codes, titles, terms and other names that begin with what is typed.

    FOLDER/CURRENT    the name of the version in force
    FOLDER/VERSION/   manifest.json, keys.bin (the folded texts, each ended by a zero byte), starts.npy (where
                      in them a text or a word of one begins, in the order of what follows), units.npy and
                      heads.npy (whose text it is, and whether it is its beginning), first_entry.npy,
                      weights.npy, columns.npy, entries.jsonl, entry_places.npy

In scripts without spaces every character begins a word. A typed prefix is then one stretch of ``starts``,
found by bisection; all files are mapped, and opening reads the manifest alone.
"""

from __future__ import annotations

import json
import mmap
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ontology.errors import IndexStale, InvalidInput
from search.folding import folded, mainland_words
from search.index_files import REBUILD, damage_as_stale, version_in_force
from search.suggesting.entries import SuggestionType, plain_digits, units_of
from search.suggesting.files import FORMAT, beginnings, entry_of, write_suggestions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from search.passages import Passage
    from search.suggesting.entries import AlternativeName, Entry

__all__ = ["MAX_SUGGESTIONS", "SuggestIndex", "Suggestion", "Suggestions"]

MAX_SUGGESTIONS = 50
_TYPED_LIMIT = 1000
_LONGEST_PREFIX = 100
_KEPT_FILTERS = 8
# above all weights of entries, so that what matches better comes first
_HEAD = 10.0
_EXACT = 20.0
_AS_TYPED = 1.0
_EXACT_CODE = 40.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One text that begins with what was typed, or has words that do.

    ``kind`` is one of ``search.SEARCH_KINDS``, or ``category``, ``occupation``, ``industry`` for their codes;
    ``label`` says what a code or another name stands for. ``iri`` is what it leads to, or ``None`` where that
    is a search for ``query``. ``count`` standards (or concepts) have it; ``spans`` are the places of what was
    typed in ``text``: (start, end) in code points.
    """

    type: SuggestionType
    kind: str
    framework: str
    lang: str
    text: str
    label: str
    query: str
    iri: str | None
    count: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best first; each text once."""

    items: tuple[Suggestion, ...]
    took_ms: float


class SuggestIndex:
    """Opened once and then read by any number of threads."""

    def __init__(self, folder: Path) -> None:
        """Raises ``IndexStale`` where the folder has no version of this format, or a damaged one."""
        version = version_in_force(folder)
        if version is None:
            raise IndexStale(f"there are no suggestions in {folder}; {REBUILD}")
        place = folder / version
        with damage_as_stale(folder):
            manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT:
                raise IndexStale(f"the suggestions have another format; {REBUILD}")
            self._values: dict[str, list[str]] = manifest["values"]
            self._keys = _mapped(place / "keys.bin")
            self._starts = _array(place / "starts.npy")
            self._units = _array(place / "units.npy")
            self._heads = _array(place / "heads.npy")
            self._first_entry = _array(place / "first_entry.npy")
            self._weights = _array(place / "weights.npy")
            self._best = _array(place / "best.npy")
            self._columns = _array(place / "columns.npy")
            self._entries = _mapped(place / "entries.jsonl")
            self._entry_places = _array(place / "entry_places.npy")
            if not len(self._starts) == len(self._units) == len(self._heads) == manifest["starts"]:
                raise ValueError("its files do not belong together")
        # who types keeps the filters from one character to the next
        self._narrowed = lru_cache(maxsize=_KEPT_FILTERS)(self._narrow)

    @classmethod
    def build(
        cls, passages: Iterable[Passage], names: Mapping[str, Sequence[AlternativeName]], folder: Path
    ) -> SuggestIndex:
        """Writes a version into ``folder`` and puts it in force, whole or not at all, then opens it.

        ``names`` are other names of standards and concepts by IRI.
        """
        write_suggestions(units_of(passages, names), folder)
        return cls(folder)

    @staticmethod
    def version(folder: Path) -> str | None:
        """The name of the version in force, ``None`` where nothing was built yet. Cheap: one small file."""
        return version_in_force(folder)

    def __len__(self) -> int:
        """How many different texts there are."""
        return len(self._first_entry) - 1

    def texts(self) -> list[str]:
        """The best text of each unit, for measuring and checking."""
        firsts = (self._entries_of(unit) for unit in range(len(self)))
        return [self._entry(max(places, key=lambda at: self._weights[at])).text for places in firsts]

    def suggest(
        self,
        typed: str,
        *,
        limit: int = 8,
        languages: Sequence[str] = (),
        frameworks: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> Suggestions:
        """What ``typed`` may become: first codes that are typed whole, then what begins with it, then what
        has a word that does, and where that is not enough what has a beginning of each word.

        Case, width, accents and the script of Chinese do not count. Nothing is suggested for a text without
        letters and digits. Raises ``InvalidInput`` for more than 1,000 characters and a limit outside 1 to
        ``MAX_SUGGESTIONS``.
        """
        started = time.perf_counter()
        text = " ".join(typed.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").split())
        if len(text) > _TYPED_LIMIT:
            raise InvalidInput(f"q has {len(text)} characters; at most {_TYPED_LIMIT} are completed")
        if not 1 <= limit <= MAX_SUGGESTIONS:
            raise InvalidInput(f"limit must be from 1 to {MAX_SUGGESTIONS}, not {limit}")
        chosen = {"lang": tuple(languages), "framework": tuple(frameworks), "kind": tuple(kinds)}
        items = self._suggest(text, limit, {name: values for name, values in chosen.items() if values})
        return Suggestions(items, (time.perf_counter() - started) * 1000)

    def _suggest(self, text: str, limit: int, chosen: dict[str, tuple[str, ...]]) -> tuple[Suggestion, ...]:
        own = folded(text).text
        if not own or len(own) > _LONGEST_PREFIX:
            return ()
        allowed, best = self._narrowed(tuple(chosen.items())) if chosen else (None, self._best)
        forms = list(dict.fromkeys([own, folded(mainland_words(text)).text, plain_digits(own)]))
        found: dict[int, None] = {}
        scored = [self._by_prefix(form, best) for form in forms]
        scored[0][1][:] += _AS_TYPED
        for unit in _ranked(
            np.concatenate([one[0] for one in scored]), np.concatenate([one[1] for one in scored])
        ):
            found[unit] = None
            if len(found) == limit:
                break
        wanted = [forms]
        words = own.split()
        if len(found) < limit and len(words) > 1:
            wanted.append(words)
            for unit in _ranked(*self._by_words(words, best)):
                found[unit] = None
                if len(found) == limit:
                    break
        return tuple(self._suggestion(unit, allowed, wanted) for unit in found)

    def _stretch(self, prefix: bytes) -> tuple[int, int]:
        """The stretch of ``starts`` that is followed by ``prefix``."""
        length, keys = len(prefix), self._keys

        def following(start: int) -> bytes:
            return keys[start : start + length]

        low = bisect_left(self._starts, prefix, key=following)
        return low, bisect_right(self._starts, prefix, lo=low, key=following)

    def _by_prefix(
        self, form: str, best: NDArray[np.float32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        prefix = form.encode()
        low, high = self._stretch(prefix)
        units = self._units[low:high]
        heads = self._heads[low:high]
        scores = best[units] + _HEAD * heads
        _, whole = self._stretch(prefix + b"\0") if low < high else (0, low)
        for at in np.flatnonzero(heads[: whole - low]):
            scores[at] += _EXACT_CODE if self._is_code(int(units[at])) else _EXACT
        return units, scores

    def _by_words(
        self, words: Sequence[str], best: NDArray[np.float32]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """What has a beginning of each word, in any order."""
        having = np.ones(len(self), np.bool_)
        for word in dict.fromkeys(words):
            low, high = self._stretch(word.encode())
            one = np.zeros(len(self), np.bool_)
            one[self._units[low:high]] = True
            having &= one
        units = np.flatnonzero(having).astype(np.int32)
        return units, best[units]

    def _is_code(self, unit: int) -> bool:
        codes = (SuggestionType.CODE, SuggestionType.CLASS)
        return any(self._entry(at).type in codes for at in self._entries_of(unit))

    def _narrow(
        self, items: tuple[tuple[str, tuple[str, ...]], ...]
    ) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which entries the filters let through, and the greatest weight of those of each unit."""
        allowed = self._allowed(dict(items))
        return allowed, self._best_allowed(allowed)

    def _allowed(self, chosen: dict[str, tuple[str, ...]]) -> NDArray[np.bool_]:
        allowed = np.ones(len(self._weights), np.bool_)
        for at, name in enumerate(("kind", "framework", "lang")):
            if name in chosen:
                known = np.array([value in chosen[name] for value in self._values[name]], np.bool_)
                allowed &= known[self._columns[:, at]]
        return allowed

    def _best_allowed(self, allowed: NDArray[np.bool_]) -> NDArray[np.float32]:
        """The greatest weight of the entries of each unit, −∞ where none is let through."""
        if not len(self):
            return self._best
        weights = np.where(allowed, self._weights, -np.inf).astype(np.float32)
        greatest: NDArray[np.float32] = np.maximum.reduceat(weights, self._first_entry[:-1])
        return greatest

    def _entries_of(self, unit: int) -> range:
        return range(int(self._first_entry[unit]), int(self._first_entry[unit + 1]))

    def _entry(self, at: int) -> Entry:
        return entry_of(self._entries[int(self._entry_places[at]) : int(self._entry_places[at + 1])])

    def _suggestion(
        self, unit: int, allowed: NDArray[np.bool_] | None, wanted: Sequence[Sequence[str]]
    ) -> Suggestion:
        places = [at for at in self._entries_of(unit) if allowed is None or allowed[at]]
        chosen = max(places, key=lambda at: (self._weights[at], -at))
        entry = self._entry(chosen)
        others = (self._entry(at) for at in places if at != chosen)
        same = [one for one in others if one.type is entry.type]
        alone = all(one.iri == entry.iri for one in same)
        return Suggestion(
            type=entry.type,
            kind=entry.kind,
            framework=entry.framework,
            lang=entry.lang,
            text=entry.text,
            label=entry.label if alone else "",
            query=entry.query,
            iri=(entry.iri or None) if alone else None,
            count=entry.count + sum(one.count for one in same),
            spans=_spans(entry.text, wanted),
        )


def _ranked(units: NDArray[np.int32], scores: NDArray[np.float32]) -> Iterator[int]:
    """Different units, the best first; those that no filter lets through are left out."""
    seen: set[int] = set()
    size = 64
    order = np.argpartition(-scores, size)[:size] if len(scores) > size else np.arange(len(scores))
    for at in order[np.lexsort((units[order], -scores[order]))]:
        if scores[at] > -np.inf and (unit := int(units[at])) not in seen:
            seen.add(unit)
            yield unit
    if len(scores) <= size:
        return
    # the first few were one text over and over, or more are wanted
    for at in np.lexsort((units, -scores)):
        if scores[at] > -np.inf and (unit := int(units[at])) not in seen:
            seen.add(unit)
            yield unit


def _spans(text: str, wanted: Sequence[Sequence[str]]) -> tuple[tuple[int, int], ...]:
    """Where the first of ``wanted[0]`` that begins anywhere stands, or each of ``wanted[1]``."""
    shown = folded(text)
    places = beginnings(shown.text)

    def first(prefix: str) -> tuple[int, int] | None:
        at = next((place for place in places if shown.text.startswith(prefix, place)), None)
        return None if at is None else (shown.starts[at], shown.ends[at + len(prefix) - 1])

    for prefix in wanted[0]:
        if found := first(prefix):
            return (found,)
    spans: list[tuple[int, int]] = []
    for start, end in sorted(filter(None, map(first, wanted[1] if len(wanted) > 1 else ()))):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _array(path: Path) -> NDArray[Any]:
    # without the class of mapped arrays, each of whose elements costs several times as much to get
    return np.asarray(np.load(path, mmap_mode="r"))

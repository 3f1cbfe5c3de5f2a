"""What can be suggested while somebody types: the codes, titles, terms and other names of an index."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ontology.codes import INDUSTRY, open_scheme
from search.classes import with_broader
from search.folding import folded, is_unspaced, mainland_words
from search.passages import STANDARD_KIND
from search.versions import series_and_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from search.classes import ClassCode
    from search.passages import Passage

__all__ = ["AlternativeName", "Entry", "SuggestionType", "Unit", "plain_digits", "units_of"]

_NO_TERMS = frozenset({STANDARD_KIND, "indicator", "output"})
# beyond this a text is a sentence that nobody completes; a character of an unspaced script counts twice
_TERM_WIDTH = 80
_LABEL_LENGTH = 120
_VERSION = re.compile(r"v\d+(?= |$)")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


class SuggestionType(StrEnum):
    """What of a standard, an element or a concept is suggested."""

    CODE = "code"
    CLASS = "class"
    TITLE = "title"
    TERM = "term"
    NAME = "name"


_WEIGHTS = {
    SuggestionType.TITLE: 3.0,
    SuggestionType.CODE: 2.5,
    SuggestionType.CLASS: 2.2,
    SuggestionType.TERM: 2.0,
    SuggestionType.NAME: 1.0,
}
# one code of one element: all others of its kind come first
_ONE_ELEMENT = 0.2


@dataclass(frozen=True, slots=True)
class AlternativeName:
    """Another name of a standard or a concept; ``lang`` is a BCP 47 tag."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One text to suggest, of one kind, framework and language. ``label`` says what a code or another name
    stands for. It leads to the entity ``iri``, or where that is empty to a search for ``query``. ``count``
    standards have it."""

    type: SuggestionType
    kind: str
    framework: str
    lang: str
    text: str
    label: str
    query: str
    iri: str
    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class Unit:
    """Entries that are the same when folded. ``keys`` are the folded texts it is found by, its own first;
    ``whole`` says that only their beginnings count, not those of their words."""

    keys: tuple[str, ...]
    whole: bool
    entries: tuple[Entry, ...]


class _Group:
    """An entry while standards are being counted; what it leads to is that of the latest version."""

    __slots__ = ("element", "first", "iri", "label", "more", "query", "text", "version")

    def __init__(self, text: str, label: str, iri: str, query: str, *, element: bool) -> None:
        self.text = text
        self.label = label
        self.iri = iri
        self.query = query
        self.element = element
        self.first = ""
        self.version = -1
        self.more: set[str] | None = None

    def add(self, standard: str, label: str, iri: str) -> None:
        series, version = series_and_version(standard)
        if not self.first:
            self.first = series
        elif series != self.first:
            self.more = self.more or {self.first}
            self.more.add(series)
        if series == self.first and version > self.version:
            self.version, self.label, self.iri = version, label, iri

    @property
    def count(self) -> int:
        return len(self.more) if self.more else 1


_Key = tuple[SuggestionType, str, str, str]


class _Collector:
    def __init__(self) -> None:
        self.groups: dict[str, dict[_Key, _Group]] = {}
        self.aliases: dict[str, dict[str, None]] = {}
        self.words: set[str] = set()

    def add(
        self,
        key: _Key,
        passage: Passage,
        text: str,
        *,
        label: str = "",
        query: str = "",
        aliases: Iterable[str] = (),
        element: bool = False,
    ) -> None:
        unit = folded(text).text
        if not unit:
            return
        groups = self.groups.setdefault(unit, {})
        if key not in groups:
            groups[key] = _Group(text, label, passage.iri, query, element=element)
        group = groups[key]
        # what shared concepts stand in is their framework: each concept counts by itself
        group.add(
            passage.iri if passage.standard == passage.framework else passage.standard, label, passage.iri
        )
        for alias in aliases:
            if alias != unit:
                self.aliases.setdefault(unit, {})[alias] = None
        if key[0] not in (SuggestionType.CODE,):
            self.words.add(unit)


def units_of(passages: Iterable[Passage], names: Mapping[str, Sequence[AlternativeName]]) -> list[Unit]:
    """Everything that can be suggested of ``passages``; ``names`` are other names by IRI.

    A text in many standards is one unit. Long texts, outputs and indicators are for searching only.
    """
    collected = _Collector()
    classes: dict[ClassCode, dict[str, None]] = {}
    frameworks: dict[str, str] = {}
    for passage in passages:
        _add_texts(collected, passage)
        _add_codes(collected, passage)
        _add_names(collected, passage, names.get(passage.iri, ()))
        if passage.kind == STANDARD_KIND:
            frameworks[passage.standard] = passage.framework
            for stated in passage.classes:
                for one in with_broader(stated):
                    classes.setdefault(one, {})[series_and_version(passage.standard)[0]] = None
    units = [
        Unit(
            (unit, *collected.aliases.get(unit, ())),
            unit not in collected.words,
            tuple(_entry(key, group) for key, group in groups.items()),
        )
        for unit, groups in collected.groups.items()
    ]
    return [*units, *_class_units(classes)]


def _add_texts(collected: _Collector, passage: Passage) -> None:
    if passage.kind == STANDARD_KIND:
        key = SuggestionType.TITLE, passage.kind, passage.framework, passage.lang
        collected.add(key, passage, passage.text, query=passage.text, aliases=_other_words(passage.text))
    elif passage.kind not in _NO_TERMS and _width(passage.text) <= _TERM_WIDTH:
        key = SuggestionType.TERM, passage.kind, passage.framework, passage.lang
        collected.add(key, passage, passage.text, query=passage.text, aliases=_other_words(passage.text))


def _add_codes(collected: _Collector, passage: Passage) -> None:
    if not passage.code:
        return
    key = SuggestionType.CODE, passage.kind, passage.framework, passage.lang
    label = passage.text[:_LABEL_LENGTH]
    single = passage.kind == STANDARD_KIND or passage.standard == passage.framework
    if single or not passage.code.isdigit():
        collected.add(
            key, passage, passage.code, label=label, query=passage.code, aliases=_code_aliases(passage.code)
        )
    if not single:
        code = f"{passage.standard} {passage.code}"
        collected.add(key, passage, code, label=label, query=code, aliases=_code_aliases(code), element=True)


def _add_names(collected: _Collector, passage: Passage, names: Sequence[AlternativeName]) -> None:
    for name in names:
        if name.text != passage.text and _width(name.text) <= _TERM_WIDTH:
            key = SuggestionType.NAME, passage.kind, passage.framework, name.lang
            label = passage.text[:_LABEL_LENGTH]
            aliases = _other_words(name.text)
            collected.add(key, passage, name.text, label=label, query=name.text, aliases=aliases)


def _entry(key: _Key, group: _Group) -> Entry:
    kind_of = key[0]
    one = group.count == 1 and kind_of is not SuggestionType.TERM
    base = _ONE_ELEMENT if group.element else _WEIGHTS[kind_of]
    return Entry(
        *key,
        text=group.text,
        label=group.label if one else "",
        query=group.query,
        iri=group.iri if one else "",
        count=group.count,
        weight=_weight(base, group.count, group.text),
    )


def _weight(base: float, count: int, text: str) -> float:
    """What is frequent comes first, and what is short."""
    return base + min(0.35 * math.log2(count), 3.0) - min(_width(text), _TERM_WIDTH) / 40


def _class_units(classes: Mapping[ClassCode, Mapping[str, None]]) -> list[Unit]:
    names = {(one.facet, one.value): one for one in classes if one.name}
    standards: dict[tuple[str, str], set[str]] = {}
    for one, found in classes.items():
        standards.setdefault((one.facet, one.value), set()).update(found)
    units = []
    # a code without a name anywhere, such as those above a code of ISCO-08, has its concept to be found by
    for place, named in names.items():
        text = f"{named.code} {named.name}"
        count = len(standards[place])
        weight = _weight(_WEIGHTS[SuggestionType.CLASS], count, text)
        entry = Entry(SuggestionType.CLASS, named.facet, "", "", text, "", named.code, "", count, weight)
        keys = dict.fromkeys([folded(text).text, *_other_words(text), *_sectioned(named)])
        units.append(Unit(tuple(key for key in keys if key), whole=False, entries=(entry,)))
    return units


def _sectioned(one: ClassCode) -> list[str]:
    """The code as documents print it, with the letter of its section and four digits: M7010 for 701."""
    if one.scheme != INDUSTRY or not one.code[:1].isdigit():
        return []
    scheme = open_scheme(one.scheme)
    above = scheme.ancestors(one.code) if one.code in scheme else ()
    codes = [f"{above[-1].code}{one.code}"] if above else []
    for code in [*codes, one.code]:
        filled = scheme.resolve(f"{code}0")
        if filled and filled.code == one.code:
            codes.append(f"{code}0")
    return [folded(f"{code} {one.name}").text for code in codes]


def _other_words(text: str) -> list[str]:
    """The folded text in the words of the other side of the strait, where they differ."""
    other = mainland_words(text)
    return [] if other == text else [folded(other).text]


def plain_digits(key: str) -> str:
    """A folded code without the leading zeros of its numbers: K04 is K4."""
    return _ZEROS.sub("", key)


def _code_aliases(code: str) -> list[str]:
    key = folded(code).text
    return list(dict.fromkeys([plain_digits(key), plain_digits(folded(_VERSION.sub("", code)).text)]))


def _width(text: str) -> int:
    return sum(2 if is_unspaced(character) else 1 for character in text)

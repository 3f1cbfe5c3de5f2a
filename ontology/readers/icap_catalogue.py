"""Reader of a catalogue of iCAP standards: code, name, level and classification of each, and no content.

One JSON object: ``metadata``, and ``standards`` by their codes. The other sections only list the same again.
Values that run together in one cell are parted where a list of codes leaves one way to do it; a catalogue
that prints a name where a code should stand keeps it as ``printed``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.codes import open_scheme
from ontology.dataset import CatalogueEntry, Dataset, DatasetInfo
from ontology.errors import DocumentError
from ontology.json_object import read_object
from ontology.model import Classification, Doubt
from ontology.readers.json_document import load_json
from ontology.readers.limits import DEFAULT_LIMITS
from ontology.readers.profile import CODE_FORMS, STANDARD_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ontology.dataset import Item, Progress
    from ontology.json_object import JsonObject

__all__ = ["IcapCatalogue", "open_icap_catalogue", "recognises_icap_catalogue"]

_HEAD = 4096
_SEPARATOR = re.compile(r"\s*[;；、,]\s*|(?<=[0-9])\s*[／/]\s*(?=[0-9])")
_BULLET = re.compile(r"^[\uf000-\uf0ff]\s*")
_MOST_WAYS = 2
_LONGEST_CELL = 60
_REGULAR_SERIES = re.compile(r"[A-Z]{3}[0-9]{3,4}-[0-9]{3}v[0-9]{1,3}")


def recognises_icap_catalogue(path: Path) -> bool:
    """Whether a file begins as such a catalogue."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return re.match(rb'\s*\{\s*"metadata"\s*:', head) is not None and b'"total_standards"' in head


def open_icap_catalogue(path: Path) -> IcapCatalogue:
    """The catalogue in a file; raises ``DocumentError`` where it cannot be read."""
    try:
        size = path.stat().st_size
        if size > DEFAULT_LIMITS.bytes:
            raise DocumentError(
                f"the file has {size} bytes, which is too large",
                file=str(path),
                expected=f"at most {DEFAULT_LIMITS.bytes} bytes",
            )
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"the file cannot be opened: {error.strerror}", file=str(path)) from error
    return IcapCatalogue(data, str(path))


class IcapCatalogue(Dataset):
    """The entries of a catalogue in its order, numbered from 1."""

    def __init__(self, data: bytes, file: str) -> None:
        top = read_object(load_json(data, file), "", file)
        metadata = read_object(top.take("metadata"), "metadata", file)
        self._standards = read_object(top.take("standards"), "standards", file)
        self._doubts: list[Doubt] = []
        self._known = {
            "occupation": {one.code: {_bare(one.name)} for one in open_scheme("occupation-mol-tw")}
        }
        self._known |= {"category": {}, "industry": {}}
        self.info = DatasetInfo(
            key="icap-catalogue",
            framework="icap",
            title="iCAP 職能基準目錄",
            version=metadata.text("generated_at", ""),
            language="zh-Hant",
            source=Path(file).name,
        )

    def doubts(self) -> tuple[Doubt, ...]:
        return tuple(self._doubts)

    def _items(self, progress: Progress) -> Iterator[Item]:
        self._doubts = []
        keys = list(self._standards.values)
        entries = [
            read_object(self._standards.values[key], f"standards.{key}", self._standards.file) for key in keys
        ]
        for entry in entries:
            self._learn(entry)
        series: dict[str, str] = {}
        for number, (key, entry) in enumerate(zip(keys, entries, strict=True), 1):
            yield self._entry(number, key, entry)
            one = re.sub(r"v[0-9]+$", "", key)
            if one in series and STANDARD_CODE.fullmatch(key):
                self._doubt(
                    "doubled-code", key, series[one], "the catalogue lists another version of the standard"
                )
            series.setdefault(one, key)
            progress("Reading", number, len(keys))

    def _learn(self, entry: JsonObject) -> None:
        """Keeps the names that the catalogue gives to a single code, by which joined ones can be parted."""
        for scheme, code_key, name_key in (
            ("category", "category_code", "category"),
            ("occupation", "occupation_code", "occupation_name"),
        ):
            code, name = entry.text(code_key, ""), entry.text(name_key, "")
            if re.fullmatch(CODE_FORMS[scheme], code):
                self._known[scheme].setdefault(code, set()).add(_bare(name))

    def _entry(self, number: int, key: str, entry: JsonObject) -> CatalogueEntry:
        code, printed = (key, None) if STANDARD_CODE.fullmatch(key) else ("", key)
        if printed:
            self._doubt("missing-code", key, key, "the catalogue has a name where the code should stand")
        elif not _REGULAR_SERIES.fullmatch(key):
            self._doubt("malformed-code", key, key, f"{key} does not have the form of a code of a standard")
        level = entry.number("level") or None
        if level is None:
            self._doubt("missing-field", key, "", "the catalogue gives no level")
        industries = entry.texts("industry"), entry.texts("industry_code")
        return CatalogueEntry(
            framework="icap",
            number=number,
            code=code,
            name=entry.text("name"),
            level=level,
            printed=printed,
            category=self._classified(
                key, "category", entry.text("category", ""), entry.text("category_code", "")
            ),
            occupation=self._classified(
                key, "occupation", entry.text("occupation_name", ""), entry.text("occupation_code", "")
            ),
            industry=self._classified(key, "industry", "; ".join(industries[0]), "; ".join(industries[1])),
        )

    def _classified(self, key: str, scheme: str, name: str, codes: str) -> tuple[Classification, ...]:
        name, codes = name.strip(), codes.strip()
        if not codes and not name:
            self._doubt("missing-field", key, "", f"the catalogue gives no {scheme}")
            return ()
        parts = [part for part in _SEPARATOR.split(codes) if part]
        names = [_BULLET.sub("", part).strip() for part in re.split(r"[;；]", name) if part.strip()]
        if len(parts) <= 1 and not re.fullmatch(CODE_FORMS[scheme], codes):
            parts = _parted(codes, _bare(name), self._known[scheme]) or [codes]
            names = []
        for part in parts:
            if not part:
                self._doubt("missing-code", key, name, f"no code of {scheme} stands beside the name")
            elif not re.fullmatch(CODE_FORMS[scheme], part) and part not in self._known[scheme]:
                message = f"{part} does not have the form of a code of {scheme}"
                self._doubt("malformed-code", key, codes, message)
        if len(parts) == 1:
            return (Classification(parts[0], name),)
        if len(names) != len(parts):
            names = _names(parts, _bare(name), self._known[scheme]) or [name] * len(parts)
        if len(set(names)) < len(names):
            message = f"{len(parts)} codes stand beside one name of {scheme}; each was given the whole name"
            self._doubt("multi-valued-cell", key, f"{codes} {name}", message)
        return tuple(Classification(code, one) for code, one in zip(parts, names, strict=True))

    def _doubt(self, kind: str, where: str, text: str, message: str) -> None:
        self._doubts.append(Doubt(kind, where, text, message))


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).replace("/", "／")


def _parted(codes: str, name: str, known: Mapping[str, set[str]]) -> list[str] | None:
    """The codes that make up a text without separators, where there is one way; their names, which run
    together in the same order, decide between several. ``None`` where there is none, or more."""
    longest = max((len(code) for code in known), default=0)
    ways: list[list[str]] = []

    def part(start: int, rest: str | None, found: list[str]) -> None:
        if len(ways) >= _MOST_WAYS:
            return
        if start == len(codes):
            if not rest:
                ways.append(found)
            return
        for end in range(start + 2, min(start + longest, len(codes)) + 1):
            code = codes[start:end]
            if rest is None and code in known:
                part(end, None, [*found, code])
            for one in known.get(code, ()) if rest else ():
                if rest and one and rest.startswith(one):
                    part(end, rest[len(one) :], [*found, code])

    if len(codes) <= _LONGEST_CELL:
        part(0, name, [])
        if not ways:
            part(0, None, [])
    return ways[0] if len(ways) == 1 else None


def _names(parts: Sequence[str], name: str, known: Mapping[str, set[str]]) -> list[str] | None:
    """The names that run together in a cell, one for each code, by what is known of the codes."""
    names: list[str] = []
    for code in parts:
        fitting = [one for one in known.get(code, ()) if one and name.startswith(one)]
        if not fitting:
            return None
        names.append(max(fitting, key=len))
        name = name[len(names[-1]) :]
    return None if name else names

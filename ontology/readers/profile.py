"""The profile of an iCAP standard and its table of versions, each field found by its printed label."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ontology.errors import DocumentError
from ontology.identifiers import standard_key
from ontology.model import Classification, Doubt, Place, VersionEntry
from ontology.readers.columns import read_level
from ontology.readers.labels import GROUPS, PROFILE, PROFILE_LABELS, VERSIONS, label_in
from ontology.readers.text import fold_width, join, normal_label, paragraphs, shorten
from ontology.readers.versions import own_entry, version_of

__all__ = [
    "CODE_FORMS",
    "STANDARD_CODE",
    "Profile",
    "ProfileReader",
    "VersionReader",
    "is_profile_row",
    "is_version_header",
]

_SCHEMES = ("category", "occupation", "industry")
CODE_FORMS = {"category": r"[A-Z]{3}", "occupation": r"[0-9]{3,4}", "industry": r"[A-Z][0-9]{2,4}"}
_LIST_MEMBER = r"[A-Z]?[0-9]{1,4}|[A-Z]{1,3}"
STANDARD_CODE = re.compile(r"[A-Z]{2,4}[0-9]{3,4}-[0-9]{3}(?:v[0-9]{1,3})?")
_VERSION_FIELDS = tuple(dict.fromkeys(VERSIONS.values()))


def is_version_header(cells: list[str]) -> bool:
    fields = [label_in(VERSIONS, cell) for cell in cells]
    return "version" in fields and "code" in fields


def is_profile_row(cells: list[str]) -> bool:
    """Whether the first cell with text is a label of the profile."""
    first = next((cell for cell in cells if normal_label(cell)), "")
    return label_in(PROFILE, first) is not None or label_in(GROUPS, first) is not None


class VersionReader:
    """Reads the rows under a header of the version table (版本)."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._positions: dict[str, int] = {}
        self._rows: list[dict[str, str]] = []
        self._places: list[Place] = []

    @property
    def places(self) -> dict[int, Place]:
        """Where the row of each version stands, by its position."""
        return dict(enumerate(self._places))

    def header(self, cells: list[str]) -> None:
        self._positions = {}
        for position, cell in enumerate(cells):
            if name := label_in(VERSIONS, cell):
                self._positions.setdefault(name, position)

    def row(self, cells: list[str], place: Place) -> None:
        width = max(self._positions.values()) + 1
        if len(cells) < width:
            raise DocumentError(
                f"the row of the version table is too short: {len(cells)} cell(s)",
                file=self._file,
                line=place.line,
                page=place.page,
                field="版本",
                expected=f"{width} cells parted by tabs",
            )
        values = {name: _one(paragraphs(cells[position])) for name, position in self._positions.items()}
        if not any(values.values()):
            return
        if not values["version"] and not values["code"] and self._rows:
            last = self._rows[-1]
            for name, value in values.items():
                last[name] = join(last[name], value)
            return
        self._rows.append(values)
        self._places.append(place)

    def finish(self) -> tuple[VersionEntry, ...]:
        return tuple(
            VersionEntry(**{name: row.get(name, "") for name in _VERSION_FIELDS}) for row in self._rows
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """The fields of the profile; ``code`` carries its version, ``level`` is ``None`` where none is given."""

    code: str
    name: str
    version: str
    status: str
    level: int | None
    description: str
    occupational_category: str
    category: tuple[Classification, ...]
    occupation: tuple[Classification, ...]
    industry: tuple[Classification, ...]
    doubts: tuple[Doubt, ...]


@dataclass(slots=True)
class _Entry:
    """One row of a classification: the paragraphs of its name cell and of its code cell."""

    place: Place
    name: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


class ProfileReader:
    """Takes the rows of the profile in any order; a row without a label goes on with the one above it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._values: dict[str, str] = {}
        self._places: dict[str, Place] = {}
        self._entries: dict[str, list[_Entry]] = {scheme: [] for scheme in _SCHEMES}
        self._columns: dict[int, str] = {}
        self._last: str | None = None
        self._doubts: list[Doubt] = []

    @property
    def has_code(self) -> bool:
        return bool(self._values.get("code"))

    def row(self, cells: list[str], place: Place) -> None:
        labels = [label_in(PROFILE, cell) for cell in cells]
        groups = [label_in(GROUPS, cell) is not None for cell in cells]
        has_label = any(labels) or any(groups)
        if has_label:
            self._columns = {}
        current: str | None = None
        fields: dict[str, list[str]] = {}
        for position, cell in enumerate(cells):
            if groups[position]:
                current = None
            elif label := labels[position]:
                current = label
                fields.setdefault(current, [])
            elif parts := paragraphs(cell):
                name = current if has_label else self._columns.get(position, self._last)
                if name is None:
                    self._doubts.append(
                        Doubt(
                            "unread-text",
                            "profile",
                            " ".join(parts),
                            "no label stands before this text",
                            place,
                        )
                    )
                    continue
                self._columns[position] = name
                fields.setdefault(name, []).extend(parts)
        self._take(fields, place, labelled=has_label)

    def text(self, line: str, place: Place) -> bool:
        """A line without tabs: it goes on with the work description; ``False`` where it cannot."""
        if self._last != "description":
            return False
        self._set("description", _one(paragraphs(line)), place, goes_on=True)
        return True

    def _take(self, fields: dict[str, list[str]], place: Place, *, labelled: bool) -> None:
        for scheme in _SCHEMES:
            name, code = fields.pop(scheme, None), fields.pop(f"{scheme}_code", None)
            if name is None and code is None:
                continue
            self._last = scheme
            entries = self._entries[scheme]
            if not labelled and not code and entries:
                entries[-1].name = [join(_one(entries[-1].name), _one(name or []))]
            elif name or code:
                entries.append(_Entry(place, name or [], code or []))
        for name_, parts in fields.items():
            self._set(name_, _one(parts), place, goes_on=not labelled)

    def _set(self, name: str, value: str, place: Place, *, goes_on: bool) -> None:
        self._last = name
        known = self._values.get(name, "")
        if not value or (known == value and not goes_on):
            return
        if known and not goes_on and name != "description":
            raise DocumentError(
                f"the field is doubled with another content: {shorten(known)!r} and {shorten(value)!r}",
                file=self._file,
                line=place.line,
                page=place.page,
                field=PROFILE_LABELS[name],
                expected="each field of the profile once",
            )
        self._values[name] = join(known, value)
        self._places.setdefault(name, place)

    def finish(self, history: tuple[VersionEntry, ...]) -> Profile:
        """The profile, with version and status from the row of the version table that has its code."""
        printed = self._required("code", "a code such as BGM1219-002v2")
        own = own_entry(printed, history)
        code = standard_key(fold_width(printed), fold_width(own.version if own else ""))
        version = version_of(code, own)
        if code != printed or not STANDARD_CODE.fullmatch(code):
            message = f"the code of the standard is printed {printed}; it was read as {code}"
            self._doubts.append(Doubt("malformed-code", "code", printed, message, self._places["code"]))
        values = self._values
        name = values.get("occupation_name") or values.get("name") or values.get("occupational_category")
        if not name:
            name = self._required("name", "a name beside 職類 or 職業")
        level = None
        if text := values.get("level"):
            level = read_level(text, file=self._file, place=self._places["level"], field="基準級別")
        else:
            self._missing("level")
        if not values.get("description"):
            self._missing("description")
        schemes = {scheme: self._classified(scheme) for scheme in _SCHEMES}
        return Profile(
            code=code,
            name=name,
            version=version,
            status=own.status if own else "",
            level=level,
            description=values.get("description", ""),
            occupational_category=values.get("occupational_category", ""),
            category=schemes["category"],
            occupation=schemes["occupation"],
            industry=schemes["industry"],
            doubts=tuple(self._doubts),
        )

    def _required(self, name: str, expected: str) -> str:
        value = self._values.get(name, "")
        if not value:
            raise DocumentError(
                "the profile does not give it", file=self._file, field=PROFILE_LABELS[name], expected=expected
            )
        return value

    def _missing(self, name: str) -> None:
        label = PROFILE_LABELS[name]
        self._doubts.append(Doubt("missing-field", name, "", f"the profile gives no {label}"))

    def _classified(self, scheme: str) -> tuple[Classification, ...]:
        found: list[Classification] = []
        for entry in self._entries[scheme]:
            found.extend(self._split(scheme, entry))
        if not found:
            self._missing(scheme)
        return tuple(dict.fromkeys(found))

    def _split(self, scheme: str, entry: _Entry) -> list[Classification]:
        printed = " ".join(entry.code)
        codes = _split_codes(entry.code)
        if len(codes) > 1:
            names = _split_names(entry.name, len(codes))
            if names is None:
                names = [_one(entry.name)] * len(codes)
                message = f"{len(codes)} codes stand beside one name; each was given the whole name"
                self._doubts.append(
                    Doubt("multi-valued-cell", scheme, _one(entry.name), message, entry.place)
                )
        else:
            names = [_one(entry.name)]
        for code in codes:
            if not code:
                message = f"no code stands beside {names[0]}"
                self._doubts.append(Doubt("missing-code", scheme, names[0], message, entry.place))
            elif not re.fullmatch(CODE_FORMS[scheme], code):
                message = f"{code} does not have the form of a code of {PROFILE_LABELS[scheme]}"
                self._doubts.append(Doubt("malformed-code", scheme, printed, message, entry.place))
        return [Classification(code, name) for code, name in zip(codes, names, strict=True)]


def _split_codes(parts: list[str]) -> list[str]:
    """Several codes in one cell where every piece has a code's form, else the cell as it is."""
    whole = fold_width(" ".join(parts))
    pieces = [piece for piece in re.split(r"[\s、;,/]+", whole) if piece]
    if len(pieces) > 1 and all(re.fullmatch(_LIST_MEMBER, piece) for piece in pieces):
        return pieces
    return [whole]


def _split_names(parts: list[str], count: int) -> list[str] | None:
    """Names for ``count`` codes: one a paragraph, or parted by the one sign that gives that many."""
    if len(parts) == count:
        return parts
    whole = _one(parts)
    for sign in (r"[;；]", r"[、]", r"[,，]", r"\s*[／/]\s*", r"\s+"):
        pieces = [piece.strip() for piece in re.split(sign, whole) if piece.strip()]
        if len(pieces) == count:
            return pieces
    return None


def _one(parts: list[str]) -> str:
    text = ""
    for part in parts:
        text = join(text, part)
    return text

"""A CASE package that this program wrote: the items become what they were, by the ``extensions`` beside them.

Texts, codes, types, levels, parents and requirements are read from the fields of CASE, so that a change made
there by another program counts; the extensions add what CASE has no field for. What is put together is the
JSON form of a standard (``ontology.json_form``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.case_form import EXTENSION, detail_text
from ontology.errors import DocumentError
from ontology.json_form import from_json
from ontology.json_object import JsonObject, read_object

if TYPE_CHECKING:
    from ontology.model import Standard

__all__ = ["is_own_package", "read_own_package"]

_HOLDERS = {
    "task": ("document",),
    "activity": ("task",),
    "output": ("activity",),
    "indicator": ("activity",),
    "knowledge": ("document",),
    "skill": ("document",),
    "attitude": ("document",),
    "sub-item": ("knowledge", "skill"),
}
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_OF_PACKAGE = ("CFDefinitions", "CFRubrics")
_KNOWN = {
    "identifier",
    "uri",
    "fullStatement",
    "humanCodingScheme",
    "CFItemType",
    "abbreviatedStatement",
    "notes",
    "language",
    "lastChangeDateTime",
}


@dataclass(slots=True)
class _Item:
    """An item, or the document; ``extra`` is our extension of it."""

    kind: str
    form: JsonObject
    extra: dict[str, object]
    parents: list[tuple[_Item, int]] = field(default_factory=list)
    links: list[JsonObject] = field(default_factory=list)
    children: list[tuple[int, _Item]] = field(default_factory=list)
    required: list[tuple[int, _Item]] = field(default_factory=list)
    level: object = None

    @property
    def code(self) -> object:
        return self.extra.get("code", self.form.values.get("humanCodingScheme", ""))

    @property
    def text(self) -> object:
        return self.form.values.get("fullStatement")

    def below(self, kind: str) -> list[_Item]:
        """The children of a kind, in their order."""
        found = [(number, one) for number, one in self.children if one.kind == kind]
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def is_own_package(package: JsonObject) -> bool:
    """Whether the document of a package has our extension."""
    document = package.values.get("CFDocument")
    extensions = document.get("extensions") if isinstance(document, dict) else None
    return isinstance(extensions, dict) and EXTENSION in extensions


def read_own_package(package: JsonObject) -> Standard:
    """The standard. Raises ``DocumentError`` where what the extensions say does not fit the package."""
    return _OwnPackage(package).read()


class _OwnPackage:
    def __init__(self, package: JsonObject) -> None:
        self._package = package
        document = read_object(package.values.get("CFDocument"), package.at("CFDocument"), package.file)
        self._root = _Item("document", document, _extension(document) or {})
        self._by_identifier = {document.text("identifier"): self._root}
        self._items = [self._item(one) for one in self._objects("CFItems")]
        self._levels = self._read_levels()
        self._associations: list[object] = []
        for one in self._objects("CFAssociations"):
            self._association(one)

    def read(self) -> Standard:
        root, file = self._root, self._package.file
        self._check()
        form = dict(read_object(root.extra.get("standard", {}), _at(root.form, "standard"), file).values)
        fields = root.form.values
        form |= {
            "name": fields.get("title"),
            "tasks": [self._task(one) for one in root.below("task")],
            "knowledge": [self._competency(one) for one in root.below("knowledge")],
            "skills": [self._competency(one) for one in root.below("skill")],
            "attitudes": [
                self._element(one, "name") | {"text": one.form.values.get("notes", "")}
                for one in root.below("attitude")
            ],
            "statements": [self._statement(one) for one in self._items if one.kind == "statement"],
            "associations": self._associations,
            "details": self._details(root),
        }
        # Without a language the form would have the usual one.
        for ours, theirs in (
            ("version", "version"),
            ("language", "language"),
            ("description", "description"),
        ):
            form[ours] = fields.get(theirs, "")
        form.setdefault("status", fields.get("adoptionStatus", ""))
        if "notes" not in form and fields.get("notes"):
            form["notes"] = [{"kind": "note", "text": fields["notes"]}]
        return from_json(form, file, self._package.path)

    def _objects(self, key: str) -> list[JsonObject]:
        package = self._package
        return [
            read_object(one, f"{package.at(key)}[{number}]", package.file)
            for number, one in enumerate(package.list(key))
        ]

    def _item(self, form: JsonObject) -> _Item:
        extra = _extension(form)
        kind = (extra or {}).get("kind", "statement")
        if not isinstance(kind, str) or kind not in {*_HOLDERS, "statement"}:
            raise DocumentError(
                f"found the kind {kind!r}",
                file=form.file,
                field=_at(form, "kind"),
                expected=f"statement or one of {', '.join(_HOLDERS)}",
            )
        item = _Item(kind, form, extra if extra is not None else {"details": _unknown(form)})
        identifier = form.text("identifier")
        if identifier in self._by_identifier:
            raise DocumentError(
                f"the identifier {identifier} is there twice",
                file=form.file,
                field=form.at("identifier"),
                expected="an identifier of its own for each item",
            )
        self._by_identifier[identifier] = item
        return item

    def _read_levels(self) -> dict[str, int]:
        definitions = self._package.values.get("CFDefinitions")
        concepts = definitions.get("CFConcepts", []) if isinstance(definitions, dict) else []
        found: dict[str, int] = {}
        for one in concepts if isinstance(concepts, list) else []:
            code = one.get("hierarchyCode") if isinstance(one, dict) else None
            if (
                isinstance(code, str)
                and code.isascii()
                and code.removeprefix("-").isdecimal()
                and len(code) < 9
            ):
                found[str(one.get("identifier"))] = int(code)
        return found

    def _association(self, form: JsonObject) -> None:
        extra = _extension(form)
        of = (extra or {}).get("of", "")
        kind = form.text("associationType")
        sequence = form.number("sequenceNumber")
        ends = [
            read_object(form.values.get(key), form.at(key), form.file)
            for key in ("originNodeURI", "destinationNodeURI")
        ]
        origin, destination = (self._by_identifier.get(end.text("identifier")) for end in ends)
        if of == "association" or (extra is None and kind != "isChildOf"):
            self._associations.append(self._kept(form, extra or {}, ends))
        elif kind == "isChildOf":
            if origin is None or destination is None:
                raise _nowhere(ends[0 if origin is None else 1])
            number = 0 if sequence is None else sequence
            origin.parents.append((destination, number))
            origin.links.append(form)
            if destination not in [one for one, _ in origin.parents[:-1]]:
                destination.children.append((number, origin))
        elif of == "requires":
            if origin is None or destination is None:
                raise _nowhere(ends[0 if origin is None else 1])
            origin.required.append((0 if sequence is None else sequence, destination))
        elif of == "level":
            if origin is None or ends[1].text("identifier") not in self._levels:
                raise _nowhere(ends[0 if origin is None else 1])
            origin.level = self._levels[ends[1].text("identifier")]

    def _check(self) -> None:
        """Every element stands in one place of the kind that holds it, and no two share a code."""
        codes: dict[object, JsonObject] = {}
        for item in self._items:
            holders = _HOLDERS.get(item.kind)
            if holders and [one.kind in holders for one, _ in item.parents] != [True]:
                raise DocumentError(
                    f"the {item.kind} does not stand in one {' or '.join(holders)}",
                    file=item.form.file,
                    field=item.form.path,
                    expected="one isChildOf",
                )
            code = str(item.code)
            if code in codes and item.kind != "sub-item":
                raise DocumentError(
                    f"the code {code} is there twice",
                    file=item.form.file,
                    field=item.form.at("humanCodingScheme"),
                    expected=f"a code of its own; {codes[code].path} has it already",
                )
            codes[code] = item.form

    def _element(self, item: _Item, text: str) -> dict[str, object]:
        rest = {key: value for key, value in item.extra.items() if key not in ("kind", "code")}
        return {**rest, "code": item.code, text: item.text}

    def _task(self, item: _Item) -> dict[str, object]:
        activities = []
        for one in item.below("activity"):
            leaves = {
                "outputs": [self._element(leaf, "text") for leaf in one.below("output")],
                "indicators": [self._element(leaf, "text") for leaf in one.below("indicator")],
            }
            activities.append({**self._further(one), **leaves})
        return {**self._further(item), "activities": activities}

    def _further(self, item: _Item) -> dict[str, object]:
        found = sorted(item.required, key=lambda pair: pair[0])
        required = {
            key: [one.code for _, one in found if one.kind == kind]
            for key, kind in (("knowledge", "knowledge"), ("skills", "skill"))
        }
        return {**required, **self._element(item, "name"), "level": item.level}

    def _competency(self, item: _Item) -> dict[str, object]:
        items = item.below("sub-item")
        places: list[object] = []
        for one in items:
            place = {key: one.extra[key] for key in ("line", "page") if key in one.extra}
            places.append(place or None)
        form = self._element(item, "text") | {
            "items": [one.text for one in items],
            "item_numbers": [one.extra.get("number") for one in items],
        }
        return form | ({"item_places": places} if any(places) else {})

    def _statement(self, item: _Item) -> dict[str, object]:
        values = item.form.values
        above = [one for one, _ in item.parents if one.kind != "document"]
        form: dict[str, object] = {
            key: item.extra[key] for key in ("printed", "iri", "parents") if key in item.extra
        }
        if _extension(item.form) is None:
            form["iri"] = values.get("uri", "")
        return {
            "code": item.code or values.get("identifier"),
            "text": item.text,
            "parents": list(dict.fromkeys(str(one.code) for one in above)),
            "category": values.get("CFItemType", ""),
            "abbreviation": values.get("abbreviatedStatement", ""),
            "note": values.get("notes", ""),
            "language": values.get("language", ""),
            "details": self._details(item),
            **form,
        }

    def _kept(self, form: JsonObject, extra: dict[str, object], ends: list[JsonObject]) -> dict[str, object]:
        found: dict[str, object] = {"kind": extra.get("kind", form.values["associationType"])}
        for end, node in zip(("origin", "destination"), ends, strict=True):
            item = self._by_identifier.get(node.text("identifier"))
            is_code = item is not None and item.kind != "document"
            found[end] = extra.get(end, item.code if item and is_code else node.values.get("uri"))
            found[f"{end}_title"] = extra.get(f"{end}_title", node.values.get("title", ""))
        sequence = extra.get("sequence", form.values.get("sequenceNumber"))
        details = _named(extra.get("details", []), form.values, form)
        return {
            **found,
            "identifier": extra.get("identifier", form.values.get("identifier", "")),
            "details": details,
            **({} if sequence is None else {"sequence": sequence}),
        }

    def _details(self, item: _Item) -> dict[str, str]:
        values = dict(item.form.values)
        if item is self._root:
            values |= {key: self._package.values.get(key) for key in _OF_PACKAGE}
        else:
            values["isChildOf"] = [one.values for one in item.links]
        return _named(item.extra.get("details", []), values, item.form)


def _extension(form: JsonObject) -> dict[str, object] | None:
    extensions = form.values.get("extensions")
    own = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    return None if own is None else read_object(own, _at(form), form.file).values


def _at(form: JsonObject, key: str = "") -> str:
    path = f"{form.at('extensions')}.{EXTENSION}"
    return f"{path}.{key}" if key else path


def _unknown(form: JsonObject) -> list[object]:
    """The details of an item that another program added."""
    return [
        [key, detail_text(value)]
        for key, value in form.values.items()
        if key not in _KNOWN and value is not None
    ]


def _named(order: object, values: dict[str, object], form: JsonObject) -> dict[str, str]:
    """The details, in their order: a name alone is a field of the object itself."""
    details: dict[str, str] = {}
    for entry in order if isinstance(order, list) else [order]:
        match entry:
            case [str(name)]:
                value = values.get(name)
                if name == "extensions" and isinstance(value, dict):
                    value = {key: one for key, one in value.items() if key != EXTENSION}
                details[name] = detail_text(value)
            case [str(name), str(text)]:
                details[name] = text
            case _:
                raise DocumentError(
                    "a detail has no name",
                    file=form.file,
                    field=_at(form, "details"),
                    expected="lists of a name, or of a name and a text",
                )
    return details


def _nowhere(node: JsonObject) -> DocumentError:
    return DocumentError(
        f"the association leads to {node.values.get('identifier')!r}, which is not in the package",
        file=node.file,
        field=node.path,
        expected="the identifier of an item, or of a level, of the package",
    )

"""One CASE package, while it is read: see ``ontology.readers.case``."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology.case_form import UUID, detail_text, is_iri, is_language
from ontology.errors import DocumentError
from ontology.identifiers import split_item
from ontology.json_object import JsonObject, read_object
from ontology.model import Association, Doubt, Note, Standard, Statement
from ontology.readers.case_hierarchy import Link, in_tree_order
from ontology.readers.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["PackageReader"]

_LARGEST_SEQUENCE = 2**31 - 1
_DIGITS = re.compile(r"-?[0-9]{1,10}")
_USUAL_FIELDS = ("uri", "lastChangeDateTime")
_NO_SEGMENT = {".", ".."}


@dataclass(frozen=True, slots=True)
class _Item:
    code: str
    identifier: str
    uri: str
    form: JsonObject


@dataclass(frozen=True, slots=True)
class _End:
    """An end of an association: an item, the document itself (``is_document``), or an IRI elsewhere."""

    item: _Item | None
    iri: str
    title: str
    is_document: bool = False


class PackageReader:
    """Reads one package into a ``Standard`` of the framework ``case``."""

    def __init__(self, package: JsonObject) -> None:
        self._package = package
        self._doubts: list[Doubt] = []
        self._missing: dict[str, list[str]] = {}
        self._document = _member(package, "CFDocument")
        self._identifier = self._identified(self._document)
        self._uri = self._document.text("uri", "")
        self._by_identifier: dict[str, _Item] = {}
        self._by_uri: dict[str, _Item] = {}

    def read(self) -> Standard:
        """Raises ``DocumentError`` with the path of what is wrong."""
        document = self._document
        self._expect(document, "CFDocument", (*_USUAL_FIELDS, "creator"))
        items = self._items(_members(self._package, "CFItems"))
        children, associations = self._associations(_members(self._package, "CFAssociations"))
        statements = self._statements(items, children)
        languages = Counter(one.language for one in statements if one.language)
        language = self._language(document)
        notes = document.text("notes", "")
        return Standard(
            framework="case",
            code=self._identifier,
            name=document.text("title"),
            version=document.text("version", ""),
            language=language or (languages.most_common(1)[0][0] if languages else "und"),
            status=document.text("adoptionStatus", ""),
            description=document.text("description", ""),
            notes=(Note("note", notes),) if notes.strip() else (),
            modified=document.text("lastChangeDateTime", ""),
            statements=statements,
            associations=associations,
            details=self._details_of_package(),
            doubts=(*self._missing_fields(), *self._doubts),
            source=self._package.file,
        )

    def _identified(self, form: JsonObject) -> str:
        identifier = form.text("identifier")
        if not _is_code(identifier):
            raise form.error("identifier", "a UUID")
        if not UUID.fullmatch(identifier.casefold()):
            self._doubt("malformed-field", form.at("identifier"), identifier, "this identifier is no UUID")
        return identifier

    def _doubt(self, kind: str, where: str, text: str, message: str) -> None:
        self._doubts.append(Doubt(kind, where, text, message))

    def _expect(self, form: JsonObject, group: str, fields: Iterable[str]) -> None:
        for field in fields:
            if not form.values.get(field):
                self._missing.setdefault(f"{group}.{field}", []).append(form.at(field))

    def _missing_fields(self) -> list[Doubt]:
        return [
            Doubt(
                "missing-field",
                paths[0],
                "",
                f"CASE requires {field}; it is missing in {len(paths)} place(s)",
            )
            for field, paths in self._missing.items()
        ]

    def _language(self, form: JsonObject) -> str:
        """The tag, with ``en_US`` as ``en-US``; what is no tag stays in the details, and is doubted."""
        printed = form.text("language", "")
        tag = printed.strip().replace("_", "-")
        if tag != printed:
            form.unread.add("language")
        if not tag or is_language(tag):
            return tag
        form.unread.add("language")
        self._doubt("malformed-field", form.at("language"), printed, "this is no language tag, such as en-US")
        return ""

    def _items(self, forms: list[JsonObject]) -> list[_Item]:
        paths = {self._identifier.casefold(): self._document.at("identifier")}
        for form in forms:
            key = self._identified(form).casefold()
            if key in paths:
                raise DocumentError(
                    f"the identifier {form.values['identifier']} is there twice; {paths[key]} has it already",
                    file=form.file,
                    field=form.at("identifier"),
                    expected="an identifier of its own for each item",
                )
            paths[key] = form.at("identifier")
            self._expect(form, "CFItems", _USUAL_FIELDS)
        items = [
            _Item(code, form.text("identifier"), form.text("uri", ""), form)
            for form, code in zip(forms, self._codes(forms), strict=True)
        ]
        self._by_identifier = {one.identifier.casefold(): one for one in items}
        self._by_uri = {one.uri: one for one in items if one.uri}
        return items

    def _codes(self, forms: list[JsonObject]) -> list[str]:
        """The coding scheme where it tells an item from all others, else the identifier."""
        identifiers = [form.text("identifier") for form in forms]
        printed = [form.text("humanCodingScheme", "").strip() for form in forms]
        counts = Counter(printed)
        taken = set(identifiers)
        codes = []
        for code, identifier in zip(printed, identifiers, strict=True):
            told = counts[code] == 1 and (code not in taken or code == identifier)
            codes.append(code if told and _is_code(code) else identifier)
        for code, count in counts.items():
            if code and count > 1:
                message = f"{count} items have this code; each is known by its identifier"
                self._doubt("doubled-code", code, code, message)
            elif code and code not in codes:
                self._doubt("malformed-code", code, code, "the item is known by its identifier")
        if without := counts[""]:
            where = next(form for form, code in zip(forms, printed, strict=True) if not code)
            message = f"{without} of {len(forms)} items have no code; each is known by its identifier"
            self._doubt("missing-code", where.at("humanCodingScheme"), "", message)
        return codes

    def _associations(
        self, forms: list[JsonObject]
    ) -> tuple[dict[str, list[tuple[Link, JsonObject]]], tuple[Association, ...]]:
        """The ``isChildOf`` of each item, by its code, and all other associations."""
        children: dict[str, list[tuple[Link, JsonObject]]] = {}
        others = []
        paths: dict[str, str] = {}
        for form in forms:
            key = self._identified(form).casefold()
            if key in paths:
                raise DocumentError(
                    f"the identifier {form.values['identifier']} is there twice; {paths[key]} has it already",
                    file=form.file,
                    field=form.at("identifier"),
                    expected="an identifier of its own for each association",
                )
            paths[key] = form.at("identifier")
            self._expect(form, "CFAssociations", _USUAL_FIELDS)
            kind = form.text("associationType")
            origin, destination = self._end(form, "originNodeURI"), self._end(form, "destinationNodeURI")
            sequence = _sequence(form)
            if kind == "isChildOf" and origin.item and (destination.item or destination.is_document):
                parent = destination.item.code if destination.item else ""
                link = Link(origin.item.code, parent, sequence, form.path)
                children.setdefault(link.child, []).append((link, form))
                continue
            others.append(
                Association(
                    kind,
                    origin.item.code if origin.item else origin.iri,
                    destination.item.code if destination.item else destination.iri,
                    form.text("identifier"),
                    origin.title,
                    destination.title,
                    sequence,
                    self._details(form),
                )
            )
        return children, tuple(others)

    def _end(self, form: JsonObject, key: str) -> _End:
        value = form.take(key)
        if isinstance(value, str):
            form.unread.add(key)
            value = {"uri": value}
        node = read_object({} if value is None else value, form.at(key), form.file)
        identifier, uri, title = (_text(node, name) for name in ("identifier", "uri", "title"))
        if node.unread:
            form.unread.add(key)
        item = self._by_identifier.get(identifier.casefold()) or (self._by_uri.get(uri) if uri else None)
        is_document = not item and (
            identifier.casefold() == self._identifier.casefold() or bool(uri and uri == self._uri)
        )
        expected = (item.identifier, item.uri) if item else (self._identifier, self._uri)
        if (item or is_document) and (identifier, uri) != expected:
            form.unread.add(key)
        if item:
            return _End(item, "", title)
        if is_document:
            iri = self._uri if is_iri(self._uri) else f"urn:uuid:{self._identifier}"
            return _End(None, iri if is_iri(iri) else "urn:case:document", title, is_document=True)
        if not is_iri(uri):
            found = shorten(identifier or uri or title)
            raise DocumentError(
                f"the association leads to {found!r}, which is not in the package"
                if found
                else "the association has no such end",
                file=form.file,
                field=node.path,
                expected="the identifier of an item of the package, or the URI of one elsewhere",
            )
        if not uri.endswith(f"/{identifier}"):
            form.unread.add(key)
        return _End(None, uri, title)

    def _statements(
        self, items: list[_Item], children: dict[str, list[tuple[Link, JsonObject]]]
    ) -> tuple[Statement, ...]:
        links = [link for found in children.values() for link, _ in found]
        by_code = {one.code: one for one in items}
        order = in_tree_order(list(by_code), links, self._package.file)
        if links:
            for one in items:
                if one.code not in children:
                    self._doubt("no-parent", one.code, "", f"{one.code} stands under no item and no document")
        return tuple(self._statement(by_code[code], children.get(code, [])) for code in order)

    def _statement(self, item: _Item, links: list[tuple[Link, JsonObject]]) -> Statement:
        form = item.form
        text = form.text("fullStatement")
        printed = form.text("humanCodingScheme") if form.values.get("humanCodingScheme") else None
        category = form.text("CFItemType", "")
        if not category and isinstance(kind := form.values.get("CFItemTypeURI"), dict):
            title = kind.get("title")
            category = title if isinstance(title, str) else ""
        if item.uri and not is_iri(item.uri):
            form.unread.add("uri")
            self._doubt("malformed-field", form.at("uri"), item.uri, "this is no absolute IRI")
        if item.code != item.identifier:
            form.unread.add("identifier")
        language = self._language(form)
        abbreviation, note = form.text("abbreviatedStatement", ""), form.text("notes", "")
        details = self._details(form)
        if links:
            kept = [
                self._kept(link_form) | ({} if link.sequence is None else {"sequenceNumber": link.sequence})
                for link, link_form in links
            ]
            details = (*details, ("isChildOf", detail_text(kept)))
        return Statement(
            code=item.code,
            text=text,
            parents=tuple(dict.fromkeys(link.parent for link, _ in links if link.parent)),
            category=category,
            printed=printed if printed != item.code else None,
            iri=item.uri if is_iri(item.uri) else "",
            abbreviation=abbreviation,
            note=note,
            language=language,
            details=details,
        )

    def _kept(self, form: JsonObject) -> dict[str, object]:
        return {
            key: value
            for key, value in form.values.items()
            if not (key == "CFDocumentURI" and value == self._uri)
        }

    def _details(self, form: JsonObject) -> tuple[tuple[str, str], ...]:
        """The fields of an object that nobody asked for, in its order."""
        return tuple(
            (key, detail_text(value)) for key, value in self._kept(form).items() if key in form.unread
        )

    def _details_of_package(self) -> tuple[tuple[str, str], ...]:
        of_document = self._details(self._document)
        if self._uri:
            of_document = (("uri", self._uri), *of_document)
        names = {"CFDefinitions", "CFRubrics"}
        return of_document + tuple(
            (key if key in names else f"CFPackage.{key}", detail_text(value))
            for key, value in self._package.values.items()
            if key in self._package.unread
        )


def _member(package: JsonObject, key: str) -> JsonObject:
    value = package.take(key)
    if key not in package.values:
        raise package.error(key, "an object")
    return _without_nulls(read_object(value, package.at(key), package.file))


def _members(package: JsonObject, key: str) -> list[JsonObject]:
    value = package.take(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise package.error(key, "a list")
    return [
        _without_nulls(read_object(one, f"{package.at(key)}[{number}]", package.file))
        for number, one in enumerate(value)
    ]


def _without_nulls(form: JsonObject) -> JsonObject:
    """Many services write a field that says nothing as null."""
    values = {key: value for key, value in form.values.items() if value is not None}
    return JsonObject(values, form.path, form.file, set(values))


def _text(node: JsonObject, key: str) -> str:
    return "" if node.values.get(key, "") is None else node.text(key, "")


def _sequence(form: JsonObject) -> int | None:
    """A whole number; opensalt writes it as a string."""
    value = form.take("sequenceNumber")
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        number: int | None = int(value)
    else:
        number = form.number("sequenceNumber")
    if number is not None and abs(number) > _LARGEST_SEQUENCE:
        raise form.error("sequenceNumber", "a number of 32 bits")
    return number


def _is_code(text: str) -> bool:
    """Whether an element's IRI can be made of a text, and made of no other."""
    return bool(text.strip()) and text not in _NO_SEGMENT and split_item(text)[1] is None

"""One standard as a CASE 1.1 package; see ``ontology.writers.case``.

Every element is a ``CFItem``, where it stands an ``isChildOf``, what it requires an ``isRelatedTo``, its
level a ``hasSkillLevel`` to a ``CFConcept``. What is left of the JSON form of the standard stands in
``extensions``, so that nothing is lost.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from ontology.case_form import EXTENSION, STATUSES, case_identifier
from ontology.codes import resolve_printed
from ontology.identifiers import standard_key
from ontology.rdf_writing import REPLACED_BY
from ontology.writers.case_details import DOCUMENT, PACKAGE, native_details
from ontology.writers.case_parts import ITEM_TYPES, Node, outside
from ontology.writers.case_statements import StatementsWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PackageWriter"]

_ELSEWHERE = {"knowledge", "skills", "activities", "outputs", "indicators", "level", "code", "name", "text"}


class PackageWriter(StatementsWriter):
    """Writes one standard; ``package`` once."""

    def package(self) -> dict[str, Any]:
        """The ``CFPackage``. Raises ``InvalidInput`` where two elements share a code."""
        document, root = self._document()
        self._elements(root)
        self._all_statements(root)
        for holder, kind, codes in self._required:
            found = [self._listed[kind][code] for code in dict.fromkeys(codes) if code in self._listed[kind]]
            for number, node in enumerate(found, 1):
                self._associate("isRelatedTo", holder, node.link(), "requires", number)
        for number, association in enumerate(self._form.get("associations", []), 1):
            self._association(association, number)
        self._from_document(root)
        return self._whole(document, root)

    def document(self) -> dict[str, Any]:
        """The ``CFDocument`` alone, without our extension of it."""
        document, _ = self._document()
        del document["extensions"][EXTENSION]
        return {key: value for key, value in document.items() if key != "extensions" or value}

    def _whole(self, document: dict[str, Any], root: Node) -> dict[str, Any]:
        details = dict(self._standard.details) if self._is_case else {}
        definitions = self._definitions()
        native, _ = native_details(details, PACKAGE)
        if definitions:
            native.pop("CFDefinitions", None)
        for entry in root.extra.get("details", []):
            if entry[0] in native:
                del entry[1:]
        whole = {"CFDocument": document, "CFItems": self._items, "CFAssociations": self._associations}
        return {**whole, **({"CFDefinitions": definitions} if definitions else {}), **native}

    def _document(self) -> tuple[dict[str, Any], Node]:
        standard = self._standard
        native, order = self._native(dict(standard.details), DOCUMENT)
        rest = {
            key: value
            for key, value in self._form.items()
            if key
            not in {"name", "version", "language", "description", "details", "statements", "associations"}
            and key not in {"tasks", "knowledge", "skills", "attitudes"}
            and value not in (None, [], "")
        }
        notes = "\n".join(
            f"{note.heading}: {note.text}" if note.heading else note.text for note in standard.notes
        )
        if [(note.kind, note.heading) for note in standard.notes] == [("note", None)] and notes:
            del rest["notes"]
        status = standard.status if standard.status in STATUSES else ""
        if status and status != "Deprecated":
            del rest["status"]
        elif not status and self._is_replaced():
            status, rest["status"] = "Deprecated", standard.status
        extra: dict[str, Any] = {"standard": rest, **({"details": order} if order else {})}
        uri = native.pop("uri", self._iri)
        identifier = self._name(self._iri, standard.code if self._is_case else "")
        self._prefix = identifier[:8]
        named = {
            "identifier": identifier,
            "uri": uri,
            "creator": standard.framework,
            "title": standard.name,
            "lastChangeDateTime": self._when,
            "description": standard.description,
            "subject": [one.name for one in standard.category if one.name],
            "subjectURI": [self._link_to_code(one) for one in self._subjects()],
            "language": standard.language,
            "version": standard.version,
            "adoptionStatus": status,
            "notes": notes,
            "frameworkType": standard.framework,
            "caseVersion": "1.1",
        }
        required = {"identifier", "uri", "creator", "title", "lastChangeDateTime"}
        document = {key: value for key, value in named.items() if value or key in required} | native
        document["extensions"] = {**native.get("extensions", {}), EXTENSION: extra}
        return document, Node(identifier, uri, standard.name, extra)

    def _elements(self, root: Node) -> None:
        form, places = self._form, count(1)
        for task in form["tasks"]:
            holder = self._element("task", task, root, next(places), task["name"])
            self._further(holder, task)
            for reference in task.get("work_activities", []):
                target = self._identifiers.absolute(reference)
                self._associate("isRelatedTo", holder, outside(target), "work-activity")
            for position, activity in enumerate(task["activities"], 1):
                node = self._element("activity", activity, holder, position, activity["name"])
                self._further(node, activity)
                leaves = [("output", one) for one in activity["outputs"]]
                leaves += [("indicator", one) for one in activity["indicators"]]
                for number, (kind, leaf) in enumerate(leaves, 1):
                    self._element(kind, leaf, node, number, leaf["text"])
        for kind, key in (("knowledge", "knowledge"), ("skill", "skills")):
            for entry in form[key]:
                node = self._element(
                    kind, entry, root, next(places), entry["text"], {"items", "item_numbers", "item_places"}
                )
                self._listed[key][entry["code"]] = node
                for number, item in enumerate(_sub_items(entry), 1):
                    self._element("sub-item", item, node, number, item["text"])
        for attitude in form["attitudes"]:
            self._element("attitude", attitude, root, next(places), attitude["name"], notes=attitude["text"])

    def _element(
        self,
        kind: str,
        form: dict[str, Any],
        holder: Node,
        position: int,
        text: str,
        elsewhere: Iterable[str] = (),
        notes: str = "",
    ) -> Node:
        """The item of one element, under its holder; what no field says is in its extension."""
        code = form["code"]
        rest = {
            key: value
            for key, value in form.items()
            if key not in _ELSEWHERE and key not in elsewhere and value not in (None, [])
        }
        iri = self._identifiers.element(self._iri, code)
        node = Node(self._name(iri), iri, text or code, {"kind": kind, **rest})
        item = {
            "identifier": node.identifier,
            "uri": iri,
            "fullStatement": text,
            "humanCodingScheme": code,
            "CFItemType": ITEM_TYPES[kind],
            "CFItemTypeURI": self._type(kind),
            "language": self._standard.language,
            "notes": notes,
            "lastChangeDateTime": self._when,
        }
        optional = {"language", "notes"}
        self._add({key: value for key, value in item.items() if value or key not in optional}, node)
        self._associate("isChildOf", node, holder.link(), "", position)
        return node

    def _further(self, node: Node, form: dict[str, Any]) -> None:
        """The level and the requirements of a task or an activity."""
        if form["level"] is not None:
            self._associate("hasSkillLevel", node, self._level(form["level"]), "level")
        for kind in ("knowledge", "skills"):
            codes = form[kind]
            known = {one["code"] for one in self._form[kind]}
            if len(set(codes)) < len(codes) or not known.issuperset(codes):
                node.extra[kind] = codes
            self._required.append((node, kind, codes))

    def _from_document(self, root: Node) -> None:
        """What the standard as a whole leads to: its level, what it requires, its versions."""
        standard, absolute = self._standard, self._identifiers.absolute
        if standard.level is not None:
            self._associate("hasSkillLevel", root, self._level(standard.level), "standard-level")
        for requirement in standard.requirements:
            self._associate("isRelatedTo", root, outside(absolute(requirement.concept)), "requirement")
        for related in standard.related:
            self._associate("isRelatedTo", root, outside(absolute(related.standard)), "related")
        for older, newer in self._replacements():
            origin = root if older == self._iri else Node(case_identifier(older), older, older, {})
            target = root.link() if newer == self._iri else outside(newer)
            self._associate("replacedBy", origin, target, "version")

    def _replacements(self) -> Iterator[tuple[str, str]]:
        standard, key = self._standard, standard_key(self._standard.code, self._standard.version)

        def named(code: str, version: str) -> str:
            found = standard_key(code, version)
            return self._iri if found == key else self._identifiers.standard(standard.framework, found)

        for entry in standard.history:
            match = REPLACED_BY.search(entry.note)
            if match and entry.code.strip():
                older, newer = named(entry.code, entry.version), named(match[1], "")
                if older != newer:
                    yield older, newer

    def _is_replaced(self) -> bool:
        return any(older == self._iri for older, _ in self._replacements())

    def _subjects(self) -> list[tuple[str, str, str]]:
        """IRI, code and name of each classification that its code list has, each once."""
        standard = self._standard
        found = {}
        for kind in ("category", "occupation", "industry"):
            for one in getattr(standard, kind):
                if concept := resolve_printed(standard.framework, kind, one.code):
                    iri = concept.iri or self._identifiers.concept(concept.scheme, concept.code)
                    found[iri] = (iri, concept.code, one.name or concept.code)
        return list(found.values())

    def _link_to_code(self, one: tuple[str, str, str]) -> dict[str, str]:
        iri, _, name = one
        return {"title": name, "identifier": case_identifier(iri), "uri": iri}

    def _definitions(self) -> dict[str, list[dict[str, Any]]]:
        subjects = [
            {**self._link_to_code(one), "hierarchyCode": one[1], "lastChangeDateTime": self._when}
            for one in self._subjects()
        ]
        made = {
            "CFConcepts": [self._concepts[level] for level in sorted(self._concepts)],
            "CFSubjects": subjects,
            "CFItemTypes": [self._types[kind] for kind in ITEM_TYPES if kind in self._types],
        }
        return {key: value for key, value in made.items() if value}


def _sub_items(entry: dict[str, Any]) -> list[dict[str, Any]]:
    texts = entry["items"]
    numbers = entry.get("item_numbers", range(1, len(texts) + 1))
    places = entry.get("item_places", [None] * len(texts))
    return [
        {"code": f"{entry['code']}#{number}", "number": number, "text": text, **(place or {})}
        for number, text, place in zip(numbers, texts, places, strict=True)
    ]

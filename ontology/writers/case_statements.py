"""The statements of a framework and their associations, as items and associations of a CASE package."""

from __future__ import annotations

import re
from typing import Any

from ontology.case_form import ASSOCIATION_TYPES, EXTENSION, UUID, is_iri
from ontology.errors import InvalidInput
from ontology.writers.case_details import ASSOCIATION, ITEM, is_node, native_details
from ontology.writers.case_parts import Node, PackageParts, outside

__all__ = ["StatementsWriter"]

_OWN_TYPE = re.compile(r"ext:[A-Za-z0-9._-]+")
_LARGEST = 2**31


class StatementsWriter(PackageParts):
    """The half of ``PackageWriter`` that writes what has no kind of ours."""

    def _all_statements(self, root: Node) -> None:
        statements = self._form.get("statements", [])
        for statement in statements:
            self._statement(statement)
        for position, statement in enumerate(statements, 1):
            node = self._statements[statement["code"]]
            parents = statement.get("parents", [])
            if not self._as_it_was(statement, node, root):
                for parent in [one for one in dict.fromkeys(parents) if one in self._statements] or [""]:
                    holder = self._statements.get(parent, root)
                    self._associate("isChildOf", node, holder.link(), "", position)
            if len(set(parents)) < len(parents) or not set(parents) <= set(self._statements):
                node.extra["parents"] = parents

    def _statement(self, form: dict[str, Any]) -> None:
        details = form.get("details", {})
        native, order = self._native(details, ITEM)
        code, printed = form["code"], form.get("printed")
        iri = self._identifiers.element(self._iri, code)
        wished = details.get("identifier", code) if self._is_case else ""
        identifier = self._name(iri, wished)
        for entry in order:
            if entry == ["identifier", identifier]:
                del entry[1:]
        scheme = printed if printed is not None else "" if code == identifier else code
        extra: dict[str, Any] = {"kind": "statement", **({"details": order} if order else {})}
        extra |= {key: form[key] for key in ("printed", "iri") if key in form}
        if code != scheme:
            extra["code"] = code
        own = form.get("iri", "")
        native.pop("uri", None)
        for entry in order:
            if entry == ["uri"]:
                entry.append(details["uri"])
        uri = own if is_iri(own) else iri
        item = {
            "identifier": identifier,
            "uri": uri,
            "fullStatement": form["text"],
            "humanCodingScheme": scheme,
            "CFItemType": form.get("category", ""),
            "abbreviatedStatement": form.get("abbreviation", ""),
            "notes": form.get("note", ""),
            "language": form.get("language", ""),
            "lastChangeDateTime": self._when,
        }
        node = Node(identifier, uri, form["text"] or code, extra)
        if code in self._statements:
            raise InvalidInput(f"two statements of {self._standard.code} share the code {code}")
        self._statements[code] = node
        filled = {key: value for key, value in item.items() if value or key == "fullStatement"}
        self._add({**filled, **native}, node)

    def _as_it_was(self, form: dict[str, Any], node: Node, root: Node) -> bool:
        """Writes the ``isChildOf`` that the source had, where they still say what the model says."""
        details = form.get("details", {})
        if not self._is_case or "isChildOf" not in details:
            return False
        native, _ = native_details({"isChildOf": details["isChildOf"]}, {"isChildOf": _are_links})
        links = native.get("isChildOf", [])
        holders = {one.identifier: code for code, one in self._statements.items()} | {root.identifier: ""}
        given = [one["identifier"] for one in links]
        parents = [holders.get(one["destinationNodeURI"]["identifier"]) for one in links]
        fits = (
            bool(links)
            and all(one["originNodeURI"]["identifier"] == node.identifier for one in links)
            and None not in parents
            and [one for one in dict.fromkeys(parents) if one] == form.get("parents", [])
            and len(set(given)) == len(given)
            and not self._taken.intersection(given)
        )
        if fits:
            self._taken.update(given)
            self._associations += links
            entry = next(one for one in node.extra["details"] if one[0] == "isChildOf")
            del entry[1:]
        return fits

    def _association(self, form: dict[str, Any], number: int) -> None:
        native, order = self._native(form.get("details", {}), ASSOCIATION)
        wished = form.get("identifier", "")
        identifier = self._name_association(f"association-{number}", wished)
        kind = form["kind"]
        is_known = kind in ASSOCIATION_TYPES or _OWN_TYPE.fullmatch(kind)
        extra: dict[str, Any] = {"of": "association", **({"details": order} if order else {})}
        if identifier != wished:
            extra["identifier"] = wished
        if not is_known:
            extra["kind"] = kind
        ends = {}
        for end, key in (("origin", "originNodeURI"), ("destination", "destinationNodeURI")):
            given, title = form[end], form.get(f"{end}_title", "")
            node = self._statements.get(given)
            target = node.link(title) if node else outside(self._identifiers.absolute(given), title)
            if node is None:
                extra[end] = given
            if target["title"] != title:
                extra[f"{end}_title"] = title
            if key in native and not _same_end(native[key], target, is_own=node is not None):
                del native[key]
                next(entry for entry in order if entry == [key]).append(form["details"][key])
            ends[key] = native.pop(key, target)
        sequence = form.get("sequence")
        if sequence is not None and not -_LARGEST <= sequence < _LARGEST:
            extra["sequence"], sequence = sequence, None
        extensions = {**native.pop("extensions", {}), EXTENSION: extra}
        association = {
            "identifier": identifier,
            "associationType": kind if is_known else "ext:other",
            **({} if sequence is None else {"sequenceNumber": sequence}),
            "uri": f"urn:uuid:{identifier}",
            **ends,
            "lastChangeDateTime": self._when,
        }
        self._associations.append({**association, **native, "extensions": extensions})


def _same_end(node: dict[str, str], target: dict[str, str], *, is_own: bool) -> bool:
    """Whether a node of the source still means the end that the model has, in the same words."""
    key = "identifier" if is_own else "uri"
    return node[key] == target[key] and node["title"] == target["title"]


def _are_links(value: object) -> bool:
    wanted = {"identifier", "uri", "associationType", "originNodeURI", "destinationNodeURI"}
    return isinstance(value, list) and all(
        isinstance(one, dict)
        and wanted <= set(one)
        and "extensions" not in one
        and one["associationType"] == "isChildOf"
        and isinstance(one["identifier"], str)
        and bool(UUID.fullmatch(one["identifier"]))
        and is_node(one["originNodeURI"])
        and is_node(one["destinationNodeURI"])
        for one in value
    )

"""Writer of GraphML (http://graphml.graphdrawing.org/specification.html), for Gephi, yEd and networkx.

Nodes are standards, elements, the codes of their classifications, and what standards share; edges have a
type. What the nodes and edges say stands in plain attributes.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ontology.identifiers import split_item
from ontology.writers.writer import Loss, Shared, Writer, losses_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ontology.identifiers import Identifiers
    from ontology.model import Activity, Standard, Task

__all__ = ["GRAPHML"]

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NODE_KEYS = {
    "label": "string",
    "kind": "string",
    "code": "string",
    "text": "string",
    "lang": "string",
    "framework": "string",
    "version": "string",
    "status": "string",
    "level": "int",
    "description": "string",
    "category": "string",
}
_EDGE_KEYS = {"type": "string", "relation": "string", "importance": "double", "rating": "double"}
_NO_PLACE = "the graph says what is linked to what, not the document around it"
_LOST = {
    "*.place": _NO_PLACE,
    "*.printed": "a node has one code",
    "*.details": _NO_PLACE,
    "occupational_category": _NO_PLACE,
    "history": _NO_PLACE,
    "notes": _NO_PLACE,
    "doubts": _NO_PLACE,
    "source": _NO_PLACE,
    "alternative_names": "a node has one name",
    "hidden_names": "a node has one name",
    "modified": _NO_PLACE,
    "details": _NO_PLACE,
    "requirements[].suppressed": "an edge has no flags",
    "requirements[].not_relevant": "an edge has no flags",
    "requirements[].level_suppressed": "an edge has no flags",
    "statements[].iri": "a node has one identifier",
    "statements[].abbreviation": "a node has one name",
    "statements[].note": _NO_PLACE,
    "associations[].identifier": "edges have no identifiers of their own",
    "associations[].origin_title": "an edge has no titles",
    "associations[].destination_title": "an edge has no titles",
    "associations[].sequence": "edges have no order",
    "associations[].details": _NO_PLACE,
}


class _Graph:
    """The nodes and edges of an export, each node once."""

    def __init__(self, identifiers: Identifiers, shared: Shared) -> None:
        self._identifiers = identifiers
        self._shared = shared
        self.nodes: dict[str, dict[str, str]] = {}
        self.edges: list[tuple[str, str, dict[str, str]]] = []

    def standard(self, standard: Standard) -> None:
        iri = self._identifiers.of_standard(standard)
        self._node(
            iri,
            standard.name,
            "standard",
            code=standard.code,
            lang=standard.language,
            framework=standard.framework,
            version=standard.version,
            status=standard.status,
            level=standard.level,
            description=standard.description,
        )
        self._elements(standard, iri)
        for task in standard.tasks:
            self._work(iri, task)
            for reference in task.work_activities:
                self._reference(self._of(iri, task.code), reference, "workActivity")
            for activity in task.activities:
                self._work(iri, activity)
        self._codes(standard, iri)
        for reference in standard.broader:
            self._reference(iri, reference, "broader")
        for reference in standard.schemes:
            self._reference(iri, reference, "inScheme")
        for one in standard.requirements:
            self._reference(
                iri,
                one.concept,
                f"requires-{one.kind.value}",
                relation=one.relation,
                importance=one.importance,
                rating=one.level,
            )
        for related in standard.related:
            self._reference(iri, related.standard, "related", relation=related.relation)
        self._links(standard, iri)

    def _elements(self, standard: Standard, iri: str) -> None:
        descriptions = {one.code: one.text for one in standard.attitudes}
        levels = {task.code: task.level for task in standard.tasks}
        levels |= {one.code: one.level for task in standard.tasks for one in task.activities}
        statements = {one.code: one for one in standard.statements}
        categories = {task.code: task.category for task in standard.tasks}
        categories |= {one.code: one.category for one in standard.statements}
        for element in standard.elements():
            node = self._of(iri, element.code)
            statement = statements.get(element.code)
            self._node(
                node,
                element.text,
                "sub-item" if split_item(element.code)[1] is not None else element.kind.value,
                code=element.code,
                lang=(statement.language if statement else "") or standard.language,
                level=levels.get(element.code),
                description=descriptions.get(element.code, ""),
                category=categories.get(element.code, ""),
            )
            parents = [self._of(iri, code) for code in element.path[-1:]]
            if statement:
                parents = [self._of(iri, code) for code in statement.parents]
            for parent in parents or [iri]:
                self.edges.append((parent, node, {"type": "has"}))

    def _work(self, iri: str, work: Task | Activity) -> None:
        for kind, codes in (("requires-knowledge", work.knowledge), ("requires-skill", work.skills)):
            for code in codes:
                self._edge(self._of(iri, work.code), self._of(iri, code), kind, label=code)

    def _codes(self, standard: Standard, iri: str) -> None:
        from ontology.codes import resolve_printed

        for kind, codes in (
            ("category", standard.category),
            ("occupation", standard.occupation),
            ("industry", standard.industry),
        ):
            for one in codes:
                named = resolve_printed(standard.framework, kind, one.code)
                target = f"urn:unresolved:{kind}:{one.code}:{one.name}"
                if named:
                    target = named.iri or self._identifiers.concept(named.scheme, named.code)
                self._node(target, one.name, kind, code=one.code, lang=standard.language)
                # The name and code as printed stay with the edge: a code has one node for all standards.
                self._edge(iri, target, kind, says={"relation": f"{one.code} {one.name}".strip()})

    def _links(self, standard: Standard, iri: str) -> None:
        codes = {one.code for one in standard.statements}
        for one in standard.associations:
            origin, destination = (
                self._of(iri, end) if end in codes else self._identifiers.absolute(end)
                for end in (one.origin, one.destination)
            )
            self._edge(origin, destination, one.kind)

    def mappings(self) -> None:
        """The mappings as edges, of their predicates."""
        for one in self._shared.mappings:
            origin, target = (self._identifiers.absolute(end) for end in (one.subject, one.object))
            self._node(origin, one.subject_label, "concept")
            self._node(target, one.object_label, "concept")
            self._edge(origin, target, one.predicate, says={"importance": one.confidence})

    def _reference(self, origin: str, reference: str, kind: str, **says: str | float | None) -> None:
        self._edge(origin, self._identifiers.absolute(reference), kind, says=says)

    def _edge(
        self,
        origin: str,
        target: str,
        kind: str,
        *,
        label: str = "",
        says: dict[str, str | float | None] | None = None,
    ) -> None:
        for end in (origin, target):
            if end not in self.nodes:
                concept = self._shared.concepts.get(end)
                if concept:
                    self._node(
                        end,
                        concept.name,
                        concept.kind.value,
                        code=concept.code,
                        lang=concept.language,
                        description=concept.description,
                    )
                else:
                    self._node(end, label, "reference")
        self.edges.append((origin, target, {"type": kind, **_said(says or {})}))

    def _node(self, iri: str, text: str, kind: str, **says: str | float | None) -> None:
        """A node; what was only referred to so far is filled in where more is known now."""
        known = self.nodes.get(iri)
        if known is not None and known["kind"] != "reference":
            return
        code = str(says.get("code") or "")
        label = " ".join(part for part in (code, text) if part) or iri
        self.nodes[iri] = {"label": label, "kind": kind, **_said({"text": text, **says})}

    def _of(self, iri: str, code: str) -> str:
        return self._identifiers.element(iri, code)


def _said(values: dict[str, str | float | None]) -> dict[str, str]:
    return {
        key: f"{value:g}" if isinstance(value, float) else str(value)
        for key, value in values.items()
        if value not in ("", None)
    }


def _write(standards: Sequence[Standard], identifiers: Identifiers) -> bytes:
    return _write_shared(standards, identifiers, Shared())


def _write_shared(standards: Sequence[Standard], identifiers: Identifiers, shared: Shared) -> bytes:
    graph = _Graph(identifiers, shared)
    for standard in standards:
        graph.standard(standard)
    graph.mappings()
    root = ElementTree.Element("graphml", {"xmlns": _NAMESPACE})
    for scope, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, kind in keys.items():
            says = {"id": f"{scope}-{name}", "for": scope, "attr.name": name, "attr.type": kind}
            ElementTree.SubElement(root, "key", says)
    body = ElementTree.SubElement(root, "graph", {"id": "G", "edgedefault": "directed"})
    for iri, says in graph.nodes.items():
        _data(ElementTree.SubElement(body, "node", {"id": _clean(iri)}), "node", says.items())
    for number, (origin, target, says) in enumerate(graph.edges):
        ends = {"id": f"e{number}", "source": _clean(origin), "target": _clean(target)}
        _data(ElementTree.SubElement(body, "edge", ends), "edge", says.items())
    ElementTree.indent(root)
    stream = io.BytesIO()
    ElementTree.ElementTree(root).write(stream, encoding="utf-8", xml_declaration=True)
    return stream.getvalue() + b"\n"


def _data(parent: ElementTree.Element, scope: str, says: Iterable[tuple[str, str]]) -> None:
    for name, text in says:
        ElementTree.SubElement(parent, "data", {"key": f"{scope}-{name}"}).text = _clean(text)


def _clean(text: str) -> str:
    """The text with U+FFFD for what XML cannot hold; a carriage return would be read as a line end."""
    return _NO_XML.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")


def _losses(standards: Sequence[Standard]) -> tuple[Loss, ...]:
    found = list(losses_of(standards, _LOST))
    for standard in standards:
        texts = [element.text for element in standard.elements()]
        texts += [standard.name, standard.description, *(one.text for one in standard.attitudes)]
        unfit = [text for text in texts if _clean(text) != text]
        if unfit:
            reason = "XML has no control characters and one kind of line end; U+FFFD stands in their place"
            found.append(Loss(standard.code, "text", reason, len(unfit)))
    return tuple(found)


GRAPHML = Writer(
    "graphml",
    "GraphML",
    "application/xml",
    ".graphml",
    _write,
    _losses,
    write_shared=_write_shared,
    most=5_000,
)
